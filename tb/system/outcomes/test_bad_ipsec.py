"""Bad ESP, made octet by octet and sent to a nic: each kind ends at its counter of the crypto block, none comes to a socket, the good ones around it do."""
import hashlib
import hmac
import struct
import unittest

import command

try:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
except ImportError as missing:
    print("SKIPPED:", missing)
    raise SystemExit(77)

KEY, MAC, SPI, IV, ICV, HEADER = bytes(range(16)), bytes(range(32, 52)), 0x1000, 16, 12, 8
HERE, THERE, OTHER = "192.0.2.1", "192.0.2.2", "192.0.2.77"
ESP, AH, UDP, TUNNEL, DUMMY = 50, 51, 17, 4, 59

SCENARIO = """
extends = "parts/one-nic.toml"
duration = "30 ms"
[[nic]]
name = "nic0"
mac = "02:00:00:00:00:02"
address = "192.0.2.2/24"
identity = "extended"
[nic.crypto]
enable = true
engines = ["aes-128-round", "sha1"]
reassembly_timeout = "2 ms"
[[peer]]
name = "client"
mac = "02:00:00:00:00:01"
ip = "192.0.2.1"
[[sa]]
name = "inbound"
from = "client"
to = "server"
spi = 4096
cipher = "aes-cbc"
key = "0x{key}"
authentication_key = "0x{mac}"
{sa}
[[policy]]
name = "protect"
from = "client"
to = "server"
held_by = "receiver"
bundle = ["inbound"]
[[replay]]
name = "made"
peer = "client"
file = "made.pcap"
timing = "fast"
"""


def octets(address):
    return bytes(int(n) for n in address.split("."))


def ip(protocol, payload, source=HERE, destination=THERE, tos=0, place=0, version=4, longer=0):
    h = struct.pack(">BBHHHBBH4s4s", version << 4 | 5, tos, 20 + len(payload) + longer, 7, place, 64, protocol, 0, octets(source), octets(destination))
    total = sum(struct.unpack(">10H", h))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return h[:10] + struct.pack(">H", ~total & 0xFFFF) + h[12:] + payload


def datagram(n=40):
    return struct.pack(">HHHH", 9, 9, 8 + n, 0) + bytes(n)


def padded(text, next_header):
    n = -(len(text) + 2) % 16
    return text + bytes(range(1, n + 1)) + bytes([n, next_header])


def sealed(sequence, text, spi=SPI, key=KEY, mac=MAC):
    """ESP around what is padded already."""
    iv = hashlib.sha256(struct.pack(">I", sequence)).digest()[:IV]
    e = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    head = struct.pack(">II", spi, sequence) + iv + e.update(text)
    return head + hmac.new(mac, head, hashlib.sha1).digest()[:ICV]


def again(head):
    """With an ICV that is right for what it has become."""
    return head + hmac.new(MAC, head, hashlib.sha1).digest()[:ICV]


INNER = ip(UDP, datagram())


def good(sequence, inner=INNER, **how):
    return ip(ESP, sealed(sequence, padded(inner, TUNNEL)), **how)


def flipped(packet, at):
    b = bytearray(packet)
    b[at] ^= 1
    return bytes(b)


def nested(depth):
    p = INNER
    for n in range(depth):
        p = good(900 - n, p)
    return p


whole = good(5)
esp = whole[20:]
text = len(esp) - HEADER - IV - ICV
ah = struct.pack(">BBHII", TUNNEL, 4, 0, SPI, 9) + bytes(12) + INNER

# What comes: (counter, bad ones, association, good numbers that are taken behind them)
ROWS = {
    "E-01 a bit of number, IV, first and last block, ICV": (
        "bad_icv", [flipped(whole, 20 + at) for at in (7, 8, 23, 24, 39, len(esp) - ICV - 1, len(esp) - ICV, len(esp) - 1)], "", [5, 6]),
    "E-02 nobody's SPI, reserved ones, another destination, AH with the SPI of ESP": (
        "no_association", [ip(ESP, sealed(9, padded(INNER, TUNNEL), spi)) for spi in (0x1001, 0, 1, 255)] + [good(9, destination=OTHER), ip(AH, ah)], "", [9]),
    "E-03 padding that does not count, longer than the text, of 255": (
        "bad_padding", [ip(ESP, sealed(11 + n, INNER + bytes(bad) + bytes([TUNNEL])))
                        for n, bad in enumerate(([1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 10], [1] * 10 + [200], [0] * 10 + [255]))], "", [20]),
    "E-04 every length up to the least": ("short_packet", [ip(ESP, esp[:n]) for n in range(HEADER + IV + ICV + 2)], "", [5]),
    "E-05 text that is no multiple of the block": (
        "misaligned", [ip(ESP, again(esp[:-ICV] + bytes(n))) for n in (1, 4, 8, 15)] + [ip(ESP, again(esp[:HEADER + IV + 4]))], "", [5]),
    "E-06 a dummy": ("dummy", [ip(ESP, sealed(n, padded(bytes(50), DUMMY))) for n in (3, 4)], "", [5]),
    "E-07 not IP inside, or longer than the text": (
        "bad_inner", [good(3, ip(UDP, datagram(), version=5)), good(4, ip(UDP, datagram(), longer=99))], "", [5]),
    "E-07 what the association does not carry": (
        "selector_mismatch", [good(n, ip(UDP, datagram(), source=OTHER)) for n in (3, 4)], f'inner_source = "{HERE}/32"', [5]),
    "E-07 through a tunnel with another end": ("selector_mismatch", [good(3, source=OTHER)], "", [5]),
    "E-08 plaintext": ("inbound_plaintext", [INNER, ip(1, bytes([8, 0, 0xF7, 0xFF, 0, 0, 0, 0]))], "", [5]),
    "E-09 a fragment of ESP whose rest never comes": ("reassembly_given_up", [ip(ESP, esp[:112], place=0x2000), ip(ESP, esp[:40], place=20)], "", [5]),
    "E-10 behind a hard lifetime": ("expired", [], "hard_packets = 3", [1, 2, 3, 4, 5, 6]),
    "E-11 another key, 17 times": ("bad_icv", [ip(ESP, sealed(n, padded(INNER, TUNNEL), mac=bytes(20))) for n in range(100, 117)], "", [5, 100, 116]),
    "E-15 nested too deep": ("too_deep", [nested(9)], "replay_window = 1024", [901]),
    "E-20 marked outside, not capable inside": ("congestion", [good(3, tos=3)], "", [5]),
    "R-04 number 0": ("sequence_zero", [good(0)], "", [5]),
    "R-03 below a window of 64, at its edge, above it": ("too_old", [], "", [100, 37, 36, 1]),
    "R-01 a number that came": ("replayed", [], "", [7, 7, 8, 8, 7]),
    "what keeps a translator awake": ("keepalive", [ip(UDP, struct.pack(">HHHH", 9, 4500, 9, 0) + b"\xFF")], "", [5]),
}
REFUSED_OF_GOOD = {"expired": 3, "too_old": 2, "replayed": 3}      # of the numbers in the last column


