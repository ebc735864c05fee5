#!/usr/bin/env python3
"""Checks PCI pins in a VCD against the rules of PCI 2.2, knowing nothing but the waveform.

Pins are found by name within one scope per bus: RST_n, AD[31:0], CBE_n[3:0], PAR, FRAME_n, IRDY_n, TRDY_n, DEVSEL_n, STOP_n,
IDSEL_<device>, REQ_n_<master>, GNT_n_<master>, INTA_n … INTD_n, CLK; REQ64_n, ACK64_n, AD_high, CBE_n_high and PAR64 of a bus that has them. A change stands at the edge at which it is driven and is
sampled at the next one. Each bus has its own clock: --period, or CLK if it is drawn, or what the changes of its own pins have in
common (INTx# aside, which may change at any time; PCI 2.2, 2.2.6). Exit status: 0 no breach, 1 breaches, 2 the file cannot be read or holds no bus.
"""

import argparse
import math
import re
import sys

sys.path.insert(0, __file__.rsplit("/", 1)[0] if "/" in __file__ else ".")
from pci_rules import Bus  # noqa: E402
from rule_names import RULES  # noqa: E402

NEEDED = ("AD", "CBE_n", "PAR", "FRAME_n", "IRDY_n", "TRDY_n", "DEVSEL_n", "STOP_n")
KNOWN = re.compile(r"^(RST_n|AD|CBE_n|PAR|FRAME_n|IRDY_n|TRDY_n|DEVSEL_n|STOP_n|PERR_n|SERR_n|REQ64_n|ACK64_n|AD_high|CBE_n_high|PAR64|(IDSEL|REQ_n|GNT_n)_\w+|INT[ABCD]_n|CLK)$")
ASYNCHRONOUS = ("INTA_n", "INTB_n", "INTC_n", "INTD_n", "CLK")
ENOUGH = 5000            # times at which a bus changes: their common divisor is its clock by then
UNITS = {"s": 12, "ms": 9, "us": 6, "ns": 3, "ps": 0, "fs": -3}


class Unreadable(Exception):
    pass


def read_header(lines):
    """Timescale in ps (a fraction as (n, d)), and {scope: {pin: (identifier, bits)}}."""
    tokens, scale, scopes, found = [], None, [], {}
    for line in lines:
        tokens += line.split()
        if "$end" not in line:
            continue
        while "$end" in tokens:
            end = tokens.index("$end")
            words, tokens = tokens[:end], tokens[end + 1:]
            if not words:
                continue
            kind, rest = words[0], words[1:]
            if kind == "$timescale":
                number, unit = re.match(r"(\d+)\s*(\w+)", "".join(rest)).groups()
                exponent = UNITS[unit]
                scale = (int(number) * 10 ** max(exponent, 0), 10 ** max(-exponent, 0))
            elif kind == "$scope":
                scopes.append(rest[1])
            elif kind == "$upscope":
                scopes.pop()
            elif kind == "$var":
                name = "".join(rest[3:]).split("[")[0]
                if KNOWN.match(name):
                    found.setdefault(".".join(scopes), {})[name] = (rest[2], int(rest[1]))
            elif kind == "$enddefinitions":
                if scale is None:
                    scale = (1, 1)
                return scale, found
    raise Unreadable("the header has no end")


def widened(value, bits):
    """A vector value with all its bits (IEEE 1364-2001, 18.2.1)."""
    if len(value) < bits:
        value = ("0" if value[0] in "01" else value[0]) * (bits - len(value)) + value
    return value


def without_dump(lines):
    """(line, True within $dumpvars: a level that stands, no change at its time)."""
    dumping = False
    for line in lines:
        if line[0] == "$":
            dumping = line.startswith("$dump")
        yield line, dumping


def value_change(line):
    """(value, identifier) of a line of the dump, or None."""
    if line[0] in "01xzXZ":
        return line[0].lower(), line[1:].strip()
    if line[0] in "bB":
        value, identifier = line[1:].split()
        return value.lower(), identifier
    return None


def infer_clocks(lines, scopes):
    """{scope: (period, phase)} from CLK's rising edges where there is one, else from the times at which the bus's own pins change."""
    where, times, rises = {}, {s: [] for s in scopes}, {s: [] for s in scopes}
    for scope, pins in scopes.items():
        for pin, (identifier, _) in pins.items():
            if pin == "CLK" or pin not in ASYNCHRONOUS:
                where.setdefault(identifier, []).append((scope, pin))
    now, wanted = 0, set(scopes)
    for line, dumping in without_dump(lines):
        if line[0] == "#":
            now = int(line[1:])
            if not wanted:
                break
            continue
        change = value_change(line)
        for scope, pin in where.get(change[1], ()) if change and not dumping and now > 0 else ():
            seen = rises[scope] if pin == "CLK" else times[scope]
            if (pin != "CLK" or change[0] == "1") and (not seen or seen[-1] != now):
                seen.append(now)
                if len(seen) >= ENOUGH or len(rises[scope]) > 4:
                    wanted.discard(scope)
    clocks = {}
    for scope in scopes:
        seen = rises[scope] if len(rises[scope]) > 1 else times[scope]
        period = 0
        for a, b in zip(seen, seen[1:]):
            period = math.gcd(period, b - a)
        clocks[scope] = (period, seen[0] % period if period else 0)
    return clocks


