"""Q6: quick detection by heartbeat or few false alarms? Each beat is lost with probability p: an alarm needs k in a row, and comes after h (1 - p^k) / (p^k (1 - p)) in the mean; behind
it the member is good again with the first beat that is heard, after h / (1 - p). Media sense has none of it, and sees nothing of what is wrong behind the first link."""
import detection
import rows
import runs

FORM = "h (1 - p^k) / (p^k (1 - p)) between false alarms"
SECONDS = 2.0


def table(seeds=rows.SEEDS):
    points = [(0.3, 2, 1), (0.5, 3, 1), (0.4, 2, 1), (0.6, 3, 1)]
    asked = [(detection.scenario(dict(miimon="100 us", heartbeat_interval=f"{h} ms", heartbeat_misses=k, heartbeat_wait="200 us"), "", 0, round(1000 * SECONDS)),
              (f"lan0.loss_a_to_b={p}",), seed) for p, k, h in points for seed in range(1, seeds + 1)]
    done = runs.runs(asked)
    for n, (p, k, h) in enumerate(points):
        period = h * ((1 - p ** k) / (p ** k * (1 - p)) + 1 / (1 - p))
        got = [1000 * SECONDS / max(1, run.metric("server.team0.member_lost")) for run in done[n * seeds:(n + 1) * seeds]]
        yield rows.equal("Q6", f"h {h} ms, k {k}, p {p}: from a false alarm to the next", period, got, "ms", 0.12)
    dead = detection.pulled(20, "core.port_lan0", "path_dead")
    quiet = runs.runs([(detection.scenario(dict(miimon="100 us"), dead, 5000, 60), (), seed) for seed in range(1, rows.ALIKE + 1)])
    yield rows.bound("Q6", "media sense, path dead behind the first link: changes of the active member", 0.001, [run.metric("server.team0.changes_of_active") for run in quiet], "times", certain=True)
