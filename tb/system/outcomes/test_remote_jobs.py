"""Row A-130, a requester elsewhere in the network: what was on the wire is judged by OpenSSL, a CRC-32c written out below, and a reading of docs/remote-jobs.md
that shares no code with the model. And what is refused: a leg that anybody may read, and datagrams that are no requests."""
import collections
import csv
import pathlib
import struct
import sys
import unittest

import command

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "ipsec"))
try:
    from esp_and_ah import CIPHERS, HASHES, open_esp
    from judge import judge
except ImportError as missing:
    print("SKIPPED:", missing)
    raise SystemExit(77)
import ip_octets

SHIPPED = command.SOURCE / "scenarios" / "team" / "remote-requester.toml"
PORT, UDP, ESP = 7007, 17, 50
REQUEST, REPLY = 1, 2
ENCRYPT, DECRYPT, DIGEST = 1, 2, 3
DONE, REFUSED, NO_ROOM, MALFORMED = 0, 2, 4, 6
message = collections.namedtuple("message", "version kind work status number session length value data")

CAPTURE = '\n[[capture]]\nname = "wire"\nat = "lan_station.*.wire"\n'


def read(octets):
    m = message(*struct.unpack(">BBBBIHHQ", octets[:20]), octets[20:])
    assert m.version == 1 and m.length == len(m.data), m
    return m


def crc32c(octets):
    crc = 0xFFFFFFFF
    for o in octets:
        crc ^= o
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


class session_judge:
    """Opens packets of sessions with the keys in the file esp_sa."""

    def __init__(self, directory):
        cipher, mac = {c[4]: n for n, c in CIPHERS.items()}, {h[4]: n for n, h in HASHES.items()}
        self.keys = {int(r[3], 16): (cipher[r[4]], bytes.fromhex(r[5][2:]), mac[r[6]], bytes.fromhex(r[7][2:]))
                     for r in csv.reader((directory / "esp_sa").read_text().splitlines())}

    def open(self, packet):
        spi, number = struct.unpack(">II", packet[20:28])
        inner, following = open_esp(packet[20:], *self.keys[spi], None)
        assert following == 253
        return number, inner


def datagrams(run, packets):
    """Of the protocol, in order: (source port, destination port, message)."""
    again = ip_octets.reassembler()
    for p in packets:
        p = again.add(ip_octets.whole(p)) if p else None
        if not p or p[9] != UDP:
            continue
        at = (p[0] & 15) * 4
        source, destination, length = struct.unpack(">HHH", p[at:at + 6])
        if PORT in (source, destination):
            yield source, destination, read(p[at + 8:at + length])


