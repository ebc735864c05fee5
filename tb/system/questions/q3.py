"""Q3: how much work for others may the active member take before its own packets suffer? Its engine serves packets and jobs in the order in which they ask, and ends what
it has begun: with no limit on jobs M/G/1, W = W0 / (1 - rho_p - rho_s) for packets and jobs alike, W0 = sum of lambda_i E[S_i^2] / 2, and the 99th percentile by the sum of residual
times behind it. The threshold of row A-88 keeps jobs outside: of the same arrivals packets wait less then, down to a non-preemptive priority's W_p = W0 / (1 - rho_p), and jobs more, up to
its W_s = W0 / ((1 - rho_p) (1 - rho_p - rho_s)), in which the way of a job to the engine and back counts as work. rho_p W_p + rho_s W_s does not fall: what one saves the other pays.
Beside a backlog a packet finds all jobs that the threshold lets in but what is on its way, (threshold - 1/2) S - r; with a threshold of 1 one job at most, so long work is better cut in pieces."""
import statistics

import queueing
import rows
import runs
from shared_engine import MILLISECONDS, S, SIZE, TENURE, begun, job_time, jobs, percentile, scenario, time

FORM = "W0 / (1 - rho), W0 / (1 - rho_p), W0 / ((1 - rho_p) (1 - rho_p - rho_s)), 99th percentiles of M/G/1, max S_s"
LONG = 5630                               # octets of a job of 4 S
SIZE_OF = {S: SIZE, 4 * S: LONG}
POINTS = [(0.2, 0, S), (0.4, 0, S), (0.6, 0, S), (0.2, 0.2, S), (0.2, 0.3, S), (0.4, 0.2, S), (0.4, 0.3, S), (0.6, 0.2, S), (0.2, 0.3, 4 * S)]       # own load, jobs', us of a job
IN_ORDER, ONE = 16, 1                     # thresholds


class point:
    """Runs of one point with one threshold. Closed forms are those of the random streams' own loads, run by run."""

    def __init__(self, done, work, others, free, way):
        waits = [[w - free for w in begun(run)] for run in done]
        self.means, self.late = [statistics.mean(w) for w in waits], [percentile(w) for w in waits]
        self.own = [(len(w) / run.seconds * 1e-6, S) for w, run in zip(waits, done)]
        self.jobs = [(run.metric("server.team0.api.done") / run.seconds * 1e-6, work) for run in done] if others else []
        self.job_waits = [job_time(run) - way - work for run in done] if others else []
        self.kinds = list(zip(self.own, self.jobs)) if others else [(one,) for one in self.own]

    def together(self):
        return [queueing.load(a) * w + queueing.load(b) * v for a, b, w, v in zip(self.own, self.jobs, self.means, self.job_waits)]


def beside(judge, name, closed, measured, *how):
    """Each beside what came in its own run."""
    typical = statistics.mean(closed)
    return judge("Q3", name, typical, [m * typical / c for m, c in zip(measured, closed)], "us", *how)


def in_order(name, p):
    closed = [queueing.in_order(*k) for k in p.kinds]
    yield beside(rows.equal, f"{name}: mean wait, in order of arrival", closed, p.means, 0.15)
    yield beside(rows.equal, f"{name}: 99th percentile, likewise", [queueing.quantile(0.99, k) for k in p.kinds], p.late, 0.25)
    if p.jobs:
        yield beside(rows.equal, f"{name}: mean wait of jobs, W_s, likewise", closed, p.job_waits, 0.15)


def one_at_a_time(name, p, all_of, way):
    """`all_of`: of the same arrivals without a limit."""
    priority = [queueing.first(*k) for k in p.kinds]
    yield beside(rows.least, f"{name}: mean wait, at least a priority's W_p", priority, p.means)
    yield beside(rows.most, f"{name}: mean wait, less than without limit", all_of.means, p.means)
    yield beside(rows.least, f"{name}: 99th percentile, at least a priority's", [queueing.quantile(0.99, k[:1], k[1:]) for k in p.kinds], p.late)
    yield beside(rows.most, f"{name}: 99th percentile, less than without limit", all_of.late, p.late)
    yield beside(rows.most, f"{name}: mean wait of jobs, at most a priority's W_s", [queueing.behind(own, (rate, work + way)) for own, (rate, work) in p.kinds], p.job_waits)
    yield beside(rows.least, f"{name}: mean wait of jobs, more than without limit", all_of.job_waits, p.job_waits)
    yield beside(rows.least, f"{name}: rho_p W_p + rho_s W_s, no less than without limit", all_of.together(), p.together())


def drawn(seeds):
    """Random arrivals, the same for both thresholds."""
    free = min(begun(runs.run(scenario(1000, ONE, "", 20), packets=True)))       # nobody before it
    way = {work: job_time(runs.run(scenario(1, ONE, jobs(size, threads=1), 20))) - work for work, size in SIZE_OF.items()}
    points = [(p, s, work, threshold) for p, s, work in POINTS for threshold in ((IN_ORDER, ONE) if s else (ONE,))]
    asked = []
    for p, s, work, threshold in points:
        load = jobs(SIZE_OF[work], pace="open", arrivals="poisson", gap=f"{round(work * 1e6 / s)} ps", places=1024) if s else ""
        asked += [(scenario(round(p * 1e6 / S), threshold, load, MILLISECONDS), (), seed, True) for seed in range(1, seeds + 1)]
    done = runs.runs(asked)
    for k, (p, s, work, threshold) in enumerate(points):
        here = point(done[k * seeds:(k + 1) * seeds], work, s, free, way[work])
        name = f"own load {p}, jobs {s}{' of 4 S' if work > S else ''}, threshold {threshold}"
        if threshold == IN_ORDER or not s:
            without_limit = here
            yield from in_order(name, here)
        else:
            yield from one_at_a_time(name, here, without_limit, way[work])


def backlog():
    """Nothing is random: packets and jobs at regular distances."""
    free = min(begun(runs.run(scenario(1000, ONE, "", 20), packets=True)))
    points = [(SIZE, k) for k in (1, 2, 3, 4, 8)] + [(LONG, 1)]
    done = runs.runs([(scenario(787, k, jobs(size, threads=16), MILLISECONDS, "regular"), (), seed, True) for size, k in points for seed in range(1, rows.ALIKE + 1)])
    alone = done[0].metric("server.team0.api.done") / done[0].seconds * S * 1e-6         # with one job at a time
    outside = S / alone - S                                                              # of each round, a job is on its way
    for n, (size, k) in enumerate(points):
        waits = [[w - free for w in begun(run)] for run in done[n * rows.ALIKE:(n + 1) * rows.ALIKE]]
        name = f"a backlog of jobs of {size} B, threshold {k}"
        if k > 1:
            yield rows.equal("Q3", f"{name}: mean wait", (k - 0.5) * S - outside, [statistics.mean(w) for w in waits], "us", 0.1, certain=True)
        yield rows.bound("Q3", f"{name}: longest wait", k * time(size) + TENURE, [max(w) for w in waits], "us", 0.15, certain=True)


def table(seeds=rows.SEEDS):
    yield from drawn(seeds)
    yield from backlog()
