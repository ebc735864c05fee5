"""A nic that protects what its host sends: tshark, which shares no code with the model, decrypts and authenticates what was on the wire."""
import unittest

import command
import test_esp

SCENARIO = command.SOURCE / "scenarios" / "inline-esp.toml"

ONE = """
extends = "parts/one-nic.toml"
duration = "6 ms"
[[nic]]
name = "nic0"
identity = "extended"
address = "192.0.2.1/24"
{nic}
[nic.crypto]
enable = true
engines = ["des-pipelined", "3des-cascade", "aes-128-round", "aes-192-iterative", "aes-256-iterative", "aes-128-round", "md5", "sha1", "sha256", "ghash"]
{crypto}
[[peer]]
name = "client"
ip = "192.0.2.2"
[[sa]]
name = "outbound"
from = "server"
to = "client"
{association}
[[policy]]
name = "encrypt"
from = "server"
to = "client"
{policy}
[[traffic]]
name = "up"
from = "server"
to = "client"
pace = "frames"
frames_per_second = 4000
sizes = "uniform"
least_size = "70 B"
greatest_size = "{greatest}"
[[capture]]
name = "wire"
at = "client.port"
[[capture]]
name = "memory"
at = "server.pci0.nic0.host"
{more}
"""


class inline_esp(command.scenario_test):
    tshark = test_esp.esp.tshark

    def one(self, association="", crypto="", nic="", policy='bundle = ["outbound"]', more="", greatest="1300 B", status=0, *words):
        text = ONE.format(association=association.replace("; ", "\n"), crypto=crypto.replace("; ", "\n"), nic=nic, policy=policy, more=more, greatest=greatest)
        return self.run_scenario(self.write("s.toml", text), *words, status=status)

    def protected(self, run):
        """What lay in host memory is, octet for octet and in order, what tshark finds in the ESP of the wire; no number comes twice."""
        sent = self.tshark(run, "memory.pcapng", "udp.payload", show="udp && ip.src == 192.0.2.1")
        got = self.tshark(run, "wire.pcapng", "udp.payload", "esp.icv_good", "esp.sequence", show="udp && esp && ip.src == 192.0.2.1")
        self.assertGreater(len(got), 10)
        self.assertEqual([g[0] for g in got], [s[0] for s in sent][:len(got)])
        self.assertTrue(all(g[1] in ("1", "True") for g in got), got[0])
        self.assertEqual([int(g[2]) for g in got], list(range(1, len(got) + 1)))
        self.assertEqual(self.tshark(run, "wire.pcapng", "frame.number", show="udp && !esp"), [])
        return got

    def test_the_shipped_scenario_has_only_esp_on_the_wire_and_only_clear_in_the_host(self):
        run = self.run_scenario(SCENARIO, "--trace", "all")
        wire = self.tshark(run, "on_the_wire.pcapng", "esp.icv_good", "ip.src", show="ip")
        self.assertGreater(len(wire), 80)
        self.assertTrue(all(w[0] in ("1", "True") for w in wire))
        self.assertEqual(self.tshark(run, "on_the_wire.pcapng", "frame.number", show="ip && !esp"), [])
        self.assertEqual(self.tshark(run, "in_the_host.pcapng", "frame.number", show="esp"), [])
        self.assertRegex(run.stdout, r"server\.pci0\.nic0: put associations on \d+ packets")
        rows = run.packets()
        put_on = [r for r in rows if r["outcome"] == "put_on"]
        self.assertGreater(len(put_on), 40)
        made = {r["parent"]: r for r in rows if r["parent"]}
        for r in put_on:
            after = made[r["id"]]
            stages = ["host_post", "driver_queued", "nic_notified", "nic_tx_fetch", "whole_in_fifo", "packaged_22a"]
            times = [int(r[s + "_ps"]) for s in stages]
            times += [int(after[s + "_ps"]) for s in ("protect_start", "protect_done", "frame_buffer", "nic_tx_fifo_start", "wire_tx") if after[s + "_ps"]]
            self.assertEqual(times, sorted(times))
        wave = (run.directory / "wave.vcd").read_text()
        for name in ("fifo_frames", "logic_22a", "frame_buffer"):
            self.assertIn(f" {name} ", wave)

    def test_every_cipher_and_hash_goes_out_as_tshark_wants_it(self):
        for kind in ('cipher = "des-cbc"; authentication = "hmac-md5-96"', 'cipher = "aes-cbc"', 'cipher = "aes-ctr"; authentication = "hmac-sha2-256-128"',
                     'cipher = "aes-gcm-16"; authentication = "null"', 'cipher = "null"; mode = "transport"', 'cipher = "3des-cbc"; udp = true',
                     f'cipher = "aes-cbc"; mode = "transport"; key = "0x{"5a" * 32}"'):
            with self.subTest(kind):
                self.protected(self.one(kind))

    def test_the_alternatives_bring_the_same_octets(self):
        for crypto, nic in (("engines_shared = true", ""), ('transmit_engines = ["aes-128-iterative", "sha1"]', ""), ('coupling = "series"; places = 1', ""),
                            ("package_clocks = 100; lookup_clocks = 50; crossing = 5", ""), ('frame_start = "early"; word = 8', ""),
                            ('frame_buffer = "1536 B"; frame_buffer_frames = 1', ""), ("", "[nic.driver]\nnumbers = \"lent\"\nlease = 3\n"),
                            ("", '[nic.driver]\nnumbers = "in_blocks"\n')):
            with self.subTest(crypto + nic):
                run = self.one(crypto=crypto, nic=nic)
                got = self.protected(run)
                if "lent" in nic:
                    self.assertIn(run.metric("server.pci0.nic0.driver.leases"), range(len(got) // 3, len(got) // 3 + 3))

    def test_half_duplex_retries_send_the_same_ciphertext(self):
        more = '[[traffic]]\nname = "down"\nfrom = "client"\nto = "server"\npace = "frames"\nframes_per_second = 20000\nframe_size = "100 B"\n'
        more += '[[link]]\nname = "lan0"\ndelay = "2 us"\n'
        run = self.one("", "", "", 'bundle = ["outbound"]', more, "1300 B", 0, "--set", "client.duplex=half")
        self.assertGreater(run.metric("server.pci0.nic0.tx_collisions"), 0)
        got = self.tshark(run, "wire.pcapng", "esp.sequence", show="udp && esp && ip.src == 192.0.2.1")
        numbers = [int(g[0]) for g in got]
        self.assertEqual(numbers, sorted(set(numbers)))
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))

    def test_policies_decide_and_nothing_is_sent_as_it_is_instead(self):
        for policy, counted in (('destination_port = 10; bundle = ["outbound"]', "no_policy"), ('action = "discard"', "discarded")):
            with self.subTest(policy):
                run = self.one(policy=policy.replace("; ", "\n"))
                self.assertGreater(run.metric(f"server.stack.{counted}"), 10)
                self.assertEqual(self.tshark(run, "wire.pcapng", "frame.number", show="ip"), [])
        run = self.one(policy='action = "bypass"')
        self.assertGreater(run.metric("server.stack.bypassed"), 10)
        self.assertEqual(run.metric("server.pci0.nic0.crypto_transmit.protected"), 0)
        self.assertGreater(len(self.tshark(run, "wire.pcapng", "frame.number", show="udp && !esp")), 10)

    def test_what_is_too_long_behind_protection_or_past_a_lifetime_is_counted_and_not_sent(self):
        run = self.one(greatest="1518 B", association='mode = "transport"; path_mtu = "700 B"')
        self.assertGreater(run.metric("server.stack.protected_too_long"), 5)
        self.assertTrue(all(int(f[0]) <= 714 for f in self.tshark(run, "wire.pcapng", "frame.len", show="esp")))
        run = self.one(greatest="1518 B", association='path_mtu = "700 B"')      # a tunnel takes pieces: the host cuts
        self.assertEqual(run.metric("server.stack.protected_too_long"), 0)
        self.assertGreater(run.metric("server.stack.cut"), 5)
        self.assertTrue(all(int(f[0]) <= 714 for f in self.tshark(run, "wire.pcapng", "frame.len", show="esp")))
        run = self.one(association="hard_packets = 5")
        self.assertEqual(run.metric("server.pci0.nic0.crypto_transmit.protected"), 5)
        self.assertGreater(run.metric("server.pci0.nic0.crypto_transmit.expired"), 5)
        self.assertEqual(len(self.tshark(run, "wire.pcapng", "frame.number", show="ip")), 5)
        self.assertRegex(run.stdout, r"refused (\d+) packets that it was to protect \(\1 expired\): nothing of them was sent")

    def ends(self, run, side):
        return tuple(run.metric(f"server.pci0.nic0.{side}.{end}_lifetimes") for end in ("soft", "hard"))

    def test_the_ends_of_an_association_in_the_nic_are_counted_once_each_and_told(self):
        note = "server.pci0.nic0: 1 of its associations "
        soft, hard, last = (note + how for how in ("passed the soft lifetime", "passed the hard lifetime", "gave out the last sequence number"))
        run = self.one(association="hard_packets = 5")
        self.assertEqual(self.ends(run, "crypto_transmit"), (0, 1))
        self.assertEqual(run.metric("server.pci0.nic0.crypto_transmit.soft_expired"), 0, "it has no soft lifetime")
        self.assertIn(hard, run.stdout)
        self.assertNotIn(soft, run.stdout)
        run = self.one(association="soft_packets = 3")
        self.assertEqual(self.ends(run, "crypto_transmit"), (1, 0))
        protected = run.metric("server.pci0.nic0.crypto_transmit.protected")
        self.assertEqual(run.metric("server.pci0.nic0.crypto_transmit.soft_expired"), protected - 3, "those after the third")
        self.assertIn(soft, run.stdout)
        self.assertNotIn(hard, run.stdout)
        for numbers_by in ("in_blocks", "lent"):
            run = self.one(association=f"first_sequence = {2**32 - 5}", nic=f'[nic.driver]\nnumbers = "{numbers_by}"\n')
            self.assertEqual(run.metric("server.pci0.nic0.crypto_transmit.numbers_used_up"), 1)
            self.assertEqual(run.metric("server.pci0.nic0.crypto_transmit.protected"), 5)
            self.assertIn(last, run.stdout)
        run = self.one()
        self.assertEqual(run.metric("server.pci0.nic0.crypto_transmit.numbers_used_up"), 0)
        for text in (soft, hard, last):
            self.assertNotIn(text, run.stdout)

    def test_the_ends_of_an_association_that_the_nic_takes_off_are_counted_too(self):
        def inbound(limits):
            text = f'extends = "{SCENARIO}"\nduration = "6 ms"\n[[sa]]\nname = "to_server"\n{limits}\n'
            return self.run_scenario(self.write(f"in{self.runs}.toml", text), status=None)
        self.assertEqual(self.ends(inbound("soft_packets = 3"), "crypto"), (1, 0))
        run = inbound("soft_packets = 3\nhard_packets = 5")
        self.assertEqual(self.ends(run, "crypto"), (1, 1))
        self.assertEqual(run.metric("server.pci0.nic0.crypto.associations_taken_off"), 5)
        self.assertEqual(self.ends(inbound("hard_packets = 100000"), "crypto"), (0, 0))

    def test_a_path_that_a_router_tells_of_goes_into_the_nic_s_part_of_the_association_and_is_there_after_a_reset(self):
        text = SCENARIO.read_text()
        text = text[:text.index("[[expect]]")] + '[[router]]\nname = "narrow"\npeer = "client"\nmtu = "900 B"\n'
        text += '[[router]]\nname = "wide"\npeer = "client"\nip = "192.0.2.66"\n{more}'
        text = text.replace('duration = "12 ms"', 'duration = "12 ms"\nwarm_up = "0 ps"').replace('name = "to_client"\n', 'name = "to_client"\n{by}', 1)
        heard = '[[policy]]\nname = "hear_routers"\nfrom = "client"\nto = "server"\nsource_prefix = "192.0.2.66/32"\naction = "bypass"\n'
        text = text.replace('[[policy]]\nname = "answer_protected"', heard + '[[policy]]\nname = "answer_protected"')
        pulled = '[[fault]]\nname = "pulled"\nat = "server.pci0.nic0"\nwhat = "removed"\nfrom = "5 ms"\nfor = "1 ms"\n'
        for by in ("", 'put_on_by = "server.pci0.nic0"\n'):
            for more in ("", pulled):
                with self.subTest(f"{by} {more}"):
                    run = self.run_scenario(self.write(f"p{self.runs}.toml", text.format(by=by, more=more)))
                    self.assertEqual(run.metric("server.stack.too_big"), 1)
                    self.assertEqual(run.metric("server.pci0.nic0.driver.rings.path_changes"), 1)
                    self.assertEqual(run.metric("server.pci0.nic0.driver.controls"), 1)
                    self.assertEqual(run.metric("server.pci0.nic0.driver.rings.stray"), 0)
                    self.assertGreater(run.metric("client.verified"), 25)
                    self.assertEqual(run.metric("server.pci0.nic0.driver.rings.installed"), 4 if more else 2)

    def test_one_key_and_salt_of_a_counter_mode_are_no_two_associations(self):
        key, other = "0x" + "5a" * 20, "0x" + "5a" * 19 + "5b"
        def both(first, second):
            text = f'extends = "{SCENARIO}"\nduration = "6 ms"\n[[nic]]\nname = "nic0"\n[nic.crypto]\nengines = ["aes-128-round", "sha1", "ghash"]\n'
            text += "".join(f'[[sa]]\nname = "{name}"\n{lines}\n' for name, lines in (("to_client", first), ("to_server", second)))
            return self.run_scenario(self.write(f"k{self.runs}.toml", text), status=None)
        gcm, ctr = ('cipher = "{}"\nauthentication = "{}"\nkey = "{{}}"'.format(*pair) for pair in (("aes-gcm-16", "null"), ("aes-ctr", "hmac-sha1-96")))
        for first, second in ((gcm, gcm), (gcm, ctr), (ctr, ctr)):
            run = both(first.format(key), second.format(key))
            self.assertEqual(run.status, 2, run.stderr)
            self.assertRegex(run.stderr, r"sa\.key: to_client has this key and salt already, .*toml:\d+:\d+; of a counter mode each")
            self.assertNotIn("5a5a", run.stderr)
            self.assertIn(both(first.format(key), second.format(other)).status, (0, 1))
        cbc = 'cipher = "aes-cbc"\nkey = "0x' + "5a" * 16 + '"'
        self.assertIn(both(cbc, cbc).status, (0, 1))

    def test_the_look_up_of_a_policy_costs_the_host_s_cpu(self):
        dear = self.one(more="[[cpu]]\nname = \"cpu0\"\ncost_policy = 300\n")
        usual = self.one()
        self.assertEqual(dear.metric("server.cpu0.cycles_policy"), 2 * usual.metric("server.cpu0.cycles_policy"))

    def test_a_nic_that_is_taken_out_and_put_in_again_sends_nothing_in_the_clear(self):
        more = '[[fault]]\nname = "pulled"\nat = "server.pci0.nic0"\nwhat = "removed"\nfrom = "2 ms"\nfor = "1 ms"\n'
        for numbers_by in ("in_blocks", "lent"):
            with self.subTest(numbers_by):
                run = self.one(nic=f'[nic.driver]\nnumbers = "{numbers_by}"\n', more=more)
                self.assertEqual(self.tshark(run, "wire.pcapng", "frame.number", show="udp && !esp"), [])
                sent = self.tshark(run, "wire.pcapng", "esp.sequence", "frame.time_epoch", show="esp && ip.src == 192.0.2.1")
                self.assertEqual(len(sent), len({s[0] for s in sent}))
                self.assertGreater(sum(float(s[1]) > 0.0035 for s in sent), 5, "it sends again")

    def test_a_nic_that_is_taken_out_while_it_fetches_loses_no_packet_without_a_word(self):
        for at in range(2008, 2020, 2):
            more = f'[[fault]]\nname = "pulled"\nat = "server.pci0.nic0"\nwhat = "removed"\nfrom = "{at} us"\nfor = "1 ms"\n'
            self.one(more=more)              # conservation ends the run with status 3 otherwise

    def test_an_association_that_nothing_passes_is_told_before_the_run(self):
        policy = '[[policy]]\nname = "{}"\nfrom = "server"\nto = "client"\n{}\n'
        shadow = policy.format("first", 'action = "bypass"') + policy.format("then", 'bundle = ["idle"]')
        idle = '[[sa]]\nname = "idle"\nfrom = "server"\nto = "client"\ncipher = "aes-cbc"\n'
        for more, said in ((idle, r"s\.toml:3:1: note: sa idle: no \[\[policy\]\] names it"),
                           (idle + shadow, r"policy then: \S+ stands before it and selects all"), ("", None)):
            run = self.run_scenario(self.write("s.toml", f'extends = "{SCENARIO}"\n\n' + more), status=None)
            (self.assertRegex if said else self.assertNotRegex)(run.stderr, said or "note: (sa|policy)")

    def test_protection_that_nobody_can_do_is_refused_when_the_scenario_is_read(self):
        for crypto, association, policy, why in (
                ("enable = false", "", 'bundle = ["outbound"]', r"sa\.from = \"server\": .* has no crypto block"),
                ('transmit_engines = ["sha1"]', "", 'bundle = ["outbound"]', r"crypto\.transmit_engines"),
                ("", "", "", r"protects with nothing"),
                ("", "", 'bundle = ["outbound", "outbound"]', r"a command of a device names one"),
                ('engines_shared = true; transmit_engines = ["sha1"]', "", 'bundle = ["outbound"]', r"no engines of its own while both directions share"),
                ('longest_packet = "9000 B"', "", 'bundle = ["outbound"]', r"does not fit into 4096 octets")):
            with self.subTest(why):
                text = ONE.format(association=association, crypto=crypto.replace("; ", "\n"), nic="", policy=policy, more="", greatest="1300 B")
                if "enable = false" in crypto:
                    text = text.replace("enable = true\n", "", 1)
                run = self.run_scenario(self.write("s.toml", text), status=2)
                self.assertRegex(run.stderr + run.stdout, why)


if __name__ == "__main__":
    command.need("tshark")
    unittest.main()
