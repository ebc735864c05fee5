"""ESP and AH on wires, of either version of IP, judged by who shares no code with the model: tshark and scapy what they can, and the rest, AES-XCBC-MAC,
AES-GMAC and extended sequence numbers, by tb/system/ipsec/judge.py."""
import collections
import hashlib
import hmac
import itertools
import struct
import sys
import unittest

import command
import test_esp

sys.path.insert(0, str(command.SOURCE / "tb" / "system" / "ipsec"))
try:
    import tomllib
    import judge
    from esp_and_ah import HASHES
    from scapy.layers.inet import IP, UDP, fragment
    from scapy.layers.inet6 import IPv6, IPv6ExtHdrFragment, fragment6
    from scapy.layers.ipsec import AH, ESP, SecurityAssociation
    from scapy.layers.l2 import Ether
    from scapy.packet import Raw
    from scapy.utils import wrpcap
except ImportError as missing:
    print("SKIPPED:", missing)
    raise SystemExit(77)

CANNOT = [         # of ESP, what tshark cannot judge
    'authentication = "aes-xcbc-mac-96"',
    'cipher = "null"; authentication = "aes-xcbc-mac-96"; mode = "transport"; extended_sequence = true',
    'cipher = "null"; authentication = "aes-gmac"',
    'cipher = "null"; authentication = "aes-gmac"; mode = "transport"; extended_sequence = true',
    'extended_sequence = true',
    'cipher = "3des-cbc"; authentication = "hmac-md5-96"; extended_sequence = true; replay_window = 1024',
    'cipher = "aes-ctr"; authentication = "hmac-sha2-256-128"; extended_sequence = true; mode = "transport"',
    'cipher = "aes-gcm-16"; authentication = "null"; extended_sequence = true',
    'cipher = "aes-gcm-12"; authentication = "null"; extended_sequence = true; mode = "transport"',
]
HEADERS = [f'protocol = "ah"; cipher = "null"; authentication = "{a}"; mode = "{m}"{more}'
           for a in ("hmac-md5-96", "hmac-sha1-96", "hmac-sha2-256-128", "aes-xcbc-mac-96", "aes-gmac")
           for m, more in (("tunnel", ""), ("transport", "; extended_sequence = true" if a[0] == "a" else ""))]


MADE = """
extends = "parts/one-nic.toml"
duration = "4 ms"
[[nic]]
name = "nic0"
mac = "02:00:00:00:00:02"
identity = "extended"
[nic.crypto]
enable = true
engines = ["3des-cascade", "aes-128-round", "md5", "sha1", "sha256", "ghash"]
[[peer]]
name = "client"
mac = "02:00:00:00:00:01"
[[sa]]
name = "inbound"
from = "client"
to = "server"
spi = 4096
{sa}
[[replay]]
name = "made"
peer = "client"
file = "made.pcap"
timing = "fast"
[[capture]]
name = "wire"
at = "client.port"
[[capture]]
name = "memory"
at = "server.pci0.nic0.host"
"""
HERE, THERE = "192.0.2.1", "192.0.2.2"
HERE_6, THERE_6 = "2001:db8::c000:201", "2001:db8::c000:202"


def by_scapy(v, sa):
    """What scapy finds in AH with an HMAC; None: it has no such hash, or no 64-bit numbers."""
    name = HASHES[sa["authentication"]][0]
    if v.protocol != judge.AH or not name or sa["extended_sequence"]:
        return None
    kind, size = (IP, 20) if v.packet[0] >> 4 == 4 else (IPv6, 40)
    tunnel = kind(v.packet[:size]) if sa["mode"] == "tunnel" else None
    scapy = SecurityAssociation(AH, spi=sa["spi"], auth_algo=name, auth_key=bytes.fromhex(sa["authentication_key"][2:]), tunnel_header=tunnel)
    return bytes(scapy.decrypt(kind(v.packet)))


def cut(packet, mtu):
    """RFC 791, RFC 8200 4.5."""
    if packet.version == 4:
        return [IP(bytes(f)) for f in fragment(packet, mtu)]
    if len(packet) <= mtu:
        return [packet]
    behind = IPv6ExtHdrFragment(nh=packet.nh, id=int.from_bytes(bytes(packet)[44:52], "big") % 2**32) / Raw(bytes(packet)[40:])
    head = IPv6(src=packet.src, dst=packet.dst, hlim=packet.hlim)
    return [IPv6(bytes(f)) for f in fragment6(head / behind, mtu)]


def words(cipher, authentication, keys, more=""):
    text = f'cipher = "{cipher}"\nauthentication = "{authentication}"\n{more}\n'
    for name, key in zip(("key", "authentication_key"), keys):
        text += f'{name} = "0x{key.hex()}"\n' if key else ""
    return text