class bad_ipsec(command.scenario_test):
    def sent(self, packets, sa=""):
        frames = [bytes.fromhex("020000000002" "020000000001" "0800") + p for p in packets]
        records = b"".join(struct.pack("<IIII", 0, 0, n, n) + f for f in (f.ljust(60, b"\0") for f in frames) for n in [len(f)])
        (self.folder / "made.pcap").write_bytes(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1) + records)
        return self.run_scenario(self.write("s.toml", SCENARIO.format(key=KEY.hex(), mac=MAC.hex(), sa=sa)), "--trace", "none")

    def counters(self, run):
        """Of the crypto block and the host's policies, those that tell of refusals and are not 0."""
        block, stack = "server.pci0.nic0.crypto.", "server.stack."
        drops = {m["path"]: int(m["value"]) for m in run.result()["metrics"] if m["kind"] == "counter"}
        names = {row[0] for row in ROWS.values()} | {"malformed", "discarded", "no_policy", "exhausted", "fragment", "too_big", "not_ours", "reassembly_drops",
                                                      "inbound_mismatch", "inbound_no_policy", "inbound_discarded"}
        return {n: drops[p + n] for n in names for p in (block, stack) if drops.get(p + n) and not (p == stack and not n.startswith("inbound"))}

    def test_each_ends_at_its_counter_and_nothing_of_it_comes_to_sockets(self):
        for row, (counter, bad, sa, numbers) in ROWS.items():
            with self.subTest(row):
                run = self.sent(bad + [good(n) for n in numbers], sa)
                refused = REFUSED_OF_GOOD.get(counter, 0) if not bad else 0
                fragments = counter == "reassembly_given_up"
                self.assertEqual(self.counters(run), {counter: 1 if fragments else len(bad) + refused})
                self.assertEqual(run.metric("server.stack.inbound_protected"), len(numbers) - refused, "the good ones")
                self.assertEqual(run.metric("server.stack.no_socket"), len(numbers) - refused, "no more than they are delivered")

    def test_what_is_to_be_audited_is_told_with_the_first_of_each_reason(self):
        audited = {"bad_icv", "no_association", "bad_padding", "replayed", "too_old", "sequence_zero", "selector_mismatch", "inbound_plaintext"}
        for row, (counter, bad, sa, numbers) in ROWS.items():
            with self.subTest(row):
                run = self.sent(bad + [good(n) for n in numbers], sa)
                notes = [n for n in run.result()["notes"] if n.startswith("audit: ")]
                if counter not in audited:
                    self.assertEqual(notes, [])
                    continue
                place, told = ("server.stack", "plaintext") if counter == "inbound_plaintext" else ("server.pci0.nic0.crypto", counter)
                self.assertEqual(len(notes), 1)
                first = bad[0] if bad else None
                spi, number = struct.unpack(">II", first[20:28]) if first and first[9] == ESP else (SPI, {"too_old": 36, "replayed": 7}.get(counter, 0))
                shown = "" if told == "plaintext" else rf", SPI {spi:#010x}, sequence number {number}"
                source = OTHER if "another end" in row else HERE
                times = self.counters(run)[counter]
                self.assertRegex(notes[0], rf"^audit: {place}: {told} {times} packets?, the first at [\d.]+ [mu]s from {source} to {THERE}{shown}$")

    def test_tfc_padding_behind_the_inner_packet_is_taken_off(self):
        run = self.sent([ip(ESP, sealed(1, padded(INNER + bytes(77), TUNNEL)))])
        self.assertEqual(self.counters(run), {})
        self.assertEqual(run.metric("server.stack.no_socket"), 1)


if __name__ == "__main__":
    unittest.main()
