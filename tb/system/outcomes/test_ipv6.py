"""IPv6 from peers to a nic with the crypto block: tshark, which shares no code with the model, decrypts and verifies what was on the wire."""
import itertools
import unittest

import command
import test_esp

TEXT = """
extends = "parts/one-nic.toml"
duration = "4 ms"
[[nic]]
name = "nic0"
identity = "extended"
address = "192.0.2.1/24"
[nic.crypto]
enable = true
[[peer]]
name = "client"
ip = "192.0.2.2"
{peer}
{router}
[[sa]]
name = "inbound"
from = "client"
to = "server"
{sa}
[[policy]]
name = "encrypt"
from = "client"
to = "server"
bundle = ["inbound"]
{policy}
[[traffic]]
name = "down"
from = "client"
to = "server"
protocol = "{protocol}"
pace = "frames"
frames_per_second = 4000
sizes = "uniform"
least_size = "{least}"
greatest_size = "{greatest}"
[[capture]]
name = "wire"
at = "client.port"
[[capture]]
name = "memory"
at = "server.pci0.nic0.host"
[[expect]]
name = "nothing_is_lost"
metric = "server.sink_9.received"
at_least = "10 packets"
"""


LONG = """
extends = "parts/one-nic.toml"
duration = "4 ms"
[[nic]]
name = "nic0"
identity = "extended"
address = "192.0.2.1/24"
[nic.crypto]
enable = true
[[peer]]
name = "client"
ip = "192.0.2.2"
[[sa]]
name = "inbound"
from = "client"
to = "server"
ip_version = "ipv6"
[[policy]]
name = "encrypt"
from = "client"
to = "server"
ip_version = "ipv6"
bundle = ["inbound"]
[[traffic]]
name = "down"
from = "client"
to = "server"
protocol = "udp_ipv6"
pace = "frames"
frames_per_second = 500
frame_size = "5000 B"
[[capture]]
name = "wire"
at = "client.port"
[[capture]]
name = "memory"
at = "server.pci0.nic0.host"
"""


class ipv6(test_esp.esp):
    def one(self, sa="", policy='ip_version = "ipv6"', protocol="udp_ipv6", peer="", router="", least="90 B", greatest="1400 B", status=0):
        text = TEXT.format(sa=sa.replace("; ", "\n"), policy=policy, protocol=protocol, peer=peer, router=router, least=least, greatest=greatest)
        return self.run_scenario(self.write("s.toml", text), status=status)

    def outer_and_inner(self, run):
        """Whatever stands behind ESP is decrypted and verified: payloads of UDP, and which version is outside."""
        rows = self.tshark(run, "wire.pcapng", "eth.type", "udp.payload", "esp.icv_good", show="esp && udp")
        self.assertGreater(len(rows), 9)
        self.assertEqual({r[2] for r in rows} - {"1", "True"}, set())
        return {r[0] for r in rows}, [r[1] for r in rows]

    def sent_and_got(self, run):
        outside, sent = self.outer_and_inner(run)
        got = [r[0] for r in self.tshark(run, "memory.pcapng", "udp.payload", show="udp")]
        self.assertEqual(got, sent[:len(got)], "the host got what tshark decrypts")
        self.assertGreaterEqual(len(got), 10)
        return outside

    def test_each_mode_and_version_inside_and_outside(self):
        for mode, cipher in itertools.product(("transport", "tunnel"), ('cipher = "aes-cbc"', 'cipher = "3des-cbc"; authentication = "hmac-md5-96"',
                                                                        'cipher = "aes-gcm-16"; authentication = "null"')):
            with self.subTest(mode, cipher=cipher):
                run = self.one(f'ip_version = "ipv6"; mode = "{mode}"; {cipher}')
                self.assertEqual(self.sent_and_got(run), {"0x86dd"})
        with self.subTest("IPv6 in IPv4"):
            self.assertEqual(self.sent_and_got(self.one()), {"0x0800"})
        with self.subTest("IPv4 in IPv6"):
            run = self.one('ip_version = "ipv6"', policy="", protocol="udp", least="70 B")
            self.assertEqual(self.sent_and_got(run), {"0x86dd"})

    def test_its_source_cuts_what_is_too_long_once_a_router_has_told_it(self):
        for sa in ('ip_version = "ipv6"; mode = "transport"', 'ip_version = "ipv6"; dont_fragment = "clear"', 'ip_version = "ipv6"'):
            with self.subTest(sa):
                router = '[[router]]\nname = "far"\npeer = "client"\nmtu = "1280 B"'
                run = self.one(sa, router=router, least="1350 B", greatest="1380 B", status=None)
                self.assertGreaterEqual(run.metric("client.paths_learned"), 1)
                self.assertEqual(run.metric("client.far.fragments"), 0, "no router cuts IPv6")
                self.assertGreaterEqual(run.metric("server.sink_9.received"), 8)
                self.assertLessEqual(run.metric("client.far.too_big"), 2)
                sizes = [int(r[0]) for r in self.tshark(run, "wire.pcapng", "frame.len", show="ipv6.fraghdr")]
                if "transport" in sa or "clear" in sa:
                    self.assertGreater(len(sizes), 15)
                    self.assertLessEqual(max(sizes), 14 + 1280 + 4)
                    self.assertGreater(run.metric("server.pci0.nic0.crypto.step_216"), 15)
                    self.assertGreater(run.metric("server.pci0.nic0.crypto.fed_back"), 7)

    def test_what_the_block_cuts_for_the_host_the_host_puts_together(self):
        """Identifications of the pieces count the datagrams: they are octets of the model, and no number of an observer's."""
        run = self.run_scenario(self.write("long.toml", LONG))
        rows = self.tshark(run, "memory.pcapng", "ipv6.fraghdr.ident", show="ipv6.fraghdr")
        cut = run.metric("server.pci0.nic0.crypto.cut_for_host")
        self.assertGreater(cut, 0)
        self.assertEqual(sorted({int(r[0], 16) for r in rows}), list(range(1, cut + 1)))
        self.assertEqual(run.metric("server.sink_9.received"), cut)

    def test_ah_is_verified(self):
        for mode in ("transport", "tunnel"):
            with self.subTest(mode):
                run = self.one(f'ip_version = "ipv6"; mode = "{mode}"; protocol = "ah"; cipher = "null"')
                self.assertGreater(run.metric("server.pci0.nic0.crypto.associations_taken_off"), 10)
                (run.directory / "esp_sa").write_text("")      # no ESP, no keys of any
                rows = self.tshark(run, "wire.pcapng", "ah.spi", show="ah && ipv6")
                self.assertGreater(len(rows), 10)

    def test_a_frame_without_room_for_the_mark_is_refused(self):
        for least, protocol, why in (("83 B", "udp_ipv6", "at least 84 B"),):
            text = TEXT.format(sa="", policy="", protocol=protocol, peer="", router="", least=least, greatest="900 B")
            self.assertIn(why, " ".join(self.run_scenario(self.write("s.toml", text), status=2).stderr.split()))


for name in [n for n in dir(test_esp.esp) if n.startswith("test_")]:      # its own have run
    setattr(ipv6, name, None)


if __name__ == "__main__":
    command.need("tshark")
    unittest.main()
