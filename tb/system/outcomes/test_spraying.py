"""One association sprayed over the members of a team, beside closed forms (what-if Q16): the receiver's window, and what the links carry."""
import unittest

import command

RATE = 20_000                                 # packets a second, of the association over all members


def sprayed(mode, window, behind, rate=RATE, size="300 B", links=""):
    """`behind`: by how many packets' time the way through nic1 is longer."""
    return f"""
extends = "parts/capable-team.toml"
duration = "20 ms"
warm_up = "8 ms"
[[team]]
name = "team0"
mode = "{mode}"
primary = ""
miimon = "0 ps"
[[sa]]
name = "to_client"
replay_window = {window}
[[link]]
name = "lan1"
delay = "{round(behind * 1e9 / RATE)} ns"
{links}
[[port_group]]
name = "both"
switch = "core"
ports = ["lan0", "lan1"]
[[traffic]]
name = "up"
frames_per_second = {rate}
frame_size = "{size}"
[[traffic]]
name = "down"
frames_per_second = 1
"""


class spraying(command.scenario_test):
    def go(self, *words, **more):
        return self.run_scenario(self.write("spray.toml", sprayed(*words, **more)), "--trace", "none")

    def test_no_false_replay_if_and_only_if_the_window_is_larger_than_the_displacement(self):
        """W > delta pps: numbers alternate, so what comes by the longer way is an odd number of places behind, at most delta pps (8 ms in, when
        all that waited for the first ARP reply is past)."""
        for behind, displacement in ((15.5, 15), (31.5, 31), (63.5, 63), (99.5, 99)):
            for window in displacement, displacement + 1:
                run = self.go("balance_rr", window, behind)
                late = run.metric("lan1.a_to_b.frames")
                dropped = run.metric("client.not_opened")
                with self.subTest(behind=behind, window=window):
                    self.assertGreater(late, 100)
                    if window > displacement:
                        self.assertEqual(dropped, 0)
                    else:                                   # all that came the longer way, but the last of them, which nothing was ahead of
                        self.assertGreater(dropped, 0.4 * late)

    def test_a_flow_with_a_home_is_in_order(self):
        run = self.go("balance_xor", 1, 100.5)
        self.assertEqual(run.metric("client.not_opened"), 0)
        self.assertGreater(run.metric("client.opened"), 200)

    def test_what_the_links_carry(self):
        """At home at most one link's rate, R_1; sprayed, up to the sum of both."""
        slow = '[[link]]\nname = "lan0"\nrate = "10 Mbps"\n'
        asked = 2_000                                       # of 1,000 octets and what ESP adds: 16.7 Mb/s
        rate = {}
        for mode in "balance_xor", "balance_rr":
            text = sprayed(mode, 1024, 0, asked, "1000 B").replace('delay = "0 ns"', 'rate = "10 Mbps"\n' + slow)
            run = self.run_scenario(self.write("slow.toml", text), "--trace", "none")
            window = (int(run.result()["end_ps"]) - 8 * 10**9) / 1e12
            rate[mode] = sum(8 * (run.metric(f"lan{n}.a_to_b.octets") + 20 * run.metric(f"lan{n}.a_to_b.frames")) for n in (0, 1)) / window
        frame = 8 * 1_100 / window                          # one that begins before the end counts whole
        self.assertLessEqual(rate["balance_xor"], 10e6 + frame)
        self.assertGreater(rate["balance_xor"], 0.95 * 10e6)
        self.assertLessEqual(rate["balance_rr"], 20e6 + 2 * frame)
        self.assertGreater(rate["balance_rr"], 1.6 * rate["balance_xor"])


if __name__ == "__main__":
    unittest.main()
