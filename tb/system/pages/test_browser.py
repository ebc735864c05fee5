"""The page of a sweep in a real headless Chromium: complete, quiet, by keyboard, in the dark, without scripts and on paper."""
import re
import shutil
import subprocess
import time
import unittest
import xml.etree.ElementTree

from browser import Browser, need_browser
from painted import marks
from sweeping import CONSTRAINED, EXAMPLE, NICTEAM, PARTLY_HELD, SAMPLED, SCALES, Folder

FAMILIES = "#chart-families"


class SweepPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Folder(type("of_class", (), {"addCleanup": staticmethod(cls.addClassCleanup)}))
        cls.folder.sweep(cls.folder.scenario(EXAMPLE, "example"), "-o", "example", "-q")
        cls.folder.sweep(cls.folder.scenario(SAMPLED, "sampled"), "-o", "sampled", "-q")
        cls.page = cls.folder.path / "example" / "report.html"

    def opened(self, page=None, **how):
        self.browser = Browser(self, downloads=self.folder.path)
        self.browser.open(page or self.page, **how)
        return self.browser

    def drawn_of(self, chart):
        return marks(self.browser, chart)

    def test_no_complaint_no_request_every_chart_drawn(self):
        for name, charts in (("example", ["limits", "families", "map", "front", "tornado", "parallel"]),
                ("sampled", ["limits", "families", "front", "tornado", "parallel"])):
            for dark in (False, True):
                with self.subTest(name, dark=dark):
                    b = self.opened(self.folder.path / name / "report.html", dark=dark)
                    self.assertEqual(b.run("return [...document.querySelectorAll('figure.chart')].map(f => f.id)"), ["chart-" + c for c in charts])
                    self.assertEqual(b.run("return document.documentElement.dataset.drawn"), str(len(charts)))
                    for c in charts:
                        self.assertGreater(self.drawn_of("#chart-" + c), 0, c)
                    self.assertEqual(b.console(), [])
                    self.assertEqual([u for u in b.requests() if not u.endswith("/report.html")], [])

    def test_every_choice_of_every_chart_is_drawn_without_complaint(self):
        for name in ("example", "sampled"):
            b = self.opened(self.folder.path / name / "report.html")
            for figure in b.run("return [...document.querySelectorAll('figure.chart')].map(f => f.id)"):
                keys = b.run("return [...document.querySelectorAll('#' + arguments[0] + ' select')].map(s => s.dataset.key)", figure)
                for key in keys:
                    for n in range(b.run("const s = document.querySelector(`#${arguments[0]} select[data-key='${arguments[1]}']`); return s ? s.length : 0",
                            figure, key)):
                        b.run("const s = document.querySelector(`#${arguments[0]} select[data-key='${arguments[1]}']`); "
                              "if (s && arguments[2] < s.length) { s.value = arguments[2];"
                              "s.dispatchEvent(new Event('change')) }", figure, key, n)
                        self.assertGreater(self.drawn_of("#" + figure), 0, (name, figure, key, n))
            self.assertEqual(b.console(), [])

    def test_lines_stand_where_the_table_says(self):
        b = self.opened()
        lines = b.run("return all_charts.find(c => c.figure.id === 'chart-families').library.getOption().series"
                      ".filter(s => s.type === 'line' && !s.name.startsWith('closed'))"
                      ".map(s => [s.name, s.data])")
        points = b.run("return data.points")
        at = {c["name"]: n for n, c in enumerate(points["columns"])}
        self.assertEqual([name for name, _ in lines], ["octets 64\u00a0B", "octets 256\u00a0B", "octets 1000\u00a0B"])
        for (_, drawn), octets in zip(lines, (64, 256, 1000)):
            mine = sorted([r[at["offered"]], r[at["arrived"]]] for r in points["rows"]
                          if r[at["octets"]] == octets and abs(r[at["bus_period"]] - 30e-9) < 1e-12)
            self.assertEqual(drawn, mine)

    def test_what_a_mean_equals_is_drawn_where_it_counts(self):
        self.folder.sweep(self.folder.scenario(PARTLY_HELD, "partly"), "-o", "partly", "-q")
        b = self.opened(self.folder.path / "partly" / "report.html")
        drawn = b.run("""const c = all_charts.find(c => c.figure.id === 'chart-families');
            return data.figures.map((f, n) => { const s = document.querySelector("#chart-families select[data-key='figure']"); s.value = n;
                s.dispatchEvent(new Event('change'));
                return c.library.getOption().series.filter(s => s.name.startsWith('closed')).map(s => s.data); })""")
        self.assertEqual(drawn, [[[[256, 1]]], [[[64, 0.2], [256, 0.2], [1000, 0.2]]]])

    def test_charts_open_where_constraints_left_points_and_offer_no_others(self):
        self.folder.sweep(self.folder.scenario(CONSTRAINED, "constrained"), "-o", "constrained", "-q")
        b = self.opened(self.folder.path / "constrained" / "report.html")
        shown = lambda chart: b.run("return all_charts.find(c => c.figure.id === arguments[0]).library.getOption().series.map(s => s.data.length)", chart)
        offers = lambda chart: b.run("""return Object.fromEntries([...document.querySelectorAll(`#${arguments[0]} select[data-key^="fixed:"]`)].map(s =>
            [s.dataset.key.slice(6), [...s.options].filter(o => !o.disabled).map(o => o.textContent)]))""", chart)
        self.assertEqual(shown("chart-families"), [4, 4, 4])
        self.assertEqual(shown("chart-map"), [12])
        self.assertGreater(sum(shown("chart-limits")), 3)
        for chart in ("chart-families", "chart-map"):
            self.assertEqual(offers(chart), {"kind": ["none", "some"], "wide": ["yes"]}, chart)
            b.run("""const s = document.querySelector(`#${arguments[0]} select[data-key='fixed:kind']`);
                     s.value = 1; s.dispatchEvent(new Event('change'))""", chart)
            self.assertEqual(offers(chart), {"kind": ["none", "some"], "wide": ["no"]}, chart)
            self.assertEqual(sum(shown(chart)), 3, chart)
        self.assertEqual(b.console(), [])

    def test_axes_and_thirds_of_samples_are_on_the_scale_that_was_declared(self):
        self.folder.sweep(self.folder.scenario(SCALES, "scales"), "-o", "scales", "-q")
        b = self.opened(self.folder.path / "scales" / "report.html")
        kinds = b.run("const o = all_charts.find(c => c.figure.id === 'chart-limits').library.getOption(); return [o.xAxis[0].type, o.yAxis[0].type]")
        self.assertEqual(kinds, ["log", "value"])
        edges = {}
        for e in b.run("return data.effects"):
            edges.setdefault(e["parameter"], set()).update(float(end) for end in e["level"].split(" to "))
        a, second, third, d = sorted(edges["offered"])
        self.assertAlmostEqual(second / a, d / third, delta=0.01)
        self.assertAlmostEqual(third / second, d / third, delta=0.01)
        a, second, third, d = sorted(edges["octets"])
        self.assertAlmostEqual(second - a, d - third, delta=1)
        words = b.run("return [...document.querySelectorAll('#chart-tornado svg text')].map(t => t.textContent).join()")
        self.assertRegex(words, r"\d\sB to [\d\s]+B")
        b.open(self.folder.path / "sampled" / "report.html")   # of three parameters: the third is not fixed
        self.assertEqual(b.run("return [...document.querySelectorAll('#chart-limits select')].map(s => s.dataset.key)"), ["x", "y"])

    def test_legend_by_keyboard(self):
        b = self.opened()
        before = self.drawn_of(FAMILIES)
        b.tab_to(f"e.closest('{FAMILIES}') && e.hasAttribute('aria-pressed')")
        b.press(" ")
        self.assertEqual(b.run("return document.activeElement.getAttribute('aria-pressed')"), "false")
        hidden = self.drawn_of(FAMILIES)
        self.assertLess(hidden, before)
        b.press("Enter")
        self.assertEqual(b.run("return document.activeElement.getAttribute('aria-pressed')"), "true")
        self.assertEqual(self.drawn_of(FAMILIES), before)

    def test_zoom_by_keys_on_the_chart_and_by_buttons(self):
        b = self.opened()
        labels = lambda: b.run(f"return [...document.querySelectorAll('{FAMILIES} svg text')].map(t => t.textContent)")
        b.tab_to(f"e.closest('{FAMILIES}') && e.classList.contains('canvas')")
        whole = labels()
        b.press("+", "Equal")
        near = labels()
        self.assertNotEqual(near, whole)
        b.press("ArrowRight")
        self.assertNotEqual(labels(), near)
        b.press("0", "Digit0")
        self.assertEqual(labels(), whole)
        b.run("document.activeElement.blur()")
        b.run(f"document.querySelector('{FAMILIES} select').focus()")
        b.tab_to(f"e.closest('{FAMILIES}') && e.getAttribute('aria-label') === 'Zoom in'", 30)
        b.press("Enter")
        self.assertEqual(labels(), near)
        self.assertEqual(b.console(), [])

    def saved(self, name):
        """What the browser saved under that name; it makes the file empty and fills it afterwards."""
        file, until = self.folder.path / name, time.monotonic() + 20
        while time.monotonic() < until:
            if file.exists() and (text := file.read_text()).rstrip().endswith("</svg>"):
                return text
            time.sleep(0.05)
        self.fail(f"{name} was not saved within 20 s")

    def test_every_chart_is_saved_as_svg_with_its_legend_its_title_and_what_is_fixed(self):
        b = self.opened()
        for chart in ("limits", "families", "map", "front", "tornado", "parallel"):
            b.run("document.querySelector(`#chart-${arguments[0]} [aria-label='Save this chart as SVG']`).click()", chart)
            label, chosen, legend = b.run("""const c = all_charts.find(c => c.figure.id === arguments[0]);
                return [c.drawn.label, c.chosen.textContent, (c.drawn.legend || []).map(l => l.name)]""", "chart-" + chart)
            svg = xml.etree.ElementTree.fromstring(self.saved(f"chart-{chart}.svg"))
            self.assertTrue(svg.tag.endswith("svg"))
            self.assertEqual(next(e.text for e in svg.iter() if e.tag.endswith("}title")), f"{label}; {chosen}")
            words = "".join(e.text or "" for e in svg.iter() if e.tag.endswith("}text"))
            for told in (label, *legend):
                self.assertIn(told, words)
            self.assertIn(re.sub(r"\s", "", chosen), re.sub(r"\s", "", words))   # may be broken into lines
            self.assertGreater(len([e for e in svg.iter() if e.tag.endswith("}path")]), 8)
            if chart == "families":
                self.assertRegex(chosen, "bus_period: 30\u00a0ns")
                self.assertIn("octets 256\u00a0B", legend)
        self.assertEqual(b.console(), [])

    def test_without_scripts_all_tables_are_there_and_no_place_for_charts(self):
        b = self.opened(scripts=False)
        document = b.driver.execute_cdp_cmd("DOM.getDocument", {"depth": 1})["root"]["nodeId"]
        find = lambda selector: b.driver.execute_cdp_cmd("DOM.querySelectorAll", {"nodeId": document, "selector": selector})["nodeIds"]
        self.assertEqual(len(find("#table-points tbody tr")), 30)
        self.assertEqual(len(find("#table-runs tbody tr")), 90)
        self.assertEqual(len(find("#table-front tbody tr")) > 0, True)
        self.assertEqual(find(".canvas"), [])
        self.assertEqual(len(find("html.scripts")), 0)
        b.driver.execute_cdp_cmd("DOM.getBoxModel", {"nodeId": find("#table-points")[0]})  # is laid out
        for nothing_to_read in ("figure.chart", "#families h2", "#map h2", "#parallel h2", "nav a[href='#map']"):
            with self.assertRaises(Exception, msg=nothing_to_read):
                b.driver.execute_cdp_cmd("DOM.getBoxModel", {"nodeId": find(nothing_to_read)[0]})

    def test_a_page_opens_on_what_is_asked_and_fits_a_telephone(self):
        asked = EXAMPLE.replace('[[figure]]\nname = "arrived"', '[[figure]]\nname = "beside"\nas = "rate(client.frames)"\n\n[[figure]]\nname = "arrived"')
        self.folder.sweep(self.folder.scenario(asked, "asked"), "-o", "asked", "-q", "--set", "sweep.replicates=1")
        b = self.opened(self.folder.path / "asked" / "report.html")
        for chart in ("families", "map", "tornado", "parallel"):
            self.assertEqual(b.run(f"return document.querySelector('#chart-{chart} select[data-key=figure]').selectedOptions[0].textContent"), "arrived", chart)
        b.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True})
        b.open(self.folder.path / "asked" / "report.html")
        self.assertEqual(b.run("return document.documentElement.scrollWidth"), 390)
        self.assertEqual(b.console(), [])

    def test_the_page_of_a_comparison(self):
        self.folder.sweep(str(self.folder.path / "example.toml"), "-o", "other", "-q", "--set", "server.cpu0.clock=400 MHz")
        done = subprocess.run([NICTEAM, "compare", "example", "other", "-o", "ab.html"], cwd=self.folder.path, capture_output=True, text=True)
        self.assertEqual(done.returncode, 1, done.stderr)
        for dark in (False, True):
            b = self.opened(self.folder.path / "ab.html", dark=dark)
            figure = b.run("return document.querySelector('#chart-differences select').selectedOptions[0].textContent")
            verdicts = b.run("""return [...document.querySelectorAll('#table-differences tbody tr')].filter(r => r.cells[0].textContent === arguments[0])
                                       .map(r => r.cells[6].textContent)""", figure)
            self.assertTrue(any(v.startswith("B is") for v in verdicts), figure)   # it opens on one that differs: not the first
            for n in range(3):
                b.run("const s = document.querySelector('#chart-differences select'); s.value = arguments[0]; s.dispatchEvent(new Event('change'))", n)
                self.assertGreaterEqual(self.drawn_of("#chart-differences"), 30)
            b.tab_to("e.closest('#chart-differences') && e.hasAttribute('aria-pressed')")
            before = self.drawn_of("#chart-differences")
            b.press(" ")
            self.assertLess(self.drawn_of("#chart-differences"), before)
            self.assertEqual(b.console(), [])
            self.assertEqual([u for u in b.requests() if not u.endswith("/ab.html")], [])
        if shutil.which("pdftotext"):
            b.press(" ")   # shows again what was hidden
            b.run("addEventListener('beforeprint', () => { window.at_print = document.querySelector('#chart-differences svg').outerHTML })")
            text = self.on_paper(b)
            figures = b.run("return [...new Set(data.differences.map(d => d.figure))]")
            for words in (*figures, "B \u2212 A", *b.run("return all_charts[0].drawn.legend.map(l => l.name)"), *verdicts):
                self.assertIn(words, text)
            self.assertIsNone(re.search(r"Zoom|Move left", text))
            dark_ones = b.run("return [colours().text, colours().dim, ...colours().series]")
            self.assertEqual([colour for colour in dark_ones if colour in b.run("return window.at_print")], [])

    def on_paper(self, b):
        b.paper(self.folder.path / "paper.pdf")
        return subprocess.run(["pdftotext", "-layout", self.folder.path / "paper.pdf", "-"], capture_output=True, text=True, check=True).stdout

    def test_dark_is_dark_and_paper_is_white(self):
        b = self.opened(dark=True)
        colour = "return getComputedStyle(document.body).backgroundColor"
        self.assertEqual(b.run(colour), "rgb(19, 23, 28)")
        self.assertIn("#e4e9ee", b.run(f"return document.querySelector('{FAMILIES} svg').outerHTML"))
        b.run("addEventListener('beforeprint', () => { window.at_print = document.querySelector('#chart-families svg').outerHTML })")
        b.paper(self.folder.path / "paper.pdf")
        self.assertIn("#000", b.run("return window.at_print"))
        self.assertNotIn("#e4e9ee", b.run("return window.at_print"))
        self.assertIn("#e4e9ee", b.run(f"return document.querySelector('{FAMILIES} svg').outerHTML"))  # and back

    @unittest.skipUnless(shutil.which("pdftotext"), "poppler-utils not installed")
    def test_paper_has_every_chart_and_every_point(self):
        b = self.opened()
        text = self.on_paper(b)
        for words in ("What limits where", "Trade-off", "Sensitivity", "arrived, more is better", "closed form, at most"):
            self.assertIn(words, text)
        self.assertIsNone(re.search(r"Zoom|Move left", text))
        with_points = next(page for page in text.split("\f") if re.search(r"^\s*Points$", page, re.MULTILINE))   # the heading is with what it heads
        self.assertRegex(with_points, r"point\s0\b")
        for column in self.folder.table("example", "points")[0]:   # a row by itself: whole names before its values
            self.assertRegex(with_points, rf"(?<!\w){re.escape(column.split(' ')[0])}\s+\S", column)
        self.assertRegex(text, r"Figure: arrived; over: offered; a line for each: octets; bus_period: 30\sns")  # which paper cannot be asked

    def test_colours_of_lines_are_told_apart_by_eyes_that_see_fewer(self):
        """At least 10 units of CIE76: between any two of the eight seen normally, of the first four by protanopes and deuteranopes (Vi\u00e9not, Brettel,
        Mollon 1999) and tritanopes (Machado, Oliveira, Fernandes 2009) too. Those behind are told apart by their symbols as well.
        So are the strips of parallel lines. On screens, light and dark, and on paper."""
        def linear(c):
            return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4

        def lab(rgb):
            x, y, z = (sum(m * c for m, c in zip(row, rgb)) for row in ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505)))
            f = lambda t: t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116
            fx, fy, fz = f(x / 0.9505), f(y), f(z / 1.089)
            return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)

        kinds = {"all": ((1, 0, 0), (0, 1, 0), (0, 0, 1)), "protan": ((0.11238, 0.88762, 0), (0.11238, 0.88762, 0), (0.00401, -0.00401, 1)),
                 "deutan": ((0.29275, 0.70725, 0), (0.29275, 0.70725, 0), (-0.02234, 0.02234, 1)),
                 "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900))}
        def seen(colours, matrix):
            rgb = ([linear(int(colour[n:n + 2], 16) / 255) for n in (1, 3, 5)] for colour in colours)
            return [lab([min(1, max(0, sum(m * c for m, c in zip(row, one)))) for row in matrix]) for one in rgb]

        def apart(a, b):
            return sum((p - q) ** 2 for p, q in zip(a, b)) ** 0.5

        def shine(colour):
            whole = "".join(2 * c for c in colour[1:]) if len(colour) == 4 else colour[1:]
            return sum(part * linear(int(whole[n:n + 2], 16) / 255) for part, n in ((0.2126, 0), (0.7152, 2), (0.0722, 4)))

        for dark in (False, True):
            b = self.opened(dark=dark)
            for paper in (False, True):
                b.run("document.documentElement.classList.toggle('paper', arguments[0])", paper)
                series, strips, lightness, back = b.run("const c = colours(); "
                                                        "return [c.series, on_dark(c) ? lines_on_dark : lines_on_light, lightness, c.back]")
                for kind, matrix in kinds.items():
                    of_series, of_strips = seen(series, matrix), seen(strips, matrix)
                    for n, a in enumerate(of_series):
                        for k, other in enumerate(of_series[n + 1:], n + 1):
                            if k < 4 or kind == "all":
                                self.assertGreater(apart(a, other), 10, (dark, paper, kind, series[n], series[k]))
                    for n, a in enumerate(of_strips):   # lines of what lies between least and most
                        for other in of_strips[n + 1:]:
                            self.assertGreater(apart(a, other), 10, (dark, paper, kind, strips[n]))
                for scale in (strips, lightness):       # to eyes that see no colours as well
                    light = [one[0] for one in seen(scale, kinds["all"])]
                    self.assertTrue(all(after - before > 8 for before, after in zip(light, light[1:])), (dark, paper, light))
                for colour in (*strips, *series):       # stand out from what is behind them
                    low, high = sorted((shine(colour), shine(back)))
                    self.assertGreater((high + 0.05) / (low + 0.05), 3 if colour in strips else 2.8, (dark, paper, colour))


if __name__ == "__main__":
    need_browser()
    unittest.main()
