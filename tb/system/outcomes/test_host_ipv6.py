"""IPv6 between hosts, and between a host and a peer: tshark, scapy and a Python judge take what was on the wire, octet for octet."""
import struct
import unittest

import command
import test_host_software
from test_host_software import association, both_ways, policy

try:
    from esp_and_ah import HASHES
    import ip_octets
    import judge
    from scapy.layers.inet6 import IPv6
    from scapy.layers.ipsec import AH, SecurityAssociation
    import tomllib
except ImportError as missing:
    print("SKIPPED:", missing)
    raise SystemExit(77)

SIX = 'ip_version = "ipv6"'
NIC = 'identity = "extended"\n[nic.crypto]\nenable = true\nengines = ["aes-128-round", "sha1"]'


def payloads(run, capture="wire.pcapng"):
    """UDP in the clear that a capture holds, fragments put together."""
    again, found = ip_octets.reassembler(), []
    for packet in judge.frames(run.directory / capture):
        packet = packet and again.add(ip_octets.whole(packet))
        if packet and ip_octets.carried(packet)[0] == 17 and 4500 not in struct.unpack_from(">HH", packet, ip_octets.carried(packet)[1]):
            found.append(packet)
    return found


class host_ipv6(test_host_software.host_software):
    def two6(self, associations="", sizes='sizes = "uniform"\nleast_size = "90 B"\ngreatest_size = "1300 B"', **more):
        return self.two(associations, 'protocol = "udp_ipv6"\n' + sizes, **more)

    def both6(self, *kinds):
        return both_ways(*(f"{SIX}; {k}" for k in kinds), more_policy=SIX)

    def verdicts(self, run, capture="wire.pcapng"):
        found = list(judge.judge(run.directory / "config.resolved.toml").judge(run.directory / capture))
        self.assertEqual({v.why for v in found}, {""})
        return found

    def test_in_the_clear_whole_and_cut_by_the_source(self):
        run = self.two6()
        self.all_arrive(run)
        rows = self.tshark(run, "wire.pcapng", "eth.type", "ipv6.src", "udp.checksum.status")
        ends = {("0x86dd", f"2001:db8::c000:20{n}", "1") for n in (1, 2)}
        self.assertEqual({tuple(r) for r in rows}, ends, "and nobody asks for neighbours")
        for size, words in ((1518, 1), (1519, 2), (9000, 7), (60000, 42)):
            with self.subTest(size):
                run = self.two6("", f'frame_size = "{size} B"', rate=60, count=2, duration="90 ms")
                self.all_arrive(run, 2)
                each = -(-(size - 18 - 40) // 1448) if words > 1 else 1
                self.assertEqual(each, words)
                rows = self.tshark(run, "wire.pcapng", "frame.len", "ipv6.fraghdr.ident", "ipv6.src")
                self.assertEqual(len(rows), 4 * each)
                self.assertLessEqual(max(int(r[0]) for r in rows), 1518)
                self.assertEqual(len({(r[1], r[2]) for r in rows}), 4 if each > 1 else 2, "an identification for each datagram")
                good = self.tshark(run, "wire.pcapng", "udp.checksum.status", "udp.length", show="udp")
                self.assertEqual(good, [["1", str(size - 18 - 40)]] * 4)
                self.assertEqual([run.metric(f"server.stack.{m}") for m in ("cut", "fragments", "reassembled")],
                                 [2 * (each > 1), 2 * each * (each > 1), 2 * (each > 1)])

    def test_every_algorithm_mode_and_bundle_goes_both_ways_by_the_cpus(self):
        self.secured = True
        for kinds in (["cipher = \"aes-cbc\""], ['cipher = "aes-gcm-16"; authentication = "null"; mode = "transport"'],
                      ['mode = "transport"; cipher = "aes-ctr"; authentication = "hmac-sha2-512-256"'],
                      ['protocol = "ah"; cipher = "null"; mode = "transport"; authentication = "aes-xcbc-mac-96"'],
                      ['protocol = "ah"; cipher = "null"; authentication = "aes-gmac"'],
                      ['udp = true'], ['extended_sequence = true; cipher = "null"; authentication = "hmac-sha2-384-192"'],
                      ['mode = "transport"; cipher = "aes-cbc"', 'cipher = "3des-cbc"'],
                      ['cipher = "aes-cbc"', 'mode = "transport"; protocol = "ah"; cipher = "null"']):
            with self.subTest(kinds):
                run = self.two6(self.both6(*kinds))
                self.all_arrive(run)
                found = self.verdicts(run)
                self.assertEqual(len(found), 20 * len(kinds))
                self.assertEqual({v.packet[0] >> 4 for v in found}, {6})
                self.assertEqual(payloads(run), [], "nothing in the clear")

    def test_scapy_takes_ah_and_tshark_esp(self):
        self.secured = True
        for mode in ("transport", "tunnel"):
            for name in ("hmac-md5-96", "hmac-sha1-96", "hmac-sha2-256-128", "hmac-sha2-384-192", "hmac-sha2-512-256"):
                with self.subTest(mode, hash=name):
                    run = self.two6(self.both6(f'protocol = "ah"; cipher = "null"; authentication = "{name}"; mode = "{mode}"'))
                    self.all_arrive(run)
                    resolved = tomllib.loads((run.directory / "config.resolved.toml").read_text())["sa"]
                    keys = {sa["spi"]: bytes.fromhex(sa["authentication_key"][2:]) for sa in resolved}
                    found = self.verdicts(run)
                    self.assertEqual(len(found), 20)
                    for v in found:
                        tunnel = IPv6(v.packet[:40]) if mode == "tunnel" else None
                        scapy = SecurityAssociation(AH, spi=v.spi, auth_algo=HASHES[name][0], auth_key=keys[v.spi], tunnel_header=tunnel)
                        self.assertEqual(bytes(scapy.decrypt(IPv6(v.packet))), v.inner)
            for kind in ('cipher = "aes-cbc"', 'cipher = "3des-cbc"; authentication = "hmac-md5-96"', 'cipher = "aes-gcm-8"; authentication = "null"'):
                with self.subTest(mode, kind=kind):
                    run = self.two6(self.both6(f'{kind}; mode = "{mode}"'))
                    self.all_arrive(run)
                    rows = self.tshark(run, "wire.pcapng", "eth.type", "esp.icv_good", "udp.checksum.status", show="esp")
                    self.assertEqual(len(rows), 20)
                    self.assertEqual({tuple(r) for r in rows} - {("0x86dd", "True", "1")}, {("0x86dd", "1", "1")} & {tuple(r) for r in rows})

    def test_either_version_inside_either(self):
        self.secured = True
        for inside, outside in ((4, 6), (6, 4)):
            with self.subTest(inside=inside):
                kind = f'ip_version = "ipv{outside}"; cipher = "aes-cbc"'
                text = both_ways(kind, more_policy=f'ip_version = "ipv{inside}"')
                run = self.two6(text) if inside == 6 else self.two(text)
                self.all_arrive(run)
                found = self.verdicts(run)
                self.assertEqual({(v.packet[0] >> 4, v.inner[0] >> 4) for v in found}, {(outside, inside)})
                self.assertEqual(len(found), 20)

    def test_cut_before_and_behind_protection(self):
        """Protected pieces, or one protected whole, cut by who put its header on: which a copied DF forbids around IPv6 (RFC 4301, 8.1)."""
        self.secured = True
        plain = f'{SIX}; cipher = "aes-cbc"'
        for kind, inside, version, behind in ((plain + '; cut = "before"; dont_fragment = "clear"', 6, 6, False),
                                              (plain + '; dont_fragment = "clear"', 6, 6, True), (plain, 6, 6, False),
                                              (plain + '; mode = "transport"', 6, 6, True), (plain, 4, 6, True),
                                              ('cipher = "aes-cbc"', 6, 4, False), ('cipher = "aes-cbc"; dont_fragment = "clear"', 6, 4, True),
                                              (plain + '; path_mtu = "1280 B"; mode = "transport"', 6, 6, True)):
            with self.subTest(kind, inside=inside):
                size = 'frame_size = "8000 B"'
                text = both_ways(kind, more_policy=f'ip_version = "ipv{inside}"')
                run = (self.two6 if inside == 6 else self.two)(text, size, rate=60, count=2, duration="50 ms")
                self.all_arrive(run, 2)
                found = self.verdicts(run)
                self.assertEqual({v.packet[0] >> 4 for v in found}, {version})
                self.assertEqual(len(found) == 4, behind, len(found))
                pieces = [ip_octets.whole(p) for p in judge.frames(run.directory / "wire.pcapng") if p and len(p) > 200]
                self.assertEqual({bool(ip_octets.reassembler.piece(p)) for p in pieces if ip_octets.carried(p)[0] != 1}, {behind})
                self.assertLessEqual(max(map(len, pieces)), 1280 if "1280" in kind else 1500)
                self.assertEqual(payloads(run), [], "nothing in the clear")

    def test_a_router_tells_and_the_source_cuts(self):
        """RFC 8201: in the clear, in transport mode, and around a tunnel the host itself is the source of what was too long."""
        routers = '[[router]]\nname = "near"\npeer = "client"\nmtu = "1280 B"\n[[router]]\nname = "far"\npeer = "client"\n'
        for kind in ("", "transport", "tunnel"):
            with self.subTest(kind):
                sa = association("up", f'{SIX}; dont_fragment = "clear"; mode = "{kind}"', "server", "client", "from")
                run = self.with_peer(sa + policy("up", here="client", more=SIX) if kind else "", size="1400 B", router=routers)
                told = run.metric("client.hosts_told")
                self.assertTrue(1 <= told <= 2, told)
                self.assertTrue(1 <= run.metric("server.stack.too_big") <= told)
                self.assertGreaterEqual(run.metric("client.verified"), 8)
                self.assertEqual(run.metric("client.verified") + told, run.metric("server.up.sent"))
                if kind:
                    self.assertGreater(len(self.verdicts(run)), 8)

    def test_a_second_router_tells_of_a_fragment(self):
        """What it quotes is a fragment header with ESP behind it: the association learns of it all the same."""
        routers = "".join(f'[[router]]\nname = "{n}"\npeer = "client"\n{mtu}' for n, mtu in
                          (("near", 'mtu = "1280 B"\n'), ("middle", 'mtu = "1400 B"\n'), ("far", "")))
        for kind in ("transport", "tunnel"):
            with self.subTest(kind):
                sa = association("up", f'{SIX}; dont_fragment = "clear"; mode = "{kind}"', "server", "client", "from")
                run = self.with_peer(sa + policy("up", here="client", more=SIX), size="1440 B", router=routers)
                told = [r for r in self.tshark(run, "wire.pcapng", "icmpv6.mtu", "ipv6.nxt", show="icmpv6.type == 2")]
                self.assertEqual({r[0] for r in told}, {"1400", "1280"})
                sizes = [int(r[0]) for r in self.tshark(run, "wire.pcapng", "frame.len", show="ipv6.fraghdr && !icmpv6")]
                self.assertEqual(max(sizes[-6:]), 14 + 1280 + 4)
                self.assertGreaterEqual(run.metric("client.verified"), 6)

    PEER = """
extends = "parts/one-nic.toml"
duration = "6 ms"
[[nic]]
name = "nic0"
address = "192.0.2.1/24"
{nic}
[[peer]]
name = "client"
ip = "192.0.2.2"
{router}
{associations}
[[traffic]]
name = "up"
from = "server"
to = "client"
protocol = "udp_ipv6"
pace = "frames"
frames_per_second = 3000
count = 12
frame_size = "{size}"
{more}
[[capture]]
name = "wire"
at = "client.port"
[[capture]]
name = "memory"
at = "server.pci0.nic0.host"
"""

    def with_peer(self, associations="", size="1200 B", nic="", router="", more="", status=0):
        text = self.PEER.format(associations=associations, size=size, nic=nic, router=router, more=more)
        return self.run_scenario(self.write("s.toml", text), status=status)

    def test_the_block_protects_what_the_host_sends(self):
        for kind in ('mode = "transport"', "", 'protocol = "ah"; cipher = "null"', 'protocol = "ah"; cipher = "null"; mode = "transport"',
                     'ip_version = "ipv4"'):
            with self.subTest(kind):
                sa = association("up", (SIX + "; " if "ip_version" not in kind else "") + kind, "server", "client").replace('software = "both"\n', "")
                run = self.with_peer(sa + policy("up", here="client", more=SIX), nic=NIC)
                self.assertEqual(run.metric("client.verified"), 12)
                self.assertEqual(run.metric("client.bad_checksum"), 0)
                found = self.verdicts(run)
                self.assertEqual(len(found), 12)
                self.assertEqual({v.packet[0] >> 4 for v in found}, {4 if "ip_version" in kind else 6})
                self.assertEqual(run.metric("server.pci0.nic0.crypto_transmit.protected"), 12)
                self.assertEqual(payloads(run), [], "nothing in the clear")

    def test_what_comes_back_is_opened_by_the_block_or_put_together_and_opened_by_the_cpu(self):
        down = '[[traffic]]\nname = "down"\nfrom = "client"\nto = "server"\nprotocol = "udp_ipv6"\n'
        down += 'pace = "frames"\nframes_per_second = 3000\ncount = 12\nframe_size = "1400 B"\n'
        sa = f'[[sa]]\nname = "down_sa"\nfrom = "client"\nto = "server"\n{SIX}\nmode = "transport"\n'
        sa += policy("down_sa", there="client", here="server", more=SIX)
        router = '[[router]]\nname = "far"\npeer = "client"\nmtu = "1280 B"\n'
        for path in ("feedback_110", "host"):
            with self.subTest(path):
                run = self.with_peer(sa, nic=NIC + f'\nreturn_path = "{path}"', router=router, more=down)
                cut = run.metric("client.fragments_sent")
                self.assertGreater(cut, 15)
                self.assertGreaterEqual(run.metric("server.sink_9.received"), 10)
                self.assertEqual(run.metric("server.pci0.nic0.crypto.fed_back") > 0, path != "host")
                self.assertEqual(run.metric("server.stack.security_reassembled"), cut // 2 if path == "host" else 0)
                self.assertEqual(run.metric("server.stack.inbound_protected"), run.metric("server.sink_9.received"))

    def test_rings_put_it_on_and_take_it_off(self):
        """Process-and-transmit by the nic, process-and-return by a card, whose frames have the EtherType of what came out."""
        card = '[[crypto_card]]\nname = "card"\nbus = "server.pci0"\nengines = ["aes-128-round", "sha1"]\n'
        jobs = NIC + "\nsecondary_use = true"
        for ring, nic, metric in (("nic0", jobs, "sent_by_rings"), ("card", "", "put_on_by_rings")):
            for kind, version in ((SIX, 6), (SIX + '; mode = "transport"', 6), ("", 4), (SIX + '; protocol = "ah"; cipher = "null"', 6)):
                with self.subTest(ring, kind=kind):
                    sa = association("up", kind + f'; put_on_by = "server.pci0.{ring}"', "server", "client").replace('software = "both"\n', "")
                    run = self.with_peer(sa + policy("up", here="client", more=SIX), nic=nic, more=card if ring == "card" else "")
                    self.assertEqual([run.metric("client.verified"), run.metric(f"server.stack.{metric}")], [12, 12])
                    found = self.verdicts(run)
                    self.assertEqual((len(found), {v.packet[0] >> 4 for v in found}), (12, {version}))
                    self.assertEqual(payloads(run), [], "nothing in the clear")
        down = '[[traffic]]\nname = "down"\nfrom = "client"\nto = "server"\nprotocol = "udp_ipv6"\n'
        down += 'pace = "frames"\nframes_per_second = 3000\ncount = 12\nframe_size = "1200 B"\n'
        for kind in (SIX, SIX + '; mode = "transport"', ""):
            with self.subTest(kind, way="in"):
                sa = association("down_sa", kind + '; sent_back_to = "server.pci0.card"', "client", "server", "to")
                run = self.with_peer(sa + policy("down_sa", there="client", here="server", more=SIX), more=card + down)
                self.assertEqual([run.metric(f"server.{m}") for m in ("sink_9.received", "stack.sent_back_returned", "stack.inbound_protected")], [12] * 3)

    def test_what_does_not_come_whole_is_given_up_and_its_sender_told(self):
        run = self.two6("", 'frame_size = "4000 B"', rate=2000, count=60, duration="60 ms", words=("--set", "lan0.loss_a_to_b=0.1"),
                        stack='[host.stack]\nreassembly_timeout = "5 ms"\nreassembly_memory = "64 KiB"')
        late, told = run.metric("other.stack.reassembly_timeouts"), run.metric("other.stack.time_exceeded")
        self.assertTrue(0 < told <= late and late > 5)
        self.assertEqual(run.metric("other.sink_9.damaged"), 0)
        sent = self.tshark(run, "wire.pcapng", "icmpv6.type", "icmpv6.code", "icmpv6.checksum.status", show="icmpv6 && ipv6.src == 2001:db8::c000:202")
        self.assertEqual({tuple(row) for row in sent}, {("3", "1", "1")})

    def test_an_echo_comes_back_over_ipv6(self):
        run = self.two6(more='[[echo]]\nname = "echo0"\nhost = "other"\nport = 9\n')
        self.assertEqual(run.metric("server.up.answers"), 10)
        self.assertEqual({r[0] for r in self.tshark(run, "wire.pcapng", "eth.type")}, {"0x86dd"})


for name in [n for n in dir(test_host_software.host_software) if n.startswith("test_")]:      # its own have run
    setattr(host_ipv6, name, None)


if __name__ == "__main__":
    command.need("tshark")
    unittest.main()
