"""Q4: which dispatch policy? With cards of two rates round robin saturates at N times the slowest, shortest queue, earliest end and proportional at the sum; with the rates of
the engines alike all get the sum."""
import cards
import rows

SIZE = 4096
SETTLED = ("server.pool.queue=64", "duration=140 ms", "warm_up=40 ms")
SLOW = ("engine_clock=40 ns", "lookup=420")                          # R falls, what a job takes to begin with stays


def table(seeds=1):
    slow = lambda card: [f"server.pci1.{card}.{s}" for s in SLOW]
    ask = lambda n, *sets: (SIZE, cards.asked(n, 16, SIZE, *SETTLED, *sets))
    policies = ("round_robin", "shortest_queue", "proportional", "expected_end", "random")
    turn = "server.pool.dispatch=round_robin"                        # a queue for each: no card waits for the host
    alone, fast, *got = cards.of([ask(1, *slow("card0"), turn), ask(1, turn)] + [ask(2, *slow("card1"), f"server.pool.dispatch={p}") for p in policies])
    said = [f"server.pool.rates=[\"{round(fast * 1e3)} kbps\",\"{round(alone * 1e3)} kbps\"]"]
    got[policies.index("proportional")] = cards.of([ask(2, *slow("card1"), "server.pool.dispatch=proportional", *said)])[0]
    for policy, x in zip(policies, got):
        if policy == "round_robin":
            yield rows.equal("Q4", f"cards of {fast:.1f} and {alone:.1f} Mb/s, {policy}: N times the slowest", 2 * alone, [x], "Mb/s", 0.05)
        elif policy == "random":
            yield rows.bound("Q4", f"cards of {fast:.1f} and {alone:.1f} Mb/s, {policy}: never above the sum", fast + alone, [x], "Mb/s")
        else:
            yield rows.bound("Q4", f"cards of {fast:.1f} and {alone:.1f} Mb/s, {policy}: the sum", fast + alone, [x], "Mb/s", 0.05, above=0.01)
    for policy, x in zip(policies[:4], cards.of([ask(2, f"server.pool.dispatch={p}") for p in policies[:4]])):
        yield rows.bound("Q4", f"two alike, {policy}: the sum", 2 * fast, [x], "Mb/s", 0.05, above=0.01)
