"""What limited a sweep's points, where some have several limits at once: counted, told and drawn for each of the resources."""
import unittest

from browser import Browser, need_browser
from page import Page
from sweeping import TINY, Folder

# Both directions of a cable are full at 12200 frames/s, one of them with less or more than that; a slow bus is full before either.
TIES = TINY.replace('arrivals = "poisson"\nframes_per_second = 20000\nframe_size = "256 B"', 'frames_per_second = 12200\nframe_size = "1000 B"') + """
[[traffic]]
name = "down"
from = "client"
to = "server"
pace = "frames"
frames_per_second = 1
frame_size = "1000 B"
[sweep]
[[vary]]
name = "down"
key = "client.down.frames_per_second"
values = [6000, 12200, 14000]
[[vary]]
name = "bus_period"
key = "server.pci0.period"
values = ["30 ns", "200 ns"]
[[figure]]
name = "arrived"
as = "rate(client.frames)"
"""


class Limits(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Folder(type("of_class", (), {"addCleanup": staticmethod(cls.addClassCleanup)}))
        file = cls.folder.scenario(TIES)
        for name, *more in (("grid",), ("zip", "--set", "sweep.method=zip", "--set", 'server.pci0.period="30 ns","30 ns","30 ns"')):
            cls.folder.sweep(file, "-o", name, "-q", "--set", "warm_up=500 us", *more)
        cls.limits = {name: [row["limited_by"].split(", ") for row in cls.folder.table(name, "points")] for name in ("grid", "zip")}

    def drawn(self, page):
        """Per resource the places of its points, and which part of each; what is written, the looks."""
        b = Browser(self)
        b.open(page)
        one = "all_charts.find(c => c.figure.id === 'chart-limits')"
        found = b.run(f"return {one}.library.getOption().series.map(s => [s.name, s.data.map(d => d.value), s.data.map(d => d.symbolOffset || null)])")
        words = b.run("return [...document.querySelectorAll('#chart-limits .canvas svg text')].map(t => t.textContent)")
        legend = b.run(f"return {one}.drawn.legend.map(l => [l.name, l.colour, l.mark])")
        self.assertEqual(b.console(), [])
        return found, words, legend, b

    def test_a_point_counts_for_each_of_its_limits_in_the_table_and_in_the_tile(self):
        self.assertIn(["lan0.a_to_b", "lan0.b_to_a"], self.limits["grid"])
        page = Page((self.folder.path / "grid/report.html").read_text())
        points = self.limits["grid"]
        heading, *rows = page.tables["table-limits"]
        self.assertEqual(heading, ["limited by", "points", "alone", "together with", "which"])
        every = {r for all in points for r in all}
        self.assertEqual({r[0] for r in rows}, every)
        for name, count, alone, others, _ in rows:
            mine = [all for all in points if name in all]
            self.assertEqual((int(count), int(alone)), (len(mine), mine.count([name])), name)
            told = {other: sum(other in all for all in mine) for other in every - {name} if any(other in all for all in mine)}
            self.assertEqual(others, ", ".join(f"{other} at {n}" for other, n in sorted(told.items())))
        count = {r: sum(r in all for all in points) for r in every}
        several = sum(len(all) > 1 for all in points)
        self.assertRegex(page.text, rf"limits most points{100 * max(count.values()) / len(points):.3g}\s?%[^;]*; several at once at {several}")

    def test_each_limit_of_a_tie_has_its_part_of_the_place_and_its_name_there(self):
        found, words, legend, _ = self.drawn(self.folder.path / "grid/report.html")
        points = self.folder.table("grid", "points")
        values = {key: sorted({float(p[key]) for p in points}) for key in ("down", "bus_period [s]")}
        for name, places, _ in found:
            mine = [p for p in points if name in p["limited_by"].split(", ")]
            where = {key: [values[key].index(float(p[key])) for p in mine] for key in values}
            parts = [(p["limited_by"].split(", ").index(name), len(p["limited_by"].split(", "))) for p in mine]
            expected = [[*place, *part] for place, part in zip(zip(where["down"], where["bus_period [s]"]), parts)]
            self.assertEqual(sorted(places), sorted(expected), name)
        self.assertEqual({name for name, *_ in found}, {r for all in self.limits["grid"] for r in all})
        for name in {r for all in self.limits["grid"] for r in all}:
            self.assertEqual(words.count(name), sum(name in all for all in self.limits["grid"]), words)
        self.assertEqual(len({(colour, mark) for _, colour, mark in legend}), len(legend))

    def test_marks_of_a_tie_stand_beside_each_other(self):
        found, *_ = self.drawn(self.folder.path / "zip/report.html")
        self.assertEqual({name: sorted((places[0], offset[0]) for places, offset in zip(at, offsets)) for name, at, offsets in found},
                         {"lan0.a_to_b": [(6000, 0), (12200, -5)], "lan0.b_to_a": [(12200, 5), (14000, 0)]})

    def test_names_are_shortened_one_by_one_and_the_ninth_resource_looks_like_no_other(self):
        """In the page of a sweep whose points have ten limits at once."""
        text = (self.folder.path / "grid/report.html").read_text()
        ten = [f"somewhere{n}.beyond_the_second_bridge.pci{n}" for n in range(10)]
        (self.folder.path / "ten.html").write_text(text.replace('"lan0.a_to_b, lan0.b_to_a"', '"' + ", ".join(ten) + '"')
                                                   .replace('"lan0.a_to_b"', f'"{ten[3]}, {ten[4]}"'))
        _, words, legend, b = self.drawn(self.folder.path / "ten.html")
        self.assertTrue({name for name, *_ in legend} >= set(ten))
        self.assertEqual(len({(colour, mark) for _, colour, mark in legend}), len(legend))
        self.assertTrue({ten[3], ten[4]} <= set(words), words)
        b.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True})
        b.open(self.folder.path / "ten.html")
        narrow = b.run("return [...document.querySelectorAll('#chart-limits .canvas svg text')].map(t => t.textContent)")
        self.assertTrue({"pci3", "pci4"} <= set(narrow), narrow)
        self.assertGreater(b.run("""return [...document.querySelectorAll('#chart-limits .canvas svg :is(path, rect)')]
                                    .filter(e => (e.getAttribute('fill') || '').startsWith('url(')).length"""), 0)


if __name__ == "__main__":
    need_browser()
    unittest.main()