def components(path, kind):
    """Names of a scenario's components of a kind, with those of what it extends."""
    own = tomllib.loads(path.read_text())
    parts = own.get("extends", [])
    names = {c["name"] for c in own.get(kind, [])}
    for part in [parts] if isinstance(parts, str) else parts:
        names |= components(path.parent / part, kind)
    return names


class judged(command.scenario_test):
    tshark = test_esp.esp.tshark

    def one(self, sa, route="[]", status=0):
        text = test_esp.ONE.format(crypto="", route=route, associations=test_esp.association("inbound", sa.replace("; ", "\n")), bundle='["inbound"]')
        return self.run_scenario(self.write("s.toml", text), status=status)

    def verdicts(self, run, capture="wire.pcapng"):
        return list(judge.judge(run.directory / "config.resolved.toml").judge(run.directory / capture))

    def right(self, sa, route):
        """All that was on the wire is right, and what was in it is what the host got, octet for octet, in order."""
        run = self.one(sa, route)
        found = self.verdicts(run)
        self.assertEqual({v.why for v in found}, {""})
        got = [judge.whole(p) for p in judge.frames(run.directory / "memory.pcapng") if p]
        self.assertGreater(len(got), 5)
        self.assertEqual([v.inner for v in found][:len(got)], got)
        self.assertEqual(run.metric("client.fragments_sent") > 0, route != "[]")
        return run, found

    def test_a_datagram_of_60_000_octets_goes_to_the_host_whole_over_a_list_of_buffers(self):
        large = command.SOURCE / "scenarios" / "crypto" / "flexible-receive.toml"
        text = f'extends = "{large}"\n[[capture]]\nname = "memory"\nat = "server.pci0.nic0.host"\n'
        for buffer in ("1518 B", "4000 B", "16250 B"):
            with self.subTest(buffer=buffer):
                run = self.run_scenario(self.write("s.toml", text), "--set", f"server.pci0.nic0.driver.receive_buffer={buffer}")
                found = self.verdicts(run, "on_the_wire.pcapng")
                self.assertEqual([v.why for v in found], [""] * 3)
                inner = [v.inner for v in found]
                self.assertEqual([len(p) for p in inner], [60028] * 3)
                self.assertEqual([p for p in (judge.whole(f) for f in judge.frames(run.directory / "memory.pcapng") if f) if p in inner], inner)
                good = self.tshark(run, "on_the_wire.pcapng", "esp.icv_good", show="esp")
                self.assertEqual([row[0] in ("1", "True") for row in good], [True] * 3)

    def test_esp_that_tshark_cannot_judge_is_right_and_what_the_host_got(self):
        for sa in CANNOT:
            for route in ("[]", '["576 B"]'):
                with self.subTest(sa, route=route):
                    run, found = self.right(sa, route)
                    self.assertEqual({v.protocol for v in found}, {judge.ESP})

    def test_ah_is_right_and_what_the_host_got_and_scapy_finds_so_too(self):
        for sa in HEADERS:
            for route in ("[]", '["576 B"]'):
                with self.subTest(sa, route=route):
                    run, found = self.right(sa, route)
                    self.assertEqual({v.protocol for v in found}, {judge.AH})
                    resolved = tomllib.loads((run.directory / "config.resolved.toml").read_text())["sa"][0]
                    if HASHES[resolved["authentication"]][0]:
                        for v in found:
                            self.assertEqual(by_scapy(v, resolved), v.inner)

    def replayed(self, sa, packets):
        """The IP packets that come to host memory when others, made elsewhere, come from the wire."""
        wrpcap(str(self.folder / "made.pcap"), [Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / p for p in packets])
        run = self.run_scenario(self.write("s.toml", MADE.format(sa=sa)))
        self.assertEqual({v.why for v in self.verdicts(run)}, {""})
        return run, [judge.whole(p) for p in judge.frames(run.directory / "memory.pcapng") if p]

    @staticmethod
    def plain(n, version=4):
        head = IP(src=THERE, dst=HERE, id=n, ttl=61) if version == 4 else IPv6(src=THERE_6, dst=HERE_6, hlim=61)
        return head / UDP(sport=4000 + n, dport=9) / Raw(bytes(range(n, n + 37 * n % 200)) * 5)

    def test_what_scapy_made_comes_to_the_host_in_the_clear_bit_by_bit(self):
        aes, des3, salt = bytes(range(16)), bytes(range(24, 48)), b"salt"
        kinds = [("esp", "AES-CBC", "aes-cbc", aes, "HMAC-SHA1-96", "hmac-sha1-96", 20), ("esp", "3DES", "3des-cbc", des3, "HMAC-MD5-96", "hmac-md5-96", 16),
                 ("esp", "AES-GCM", "aes-gcm-16", aes + salt, "NULL", "null", 0),
                 ("esp", "AES-CTR", "aes-ctr", aes + salt, "SHA2-256-128", "hmac-sha2-256-128", 32),
                 ("ah", "NULL", "null", b"", "HMAC-SHA1-96", "hmac-sha1-96", 20), ("ah", "NULL", "null", b"", "SHA2-256-128", "hmac-sha2-256-128", 32)]
        for protocol, cipher, ours, key, mac, our_mac, mac_size in kinds:
            for mode, outside, inside in (("tunnel", 4, 4), ("transport", 4, 4), ("tunnel", 6, 6), ("transport", 6, 6), ("tunnel", 6, 4), ("tunnel", 4, 6)):
                for mtu in (1500, 300):
                    with self.subTest(cipher, mac=mac, mode=mode, mtu=mtu, outside=outside, inside=inside):
                        mac_key = bytes(range(100, 100 + mac_size))
                        def seal(packet, n):
                            outer = IP(src=THERE, dst=HERE, id=100 + n) if outside == 4 else IPv6(src=THERE_6, dst=HERE_6)
                            outer = outer if mode == "tunnel" else None
                            scapy = SecurityAssociation(ESP if protocol == "esp" else AH, spi=4096, crypt_algo=cipher, crypt_key=key or None, auth_algo=mac,
                                                        auth_key=mac_key or None, tunnel_header=outer)
                            return (IP if outside == 4 else IPv6)(bytes(scapy.encrypt(packet, seq_num=n)))
                        before = [self.plain(n, inside) for n in range(1, 9)]
                        sealed = [seal(p, n) for n, p in enumerate(before, 1)]
                        pieces = [f for p in sealed for f in cut(p, mtu)]
                        self.assertEqual(len(pieces) > len(sealed), mtu == 300)
                        sa = words(ours, our_mac, (key, mac_key), f'protocol = "{protocol}"\nmode = "{mode}"\nip_version = "ipv{outside}"')
                        run, got = self.replayed(sa, pieces)
                        self.assertEqual(got, [bytes(p) for p in before])

    def test_extended_numbers_pass_2_to_the_32_on_the_wire(self):
        mac_key = bytes(range(20))
        sa = words("null", "hmac-sha1-96", (b"", mac_key), "extended_sequence = true")
        numbers = [2**32 - 3, 2**32 - 1, 2**32, 2**32 - 2, 2**32 + 1, 2**32 + 2**31 - 5, 2**33 - 70, 2**33 + 1, 2**33 - 1]
        before = [self.plain(n) for n in range(1, len(numbers) + 1)]
        packets = []
        for number, p in zip(numbers, before):
            body = bytes(p)
            pad = -(len(body) + 2) % 4
            esp = struct.pack(">II", 4096, number % 2**32) + body + bytes(range(1, pad + 1)) + bytes([pad, 4])
            icv = hmac.new(mac_key, esp + struct.pack(">I", number >> 32), hashlib.sha1).digest()[:12]
            packets.append(IP(src=THERE, dst=HERE, proto=50) / Raw(esp + icv))
        run, got = self.replayed(sa, packets)
        self.assertEqual(got, [bytes(p) for p in before])
        self.assertEqual([v.number for v in self.verdicts(run)], numbers)

    def test_the_judge_finds_what_was_tampered_with_and_nothing_else(self):
        cases = CANNOT + HEADERS[-4:] + ['cipher = "aes-cbc"', 'udp = true', HEADERS[0]]
        for sa in cases:
            with self.subTest(sa):
                run = self.one(sa)
                wire = run.directory / "wire.pcapng"
                octets = wire.read_bytes()
                victim = self.verdicts(run)[3]
                at = octets.index(victim.packet)
                begin = 20 + (8 if "udp" in sa else 0)
                places = [begin + 3, begin + 7, begin + 11, begin + 15, (begin + len(victim.packet)) // 2, len(victim.packet) - 1]
                if victim.protocol == judge.AH:
                    places += [15, begin + 25]      # an address, and its check value or IV
                for place in places:
                    damaged = bytearray(octets)
                    damaged[at + place] ^= 1
                    wire.write_bytes(damaged)
                    wrong = [v.frame for v in self.verdicts(run) if v.why]
                    self.assertEqual(wrong, [victim.frame], place)
                if victim.protocol == judge.AH:     # what routers may change is not covered
                    damaged = bytearray(octets)
                    damaged[at + 8] ^= 1
                    wire.write_bytes(damaged)
                    self.assertEqual([v.frame for v in self.verdicts(run) if v.why], [])
                wire.write_bytes(octets)
                config = run.directory / "config.resolved.toml"
                name = "authentication_key" if 'authentication = "null"' not in sa else "key"
                text = config.read_text()
                key = text.index(f"\n{name} = \"0x", text.index("[[sa]]")) + len(name) + 7
                config.write_text(text[:key] + ("0" if text[key] != "0" else "1") + text[key + 1:])
                self.assertTrue(all(v.why for v in self.verdicts(run)), "another key")

    def test_the_judge_follows_extended_numbers_past_2_to_the_32(self):
        run = self.one("extended_sequence = true")
        j = judge.judge(run.directory / "config.resolved.toml")
        for top, low, number in ((0, 5, 5), (2**32 - 2, 1, 2**32 + 1), (2**32 + 3, 2**32 - 1, 2**32 - 1), (7 * 2**32 + 9, 10, 7 * 2**32 + 10)):
            j.highest[judge.ESP, 1] = top
            self.assertEqual(j.number(judge.ESP, 1, low), number)
        # Its own packets under the next upper half are wrong, each of them.
        j.highest[judge.ESP, 4096] = 2**32 + 100
        self.assertTrue(all(v.why == "ICV" for v in j.judge(run.directory / "wire.pcapng")))

    def test_hashes_without_a_measured_core_are_refused_with_the_reason(self):
        for hash_name in ("hmac-sha2-384-192", "hmac-sha2-512-256"):
            for more in ("", '; protocol = "ah"; cipher = "null"'):
                with self.subTest(hash_name, more=more):
                    run = self.one(f'authentication = "{hash_name}"{more}', status=None)
                    self.assertNotEqual(run.status, 0)
                    self.assertRegex(run.stderr, f"inbound: server.pci0.nic0: no engine with a measured core does {hash_name}")
                    self.assertFalse((run.directory / "result.json").exists())

    def test_every_capture_of_every_shipped_scenario_with_associations(self):
        # What wrong engines make is for test_team_under_faults.
        secured = [s for s in command.SCENARIOS if components(s, "sa") and 'what = "engines_wrong"' not in s.read_text()]
        self.assertGreater(len(secured), 7)
        judged = collections.Counter()
        for scenario in secured:
            with self.subTest(scenario.name):
                text = f'extends = "{scenario}"\n'      # its own captures, and one at each peer
                for peer in sorted(components(scenario, "peer")):
                    text += f'[[capture]]\nname = "judged_{peer}"\nat = "{peer}.port"\n'
                if len(components(scenario, "host")) > 1:              # what is between hosts passes no peer
                    text += "".join(f'[[capture]]\nname = "judged_{link}"\nat = "{link}.a_to_b.wire"\n' for link in sorted(components(scenario, "link")))
                run = self.run_scenario(self.write("s.toml", text), "--trace", "pcap", "--set", "payload=real")
                listed = run.directory / "esp_sa"
                known = [row.split(",")[3] for row in listed.read_text().splitlines()] if listed.exists() else []
                known = {int(spi.strip('"'), 16) for spi in known}
                # Wireshark puts together what shows as fragments of ESP; where they were protected as fragments only the judge knows better.
                resolved = tomllib.loads((run.directory / "config.resolved.toml").read_text())["sa"]
                literal = {sa["spi"] for sa in resolved if sa["fragments_in_transport"]}
                without_icv = {sa["spi"] for sa in resolved if sa["authentication"] == "null" and "gcm" not in sa["cipher"]}
                accepted = 0
                for path in sorted(run.directory.rglob("*.pcapng")):
                    capture = path.relative_to(run.directory)
                    found = self.verdicts(run, capture)
                    self.assertEqual({v.why for v in found} - {""}, set(), capture)
                    for v in found:
                        judged[v.protocol, v.packet[0] >> 4] += 1
                        sa = next(sa for sa in resolved if sa["spi"] == v.spi)
                        if (opened := by_scapy(v, sa)) is not None:
                            self.assertEqual(opened, v.inner)
                            judged["scapy", v.packet[0] >> 4] += 1
                    if not known:
                        accepted += len(found)
                        continue
                    rows = self.tshark(run, capture, "frame.number", "esp.spi", "esp.icv_good", show="esp")
                    skipped = {v.frame for v in found if v.spi in literal}
                    self.assertEqual({int(r[0]) for r in rows} - skipped, {v.frame for v in found if v.protocol == judge.ESP} - skipped, capture)
                    for frame, spi, good in rows:
                        if int(spi, 16) in known - without_icv and int(frame) not in skipped:
                            self.assertIn(good, ("1", "True"), f"{capture}, frame {frame}")
                    accepted += len(found)
                self.assertGreater(accepted, 0, "nothing was encrypted")
        for kind in itertools.product((judge.ESP, judge.AH, "scapy"), (4, 6)):
            self.assertGreater(judged[kind], 0, kind)


if __name__ == "__main__":
    command.need("tshark")
    unittest.main()
