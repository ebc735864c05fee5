"""TCP of hosts and peers on the wire, as tshark sees it: nothing malformed, every checksum good, and no segment sent again that was not lost."""
import unittest

import command
import test_esp

command.need("tshark")

AGAIN = ["retransmission", "fast_retransmission", "spurious_retransmission", "out_of_order"]
WARNINGS = ["lost_segment", "ack_lost_segment", "zero_window", "window_full", "zero_window_probe", "keep_alive", "reused_ports"]

ONE = """
extends = "parts/one-nic.toml"
duration = "{duration}"
[[nic]]
name = "nic0"
address = "192.0.2.1/24"
{nic}
[[peer]]
name = "client"
ip = "192.0.2.2"
{peer}
[[capture]]
name = "wire"
at = "client.port"
"""
WEB = """
[[connections]]
name = "web"
from = "client"
to = "server"
count = 4
interval = "500 us"
rounds = 3
request = "3000 B"
response = "20 KiB"
[[connections]]
name = "back"
from = "server"
to = "client"
port = 5001
request = "30 KiB"
response = "500 B"
half_close = true
"""
ESP = """
[[sa]]
name = "there"
from = "server"
to = "client"
cipher = "aes-cbc"
[[sa]]
name = "back_again"
from = "client"
to = "server"
cipher = "aes-cbc"
[[policy]]
name = "protect_all"
from = "server"
to = "client"
bundle = ["there"]
[[policy]]
name = "answer_protected"
from = "client"
to = "server"
bundle = ["back_again"]
"""
CRYPTO = 'identity = "extended"\n[nic.crypto]\nenable = true\nengines = ["aes-128-round", "sha1"]'


