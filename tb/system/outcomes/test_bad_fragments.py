"""Fragments that are not as they should be, made octet by octet and sent to a whole machine: to 22b of a crypto block, and to a host's CPU behind a plain
nic, over IPv4 and IPv6. The datagram around them comes to its socket as it was sent, or does not and is counted; the good one behind it always comes."""
import itertools
import random
import struct
import unittest

import command

HERE, THERE, UDP, FRAGMENT, OTHER = 1, 2, 17, 44, 50
BLOCK, CPU = 'identity = "extended"\n[nic.crypto]\nenable = true\nreassembly_timeout = "2 ms"\n', ""
REASONS = ("malformed", "tiny", "no_context", "no_memory", "poisoned", "oversize", "too_many", "overlap", "conflict", "congestion")

SCENARIO = """
extends = "parts/one-nic.toml"
duration = "30 ms"
[[nic]]
name = "nic0"
mac = "02:00:00:00:00:02"
address = "192.0.2.2/24"
{nic}
[[host]]
name = "server"
[host.stack]
reassembly_timeout = "2 ms"
[[peer]]
name = "client"
mac = "02:00:00:00:00:01"
ip = "192.0.2.1"
[[replay]]
name = "made"
peer = "client"
file = "made.pcap"
timing = "fast"
[[traffic]]
name = "late"
from = "client"
to = "server"
pace = "frames"
frames_per_second = 1
start = "29990 us"
protocol = "{protocol}"
frame_size = "100 B"
"""


def address(version, last):
    return bytes([192, 0, 2, last]) if version == 4 else bytes.fromhex("20010db8" + "00" * 8) + bytes([192, 0, 2, last])


