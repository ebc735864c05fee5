"""Every shipped scenario holds what it expects, and leaves the same bytes twice, traced or not, built in either order."""
import unittest

import command


class shipped(command.scenario_test):
    def test_expectations_hold_and_bytes_repeat(self):
        self.assertGreaterEqual(len(command.SCENARIOS), 6)
        for scenario in command.SCENARIOS:
            with self.subTest(scenario.name):
                first = self.run_scenario(scenario, "--trace", "all")
                again = self.run_scenario(scenario, "--trace", "all", "--reverse-construction")
                self.assertEqual(sorted(first.files()), sorted(again.files()))
                for name, content in first.files().items():
                    self.assertTrue(content == again.files()[name], f"{name} differs when components are constructed in reverse")
                silent = self.run_scenario(scenario, "--trace", "none")
                self.assertEqual(first.files()["result.json"], silent.files()["result.json"])

    def test_seed_matters_where_there_is_chance(self):
        scenario = self.write("poisson.toml", """
extends = "parts/one-nic.toml"
duration = "3 ms"
[[traffic]]
name = "down"
from = "client"
to = "server"
pace = "rate"
rate = "20 Mbps"
arrivals = "poisson"
""")
        one, same, other = (self.run_scenario(scenario, "--trace", "packets", "--seed", s) for s in ("1", "1", "2"))
        self.assertEqual(one.files(), same.files())
        self.assertNotEqual(one.files()["packets.csv"], other.files()["packets.csv"])

    def test_a_fault_that_begins_and_ends_within_frames_breaks_no_rule(self):
        scenario = self.write("noise.toml", """
extends = "parts/one-nic.toml"
duration = "2 ms"
[[traffic]]
name = "down"
from = "client"
to = "server"
pace = "line_rate"
frame_size = "300 B"
[[fault]]
name = "noise"
at = "lan0.b_to_a"
what = "bit_errors"
amount = "1e-2"
from = "1200 us"
for = "300 us"
""")
        run = self.run_scenario(scenario, "--trace", "none")
        self.assertGreater(run.metric("lan0.b_to_a.damaged"), 3)
        self.assertEqual([c["breaches"] for c in run.result()["checks"]], [0, 0])


if __name__ == "__main__":
    unittest.main()
