"""The charts over time of a run's page, looked at closer: in no longer steps than on the page that the run leaves, and in shorter ones when zoomed,
worked out anew from packets.csv; in a real headless Chromium."""
import csv
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from browser import Browser, need_browser
from page import Page
from sweeping import NICTEAM, SOURCE

UNITS = {"ns": 1e-9, "us": 1e-6, "\u00b5s": 1e-6, "ms": 1e-3, "s": 1}


def seconds(text):
    number, unit = re.match(r"([\d.]+)\s(\w+)", text.replace("\u00a0", " ").replace("\u2009", " ")).groups()
    return float(number) * UNITS[unit]


class Closer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="nicteam-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.plain = {}
        for name, scenario in (("team", "team-failover"), ("stall", "overrun-and-recovery")):
            subprocess.run([NICTEAM, "run", SOURCE / f"scenarios/{scenario}.toml", "-q", "--trace", "packets,report", "-o", cls.folder / name],
                           check=True, stderr=subprocess.DEVNULL)
            cls.plain[name] = (cls.folder / name / "report.html").read_text()
            subprocess.run([NICTEAM, "report", cls.folder / name], check=True, capture_output=True)
        cls.text = (cls.folder / "team/report.html").read_text()
        cls.data = Page(cls.text).data
        cls.result = json.loads((cls.folder / "team/result.json").read_text())

    def arrivals(self):
        """Flow, when born, when it ended, octets; of a copy, from the birth of what it was made from."""
        first, all_of = {}, []
        with open(self.folder / "team/packets.csv", newline="") as file:
            for r in csv.DictReader(file):
                who, born = first.get(r["parent"], (r["from"], int(r["born_ps"])))
                if r["fate"] == "goes_on":
                    first[r["id"]] = who, born
                elif r["fate"] == "arrived":
                    all_of.append((f"{who} to {r['to']}", born, int(r["ended_ps"]), int(r["length"])))
        return all_of

    def test_the_steps_are_those_of_the_page_that_the_run_left(self):
        steps = lambda text: [seconds(s) for s in re.findall(r"Frame bits that arrived, (?:over simulated time, )?in steps of (\S+?\s\w+)", text)]  # noqa: E731
        for name, plain in self.plain.items():
            closer = (self.folder / name / "report.html").read_text()
            self.assertEqual(len(steps(plain)), 1)
            self.assertEqual(steps(closer), steps(plain) * 2, name)   # its own, and the plain one in it
        shortest = min(int(g["length_ps"]) for f in self.result["failovers"] for g in f["gaps"] if int(g["length_ps"]) > 2 * int(g["usual_ps"]))
        self.assertLessEqual(self.data["throughput"][0]["step"], shortest * 1e-12 / 2)

    def test_a_silence_of_a_failover_is_seen(self):
        flow = next(f for f in self.data["throughput"] if f["name"] == "server.up to client")
        idle = [n for n, v in enumerate(flow["values"]) if v == 0]
        begin = int(self.result["window"]["from_ps"]) * 1e-12
        for failover in self.result["failovers"]:
            decided = int(failover["decided_ps"]) * 1e-12
            self.assertTrue(any(begin + n * flow["step"] <= decided < begin + (n + 1) * flow["step"] for n in idle), (decided, idle))

    def test_zoomed_they_are_worked_out_of_the_same_packets(self):
        b = Browser(self)
        b.open(self.folder / "team/report.html")
        begin, end = (int(self.result["window"][k]) for k in ("from_ps", "until_ps"))
        arrivals = [a for a in self.arrivals() if begin <= a[2] < end]
        series = lambda chart: {name: [v for _, v in data[:-1]] for name, data in b.run(  # noqa: E731
            "return all_charts.find(c => c.figure.id === arguments[0]).library.getOption().series.map(s => [s.name, s.data])", "chart-" + chart)}
        words = lambda chart: b.run("return [...document.querySelectorAll(`#chart-${arguments[0]} svg text`)].map(t => t.textContent)", chart)  # noqa: E731
        wire = 100e6
        at_first = {chart: series(chart) for chart in ("throughput", "latency", "queues")}
        b.tab_to("e.closest('#chart-throughput') && e.classList.contains('canvas')")
        for magnification in (2, 4, 8):
            b.press("+", "Equal")
            whole = self.data["throughput"][0]
            step = whole["step"] / min(magnification, whole["finer"]["parts"])
            for name, drawn in series("throughput").items():
                octets = [0] * len(drawn)
                for flow, _, ended, length in arrivals:
                    if flow == name and (n := int((ended - begin) * 1e-12 / step)) < len(octets):
                        octets[n] += length
                self.assertEqual(len(drawn), int((end - begin) * 1e-12 / step), name)
                for rate, count in zip(drawn, octets):
                    self.assertAlmostEqual(rate, count * 8 / step, delta=1e-5 * rate)
                self.assertLessEqual(max(drawn), wire)
            told = [seconds(t.split("in steps of ")[1]) for t in words("throughput") if "in steps of" in t]
            self.assertEqual(len(told), 1)
            self.assertAlmostEqual(told[0], step, delta=1e-3 * step)
            width = (end - begin) // 64
            for name, drawn in series("latency").items():
                flow, what = name.rsplit(", ", 1)
                times = [[] for _ in drawn]
                for of, born, ended, _ in arrivals:
                    if of == flow and (n := (ended - begin) * magnification // width) < len(times):
                        times[n].append((ended - born) * 1e-12)
                self.assertEqual(len(drawn), 64 * magnification)
                for value, mine in zip(drawn, times):
                    self.assertEqual(value is None, not mine, name)
                    if mine:
                        expected = max(mine) if what == "greatest" else sum(mine) / len(mine)
                        self.assertAlmostEqual(value, expected, delta=2e-5 * expected)
            for name, drawn in series("queues").items():
                coarse = at_first["queues"][name]
                self.assertEqual(len(drawn), 64 * magnification)
                for n, value in enumerate(coarse):
                    mine = drawn[n * magnification:(n + 1) * magnification]
                    self.assertAlmostEqual(sum(mine) / len(mine), value, delta=2e-5 * value + 1e-9)
        b.press("0", "Digit0")
        self.assertEqual({chart: series(chart) for chart in at_first}, at_first)
        self.assertEqual(b.console(), [])


if __name__ == "__main__":
    need_browser()
    unittest.main()
