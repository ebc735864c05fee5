"""The page of a run with charts: its figures worked out anew from result.json and packets.csv, one zoom and the marks of faults in all charts over time,
windows of the waveform; in a real headless Chromium, and without scripts."""
import csv
import json
import re
import shutil
import subprocess
import tempfile
import pathlib
import unittest

from browser import Browser, need_browser
from page import Page
from painted import marks
from sweeping import NICTEAM, SOURCE

BINS = 64
OVER_TIME = ("throughput", "latency", "queues", "use")


class RunPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="nicteam-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.run_into(cls.folder / "run")
        cls.plain = (cls.folder / "run" / "report.html").read_bytes()
        subprocess.run([NICTEAM, "report", cls.folder / "run"], check=True, capture_output=True)
        cls.page = Page((cls.folder / "run" / "report.html").read_text())
        cls.result = json.loads((cls.folder / "run" / "result.json").read_text())

    @staticmethod
    def run_into(directory, scenario="overrun-and-recovery"):
        subprocess.run([NICTEAM, "run", SOURCE / f"scenarios/{scenario}.toml", "-q", "--trace", "all", "-o", directory], check=True, stderr=subprocess.DEVNULL)

    def packets(self):
        with open(self.folder / "run" / "packets.csv", newline="") as file:
            for r in csv.DictReader(file):
                stages = [k for k in r if k not in ("id", "parent", "from", "to", "length", "born_ps", "ended_ps", "outcome", "fate")]
                way = [("born", int(r["born_ps"]))] + sorted(((s.removesuffix("_ps"), int(r[s])) for s in stages if r[s]), key=lambda x: x[1])
                yield r, way, int(r["ended_ps"]) if r["ended_ps"] else None

    def bins(self):
        begin, end = (int(self.result["window"][k]) for k in ("from_ps", "until_ps"))
        return begin, (end - begin) // BINS

    def test_throughput_is_that_of_the_packets(self):
        begin, _ = self.bins()
        for flow in self.page.data["throughput"]:
            step, octets = round(flow["step"] * 1e12), [0] * len(flow["values"])
            for r, _, ended in self.packets():
                if r["fate"] == "arrived" and f"{r['from']} to {r['to']}" == flow["name"] and ended >= begin and (ended - begin) // step < len(octets):
                    octets[(ended - begin) // step] += int(r["length"])
            self.assertGreater(sum(octets), 0)
            for drawn, expected in zip(flow["values"], octets):
                self.assertAlmostEqual(drawn, expected * 8e12 / step, delta=1e-5 * drawn)

    def test_latency_over_time_is_that_of_the_packets(self):
        begin, step = self.bins()
        flow = self.page.data["latency"][0]
        of_bin = [[] for _ in range(BINS)]
        for r, way, ended in self.packets():
            if r["fate"] == "arrived" and f"{r['from']} to {r['to']}" == flow["name"] and begin <= ended < begin + BINS * step:
                of_bin[(ended - begin) // step].append((ended - way[0][1]) * 1e-12)
        for mean, greatest, expected in zip(flow["mean"], flow["greatest"], of_bin):
            if not expected:
                self.assertIsNone(mean)
                continue
            self.assertAlmostEqual(mean, sum(expected) / len(expected), delta=1e-5 * mean)
            self.assertAlmostEqual(greatest, max(expected), delta=1e-5 * greatest)

    def test_queues_are_packets_between_stages(self):
        begin, step = self.bins()
        for queue in self.page.data["under_way"]:
            expected = [0] * BINS
            for _, way, ended in self.packets():
                ends = [at for _, at in way[1:]] + [ended if ended is not None else begin + BINS * step]
                for (stage, since), until in zip(way, ends):
                    if stage == queue["name"]:
                        for n in range(BINS):
                            expected[n] += max(0, min(until, begin + (n + 1) * step) - max(since, begin + n * step))
            for drawn, ps in zip(queue["values"], expected):
                self.assertAlmostEqual(drawn, ps / step, delta=1e-5 * drawn + 1e-9, msg=queue["name"])
        self.assertIn("interrupt", [q["name"] for q in self.page.data["under_way"]])

    def test_curves_by_stage_are_quantiles_of_the_packets(self):
        begin, step = self.bins()
        flow = self.page.data["curves"][0]
        told = next(f for f in self.result["flows"] if f"{f['from']} to {f['to']}" == flow["name"])
        whole, *flow["stages"] = flow["stages"]
        self.assertEqual((whole["name"], whole["packets"], whole["shares"][0], whole["shares"][-1]), ("whole way", told["packets"], 0, 100))
        for drawn, ps in zip(whole["values"], told["latency_ps"]["curve"]):
            self.assertAlmostEqual(drawn, float(ps) * 1e-12, delta=1e-5 * drawn)
        times = {}
        for r, way, ended in self.packets():
            if r["fate"] == "arrived" and f"{r['from']} to {r['to']}" == flow["name"] and begin <= ended < begin + BINS * step:
                for (a, since), (b, until) in zip(way, way[1:] + [("end", ended)]):
                    times.setdefault(f"{a} -> {b}", []).append((until - since) * 1e-12)
        each = [s for s in flow["stages"] if "shares" not in s]  # of the others the run's percentiles are drawn
        self.assertGreater(len(each), 5)
        for stage in each:
            mine = sorted(times[stage["name"]])
            self.assertEqual(stage["packets"], len(mine))
            for n, drawn in enumerate(stage["values"]):
                self.assertAlmostEqual(drawn, mine[(len(mine) - 1) * n // 40], delta=1e-5 * drawn)

    def test_stacked_stages_add_up_to_the_mean_latency(self):
        for flow in self.page.data["stages"]:
            told = next(f for f in self.result["flows"] if f"{f['from']} to {f['to']}" == flow["name"])
            mean = float(told["latency_ps"]["mean"]) * 1e-12
            self.assertAlmostEqual(sum(p["mean"] for p in flow["parts"]), mean, delta=1e-4 * mean)

    def test_windows_of_the_waveform_open_where_a_fault_is(self):
        whole = (self.folder / "run" / "wave.gtkw").read_text().splitlines()
        rows = [r for r in self.page.tables["table-windows"][1:] if not r[2].startswith("the slowest packet")]
        faults = self.result["faults"]
        self.assertEqual(len(rows), len(faults))
        for (name, _, what), fault in zip(rows, faults):
            lines = (self.folder / "run" / name).read_text().splitlines()
            self.assertEqual(len(lines), len(whole))
            different = [(a, b) for a, b in zip(lines, whole) if a != b]
            self.assertEqual(len(different), 2)
            start = int(re.fullmatch(r"\[timestart\] (\d+)", different[0][0])[1])
            zoom, marker = re.match(r"\*-(\d+)\.0+ (\d+)", different[1][0]).groups()
            begin, end = int(fault["from_ps"]), int(fault["until_ps"])
            self.assertLessEqual(start, begin)
            self.assertGreaterEqual(start + 6 * 2 ** int(zoom), end)
            self.assertLessEqual(start + 3 * 2 ** int(zoom), end + (end - begin))  # and not much more
            self.assertTrue(start <= int(marker) <= end)
            self.assertIn(name, [f["name"] for f in json.loads((self.folder / "run" / "run.json").read_text())["files"]])

    def test_a_window_shows_the_slowest_packet_where_it_was_drawn(self):
        begin, step = self.bins()
        whole_way = {}  # of a copy, from the birth of what it was made from
        slowest = None
        for r, way, ended in self.packets():
            who, born = whole_way.get(r["parent"], (r["from"], way[0][1]))
            if r["fate"] == "goes_on":
                whole_way[r["id"]] = who, born
            elif r["fate"] == "arrived" and begin <= ended < begin + BINS * step and (not slowest or ended - born > slowest[1] - slowest[0]):
                slowest = born, ended, f"the slowest packet, {r['id']} ({who} to {r['to']}): "
        name, what = next((row[0], row[2]) for row in self.page.tables["table-windows"] if row[2].startswith("the slowest packet"))
        self.assertIn(slowest[2], what)
        self.assertIn(name, self.page.references)
        text = (self.folder / "run" / name).read_text()
        start = int(re.search(r"\[timestart\] (\d+)", text)[1])
        zoom, marker = re.search(r"\*-(\d+)\.0+ (\d+)", text).groups()
        self.assertLessEqual(start, slowest[0])
        self.assertGreaterEqual(start + 6 * 2 ** int(zoom), slowest[1])
        self.assertTrue(slowest[0] <= int(marker) <= slowest[1])
        other = self.folder / "cut"
        shutil.copytree(self.folder / "run", other)
        settings = (other / "config.resolved.toml").read_text()
        (other / "config.resolved.toml").write_text(settings.replace("\n# until is not given\nwave_limit", f'\nuntil = "{slowest[1] - 1} ps"\nwave_limit'))
        subprocess.run([NICTEAM, "report", other], check=True, capture_output=True)
        rows = Page((other / "report.html").read_text()).tables["table-windows"]
        self.assertNotIn("the slowest packet, ", str(rows))
        listed = [f["name"] for f in json.loads((other / "run.json").read_text())["files"] if f["name"].startswith("window-")]
        self.assertEqual(len(listed), len(self.page.tables["table-windows"]) - 2)                              # its heading, and the slowest packet
        self.assertEqual((listed, sorted(listed)), ([row[0] for row in rows[1:]], sorted(p.name for p in other.glob("window-*"))))
        (other / "window-9.gtkw").write_text("somebody's")
        (other / "wave.gtkw").unlink()
        subprocess.run([NICTEAM, "report", other], check=True, capture_output=True)
        self.assertEqual([p.name for p in other.glob("window-*")], ["window-9.gtkw"])
        self.assertNotIn("window-", (other / "run.json").read_text())

    def test_plain_is_what_the_run_left_and_another_run_leaves_no_window(self):
        other = self.folder / "other"
        shutil.copytree(self.folder / "run", other)
        subprocess.run([NICTEAM, "report", "--plain", other], check=True, capture_output=True)
        self.assertNotIn(b"<script", (other / "report.html").read_bytes())
        again = self.folder / "again"
        self.run_into(again)
        self.assertEqual((again / "report.html").read_bytes(), self.plain)
        subprocess.run([NICTEAM, "report", again], check=True, capture_output=True)
        self.assertTrue((again / "window-1.gtkw").exists())
        self.run_into(again)
        self.assertFalse((again / "window-1.gtkw").exists())
        self.assertEqual((again / "report.html").read_bytes(), self.plain)

    def test_jobs_over_time_are_those_that_were_counted_and_a_run_of_jobs_alone_has_its_charts(self):
        """Each in the interval in which it ended: none before its requester began."""
        began = {"server.pool.api": 6_000_000_000, "server.pool.backup": 13_000_000_000}
        words = [w for path, at in began.items() for w in ("--set", f"{path}.start={at} ps")]
        done = subprocess.run([NICTEAM, "run", SOURCE / "scenarios/team/secondary-use.toml", "-q", "--trace", "report", "-o", "jobs", *words,
                               "--set", "client.down.start=19999 us", "--set", "warm_up=1 ms"], cwd=self.folder, capture_output=True, text=True)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        plain = (self.folder / "jobs/report.html").read_text()
        result = json.loads((self.folder / "jobs/result.json").read_text())
        metrics = {m["path"]: m for m in result["metrics"]}
        begin, end = (int(result["window"][k]) for k in ("from_ps", "until_ps"))
        self.assertEqual({j["requester"] for j in result["jobs_over_time"]}, set(began))
        for jobs in result["jobs_over_time"]:
            path, step = jobs["requester"], int(jobs["step_ps"])
            self.assertEqual(len(jobs["done"]), -(-(end - begin) // step))
            self.assertEqual([sum(jobs[k]) for k in ("done", "octets", "timed", "time_ps")],
                             [int(metrics[f"{path}.{m}"][k]) for m, k in (("done", "value"), ("octets", "value"), ("job_time", "count"), ("job_time", "sum"))])
            first = next(n for n, count in enumerate(jobs["done"]) if count)
            self.assertTrue(0 <= begin + (first + 1) * step - began[path] <= 1_000_000_000 + step, (path, first, step))   # within a millisecond
        labels = ("Jobs over simulated time", "Time of a job over simulated time", "Throughput")
        self.assertEqual([plain.count(f'aria-label="{label}') for label in labels], [1, 1, 0])
        subprocess.run([NICTEAM, "report", "jobs"], cwd=self.folder, check=False, capture_output=True)
        charts = [re.findall(r"<figure>.*?</figure>", page.split('id="jobs"')[1].split("</section>")[0], re.S)
                  for page in (plain, (self.folder / "jobs/report.html").read_text())]
        self.assertEqual((len(charts[0]), charts[0]), (2, charts[1]))   # read back from result.json

    def test_no_complaint_no_request_every_chart_drawn(self):
        team = self.folder / "team"
        self.run_into(team, "team-failover")
        subprocess.run([NICTEAM, "report", team], check=True, capture_output=True)
        self.team_opens_on_what_is_busiest(team)
        for directory in ("run", "team"):
            for dark in (False, True):
                with self.subTest(directory, dark=dark):
                    b = Browser(self)
                    b.open(self.folder / directory / "report.html", dark=dark)
                    charts = b.run("return [...document.querySelectorAll('figure.chart')].map(f => f.id)")
                    self.assertEqual(charts, ["chart-" + c for c in (*OVER_TIME, "stages", "curves")])
                    for c in charts:
                        self.assertGreater(marks(b, "#" + c), 0, c)
                    self.assertEqual(b.console(), [])
                    self.assertEqual([u for u in b.requests() if not u.endswith("/report.html")], [])

    def team_opens_on_what_is_busiest(self, team):
        """Curves of flows with copies are of as many packets as the run counted; the busiest comes first; each line and area has a look of its own."""
        page, result = Page((team / "report.html").read_text()), json.loads((team / "result.json").read_text())
        for flow, told in zip(page.data["curves"], result["flows"]):
            counted = {f"{s['from']} -> {s['to']}": s["count"] for s in told["stages"]}
            self.assertGreater(len(flow["stages"]), 1)
            for stage in flow["stages"][1:]:
                self.assertEqual(stage["packets"], counted[stage["name"]], (flow["name"], stage["name"]))
        b = Browser(self)
        b.open(team / "report.html")
        busiest = max(result["flows"], key=lambda f: f["packets"])
        self.assertEqual(b.run("return document.querySelector('#chart-curves select').selectedOptions[0].textContent"), f"{busiest['from']} to {busiest['to']}")
        for chart in ("latency", "queues", "use", "stages", "curves"):
            looks = b.run("return all_charts.find(c => c.figure.id === 'chart-' + arguments[0]).library.getOption().series.map(s => "
                          "[s.lineStyle ? s.lineStyle.color : s.itemStyle.color, s.lineStyle ? String(s.lineStyle.type) : Boolean(s.itemStyle.decal)]"
                          ".join(' '))", chart)
            self.assertGreater(len(looks), 8)
            self.assertEqual(len(looks), len(set(looks)), (chart, looks))
        b.driver.quit()

    def test_one_zoom_for_all_charts_over_time_and_faults_in_each(self):
        b = Browser(self)
        b.open(self.folder / "run" / "report.html")
        for c in OVER_TIME:
            self.assertIn("stall of server.cpu0", b.run(f"return [...document.querySelectorAll('#chart-{c} svg text')].map(t => t.textContent).join()"))
        b.tab_to("e.closest('#chart-latency') && e.classList.contains('canvas')")
        b.press("+", "Equal")
        b.press("ArrowRight")
        shown = [b.run(f"return document.querySelector('#chart-{c} .canvas').dataset.shown") for c in OVER_TIME]
        self.assertEqual(shown, ["37.50 87.50"] * 4)
        ticks = [b.run(f"return [...document.querySelectorAll('#chart-{c} svg text')].map(t => t.textContent)"
                       ".filter(t => t.endsWith('ms') && !t.includes('.'))") for c in OVER_TIME]
        for name, chart in zip(OVER_TIME, ticks):
            self.assertIn("6\u00a0ms", chart)
            if name != "latency":  # whose other axis tells times as well
                self.assertNotIn("2\u00a0ms", chart)
        b.press("0", "Digit0")
        self.assertEqual([b.run(f"return document.querySelector('#chart-{c} .canvas').dataset.shown") for c in OVER_TIME], ["0.00 100.00"] * 4)
        lines = "return [...document.querySelectorAll('#chart-queues .canvas svg path')].filter(e => e.getAttribute('stroke') === colours().series[0]).length"
        before = b.run(lines)
        b.tab_to("e.closest('#chart-queues') && e.hasAttribute('aria-pressed')")
        b.press(" ")
        self.assertLess(b.run(lines), before)
        self.assertEqual(b.console(), [])

    def test_without_scripts_latency_and_queues_are_a_table(self):
        b = Browser(self)
        b.open(self.folder / "run" / "report.html", scripts=False)
        document = b.driver.execute_cdp_cmd("DOM.getDocument", {"depth": 1})["root"]["nodeId"]
        find = lambda selector: b.driver.execute_cdp_cmd("DOM.querySelectorAll", {"nodeId": document, "selector": selector})["nodeIds"]
        self.assertGreaterEqual(len(find("#charts details tbody tr")), BINS)
        self.assertEqual(find(".canvas"), [])


if __name__ == "__main__":
    need_browser()
    unittest.main()
