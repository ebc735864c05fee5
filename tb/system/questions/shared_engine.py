"""A team's active member whose engine serves its own packets, and jobs of others: what each waits for it."""
import scenario_text as scene

AES = 12                                  # clocks a block of 16 octets: engine core aes-128-round
CLOCK = 60                                # ns
FRAME = 1426                              # octets with FCS: 1408 behind ESP's header and IV, with the trailer
SIZE = 1400                               # of a buffer
TENURE = 248 * 15e-3                      # us: a job's result on the bus, up to the latency timer; a packet's fetch waits for it too
WIDE = dict(period="66 MHz", width=64, m66en="ignored", bridge=dict(width=64))            # so quick that who waits does so for the engine
MILLISECONDS = 300                        # of a run


def time(size):
    """us in the engine."""
    return -(-(size + 2) // 16) * AES * CLOCK * 1e-3


S = time(SIZE)                            # packet and job alike


def scenario(frames, threshold, load, milliseconds, arrivals="poisson"):
    return (scene.computer(f"{milliseconds + 2} ms", "2 ms", "8 GHz", 248, WIDE)
            + scene.nic(0, identity="extended", bus_width=64, link_rate="1 Gbps", **scene.engines(CLOCK, word=16, places=8, ring_places=64, longest_job="8 KiB"))
            + scene.table("peer", "client") + scene.link("lan0", "server.pci0.nic0", "client", "1 Gbps")
            + scene.team(1, mode="aft", miimon="10 ms", sharing=dict(threshold=threshold, given=min(threshold, 16), waiting=4096))
            + scene.table("sa", "to_client", **{"from": "server"}, to="client", cipher="aes-cbc", authentication="null", replay_window=0)
            + scene.table("policy", "protected", **{"from": "server"}, to="client", bundle=["to_client"])
            + scene.traffic("own", pace="frames", frames_per_second=frames, arrivals=arrivals, frame_size=f"{FRAME} B") + load)


def jobs(size=SIZE, **pace):
    return scene.load(size=size, **pace)


def begun(run):
    """us from a packet's coming to its engine's beginning."""
    mothers = {r["id"]: r for r in run.packets if r["host_post_ps"] and int(r["host_post_ps"]) >= 2_000_000_000}
    return [(int(r["protect_start_ps"]) - int(mothers[r["parent"]]["host_post_ps"])) * 1e-6 for r in run.packets if r["protect_start_ps"] and r["parent"] in mothers]


def job_time(run):
    return float(run.metric("server.team0.api.job_time")["mean"]) * 1e-6


def percentile(values, q=0.99):
    return sorted(values)[round(q * (len(values) - 1))]
