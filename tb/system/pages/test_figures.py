"""The page of a sweep, its CSV and its database carry the same figures; what the page says of the sweep is so; gnuplot draws what the page draws."""
import csv
import pathlib
import re
import shutil
import sqlite3
import subprocess
import unittest
import xml.etree.ElementTree

from page import Page
from sweeping import EXAMPLE, GRID, NICTEAM, OCTETS, PARTLY_HELD, SAMPLED, TINY, Folder


class Figures(unittest.TestCase):
    def setUp(self):
        self.folder = Folder(self)

    def swept(self, text, *words, status=0):
        done = self.folder.sweep(self.folder.scenario(text), "-o", "out", *words, status=status)
        self.out = self.folder.path / "out"
        return done

    def page(self):
        return Page((self.out / "report.html").read_text())

    def rows(self, name):
        with open(self.out / f"{name}.csv", newline="") as file:
            return list(csv.reader(file))

    def assert_same(self, name, cells):
        """`cells`: rows of values, of which numbers may be texts, as in the CSV."""
        heading, *rows = self.rows(name)
        database = sqlite3.connect(self.out / "results.sqlite")
        stored = list(database.execute(f"SELECT * FROM {name}"))
        database.close()
        self.assertEqual((len(stored), len(cells)), (len(rows), len(rows)))
        for of_csv, of_database, of_page in zip(rows, stored, cells):
            self.assertEqual((len(of_database), len(of_page)), (len(heading), len(heading)))
            for column, a, b, c in zip(heading, of_csv, of_database, of_page):
                if isinstance(b, float):
                    self.assertEqual((float(a), float(c)), (b, b), column)
                else:
                    self.assertEqual((a, str(c if c is not None else "")), (str(b if b is not None else ""),) * 2, column)

    def test_tables_and_data_of_the_page_are_those_of_csv_and_database(self):
        for text in (EXAMPLE, SAMPLED):
            with self.subTest(text[-40:]):
                self.setUp()
                self.swept(text, "-q")
                page = self.page()
                self.assert_same("points", page.tables["table-points"][1:])
                self.assert_same("runs", page.tables["table-runs"][1:])
                self.assert_same("points", page.data["points"]["rows"])

    def test_the_head_tells_the_best_point_and_sizes_are_whole_octets(self):
        self.swept(EXAMPLE.replace('"1000 B"', '"1514 B"'), "-q", "--set", "sweep.replicates=1", status=None)
        heading, *rows = self.rows("points")
        points = [dict(zip(heading, r)) for r in rows]
        best = max(points, key=lambda p: float(p["arrived"]))
        text = self.page().text
        self.assertRegex(text, rf"most arrived\s*{float(best['arrived']):.0f}offered {float(best['offered']):.0f}, octets {float(best['octets [B]']):.0f}\s?B")
        self.assertIn("1514\u00a0B", text)
        self.assertNotIn("kB", text)
        self.assertNotRegex(text, r"\d us\b")
        limits = {r[0]: r[1] for r in self.page().tables["table-limits"][1:]}
        count = {k: sum(k in p["limited_by"].split(", ") for p in points) for k in limits}
        self.assertEqual({k: int(v) for k, v in limits.items()}, count)
        most, least = max(count, key=count.get), min(count, key=count.get)
        self.assertGreater(count[most], count[least])
        self.assertRegex(text, rf"(limited by nothing|limits most points){100 * count[most] / len(points):.3g}\u00a0?\s?%{re.escape(most)} at {count[most]}")

    def test_of_one_run_there_is_no_half_width_and_what_does_nothing_is_said(self):
        self.swept(TINY + "[sweep]\n" + OCTETS + '[[figure]]\nname = "pace"\nas = "9 Mbps"\naim = "maximise"\n', "-q")
        page, heading = self.page(), self.rows("points")[0]
        self.assertIn("pace [bps]", heading)
        self.assertEqual([h for h in heading if "half_width" in h], [])
        self.assertRegex(page.text, r"what does most to pace\s*nothing")
        self.assertIn("9\u00a0Mb/s", page.text)
        self.assertNotIn("9\u00a0Mbps", page.text)
        self.assertEqual(subprocess.run([NICTEAM, "report", self.out], capture_output=True).returncode, 0)

    def test_a_closed_form_that_was_held_to_nowhere_is_a_breach(self):
        form = lambda name, *lines: f'[[figure]]\nname = "{name}"\n' + "".join(line + "\n" for line in lines)  # noqa: E731
        text = (TINY.replace('traffic_start = "200 us"', 'traffic_start = "1990 us"')
                + "[sweep]\nreplicates = 2\n" + OCTETS
                + form("frames", 'as = "client.frames"', 'at_most = "1000"', 'within = "1 %"', 'close_where = "client.frames > 500"')
                + form("rate", 'as = "rate(client.frames)"', 'equals = "1"', 'within = "1 %"', 'close_where = "octets > 1 KiB"')
                + form("bounded", 'as = "client.frames"', 'at_least = "1000"', 'where = "octets > 9000 B"')
                + form("delay", 'as = "mean(client.latency)"', 'at_most = "1 ns"')
                + form("no_form", 'as = "client.frames"', 'at_least = "1 / (client.frames * 0)"')
                + form("formless", 'as = "client.frames"', 'at_least = "mean(client.latency) / 1 s"'))
        done = self.swept(text, status=1)
        breaches = [
            'frames: its closed form, within 1 %, was held to nowhere: close_where "client.frames > 500" holds at no run that has a value of both',
            'rate: its closed form, equals "1", was held to nowhere: close_where "octets > 1 KiB" holds at no run that has a value of both',
            'bounded: its closed form, at_least "1000", was held to nowhere: where "octets > 9000 B" holds at no run that has a value of both',
            'delay: its closed form, at_most "1 ns", was held to nowhere: none of 6 runs has a value of the figure',
            'no_form: its closed form, at_least "1 / (client.frames * 0)", was held to nowhere: none of 6 runs has a value of both',
            'formless: its closed form, at_least "mean(client.latency) / 1 s", was held to nowhere: none of 6 runs has a value of both']
        notes = ['figure delay is left empty: "mean(client.latency)": what it is made of was not measured',
                 'the closed form of no_form is left empty: "1 / (client.frames * 0)", column 3: / gives no number',
                 'the closed form of formless is left empty: "mean(client.latency) / 1 s": what it is made of was not measured']
        notes = [f"point 0, replicate 0, and 5 more runs: {note}" for note in notes]
        self.assertEqual(done.stderr.splitlines(), [f"nicteam: {b}" for b in breaches] + [f"note: {n}" for n in notes])
        told = self.page().text
        for words in [*breaches, *notes, "6 of 6 runs", "0 of 6 runs"]:
            self.assertIn(words, told)
        self.assertNotIn("kept to", told)
        database = sqlite3.connect(self.out / "results.sqlite")
        self.assertEqual(list(database.execute("SELECT figure, ended, held_at_most, held_at_least, held_near FROM figures")),
                         [("frames", 6, 6, None, 0), ("rate", 6, None, None, 0), ("bounded", 6, None, 0, None), ("delay", 6, 0, None, None),
                          ("no_form", 6, None, 0, None),
                          ("formless", 6, None, 0, None)])
        self.assertEqual(list(database.execute("SELECT point FROM breaches")), [(None,)] * 6)
        database.close()
        self.assertEqual(subprocess.run([NICTEAM, "report", self.out], capture_output=True).returncode, 1)

    def test_shares_of_a_closed_form_are_of_the_points_where_it_counts(self):
        """The figure over its form is 1 at 256 B, where it counts, and 4 and 0.256 elsewhere; the bound holds everywhere."""
        self.swept(PARTLY_HELD, "-q")
        page = self.page()
        self.assertRegex(page.text, r"share, of its closed form\s*100 to 100 %over the 1 of 3 points where it counts")
        self.assertEqual(page.tables["table-closed-forms"][1:], [
            ["share", "equals in the mean", "1", "1 of 3 runs", "1 %", "1 of 3 runs", "100 %", "100 %"],
            ["bounded", "at least", "0.2", "3 of 3 runs", "", "", "128 %", "2000 %"]])
        points = self.folder.table("out", "points")
        self.assertEqual([(p["share_counts [runs]"], p["bounded_counts [runs]"]) for p in points], [("0", "1"), ("1", "1"), ("0", "1")])
        if shutil.which("gnuplot"):
            subprocess.run(["gnuplot", "plot.gp"], cwd=self.out, check=True, capture_output=True)
            for figure, corners in (("share", 1), ("bounded", 3)):
                svg = (self.out / f"plot-{figure}.svg").read_text()
                dashed = re.findall(r"stroke-dasharray=[^>]*d='M\S+ L\S+ +M([^']*)'", svg)  # behind the sample in the key
                self.assertEqual([len(re.findall(r"[ML]", "M" + d)) for d in dashed], [corners], svg)

    def test_main_effects_are_means_over_points_with_one_value(self):
        self.swept(EXAMPLE, "-q")
        heading, *rows = self.rows("points")
        points = [dict(zip(heading, r)) for r in rows]
        self.assertIn("30\u00a0ns", self.page().text.split("as a table")[1].split("All points")[0])   # no 3.0000000000000004e-08
        self.assertNotIn("e-08", self.page().text)
        effects = self.page().data["effects"]
        keys = {"offered": "offered", "octets": "octets [B]", "bus_period": "bus_period [s]"}
        self.assertEqual(len(effects), 3 * (5 + 3 + 2))
        for e in effects:
            figure = next(h for h in heading if h.split(" ")[0] == e["figure"])
            mine = [float(p[figure]) for p in points if float(p[keys[e["parameter"]]]) == float(e["level"])]
            self.assertEqual(len(mine), e["points"])
            self.assertAlmostEqual(e["mean"], sum(mine) / len(mine), delta=1e-9 * abs(e["mean"]))

    def test_what_limited_each_run_is_what_the_run_alone_says(self):
        self.swept(EXAMPLE, "-q", "--set", "sweep.keep=files", "--set", "sweep.replicates=1")
        runs = {r[3]: r for r in self.rows("runs")[1:]}
        self.assertIn("lan0.a_to_b", {r[6] for r in runs.values()})
        for identity, r in list(runs.items())[::7]:
            done = subprocess.run([NICTEAM, "report", self.out / "files" / identity], capture_output=True, text=True)
            told = re.search(r"What limited the run\n  (\S+) \(", done.stdout)
            self.assertEqual(r[6], told[1] if told else "nothing", done.stdout)

    def test_the_header_says_question_version_seeds_and_how_octets_are_treated(self):
        self.swept(EXAMPLE, "-q", "--set", 'payload="timing-only"')
        page, version = self.page(), subprocess.run([NICTEAM, "--version"], capture_output=True, text=True).stdout.strip()
        for words in ("How many frames of which size pass?", "What is full first: bus, wire or nothing?", "Held to the wire: </script>", version,
                "30 points (grid)", "90 of 90 runs held",
                      'payload = "timing-only": nothing was encrypted'):
            self.assertIn(words, page.text)
        for seed in {r[2] for r in self.rows("runs")[1:]}:
            self.assertIn(seed, page.text)
        self.setUp()
        self.swept(EXAMPLE, "-q")
        self.assertNotIn("timing-only", self.page().text)

    def test_words_of_a_sweep_end_no_element_of_the_page(self):
        words = "</script><!--<script>\"&amp;'<b>"
        self.swept(GRID, "-q", "--set", f"title=plain,{words}")
        page, at = self.page(), self.rows("points")[0].index("title")
        self.assertEqual({r[at] for r in page.tables["table-points"][1:]}, {"plain", words})
        self.assertEqual({r[at] for r in page.data["points"]["rows"]}, {"plain", words})
        self.assertNotIn("b", page.tags)

    def test_prose_has_paragraphs_a_drawing_as_it_stands_and_a_list(self):
        self.swept(EXAMPLE + 'unit = "us"\n', "-q", "--set", "sweep.replicates=1", status=None)
        self.assertRegex(self.page().text, "\\d\u00a0µs")
        self.assertNotRegex(self.page().text, "\\d\u00a0us")
        head = (self.out / "report.html").read_text().split("<header>")[1].split("</header>")[0]
        self.assertIn("<p>A host sends frames of several sizes at several rates, over buses of two speeds. What is full first: bus, wire or nothing?</p>\n"
                      "<pre>  up ─ bus ─ wire</pre>\n<p>Held to the wire: &lt;/script&gt;</p>\n"
                      "<ul>\n<li>a frame takes its octets,\npreamble and gap;</li>\n<li>nothing else.</li>\n</ul>\n", head)

    def test_the_page_refers_to_nothing_but_files_beside_it(self):
        self.swept(EXAMPLE, "-q")
        page = self.page()
        for reference in page.references:
            self.assertTrue(reference.startswith("#") or (self.out / reference).exists(), reference)
        self.assertFalse({"link", "img", "iframe", "object"} & page.tags)
        self.assertIn("default-src 'none'", (self.out / "report.html").read_text())

    def test_report_makes_the_page_anew_from_the_database_alone_and_has_the_status_of_the_sweep(self):
        self.swept(GRID.replace('at_most = "1"', 'at_most = "0.01"'), "-q", status=1)
        first = (self.out / "report.html").read_bytes()
        elsewhere = self.folder.path / "moved"
        elsewhere.mkdir()
        shutil.copy(self.out / "results.sqlite", elsewhere)
        done = subprocess.run([NICTEAM, "report", elsewhere], capture_output=True, text=True)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("beyond a closed form", done.stdout)
        self.assertEqual((elsewhere / "report.html").read_bytes(), first)
        self.assertIn("is above its closed form", Page(first.decode()).text)

    def test_a_page_that_cannot_be_written_ends_with_3_and_all_else_is_told(self):
        self.swept(GRID, "-q")
        (self.out / "report.html").unlink()
        (self.out / "report.html").mkdir()
        done = subprocess.run([NICTEAM, "report", self.out], capture_output=True, text=True)
        self.assertEqual(done.returncode, 3)
        self.assertIn("report.html: ", done.stderr)
        self.assertIn("runs held", done.stdout)
        self.folder.sweep(str(self.folder.path / "tiny.toml"), "-o", "out", "-q", "--resume", status=3)
        self.assertTrue((self.out / "points.csv").exists())
        self.assertEqual(list(self.out.rglob("*.part*")), [])

    def test_report_of_a_sweep_without_tables_and_of_other_tables_says_what_is_missing(self):
        self.swept(GRID, "-q", "--shard", "0/2")
        done = subprocess.run([NICTEAM, "report", self.out], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("its shards wait for `nicteam sweep merge`", done.stderr)
        (self.out / "results.sqlite").write_bytes(b"no database" * 100)
        done = subprocess.run([NICTEAM, "report", self.out], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("results.sqlite: ", done.stderr)

    @unittest.skipUnless(shutil.which("gnuplot"), "gnuplot-nox not installed")
    def test_gnuplot_draws_each_figure_with_every_point_and_closed_form(self):
        for text, marks in ((EXAMPLE, 15), (SAMPLED, 13)):
            with self.subTest(marks):
                self.setUp()
                self.swept(text, "-q")
                done = subprocess.run(["gnuplot", "plot.gp"], cwd=self.out, capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                for figure in ("arrived", "bus_use", "delay"):
                    svg = (self.out / f"plot-{figure}.svg").read_text()
                    xml.etree.ElementTree.fromstring(svg)
                    self.assertEqual("at most" in svg, figure != "delay")
                    symbols = re.findall(r"<use xlink:href='#gpPt\d+'[^>]*/>", svg)
                    self.assertGreaterEqual(len(symbols), marks, figure)


if __name__ == "__main__":
    unittest.main()
