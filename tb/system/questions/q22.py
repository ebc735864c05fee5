"""Q22: a member whose link is dead works on. Of an AFT team of three it is loaded first (row A-100): it gets min(lambda, R), the idle one max(0, min(lambda - R, R)), the active
one, as far as it has room, the rest; with rates instead of that order each gets R_i of their sum. The line of one member less is left, and the engines of all."""
import rows
import runs
import scenario_text as scene

FORM = "min(lambda, R), then the rest; R_i / sum of R; N - 1 lines, N engines"
CLOCK = 120                               # ns of an engine's
BLOCKS = 88                               # of a job of 1400 octets in AES-CBC: 2 octets of ESP's trailer, whole blocks of 16
AES = 12                                  # clocks a block: engine core aes-128-round
R = 1e9 / (BLOCKS * AES * CLOCK)          # jobs a second


def scenario(clocks=(CLOCK, CLOCK, CLOCK), sharing=None, load=None, more="", line=None, **mode):
    """nic0 is the active member, with traffic; nic1's cable is pulled; nic2 is idle. `line`: of the client."""
    members = scene.several(len(clocks), lambda n: scene.member(n, identity="extended", **scene.engines(clocks[n])))
    return (scene.computer("36 ms", "6 ms", "4 GHz", 248) + members + scene.client(rate=line)
            + scene.team(len(clocks), **(mode or dict(mode="aft", primary="nic0")), miimon="100 us", sharing=sharing or dict(threshold=2))
            + traffic("up", 20) + scene.load(start="1 ms", **(load or {})) + more)


def traffic(name, rate, **more):
    return scene.traffic(name, **more, pace="rate", rate=f"{rate} Mbps", frame_size="1000 B")


DEAD = scene.fault("lan1", "link_down", 0, name="pulled")


def offered(jobs):
    return dict(pace="open", gap=f"{round(1e12 / jobs)} ps", places=64, arrivals="poisson")


def engines(run):
    return [run.metric(f"server.team0.sharing.engine_{n}.jobs") / run.seconds for n in range(3)]


def table(seeds=rows.SEEDS):
    factors = [0.5, 0.9, 1.5, 2.5]                       # of one engine's rate
    done = runs.runs([(scenario(load=offered(f * R), more=DEAD), (), seed) for f in factors for seed in range(1, seeds + 1)])
    for k, f in enumerate(factors):
        mine = done[k * seeds:(k + 1) * seeds]
        load = [run.metric("server.team0.api.submitted") / run.seconds for run in mine]
        for n, name, before in ((1, "link dead", 0), (2, "idle", 1), (0, "active", 2)):
            if f > before:
                last = min(f - before, 1) < 1            # who is not full has what is left
                closed = [one - before * R if last else R for one in load]
                mean = sum(closed) / len(closed)
                got = [mean * engines(run)[n] / c for run, c in zip(mine, closed)]           # each beside what came in its own run
                yield rows.equal("Q22", f"three engines of R, {f} R asked for: {name}", mean, got, "jobs/s", (0.12 if n == 0 else 0.05) if last else 0.02)
    clocks = (120, 240, 80)                              # all alike, in proportion to their rates; nic1's link is dead, nic0 has traffic of 20 Mb/s
    rates = [1e9 / (BLOCKS * AES * c) for c in clocks]
    alike = dict(order="all_alike", dispatch="proportional", threshold=16, rates=[f"{round(r * 1420 * 8)} bps" for r in rates])
    done = runs.runs([(scenario(clocks, alike, offered(0.8 * sum(rates)), DEAD), (), seed) for seed in range(1, seeds + 1)])
    for n, rate in enumerate(rates):
        shares = [engines(run)[n] / sum(engines(run)) for run in done]
        yield rows.equal("Q22", f"all alike, in proportion: engine of {rate:.0f} jobs/s{', link dead' if n == 1 else ''}", rate / sum(rates), shares, "of all", 0.03)
    full = scenario(sharing=dict(threshold=16), load=dict(threads=64), more=DEAD + traffic("more", 80, source_port=9002) + traffic("most", 120, source_port=9004), line="1 Gbps", mode="alb", balance="load")
    done = runs.runs([(full, (), seed) for seed in range(1, rows.ALIKE + 1)])
    frames, jobs = 2 * 100e6 / (1020 * 8), 3 * R
    cut = lambda pieces, rate: pieces / (rate * done[0].seconds)     # one on each line, one in each engine
    yield rows.bound("Q22", "ALB, one link of three dead: frames on the lines", frames, [run.metric("client.frames") / run.seconds for run in done], "frames/s", 0.01, cut(2, frames), certain=True)
    yield rows.bound("Q22", "… and jobs of all engines", jobs, [sum(engines(run)) for run in done], "jobs/s", 0.02, cut(3, jobs), certain=True)
