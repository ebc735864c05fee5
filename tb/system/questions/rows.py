"""What was measured beside its closed form. A row is one point of one question."""
import math
import statistics

STUDENT = [math.nan, 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131]      # 0.975 quantile, by degrees of freedom
HEAD = f"{'':4} {'point':72} {'closed form':>12} {'measured':>12} {'unit':8} {'error':>9} {'confidence':>11}   allowed"


class row:
    """`within`: how far below and above the closed form what was measured may be. `measured`: one figure a run."""

    def __init__(self, question, point, closed, measured, unit, within, meaning=""):
        self.question, self.point, self.closed, self.unit, self.meaning = question, point, closed, unit, meaning
        self.below, self.above = within
        self.all = list(measured)
        self.mean = statistics.mean(self.all)
        self.half = STUDENT[min(len(self.all), 16) - 1] * statistics.stdev(self.all) / math.sqrt(len(self.all)) if len(self.all) > 1 else math.nan

    @property
    def error(self):
        return self.mean / self.closed - 1

    @property
    def good(self):
        return -self.below <= self.error <= self.above

    def __str__(self):
        confidence = f"± {100 * self.half / self.closed:6.2f} %" if len(self.all) > 1 else "one run"
        allowed = f"{'' if self.below == math.inf else f'-{100 * self.below:.1f} '}…{'' if self.above == math.inf else f' +{100 * self.above:.1f}'} %"
        return (f"{self.question:4} {self.point:72} {self.closed:12.5g} {self.mean:12.5g} {self.unit:8} {100 * self.error:+8.2f} % {confidence:>11}   {allowed}"
                f"{'' if self.good else '   OFF'}{'   ' + self.meaning if self.meaning else ''}")


COUNTED = 0.005                           # a window's ends fall within packets: what is counted in it may be one packet more than what went on in it


def bound(question, point, closed, measured, unit, closeness=math.inf, above=COUNTED, meaning=""):
    """Never above, and at saturation no further below than `closeness`."""
    return row(question, point, closed, measured, unit, (closeness, above), meaning)


def equal(question, point, closed, measured, unit, within, meaning=""):
    return row(question, point, closed, measured, unit, (within, within), meaning)
