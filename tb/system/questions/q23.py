"""Q23: hot-swap. nic1's cable is pulled, so its engines are loaded first; then the nic is taken out and a good one put in. From then on it is one of the idle ones (row A-102):
within the wait until the team sees it (T_w, here one interval of media sense) and the drain of a full queue, q / R, its share is R_new of the sum, and not above it any more.
Until then shortest queue overshoots: of K jobs under way the other has all, so all that is given out goes to the new one until both have K / 2, which takes K / 2 / R_other."""
import q22
import rows
import runs
import scenario_text as scene

FORM = "R_new / sum of R within T_w + q / R"
CLOCKS = (120, 240, 120)                  # ns of an engine's: nic1 has half of nic2's rate; nic0 is active, and has no room
RATES = [1e9 / (q22.BLOCKS * q22.AES * c) for c in CLOCKS]
QUEUE = 16
OUT, IN, UP = 20, 22, 1                     # ms: taken out, put in, and until its driver has brought it up
T_W = 0.1                                 # ms: miimon
SETTLED = IN + UP + T_W + 1e3 * QUEUE / RATES[1]
SAID = [f"{round(r * 1420 * 8)} bps" for r in RATES]
PULLED = scene.fault("lan1", "link_down", 0, OUT + 1, "pulled")
SWAPPED = PULLED + scene.fault("server.pci0.nic1", "removed", OUT, IN - OUT, "swapped")
K = 40                                    # jobs under way
FILLED = 1e3 * K / 2 / RATES[2]           # ms
MOMENT = 0.05                             # ms: of a mean that stands for an instant


def window(begin, end):
    return (f"warm_up={begin:.3f} ms", f"duration={end:.3f} ms")


def share(run):
    jobs = q22.engines(run)
    return jobs[1] / sum(jobs)


def given(text, spans, seeds):
    """Of the jobs that were given out in each span, the share of nic1, and the jobs that it had at its end: what was done, and what there is more of."""
    parts = [w for begin, end in spans for w in (window(begin, begin + MOMENT), window(begin, end), window(end, end + MOMENT))]
    done = runs.runs([(text, sets, seed) for sets in parts for seed in range(1, seeds + 1)])
    level = lambda run: run.metric("server.team0.sharing.engine_1.jobs_now")
    for k in range(len(spans)):
        at_begin, between, at_end = (done[(3 * k + n) * seeds:(3 * k + n + 1) * seeds] for n in range(3))
        shares = []
        for a, run, b in zip(at_begin, between, at_end):
            jobs = [n * run.seconds for n in q22.engines(run)]
            shares.append((jobs[1] + level(b) - level(a)) / sum(jobs))        # all together are K at any time
        yield shares, [level(b) for b in at_end]


def overshoot(seeds):
    text = q22.scenario(CLOCKS, dict(threshold=0, queue=2 * K, dispatch="shortest_queue", rates=SAID), dict(threads=K), SWAPPED)
    begin = IN + UP + T_W
    (filling, _), (after, there) = given(text, [(begin, begin + 0.9 * FILLED), (begin + FILLED, begin + FILLED + 15)], seeds)
    yield rows.equal("Q23", "shortest queue, the new queue is empty: its share of what is given out", 1, filling, "of all", 0.04)
    yield rows.equal("Q23", "… when both have K / 2", RATES[1] / (RATES[1] + RATES[2]), after, "of all", 0.05)
    yield rows.equal("Q23", "… jobs that it has then", K / 2, there, "jobs", 0.01)


def table(seeds=rows.SEEDS):
    both = RATES[1] + RATES[2]
    loads = {"proportional, half of the sum": ("proportional", q22.offered(0.5 * both)),
             "shortest queue, more than the sum": ("shortest_queue", dict(threads=K))}
    for name, (dispatch, load) in loads.items():
        text = lambda faults: q22.scenario(CLOCKS, dict(threshold=0, queue=QUEUE, dispatch=dispatch, rates=SAID), load, faults)
        parts = [("its link dead: loaded first", PULLED, window(4, OUT), None), ("taken out: has none", SWAPPED, window(OUT + 0.5, IN), 0),
                 ("another in its place, settled", SWAPPED, window(SETTLED, SETTLED + 15), RATES[1] / both),
                 ("… and later", SWAPPED, window(SETTLED + 15, SETTLED + 45), RATES[1] / both)]
        done = runs.runs([(text(faults), sets, seed) for _, faults, sets, _ in parts for seed in range(1, seeds + 1)])
        for k, (part, _, _, closed) in enumerate(parts):
            mine = done[k * seeds:(k + 1) * seeds]
            if closed is None:                           # all that it can do, whatever the others have
                yield rows.equal("Q23", f"{name}: {part}", RATES[1], [q22.engines(run)[1] for run in mine], "jobs/s", 0.03)
            elif closed:
                yield rows.equal("Q23", f"{name}: {part}", closed, [share(run) for run in mine], "of all", 0.05)
            else:
                yield rows.bound("Q23", f"{name}: {part}", 0.001, [share(run) for run in mine], "of all")
    yield from overshoot(seeds)
