"""What each chart of a page paints, in a real headless Chromium: every value of the tables is at its place with its colour, and nothing else is."""
import csv
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

from browser import Browser, need_browser
from painted import Painted, rgb
from sweeping import EXAMPLE, NICTEAM, SAMPLED, SOURCE, Folder

LIGHTNESS = [rgb(c) for c in ("#440154", "#3b528b", "#21918c", "#5ec962", "#fde725")]
FORMS = (("at_most", "at most"), ("at_least", "at least"), ("equals", "equals"))


def number(text):
    try:
        return float(text)
    except ValueError:
        return text or None


class Charts:
    """One page, opened once."""

    @classmethod
    def open(cls, page):
        cls.browser = Browser(None)
        cls.addClassCleanup(cls.browser.driver.quit)
        cls.browser.open(page)

    def painted(self, chart):
        return Painted(self, self.browser, "#chart-" + chart)

    def choose(self, chart, key, n):
        self.browser.run("""const s = document.querySelector(`#chart-${arguments[0]} select[data-key='${arguments[1]}']`);
                            s.value = arguments[2]; s.dispatchEvent(new Event('change'))""", chart, key, n)

    def choices(self, chart, key):
        return self.browser.run("const s = document.querySelector(`#chart-${arguments[0]} select[data-key='${arguments[1]}']`);"
                                "return s ? [...s.options].map(o => o.textContent) : []", chart, key)

    def tearDown(self):
        self.assertEqual(self.browser.console(), [])


class Sweep(Charts):
    """What the pages of sweeps have in common."""
    text = None

    @classmethod
    def setUpClass(cls):
        folder = Folder(type("of_class", (), {"addCleanup": staticmethod(cls.addClassCleanup)}))
        folder.sweep(folder.scenario(cls.text), "-o", "out", "-q")
        with open(folder.path / "out/points.csv", newline="") as file:
            heading, *rows = csv.reader(file)
        cls.points = [{h.split(" [")[0]: number(v) for h, v in zip(heading, r)} for r in rows]
        cls.values = {p: sorted({r[p] for r in cls.points}) for p in ("offered", "octets", "bus_period")}
        cls.open(folder.path / "out/report.html")

    def state(self, chart):
        """Names of what is chosen; values of what is fixed."""
        return {k: v["name"] if isinstance(v, dict) else v for k, v in self.painted(chart).of("c.state").items()}

    def slice(self, state):
        return [r for r in self.points if all(r[k[6:]] == v for k, v in state.items() if k.startswith("fixed:"))]

    def cell(self, state, row):
        return self.values[state["x"]].index(row[state["x"]]), self.values[state["y"]].index(row[state["y"]])

    def test_every_point_of_the_front_and_behind_it_stands_at_its_two_figures(self):
        chart, place = self.painted("front"), lambda r: (r["arrived"], r["bus_use"])
        colours = chart.colours()
        best = [r for r in self.points if r["dominated_by"] == 0]
        self.assertTrue(0 < len(best) < len(self.points))
        chart.marks([place(r) for r in self.points if r["dominated_by"]], colours["dominated"], "dominated")
        chart.marks([place(r) for r in best], colours["trade-off front"], "front")
        chart.line(sorted(map(place, best)), colours["trade-off front"], "front")
        chart.marks([place(r) for r in self.points if r["baseline"] == 1], colours["baseline"], "baseline")
        self.choose("front", "x", 1)
        chart = self.painted("front")
        chart.line(sorted((r["bus_use"], r["arrived"]) for r in best), colours["trade-off front"], "front, turned")
        self.choose("front", "x", 0)

    def test_bars_of_the_tornado_go_from_the_least_mean_of_a_parameter_to_its_greatest(self):
        effects = self.browser.run("return data.effects")
        for n, figure in enumerate(self.choices("tornado", "figure")):
            self.choose("tornado", "figure", n)
            chart = self.painted("tornado")
            known = [r[figure] for r in self.points if r[figure] is not None]
            mean, swings = sum(known) / len(known), {}
            for e in effects:
                if e["figure"] == figure:
                    swings.setdefault(e["parameter"], []).append(e["mean"])
            rows = chart.of("c.library.getOption().yAxis[0].data")
            self.assertEqual(sorted(rows), sorted(swings))
            self.assertEqual(rows, sorted(rows, key=lambda p: max(swings[p]) - min(swings[p])))
            low, high = self.browser.run("return colours().series.slice(0, 2)")
            for at, parameter in enumerate(rows):
                (a, y), (m, _), (b, _) = chart.places([(min(swings[parameter]), at), (mean, at), (max(swings[parameter]), at)])
                chart.bar(a, max(m, a + 1), y, low, (figure, parameter))
                chart.bar(m, max(b, m + 1), y, high, (figure, parameter))

    def test_every_point_is_a_line_through_all_of_its_values_with_the_colour_of_its_figure(self):
        parameters, figures = ["offered", "octets", "bus_period"], ["arrived", "bus_use", "delay"]
        for n, figure in enumerate(self.choices("parallel", "figure")):
            self.choose("parallel", "figure", n)
            chart = self.painted("parallel")
            self.assertEqual([a["name"] for a in chart.of("c.library.getOption().parallelAxis")], parameters + figures)
            strips = self.browser.run("return lines_on_light")
            known = [r[figure] for r in self.points if r[figure] is not None]
            least, most = min(known), max(known)
            lines = [s for s in chart.shapes if len(s["corners"]) == len(parameters + figures) and s["fill"] == "none"]
            self.assertEqual(len(lines), len(self.points))
            at = {p: {v: k for k, v in enumerate(self.values[p])} if len(self.values[p]) <= 12 else None for p in parameters}
            for r in self.points:
                value = lambda p: at[p][r[p]] if at.get(p) else r[p]
                colour = strips[min(4, int((r[figure] - least) / (most - least) * 5))]
                chart.line([value(p) for p in parameters + figures], colour, (figure, r["point"]))


