#!/usr/bin/env python3
"""Every rule of the checker catches a waveform that breaks it; good ones pass. Usage: test_vcd_rules.py REFERENCE_PCI [unittest options]"""

import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import vcd_rules  # noqa: E402
from mutations import MUTATIONS  # noqa: E402
from rule_names import RULES  # noqa: E402
from samples import Samples, T  # noqa: E402

REFERENCE = None
WORKLOAD = """
bus period=30000 phase=0 until=60000000 wide=1
master timer=4 line=32 wide=1 follow=1
  item arrival=0 command=7 address=0x100 bytes=64
  item arrival=3000000 command=6 address=0x200 bytes=32
  item arrival=6000000 command=10 address=0x1804 bytes=4
  item arrival=9000000 command=7 address=0x90000000 bytes=16
  item arrival=12000000 command=15 address=0x100 bytes=64
  item arrival=15000000 command=6 address=0x20000 bytes=32
  item arrival=18000000 command=6 address=0x30000 bytes=32
  item arrival=21000000 command=3 address=0x1002 bytes=1
  item arrival=25000000 command=7 address=0x500 bytes=8
  item arrival=25000000 command=7 address=0x600 bytes=8
  item arrival=28000000 command=6 address=0x300001004 bytes=64
  item arrival=30000000 command=7 address=0x300001004 bytes=64
  item arrival=32000000 command=7 address=0x704 bytes=64
master timer=64
  item arrival=0 command=6 address=0x400 bytes=64
  item arrival=15000000 command=6 address=0x21000 bytes=64
target base=0 size=65536 devsel=2 device=3
target base=0x20000 size=65536 devsel=1 first=2 next=1 boundary=16 with_data=0 pattern=r..
target base=0x30000 size=65536 devsel=3 boundary=8 pattern=.b abort_words=1
target base=0x1000 size=256 io=1
target base=0x300000000 size=65536 wide=1
"""
TIMERS = {"0": 4, "1": 64}


def run_reference(workload, wave):
    with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False) as f:
        f.write(workload)
    try:
        return subprocess.run([REFERENCE, f.name, wave], check=True, capture_output=True, text=True,
                              env={**os.environ, "SYSTEMC_DISABLE_COPYRIGHT_MESSAGE": "1"}).stdout
    finally:
        os.unlink(f.name)


def breaches(path, **options):
    found = []
    vcd_rules.check(path, lambda bus, time, rule, text: found.append((rule, time)),
                    **{"period": T, "phase": 0, "latency_timers": TIMERS, "cache_line": 32, **options})
    return found