class Followed:
    """One bus, its levels and its clock. Times in the units of the file."""

    def __init__(self, scope, pins, period, phase, report, **limits):
        self.period, self.phase = period, phase
        self.next_edge = phase if phase else period      # what stands at 0 may have been driven at an edge there
        self.edges = 0
        self.off_edge = lambda time, pin: report(scope, time, "on_edge", pin)
        self.pins = {p: where for p, where in pins.items() if p != "CLK"}
        self.state = {p: "x" * bits for p, (_, bits) in self.pins.items()}
        self.bus = Bus(self.pins, lambda time, rule, text: report(scope, time, rule, text), power_on=phase + period, **limits)

    def look_until(self, time):
        while self.next_edge <= time:
            self.bus.edge(self.next_edge, dict(self.state))
            self.edges += 1
            self.next_edge += self.period
            if self.bus.settled and self.next_edge <= time:         # nothing can happen before the next change
                skipped = (time - self.next_edge) // self.period
                self.bus.skip(skipped)
                self.next_edge += skipped * self.period
                self.edges += skipped

    def changed(self, pin, value, time, dumping):
        value = widened(value, len(self.state[pin]))
        if self.state[pin] != value:
            if time > 0 and not dumping and (time - self.phase) % self.period and pin not in ASYNCHRONOUS:
                self.off_edge(time, pin)
            self.state[pin] = value


def check(path, report, period=None, phase=None, **limits):
    """Calls report(bus, time, rule, text) for each breach. Times in the units of the file. Returns the buses and edges looked at.

    `limits`: first_limit, next_limit, latency_timers, host_memory as Bus takes them."""
    with open(path, encoding="ascii", errors="replace") as f:
        _, found = read_header(f)
        scopes = {s: pins for s, pins in found.items() if all(p in pins for p in NEEDED)}
        if not scopes:
            raise Unreadable("no scope holds the pins of a PCI bus: " + ", ".join(NEEDED))
        clocks = infer_clocks(f, scopes) if period is None else {s: (period, phase or 0) for s in scopes}
    buses, where = [], {}
    for scope, pins in scopes.items():
        its_period, its_phase = clocks[scope]
        if its_period <= 0:                      # nothing ever changes on it
            continue
        buses.append(Followed(scope, pins, its_period, its_phase if phase is None else phase, report, **limits))
        for pin in buses[-1].pins:
            where.setdefault(pins[pin][0], []).append((buses[-1], pin))
    with open(path, encoding="ascii", errors="replace") as f:
        read_header(f)
        follow(f, buses, where)
    return list(scopes), sum(b.edges for b in buses)


def follow(lines, buses, where):
    time, seen_any = 0, False    # values at power-on are there before the first edge
    for line, dumping in without_dump(lines):
        if line[0] == "#":
            now = int(line[1:])
            if now < time:
                raise Unreadable(f"time goes back from {time} to {now}")
            if seen_any and now > time:
                # What stands at `time` is sampled from the next edge on.
                for bus in buses:
                    bus.look_until(now)
            time = now
            continue
        change = value_change(line)
        if change:
            seen_any = True
            for bus, pin in where.get(change[1], ()):
                bus.changed(pin, change[0], time, dumping)
    for bus in buses:
        bus.look_until(time)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0], epilog="Rules: " + ", ".join(RULES))
    parser.add_argument("wave", nargs="*")
    parser.add_argument("--period", type=int, help="clock period in units of the file's timescale; default: from CLK or from the changes of the pins")
    parser.add_argument("--phase", type=int, help="time of a rising edge; default: inferred")
    parser.add_argument("--first-data", type=int, default=16, metavar="CLOCKS", help="limit for the first data phase (default 16)")
    parser.add_argument("--host-memory", type=lambda text: int(text, 0), default=0, metavar="BYTES",
                        help="memory below is the host bridge's, which may take 32 clocks for the first data phase (default 0: no host bridge is known)")
    parser.add_argument("--next-data", type=int, default=8, metavar="CLOCKS", help="limit for each later one (default 8)")
    parser.add_argument("--latency-timer", type=int, metavar="CLOCKS", help="of every master; default: not checked")
    parser.add_argument("--parity-faults", action="store_true", help="wrong PAR is no breach: parity faults are on")
    parser.add_argument("--parity-reported", action="store_true", help="every agent reports wrong parity by PERR# and SERR#")
    parser.add_argument("--cache-line", type=int, metavar="BYTES", help="of every master; default: not checked")
    parser.add_argument("--most", type=int, default=50, metavar="N", help="breaches to print (default 50)")
    parser.add_argument("--rules", action="store_true", help="list the rules and end")
    options = parser.parse_args()
    if options.rules:
        for name, meaning in RULES.items():
            print(f"{name:22} {meaning}")
        return 0
    if not options.wave:
        parser.error("no waveform given")
    breaches = 0
    for path in options.wave:
        def report(bus, time, rule, text):
            nonlocal breaches
            breaches += 1
            if breaches <= options.most:
                print(f"{path}:#{time}: {bus + ': ' if bus else ''}{rule}: {RULES[rule]}{' (' + text + ')' if text else ''}")
        try:
            buses, edges = check(path, report, options.period, options.phase, first_limit=options.first_data, next_limit=options.next_data,
                                 latency_timers=options.latency_timer, host_memory=options.host_memory, cache_line=options.cache_line,
                                 parity_faults=options.parity_faults, parity_reported=options.parity_reported)
        except (OSError, Unreadable, ValueError, IndexError) as e:
            print(f"{path}: {e}", file=sys.stderr)
            return 2
        print(f"{path}: {len(buses)} bus{'' if len(buses) == 1 else 'es'}, {edges} clock edges", file=sys.stderr)
    if breaches > options.most:
        print(f"… and {breaches - options.most} more")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