class Gridded(Sweep, unittest.TestCase):
    text = EXAMPLE

    def test_lines_bands_and_closed_forms_stand_where_the_table_says(self):
        for n, figure in enumerate(self.choices("families", "figure")):
            self.choose("families", "figure", n)
            state, chart = self.state("families"), self.painted("families")
            colours, x, forms = chart.colours(), state["x"], set()
            groups = self.values[state["series"]]
            self.assertEqual(len([name for name in colours if not name.startswith("closed form")]), len(groups))
            for value, (name, colour) in zip(groups, list(colours.items())):
                self.assertTrue(name.startswith(state["series"]), name)
                mine = sorted((r for r in self.slice(state) if r[state["series"]] == value), key=lambda r: r[x])
                self.assertGreater(len(mine), 1)
                chart.line([(r[x], r[figure]) for r in mine], colour, (figure, name))
                chart.marks([(r[x], r[figure]) for r in mine], colour, (figure, name))
                half = figure + "_half_width"
                chart.area([(r[x], r[figure] + r[half]) for r in mine] + [(r[x], r[figure] - r[half]) for r in reversed(mine)], colour, (figure, name, "band"))
                for form, word in FORMS:
                    line = tuple((r[x], r[f"{figure}_{form}"]) for r in mine if r.get(f"{figure}_{form}") is not None)
                    if line and (form, line) not in forms:
                        chart.line(line, colour, (figure, name, word), dashed=True)
                        forms.add((form, line))
                        self.assertIn(f"closed form, {word}", colours)
            self.assertEqual(len(chart.of("c.library.getOption().series.filter(s => s.name.startsWith('closed'))")), len(forms))
            self.assertEqual(bool(forms), figure != "delay")

    def press(self, name):
        self.browser.run("""[...document.querySelectorAll('#chart-families button')]
                            .find(b => [b.textContent, b.ariaLabel].includes(arguments[0])).click()""", name)

    def test_a_hidden_line_takes_its_closed_form_along(self):
        dashes = lambda: [s["stroke"] for s in self.painted("families").shapes if s["dashed"] and s["corners"]]
        self.choose("families", "figure", 0)
        colours = self.painted("families").colours()
        lines = [name for name in colours if not name.startswith("closed")]
        self.assertEqual(dashes(), [colours[name] for name in lines])
        self.press(lines[1])
        self.assertEqual(dashes(), [colours[lines[0]], colours[lines[2]]])
        self.press(lines[1])
        self.assertEqual(dashes(), [colours[name] for name in lines])
        self.choose("families", "figure", 1)   # 100 % is the bound of all
        for n, name in enumerate(lines):
            self.assertEqual(len(dashes()), 1, n)
            self.press(name)
        self.assertEqual(dashes(), [])
        for name in lines:
            self.press(name)

    def test_the_axis_of_the_figure_follows_the_zoom(self):
        self.choose("families", "figure", 0)
        self.press("closed form, at most")
        state, extent = self.state("families"), "c.library.getModel().getComponent('yAxis').axis.scale.getExtent()"
        whole = self.painted("families").of(extent)
        for name in ("Zoom in", "Move left", "Move left"):
            self.press(name)
        chart = self.painted("families")
        left, right = chart.of("(({ startValue, endValue }) => [startValue, endValue])(c.library.getOption().dataZoom[0])")
        seen, (x, figure) = [], (state["x"], self.choices("families", "figure")[0])
        for value in self.values[state["series"]]:
            mine = sorted((r for r in self.slice(state) if r[state["series"]] == value), key=lambda r: r[x])
            for way in (-1, 1):
                edge = [(r[x], r[figure] + way * r[figure + "_half_width"]) for r in mine]
                seen += [y for at, y in edge if left <= at <= right]
                seen += [ay + (by - ay) * (end - ax) / (bx - ax) for (ax, ay), (bx, by) in zip(edge, edge[1:]) for end in (left, right) if ax < end < bx]
        low, high = chart.of(extent)
        self.assertTrue(low <= min(seen) and max(seen) <= high, (low, high, min(seen), max(seen)))
        self.assertLess(high - low, 1.6 * (max(seen) - min(seen)))
        self.assertLess(high - low, 0.8 * (whole[1] - whole[0]))
        self.press("Show all")
        self.assertEqual(self.painted("families").of(extent), whole)
        self.press("closed form, at most")

    def test_a_cell_of_the_map_has_the_colour_of_its_figure(self):
        for n, figure in enumerate(self.choices("map", "figure")):
            self.choose("map", "figure", n)
            state, chart = self.state("map"), self.painted("map")
            rows = self.slice(state)
            self.assertEqual(len(rows), len(self.values[state["x"]]) * len(self.values[state["y"]]))
            least, most = min(r[figure] for r in rows), max(r[figure] for r in rows)
            for r, place in zip(rows, chart.places([self.cell(state, r) for r in rows])):
                part = (r[figure] - least) / (most - least) * 4
                lower = min(3, int(part))
                expected = [a + (b - a) * (part - lower) for a, b in zip(LIGHTNESS[lower], LIGHTNESS[lower + 1])]
                cell = chart.around(place)[0]
                self.assertLess(max(abs(a - b) for a, b in zip(rgb(cell["fill"]), expected)), 3, (figure, r["point"], cell))

    def test_what_limited_a_point_is_the_colour_of_its_place(self):
        state, chart = self.state("limits"), self.painted("limits")
        colours, rows, count = chart.colours(), self.slice(state), 0
        (_, below), (_, above) = chart.places([(0, 0), (0, 1)])
        for r, (x, y) in zip(rows, chart.places([self.cell(state, r) for r in rows])):
            kinds = r["limited_by"].split(", ")
            parts = sorted((s for s in chart.shapes if s["fill"] in colours.values() and s["box"][0] < x < s["box"][2]
                            and abs((s["box"][1] + s["box"][3]) / 2 - y) < (below - above) / 2), key=lambda s: s["box"][1])
            self.assertEqual([s["fill"] for s in parts], [colours[k] for k in kinds], r["point"])
            count += len(parts)
        self.assertEqual(count, len([s for s in chart.shapes if s["fill"] in colours.values()]))


