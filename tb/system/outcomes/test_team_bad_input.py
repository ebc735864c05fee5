"""What a team is given that it cannot use, and what becomes of protected packets when members fail: refused when read, or a stated policy; never plaintext."""
import json
import subprocess
import unittest

import command

PARTS = "parts/two-nic-team.toml"
TEAM = f'extends = "{PARTS}"\n'
CAPABLE = """
[[nic]]
name = "{0}"
identity = "extended"
[nic.crypto]
enable = true
engines = ["aes-128-round", "sha1"]
"""
OUT = """
[[sa]]
name = "to_client"
from = "server"
to = "client"
{0}
[[policy]]
name = "protect_out"
from = "server"
to = "client"
bundle = ["to_client"]
[[traffic]]
name = "up"
from = "server"
to = "client"
pace = "frames"
frames_per_second = 5000
frame_size = "600 B"
[[capture]]
name = "wires"
at = "lan*.*.wire"
"""
IN = """
[[sa]]
name = "to_server"
from = "client"
to = "server"
{0}
[[policy]]
name = "protect_in"
from = "client"
to = "server"
bundle = ["to_server"]
[[traffic]]
name = "down"
from = "client"
to = "server"
pace = "frames"
frames_per_second = 2000
frame_size = "{1} B"
"""
ORDER = '[[fault]]\nname = "order"\nat = "server.team0"\nfrom = "1 ms"\n'
AES = 'cipher = "aes-cbc"'


class team_test(command.scenario_test):
    def run_text(self, text, *words, status=0):
        return self.run_scenario(self.write("s.toml", text), *words, status=status)

    def refused(self, text, place, *words):
        run = self.run_text(text, status=2)
        line = next((l for l in run.stderr.splitlines() if words[0] in l), "")
        self.assertTrue(line, run.stderr)
        for word in words:
            self.assertIn(word, line)
        number = 1 + next(n for n, l in enumerate((self.folder / "s.toml").read_text().splitlines()) if place in l)
        self.assertIn(f"s.toml:{number}:", line, "the line that says so")

    def team(self, run, name):
        return run.metric(f"server.team0.{name}")

    def packets_on(self, run, name, *fields, where="ip"):
        words = ["tshark", "-n", "-r", str(run.directory / f"{name}.pcapng"), "-Y", where, "-T", "fields", *(w for f in fields for w in ("-e", f))]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def nothing_in_the_clear(self, run, name="wires"):
        """What the server sent in IP is ESP, on every wire."""
        sent = self.packets_on(run, name, "ip.proto", where="ip.src == 192.0.2.1")
        self.assertEqual({p for (p,) in sent} - {"50"}, set())
        return len(sent)


