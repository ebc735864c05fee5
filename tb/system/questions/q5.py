"""Q5: how long is a failover's outage? Media sense: from downdelay to miimon + downdelay, miimon / 2 + downdelay in the mean over the phases of the fault. Heartbeats of interval h that
may miss k: above (k - 1) h up to k h, (k - 1/2) h in the mean, and the wait for the last one. Lost are as many as would have come meanwhile. Nothing is random: the
phases are 16 in equal steps, of the fault against the poll or beat."""
import statistics

import detection
import rows
import runs

FORM = "t_d in [downdelay, miimon + downdelay], ((k - 1) h, k h], their means; lost = lambda (t_d + t_switch)"
PHASES = 16
SWITCH = 0.25                             # ms at most, from the verdict to the first frame: a look on the management bus, addresses, the way of a frame
FRAMES = 20_000


def table():
    for name, interval, least, mean, greatest, team, more in (
            ("media sense, miimon 2 ms", 2, 0, 1, 2, dict(miimon="2 ms"), detection.pulled),
            ("media sense, miimon 4 ms", 4, 0, 2, 4, dict(miimon="4 ms"), detection.pulled),
            ("media sense, miimon 2 ms, downdelay 6 ms", 2, 6, 7, 8, dict(miimon="2 ms", downdelay="6 ms"), detection.pulled),
            ("heartbeat, h 2 ms, k 3, wait 200 us", 2, 4, 5.2, 6.2, dict(miimon="100 us", heartbeat_interval="2 ms", heartbeat_misses=3, heartbeat_wait="200 us"),
             lambda at: detection.pulled(at, "core.port_lan0", "path_dead")),
            ("heartbeat, h 1 ms, k 5, wait 200 us", 1, 4, 4.7, 5.2, dict(miimon="100 us", heartbeat_interval="1 ms", heartbeat_misses=5, heartbeat_wait="200 us"),
             lambda at: detection.pulled(at, "core.port_lan0", "path_dead"))):
        times = [20 + interval * (n + 0.5) / PHASES for n in range(PHASES)]
        alike = range(1, rows.ALIKE + 1)
        done = runs.runs([(detection.scenario(team, more(at), FRAMES, 36), (), seed, True) for seed in alike for at in times])
        mine = [done[n * PHASES:(n + 1) * PHASES] for n in range(rows.ALIKE)]
        gaps = [[detection.gap(run, at) for run, at in zip(one, times)] for one in mine]
        means = [statistics.mean(g) for g in gaps]
        yield rows.row("Q5", f"{name}: mean over {PHASES} phases", mean, means, "ms", (0.03, SWITCH / mean), certain=True)
        yield rows.bound("Q5", f"{name}: the longest", greatest + SWITCH, [max(g) for g in gaps], "ms", 0.12, certain=True)
        if least:
            yield rows.row("Q5", f"{name}: the shortest", least, [min(g) for g in gaps], "ms", (0, 1), certain=True)
        yield rows.equal("Q5", f"{name}: frames lost, in the mean", means[0] * FRAMES * 1e-3, [statistics.mean(detection.lost(run) for run in one) for one in mine], "frames", 0.05, certain=True)