class Sampled(Sweep, unittest.TestCase):
    text = SAMPLED

    def test_marks_stand_where_the_table_says(self):
        for n, figure in enumerate(self.choices("families", "figure")):
            self.choose("families", "figure", n)
            state, chart = self.state("families"), self.painted("families")
            colours = chart.colours()
            chart.marks([(r[state["x"]], r[figure]) for r in self.points], colours[figure], figure)
            for form, word in FORMS:
                places = [(r[state["x"]], r[f"{figure}_{form}"]) for r in self.points if r.get(f"{figure}_{form}") is not None]
                self.assertEqual(bool(places), f"closed form, {word}" in colours)
                if places:
                    chart.marks(places, colours[f"closed form, {word}"], (figure, word))

    def test_what_limited_a_point_is_the_colour_of_its_mark(self):
        state, chart = self.state("limits"), self.painted("limits")
        for name, colour in chart.colours().items():
            mine = [r for r in self.points if name in r["limited_by"].split(", ")]
            self.assertGreater(len(mine), 0)
            shapes = [s for s in chart.shapes if colour in (s["fill"], s["stroke"])]
            for place in chart.places([(r[state["x"]], r[state["y"]]) for r in mine]):
                self.assertTrue(any(s["box"][0] - 12 < place[0] < s["box"][2] + 12 and s["box"][1] < place[1] < s["box"][3] for s in shapes), (name, place))


