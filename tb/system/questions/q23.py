"""Q23: hot-swap. nic1's cable is pulled, so its engines are loaded first; then the nic is taken out and a good one put in. From then on it is one of the idle ones (row A-102):
within the wait until the team sees it (T_w, here one interval of media sense) and the drain of a full queue, q / R, its share is R_new of the sum, and not above it any more."""
import q22
import rows
import runs

CLOCKS = (120, 240, 120)                  # ns of an engine's: nic1 has half of nic2's rate; nic0 is active, and has no room
RATES = [1e9 / (q22.BLOCKS * q22.AES * c) for c in CLOCKS]
QUEUE = 16
OUT, IN, UP = 20, 22, 1                     # ms: taken out, put in, and until its driver has brought it up
T_W = 0.1                                 # ms: miimon
SETTLED = IN + UP + T_W + 1e3 * QUEUE / RATES[1]
SAID = ", ".join(f'"{round(r * 1420 * 8)} bps"' for r in RATES)
PULLED = f"""
[[fault]]
name = "pulled"
at = "lan1"
what = "link_down"
from = "0 ms"
for = "{OUT + 1} ms"
"""
SWAPPED = PULLED + f"""
[[fault]]
name = "swapped"
at = "server.pci0.nic1"
what = "removed"
from = "{OUT} ms"
for = "{IN - OUT} ms"
"""


def window(begin, end):
    return (f"warm_up={begin:.3f} ms", f"duration={end:.3f} ms")


def share(run):
    jobs = q22.engines(run)
    return jobs[1] / sum(jobs)


def table(seeds=3):
    both = RATES[1] + RATES[2]
    loads = {"proportional, half of the sum": ("proportional", f'{q22.offered(0.5 * both)}\narrivals = "poisson"'),
             "shortest queue, more than the sum": ("shortest_queue", "threads = 40")}
    for name, (dispatch, load) in loads.items():
        text = lambda faults: q22.scenario(CLOCKS, f'threshold = 0\nqueue = {QUEUE}\ndispatch = "{dispatch}"\nrates = [{SAID}]', load, faults)
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