class connections(command.scenario_test):
    def one(self, more=WEB, nic="", peer="", duration="40 ms"):
        return self.run_scenario(self.write("s.toml", ONE.format(nic=nic, peer=peer, duration=duration) + more))

    def rows(self, run, *fields, capture="wire.pcapng", show="tcp && !icmp && !icmpv6"):
        # What the pattern looks like to dissectors that guess is none of its business.
        words = ["-d", "tcp.port==5000,data", "-d", "tcp.port==5001,data", "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"]
        return test_esp.esp.tshark(self, run, capture, *fields, show=show, words=words)

    def right(self, run, capture="wire.pcapng"):
        """What tshark holds against the segments of a capture: nothing but, maybe, what was sent again."""
        names = ["tcp.analysis." + a for a in AGAIN + WARNINGS]
        rows = self.rows(run, "frame.number", "_ws.malformed", "tcp.checksum.status", "ip.checksum.status", "tcp.srcport", *names, capture=capture)
        self.assertGreater(len(rows), 20)
        self.assertEqual([r for r in rows if r[1] or r[2] != "1" or r[3] not in ("", "1")], [])
        return [(r[0], [a for a, v in zip(AGAIN + WARNINGS, r[5:]) if v]) for r in rows if any(r[5:])]

    def all_came(self, run, web="client.web", back="server.back", count=4):
        metrics = {m["path"]: int(m["value"]) for m in run.result()["metrics"] if m["kind"] == "counter"}
        self.assertEqual(metrics[web + ".completed"], count)
        self.assertEqual(metrics[back + ".completed"], 1)
        for path, value in metrics.items():
            if path.split(".")[-1] in ("damaged", "cut_short", "foreign", "failed") and path.split(".")[-2].startswith(("web", "back", "listener")):
                self.assertEqual(value, 0, path)
        return metrics

    def whole(self, run, count=4, **names):
        """Without losses: all came, nothing came twice, tshark has nothing to say."""
        metrics = self.all_came(run, count=count, **names)
        self.assertEqual(self.right(run), [])
        self.assertEqual([p for p, v in metrics.items() if p.endswith((".tcp.retransmissions", ".tcp.out_of_order", ".tcp.bad", ".tcp.outside")) and v], [])
        return metrics

    def test_plain(self):
        self.whole(self.one())

    def test_ipv6(self):
        run = self.one(WEB.replace("\nfrom", '\nip_version = "6"\nfrom'))
        self.whole(run)
        self.assertEqual(self.rows(run, "frame.number", show="tcp && !ipv6"), [])

    def test_a_82550_puts_checksums_on(self):
        run = self.one(nic='identity = "82550"\n[nic.driver]\nchecksum_offload = true')
        metrics = self.whole(run)
        plain = self.one(nic='identity = "82550"')
        self.assertLess(4 * metrics["server.cpu0.cycles_checksum_byte"], plain.metric("server.cpu0.cycles_checksum_byte"))

    def test_behind_esp_of_the_nic_and_of_the_cpu(self):
        for nic in (CRYPTO, ""):
            with self.subTest(nic):
                by_cpu = ESP.replace('"aes-cbc"', '"aes-cbc"\nsoftware = "from"', 1).replace('to = "server"\n', 'to = "server"\nsoftware = "to"\n', 1)
                run = self.one(WEB + (ESP if nic else by_cpu), nic=nic)
                metrics = self.whole(run)
                self.assertEqual(self.rows(run, "frame.number", show="tcp && !esp"), [])
                self.assertEqual(set(r[0] for r in self.rows(run, "esp.icv_good", show="esp")) - {"1", "True"}, set())
                self.assertEqual(metrics["server.cpu0.cycles_aes_byte"] == 0, bool(nic))
                self.assertEqual(self.rows(run, "frame.number", show="ip.flags.mf == 1 || ip.frag_offset > 0"), [])      # segments were made to fit

    def test_routers_tell_what_the_path_takes(self):
        routers = '[[router]]\nname = "near"\npeer = "client"\nmtu = "1300 B"\n[[router]]\nname = "far"\npeer = "client"\n'
        for version in "46":
            with self.subTest(version):
                web = WEB.replace("\nfrom", f'\nip_version = "{version}"\nfrom')
                run = self.one(web + routers, duration="1 s")
                metrics = self.all_came(run)
                self.assertGreater(metrics["server.stack.too_big"], 0)
                self.assertGreater(metrics["client.hosts_told"], 0)
                self.assertEqual(set(a for _, of in self.right(run) for a in of) - set(AGAIN) - {"lost_segment"}, set())
                for source in ("192.0.2.1", "192.0.2.2") if version == "4" else ():
                    sent = [int(r[0]) for r in self.rows(run, "ip.len", show=f"tcp && !icmp && ip.src == {source}")]
                    self.assertGreater(sum(n == 1300 for n in sent), 20 if source == "192.0.2.1" else 5)
                    self.assertEqual([n for n in sent[len(sent) // 2:] if n > 1300], [], source)

    def test_in_the_nic(self):
        """As soon as they are open, or in the middle of their data: what the wire sees is right, the host hardly has to do with their segments."""
        plain = self.whole(self.one(duration="60 ms"))
        each_frame = [f"server.cpu0.cycles_{w}" for w in ("driver_receive", "ip_receive", "ip_send", "tcp_demultiplex", "tcp_segment_in", "tcp_segment_out")]
        for when in ('when = "established"', 'when = "after_octets"\nafter = "9000 B"'):
            for processor in ("microcontroller", "state_machine"):
                with self.subTest(when=when, processor=processor):
                    nic = f'rx_burst = "frame"\nidentity = "extended"\n[nic.chimney]\nenable = true\nprocessor = "{processor}"'
                    metrics = self.whole(self.one(WEB + f'[[host]]\nname = "server"\n[host.chimney]\n{when}\n', nic=nic, duration="60 ms"))
                    over, unit = "server.tcp.chimney_0.", "server.pci0.nic0.chimney."
                    self.assertEqual(metrics[over + "offloaded"], 5)
                    self.assertEqual((metrics[over + "refused"], metrics[over + "returned"], metrics[unit + "dropped"]), (0, 0, 0))
                    self.assertGreater(metrics[unit + "segments_in"], 50)
                    self.assertGreater(metrics[unit + "segments_out"], 100)
                    if "established" in when:
                        self.assertLess(8 * sum(map(metrics.get, each_frame)), sum(map(plain.get, each_frame)))

    def test_a_nic_that_is_reset_or_pulled_with_connections_in_it(self):
        chimney = 'identity = "extended"\n[nic.chimney]\nenable = true'
        host = '[[host]]\nname = "server"\n[host.chimney]\nwhen = "established"\n'
        reset = 'at = "server.pci0.nic0.driver"\nwhat = "reset"\nfrom = "9 ms"\n'
        pulled = 'at = "server.pci0.nic0"\nwhat = "removed"\nfrom = "9 ms"\nfor = "20 ms"\n'
        for fault in (reset, pulled):
            with self.subTest(fault):
                run = self.one(WEB.replace('"20 KiB"', '"200 KiB"') + host + "[[fault]]\n" + fault, nic=chimney, duration="2 s")
                lost = run.metric("server.tcp.chimney_0.gone")
                self.assertGreaterEqual(lost, 4)
                self.assertEqual(run.metric("server.pci0.nic0.driver.chimney.lost"), lost)
                self.assertGreaterEqual(run.metric("server.tcp.reset"), lost)        # its applications hear of it, and read nothing wrong
                self.assertEqual([m["path"] for m in run.result()["metrics"] if m["path"].endswith(".damaged") and int(m["value"])], [])

    def test_host_to_host(self):
        text = 'extends = "parts/host.toml"\nduration = "40 ms"\n[[nic]]\nname = "nic0"\nbus = "server.pci0"\n[[host]]\nname = "client"\n'
        text += '[[cpu]]\nname = "cpu9"\nhost = "client"\n[[bus]]\nname = "pci9"\nhost = "client"\n[[nic]]\nname = "nic9"\nbus = "client.pci9"\n'
        text += '[[link]]\nname = "lan0"\na = "server.pci0.nic0"\nb = "client.pci9.nic9"\n[[capture]]\nname = "wire"\nat = "lan0.*.wire"\n'
        self.whole(self.run_scenario(self.write("s.toml", text + WEB)))

    def test_a_cable_of_a_team_is_pulled(self):
        text = 'extends = "parts/two-nic-team.toml"\nduration = "600 ms"\n[[capture]]\nname = "wire"\nat = "client.port"\n'
        text += '[[host]]\nname = "server"\n[host.tcp]\nleast_timeout = "10 ms"\n[[peer]]\nname = "client"\n[peer.tcp]\nleast_timeout = "10 ms"\n'
        text += '[[fault]]\nat = "lan0"\nwhat = "link_down"\nfrom = "9 ms"\n'
        run = self.run_scenario(self.write("s.toml", text + WEB.replace('"20 KiB"', '"200 KiB"').replace('"30 KiB"', '"300 KiB"')))
        metrics = self.all_came(run)
        self.assertEqual(metrics["server.team0.changes_of_active"], 1)
        self.assertGreater(metrics["server.tcp.retransmissions"], 0)
        self.assertEqual(set(a for _, all_of in self.right(run) for a in all_of) & {"reused_ports", "keep_alive", "zero_window", "window_full"}, set())

    def test_what_is_lost_is_sent_again_and_nothing_else(self):
        sent_again = 0
        for seed in (1, 2, 3):
            text = '[[host]]\nname = "server"\n[host.tcp]\nleast_timeout = "10 ms"\n[[link]]\nname = "lan0"\nloss_a_to_b = "1 %"\n'
            text += '[[connections]]\nname = "back"\nfrom = "server"\nto = "client"\nrequest = "1 MiB"\nresponse = "100 B"\n'
            text += '[[capture]]\nname = "sent"\nat = "server.pci0.nic0.wire"\n'
            scenario = self.write("s.toml", ONE.format(nic="", peer="", duration="1 s") + text)
            run = self.run_scenario(scenario, "--set", f"seed={seed}")
            self.assertEqual(run.metric("client.listener_5000.octets_received"), 1 << 20)
            found = self.right(run, "sent.pcapng")
            again = [f for f in found if set(f[1]) & set(AGAIN)]
            self.assertEqual(len(again), run.metric("server.tcp.retransmissions"))
            self.assertEqual([f for f in found if set(f[1]) - set(AGAIN) - {"window_full"}], [])
            sent_again += len(again)
        self.assertGreater(sent_again, 10)


if __name__ == "__main__":
    unittest.main()
