"""Every shipped scenario, once, with all that can be traced: for builds in which a run takes its time (sanitizers); `scenarios` does more with each."""
import unittest

import command


class shipped(command.scenario_test):
    def test_each_holds_what_it_expects(self):
        self.assertGreaterEqual(len(command.SCENARIOS), 100)
        for scenario in command.SCENARIOS:
            with self.subTest(scenario.name):
                self.run_scenario(scenario, "--trace", "all")


if __name__ == "__main__":
    unittest.main()