class refused_when_read(team_test):
    def test_each_with_file_line_key_value_and_range(self):
        team = '[[team]]\nname = "team0"\n'
        nic2 = '[[nic]]\nname = "nic2"\nbus = "server.pci0"\n[[link]]\nname = "lan2"\na = "server.pci0.nic2"\nb = "core"\n'
        table = {
            "a team with no members": (team + "members = []\n", "members = []", "team.members = []", "has no members", "allowed: 1 to 8 nics"),
            "a member in two teams": ('[[team]]\nname = "team1"\nhost = "server"\nmembers = ["server.pci0.nic1"]\n', 'members = ["server.pci0.nic1"]',
                                      'team.members = ["server.pci0.nic1"]', "is in server.team0 already", "allowed: each in one team, once"),
            "a member twice": (team + 'members = ["server.pci0.nic1", "server.pci0.nic1"]\n', "members =", "stands twice", "allowed: each in one team"),
            "mixed speeds at a static group": (team + 'mode = "balance_rr"\n[[link]]\nname = "lan1"\nrate = "10 Mbps"\n', "mode =",
                                               'team.mode = "balance_rr"', "100 Mbps", "10 Mbps", "allowed: links of one rate", '"802.3ad"'),
            "probes slower than their timeout": (team + 'probe_enable = true\nmax_retries = 1\nprobe_send_time = "5 s"\n' + nic2, "probe_send_time =",
                                                 'team.probe_send_time = "5 s"', "slower than their timeout", "allowed: at most", "4 s"),
            "a heartbeat slower than its wait": (team + 'heartbeat_interval = "5 ms"\nheartbeat_wait = "6 ms"\n', "heartbeat_wait =",
                                                 'team.heartbeat_wait = "6 ms"', "allowed: less than", "5 ms"),
            "no member with engines, and a policy that protects": (OUT.format(AES), 'from = "server"', 'sa.from = "server"',
                                                                   "server.team0 has no engines", "crypto block"),
            "none with engines for it": (CAPABLE.format("nic1").replace("aes-128-round", "3des-area") + OUT.format(AES), AES,
                                         'sa.cipher = "aes-cbc"', "no unit of server.team0 has engines for it", "software = "),
            "nobody to ask": (team + 'miimon = "0 ps"\narp_interval = "1 ms"\narp_ip_target = ["192.0.2"]\n', "arp_ip_target =",
                              'team.arp_ip_target = ["192.0.2"]', "is no IPv4 address"),
            "a primary from elsewhere": (team + 'primary = "nic7"\n', "primary =", 'team.primary = "nic7"', "is no member", '"nic0" and "nic1"'),
            "an association that comes to a team that has all for ever": (
                CAPABLE.format("nic1") + OUT.format(AES + '\nadded = "2 ms"'), 'added =', "sa: to_client: added: ", "pre_install", "allowed: left out"),
            "a CPU instead of a CPU": (CAPABLE.format("nic1") + OUT.format(AES + '\nsoftware = "from"\nwhen_unable = "cpu"'), 'when_unable =',
                                       'sa: to_client: when_unable = "cpu"', "the CPU puts it on in any case", "allowed: drop"),
            "an order about a member that there is not": (ORDER + 'what = "active_set"\namount = "2 member"\n', "amount =", 'fault.amount = "2 member"',
                                                          "server.team0 has 2 members", "allowed: 0 to 1"),
            "an expectation about a member that there is not": ('[[expect]]\nevent = "server.team0.active.member7"\nat_most = 1\n', "event =",
                                                                'expect.event = "server.team0.active.member7"', "matches no event"),
            "an order to a team without an active member": (team + 'mode = "alb"\n' + ORDER + 'what = "active_cleared"\n', "what =",
                                                            'fault.what = "active_cleared"', 'mode "alb"', "allowed: aft, active_backup"),
        }
        for name, (text, place, *words) in table.items():
            with self.subTest(name):
                self.refused(TEAM + text, place, *words)

    def test_a_life_of_an_association_that_one_of_its_teams_has_for_ever(self):
        """Whichever end it is that moves nothing: the other one's moving does not help."""
        two = TEAM + """
[[nic]]
name = "nic0"
identity = "extended"
[nic.crypto]
enable = true
[[host]]
name = "red"
[[cpu]]
name = "cpu_red"
host = "red"
[[bus]]
name = "pci_red"
host = "red"
[[nic]]
name = "nic0_red"
bus = "red.pci_red"
identity = "extended"
[nic.crypto]
enable = true
[[team]]
name = "team_red"
host = "red"
mode = "active_backup"
members = ["red.pci_red.nic0_red"]
[[link]]
name = "lan_red"
a = "red.pci_red.nic0_red"
b = "core"
[[team]]
name = "team0"
mode = "active_backup"
members = ["server.pci0.nic0"]
[[sa]]
name = "s"
from = "server"
to = "red"
cipher = "aes-cbc"
deleted = "2 ms"
[[policy]]
name = "p"
from = "server"
to = "red"
bundle = ["s"]
"""
        for moving, for_ever in (("server.team0", "red.team_red"), ("red.team_red", "server.team0")):
            path = self.write("s.toml", two)
            done = subprocess.run([command.NICTEAM, "validate", path, "--set", f"{moving}.rehoming.policy=install_on_failover"], capture_output=True, text=True)
            self.assertEqual(done.returncode, 2, done.stdout)
            self.assertIn(f"sa: s: deleted: {for_ever} has them in all members for ever (pre_install)", done.stderr)

    def test_modes_that_take_several_rates_take_them(self):
        for mode in ("aft", "alb", "active_backup", "broadcast", "802.3ad", "balance_tlb", "balance_alb"):
            self.run_text(f'{TEAM}duration = "1 ms"\n[[team]]\nname = "team0"\nmode = "{mode}"\n[[link]]\nname = "lan1"\nrate = "10 Mbps"\n')