class Run(Charts, unittest.TestCase):
    """What its data are made of, test_run.py works out anew."""
    CHARTS = ("throughput", "latency", "queues", "use", "stages", "curves")

    @classmethod
    def setUpClass(cls):
        folder = cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="nicteam-"))
        cls.addClassCleanup(shutil.rmtree, folder)
        subprocess.run([NICTEAM, "run", SOURCE / "scenarios/overrun-and-recovery.toml", "-q", "--trace", "packets,report", "-o", folder / "run"], check=True,
                       stderr=subprocess.DEVNULL)
        subprocess.run([NICTEAM, "report", folder / "run"], check=True, capture_output=True)
        cls.open(folder / "run/report.html")
        cls.data = cls.browser.run("return data")

    def over_time(self, chart, lines):
        painted = self.painted(chart)
        colours = painted.colours()
        self.assertEqual(sorted(colours), sorted(lines))
        for name, (step, values, dashed) in lines.items():
            corners = [(self.data["from"] + n * step, v) for n, v in enumerate([*values, values[-1]])]
            self.assertGreater(len(corners), 8)
            painted.passes([c for c in corners if c[1] is not None], colours[name], name, dashed)
        for fault in self.data["faults"]:
            (left, bottom), (right, _) = painted.places([(fault["from"], 0), (fault["until"], 0)])
            self.assertTrue(any(abs(s["box"][0] - left) < 1 and abs(s["box"][2] - right) < 1 and abs(s["box"][3] - bottom) < 1 for s in painted.shapes), fault)

    def plain(self, series):
        return {s["name"]: (s["step"], s["values"], False) for s in series}

    def test_throughput_and_use_are_steps_through_their_values(self):
        self.over_time("throughput", self.plain(self.data["throughput"]))
        self.over_time("use", self.plain(self.data["use"]))

    def test_latency_has_a_line_for_the_mean_and_a_dotted_one_for_the_greatest(self):
        self.over_time("latency", {f"{l['name']}, {word}": (l["step"], l[word], word == "greatest")
                                   for l in self.data["latency"] for word in ("mean", "greatest")})

    def test_queues_are_steps_through_their_values(self):
        self.over_time("queues", self.plain(self.data["under_way"]))

    def test_stages_are_bars_one_behind_the_other(self):
        chart = self.painted("stages")
        colours = chart.colours()
        flows = chart.of("c.library.getOption().yAxis[0].data")
        self.assertEqual(len(flows), len(self.data["stages"]))
        for flow in self.data["stages"]:
            row, ends = flows.index(flow["name"]), [0.0]
            self.assertEqual(len(flow["parts"]), len(colours))
            for part in flow["parts"]:
                ends.append(ends[-1] + part["mean"])
            places = chart.places([(end, row) for end in ends])
            for part, (left, y), (right, _) in zip(flow["parts"], places, places[1:]):
                chart.bar(left, right, y, colours[part["name"]], part["name"])

    def test_every_chart_is_saved_as_svg_with_title_and_legend(self):
        for chart in self.CHARTS:
            text = self.browser.driver.execute_async_script("""
                const made = URL.createObjectURL, done = arguments[1];
                URL.createObjectURL = blob => { URL.createObjectURL = made; blob.text().then(done); return made(blob); };
                all_charts.find(c => c.figure.id === 'chart-' + arguments[0]).save();""", chart)
            painted, svg = self.painted(chart), xml.etree.ElementTree.fromstring(text)
            label, names = painted.of("[c.drawn.label, c.drawn.legend.filter(l => !c.hidden.has(l.name)).map(l => l.name)]")
            told = "".join(e.text or "" for e in svg.iter() if e.tag.endswith("}text"))
            for words in (label, *names, *[f["name"] for f in self.data["faults"] if chart not in ("stages", "curves")]):
                self.assertIn(words, told, chart)
            self.assertIn(label, next(e.text for e in svg.iter() if e.tag.endswith("}title")))
            colours = {e.get(k) for e in svg.iter() for k in ("stroke", "fill")}
            self.assertLessEqual(set(painted.colours().values()), colours, chart)

    @unittest.skipUnless(shutil.which("pdftotext"), "poppler-utils not installed")
    def test_paper_has_every_chart_in_colours_of_its_own_and_is_white(self):
        self.browser.open(self.folder / "run/report.html", dark=True)
        try:
            dark = self.browser.run("return [colours().text, colours().dim, colours().back, ...colours().series]")
            self.browser.run("""addEventListener('beforeprint', () => { window.at_print = all_charts.map(c => [c.figure.id.slice(6),
                c.canvas.querySelector('svg').outerHTML, c.drawn.legend.map(l => l.colour)]) }, { once: true })""")
            self.browser.paper(self.folder / "paper.pdf")
            for chart, svg, colours in self.browser.run("return window.at_print"):
                self.assertEqual([c for c in dark if f'"{c}"' in svg], [], chart)
                self.assertEqual([c for c in colours if f'"{c}"' not in svg], [], chart)
            self.assertEqual([chart for chart, *_ in self.browser.run("return window.at_print")], list(self.CHARTS))
            names = self.browser.run("return all_charts.flatMap(c => c.drawn.legend.filter(l => !c.hidden.has(l.name)).map(l => l.name))")
        finally:
            self.browser.open(self.folder / "run/report.html")
        text = subprocess.run(["pdftotext", "-layout", self.folder / "paper.pdf", "-"], capture_output=True, text=True, check=True).stdout
        for words in ("What limited the run", "simulated time", "share of packets", "mean of a packet", *names):
            self.assertIn(words, text)
        self.assertGreaterEqual(text.count("stall of server.cpu0"), 4)
        self.assertIsNone(re.search(r"Zoom|Move left", text))

    def test_curves_go_through_their_quantiles(self):
        for n, name in enumerate(self.choices("curves", "flow") or [self.data["curves"][0]["name"]]):
            if n:
                self.choose("curves", "flow", n)
            chart, flow = self.painted("curves"), next(f for f in self.data["curves"] if f["name"] == name)
            looks = {l["name"]: (l["colour"], l["type"] != "solid") for l in chart.of("c.drawn.legend")}
            self.assertGreater(len(flow["stages"]), 8)
            for stage in flow["stages"]:
                shares = stage.get("shares", [100 * q / (len(stage["values"]) - 1) for q in range(len(stage["values"]))])
                chart.passes([(max(v, 1e-12), s) for v, s in zip(stage["values"], shares)], looks[stage["name"]][0], stage["name"], looks[stage["name"]][1])


if __name__ == "__main__":
    need_browser()
    unittest.main()
