"""trace.json: Trace Event Format as viewers take it, complete against the other results, bounded, whole after an interruption."""
import bisect
import collections
import json
import signal
import subprocess
import time
import unittest
from fractions import Fraction

from command import NICTEAM, SOURCE, scenario_test


def ps(text):
    """Microseconds with six decimals, as picoseconds."""
    return int(Fraction(text) * 1_000_000)


class trace:
    def __init__(self, directory):
        whole = json.loads((directory / "trace.json").read_text(), parse_float=str)
        self.other, self.events = whole["otherData"], whole["traceEvents"]
        assert whole["displayTimeUnit"] == "ns"
        self.process = {e["pid"]: e["args"]["name"] for e in self.events if e["ph"] == "M" and e["name"] == "process_name"}
        self.thread = {(e["pid"], e["tid"]): e["args"]["name"] for e in self.events if e["ph"] == "M" and e["name"] == "thread_name"}

    def of(self, phase):
        return [e for e in self.events if e["ph"] == phase]

    def track(self, e):
        return f'{self.process[e["pid"]]}.{self.thread[e["pid"], e["tid"]]}'

    def check_structure(self, test):
        slices = collections.defaultdict(list)
        for e in self.of("X"):
            slices[self.track(e)].append((ps(e["ts"]), ps(e["ts"]) + ps(e["dur"])))
        for track, all_of in slices.items():                     # X events of one thread must nest: ours follow each other
            for (_, end), (begin, _) in zip(all_of, all_of[1:]):
                test.assertLessEqual(end, begin, track)
        stack = collections.defaultdict(list)
        for e in self.events:                                    # b and e of one id nest, and close
            if e["ph"] == "b":
                stack[e["id"]].append((e["name"], ps(e["ts"])))
            elif e["ph"] == "e":
                name, began = stack[e["id"]].pop()
                test.assertEqual(name, e["name"])
                test.assertLessEqual(began, ps(e["ts"]))
        test.assertFalse([i for i, s in stack.items() if s])
        flow, latest = collections.defaultdict(str), {}
        for e in self.events:
            if e["ph"] in "stf":
                flow[e["id"]] += e["ph"]
                here, at = slices[self.track(e)], ps(e["ts"])
                begin, end = here[bisect.bisect_right(here, (at, float("inf"))) - 1]
                test.assertTrue(begin <= at <= end)
                test.assertGreaterEqual(at, latest.get(e["id"], at))     # an arrow begins before it goes on
                latest[e["id"]] = at
        for i, phases in flow.items():
            test.assertRegex(phases, "^st*f$", i)
        test.assertEqual({e["ph"] for e in self.events} - set("MXbestf"), set())
        for e in self.events:
            if e["ph"] != "M":
                test.assertIn(e["pid"], self.process)
                test.assertTrue(e["ph"] in "be" or (e["pid"], e["tid"]) in self.thread, e)
        return slices, flow


