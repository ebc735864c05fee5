"""Q26: what does it cost to begin a job? One requester gets L / (t0 + L / R), half of R at n_half = t0 R; N requesters at most L min(N / (t0 + L / R), 1 / D_host, sum of R_i / L):
N times as much as one, what the host's one CPU can ask for, what the cards' engines do, and what the bus in front of them carries. t0 and R are those of the shortest and the longest
buffer; all others lie on that line. Nothing is random."""
import bus
import cards
import rows

FORM = "L / (t0 + L / R); L min(N / (t0 + L / R), 1 / D_host, sum of R_i / L)"
SIZES = (64, 256, 1024, 2048, 4096, 8192, 16384)
LENGTH = ("duration=80 ms", "warm_up=20 ms")
QUEUE = ("server.pool.dispatch=shortest_queue", "server.pool.queue=64")          # a card need not wait for the host
CYCLES = 300 + 200 + 2 * 500 + 100 + 100  # of 1 GHz that each job takes: submit, finish, driver_request for its block and its job, reap, dispatch. Interrupts may be shared
BURST, READ_WAIT = 64, 14                 # words of a tenure behind the bridge, and clocks to the first word: of the scenario
CLOCK = 33.333333                         # of the bus in front of the cards, MHz


def tenures(octets, beside):
    words = -(-octets // 4)
    return words + -(-words // BURST) * beside


def of_the_bus(size):
    """us a job: read, and written back with what ESP adds."""
    return (tenures(cards.IP + size, bus.WRITE + READ_WAIT) + tenures(cards.behind(size), bus.WRITE)) / CLOCK


def narrow(requesters, number, size, host, alone):
    """Jobs a microsecond at most, and why. `host`: us of it for each job beside CYCLES; `alone`: us from job to job of one requester."""
    return min((requesters / alone, "requesters"), (1 / (host + CYCLES * 1e-3), "host"), (number / cards.engine(size), "engines"), (1 / of_the_bus(size), "bus"))


# requesters, cards, octets, us of host before and behind each job
POINTS = [(2, 4, 1024, 0), (4, 4, 1024, 0), (2, 2, 4096, 0), (16, 1, 256, 0), (16, 1, 1024, 0), (16, 1, 16384, 0), (16, 2, 1024, 0), (64, 4, 64, 20), (64, 4, 256, 20), (64, 4, 1024, 20),
          (64, 4, 256, 5), (64, 4, 4096, 0), (64, 4, 16384, 0), (2, 4, 1024, 20)]
SATURATED = {"requesters": 0.1, "host": 0.2, "engines": 0.02, "bus": 0.2}


def table():
    ask = lambda number, requesters, size, host=0, seed=1: (size, cards.asked(number, requesters, size, *LENGTH, *QUEUE, f"crypto_load.before={host} us", f"crypto_load.after={host} us", seed=seed))
    alike = range(1, rows.ALIKE + 1)
    rates = dict(zip([(s, n) for s in SIZES for n in alike], cards.of([ask(1, 1, s, seed=n) for s in SIZES for n in alike])))
    time = {s: s * 8 / rates[s, 1] for s in SIZES}                   # us a job
    rate = (SIZES[-1] - SIZES[0]) / (time[SIZES[-1]] - time[SIZES[0]])
    start = time[SIZES[0]] - SIZES[0] / rate
    alone = lambda s: s * 8 / (start + s / rate)
    for s in SIZES[1:-1]:
        yield rows.equal("Q26", f"one requester, {s} B (t0 {start:.1f} us, R {8 * rate:.1f} Mb/s, n_half {start * rate:.0f} B)", alone(s), [rates[s, n] for n in alike], "Mb/s", 0.02, certain=True)
    got = cards.of([ask(m, n, s, host, seed) for n, m, s, host in POINTS for seed in alike])
    for k, (n, m, s, host) in enumerate(POINTS):
        most, why = narrow(n, m, s, 2 * host, time[s] + 2 * host)
        mine = got[k * rows.ALIKE:(k + 1) * rows.ALIKE]
        jobs = mine[0] / s / 8 * 6e4                                 # in 60 ms
        yield rows.bound("Q26", f"{n} requesters, {m} card{'s' if m > 1 else ''}, {s} B, host {2 * host} us", most * s * 8, mine, "Mb/s", SATURATED[why], m / jobs, why, certain=True)
