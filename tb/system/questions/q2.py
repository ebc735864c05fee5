"""Q2: a team of N members of which M_c have engines, and all that leaves is protected. Shall a backup return what it has encrypted, or send it?
return: min(M_c R, N r, eta B / k), k = M_c / N + 3 (1 - M_c / N) crossings of the bus a packet; transmit: min(M_c R, M_c r, eta B). Nothing is random."""
import bus
import rows
import runs
import scenario_text as scene

FORM = "return: min(M_c R, N r, eta B / k), k = M_c / N + 3 (1 - M_c / N); transmit: min(M_c R, M_c r, eta B)"
SIZE = 1400                               # octets of a frame before ESP, FCS included
BEFORE, BEHIND = SIZE - 18, 20 + 8 + 16 + 1376       # octets of IP before, and behind ESP in transport mode: header, ESP header, IV, whole blocks
CLOCK = 33_333_333                        # of the bus
AES = 12                                  # clocks a block of 16 octets: engine core aes-128-round


def scenario(members, capable, outbound, rate, period):
    def flow(n):
        return (scene.table("sa", f"flow{n}", **{"from": "server"}, to="client", cipher="aes-cbc", authentication="null", replay_window=0)
                + scene.table("policy", f"protect{n}", **{"from": "server"}, to="client", protocol=17, source_port=9000 + 2 * n, bundle=[f"flow{n}"]))

    return (scene.computer("14 ms", "4 ms", "8 GHz", 248) + scene.client(rate="10 Gbps", ports=members + 1)
            + scene.team(members, mode="alb", xmit_hash_policy="layer3+4", miimon="10 ms", outbound=outbound, buffers=256, sharing=dict(threshold=16))
            + scene.several(members, lambda n: scene.member(n, f"{rate} Mbps", identity="extended", link_rate="1 Gbps", **scene.engines(period, n < capable)) + flow(n)))


def traffic(members, offered):
    return scene.several(members, lambda n: scene.traffic(f"up{n}", source_port=9000 + 2 * n, pace="rate", rate=f"{offered / members:.3f} Mbps", frame_size=f"{SIZE} B"))


def closed_form(members, capable, outbound, rate, period):
    """Mb/s of frames before ESP, and what bounds it. Each crossing is that of a whole packet, without descriptors and their like."""
    per_packet = SIZE * 8
    engine = per_packet / ((BEHIND - 44) / 16 * AES * period * 1e-3)
    line = rate * per_packet / ((BEHIND + 18 + 20) * 8)
    inline = bus.clocks(BEFORE + 14, bus.READ)
    around = bus.job(BEFORE, BEHIND) + bus.clocks(BEHIND + 14, bus.READ)
    share = capable / members
    if outbound == "return":
        crossing = share * inline + (1 - share) * around
        all_of = {"engines": capable * engine, "links": members * line, "bus": per_packet * CLOCK * 1e-6 / crossing}
    else:
        all_of = {"engines": capable * engine, "links": capable * line, "bus": per_packet * CLOCK * 1e-6 / inline}
    narrow = min(all_of, key=all_of.get)
    return all_of[narrow], narrow


# members, capable, Mb/s of a link, ns of an engine's clock
POINTS = [(2, 1, 100, 15), (2, 1, 1000, 30), (4, 1, 100, 15), (4, 1, 1000, 15), (4, 1, 1000, 60), (4, 2, 100, 15), (4, 2, 1000, 120), (4, 4, 100, 15), (8, 2, 100, 15)]
SATURATED = {"engines": 0.05, "links": 0.08, "bus": 0.15}          # how close: the bus carries descriptors and registers beside packets
ON_THE_BUS = 0.02, 0.16                   # of octets, below and above: packets alone; one crossing more or less is a quarter at least


def octets(members, capable, outbound):
    """That cross the bus for a packet, in the mean."""
    share = 1 if outbound == "transmit" else capable / members
    return share * (BEFORE + 14) + (1 - share) * (BEFORE + BEHIND + BEHIND + 14)


def table():
    asked = [(*p, outbound) for p in POINTS for outbound in ("return", "transmit")]
    done = runs.runs([(scenario(n, m, o, r, t) + traffic(n, 1.1 * closed_form(n, m, o, r, t)[0]), (), seed) for n, m, r, t, o in asked for seed in range(1, rows.ALIKE + 1)])
    for k, (n, m, r, t, o) in enumerate(asked):
        mine = done[k * rows.ALIKE:(k + 1) * rows.ALIKE]
        point = f"N={n} M_c={m} r={r} Mb/s, engines' clock {t} ns: {o}"
        closed, narrow = closed_form(n, m, o, r, t)
        yield rows.bound("Q2", point, closed, [run.metric("client.opened") * SIZE * 8e-6 / run.seconds for run in mine], "Mb/s", SATURATED[narrow], meaning=narrow, certain=True)
        crossed = [run.metric("server.pci0.bridge.dma_read_bytes") + run.metric("server.pci0.bridge.dma_written_bytes") for run in mine]
        yield rows.row("Q2", f"{point}, on the bus", octets(n, m, o), [c / run.metric("client.opened") for c, run in zip(crossed, mine)], "B", ON_THE_BUS, certain=True)
