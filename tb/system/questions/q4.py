"""Q4: which dispatch policy? With cards of two rates round robin and bursts in turn saturate at N times the slowest; shortest queue, earliest end, spill-over and proportional at the
sum, which none passes; with cards alike all get the sum. R is that of the engine, its blocks alone. Only the choice of `random` is; waits of M/M/1 and Erlang's C are held in
tb/unit/secondary/job_pool_test.cpp."""
import cards
import rows

FORM = "N min R_i in turn, sum of R_i otherwise"
SIZE = 4096
SETTLED = ("server.pool.queue=64", "duration=100 ms", "warm_up=20 ms")
SLOWER = 40.0                                                        # ns of an engine's clock
SLOW = (f"engine_clock={round(SLOWER * 1e3)} ps", "lookup=420")      # R falls, what a job takes to begin with stays
CLOSE = 0.02


def table(seeds=rows.SEEDS):
    alike = range(1, rows.ALIKE + 1)
    slow, fast = (SIZE * 8 / cards.engine(SIZE, period) for period in (SLOWER, cards.PERIOD))
    said = [f"server.pool.rates=[\"{round(fast * 1e3)} kbps\",\"{round(slow * 1e3)} kbps\"]"]
    unlike = [f"server.pci1.card1.{s}" for s in SLOW]
    ask = lambda policy, seed, *sets: (SIZE, cards.asked(2, 32, SIZE, *SETTLED, f"server.pool.dispatch={policy}", *sets, seed=seed))
    cut = lambda rate: 2 / (rate / SIZE / 8 * 8e4)                   # a job of each card, of those in 80 ms
    sums = ("shortest_queue", "proportional", "expected_end", "spill_over")
    spill = lambda policy: ("server.pool.queue=24",) if policy == "spill_over" else ()        # of 32 jobs: the first is full
    turns = ("round_robin", "burst")
    got = cards.of([ask(p, n, *unlike, *(said if p == "proportional" else ()), *spill(p)) for p in turns + sums for n in alike])
    for k, policy in enumerate(turns + sums):
        mine, most = got[k * rows.ALIKE:(k + 1) * rows.ALIKE], 2 * slow if policy in turns else fast + slow
        meaning = "N times the slowest" if policy in turns else "the sum"
        yield rows.bound("Q4", f"cards of {fast:.1f} and {slow:.1f} Mb/s, {policy}: {meaning}", most, mine, "Mb/s", CLOSE, cut(most), certain=True)
    chance = cards.of([ask("random", n, *unlike) for n in range(1, seeds + 1)])
    yield rows.bound("Q4", f"cards of {fast:.1f} and {slow:.1f} Mb/s, random: never above the sum", fast + slow, chance, "Mb/s", cut=cut(fast + slow))
    got = cards.of([ask(p, n, *spill(p)) for p in turns + sums for n in alike])
    for k, policy in enumerate(turns + sums):
        yield rows.bound("Q4", f"two alike, {policy}: the sum", 2 * fast, got[k * rows.ALIKE:(k + 1) * rows.ALIKE], "Mb/s", CLOSE, cut(2 * fast), certain=True)
