"""Q3: how much work for others may the active member take before its own packets suffer? Its engine serves packets and jobs in the order in which they ask, and ends what
it has begun: with no limit on jobs M/G/1, W = W0 / (1 - rho_p - rho_s), W0 = sum of lambda_i E[S_i^2] / 2. The threshold of row A-88 keeps jobs outside: the wait falls towards that of
a non-preemptive priority, W0 / (1 - rho_p). Beside a backlog a packet finds all jobs that the threshold lets in but what is on its way: (threshold - 1/2) S - r."""
import math
import statistics

import rows
import runs
import scenario_text as scene

AES = 12                                  # clocks a block of 16 octets: engine core aes-128-round
BLOCKS = 88
CLOCK = 60                                # ns
S = BLOCKS * AES * CLOCK * 1e-3           # us in the engine: packet and job alike
FRAME = 1426                              # octets with FCS: 1408 behind ESP's header and IV, with the trailer
TENURE = 248 * 30e-3                      # us: a job's result on the bus, up to the latency timer; a packet's fetch waits for it too
SIZE = 1400                               # of a buffer


def scenario(frames, threshold, load, milliseconds, arrivals="poisson"):
    return (scene.computer(f"{milliseconds + 2} ms", "2 ms", "8 GHz", 248) + scene.nic(0, identity="extended", link_rate="1 Gbps", **scene.engines(CLOCK, word=16, places=8, ring_places=64))
            + scene.table("peer", "client") + scene.link("lan0", "server.pci0.nic0", "client", "1 Gbps")
            + scene.team(1, mode="aft", miimon="10 ms", sharing=dict(threshold=threshold, given=min(threshold, 16), waiting=4096))
            + scene.table("sa", "to_client", **{"from": "server"}, to="client", cipher="aes-cbc", authentication="null", replay_window=0)
            + scene.table("policy", "protected", **{"from": "server"}, to="client", bundle=["to_client"])
            + scene.traffic("own", pace="frames", frames_per_second=frames, arrivals=arrivals, frame_size=f"{FRAME} B") + load)


def jobs(**pace):
    return scene.load(size=SIZE, **pace)


def begun(run):
    """us from a packet's coming to its engine's beginning."""
    mothers = {r["id"]: r for r in run.packets if r["host_post_ps"] and int(r["host_post_ps"]) >= 2_000_000_000}
    return [(int(r["protect_start_ps"]) - int(mothers[r["parent"]]["host_post_ps"])) * 1e-6 for r in run.packets if r["protect_start_ps"] and r["parent"] in mothers]


def load_of(run, others):
    """Shares of the engine that own packets and jobs took in this run."""
    return len(begun(run)) / run.seconds * S * 1e-6, run.metric("server.team0.api.done") / run.seconds * S * 1e-6 if others else 0


def table(seeds=4):
    free = min(begun(runs.run(scenario(1000, 1, "", 20), packets=True)))         # nobody before it
    points = [(0.2, 0, 1), (0.4, 0, 1), (0.6, 0, 1), (0.2, 0.2, 16), (0.2, 0.3, 16), (0.4, 0.2, 16), (0.2, 0.3, 1), (0.4, 0.2, 1), (0.4, 0.3, 1), (0.6, 0.2, 1)]
    asked = []
    for p, s, threshold in points:
        load = jobs(pace="open", arrivals="poisson", gap=f"{round(S * 1e6 / s)} ps", places=1024) if s else ""
        asked += [(scenario(round(p * 1e6 / S), threshold, load, 300), (), seed, True) for seed in range(1, seeds + 1)]
    done = runs.runs(asked)
    for k, (p, s, threshold) in enumerate(points):
        mine = done[k * seeds:(k + 1) * seeds]
        waits = [statistics.mean(begun(run)) - free for run in mine]
        loads = [load_of(run, s) for run in mine]                    # the random streams' own, not what was asked for
        in_order = [(own + other) * S / 2 / (1 - own - other) for own, other in loads]
        priority = [(own + other) * S / 2 / (1 - own) for own, other in loads]
        beside = lambda closed: [w / c * statistics.mean(closed) for w, c in zip(waits, closed)]
        point = f"own load {p}, jobs {s}, threshold {threshold}: wait"
        if threshold > 1 or not s:
            yield rows.equal("Q3", f"{point}, in order of arrival", statistics.mean(in_order), beside(in_order), "us", 0.15)
        else:
            yield rows.row("Q3", f"{point}, at least that of priority", statistics.mean(priority), beside(priority), "us", (0, math.inf))
            yield rows.row("Q3", f"{point}, less than in order of arrival", statistics.mean(in_order), beside(in_order), "us", (math.inf, 0))
    asked = [(scenario(787, k, jobs(threads=16), 300, "regular"), (), 1, True) for k in (1, 2, 3, 4, 8)]
    done = runs.runs(asked)
    alone = statistics.mean(load_of(run, True)[1] for run in done[:1])           # with one job at a time
    outside = S / alone - S                                                      # of each round, a job is on its way
    for n, k in enumerate((1, 2, 3, 4, 8)):
        waits = [[w - free for w in begun(run)] for run in done[n:n + 1]]
        if k > 1:
            yield rows.equal("Q3", f"a backlog of jobs, threshold {k}: mean wait", (k - 0.5) * S - outside, [statistics.mean(w) for w in waits], "us", 0.15)
        yield rows.bound("Q3", f"a backlog of jobs, threshold {k}: longest wait", k * S + TENURE, [max(w) for w in waits], "us")
