"""Q26: what does it cost to begin a job? One requester gets L / (t0 + L / R), half of R at n_half = t0 R; N requesters at most N times that, and the cards, which
do one job at a time, as many times as there are cards. t0 and R are those of the shortest and the longest buffer; all others lie on that line."""
import cards
import rows

SIZES = (64, 256, 1024, 2048, 4096, 8192, 16384)


def table(seeds=1):
    length = "duration=40 ms"
    rates = dict(zip(SIZES, cards.of([(s, cards.asked(1, 1, s, length)) for s in SIZES])))
    time = {s: s * 8 / r for s, r in rates.items()}                  # us a job
    rate = (SIZES[-1] - SIZES[0]) / (time[SIZES[-1]] - time[SIZES[0]])
    start = time[SIZES[0]] - SIZES[0] / rate
    alone = lambda s: s * 8 / (start + s / rate)
    for s in SIZES[1:-1]:
        yield rows.equal("Q26", f"one requester, {s} B (t0 {start:.1f} us, R {8 * rate:.1f} Mb/s, n_half {start * rate:.0f} B)", alone(s), [rates[s]], "Mb/s", 0.07)
    points = [(2, 1, 1024), (2, 4, 1024), (4, 4, 1024), (3, 2, 4096), (16, 4, 4096), (16, 4, 256), (16, 1, 256)]
    for (n, m, s), x in zip(points, cards.of([(s, cards.asked(m, n, s, length)) for n, m, s in points])):
        yield rows.bound("Q26", f"{n} requesters, {m} card{'s' if m > 1 else ''}, {s} B", min(n, m) * rates[s], [x], "Mb/s", 0.15, above=0.05)