class Rules(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.good = os.path.join(cls.folder.name, "good.vcd")
        cls.bad = os.path.join(cls.folder.name, "bad.vcd")
        cls.tenures = run_reference(WORKLOAD, cls.good)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_workload_shows_every_ending(self):
        for why in ("completed", "disconnect", "latency_timer", "retry", "master_abort", "target_abort"):
            self.assertIn(why, self.tenures)

    def test_good_waveform_passes(self):
        self.assertEqual(breaches(self.good), [])
        Samples(self.good).write(self.bad)      # and so it does after a round trip through the samples
        self.assertEqual(breaches(self.bad), [])

    def clocks(self, path):
        with open(path, encoding="ascii") as f:
            _, scopes = vcd_rules.read_header(f)
            return vcd_rules.infer_clocks(f, scopes)

    def test_period_is_inferred(self):
        self.assertEqual(self.clocks(self.good), {"bus": (T, 0)})

    def test_period_is_that_of_the_pins_whatever_else_changes(self):
        other = [f"#{n}\n1@other\n" for n in range(1, 40000, 7)]       # a FIFO on its own clock, an interrupt at any time
        with open(self.good, encoding="ascii") as f:
            header, dump = f.read().split("$enddefinitions $end\n")
        interrupt = re.search(r"\$var wire 1 (\S+) INTA_n", header)[1]
        with open(self.bad, "w", encoding="ascii") as f:
            f.write(header + "$scope module nic $end\n$var wire 1 @other level $end\n$upscope $end\n$enddefinitions $end\n")
            for piece in re.split(r"(?m)^(?=#)", dump):
                at = int(re.match(r"#(\d+)", piece)[1]) if piece else 0
                while other and int(other[0][1:other[0].index("\n")]) < at:
                    f.write(other.pop(0))
                f.write(piece)
                if at > 300 * T and interrupt:
                    f.write(f"#{at + 1}\n0{interrupt}\n")
                    interrupt = None
        self.assertEqual(self.clocks(self.bad), {"bus": (T, 0)})
        self.assertEqual(breaches(self.bad, period=None, phase=None), [])

    def test_two_buses_have_a_clock_each(self):
        slow, fast = os.path.join(self.folder.name, "slow.vcd"), os.path.join(self.folder.name, "fast.vcd")
        run_reference(WORKLOAD, slow)
        run_reference(WORKLOAD.replace("period=30000 phase=0", "period=15151 phase=4000"), fast)
        merged = []                          # (time, number of the file, lines)
        heads = ["$timescale 1 ps $end\n"]
        for number, path in enumerate((slow, fast)):
            with open(path, encoding="ascii") as f:
                header, dump = f.read().split("$enddefinitions $end\n")
            heads.append(re.sub(r"(\$var wire \d+ )(\S+)", rf"\g<1>{number}\2", header.split("$end\n", 1)[1]).replace("bus", f"bus{number}"))
            for piece in re.split(r"(?m)^#", dump)[1:]:
                time, lines = piece.split("\n", 1)
                lines = re.sub(r"(?m)^(b\S+ |[01xz])(?=\S)", rf"\g<1>{number}", lines)
                merged.append((int(time), number, re.sub(r"(?m)^\$.*\n", "", lines)))
        with open(self.bad, "w", encoding="ascii") as f:
            f.write("".join(heads) + "$enddefinitions $end\n")
            for time, _, lines in sorted(merged):
                f.write(f"#{time}\n{lines}")
        self.assertEqual(self.clocks(self.bad), {"bus0": (T, 0), "bus1": (15151, 4000)})
        self.assertEqual(breaches(self.bad, period=None, phase=None), [])

    def test_wrong_parity_is_reported_where_it_belongs(self):
        """Faults on the bus: with agents that report, PERR# and SERR# in their places; without, they are missed."""
        faults = WORKLOAD.replace("wide=1\nmaster", "wide=1 wrong_address=2 wrong_parity=3 wrong_bit=4\nmaster", 1)
        self.assertNotEqual(faults, WORKLOAD)
        reporting = re.sub(r"(?m)^(master|target) ", r"\1 parity=1 ", faults)
        run_reference(reporting, self.bad)
        self.assertEqual(breaches(self.bad, parity_faults=True, parity_reported=True), [])
        self.assertEqual({r for r, _ in breaches(self.bad)}, {"parity_value"})
        samples = Samples(self.bad)
        self.assertGreater(sum(s["PERR_n"] == "0" for s in samples.edges), 10)
        self.assertGreater(sum(s["SERR_n"] == "0" for s in samples.edges), 5)
        run_reference(faults, self.bad)
        self.assertEqual(breaches(self.bad, parity_faults=True), [])
        self.assertEqual({r for r, _ in breaches(self.bad, parity_faults=True, parity_reported=True)}, {"perr", "serr"})

    def test_every_rule_has_a_mutation(self):
        self.assertEqual(set(RULES) - {"on_edge"}, set(MUTATIONS))

    def test_mutations(self):
        for rule, functions in MUTATIONS.items():
            for n, function in enumerate(functions):
                with self.subTest(rule=rule, mutation=n):
                    samples = Samples(self.good)
                    function(samples)
                    samples.write(self.bad)
                    self.assertIn(rule, {r for r, _ in breaches(self.bad)})

    def test_the_latency_timer_is_checked_only_if_told(self):
        self.assertEqual(breaches(self.good, latency_timers=None), [])
        self.assertIn("latency_timer", {r for r, _ in breaches(self.good, latency_timers=2)})

    def test_change_off_the_edge(self):
        Samples(self.good).write(self.bad, extra=[(5 * T + 1234, "PAR", "1")])
        self.assertIn("on_edge", {r for r, _ in breaches(self.bad)})

    def test_limits_can_be_set(self):
        self.assertIn("first_data", {r for r, _ in breaches(self.good, first_limit=2)})

    def test_a_host_bridge_has_a_limit_of_its_own(self):
        self.assertNotIn("first_data", {r for r, _ in breaches(self.good, first_limit=2, host_memory=1 << 32)})

    def test_exit_status(self):
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "vcd_rules.py")

        def status(path):
            return subprocess.run([sys.executable, script, path], capture_output=True).returncode
        self.assertEqual(status(self.good), 0)
        samples = Samples(self.good)
        MUTATIONS["grant_one"][0](samples)
        samples.write(self.bad)
        self.assertEqual(status(self.bad), 1)
        self.assertEqual(status(self.bad + ".missing"), 2)
        with open(self.bad, "w", encoding="ascii") as f:
            f.write("not a waveform\n")
        self.assertEqual(status(self.bad), 2)


if __name__ == "__main__":
    REFERENCE = sys.argv.pop(1)
    unittest.main()
