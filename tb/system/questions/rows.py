"""What was measured beside its closed form. A row is one point of one question."""
import importlib
import math
import statistics

STUDENT = [math.nan, 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131]      # 0.975 quantile, by degrees of freedom
NORMAL = 1.96
SEEDS = 10                                # runs of a point in which anything is random
ALIKE = 2                                 # of one in which nothing is: their results have to be the same to the last digit
ROUNDED = 1e-9                            # by arithmetic in doubles
HEAD = f"{'':4} {'point':84} {'closed form':>12} {'measured':>12} {'unit':10} {'error':>9} {'confidence':>16}   allowed"


class row:
    """`within`: how far below and above the closed form what was measured may be, with its whole confidence interval of 95 %. `measured`: one figure a run.
    `certain`: nothing in it is random. `highest`: no single run may lie above, whatever the mean does."""

    def __init__(self, question, point, closed, measured, unit, within, meaning="", certain=False, highest=False):
        self.question, self.point, self.closed, self.unit, self.meaning = question, point, closed, unit, meaning
        self.below, self.above = within
        self.certain, self.highest = certain, highest
        self.all = list(measured)
        runs = len(self.all)
        self.mean = statistics.mean(self.all)
        self.half = (STUDENT[runs - 1] if runs <= len(STUDENT) else NORMAL) * statistics.stdev(self.all) / math.sqrt(runs) if runs > 1 else 0

    @property
    def error(self):
        return self.mean / self.closed - 1

    @property
    def good(self):
        if self.certain and len(set(self.all)) > 1:
            return False
        half = self.half / self.closed
        most = max(self.all) / self.closed - 1 if self.highest else self.error + half
        return -self.below - ROUNDED <= self.error - half and most <= self.above + ROUNDED

    @property
    def confidence(self):
        return f"alike in {len(self.all)}" if self.certain and len(set(self.all)) == 1 else f"± {100 * self.half / self.closed:.2f} % of {len(self.all)}"

    def __str__(self):
        allowed = f"{'' if self.below == math.inf else f'-{100 * self.below:.1f} '}…{'' if self.above == math.inf else f' +{100 * self.above:.2f}'} %"
        return (f"{self.question:4} {self.point:84} {self.closed:12.5g} {self.mean:12.5g} {self.unit:10} {100 * self.error:+8.2f} % {self.confidence:>16}   {allowed}"
                f"{'' if self.good else '   OFF'}{'   ' + self.meaning if self.meaning else ''}")


def bound(question, point, closed, measured, unit, closeness=math.inf, cut=0, meaning="", certain=False):
    """No run above, and at saturation no further below than `closeness`. `cut`: what the window's ends may fall within, of what is counted in it: so much
    more may be counted than went on in it."""
    return row(question, point, closed, measured, unit, (closeness, cut), meaning, certain, highest=True)


def equal(question, point, closed, measured, unit, within, meaning="", certain=False):
    return row(question, point, closed, measured, unit, (within, within), meaning, certain)


def least(question, point, closed, measured, unit, closeness=math.inf):
    """Of a mean: not below, with its confidence."""
    return row(question, point, closed, measured, unit, (0, closeness))


def most(question, point, closed, measured, unit, closeness=math.inf):
    """Of a mean: not above, with its confidence."""
    return row(question, point, closed, measured, unit, (closeness, 0))


def of(question, seeds=None):
    """Its table; `seeds`: instead of its own choice, where anything is random."""
    table = importlib.import_module(question).table
    return table(*([seeds] if seeds and table.__code__.co_argcount else []))