class by_stated_policy(team_test):
    """Decision 160: what no member can carry or protect is dropped under a name."""

    def test_all_members_down(self):
        cables = '[[fault]]\nname = "cables"\nat = "lan[01]"\nwhat = "link_down"\n'.replace("lan[01]", "lan0") + "from = \"{0}\"\n{1}"
        both = cables + cables.replace('"cables"', '"other_cable"').replace("lan0", "lan1")
        for mode in ("aft", "alb", "balance_xor", "broadcast"):
            for capable in ("nic0", "nic1"):
                with self.subTest(f"{mode}, {capable} encrypts"):
                    text = f'{TEAM}duration = "10 ms"\n[[team]]\nname = "team0"\nmode = "{mode}"\n' + CAPABLE.format(capable) + OUT.format(AES)
                    run = self.run_text(text + both.format("4 ms", 'for = "3 ms"\n'))
                    self.assertGreater(self.team(run, "no_member"), 10)
                    self.assertGreater(self.nothing_in_the_clear(run), 20)
                    self.assertGreater(run.metric("client.opened"), 18, "before and after")
                    born = [int(r["ended_ps"]) for r in run.packets() if r["outcome"] == "no_member"] if (run.directory / "packets.csv").exists() else []
                    self.assertTrue(all(4 * 10**9 <= at <= 7_200_000_000 for at in born), "only while none is good")
        run = self.run_text(text + both.format("0 ps", ""))
        self.assertEqual(self.nothing_in_the_clear(run), 0, "nothing at all")
        self.assertGreater(self.team(run, "no_member") + run.metric("server.stack.unresolved"), 30)

    def test_the_only_capable_member_lends_nothing_or_is_refused_or_gone(self):
        """Read, it could be; at run time nobody protects: dropped with a name, and what policy lets by goes on."""
        gone = '[[fault]]\nname = "gone"\nat = "server.pci0.nic1"\nwhat = "removed"\nfrom = "{0}"\n'
        text = f'{TEAM}duration = "8 ms"\n[[team]]\nname = "team0"\nprimary = "nic0"\n{{0}}' + CAPABLE.format("nic1") + "{1}" + OUT.format(AES) + "{2}"
        run = self.run_text(text.format('accepts = ["10ec:8139"]\n', "", ""))
        self.assertEqual((self.team(run, "refused_300"), self.nothing_in_the_clear(run)), (2, 0), "all are refused: nobody carries anything")
        for name, fill, least in (("lends nothing", ("", "secondary_use = false\n", ""), 30), ("gone", ("", "", gone.format("4 ms")), 15)):
            with self.subTest(name):
                run = self.run_text(text.format(*fill))
                self.nothing_in_the_clear(run)
                lost = self.team(run, "no_engine") + self.team(run, "jobs_failed") + run.metric("server.stack.not_protected")
                self.assertGreaterEqual(lost, least)
                self.assertIn(run.metric("server.up.offered") - lost - run.metric("client.opened"), (0, 1, 2), "each packet arrived or has a name")


