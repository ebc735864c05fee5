"""Intervals of means over a parameter, of sweeps that are no grid: bands along lines of points that were listed, bars at marks; on the page in a real
headless Chromium, and as gnuplot draws them."""
import csv
import re
import shutil
import subprocess
import unittest

from browser import Browser, need_browser
from painted import Painted
from sweeping import ARRIVED, EXAMPLE, SAMPLED, TINY, Folder

# Out of order, so that a line through the points as they come would go back and forth.
ZIP = (EXAMPLE.replace("[sweep]\n", '[sweep]\nmethod = "zip"\n').replace("from = 5000\nto = 60000\nsteps = 5", "values = [60000, 5000, 20000]")
       .replace('values = ["30 ns", "40 ns"]', 'values = ["30 ns", "40 ns", "35 ns"]').replace("baseline", "#"))


def listed(rates, more=""):
    points = "".join(f'[[point]]\nset = ["server.up.frame_size={size} B", "server.up.frames_per_second={rate}"]\n' for size in (64, 1000) for rate in rates)
    return TINY + '[sweep]\nmethod = "list"\nreplicates = 3\n' + points + more + ARRIVED + 'at_most = "100 Mbps / (server.up.frame_size + 19 B) / 1 Hz"\n'


LIST = listed((60000, 5000, 20000))
TWICE = '[[point]]\nset = ["server.up.frame_size=64 B", "server.up.frames_per_second=60000", "server.pci0.period=90 ns"]\n'  # as another, on a slower bus
RATE, SIZE = "server.up.frames_per_second", "server.up.frame_size"


class Intervals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Folder(type("of_class", (), {"addCleanup": staticmethod(cls.addClassCleanup)}))
        for name, text in (("zip", ZIP), ("list", LIST), ("twice", listed((60000, 5000, 20000), TWICE)), ("sampled", SAMPLED)):
            cls.folder.sweep(cls.folder.scenario(text, name), "-o", name, "-q")
        cls.browser = Browser(None)
        cls.addClassCleanup(cls.browser.driver.quit)

    def painted(self, name):
        """The chart; points in order of what is across."""
        self.browser.open(self.folder.path / name / "report.html")
        self.assertEqual(self.browser.console(), [])
        with open(self.folder.path / name / "points.csv", newline="") as file:
            heading, *rows = csv.reader(file)
        return Painted(self, self.browser, "#chart-families"), [
            {h.split(" [")[0]: float(v) for h, v in zip(heading, r) if re.fullmatch(r"[\d.e+-]+", v)} for r in rows]

    def line_with_band(self, chart, points, x, colour):
        mine = sorted(points, key=lambda r: r[x])
        self.assertEqual(len(mine), 3)
        self.assertGreater(max(r["arrived_half_width"] for r in mine), 0)
        chart.line([(r[x], r["arrived"]) for r in mine], colour, "line")
        chart.line([(r[x], r["arrived_at_most"]) for r in mine], self.dashes or colour, "closed form", dashed=True)
        chart.area([(r[x], r["arrived"] + r["arrived_half_width"]) for r in mine] + [(r[x], r["arrived"] - r["arrived_half_width"]) for r in reversed(mine)],
                   colour, "band")

    def marks_with_bars(self, chart, points, x, colour):
        chart.marks([(r[x], r["arrived"]) for r in points], colour, "marks")
        self.assertEqual([s for s in chart.shapes if s["stroke"] == colour and len(s["corners"]) == len(points)], [])   # no line
        known = [r for r in points if r["arrived_half_width"] > 0]
        self.assertGreater(len(known), 4)
        for r in known:
            (at, least), (_, most) = chart.places([(r[x], r["arrived"] + way * r["arrived_half_width"]) for way in (-1, 1)])
            bars = [s for s in chart.shapes if s["stroke"] == colour and s["corners"] and all(abs(a - at) < 0.6 for a, _ in s["corners"])
                    and abs(min(b for _, b in s["corners"]) - most) < 0.6 and abs(max(b for _, b in s["corners"]) - least) < 0.6]
            self.assertGreaterEqual(len(bars), 1, (r, at, least, most))
        frame = chart.of("(({ x, y, width, height }) => [x, y, width, height])(c.library.getModel().getComponent('grid').coordinateSystem.getRect())")
        for place in chart.places([(r[x], r["arrived"] + way * r["arrived_half_width"]) for r in points for way in (-1, 1)]):
            self.assertTrue(frame[1] - 0.6 <= place[1] <= frame[1] + frame[3] + 0.6, place)   # no end beyond the axis

    def test_a_zip_is_a_line_in_order_of_what_is_across_with_its_band(self):
        chart, points = self.painted("zip")
        self.assertEqual(list(chart.colours()), ["arrived", "closed form, at most"])
        self.dashes = chart.colours()["closed form, at most"]
        self.line_with_band(chart, points, "offered", chart.colours()["arrived"])

    def test_a_list_has_a_line_for_each_value_of_what_keeps_its_points_apart(self):
        chart, points = self.painted("list")
        self.dashes = None
        for name, size in ((f"{SIZE} 64\u00a0B", 64), (f"{SIZE} 1000\u00a0B", 1000)):
            self.line_with_band(chart, [r for r in points if r[SIZE] == size], RATE, chart.colours()[name])

    def test_points_that_nothing_keeps_apart_and_samples_are_marks_with_bars(self):
        chart, points = self.painted("twice")
        self.assertEqual(len(points), 7)
        self.marks_with_bars(chart, points, RATE, chart.colours()["arrived"])
        chart, points = self.painted("sampled")
        self.marks_with_bars(chart, points, "offered", chart.colours()["arrived"])

    @unittest.skipUnless(shutil.which("gnuplot"), "gnuplot-nox not installed")
    def test_gnuplot_draws_the_same_lines_and_intervals(self):
        lines = {"zip": 1, "list": 2, "twice": 0, "sampled": 0}
        for name, count in lines.items():
            done = subprocess.run(["gnuplot", "plot.gp"], cwd=self.folder.path / name, capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""), name)
            svg = (self.folder.path / name / "plot-arrived.svg").read_text()
            whole = [re.findall(r"[ML]\s*([\d.]+),([\d.]+)", d) for d in re.findall(r"<path stroke='rgb[^']*'\s+d='([^']*)'", svg)]   # not dashed
            drawn = [[float(x) for x, _ in corners] for corners in whole if len(corners) == 3 and len({x for x, _ in corners}) == 3]
            self.assertEqual(len(drawn), count, (name, drawn))
            self.assertEqual(drawn, [sorted(xs) for xs in drawn])
            marks = {tuple(map(float, at)) for at in re.findall(r"#gpPt\d' transform='translate\(([\d.]+),([\d.]+)\)", svg)}
            upright = [(float(x), float(low), float(high)) for x, low, again, high in
                       re.findall(r"M([\d.]+),([\d.]+)\s+L([\d.]+),([\d.]+)", svg) if x == again]
            pixels = sorted((low - high) / 2 for x, low, high in upright
                            if low > high and any(abs(x - a) < 0.1 and abs((low + high) / 2 - b) < 0.1 for a, b in marks))
            halves = sorted(float(p["arrived_half_width"] or 0) for p in self.folder.table(name, "points"))
            pixels = [0] * (len(halves) - len(pixels)) + pixels   # without a width there is no bar
            self.assertGreater(pixels[-1], 10)
            for drawn_half, half in zip(pixels, halves):
                self.assertAlmostEqual(drawn_half, half * pixels[-1] / halves[-1], delta=0.1, msg=name)


if __name__ == "__main__":
    need_browser()
    unittest.main()
