"""Scripts for gnuplot beside the page of a run and of a comparison: gnuplot draws with them what the pages' charts are drawn from; files of others stay."""
import json
import pathlib
import re
import shutil
import subprocess
import unittest
import xml.etree.ElementTree

from page import Page
from sweeping import GRID, NICTEAM, SOURCE, Folder


class Scripts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Folder(type("of_class", (), {"addCleanup": staticmethod(cls.addClassCleanup)}))
        cls.left = cls.folder.path / "run"
        subprocess.run([NICTEAM, "run", SOURCE / "scenarios/team-failover.toml", "-q", "--trace", "packets,report", "-o", cls.left], check=True,
                       stderr=subprocess.DEVNULL)
        subprocess.run([NICTEAM, "report", cls.left], check=True, capture_output=True)
        cls.data = Page((cls.left / "report.html").read_text()).data
        file = cls.folder.scenario(GRID)
        for name, clock in (("a", "30 ns"), ("b", "40 ns")):
            cls.folder.sweep(file, "-o", name, "-q", "--set", "sweep.replicates=3", "--set", f'server.pci0.period="{clock}"')
        cls.compared = subprocess.run([NICTEAM, "compare", "a", "b", "-o", "ab.html"], cwd=cls.folder.path, capture_output=True, text=True)

    def drawn(self, script, where):
        if not shutil.which("gnuplot"):
            self.skipTest("gnuplot-nox not installed")
        done = subprocess.run(["gnuplot", script], cwd=where, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        pictures = {p.stem: p.read_text() for p in pathlib.Path(where).glob("*.svg")}
        for text in pictures.values():
            xml.etree.ElementTree.fromstring(text)
        return pictures

    @staticmethod
    def parts(svg):
        """Of each title the lines that are drawn under it, behind the sample in the key."""
        found, all_of = re.findall(r"<g id=\"gnuplot_plot_\d+\" ><title>(.*?)</title>(.*?)(?=<g id=\"gnuplot_plot_|\Z)", svg, re.S), {}
        for title, part in found:
            lines, at = [], None
            for d in re.findall(r"<path stroke='rgb[^']*'[^>]*? d='([^']*)'", part):
                for letter, x, y in re.findall(r"([ML])\s*([\d.]+),([\d.]+)", d):
                    to = float(x), float(y)
                    lines += [(at, to)] if letter == "L" else []
                    at = to
            all_of[title.replace("&gt;", ">")] = lines[1:]
        return all_of

    def assert_steps(self, svg, lines):
        """`lines`: values by name; None: nothing is drawn there. The window is as wide as the picture's frame."""
        parts, pairs = self.parts(svg), []
        xs = [x for drawn in parts.values() for line in drawn for x, _ in line]
        left, right = min(xs), max(xs)
        self.assertEqual(set(parts), set(lines))
        for name, (values, whole) in lines.items():
            for n, value in enumerate(values):
                x = left + (n + 0.5) / whole * (right - left)
                ys = [a[1] for a, b in parts[name] if a[1] == b[1] and a[0] <= x <= b[0]]
                self.assertEqual(len(ys), 0 if value is None else 1, (name, n, value))
                pairs += [(value, y) for y in ys]
        (least, low), (most, high) = min(pairs), max(pairs)
        for value, y in pairs:
            self.assertAlmostEqual(y, low + (value - least) / (most - least) * (high - low), delta=0.1)

    def test_the_script_of_a_run_draws_what_the_charts_of_its_page_show(self):
        pictures = self.drawn("plot.gp", self.left)
        flows = self.data["curves"]
        self.assertEqual(set(pictures), {f"plot-{c}" for c in
                                         ("throughput", "latency", "queues", "use", "stages", *(f"curves-{n + 1}" for n in range(len(flows))))})
        window = self.data["until"] - self.data["from"]
        self.assert_steps(pictures["plot-throughput"], {t["name"]: (t["values"], len(t["values"])) for t in self.data["throughput"]})
        self.assert_steps(pictures["plot-latency"], {f"{t['name']}, {word}": (t[word], window / t["step"]) for t in self.data["latency"]
                                                     for word in ("mean", "greatest")})
        self.assert_steps(pictures["plot-queues"], {t["name"]: (t["values"], window / t["step"]) for t in
                                                    sorted(self.data["under_way"], key=lambda t: -sum(t["values"]))[:12]})
        for words in ("link_down of lan0", "link_down of lan1"):
            self.assertIn(words, pictures["plot-use"])
        for n, flow in enumerate(flows):
            self.assertEqual(len(self.parts(pictures[f"plot-curves-{n + 1}"])), len(flow["stages"]))
        self.assertEqual(len(re.findall(r"<title>", pictures["plot-stages"])) - 1, 8)
        page = Page((self.left / "report.html").read_text())
        self.assertIn("plot.gp", page.references)
        self.assertIn("plot.gp", [f["name"] for f in json.loads((self.left / "run.json").read_text())["files"]])

    def test_the_script_of_a_comparison_draws_each_difference_with_its_interval(self):
        self.assertIn(self.compared.returncode, (0, 1), self.compared.stderr)
        pictures = self.drawn("ab.gp", self.folder.path)
        page = Page((self.folder.path / "ab.html").read_text())
        self.assertIn("ab.gp", page.references)
        self.assertEqual(set(pictures), {"ab-arrived", "ab-bus_use"})
        svg = pictures["ab-bus_use"]
        rows = [d for d in page.data["differences"] if d["figure"] == "bus_use" and d["half"] is not None]
        marks = sorted({(float(y), float(x)) for x, y in re.findall(r"#gpPt6' transform='translate\(([\d.]+),([\d.]+)\)", svg)})
        across = [tuple(map(float, c)) for c in re.findall(r"M([\d.]+),([\d.]+)\s+L([\d.]+),([\d.]+)", svg)]
        middles = {(y, (x + z) / 2): (z - x) / 2 for x, y, z, again in across if y == again and z > x}
        bars = [min(((abs(y - b) + abs(x - m), half) for (b, m), half in middles.items())) for y, x in marks]
        found = [(x, half) for (_, x), (off, half) in zip(marks, bars) if off < 0.1]
        self.assertEqual(len(found), len(rows) + svg.count("<title>") - 1)   # and the samples in the key, below
        changes, halves = [d["b"] - d["a"] for d in rows], [d["half"] for d in rows]
        found = found[:len(rows)]
        scale = (max(x for x, _ in found) - min(x for x, _ in found)) / (max(changes) - min(changes))
        self.assertGreater(scale, 0)
        for (x, half), change, expected in zip(found, changes, halves):   # from the top down
            self.assertAlmostEqual(half, expected * scale, delta=0.2)
            self.assertAlmostEqual(x - found[0][0], (change - changes[0]) * scale, delta=0.2)
        for d in rows:
            self.assertIn(d["of"], svg)

    def test_what_somebody_else_calls_so_stays(self):
        for script, words in ((self.left / "plot.gp", ("report", self.left)), (self.folder.path / "cd.gp", ("compare", "a", "b", "-o", "cd.html"))):
            kept = script.read_text() if script.exists() else None
            script.write_text("set title 'mine'\n")
            subprocess.run([NICTEAM, *words], cwd=self.folder.path, capture_output=True)
            self.assertEqual(script.read_text(), "set title 'mine'\n")
            if kept:
                script.write_text(kept)
                subprocess.run([NICTEAM, *words], cwd=self.folder.path, check=True, capture_output=True)
                self.assertEqual(script.read_text(), kept)
        self.assertNotIn("cd.gp", Page((self.folder.path / "cd.html").read_text()).references)
        subprocess.run([NICTEAM, "compare", "a", "b", "-o", "page.gp"], cwd=self.folder.path, capture_output=True)
        self.assertTrue((self.folder.path / "page.gp").read_text().startswith("<!"))
        self.assertTrue((self.folder.path / "page.gp.gp").exists())


if __name__ == "__main__":
    unittest.main()