class fragments_at_several_members(team_test):
    """F-30: a switch deals the fragments of each datagram out to both members. D-53: nic0 has no block."""
    TEXT = (TEAM + 'duration = "11 ms"\n[[team]]\nname = "team0"\nmode = "balance_rr"\n{0}[[port_group]]\nname = "to_server"\nswitch = "core"\n'
            'ports = ["lan0", "lan1"]\nchoice = "round_robin"\n[[peer]]\nname = "client"\nroute_mtu = ["1400 B"]\n'
            + IN.format(AES + '\ndont_fragment = "clear"', 1438))

    def test_the_host_joins_them_and_a_capable_member_decrypts(self):
        run = self.run_text(self.TEXT.format(CAPABLE.format("nic1") + 'return_path = "host"\n'))
        sent = run.metric("client.down.frames")
        self.assertEqual(run.metric("client.fragments_sent"), 2 * sent)
        self.assertEqual([run.metric(f"server.pci0.nic{n}.rx_frames") for n in (0, 1)], [sent, sent], "one fragment at each")
        self.assertEqual(run.metric("server.stack.security_reassembled"), sent)
        self.assertIn(sent - run.metric("server.sink_9.received"), (0, 1))
        self.assertEqual(self.team(run, "sharing.engine_0.jobs"), run.metric("server.sink_9.received"))

    def test_a_block_that_keeps_its_half_gives_it_up_in_time(self):
        """Put together in the member alone (FIG. 5), a datagram of which another has the rest ends by the timer, under its name; none rises in part."""
        run = self.run_text(self.TEXT.format(CAPABLE.format("nic1") + 'reassembly_timeout = "2 ms"\n'))
        self.assertEqual(run.metric("server.sink_9.received"), 0)
        held, given_up = (run.metric(f"server.pci0.nic1.crypto.{m}") for m in ("fragments_held", "reassembly_given_up"))
        self.assertEqual(held, run.metric("client.down.frames"))
        self.assertIn(held - given_up, range(2, 6), "what came in the last 2 ms")

    def test_an_incapable_member_alone(self):
        """D-53, (a): nic0 receives both fragments and has no block; the CPU joins them, nic1 decrypts: what comes in once crosses the bus three times."""
        text = self.TEXT.format(CAPABLE.format("nic1")).replace('mode = "balance_rr"', 'primary = "nic0"').split("[[port_group]]")
        text = text[0] + "[[peer]]" + text[1].split("[[peer]]", 1)[1]
        run = self.run_text(text)
        sent, got = run.metric("client.down.frames"), run.metric("server.sink_9.received")
        self.assertIn(sent - got, (0, 1))
        self.assertEqual(run.metric("server.stack.security_reassembled"), sent)
        self.assertEqual(self.team(run, "sharing.engine_0.jobs"), got)
        into, out_of = run.metric("server.pci0.bridge.dma_written_bytes"), run.metric("server.pci0.bridge.dma_read_bytes")
        payload = got * 1400
        self.assertGreater(into, 2 * payload, "from nic0, and what nic1 decrypted")
        self.assertLess(into, 2.3 * payload)
        self.assertGreater(out_of, payload, "to nic1")
        self.assertLess(out_of, 1.4 * payload)


