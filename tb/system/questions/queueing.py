"""Waits before one server that ends what it has begun, with Poisson arrivals: means by Pollaczek and Khinchine, whole distributions as the geometric sum of residual times
that stands behind them. Work of a kind is (arrivals a microsecond, microseconds each takes)."""
import math

CELLS = 64                                # of the grid, for the shortest piece of work


def load(*works):
    return sum(rate * time for rate, time in works)


def residual_work(*works):
    """W0: what is left, in the mean, of the work that is found begun."""
    return sum(rate * time * time for rate, time in works) / 2


def in_order(*works):
    return residual_work(*works) / (1 - load(*works))


def first(own, *others):
    """Of the class that goes before all others."""
    return residual_work(own, *others) / (1 - load(own))


def behind(own, *others):
    """Of those that it goes before."""
    return residual_work(own, *others) / (1 - load(own)) / (1 - load(own, *others))


def residual(works, step):
    """Probabilities of what is left of the work that is found begun, at multiples of the step; the mean is kept."""
    cells = [0.0] * (2 + int(max(time for _, time in works) / step))
    for rate, time in works:
        for k in range(math.ceil(time / step)):
            mass = rate * min(step, time - k * step) / load(*works)
            cells[k] += mass / 2
            cells[k + 1] += mass / 2
    return cells


def quantile(q, own, behind_it=(), step=None):
    """Wait in order of arrival of all kinds of `own`; work of `behind_it` is let in only when there is none of `own`, and ended when begun."""
    step = step or min(time for _, time in (*own, *behind_it)) / CELLS
    rho, left = load(*own), residual(own, step)
    other = load(*behind_it)
    late = residual(behind_it, step) if other else [1.0]
    share = other / (1 - rho)             # of the arrivals to a server without work of `own` that find the other kind begun
    sums, chances, total, k = [], 0.0, 0.0, 0
    while True:
        sums.append(((1 - rho if k == 0 else 0) + rho * sum(left[j] * sums[k - j] for j in range(1, min(k, len(left) - 1) + 1))) / (1 - rho * left[0]))
        here = (1 - share) * sums[k] + (share * sum(late[j] * sums[k - j] for j in range(min(k, len(late) - 1) + 1)) if share else 0)
        if total + here >= q:
            return 0.0 if k == 0 else (k - 1 + (q - total) / here) * step
        total += here
        k += 1
