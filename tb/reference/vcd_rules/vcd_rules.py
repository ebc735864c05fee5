#!/usr/bin/env python3
"""Checks PCI pins in a VCD against the rules of PCI 2.2, knowing nothing but the waveform.

Pins are found by name within one scope per bus: RST_n, AD[31:0], CBE_n[3:0], PAR, FRAME_n, IRDY_n, TRDY_n, DEVSEL_n, STOP_n,
IDSEL_<device>, REQ_n_<master>, GNT_n_<master>, INTA_n … INTD_n. A change stands at the edge at which it is driven and is
sampled at the next one. Exit status: 0 no breach, 1 breaches, 2 the file cannot be read or holds no bus.
"""

import argparse
import math
import re
import sys

sys.path.insert(0, __file__.rsplit("/", 1)[0] if "/" in __file__ else ".")
from pci_rules import RULES, Bus  # noqa: E402

NEEDED = ("AD", "CBE_n", "PAR", "FRAME_n", "IRDY_n", "TRDY_n", "DEVSEL_n", "STOP_n")
KNOWN = re.compile(r"^(RST_n|AD|CBE_n|PAR|FRAME_n|IRDY_n|TRDY_n|DEVSEL_n|STOP_n|PERR_n|SERR_n|(IDSEL|REQ_n|GNT_n)_\w+|INT[ABCD]_n)$")
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


def infer_period(path):
    """The largest common divisor of the times at which anything changes, and the first of them."""
    times = []
    with open(path, encoding="ascii", errors="replace") as f:
        for line in f:
            if line[:1] == "#" and line[1:2].isdigit():
                times.append(int(line[1:]))
                if len(times) > 20000:
                    break
    times = [t for t in times if t > 0]
    period = 0
    for a, b in zip(times, times[1:]):
        period = math.gcd(period, b - a)
    return period, times[0] if times else 0


def check(path, report, period=None, phase=None, first_limit=16, next_limit=8):
    """Calls report(bus, time, rule, text) for each breach. Times in the units of the file. Returns the buses and edges looked at."""
    if period is None:
        period, first = infer_period(path)
        if phase is None:
            phase = first % period if period else 0
    if phase is None:
        phase = 0
    with open(path, encoding="ascii", errors="replace") as f:
        _, scopes = read_header(f)
        buses, where = [], {}
        for scope, pins in scopes.items():
            if not all(p in pins for p in NEEDED):
                continue
            state = {p: "x" * bits for p, (_, bits) in pins.items()}
            bus = Bus(pins, lambda time, rule, text, scope=scope: report(scope, time, rule, text), first_limit, next_limit, phase + period)
            buses.append((bus, state))
            for pin, (identifier, bits) in pins.items():
                where.setdefault(identifier, []).append((state, pin, bits))
        if not buses:
            raise Unreadable("no scope holds the pins of a PCI bus: " + ", ".join(NEEDED))
        if period <= 0:
            return [s for s in scopes], 0

        edges = follow(f, buses, where, period, phase, report)
    return [s for s in scopes], edges


def follow(lines, buses, where, period, phase, report):
    edge = phase if phase else period   # the next edge to look at; what stands at 0 may have been driven at an edge there
    edges = 0
    seen_any = False             # values at power-on are there before the first edge

    def look_until(time):
        nonlocal edge, edges
        while edge <= time:
            busy = False
            for bus, state in buses:
                bus.edge(edge, dict(state))
                busy = busy or not bus.settled
            edges += 1
            edge += period
            if not busy and edge <= time:         # nothing can happen before the next change
                skipped = (time - edge) // period
                edge += skipped * period
                edges += skipped

    time = 0
    for line in lines:
        c = line[0]
        if c == "#":
            now = int(line[1:])
            if now < time:
                raise Unreadable(f"time goes back from {time} to {now}")
            if seen_any and now > time:
                # What stands at `time` is sampled from the next edge on.
                look_until(now)
            time = now
        elif c in "01xzXZ":
            for state, pin, _ in where.get(line[1:].strip(), ()):
                changed(state, pin, c.lower(), time, period, phase, report)
            seen_any = True
        elif c in "bB":
            value, identifier = line[1:].split()
            for state, pin, bits in where.get(identifier, ()):
                changed(state, pin, widened(value.lower(), bits), time, period, phase, report)
            seen_any = True
    look_until(time)
    return edges


def changed(state, pin, value, time, period, phase, report):
    if state[pin] != value:
        if time > 0 and (time - phase) % period:
            report("", time, "on_edge", pin)
        state[pin] = value


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0], epilog="Rules: " + ", ".join(RULES))
    parser.add_argument("wave", nargs="*")
    parser.add_argument("--period", type=int, help="clock period in units of the file's timescale; default: inferred from the changes")
    parser.add_argument("--phase", type=int, help="time of a rising edge; default: inferred")
    parser.add_argument("--first-data", type=int, default=16, metavar="CLOCKS", help="limit for the first data phase (default 16)")
    parser.add_argument("--next-data", type=int, default=8, metavar="CLOCKS", help="limit for each later one (default 8)")
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
            buses, edges = check(path, report, options.period, options.phase, options.first_data, options.next_data)
        except (OSError, Unreadable, ValueError, IndexError) as e:
            print(f"{path}: {e}", file=sys.stderr)
            return 2
        print(f"{path}: {len(buses)} bus{'' if len(buses) == 1 else 'es'}, {edges} clock edges", file=sys.stderr)
    if breaches > options.most:
        print(f"… and {breaches - options.most} more")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