class trace_test(scenario_test):
    def test_tracks_hold_what_the_other_results_count(self):
        for scenario in ("quickstart", "overrun-and-recovery"):
            with self.subTest(scenario):
                text = (SOURCE / f"scenarios/{scenario}.toml").read_text()
                run = self.run_scenario(self.write(f"{scenario}.toml", text.replace('"captures/', f'"{SOURCE}/scenarios/captures/')),
                                        "--trace", "txn,packets", "--set", "warm_up=0 ps", status=None)
                t = trace(run.directory)
                slices, flow = t.check_structure(self)
                self.assertEqual(len(slices["server.pci0.tenures"]), run.metric("server.pci0.tenures"))
                words = sum(e["args"]["words"] for e in t.of("X") if e["cat"] == "bus")
                self.assertEqual(words, sum(s["words"] for s in run.result()["bus_shares"]))
                for way in ("a_to_b", "b_to_a"):
                    self.assertEqual(len(slices.get(f"lan0.{way}", [])), run.metric(f"lan0.{way}.arrived"))
                packets = run.packets()
                born = [e for e in t.of("b") if "octets" in e["args"]]
                self.assertEqual([(p["id"], int(p["born_ps"]), p["from"]) for p in packets],
                                 [(e["id"], int(e["args"]["born_ps"]), e["name"]) for e in born])
                ended = {e["id"]: e["args"]["outcome"] for e in t.of("e") if "args" in e}
                self.assertEqual({p["id"]: p["outcome"] for p in packets}, ended)
                self.assertTrue(set(flow) <= set(ended))
                self.assertGreater(len(flow), 20)
                busy = sum(b - a for a, b in slices["server.cpu0"])
                self.assertGreater(busy, 0)
                self.assertIn("server.pci0.nic0.ru_state", slices)

    def test_bridges_slots_and_shared_media_keep_the_form(self):
        for scenario in ("behind-a-bridge", "hot-plug", "half-duplex"):
            with self.subTest(scenario):
                run = self.run_scenario(SOURCE / f"scenarios/{scenario}.toml", "--trace", "txn", "--until", "8 ms", status=None)
                slices, _ = trace(run.directory).check_structure(self)
                self.assertGreater(len(slices), 5)

    def test_times_are_exact(self):
        run = self.run_scenario(SOURCE / "scenarios/quickstart.toml", "--trace", "txn", "--until", "20 ms", status=None)
        for e in trace(run.directory).of("X"):
            names = {"bus": ("address_ps", "idle_ps"), "wire": ("first_octet_ps", "last_octet_ps")}
            first, last = names.get(e["cat"], ("from_ps", "until_ps"))
            self.assertEqual(ps(e["ts"]), int(e["args"][first]))
            self.assertEqual(ps(e["ts"]) + ps(e["dur"]), int(e["args"][last]))

    def test_a_limit_bites_at_an_instant_and_says_so(self):
        scenario = SOURCE / "scenarios/quickstart.toml"
        full, few, reverse = (self.run_scenario(scenario, "--trace", "txn", *more) for more in
                              ((), ("--set", "trace.txn_limit=500"), ("--set", "trace.txn_limit=500", "--reverse-construction")))
        self.assertEqual((few.directory / "trace.json").read_bytes(), (reverse.directory / "trace.json").read_bytes())
        t, whole = trace(few.directory), trace(full.directory)
        t.check_structure(self)
        until = int(t.other["complete_until_ps"])
        note = [n for n in few.result()["notes"] if "trace.txn_limit" in n]
        self.assertEqual(len(note), 1)
        self.assertIn(note[0][:40], few.stdout.replace("\n    ", " "))
        ended = [e for e in whole.of("X") if ps(e["ts"]) + ps(e["dur"]) < until]
        self.assertGreater(len(ended), 50)
        kept = {(e["pid"], e["tid"], e["ts"]) for e in t.of("X")}
        self.assertTrue(all((e["pid"], e["tid"], e["ts"]) in kept for e in ended))
        self.assertNotIn("complete_until_ps", whole.other)

    def test_the_window_of_the_trace(self):
        run = self.run_scenario(SOURCE / "scenarios/quickstart.toml", "--trace", "txn", "--set", "trace.from=10 ms", "--set", "trace.until=11 ms")
        t = trace(run.directory)
        t.check_structure(self)
        self.assertTrue(t.of("X"))
        for e in t.of("X"):
            self.assertTrue(ps(e["ts"]) < 11_000_000_000 and ps(e["ts"]) + ps(e["dur"]) >= 10_000_000_000)

    def test_after_an_interruption_it_is_whole(self):
        out = self.folder / "stopped"
        p = subprocess.Popen([NICTEAM, "run", str(SOURCE / "scenarios/line-rate-64.toml"), "--out", str(out), "--trace", "txn", "--set",
                "duration=100 s", "--set", "trace.txn_limit=20000", "-q"],
                             stderr=subprocess.PIPE, text=True)
        while not out.exists():
            time.sleep(0.05)
        time.sleep(1)
        p.send_signal(signal.SIGINT)
        p.communicate(timeout=60)
        self.assertEqual(p.returncode, 130)
        t = trace(out)
        t.check_structure(self)
        self.assertTrue(t.of("X"))


if __name__ == "__main__":
    unittest.main()
