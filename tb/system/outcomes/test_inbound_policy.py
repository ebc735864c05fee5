"""What a host lets in (RFC 4301, 5.2): the same packets, asked for by its policies and not, in the clear, through other associations, again."""
import unittest

import command

SHIPPED = command.SOURCE / "scenarios" / "crypto" / "receive-policy.toml"
STACK = "server.stack.inbound_"

ONE = """
extends = "parts/one-nic.toml"
duration = "{duration}"
[[nic]]
name = "nic0"
identity = "extended"
address = "192.0.2.1/24"
[nic.crypto]
enable = true
engines = ["aes-128-round", "sha1"]
{crypto}
[[peer]]
name = "client"
ip = "192.0.2.2"
{peer}
[[sa]]
name = "to_server"
from = "client"
to = "server"
{association}
{policies}
[[traffic]]
name = "down"
from = "client"
to = "server"
pace = "frames"
frames_per_second = 4000
frame_size = "1200 B"
start = "{start}"
{more}
"""
CLEAR = '[[policy]]\nname = "clear"\nfrom = "client"\nto = "server"\nheld_by = "sender"\naction = "bypass"\n'
PROTECT = '[[policy]]\nname = "protect"\nfrom = "client"\nto = "server"\nbundle = ["to_server"]\n'


class inbound_policy(command.scenario_test):
    def one(self, policies, crypto="", peer="", more="", association="", start="0 ps", duration="4 ms", *words, **how):
        text = ONE.format(start=start, duration=duration, policies=policies, crypto=crypto, peer=peer, more=more, association=association)
        return self.run_scenario(self.write("s.toml", text), *words, **how)

    def counted(self, run):
        return {n: run.metric(STACK + n) for n in
                ("protected", "bypassed", "discarded", "no_policy", "plaintext", "mismatch", "refused", "audited") if run.metric(STACK + n)}

    def test_the_shipped_scenario_drops_for_the_two_reasons_and_no_other(self):
        run = self.run_scenario(SHIPPED, "--trace", "packets")
        opened = run.metric("server.pci0.nic0.crypto.delivered_clear")
        self.assertEqual(opened, run.metric(STACK + "protected") + run.metric(STACK + "mismatch"), "the block opens both")
        self.assertEqual(set(self.counted(run)), {"protected", "plaintext", "mismatch", "audited"})
        self.assertEqual(run.metric(STACK + "audited"), run.metric(STACK + "plaintext") + run.metric(STACK + "mismatch"))
        self.assertRegex(run.stdout, r"server: \d+ packets came without the protection that a policy asks for, and were dropped \(stack\.inbound_plaintext\)")
        ends = {p["outcome"] for p in run.packets()}
        self.assertLessEqual({"inbound_plaintext", "inbound_mismatch"}, ends)

    def test_who_holds_a_policy(self):
        self.assertEqual(set(self.counted(self.one(PROTECT))), {"protected"})
        self.assertEqual(set(self.counted(self.one(CLEAR))), set(), "no policy of the host's: nothing is asked of what comes")
        run = self.one(CLEAR + PROTECT)
        self.assertEqual(set(self.counted(run)), {"plaintext", "audited"})
        self.assertEqual(run.metric("server.sink_9.received"), 0)
        run = self.one(PROTECT + 'held_by = "receiver"\n')
        self.assertEqual(set(self.counted(run)), {"plaintext", "audited"}, "the client has no policy, and sends as it is")
        run = self.one(PROTECT + 'held_by = "sender"\n')
        self.assertEqual(set(self.counted(run)), set())
        self.assertGreater(run.metric("server.sink_9.received"), 10)

    def test_discard_bypass_and_what_nobody_selects(self):
        rest = '[[policy]]\nname = "rest"\nfrom = "client"\nto = "server"\nheld_by = "receiver"\n'
        for policy, name, arrive in (('action = "discard"\n', "discarded", False), ('action = "bypass"\n', "bypassed", True),
                                     ('action = "bypass"\ndestination_port = 10\n', "no_policy", False)):
            with self.subTest(policy):
                run = self.one(CLEAR + rest + policy)
                self.assertEqual(set(self.counted(run)), {name})
                self.assertEqual(run.metric("server.sink_9.received") > 0, arrive)

    def test_fragments_in_the_clear_are_judged_when_they_are_whole(self):
        run = self.one(CLEAR + PROTECT, peer='route_mtu = ["576 B"]\nmay_fragment = true')
        self.assertGreater(run.metric("server.pci0.nic0.crypto.reassembled"), 10)
        self.assertEqual(set(self.counted(run)), {"plaintext", "audited"})
        self.assertEqual(run.metric("server.sink_9.received"), 0)

    def test_fragments_of_esp_that_the_cpu_joins_and_opens_are_as_asked(self):
        run = self.one(PROTECT, 'return_path = "host"', 'route_mtu = ["576 B"]', association='dont_fragment = "clear"')
        self.assertGreater(run.metric("server.stack.security_taken_off"), 10)
        self.assertEqual(set(self.counted(run)), {"protected"})
        self.assertEqual(run.metric(STACK + "protected"), run.metric("server.stack.security_taken_off"))

    def test_what_the_block_refused_is_not_opened_by_the_cpu_with_a_window_of_its_own(self):
        capture = '[[capture]]\nname = "wire"\nat = "client.port"\n'
        keys = f'key = "0x{16 * "a7"}"\nauthentication_key = "0x{20 * "5a"}"\n'
        made = self.one(PROTECT, more=capture, association=keys)
        again = f'[[replay]]\nname = "again"\npeer = "client"\nfile = "{made.directory}/wire.pcapng"\nonly_from = "192.0.2.2"\nrepeat = 2\ntiming = "fast"\n'
        for way in ("", 'return_path = "host"'):
            with self.subTest(way):
                run = self.one(PROTECT, way, more=again, association=keys, start="5990 us", duration="6 ms")       # of its own it brings nothing in that time
                once = run.metric("server.sink_9.received")
                self.assertGreater(once, 10)
                self.assertEqual(run.metric("server.pci0.nic0.crypto.replayed"), once)
                self.assertEqual(self.counted(run), {"protected": once, "refused": once, "audited": once})

    def test_a_datagram_is_looked_up_once_each_way(self):
        ping = '[[ping]]\nname = "pings"\nfrom = "server"\nto = "client"\ninterval = "100 us"\n'
        out = '[[policy]]\nname = "out"\nfrom = "server"\nto = "client"\nheld_by = "sender"\naction = "bypass"\n'
        answers = PROTECT + out
        run = self.one(answers, more=ping)
        sent, taken = run.metric("server.stack.bypassed"), run.metric(STACK + "protected")
        self.assertGreater(sent, 5)
        self.assertEqual(run.metric("server.cpu0.cycles_policy"), 150 * (sent + taken))

    def test_a_policy_that_only_a_peer_receives_is_refused(self):
        run = self.one('[[policy]]\nname = "p"\nfrom = "server"\nto = "client"\nheld_by = "receiver"\naction = "bypass"\n', status=2)
        self.assertRegex(run.stderr, r'policy\.held_by = "receiver": client is no host, and takes what comes')


if __name__ == "__main__":
    unittest.main()
