"""`nicteam compare`: differences and intervals worked out anew from the files of both; pairs by seed, else Welch; statuses for scripts."""
import contextlib
import csv
import json
import math
import sqlite3
import statistics
import subprocess
import sys
import unittest

from page import Page
from sweeping import ARRIVED, BUS_USE, EXAMPLE, NICTEAM, OCTETS, PARTLY_HELD, SOURCE, TINY, Folder

try:
    from scipy.stats import t as student
except ImportError:
    print("skipped: python3-scipy not installed")
    sys.exit(77)

FAST = ("--set", "server.cpu0.clock=400 MHz")
FEWER = EXAMPLE.replace("steps = 5", "steps = 2").replace('at_most = "100 Mbps / (server.up.frame_size + 19 B) / 1 Hz"\n', "")


class Both(unittest.TestCase):
    def setUp(self):
        self.folder = Folder(self)

    def compare(self, *words, status):
        done = subprocess.run([NICTEAM, "compare", *words], cwd=self.folder.path, capture_output=True, text=True)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done

    def page_rows(self, table="table-differences"):
        return Page((self.folder.path / "ab.html").read_text()).tables[table][1:]


class Layouts(Both):
    """Results of another layout are refused by name, whoever reads them."""
    CHANGES = {
        "ALTER TABLE points DROP COLUMN baseline": "table points has no column baseline",
        "UPDATE sweep SET value = '2' WHERE key = 'replicates'": "table points has no column arrived_half_width",
        "ALTER TABLE points DROP COLUMN arrived_counts": "table points has no column arrived_counts",
        "ALTER TABLE runs DROP COLUMN arrived": "table runs has no column arrived",
        "ALTER TABLE figures DROP COLUMN held_near": "table figures has no column held_near",
        "ALTER TABLE effects RENAME COLUMN swing TO swings": "table effects has no column",
        "DELETE FROM units WHERE \"table\" = 'runs' AND \"column\" = 'octets'": "table runs has columns that `units` does not know",
        "DROP TABLE notes": "has no table notes",
        "DELETE FROM sweep WHERE key = 'format'": "does not say its format",
        "UPDATE sweep SET value = '0' WHERE key = 'format'": "has format 0, this version reads 1",
        "DELETE FROM sweep WHERE key = 'confidence'": "`confidence` of the sweep is \"\", no number",
        "UPDATE sweep SET value = 'x' WHERE key = 'replicates'": "`replicates` of the sweep is \"x\", no number",
        "UPDATE points SET point = 'first' WHERE point = 0": "column point of table points has a value that is no number",
        "UPDATE runs SET arrived = 'many'": "column arrived of table runs has a value that is no number",
        "UPDATE runs SET seed = NULL": "column seed of table runs is empty",
        "ALTER TABLE effects DROP COLUMN swing; ALTER TABLE effects ADD COLUMN swing TEXT": "column swing of table effects has text, not numbers",
    }

    def test_another_layout_is_refused_by_report_and_compare(self):
        whole = TINY + "[sweep]\n" + OCTETS + ARRIVED + 'at_most = "100000"\n'
        self.folder.sweep(self.folder.scenario(whole, "whole"), "-o", "whole", "-q")
        file, octets = self.folder.path / "whole" / "results.sqlite", self.folder.octets("whole")["results.sqlite"]
        for change, told in self.CHANGES.items():
            with self.subTest(change):
                file.write_bytes(octets)
                with contextlib.closing(sqlite3.connect(file)) as database:
                    database.executescript("DROP VIEW configurations;" + change)
                for words in (("report", "whole"), ("compare", "whole", "whole")):
                    done = subprocess.run([NICTEAM, *words], cwd=self.folder.path, capture_output=True, text=True)
                    self.assertEqual(done.returncode, 2, done.stderr)
                    self.assertIn("results.sqlite: " + told, done.stderr)
        self.folder.sweep("merge", "whole")   # makes it anew
        self.assertEqual(self.folder.octets("whole")["results.sqlite"], octets)


