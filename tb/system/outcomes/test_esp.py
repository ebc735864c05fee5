"""Fragmented ESP through the crypto block of a nic: tshark, which shares no code with the model, decrypts what was on the wire."""
import os
import re
import subprocess
import unittest

import command

SCENARIO = command.SOURCE / "scenarios" / "fragmented-esp.toml"

ONE = """
extends = "parts/one-nic.toml"
duration = "4 ms"
[[nic]]
name = "nic0"
identity = "extended"
[nic.crypto]
enable = true
engines = ["des-pipelined", "3des-cascade", "aes-128-round", "aes-192-iterative", "aes-256-iterative", "aes-128-round", "md5", "sha1", "sha256", "ghash"]
{crypto}
[[peer]]
name = "client"
route_mtu = {route}
may_fragment = true
{associations}
[[policy]]
name = "encrypt"
from = "client"
to = "server"
bundle = {bundle}
[[traffic]]
name = "down"
from = "client"
to = "server"
pace = "frames"
frames_per_second = 4000
sizes = "uniform"
least_size = "70 B"
greatest_size = "1400 B"
[[capture]]
name = "wire"
at = "client.port"
[[capture]]
name = "memory"
at = "server.pci0.nic0.host"
[[expect]]
name = "nothing_is_lost"
metric = "server.sink_9.received"
at_least = "11 packets"
"""


def association(name, more=""):
    return f'[[sa]]\nname = "{name}"\nfrom = "client"\nto = "server"\ndont_fragment = "clear"\n{more}\n'


