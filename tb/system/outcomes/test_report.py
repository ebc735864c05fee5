"""`nicteam report` and report.html: made from the directory alone, complete, self-contained, the same every time."""
import collections
import html
import html.parser
import json
import pathlib
import re
import shutil
import signal
import subprocess
import time
import unittest

from command import NICTEAM, SOURCE, scenario_test

VOID = {"meta"}


class page(html.parser.HTMLParser):
    """Tags balance; keeps what it refers to and the text of each section."""

    def __init__(self, text):
        super().__init__()
        self.open, self.references, self.ids, self.sections, self.section, self.tags = [], [], [], {}, None, set()
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        for name, value in attributes:
            if name in ("href", "src"):
                self.references.append(value)
            if name == "id":
                self.ids.append(value)
        if tag == "section":
            self.section = dict(attributes)["id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.add(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, tag
        if tag == "section":
            self.section = None

    def handle_data(self, data):
        self.sections[self.section] = self.sections.get(self.section, "") + data


def report(*directories):
    return subprocess.run([NICTEAM, "report", *map(str, directories)], capture_output=True, text=True)


class report_test(scenario_test):
    def assert_each_piece_has_its_holder(self, text):
        """Of the way of a packet: the wire behind a switch is no software, another member's engine is a nic; nobody's is only what a switch does."""
        holders = collections.defaultdict(set)
        for holder, piece in re.findall(r'<rect class="(\w+)"[^>]*><title>([^:<]*):', text):
            holders[piece].add(holder)
        self.assertEqual(holders["switched to end"], {"wire"})
        self.assertEqual([holders[f"forwarded_{a} to returned_{b}"] for a, b in ((316, 320), (336, 338))], [{"nic"}, {"nic"}])
        self.assertEqual({piece for piece, of in holders.items() if "other" in of}, {"wire_end to switched"})

    def test_text_and_page_of_every_scenario_come_from_the_directory_alone(self):
        for scenario in ("quickstart", "overrun-and-recovery", "bus-limited", "half-duplex", "team-failover"):
            with self.subTest(scenario):
                run = self.run_scenario(SOURCE / f"scenarios/{scenario}.toml", "--trace", "packets,pcap,report")
                first = (run.directory / "report.html").read_bytes()
                elsewhere = self.folder / f"moved-{scenario}"
                shutil.copytree(run.directory, elsewhere)
                (elsewhere / "report.html").unlink()
                done = report(elsewhere, "--plain")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(done.stdout.replace(str(elsewhere), str(run.directory)), run.stdout)
                self.assertEqual((elsewhere / "report.html").read_bytes(), first)
                p = page(first.decode())
                if scenario == "team-failover":
                    self.assert_each_piece_has_its_holder(first.decode())
                result = run.result()
                for flow in result["flows"]:
                    self.assertIn(flow["from"] + " to " + flow["to"], p.sections["latency"])
                for loss in result["losses"]:
                    self.assertIn(loss["reason"], p.sections["losses"])
                for verdict in result["verdicts"]:
                    self.assertIn(re.sub(r"(\d) us\b", "\\1 \u00b5s", verdict["expectation"]), p.sections["expectations"])
                for metric in result["metrics"]:
                    self.assertIn(metric["path"], p.sections["metrics"])
                self.assertIn("svg", p.tags)
                self.assertIn("slowest", p.sections["packets"])

    def test_the_page_stands_alone_and_its_links_lead_somewhere(self):
        run = self.run_scenario(SOURCE / "scenarios/overrun-and-recovery.toml", "--trace", "all")
        text = (run.directory / "report.html").read_text()
        p = page(text)
        self.assertFalse({"script", "link", "img", "iframe", "object"} & p.tags)
        for word in ("http:", "https:", "@import", "url("):
            self.assertNotIn(word, text)
        self.assertEqual(len(p.ids), len(set(p.ids)))
        for reference in p.references:
            self.assertTrue(reference[1:] in p.ids if reference[0] == "#" else (run.directory / reference).exists(), reference)
        self.assertIn("stall of server.cpu0", text)

    def test_the_same_run_makes_the_same_page_and_results_do_not_depend_on_it(self):
        scenario = SOURCE / "scenarios/quickstart.toml"
        one, two, without = (self.run_scenario(scenario, "--trace", t) for t in ("report,packets", "report,packets", "none"))
        self.assertEqual(one.files(), two.files())
        self.assertEqual(one.files()["result.json"], without.files()["result.json"])

    def test_a_run_takes_the_place_of_one_with_a_page(self):
        scenario = SOURCE / "scenarios/quickstart.toml"
        run = self.run_scenario(scenario, "--until", "2 ms", "--trace", "none", status=None)
        self.assertIn(report(run.directory).returncode, (0, 1))
        again = subprocess.run([NICTEAM, "run", str(scenario), "--until", "2 ms", "--trace", "none", "--out", str(run.directory)],
                capture_output=True, text=True)
        self.assertIn(again.returncode, (0, 1), again.stderr)
        self.assertFalse((run.directory / "report.html").exists())

    def test_without_its_packets_a_report_has_no_single_packets(self):
        run = self.run_scenario(SOURCE / "scenarios/quickstart.toml", "--until", "2 ms", "--trace", "packets", status=None)
        (run.directory / "packets.csv").unlink()
        self.assertEqual(report(run.directory).returncode, run.status)
        self.assertIn("packets.csv is no longer in the run\u2019s directory", (run.directory / "report.html").read_text())

    def test_the_figure_of_what_was_lost_is_that_of_the_table(self):
        for scenario, several in (("capture-replay", False), ("half-duplex", False), ("overrun-and-recovery", None)):
            with self.subTest(scenario):
                run = self.run_scenario(SOURCE / f"scenarios/{scenario}.toml", "--trace", "report", status=None)
                text = html.unescape((run.directory / "report.html").read_text())
                tile = re.search(r"<dt>lost</dt><dd>([0-9.]+ %)<small>([0-9 \u00a0\u2009]+) of", text)
                losses = run.result()["losses"]
                last = [line for line in run.stdout[run.stdout.index("\nLosses\n"):].splitlines()[3:3 + len(losses) + (len(losses) > 1)]][-1]
                self.assertTrue(last.endswith(tile.group(1)), (last, tile.group(1)))
                lossy = {x["from"] for x in losses}
                lost = sum(int(x["packets"]) for x in losses)
                of = lost + sum(int(f["packets"]) for f in run.result()["flows"] if f["from"] in lossy)
                self.assertEqual(tile.group(1), f"{100 * lost / of:.1f} %")
                table = text[text.index('id="losses"'):]
                self.assertIn(tile.group(1), table[:table.index("</table>")])

    def test_arrivals_are_the_same_in_summary_and_packets(self):
        run = self.run_scenario(SOURCE / "scenarios/half-duplex.toml", "--until", "10 ms", "--trace", "packets,report", status=None)
        result, rows = run.result(), {p["id"]: p for p in run.packets()}
        self.assertTrue(any(p["outcome"] == "fragment" for p in rows.values()))

        def sender(p):
            while p["parent"] in rows and rows[p["parent"]]["fate"] == "goes_on":
                p = rows[p["parent"]]
            return p["from"]
        window = int(result["window"]["from_ps"])
        arrived = collections.Counter((sender(p), p["to"]) for p in rows.values() if p["fate"] == "arrived" and int(p["ended_ps"]) >= window)
        self.assertEqual(arrived, {(f["from"], f["to"]): f["packets"] for f in result["flows"]})
        for p in rows.values():
            self.assertLessEqual(int(p["ended_ps"] or 0), 10_000_000_000)
            self.assertGreaterEqual(int(p["wire_begin_ps"] or p["born_ps"]), int(p["born_ps"]))
        self.assertNotIn("fastest, 1.45 µs", (run.directory / "report.html").read_text())

    def test_latencies_that_are_all_the_same_are_a_step_within_the_chart(self):
        run = self.run_scenario(SOURCE / "scenarios/line-rate-64.toml", "--until", "4 ms", "--trace", "report", status=None)
        text = (run.directory / "report.html").read_text()
        chart = text[text.index('aria-label="Share of packets that had arrived after a time"'):]
        chart = chart[:chart.index("</figure>")]
        steps = re.search(r'd="M0 10000((?:H\d+V\d+)+)H10000"', chart)
        self.assertTrue(steps, chart[:500])
        places = {int(h) for h in re.findall(r"H(\d+)V", steps[1])}
        self.assertGreater(min(places), 2000)
        self.assertLess(max(places), 8000)
        ticks = re.findall(r'class="x"[^>]*>([^<]+)<', chart)
        self.assertGreaterEqual(len(ticks), 3)
        self.assertEqual(len(ticks), len(set(ticks)))

    def test_the_page_uses_no_sign_that_fonts_lack(self):
        out = self.folder / "stopped"
        p = subprocess.Popen([NICTEAM, "run", str(SOURCE / "scenarios/line-rate-64.toml"), "-q", "--out", str(out), "--trace", "report",
                "--set", "duration=1000 s"], stderr=subprocess.PIPE)
        while not out.exists():
            time.sleep(0.05)
        time.sleep(0.3)
        p.send_signal(signal.SIGINT)
        p.communicate(timeout=60)
        text = html.unescape((out / "report.html").read_text())
        self.assertIn("\u25a0\u00a0interrupted at", text)
        # Dashes, quotes, the dots of an ellipsis, marks and plain shapes: what the fonts of every system have.
        self.assertEqual({c for c in text if ord(c) > 0x7F} - set("\u00a0\u00b5\u00b7\u2013\u2019\u2026\u2713\u2717\u25a0\u00d7\u2212"), set())

    def test_what_is_no_result_is_refused(self):
        run = self.run_scenario(SOURCE / "scenarios/quickstart.toml", "--until", "2 ms", "--trace", "packets", status=None)
        whole = (run.directory / "result.json").read_text()

        def refused(part):
            done = report(run.directory)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(part, done.stderr)
            self.assertEqual(done.stdout, "")

        (run.directory / "result.json").write_text(whole[: len(whole) // 2])
        refused("is not whole")
        old = json.loads(whole)
        old["format"] = "nicteam result 1"
        (run.directory / "result.json").write_text(json.dumps(old))
        refused('is of the format "nicteam result 1"')
        (run.directory / "result.json").write_text(whole)
        (run.directory / "result.json").unlink()
        refused("holds no results")
        missing = report(self.folder / "nowhere")
        self.assertEqual(missing.returncode, 2)
        self.assertIn("is no directory", missing.stderr)


if __name__ == "__main__":
    unittest.main()
