"""Q18: where shall the S associations of a team lie, so that they are with the member that is active? In all N members: N S places, and nothing to wait for. In the active one: S places,
2 S while they move, and S t_install until the last is there, one behind the other; the packets of the last, lambda S t_install, wait meanwhile, and none leaves in the clear. Out of the
one, the other member, into the other, as Linux bonding had it, without a place to wait: lambda (t_del + t_flip + t_add) leave in the clear."""
import math
import statistics

import rows
import runs
import scenario_text as scene

FORM = "N S places, no wait; S places, S t_install, lambda t held, none in the clear; lambda (t_del + t_flip + t_add) in the clear"
CPU, PCI = 500.0, 33.333333               # MHz
CHANGES = 40                              # of the active member: nic0's cable is out 20 times
SIZES = (16, 24, 32)                      # S
PACKETS = 30_000                          # a second
CYCLES = 2 * 500 + 300 + 80 + 100         # of an installation: request and posting, interrupt_entry, driver_interrupt, driver_reap
MIIMON, SWITCH = 100, 100                 # us; from the verdict to the first frame: a look on the management bus, addresses, the way of a frame
R = "server.team0.rehoming."


def scenario(policy, associations, used, packets=PACKETS):
    """`used`: which of them the traffic has."""
    naive = policy == "delete_flip_add"
    return (scene.computer(f"{3500 + 650 * CHANGES} us", "1 ms", f"{CPU} MHz")
            + scene.several(2, lambda n: scene.member(n, "1 Gbps", identity="extended", link_rate="1 Gbps", crypto=dict(enable=True, engines=["aes-128-round", "sha1"]))) + scene.client(rate="1 Gbps")
            + scene.team(2, mode="active_backup", primary="nic0", miimon=f"{MIIMON} us", rehoming=dict(policy=policy, exposes=naive or None))
            + ('[check]\nsecrecy = "count"\n[[expect]]\nmetric = "check.secrecy_breaches"\nat_least = 1\n' if naive else "")
            + scene.several(associations, lambda n: scene.table("sa", f"to_client{n}", **{"from": "server"}, to="client", cipher="aes-cbc"))
            + scene.table("policy", "protect_all", **{"from": "server"}, to="client", bundle=[f"to_client{used}"])
            + scene.traffic("up", pace="frames", arrivals="poisson", frame_size="300 B", frames_per_second=packets)
            + scene.table("fault", "cable", at="lan0", what="link_down", **{"from": "2 ms", "for": "600 us", "every": "1300 us", "times": CHANGES // 2}))


def a_change(run, what):
    """us."""
    return run.metric(R + what) / run.metric("server.team0.changes_of_active") * 1e-6


def outage(run):
    """us of silence at the client, in the mean of all times that the cable went."""
    return statistics.mean(int(gap["length_ps"]) for f in run.failovers if not f["fault"].get("ends") for gap in f["gaps"]) * 1e-6


def t_install(run):
    """us at least: the CPU, one register read, and the ring's clocks (docs/crypto-face.md, "Edges"): entry, parts, execution, completion."""
    octets = run.metric("server.pci0.nic1.crypto_rings.octets_read") - 32 * run.metric("server.pci0.nic1.crypto_rings.executed")
    words = -(-octets // (4 * run.metric("server.pci0.nic1.driver.rings.installed")))
    return CYCLES / CPU + run.metric("server.cpu0.read_stall") / run.metric("server.cpu0.reads") * 1e-6 + ((5 + 9) + (2 + words + 1) + 1 + (2 + 9)) / PCI


def table(seeds=rows.SEEDS):
    points = [(policy, s) for policy in ("pre_install", "install_on_failover", "delete_flip_add") for s in SIZES]
    done = runs.runs([(scenario(policy, s, s - 1), (), seed) for policy, s in points for seed in range(1, seeds + 1)])
    without = {}                                         # moves: outages
    level = lambda run, end: run.metrics[R + "places"][end]
    for k, (policy, s) in enumerate(points):
        mine = done[k * seeds:(k + 1) * seeds]
        name = f"{policy}, S={s}"
        if policy == "pre_install":
            places = [sum(run.metric(f"server.pci0.nic{n}.driver.rings.places") for n in (0, 1)) for run in mine]
            yield rows.equal("Q18", f"{name}: places", 2 * s, places, "places", 0, certain=True)
            yield rows.bound("Q18", f"{name}: packets in the clear", 0.001, [sum(c["breaches"] for c in run.checks if c["name"] == "secrecy") for run in mine], "packets", certain=True)
            pre_installed = [outage(run) for run in mine]
            yield rows.most("Q18", f"{name}: outage, at most miimon and what random packets leave before and behind it", MIIMON + SWITCH + 2e6 / PACKETS, pre_installed, "us")
            without[s] = pre_installed
            continue
        yield rows.equal("Q18", f"{name}: places when they are at home", s, [level(run, "end") for run in mine], "places", 0, certain=True)
        if policy == "install_on_failover":
            yield rows.bound("Q18", f"{name}: places while they move", 2 * s, [level(run, "max") for run in mine], "places", 0, certain=True)
            yield rows.row("Q18", f"{name}: S t_install, at least", s * t_install(mine[0]), [a_change(run, "installing") for run in mine], "us", (0, 0.35))
            moved = statistics.mean(a_change(run, "installing") for run in mine)
            longer = moved - (1 - math.exp(-moved * PACKETS * 1e-6)) * 1e6 / PACKETS         # a packet that waits leaves at once; else the next one is to come
            yield rows.equal("Q18", f"{name}: outage longer than pre-installed by", longer, [outage(run) - before for run, before in zip(mine, without[s])], "us", 0.25)
            if s > SIZES[0]:                             # beside what each change takes by itself
                more = [(a_change(run, "installing") - a_change(few, "installing")) / (s - SIZES[0]) for run, few in zip(mine, fewest)]
                yield rows.row("Q18", f"{name}: t_install of each behind the first {SIZES[0]}", t_install(mine[0]), more, "us", (0, 0.15))
            else:
                fewest = mine
            waits = [PACKETS * 1e-6 * a_change(run, "installing") * CHANGES for run in mine]
            mean = sum(waits) / seeds
            yield rows.equal("Q18", f"{name}: packets that wait, lambda t", mean, [run.metric(R + "held") * mean / c for run, c in zip(mine, waits)], "packets", 0.25)
            yield rows.bound("Q18", f"{name}: packets in the clear", 0.001, [sum(c["breaches"] for c in run.checks if c["name"] == "secrecy") for run in mine], "packets", certain=True)
        else:                                            # the last of S is out from the last t_del on, and for all of S t_add
            exposed = [PACKETS * 1e-6 * (a_change(run, "removing") / s + a_change(run, "installing")) * CHANGES for run in mine]
            mean = sum(exposed) / seeds
            yield rows.equal("Q18", f"{name}: packets in the clear, lambda (t_del + t_flip + t_add)", mean, [run.metric("check.secrecy_breaches") * mean / c for run, c in zip(mine, exposed)], "packets", 0.25)