class numbers_and_windows(team_test):
    BOTH = TEAM + 'duration = "10 ms"\n[[team]]\nname = "team0"\nprimary = "nic0"\n' + CAPABLE.format("nic0") + CAPABLE.format("nic1")
    CABLE = '[[fault]]\nname = "cable"\nat = "lan0"\nwhat = "link_down"\nfrom = "5 ms"\n'

    def esp_at_the_client(self, run, octets_of_iv):
        """Sequence number and IV of each packet in transport or tunnel mode: behind Ethernet, IPv4 and SPI (RFC 4303, 2)."""
        words = ["tshark", "-n", "-r", str(run.directory / "wires.pcapng"), "-Y", 'esp && frame.interface_name contains "lan_client"', "-T", "json", "-x"]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        frames = [bytes.fromhex(p["_source"]["layers"]["frame_raw"][0]) for p in json.loads(done.stdout)]
        behind = 14 + 20 + 4
        return [(int.from_bytes(f[behind:behind + 4], "big"), f[behind + 4:behind + 4 + octets_of_iv]) for f in frames]

    def test_a_duplicate_at_two_members_in_the_same_cycle_rises_once(self):
        """R-14: a repeater gives each frame to both members at the same instant; both decrypt it in line."""
        text = (self.BOTH.replace('primary = "nic0"', 'mode = "balance_rr"') + IN.format(AES, 800)).replace(PARTS, "parts/hub-team.toml")
        base = (command.SOURCE / "scenarios" / "parts" / "two-nic-team.toml").read_text().replace("[[switch]]", "[[repeater]]")
        self.write("hub-team.toml", base.replace('"host.toml"', f'"{command.SOURCE}/scenarios/parts/host.toml"'))
        run = self.run_text(text.replace('"parts/hub-team.toml"', f'"{self.folder}/hub-team.toml"'))
        got = run.metric("server.sink_9.received")
        self.assertGreater(got, 15)
        self.assertIn(run.metric("client.down.frames") - got, (0, 1))
        self.assertEqual([run.metric(f"server.pci0.nic{n}.rx_frames") for n in (0, 1)], [got, got])
        self.assertEqual(self.team(run, "decrypted_328"), 2 * got)
        self.assertEqual(self.team(run, "replayed"), got, "the other of each")

    def test_what_was_recorded_before_a_failover_is_refused_behind_it(self):
        """R-15: nic1's own window has seen none of it; the window has one owner, so nothing is copied and nothing is late: 0 are accepted."""
        at = "[[capture]]\nname = \"recorded\"\nat = \"client.port\"\nuntil = \"4 ms\"\n"
        first = self.run_text(self.BOTH + IN.format(AES, 600) + self.CABLE + at)
        recorded = first.directory / "recorded.pcapng"
        number = len(self.packets_on(first, "recorded", "esp.sequence", where="esp"))
        self.assertGreater(number, 4)
        attacker = (f'[[peer]]\nname = "attacker"\nip = "192.0.2.66"\n[[link]]\nname = "lan_attacker"\na = "attacker"\nb = "core"\n[[replay]]\nname = "again"\n'
                    f'peer = "attacker"\nfile = "{recorded}"\ntiming = "fast"\nonly_from = "192.0.2.9"\nsource_mac = "02:00:00:00:00:66"\nstart = "7 ms"\n')
        run = self.run_text(self.BOTH + IN.format(AES, 600) + self.CABLE + attacker)
        self.assertEqual(run.metric("server.sink_9.received"), first.metric("server.sink_9.received"))
        self.assertGreaterEqual(self.team(run, "replayed"), number, "all of it was refused as such, by the team: nic1 found it authentic")
        lost = [r.metric("client.down.frames") - r.metric("server.sink_9.received") for r in (first, run)]
        self.assertEqual(*lost)

    def test_numbers_jump_and_never_come_again(self):
        """R-16, E-17: nic0 is pulled out with the rest of its lease: the numbers leap, no number and no IV is used twice, and the client takes what follows."""
        for cipher, null in (("aes-cbc", ""), ("aes-gcm-16", 'authentication = "null"'), ("aes-ctr", "")):
            for what, at in (("removed", "server.pci0.nic0"), ("link_down", "lan0"), ("reset", "server.pci0.nic0.driver")):
                with self.subTest(f"{cipher}, {what}"):
                    cores = '["aes-128-gcm"]' if "gcm" in cipher else '["aes-128-pipelined", "sha1"]' if "ctr" in cipher else '["aes-128-round", "sha1"]'
                    text = (self.BOTH + OUT.format(f'cipher = "{cipher}"\n{null}')).replace('["aes-128-round", "sha1"]', cores)
                    run = self.run_text(text + f'[[fault]]\nname = "fails"\nat = "{at}"\nwhat = "{what}"\nfrom = "5 ms"\nfor = "2 ms"\n', "--trace", "pcap")
                    there = self.esp_at_the_client(run, 16 if cipher == "aes-cbc" else 8)
                    numbers = [n for n, _ in there]
                    self.assertGreater(len(there), 30)
                    self.assertEqual(len(numbers), len(set(numbers)), "no number twice")
                    self.assertEqual(len({iv for _, iv in there}), len(there), "no IV twice")
                    if what == "removed":
                        leaps = [b - a for a, b in zip(numbers, numbers[1:])]
                        self.assertGreater(max(leaps), 1, "what nic0 had is left out")
                    self.assertEqual(run.metric("client.not_opened"), 0)
                    self.assertIn(len(there) - run.metric("client.opened"), (0, 1))
                    self.assertEqual(sum(c["breaches"] for c in run.result()["checks"]), 0)


if __name__ == "__main__":
    command.need("tshark")
    unittest.main()