def summed(octets):
    octets += bytes(len(octets) % 2)
    total = sum(struct.unpack(">%dH" % (len(octets) // 2), octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def payload(sequence, n):
    """As docs/scenario.md tells of [[traffic]]: a mark, then octets that follow from its number."""
    mark = struct.pack(">HHIHQ", 0x4E54, 1, sequence, n, 0)
    at = sequence * 97 % 4096
    return mark + bytes((31 * (at + k) + 7 + (at + k) // 256) & 0xFF for k in range(n - len(mark)))


def udp(version, sequence, n):
    text = payload(sequence, n)
    head = struct.pack(">HHH", 9000, 9, 8 + n)
    pseudo = address(version, HERE) + address(version, THERE) + struct.pack(">II" if version == 6 else ">HH", UDP, 8 + n)
    return head + struct.pack(">H", ~summed(pseudo + head + bytes(2) + text) & 0xFFFF or 0xFFFF) + text


def piece(version, whole, begin, end, last, ident, tos=0, protocol=UDP, flags=0, options=b"", words=None, total=None, spoilt=0):
    """Octets begin … end of what is behind the IP header, as one fragment."""
    body = whole[begin:end]
    if version == 6:
        first = struct.pack(">I", 6 << 28 | tos << 20)
        behind = struct.pack(">BBHI", protocol, 0, begin & 0xFFF8 | (0 if last else 1), ident)
        length = len(options) + 8 + len(body) if total is None else total
        return first + struct.pack(">HBB", length, FRAGMENT, 64) + address(6, HERE) + address(6, THERE) + behind + body
    size = 20 + len(options)
    place = begin // 8 | (0 if last else 0x2000) | flags
    head = struct.pack(">BBHHHBBH", 4 << 4 | (size // 4 if words is None else words), tos, size + len(body) if total is None else total, ident, place, 64,
                       protocol, 0) + address(4, HERE) + address(4, THERE) + options
    return head[:10] + struct.pack(">H", (~summed(head) & 0xFFFF) ^ spoilt) + head[12:] + body


class maker:
    """Datagrams of one version, each with a number and an identification of its own."""

    def __init__(self, version):
        self.version, self.number = version, 0

    def next(self, n=600):
        self.number += 1
        return udp(self.version, self.number, n), 100 + self.number

    def cut(self, step=200, n=600, each=lambda k: {}):
        whole, ident = self.next(n)
        ends = list(range(step, len(whole), step)) + [len(whole)]
        return [piece(self.version, whole, begin, end, end == len(whole), ident, **each(k)) for k, (begin, end) in enumerate(zip([0] + ends, ends))]

    def of(self, *ranges, n=600, **how):
        """(begin, end, last) of one datagram, in that order."""
        whole, ident = self.next(n)
        whole += bytes(2000)
        return [piece(self.version, whole, begin, end, last, ident, **how) for begin, end, last in ranges]


def orders(pieces):
    n, rng = len(pieces), random.Random(len(pieces))
    half = [pieces[n // 2:], pieces[:n // 2]]
    return [pieces, pieces[::-1], pieces[1::2] + pieces[::2], pieces[::2] + pieces[1::2], half[0] + half[1], rng.sample(pieces, n)]


# What comes of `m`: (frames, datagrams that arrive, what is counted of the rest: "drops", "late", "below" the reassembly, or nothing)
def rows(m):
    size, both = 608, {}
    for step, n in ((8, 100), (24, 300), (520, 3000), (1480 if m.version == 4 else 1448, 20000)):
        both[f"F-20 orders, {n} in {step}"] = lambda step=step, n=n: ([f for k in range(6) for f in orders(m.cut(step, n))[k]], 6, "")
    both["F-23 nothing in it"] = lambda: (m.of((0, 200, False), (200, 200, False)), 0, "drops")
    both["F-23 no multiple of eight before the last"] = lambda: (m.of((0, 203, False), (200, size, True)), 0, "drops")
    both["F-23 two ends"] = lambda: (m.of((0, 200, False), (400, size, True), (200, 304, True)), 0, "drops")
    both["F-23 octets behind the end"] = lambda: (m.of((0, 200, False), (200, 400, True), (400, 600, False)), 0, "")
    both["F-27 one octet last"] = lambda: (m.of((0, 600, False), (600, 601, True), n=593), 1, "")
    both["F-28 leading, trailing, contained"] = lambda: (m.of((0, 208, False), (200, size, True)) + m.of((200, size, True), (0, 208, False)) +
                                                         m.of((0, 400, False), (200, 304, False), (400, size, True)), 0, "drops")
    both["F-28 identical"] = lambda: (m.of((0, 200, False), (0, 200, False), (200, size, True)), 1, "")
    both["F-29 all capable, one marked"] = lambda: (m.cut(each=lambda k: {"tos": 2}) + m.cut(each=lambda k: {"tos": 3 if k == 1 else 2}), 2, "")
    both["F-29 one marked, others not capable"] = lambda: (m.cut(each=lambda k: {"tos": 3 if k == 1 else 0}), 0, "drops")
    if m.version == 6:
        both["F-27 atomic"] = lambda: (m.of((0, size, True)), 1, "")
        return both
    router_alert = bytes([0x94, 4, 0, 0])
    both["F-24 DF and MF, the reserved flag"] = lambda: (m.cut(each=lambda k: {"flags": 0x4000}) + m.cut(each=lambda k: {"flags": 0x8000}), 2, "")
    for options in (router_alert, bytes([1] * 20), bytes([7, 39, 4] + [0] * 36 + [0])):
        both[f"F-25 options of {len(options)}"] = lambda o=options: (m.cut(each=lambda k: {"options": o if k == 0 else b""}), 1, "")
    both["F-25 too short a header, too short a whole, longer than the frame"] = lambda: (
        m.cut(each=lambda k: {"words": 4} if k == 1 else {}) + m.cut(each=lambda k: {"total": 19} if k == 1 else {}) +
        m.cut(each=lambda k: {"total": 999} if k == 1 else {}), 0, "below")
    both["F-26 a wrong header checksum"] = lambda: (m.cut(each=lambda k: {"spoilt": 0x100 if k == 1 else 0}), 0, "late")
    both["F-31 another protocol of the same identification"] = lambda: (
        [f for pair in itertools.zip_longest(m.cut(), [piece(4, bytes(range(200)) * 4, b, b + 200, False, 100 + m.number, protocol=OTHER) for b in (0, 200)])
         for f in pair if f], 1, "late")
    return both


class bad_fragments(command.scenario_test):
    def sent(self, version, packets, nic):
        head = bytes.fromhex("020000000002" "020000000001") + (b"\x08\x00" if version == 4 else b"\x86\xdd")
        frames = [(head + p).ljust(60, b"\0") for p in packets]
        records = b"".join(struct.pack("<IIII", 0, 0, len(f), len(f)) + f for f in frames)
        (self.folder / "made.pcap").write_bytes(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1) + records)
        return self.run_scenario(self.write("s.toml", SCENARIO.format(nic=nic, protocol="udp" if version == 4 else "udp_ipv6")), "--trace", "none")

    def counted(self, run, nic):
        """What was refused by the reassembly, what was given up, and what never came to it."""
        stack = {m: run.metric(f"server.stack.{m}") for m in ("reassembly_drops", "reassembly_timeouts", "bad_header", "bad_checksum", "unknown_protocol")}
        below = stack["bad_header"] + stack["bad_checksum"]
        if nic == CPU:
            return {"drops": stack["reassembly_drops"], "late": stack["reassembly_timeouts"], "below": below}
        self.assertEqual(stack["reassembly_drops"] + stack["reassembly_timeouts"], 0, "22b puts together")
        block = {m: run.metric(f"server.pci0.nic0.crypto.{m}") for m in ("reassembly_drops", "reassembly_given_up", "malformed")}
        self.assertEqual(sum(self.reasons(run).values()), block["reassembly_drops"], "each for one reason")
        return {"drops": block["reassembly_drops"], "late": block["reassembly_given_up"], "below": below + block["malformed"]}

    def test_each_row_comes_whole_or_is_counted(self):
        for version, nic in itertools.product((4, 6), (BLOCK, CPU)):
            for row in rows(maker(version)):
                m = maker(version)
                frames, arrive, what = rows(m)[row]()
                with self.subTest(row, version=version, by="22b" if nic else "CPU"):
                    run = self.sent(version, frames + m.cut(), nic)
                    self.assertEqual(run.metric("server.sink_9.received"), arrive + 1)
                    self.assertEqual(run.metric("server.sink_9.damaged") + run.metric("server.sink_9.foreign"), 0)
                    counted = self.counted(run, nic)
                    if what:
                        self.assertGreater(counted[what], 0, counted)
                    elif arrive:
                        self.assertEqual(set(counted.values()), {0}, counted)

    def test_who_sent_a_first_fragment_is_told_when_the_rest_does_not_come(self):
        """F-22: at its time, and nobody is told of one whose first fragment never came."""
        for version, nic in itertools.product((4, 6), (BLOCK, CPU)):
            with self.subTest(version=version, by="22b" if nic else "CPU"):
                m = maker(version)
                run = self.sent(version, m.cut()[:-1] + m.cut()[1:] + m.cut(), nic)
                self.assertEqual(run.metric("server.sink_9.received"), 1)
                self.assertEqual(self.counted(run, nic), {"drops": 0, "late": 2, "below": 0})
                if nic == CPU:
                    self.assertEqual(run.metric("server.stack.time_exceeded"), 1)
                    self.assertEqual(run.metric("server.stack.sent"), 2 if version == 4 else 1, "ARP asks first")

    def reasons(self, run):
        every = {why: run.metric(f"server.pci0.nic0.crypto.reassembly_{why}") for why in REASONS}
        return {why: n for why, n in every.items() if n}

    def test_22b_counts_each_reason_apart(self):
        def ended(version, frames, *more):
            return self.reasons(self.sent(version, frames, BLOCK + "".join(more)))
        for version in (4, 6):
            with self.subTest(version=version):
                m = maker(version)
                self.assertEqual(ended(version, m.of((0, 203, False))), {"malformed": 1})
                self.assertEqual(ended(version, m.of((0, 200, False), (400, 608, True), (200, 304, True))), {"conflict": 1})
                self.assertEqual(ended(version, m.of((0, 208, False), (200, 608, True))), {"overlap": 1})
                self.assertEqual(ended(version, m.of((0, 208, False), (200, 400, False), (400, 608, True))), {"overlap": 1, "poisoned": 1})
                self.assertEqual(ended(version, m.cut(each=lambda k: {"tos": 3 if k == 1 else 0})), {"congestion": 1})
                self.assertEqual(ended(version, m.cut(80, 712), "fragments = 8\n"), {"too_many": 1})
                self.assertEqual(ended(version, m.cut(8, 40)), {})
                self.assertEqual(ended(version, m.cut(8, 40), 'least_first = "8 B"\n'), {})
                self.assertEqual(ended(version, m.cut(8, 40), 'least_first = "9 B"\n'), {"tiny": 1})
                self.assertEqual(ended(version, m.cut()[:1] + m.cut()[:1], "contexts = 1\n"), {})
                refused = self.sent(version, m.cut()[:1] + m.cut() + m.cut(), BLOCK + 'contexts = 1\nwhen_full = "refuse_new"\n')
                self.assertEqual(self.reasons(refused), {"no_context": 8})
                self.assertEqual(refused.metric("server.pci0.nic0.crypto.reassembly_timeouts"), 1)
                self.assertEqual(refused.metric("server.sink_9.received"), 0)
                evicted = self.sent(version, m.cut()[:1] + m.cut() + m.cut(), BLOCK + "contexts = 1\n")
                self.assertEqual((self.reasons(evicted), evicted.metric("server.sink_9.received")), ({}, 2))
                self.assertEqual(evicted.metric("server.pci0.nic0.crypto.reassembly_timeouts"), 0)

    def test_as_many_as_22b_takes_and_one_more(self):
        for version in (4, 6):
            m = maker(version)
            run = self.sent(version, m.cut(80, 632) + m.cut(80, 712), BLOCK + "fragments = 8\n")
            self.assertEqual((run.metric("server.sink_9.received"), self.counted(run, BLOCK)["drops"]), (1, 1))

    def test_overlaps_are_settled_as_the_policy_says(self):
        for version, policy in itertools.product((4, 6), ("first_wins", "last_wins")):
            m = maker(version)
            frames = m.of((0, 208, False), (200, 608, True)) + m.of((0, 400, False), (200, 304, False), (400, 608, True))
            run = self.sent(version, frames, BLOCK + f'overlaps = "{policy}"\n')
            self.assertEqual((run.metric("server.sink_9.received"), run.metric("server.sink_9.damaged")), (2, 0))


if __name__ == "__main__":
    unittest.main()