class Settings(Both):
    def test_what_two_sweeps_and_two_runs_set_otherwise(self):
        file = self.folder.scenario(TINY + "[sweep]\n" + OCTETS + BUS_USE)
        expected = [["server.cpu0.clock", '"5 ns"', '"2500 ps"']]
        for kind, words, judged in (("sweep", ["-q"], 0), ("run", [], 0)):
            for out, more in (("a", ["--set", "server.cpu0.clock=200 MHz"]), ("b", FAST)):
                subprocess.run([NICTEAM, kind, file, "-o", kind + out, *words, *more], cwd=self.folder.path, capture_output=True, check=True)
            done = self.compare(kind + "a", kind + "b", "-o", "ab.html", status=judged)
            self.assertIn('settings: server.cpu0.clock: "5 ns" in A, "2500 ps" in B\n', done.stdout)
            self.assertEqual(self.page_rows("table-settings"), expected)
            self.assertIn("settings: the same\n", self.compare(kind + "a", kind + "a", status=0).stdout)
        self.assertRegex(done.stdout, r"use .* [+-][\d.e-]+\spoints \([+-]")


class Sweeps(Both):
    def two_sweeps(self, *of_b, text=FEWER):
        file = self.folder.scenario(text)
        self.folder.sweep(file, "-o", "a", "-q")
        self.folder.sweep(file, "-o", "b", "-q", *of_b)

    def values(self, out):
        """Point and figure: values by seed."""
        all_of = {}
        for r in self.folder.table(out):
            point = tuple(float(r[k]) for k in ("offered", "octets [B]", "bus_period [s]"))
            for figure in ("arrived", "bus_use [%]", "delay [s]"):
                all_of.setdefault((point, figure.split(" ")[0]), {})[r["seed"]] = float(r[figure])
        return all_of

    def assert_rows(self, expected):
        """`expected`: figure, A, B and half width of each difference, in order."""
        rows = self.page_rows()
        self.assertEqual(len(rows), len(expected))
        self.assertGreater(len(rows), 0)
        for row, (figure, a, b, half) in zip(rows, expected):
            self.assertEqual(row[0], figure)
            for ours, theirs in zip(row[2:6], (a, b, b - a, half)):
                self.assertAlmostEqual(ours, theirs, delta=1e-9 * max(abs(a), abs(b)) + 1e-15, msg=row)

    def test_runs_with_the_same_seeds_are_pairs(self):
        self.two_sweeps(*FAST)
        said = self.compare("a", "b", "-o", "ab.html", status=1).stdout
        self.assertIn("paired: runs with the same seeds", said)
        a, b, expected = self.values("a"), self.values("b"), []
        for figure in ("arrived", "bus_use", "delay"):
            for point in dict.fromkeys(p for p, f in a if f == figure):
                x, y = a[point, figure], b[point, figure]
                self.assertEqual(list(x), list(y))
                d = [y[s] - x[s] for s in x]
                expected.append((figure, statistics.mean(x.values()), statistics.mean(y.values()), student.ppf(0.975,
                        len(d) - 1) * statistics.stdev(d) / math.sqrt(len(d))))
        self.assert_rows(expected)
        words = {row[6] for row in self.page_rows()}
        self.assertLessEqual(words, {"no", "by itself only", "B is more", "B is less", "B is better", "B is worse"})
        compared = len(expected) + 3
        for row, (_, x, y, half) in zip(self.page_rows(), expected):
            stands_out = abs(y - x) > half
            wider = half * student.ppf(1 - 0.025 / compared, 2) / student.ppf(0.975, 2)
            self.assertEqual(row[6] == "no", not stands_out, row)
            self.assertEqual(row[6] in ("B is more", "B is less", "B is better", "B is worse"), abs(y - x) > wider, row)
        differ = sum(row[6].startswith("B is") for row in self.page_rows() + self.page_rows("table-overall"))
        self.assertIn(f"They differ in {differ} of {compared} comparisons.\n", said)

    def test_expectations_and_closed_forms_that_no_longer_hold_count(self):
        """The figures are the same to the last digit."""
        text = PARTLY_HELD + '[[expect]]\nname = "many"\nmetric = "client.frames"\nat_least = "MANY frames"\n'
        for out, frames, form, status in (("a", 1, "0.2", 0), ("expects", 9999, "0.2", 1), ("holds", 1, "0.3", 1)):
            file = self.folder.scenario(text.replace("MANY", str(frames)).replace('at_least = "0.2"', f'at_least = "{form}"'))
            self.folder.sweep(file, "-o", out, "-q", "--set", "sweep.replicates=2", status=status)
        told = self.compare("a", "expects", status=1).stdout
        self.assertIn("  runs with an expectation that did not hold: 0 in A, 6 in B\n  at 3 of 3 points B does not keep what A keeps\n", told)
        self.assertIn("B does not keep what A keeps. ", told)
        told = self.compare("a", "holds", status=1).stdout
        self.assertIn("  breaches of closed forms: 0 in A, 2 in B\n  at 1 of 3 points B does not keep what A keeps\n", told)
        self.assertIn("  runs with an expectation that did not hold: 6 in A, 0 in B\n", self.compare("expects", "a", status=0).stdout)
        self.compare("expects", "expects", status=0)

    def test_all_points_together_are_means_over_points_by_seed(self):
        self.two_sweeps(*FAST)
        self.compare("a", "b", "-o", "ab.html", status=1)
        a, b = self.values("a"), self.values("b")
        for row in self.page_rows("table-overall"):
            points = [p for p, f in a if f == row[0]]
            d = [statistics.mean(b[p, row[0]][s] - a[p, row[0]][s] for p in points) for s in a[points[0], row[0]]]
            self.assertAlmostEqual(row[4], statistics.mean(d), delta=1e-9 * abs(row[2]))
            self.assertAlmostEqual(row[5], student.ppf(0.975, len(d) - 1) * statistics.stdev(d) / math.sqrt(len(d)), delta=1e-9 * abs(row[2]))

    def test_other_seeds_are_compared_by_welch(self):
        self.two_sweeps("--set", "seed=77", "--set", "sweep.replicates=4")
        self.assertIn("by Welch", self.compare("a", "b", "-o", "ab.html", "--confidence", "90", status=0).stdout)
        a, b, expected = self.values("a"), self.values("b"), []
        for figure in ("arrived", "bus_use", "delay"):
            for point in dict.fromkeys(p for p, f in a if f == figure):
                x, y = list(a[point, figure].values()), list(b[point, figure].values())
                vx, vy = statistics.variance(x) / len(x), statistics.variance(y) / len(y)
                degrees = (vx + vy) ** 2 / (vx ** 2 / (len(x) - 1) + vy ** 2 / (len(y) - 1)) if vx + vy else 1
                expected.append((figure, statistics.mean(x), statistics.mean(y), student.ppf(0.95, degrees) * math.sqrt(vx + vy)))
        self.assert_rows(expected)

    def test_the_same_sweep_does_not_differ(self):
        self.two_sweeps()
        done = self.compare("a", "b", status=0)
        self.assertIn("Nothing of what was judged shows that they differ (39 comparisons).", done.stdout)

    def test_one_point_run_once_is_not_judged(self):
        one = FEWER.replace("replicates = 3", "replicates = 1").replace("from = 5000\nto = 60000\nsteps = 2", "values = [5000]")
        self.two_sweeps(*FAST, text=one.replace('"64 B", "256 B", "1000 B"', '"64 B"').replace('"30 ns", "40 ns"', '"30 ns"'))
        told = self.compare("a", "b", status=4).stdout
        self.assertIn("Not judged: of one run on a side nobody knows what is chance.", told)
        self.assertIn("hint: more runs of each point: --set sweep.replicates=5", told)

    def test_aims_say_which_is_better(self):
        self.two_sweeps("--set", "server.pci0.period=60 ns,80 ns")
        self.compare("a", "b", status=2)  # no point in common
        self.setUp()
        text = FEWER.replace("[[vary]]\nname = \"bus_period\"", "[[vary]]\nname = \"unused\"").replace('key = "server.pci0.period"',
                'key = "server.cpu0.clock"')
        text = text.replace('["30 ns", "40 ns"]', '["300 MHz", "350 MHz"]').replace('"server.pci0.period=30 ns"', '"server.cpu0.clock=300 MHz"')
        file = self.folder.scenario(text)
        self.folder.sweep(file, "-o", "a", "-q")
        self.folder.sweep(file, "-o", "b", "-q", "--set", "server.pci0.period=60 ns")
        rows = [line for line in self.compare("a", "b", status=1).stdout.splitlines() if line.startswith("  bus_use")]
        self.assertTrue(any("B is worse" in r for r in rows), rows)
        self.assertFalse(any("B is better" in r for r in rows), rows)

    def test_points_and_figures_of_one_only_are_told_and_units_have_to_agree(self):
        file = self.folder.scenario(FEWER)
        self.folder.sweep(file, "-o", "a", "-q")
        self.folder.sweep(file, "-o", "b", "-q", "--set", "server.up.frame_size=64 B,128 B", "--set", "sweep.baseline=[]")
        done = self.compare("a", "b", status=2)
        self.assertIn("have no point in common" if "no point" in done.stderr else "alike in all parameters", done.stderr)
        self.setUp()
        self.folder.sweep(self.folder.scenario(FEWER), "-o", "a", "-q")
        other = FEWER.replace('values = ["64 B", "256 B", "1000 B"]', 'values = ["64 B", "128 B"]').replace('name = "delay"', 'name = "wait"')
        self.folder.sweep(self.folder.scenario(other, "other"), "-o", "b", "-q")
        done = self.compare("a", "b", status=0)
        self.assertIn("only in A: ", done.stdout)
        self.assertIn("only in B: ", done.stdout)
        self.assertIn("only B has the figure wait", done.stdout)
        self.folder.sweep(self.folder.scenario(FEWER.replace('unit = "%"', ""), "units"), "-o", "c", "-q")
        self.assertIn("bus_use is in % in one sweep, in no unit in the other", self.compare("a", "c", status=2).stderr)

    def test_statuses_of_what_cannot_be_compared_or_written(self):
        self.two_sweeps(*FAST)
        subprocess.run([NICTEAM, "run", self.folder.scenario(TINY, "one"), "-q", "-o", "run"], cwd=self.folder.path, check=True)
        self.assertIn("a is a sweep, run is none", self.compare("a", "run", status=2).stderr)
        self.assertIn("nowhere", self.compare("run", "nowhere", status=2).stderr)
        self.compare("a", status=2)
        self.compare("a", "b", "--confidence", "100", status=2)
        self.assertIn("no/such/ab.html", self.compare("a", "b", "-o", "no/such/ab.html", status=3).stderr)