class remote_jobs(command.scenario_test):
    def judged(self, run, packets, least):
        """Each reply that is done is right for its request; how many of each work."""
        sessions = session_judge(run.directory) if (run.directory / "esp_sa").exists() else None
        asked, right = {}, collections.Counter()
        for source, destination, m in datagrams(run, packets):
            self.assertEqual(m.kind, REQUEST if destination == PORT else REPLY)
            if m.kind == REQUEST:
                self.assertEqual((m.status, m.value), (0, 0))
                self.assertNotIn(m.number, asked)
                asked[m.number] = m
                continue
            request = asked[m.number]
            self.assertEqual((m.work, m.session, m.status), (request.work, request.session, DONE))
            if m.work == ENCRYPT:
                number, inner = sessions.open(m.data)
                self.assertEqual((number, inner), (m.value, request.data[20:]))
            elif m.work == DECRYPT:
                number, inner = sessions.open(request.data)
                self.assertEqual((number, inner), (m.value, m.data[20:]))
            else:
                self.assertEqual((m.value, m.data), (crc32c(request.data), b""))
            right[m.work] += 1
        self.assertGreaterEqual(min(right.values(), default=0), least)
        return right

    def test_on_a_protected_leg(self):
        """Only ESP and ARP on the wire; inside, every result is what OpenSSL makes of its request."""
        run = self.run_scenario(self.write("s.toml", SHIPPED.read_text().replace("../parts", "parts") + CAPTURE))
        verdicts = list(judge(run.directory / "config.resolved.toml").judge(run.directory / "wire.pcapng"))
        self.assertTrue(all(not v.why for v in verdicts), [v for v in verdicts if v.why][:1])
        from judge import frames
        outside = [p for p in frames(run.directory / "wire.pcapng") if p]
        self.assertEqual({p[9] for p in outside}, {ESP}, "nothing but ESP between the two")
        right = self.judged(run, [v.inner for v in verdicts], 20)
        self.assertEqual(set(right), {ENCRYPT, DECRYPT})
        self.assertIn(sum(right.values()) - run.metric("station.asks.answered"), (0, 1), "one on its way at the end")
        # The requester's own view, beside the server's: what was never answered, and the time with the network's.
        jobs = run.stdout[run.stdout.index("\nJobs\n"):]
        row = next(l.split() for l in jobs.splitlines() if l.startswith("  station.asks "))
        self.assertEqual(int(row[1]), run.metric("station.asks.answered"))
        self.assertIn(f"{run.metric('station.asks.unanswered')} unanswered", " ".join(row))
        self.assertGreater(run.metric("station.asks.unanswered"), 0)

    CLEAR = """
extends = "parts/two-nic-team.toml"
duration = "20 ms"
[[nic]]
name = "nic1"
identity = "extended"
[nic.crypto]
enable = true
engines = ["3des-cascade", "sha1"]
digest_octets = 4
[[host]]
name = "station"
[[cpu]]
name = "cpu_station"
host = "station"
[[bus]]
name = "pci_station"
host = "station"
[[nic]]
name = "eth"
bus = "station.pci_station"
[[link]]
name = "lan_station"
a = "station.pci_station.eth"
b = "core"
[[job_server]]
name = "jobs"
service = "server.team0"
[[remote_load]]
name = "asks"
from = "station"
server = "server.team0.jobs"
in_the_clear = true
timeout = "5 ms"
{more}
"""

    def clear(self, more, *options, text=""):
        run = self.run_scenario(self.write("s.toml", self.CLEAR.format(more=more) + text + CAPTURE), *options)
        from judge import frames
        return run, list(frames(run.directory / "wire.pcapng"))

    def test_in_the_clear(self):
        for more, work in (('direction = "decrypt"', DECRYPT), ('work = "crc32c"', DIGEST), ('sizes = "uniform"\ngreatest_size = "1900 B"', ENCRYPT)):
            with self.subTest(more=more):
                run, packets = self.clear(more)
                self.assertEqual(set(self.judged(run, packets, 15)), {work}, "1900 B and headers go in fragments")
                self.assertEqual(run.metric("station.asks.damaged"), 0)

    def test_what_becomes_of_each(self):
        """Too many at a time are told so; what is lost on the way is given up; each request has one end."""
        for more, options, hit in (("threads = 8", ("--set", "server.team0.jobs.places=2"), "turned_down"),
                                   ('pace = "open"\ngap = "20 us"\nplaces = 64', ("--set", "server.team0.jobs.places=4"), "turned_down"),
                                   ("threads = 4", ("--set", "lan_station.loss_a_to_b=0.2", "--set", "station.stack.arp_timeout=1 ms"), "unanswered")):
            with self.subTest(more=more):
                run, packets = self.clear(more, *options)
                n = {k: run.metric(f"station.asks.{k}") for k in ("due", "lost", "answered", "turned_down", "unanswered", "damaged")}
                self.assertGreater(n[hit], 5)
                self.assertEqual(n["damaged"], 0)
                under_way = n["due"] - n["lost"] - n["answered"] - n["turned_down"] - n["unanswered"]
                self.assertTrue(0 <= under_way <= 64, n)
                replies = collections.Counter(m.status for _, destination, m in datagrams(run, packets) if m.kind == REPLY)
                if hit == "turned_down":
                    self.assertEqual(set(replies), {DONE, NO_ROOM})
                    self.assertEqual(replies[NO_ROOM], run.metric("server.team0.jobs.full"))
                self.assertGreater(replies[DONE], 5)

    def test_no_requests(self):
        """Octets that are no request: counted, answered when they show a number and are no reply, and nobody is hurt."""
        good = struct.pack(">BBBBIHHQ", 1, REQUEST, DIGEST, 0, 77, 0, 4, 0) + b"abcd"
        def but(at, octets, data=good):
            return data[:at] + octets + data[at + len(octets):]
        bad = {  # number in the answer; None: none
            b"": None, b"\1\1": None, good[:7]: None, good[:8]: 77, good[:19]: 77, but(0, b"\2"): 77, but(1, b"\3"): None, but(1, b"\2"): None,
            but(2, b"\0"): 77,
            but(2, b"\4"): 77, but(3, b"\1"): 77, but(9, b"\1"): 77, but(11, b"\5"): 77, but(11, b"\3"): 77, good[:10] + bytes(10): 77, but(19, b"\1"): 77,
            but(10, struct.pack(">H", 3000), good[:20]) + bytes(3000): 77,
        }
        from test_bad_ipsec import ip
        sent = [struct.pack(">HHHH", 999, PORT, 8 + len(d), 0) + d for d in [*bad, good, but(2, bytes([ENCRYPT])) ]]
        frames = []
        for u in sent:
            whole = ip(UDP, u, "192.0.2.9", "192.0.2.1")
            body = whole[20:]
            for at in range(0, len(body), 1480):         # what is too long comes in fragments
                place = at // 8 | (0x2000 if at + 1480 < len(body) else 0)
                piece = ip(UDP, body[at:at + 1480], "192.0.2.9", "192.0.2.1", place=place)
                frames.append(bytes.fromhex("020000000001") + bytes.fromhex("0200000000FE") + b"\x08\x00" + piece)
        pcap = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
        for n, f in enumerate(frames):
            pcap += struct.pack("<IIII", 0, n * 400, len(f), len(f)) + f
        (self.folder / "made.pcap").write_bytes(pcap)
        text = """
[[peer]]
name = "client"
mac = "02:00:00:00:00:fe"
[[nic]]
name = "nic0"
mac = "02:00:00:00:00:01"
[[replay]]
name = "made"
peer = "client"
file = "made.pcap"
[[capture]]
name = "answers"
at = "lan_client.b_to_a.wire"
"""
        run, _ = self.clear('work = "crc32c"', text=text)
        from judge import frames as ip_frames
        replies = [m for _, _, m in datagrams(run, ip_frames(run.directory / "answers.pcapng")) if m.kind == REPLY]
        self.assertEqual(run.metric("server.team0.jobs.malformed"), len(bad))
        self.assertEqual([m.number for m in replies if m.status == MALFORMED], [n for n in bad.values() if n])
        self.assertEqual([(m.number, m.value) for m in replies if m.status == DONE], [(77, crc32c(b"abcd"))])
        self.assertEqual(len([m for m in replies if m.status == REFUSED]), 1, "a packet for a session of digests")
        self.assertGreater(run.metric("station.asks.answered"), 20, "the others go on")

    def test_a_leg_that_anybody_may_read(self):
        """I-1: what shall be protected does not travel in the clear, unless the scenario says so."""
        shipped = SHIPPED.read_text().replace("../parts", "parts")

        def refused(text, *words):
            run = self.run_scenario(self.write("s.toml", text), status=2)
            for word in ("s.toml:", *words):
                self.assertIn(word, run.stderr)

        self.run_scenario(self.write("s.toml", shipped), "--until", "2 ms")
        for name, way in (("protect_requests", "from station to server"), ("protect_replies", "from server to station")):
            part = shipped[shipped.index(f'[[policy]]\nname = "{name}"'):].split("\n\n")[0]
            refused(shipped.replace(part, ""), "remote_load.in_the_clear", way, "is protected by no policy", "or in_the_clear = true")
            refused(shipped.replace(part, part[:part.index("bundle")] + 'action = "bypass"'), way, f"is not protected by {name}")
            said = shipped.replace(part, "").replace("[[remote_load]]", "[[remote_load]]\nin_the_clear = true")
            self.run_scenario(self.write("s.toml", said), "--until", "2 ms")
        there = 'name = "there"\nfrom = "station"\nto = "server"\ncipher = '
        refused(shipped.replace(there + '"aes-cbc"', there + '"null"'), "is not encrypted by protect_requests")
        refused(shipped.replace('bundle = ["there"]', 'bundle = ["there"]\nprotocol = 6'), "from station to server", "is protected by no policy")
        refused(shipped.replace('bundle = ["there"]', 'bundle = ["there"]\ndestination_prefix = "Server"'),
                'policy.destination_prefix = "Server": is no address')

    def test_who_cannot_ask(self):
        def refused(more, *words):
            run = self.run_scenario(self.write("s.toml", self.CLEAR.format(more=more)), status=2)
            for word in ("s.toml:", *words):
                self.assertIn(word, run.stderr)

        refused('size = "4 KiB"', "remote_load.size of station.asks", "takes 2048 B at most (job_server.longest)")
        refused('cipher = "null"\nauthentication = "null"', "remote_load.cipher of station.asks")
        refused('[[remote_load]]\nname = "own"\nfrom = "server"\nserver = "server.team0.jobs"', "remote_load.server of server.own", "is on server itself")
        refused('[[remote_load]]\nname = "again"\nfrom = "station"\nserver = "server.team0.jobs"\nin_the_clear = true', "remote_load: station.again", "7008")


if __name__ == "__main__":
    unittest.main()
