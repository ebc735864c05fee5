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
from pci_rules import RULES  # noqa: E402

REFERENCE = None
T = 30000
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


class Samples:
    """A waveform as one dictionary of levels per edge; sample n is what is driven at edge n - 1 and sampled at edge n."""

    def __init__(self, path):
        with open(path, encoding="ascii") as f:
            _, scopes = vcd_rules.read_header(f)
            (self.pins,) = scopes.values()
            names = {identifier: (pin, bits) for pin, (identifier, bits) in self.pins.items()}
            state, self.edges, time = {}, [], 0
            for line in f:
                if line[0] == "#":
                    now = int(line[1:])
                    for _ in range(time // T, now // T):
                        self.edges.append(dict(state))
                    time = now
                elif line[0] in "01xz":
                    state[names[line[1:].strip()][0]] = line[0]
                elif line[0] == "b":
                    value, identifier = line[1:].split()
                    pin, bits = names[identifier]
                    state[pin] = vcd_rules.widened(value, bits)
        # self.edges[i] is sampled at edge i + 1
        self.tenures = []
        for i, s in enumerate(self.edges):
            if s["FRAME_n"] == "0" and (i == 0 or self.edges[i - 1]["FRAME_n"] != "0" and self.edges[i - 1]["IRDY_n"] != "0"):
                self.tenures.append(i)

    def write(self, path, extra=()):
        with open(path, "w", encoding="ascii") as f:
            f.write("$timescale 1 ps $end\n$scope module bus $end\n")
            for pin, (identifier, bits) in self.pins.items():
                f.write(f"$var wire {bits} {identifier} {pin} $end\n")
            f.write("$upscope $end\n$enddefinitions $end\n")
            before = {}
            for i, state in enumerate(self.edges):
                changes = [(p, v) for p, v in state.items() if before.get(p) != v]
                if changes:
                    f.write(f"#{i * T}\n")
                for pin, value in changes:
                    bits = self.pins[pin][1]
                    f.write(f"b{value} {self.pins[pin][0]}\n" if bits > 1 else f"{value}{self.pins[pin][0]}\n")
                for at, pin, value in extra:
                    if i * T < at < (i + 1) * T:
                        f.write(f"#{at}\n{value}{self.pins[pin][0]}\n")
                before = state
            f.write(f"#{len(self.edges) * T}\n")

    def tenure(self, command, which=0):
        """The edge index of the address phase of the which-th tenure with this command."""
        return [i for i in self.tenures if int(self.edges[i]["CBE_n"], 2) == command][which]

    def set(self, at, **pins):
        self.edges[at].update(pins)

    def first(self, start, **pins):
        """The first index at or after start at which the pins have these levels."""
        for i in range(start, len(self.edges)):
            if all(self.edges[i][p] == v for p, v in pins.items()):
                return i
        raise AssertionError(f"never {pins}")


OUTPUT, READ, WRITE, CONFIGURATION, INVALIDATE = 0x3, 0x6, 0x7, 0xA, 0xF

# For each rule one way to break it: a function that changes good samples.
MUTATIONS = {}


def breaks(rule):
    def add(function):
        MUTATIONS.setdefault(rule, []).append(function)
        return function
    return add


@breaks("unknown")
def _(s): s.set(s.tenure(WRITE) + 2, AD="x" * 32)


@breaks("unknown")
def _(s): s.set(5, TRDY_n="x")


@breaks("always_driven")
def _(s): s.set(9, REQ_n_1="z")


@breaks("grant_one")
def _(s): s.set(9, GNT_n_0="0", GNT_n_1="0")


@breaks("grant_gap")
def _(s):
    i = s.tenures[-1] + 40                   # idle, parked
    holder, other = ("0", "1") if s.edges[i]["GNT_n_0"] == "0" else ("1", "0")
    s.set(i, **{f"GNT_n_{holder}": "1", f"GNT_n_{other}": "0"})


@breaks("frame_granted")
def _(s): s.set(s.tenure(CONFIGURATION) - 1, GNT_n_0="1", GNT_n_1="1")


@breaks("request_released")
def _(s): s.set(s.tenure(CONFIGURATION) + 1, REQ_n_0="0")


@breaks("frame_irdy")
def _(s):
    a = s.tenure(WRITE)
    s.set(a + 1, FRAME_n="1", IRDY_n="z")


@breaks("frame_again")
def _(s):
    a = s.tenure(READ, 1)
    s.set(a + 3, FRAME_n="1")


@breaks("irdy_after_frame")
def _(s): s.set(s.tenures[-1] + 40, IRDY_n="0")


@breaks("irdy_hold")
def _(s): s.set(s.tenure(READ, 1) + 4, IRDY_n="1")


@breaks("master_latency")
def _(s):
    a = s.tenure(WRITE)
    for i in range(a + 1, a + 9):
        s.edges[i] = {**s.edges[a + 1], "IRDY_n": "z", "FRAME_n": "0"}


@breaks("end_idle")
def _(s): s.set(s.first(s.tenure(WRITE), FRAME_n="1", TRDY_n="0") + 1, IRDY_n="0")


@breaks("target_idle")
def _(s): s.set(s.tenures[-1] + 40, DEVSEL_n="0")


@breaks("devsel_window")
def _(s):
    a = [t for t in s.tenures if s.edges[t]["AD"] == f"{0x90000000:032b}"][0]
    s.set(a + 5, DEVSEL_n="0")


@breaks("devsel_hold")
def _(s): s.set(s.first(s.tenure(READ, 1), DEVSEL_n="0", IRDY_n="0", TRDY_n="0") + 1, DEVSEL_n="1")


@breaks("trdy_devsel")
def _(s): s.set(s.tenure(WRITE) + 1, TRDY_n="0")


@breaks("trdy_hold")
def _(s):
    a = s.tenure(READ, 1)
    d = s.first(a, TRDY_n="0")
    s.set(d, IRDY_n="1")
    s.set(d + 1, TRDY_n="1")


@breaks("read_turnaround")
def _(s): s.set(s.tenure(READ) + 1, TRDY_n="0", DEVSEL_n="0")


@breaks("stop_devsel")
def _(s): s.set(s.tenure(WRITE) + 1, STOP_n="0")


@breaks("stop_hold")
def _(s): s.set(s.first(0, STOP_n="0", FRAME_n="0") + 1, STOP_n="1", FRAME_n="0")


@breaks("stop_release")
def _(s):
    i = s.first(0, STOP_n="0", FRAME_n="1")
    s.set(i + 1, STOP_n="0")


@breaks("data_after_stop")
def _(s): s.set(s.first(0, STOP_n="0", FRAME_n="0") + 1, TRDY_n="0")


@breaks("frame_after_stop")
def _(s): s.set(s.first(0, STOP_n="0", FRAME_n="0") + 1, FRAME_n="0")


@breaks("master_abort")
def _(s):
    a = [t for t in s.tenures if s.edges[t]["AD"] == f"{0x90000000:032b}"][0]
    for i in range(a + 6, a + 12):
        s.edges[i] = dict(s.edges[a + 5])


def stretched(s, at, n):
    """n more clocks like the one at `at`."""
    s.edges[at:at] = [dict(s.edges[at]) for _ in range(n)]


@breaks("first_data")
def _(s):
    a = s.tenure(READ)
    d = s.first(a, TRDY_n="0")
    stretched(s, d, 16)
    for i in range(d, d + 16):
        s.set(i, TRDY_n="z")


@breaks("next_data")
def _(s):
    d = s.first(s.tenure(READ), TRDY_n="0") + 2
    stretched(s, d, 9)
    for i in range(d, d + 9):
        s.set(i, TRDY_n="1" if i == d else "z")


@breaks("parity_value")
def _(s):
    i = s.tenure(WRITE) + 3
    s.set(i, PAR="1" if s.edges[i]["PAR"] == "0" else "0")


@breaks("parity_driven")
def _(s): s.set(s.tenure(WRITE) + 2, PAR="z")


@breaks("parity_driven")
def _(s): s.set(s.tenures[-1] + 40, PAR="z")


@breaks("sustained")
def _(s): s.set(s.first(0, IRDY_n="1"), IRDY_n="z")


@breaks("turnaround")
def _(s): s.set(s.tenure(CONFIGURATION) - 1, FRAME_n="1")


@breaks("turnaround")
def _(s): s.set(s.tenure(CONFIGURATION), TRDY_n="1")


@breaks("turnaround")
def _(s):
    a = s.tenure(CONFIGURATION)              # another has GNT# before, and AD to the last moment
    s.set(a - 3, GNT_n_0="1", GNT_n_1="0")
    s.set(a - 2, GNT_n_0="1", GNT_n_1="1")
    s.set(a - 1, AD="0" * 32)


@breaks("address_driven")
def _(s): s.set(s.tenure(CONFIGURATION), AD="z" * 32)


@breaks("data_driven")
def _(s): s.set(s.first(s.tenure(READ), TRDY_n="0"), AD="z" * 32)


@breaks("enables_driven")
def _(s): s.set(s.tenure(WRITE) + 3, CBE_n="zzzz")


@breaks("enables_driven")
def _(s): s.set(s.first(s.tenure(WRITE), FRAME_n="1", TRDY_n="0") + 1, CBE_n="0000")


@breaks("ad_idle")
def _(s): s.set(s.first(s.tenure(WRITE), FRAME_n="1", TRDY_n="0") + 1, AD="0" * 32)


@breaks("parking")
def _(s):                                    # nobody has GNT#, somebody drives
    i = s.tenures[-1] + 40
    for k in range(3):
        s.set(i + k, GNT_n_0="1", GNT_n_1="1")


@breaks("parking")
def _(s):                                    # who has it leaves AD alone
    for i in range(s.tenures[-1] + 40, s.tenures[-1] + 50):
        s.set(i, AD="z" * 32, PAR="z" if i > s.tenures[-1] + 40 else "0")


@breaks("data_stable")
def _(s):
    d = s.first(s.tenure(WRITE), TRDY_n="0")
    s.set(d, AD=s.edges[d - 1]["AD"].translate(str.maketrans("01", "10")))


@breaks("enables_stable")
def _(s): s.set(s.first(s.tenure(READ), TRDY_n="0") - 1, CBE_n="0001")


@breaks("burst_order")
def _(s): s.set(s.tenure(READ), AD=s.edges[s.tenure(READ)]["AD"][:-2] + "01")


@breaks("io_enables")
def _(s):
    a = s.tenure(OUTPUT)
    for i in range(a + 1, a + 3):
        s.set(i, CBE_n="1101")


@breaks("latency_timer")
def _(s):
    a = [t for t in s.tenures if s.edges[t]["REQ_n_1"] == "0"][0]    # master 0 has 4 clocks while master 1 waits
    for i in range(a + 4, a + 8):
        s.set(i, FRAME_n="0")


@breaks("perr")
def _(s): s.set(s.tenure(WRITE) + 5, PERR_n="0")


@breaks("serr")
def _(s): s.set(s.tenure(WRITE) + 2, SERR_n="0")


@breaks("serr")
def _(s): s.set(s.tenures[-1] + 40, SERR_n="0")


@breaks("ad_idle")
def _(s): s.set(s.tenure(READ) + 1, AD="0" * 32)


@breaks("command")
def _(s): s.set(s.tenure(WRITE), CBE_n="0101")


@breaks("idsel")
def _(s): s.set(s.tenure(CONFIGURATION), IDSEL_3="0")


@breaks("idsel")
def _(s): s.set(s.tenure(WRITE), IDSEL_3="1")


@breaks("write_and_invalidate")
def _(s):
    d = s.first(s.tenure(INVALIDATE), TRDY_n="0")
    s.set(d, CBE_n="0001")


DUAL = 0xD


def following(s):
    """The address phase of the tenure that follows without an idle clock."""
    for i in range(1, len(s.edges)):
        if s.edges[i]["FRAME_n"] == "0" and s.edges[i - 1]["FRAME_n"] != "0" and s.edges[i - 1]["IRDY_n"] == "0":
            return i
    raise AssertionError("none follows")


@breaks("back_to_back")
def _(s): s.set(following(s) - 1, GNT_n_0="1", GNT_n_1="0")


@breaks("frame_again")
def _(s): s.set(following(s) - 1, STOP_n="0")


@breaks("dual_address")
def _(s): s.set(s.tenure(DUAL) + 1, AD="0" * 32)


@breaks("dual_address")
def _(s): s.set(s.tenure(DUAL) + 1, IRDY_n="0")


@breaks("wide_request")
def _(s): s.set(s.tenure(WRITE) + 2, REQ64_n="1")


@breaks("wide_request")
def _(s): s.set(s.tenure(CONFIGURATION), REQ64_n="0")


@breaks("wide_acknowledge")
def _(s): s.set(s.first(s.tenure(DUAL), ACK64_n="0") + 1, ACK64_n="1")


@breaks("wide_acknowledge")
def _(s): s.set(s.first(s.tenure(CONFIGURATION), DEVSEL_n="0"), ACK64_n="0")


@breaks("wide_idle")
def _(s): s.set(s.tenures[-1] + 60, AD_high="0" * 32)


@breaks("wide_idle")
def _(s): s.set(s.first(s.tenure(WRITE), DEVSEL_n="0") + 1, CBE_n_high="0000")


@breaks("wide_odd")
def _(s):
    d = s.first(s.tenure(DUAL), ACK64_n="0", TRDY_n="0")
    s.set(d, AD=s.edges[d]["AD"].translate(str.maketrans("01", "10")))


@breaks("whole_lines")
def _(s):
    a = s.tenure(INVALIDATE)
    s.set(a, AD=f"{int(s.edges[a]['AD'], 2) + 8:032b}")


@breaks("parity_value")
def _(s):
    i = s.first(s.tenure(DUAL), ACK64_n="0", TRDY_n="0") + 1
    s.set(i, PAR64="1" if s.edges[i]["PAR64"] == "0" else "0")


@breaks("interrupt")
def _(s): s.set(50, INTA_n="1")


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