class Runs(Both):
    """Of two runs: parts of the window are values."""

    def two_runs(self, *of_b):
        file = self.folder.scenario(TINY.replace('duration = "2 ms"', 'duration = "8 ms"'))
        for out, words in (("a", ()), ("b", of_b)):
            subprocess.run([NICTEAM, "run", file, "-q", "-o", out, "--trace", "packets", *words], cwd=self.folder.path, check=True)

    def parts(self, out):
        result = json.loads((self.folder.path / out / "result.json").read_text())
        window = result["window"]
        begin, end = int(window["from_ps"]), int(window["until_ps"])
        parts = {}
        with open(self.folder.path / out / "packets.csv", newline="") as file:
            for r in csv.DictReader(file):
                if r["fate"] == "arrived" and r["from"] == "server.up" and begin <= int(r["ended_ps"]) < end:
                    parts.setdefault((int(r["ended_ps"]) - begin) * 16 // (end - begin), []).append((int(r["ended_ps"]) - int(r["born_ps"])) * 1e-12)
        return {n: statistics.mean(v) for n, v in parts.items()}

    def test_latency_of_parts_in_pairs(self):
        self.two_runs("--set", "server.cpu0.clock=400 MHz")
        self.compare("a", "b", "-o", "ab.html", status=1)
        a, b = self.parts("a"), self.parts("b")
        d = [b[n] - a[n] for n in sorted(a) if n in b]
        row = next(r for r in self.page_rows() if r[0] == "mean latency" and r[1] == "server.up to client")
        self.assertAlmostEqual(row[5], student.ppf(0.975, len(d) - 1) * statistics.stdev(d) / math.sqrt(len(d)), delta=1e-15)
        self.assertEqual(row[6], "B is worse")

    def test_other_seeds_are_no_pairs(self):
        self.two_runs("--seed", "5")
        self.compare("a", "b", "-o", "ab.html", status=0)
        x, y = list(self.parts("a").values()), list(self.parts("b").values())
        vx, vy = statistics.variance(x) / len(x), statistics.variance(y) / len(y)
        degrees = (vx + vy) ** 2 / (vx ** 2 / (len(x) - 1) + vy ** 2 / (len(y) - 1))
        row = next(r for r in self.page_rows() if r[0] == "mean latency" and r[1] == "server.up to client")
        self.assertAlmostEqual(row[5], student.ppf(0.975, degrees) * math.sqrt(vx + vy), delta=1e-12)

    def test_what_could_not_be_judged_is_told_with_what_would(self):
        """Of one run each nothing says what is chance, where there are no parts of the window to count."""
        file = self.folder.scenario(TINY.replace('duration = "2 ms"', 'duration = "206 us"'))
        for out, words in (("a", ()), ("b", ("--set", "server.cpu0.clock=400 MHz")), ("again", ())):
            subprocess.run([NICTEAM, "run", file, "-q", "-o", out, "--trace", "none", *words], cwd=self.folder.path, check=True)
        told = self.compare("a", "b", "-o", "ab.html", status=4).stdout
        self.assertIn("Not judged: of one run on each side nobody knows what is chance.", told)
        self.assertIn("hint: a figure of two sweeps is judged by replicates", told)
        self.assertNotIn("shows that they differ", told)
        page = Page((self.folder.path / "ab.html").read_text())
        self.assertIn("Not judged: of one run", page.text)
        self.assertLessEqual({r[6] for r in page.tables["table-differences"][1:]}, {"not judged", "same"})
        self.assertIn("What both tell is the same.", self.compare("a", "again", status=0).stdout)

    def test_some_judged_some_not(self):
        self.two_runs()
        (self.folder.path / "b" / "packets.csv").unlink()
        subprocess.run([NICTEAM, "run", self.folder.path / "tiny.toml", "-q", "-o", "b", "--trace", "none", "--seed", "5"], cwd=self.folder.path, check=True)
        told = self.compare("a", "b", status=0).stdout
        self.assertRegex(told, r"Nothing of what was judged shows that they differ \(3 comparisons\); \d+ values are not judged: of one run")
        self.assertIn("hint: mean latencies are judged, by parts of the window, where both were run with --trace packets", told)

    def test_an_expectation_that_no_longer_holds_counts(self):
        text = TINY + '\n[[expect]]\nmetric = "client.frames"\nat_least = 20\n'
        file = self.folder.scenario(text)
        subprocess.run([NICTEAM, "run", file, "-q", "-o", "a"], cwd=self.folder.path, check=True)
        subprocess.run([NICTEAM, "run", file, "-q", "-o", "b", "--set", "server.up.frames_per_second=5000"], cwd=self.folder.path)
        self.assertIn("B breaks an expectation that A keeps.", self.compare("a", "b", status=1).stdout)
        again = subprocess.run([NICTEAM, "compare", "b", "a"], cwd=self.folder.path, capture_output=True, text=True)
        self.assertIn("in B it holds", again.stdout)
        self.assertNotIn("breaks an expectation", again.stdout)


if __name__ == "__main__":
    unittest.main()