class esp(command.scenario_test):
    def tshark(self, run, capture, *fields, show=None, words=()):
        """Rows of fields of a capture, decrypted and authenticated with the keys that the run left."""
        home = self.folder / "home"
        profile = home / ".config" / "wireshark"
        profile.mkdir(parents=True, exist_ok=True)
        keys = run.directory / "esp_sa"
        (profile / "esp_sa").write_bytes(keys.read_bytes() if keys.exists() else b"")
        words = ["tshark", "-n", *words, "-r", str(run.directory / capture), "-o", "esp.enable_encryption_decode:TRUE",
                 "-o", "esp.enable_authentication_check:TRUE", "-o", "udp.check_checksum:TRUE", "-T", "fields", "-E", "separator=|", "-E", "occurrence=l"]
        if show:
            words += ["-Y", show]
        for f in fields:
            words += ["-e", f]
        done = subprocess.run(words, capture_output=True, text=True, check=True, env={**os.environ, "HOME": str(home)})
        return [line.split("|") for line in done.stdout.splitlines()]

    def clear(self, run, wire="wire.pcapng", host="memory.pcapng"):
        """What tshark finds in the ESP of the wire is what the host got, octet for octet, in order."""
        sent = self.tshark(run, wire, "udp.payload", "esp.icv_good", show="udp && esp")
        got = self.tshark(run, host, "udp.payload", "udp.checksum.status")
        self.assertGreater(len(got), 5)
        self.assertEqual([s[0] for s in sent][:len(got)], [g[0] for g in got])
        self.assertTrue(all(s[1] in ("1", "True") for s in sent), sent[0])
        self.assertTrue(all(g[1] == "1" for g in got))
        self.assertEqual(self.tshark(run, host, "frame.number", show="esp"), [])
        return sent

    def test_the_shipped_scenario_is_decrypted_by_tshark_as_by_the_block(self):
        run = self.run_scenario(SCENARIO, "--trace", "all")
        sent = self.clear(run, "on_the_wire.pcapng", "in_the_host.pcapng")
        self.assertEqual(len(sent), 20)
        fragments = self.tshark(run, "on_the_wire.pcapng", "frame.len", show="ip.flags.mf == 1 || ip.frag_offset > 0")
        self.assertEqual(len(fragments), 80)
        self.assertTrue(all(int(f[0]) <= 14 + 576 + 4 for f in fragments))

    def test_each_datagram_goes_round_in_the_order_of_the_figure(self):
        run = self.run_scenario(SCENARIO, "--trace", "packets")
        rows = {r["id"]: r for r in run.packets()}
        def at(row, stage):
            return int(row[stage + "_ps"] or 0)
        loops = [r for r in rows.values() if r["fed_back_ps"] and r["outcome"] == "taken_off"]
        self.assertGreaterEqual(len(loops), 19)
        for r in loops:
            times = [at(r, s) for s in ("fed_back", "mux_122", "engines_start", "engines_done", "delivered_22b")]
            self.assertEqual(times, sorted(times))
            self.assertTrue(all(times))
        parts = [r for r in rows.values() if r["outcome"] == "joined" and r["to"].startswith("server")]
        self.assertEqual(len(parts), 4 * len(loops))
        self.assertTrue(all(at(p, "engines_start") == 0 for p in parts), "no engine works on a fragment of what was encrypted whole")

    def test_what_the_feedback_path_saves_is_the_prior_art_s_work(self):
        run = self.run_scenario(SCENARIO)
        self.assertEqual(run.metric("server.cpu0.cycles_des3_byte"), 0)
        self.assertGreater(run.metric("classic.cpu1.cycles_des3_byte"), 18 * 116 * 1400)
        self.assertGreater(run.metric("classic.cpu1.cycles_reassemble"), 70 * 500)
        self.assertGreaterEqual(run.metric("classic.stack.security_reassembled"), 18)
        self.assertGreaterEqual(run.metric("classic.stack.security_taken_off"), 18)
        self.assertRegex(run.stdout, r"server\.pci0\.nic0: its feedback path 110 took 20 datagrams")
        self.assertRegex(run.stdout, r"classic: its CPU put together \d+ encrypted datagrams")
        said = re.search(r"nic0 against classic\.pci1\.nic1.*? takes ([\d ]+) words of the bus instead of ([\d ]+), ([\d ]+) cycles of the CPU "
                         r"instead of ([\d ]+),", re.sub(r"\s+", " ", run.stdout))
        figures = [int(n.replace(" ", "")) for n in said.groups()]
        cycles = [sum(m["value"] for m in run.result()["metrics"] if m["path"].startswith(f"{cpu}.cycles_")) for cpu in ("server.cpu0", "classic.cpu1")]
        took = [run.metric(f"{host}.sink_9.received") for host in ("server", "classic")]
        words = [run.metric(f"{bus}.words") for bus in ("server.pci0", "classic.pci1")]
        self.assertEqual(figures, [total // n for of in (words, cycles) for total, n in zip(of, took)])

    def test_a_run_that_ends_at_any_instant_accounts_for_every_fragment(self):
        """Ends at each clock of 22b with a fragment in hand among them: checker I-6 has its context's packet."""
        for n in range(0, 60, 3):
            run = self.run_scenario(SCENARIO, "--until", f"{1_056_600 + 30 * n} ns", status=None)
            self.assertEqual(run.status, 0, run.stderr)

    def test_the_summary_says_of_what_was_fed_back_how_much_was_decrypted(self):
        note = r"feedback path 110 took (\d+) datagrams that had come in fragments, encrypted; (all|\d+ of them) were"
        text = f'extends = "{SCENARIO}"\n'
        good = self.run_scenario(SCENARIO)
        self.assertEqual(re.search(note, good.stdout).group(2), "all")
        fault = '[[fault]]\nat = "server.pci0.nic0.crypto"\nwhat = "engines_stuck"\nfrom = "10 us"\n'
        stuck = self.run_scenario(self.write("stuck.toml", text + fault), status=None)
        self.assertEqual(re.search(note, stuck.stdout).group(2), "0 of them")

    def test_the_page_says_who_had_a_packet_in_the_block_and_behind_it(self):
        page = (self.run_scenario(SCENARIO, "--trace", "all").directory / "report.html").read_text()
        for holder, piece in (("nic", "mux_122 to engines_start"), ("nic", "engines_done to delivered_22b"), ("software", "driver_received to delivered")):
            drawn = set(re.findall(rf'class="(\w+)"[^>]*><title>{piece}:', page))
            self.assertEqual(drawn, {holder}, piece)

    def test_the_waveform_shows_the_selection_of_the_multiplexer(self):
        run = self.run_scenario(SCENARIO, "--trace", "wave", "--set", 'trace.scopes=server.pci0.nic0.crypto')
        wave = (run.directory / "wave.vcd").read_text()
        codes = dict(reversed(m) for m in re.findall(r"\$var \w+ \d+ (\S+) (\w+)", wave))
        for name in ("mux_select", "request_130", "request_122", "level_142", "level_140", "logic_21a", "logic_22b", "engines", "contexts"):
            self.assertIn(name, codes)
        selected = re.findall(r"^s(\S+) " + re.escape(codes["mux_select"]) + "$", wave, re.M)
        self.assertEqual(selected.count("feedback_122"), 20)
        self.assertEqual(selected.count("feedforward_130"), 80)

    def test_every_cipher_and_hash_is_taken_off_whole_and_behind_the_feedback_path(self):
        kinds = ['cipher = "des-cbc"\nauthentication = "hmac-md5-96"', 'cipher = "aes-cbc"', 'cipher = "aes-ctr"\nauthentication = "hmac-sha2-256-128"',
                 'cipher = "aes-gcm-16"\nauthentication = "null"', 'cipher = "aes-gcm-8"\nauthentication = "null"', 'cipher = "null"\nmode = "transport"',
                 'cipher = "3des-cbc"\nudp = true\nhard_packets = 1000', f'cipher = "aes-cbc"\nkey = "0x{"5a" * 32}"\nreplay_window = 128\npath_mtu = "1400 B"']
        for kind in kinds:
            for route in ("[]", '["576 B"]'):
                with self.subTest(kind, route=route):
                    text = ONE.format(crypto="", route=route, associations=association("inbound", kind), bundle='["inbound"]')
                    run = self.run_scenario(self.write("s.toml", text))
                    self.clear(run)
                    cut = run.metric("client.fragments_sent") > 0
                    self.assertEqual(run.metric("server.pci0.nic0.crypto.fed_back") > 0, cut)
                    self.assertTrue(cut or route == "[]")

    def test_nested_associations_fragmented_at_both_levels(self):
        text = ONE.format(crypto="places = 4\nbuffer_140 = 4", route='["1000 B", "400 B"]', bundle='["inner", "outer"]',
                          associations=association("inner", 'mode = "transport"') + association("outer", 'cipher = "3des-cbc"'))
        run = self.run_scenario(self.write("s.toml", text))
        self.clear(run)
        self.assertGreater(run.metric("server.pci0.nic0.crypto.associations_taken_off"), 20)

    def test_the_alternatives_bring_the_same_octets(self):
        for crypto in ('priority = "feedforward_first"; bubble_rule = true', 'priority = "alternate"; bubble_rule = true', 'coupling = "series"',
                       'word = 8; period = "15 ns"; crossing = 3', 'lookup_clocks = 100; transport_clocks = 50; buffer_142 = "1536 B"',
                       'when_140_full = "drop"; buffer_140 = 1; contexts = 2; fragments = 8; reassembly_memory = "8 KiB"',
                       'engines_shared = true; package_clocks = 0; frame_start = "early"',
                       'transmit_engines = ["3des-area", "md5"]; frame_buffer = "8 KiB"; frame_buffer_frames = 2; longest_packet = "1400 B"',
                       'overlaps = "last_wins"; reassembly_timeout = "1 s"; associations = 1'):
            with self.subTest(crypto):
                text = ONE.format(crypto=crypto.replace("; ", chr(10)), route='["576 B"]', associations=association("inbound"), bundle='["inbound"]')
                self.clear(self.run_scenario(self.write("s.toml", text)))

    def test_the_host_s_cpu_is_charged_by_the_octets_of_each_algorithm(self):
        costs = {'cipher = "des-cbc"; authentication = "hmac-md5-96"': ("cost_des_byte", "cost_md5_byte"),
                 'cipher = "aes-cbc"': ("cost_aes_byte", "cost_sha1_byte", "cost_ipsec"),
                 'cipher = "aes-ctr"; authentication = "hmac-sha2-256-128"': ("cost_sha2_byte", "cost_aes_byte"),
                 'cipher = "aes-gcm-16"; authentication = "null"': ("cost_galois_byte", "cost_aes_byte", "cost_reassemble")}
        for kind, keys in costs.items():
            with self.subTest(kind):
                sa = association("inbound", kind.replace("; ", chr(10)))
                text = ONE.format(crypto='return_path = "host"', route='["576 B"]', associations=sa, bundle='["inbound"]')
                run = self.run_scenario(self.write("s.toml", text))
                got = self.tshark(run, "memory.pcapng", "udp.payload", show="udp && esp")
                self.assertGreater(len(got), 5, "the host got what tshark can put together and decrypt")
                cycles = {k: run.metric("server.cpu0.cycles_" + k[5:]) for k in keys}
                self.assertTrue(all(cycles.values()), cycles)
                other = self.run_scenario(self.write("s.toml", text), *(word for k in keys for word in ("--set", f"cpu.{k}=1")))
                for k in keys:
                    self.assertGreaterEqual(cycles[k], 5 * other.metric("server.cpu0.cycles_" + k[5:]), k)

    def test_a_lifetime_ends_and_the_sender_says_so(self):
        text = ONE.format(crypto="", route="[]", associations=association("inbound", "hard_packets = 5"), bundle='["inbound"]')
        text = text.replace('at_least = "11 packets"', 'equals = "5 packets"')
        run = self.run_scenario(self.write("s.toml", text))
        self.assertGreater(run.metric("client.unsent"), 5)
        self.assertRegex(run.stdout, rf"client: dropped {run.metric('client.unsent')} datagrams before any frame was made")

    def test_timing_only_has_the_instants_and_counts_of_real_octets_in_every_scenario(self):
        secured = [s for s in command.SCENARIOS if "[[sa]]" in s.read_text()]
        self.assertIn(SCENARIO, secured)
        for scenario in secured:
            with self.subTest(scenario.name):
                captured = self.write("s.toml", f'extends = "{scenario}"\n[[capture]]\nname = "compared"\nat = "*.*.wire"\n')
                real = self.run_scenario(captured, "--trace", "packets,pcap", "--set", "payload=real")
                quick = self.run_scenario(captured, "--trace", "packets,pcap", "--set", "payload=timing-only")
                self.assertEqual(real.packets(), quick.packets())
                self.assertEqual(real.result()["metrics"], quick.result()["metrics"])
                self.assertIn("nothing was encrypted", quick.stdout)
                self.assertFalse((quick.directory / "esp_sa").exists())
                captures = [n for n in real.files() if n.endswith(".pcapng")]
                self.assertTrue(not captures or any(real.files()[n] != quick.files()[n] for n in captures), "the octets of one are those of the other")
                self.assertTrue(all(len(real.files()[n]) == len(quick.files()[n]) for n in captures))

    def test_the_outer_header_of_a_tunnel_is_as_the_association_says(self):
        def outer(more):
            sa = association("inbound", more.replace("; ", chr(10)))
            run = self.run_scenario(self.write("s.toml", ONE.format(crypto="", route="[]", associations=sa, bundle='["inbound"]')))
            self.clear(run)
            words = ["tshark", "-n", "-r", str(run.directory / "wire.pcapng"), "-Y", "esp", "-T", "fields", "-E", "occurrence=f"]
            for f in ("ip.ttl", "ip.dsfield.dscp", "ip.dsfield.ecn", "udp.srcport", "udp.dstport"):
                words += ["-e", f]
            rows = set(subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines())
            self.assertEqual(len(rows), 1, rows)
            return rows.pop().split("\t")
        self.assertEqual(outer(""), ["64", "0", "0", "", ""])
        self.assertEqual(outer("hop_limit = 9; dscp = 46; copy_congestion = false"), ["9", "46", "0", "", ""])
        self.assertEqual(outer("udp = true; udp_source = 61000"), ["64", "0", "0", "61000", "4500"])
        self.assertEqual(outer("udp = true; udp_destination = 4500"), ["64", "0", "0", "4500", "4500"])

    def test_lifetimes_end_by_packets_octets_and_time(self):
        least, most = 70 - 18 + 4, 1400
        limits = ("hard_packets = 5", 5, 5), ('hard_octets = "4000 B"', 4000 // most, 4000 // least), ('hard_time = "3 ms"', 7, 9)
        for limit, fewest, most_packets in limits:
            with self.subTest(limit):
                text = ONE.format(crypto="", route="[]", associations=association("inbound", limit), bundle='["inbound"]')
                bounds = f'at_least = "{fewest} packets"\nat_most = "{most_packets} packets"'
                run = self.run_scenario(self.write("s.toml", text.replace('at_least = "11 packets"', bounds)))
                self.assertGreater(run.metric("client.unsent"), 0)
        for limit in ("soft_packets = 3", 'soft_octets = "2000 B"', 'soft_time = "2 ms"'):
            with self.subTest(limit):
                text = ONE.format(crypto="", route="[]", associations=association("inbound", limit), bundle='["inbound"]')
                run = self.run_scenario(self.write("s.toml", text))
                self.assertEqual(run.metric("client.unsent"), 0)
                late = run.metric("client.soft_expired")
                self.assertGreater(late, 0)
                self.assertLess(late, run.metric("client.protected"))

    def test_what_is_fragmented_in_front_of_a_gateway_is_put_together_behind_decryption(self):
        # Source document 004: 210, 212 and 208 of FIG. 5; in transport mode D-37's sender, which does not conform.
        for more in ("", 'cut = "before"\npath_mtu = "600 B"', 'mode = "transport"\nfragments_in_transport = true'):
            with self.subTest(more):
                interior = "" if "cut" in more else 'interior_mtu = ["576 B"]\n'
                text = ONE.format(crypto="contexts = 16", route="[]\n" + interior, associations=association("inbound", more), bundle='["inbound"]')
                run = self.run_scenario(self.write("s.toml", text))
                block = "server.pci0.nic0.crypto."
                self.assertGreater(run.metric(block + "reassembled"), 5)
                if "transport" not in more:
                    self.assertEqual(run.metric(block + "fed_back"), 0)
                self.assertEqual(run.metric(block + "delivered_encrypted"), 0)
                self.assertGreaterEqual(run.metric(block + "associations_taken_off"), 2 * run.metric(block + "reassembled"))

    def test_an_association_carries_only_what_it_is_for(self):
        for more, arrives in (('inner_source = "192.0.2.0/24"', True), ('inner_destination = "192.0.2.1/32"', True),
                              ('inner_source = "198.51.100.0/24"', False)):
            with self.subTest(more):
                text = ONE.format(crypto="", route="[]", associations=association("inbound", more), bundle='["inbound"]')
                run = self.run_scenario(self.write("s.toml", text), status=0 if arrives else 1)
                self.assertEqual(run.metric("server.pci0.nic0.crypto.selector_mismatch") == 0, arrives)

    def test_policies_select_by_address_protocol_and_port(self):
        for more, selected in (("protocol = 17", True), ("protocol = 6", False), ('source_prefix = "192.0.2.0/28"', True),
                               ('source_prefix = "192.0.2.16/28"', False), ('destination_prefix = "0.0.0.0/0"', True), ("source_port = 9000", True),
                               ("source_port = 9001", False)):
            with self.subTest(more):
                text = ONE.format(crypto="", route="[]", associations=association("inbound"), bundle='["inbound"]\n' + more)
                run = self.run_scenario(self.write("s.toml", text), status=0 if selected else 1)
                self.assertEqual((run.metric("client.protected") > 0, run.metric("client.unsent") > 0), (selected, not selected))

    def test_policies_decide_in_order_and_what_none_selects_is_dropped(self):
        text = ONE.format(crypto="", route="[]", associations=association("inbound"), bundle='["inbound"]' + chr(10) + "destination_port = 10")
        text = text.replace("at_least", "at_most").replace("11 packets", "0 packets")
        run = self.run_scenario(self.write("s.toml", text))
        self.assertGreater(run.metric("client.unsent"), 10)
        text += '[[policy]]\nname = "rest"\nfrom = "client"\nto = "server"\naction = "bypass"\n'
        run = self.run_scenario(self.write("s.toml", text), status=1)
        self.assertGreater(run.metric("client.bypassed"), 10)
        self.assertEqual(run.metric("server.pci0.nic0.crypto.associations_taken_off"), 0)


if __name__ == "__main__":
    command.need("tshark")
    unittest.main()
