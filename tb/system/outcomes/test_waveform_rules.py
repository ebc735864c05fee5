"""Every waveform of every shipped scenario passes the PCI rules. The checker reads only the file and takes its time, so the suite deals scenarios out:
test_waveform_rules.py 2/3 takes every third from the second on, without an argument all."""
import re
import subprocess
import sys
import unittest

import command

RULES = command.SOURCE / "tb" / "reference" / "vcd_rules" / "vcd_rules.py"
PART, OF = map(int, sys.argv.pop().split("/")) if re.fullmatch(r"\d+/\d+", sys.argv[-1]) else (1, 1)


class rules(command.scenario_test):
    def checked(self, run, *options):
        return subprocess.run([sys.executable, str(RULES), *options, str(run.directory / "wave.vcd")], capture_output=True, text=True, timeout=300)

    def test_every_waveform(self):
        for scenario in command.SCENARIOS[PART - 1::OF]:
            with self.subTest(scenario.name):
                run = self.run_scenario(scenario, "--trace", "wave")
                if "\n[[bus]]" not in (run.directory / "config.resolved.toml").read_text():
                    continue                              # stations and a switch
                done = self.checked(run)
                self.assertEqual(done.returncode, 0, done.stdout[:3000] + done.stderr[:1000])
                self.assertNotIn("drawn late", run.stdout)

    def test_a_host_bridge_may_take_longer_than_others_for_its_first_word(self):
        run = self.run_scenario(command.SOURCE / "scenarios" / "quickstart.toml", "--trace", "wave", "--set", "bus.bridge.read_wait=29", "--until", "1500 us")
        for limits, status in (["--host-memory", "0x1000000"], 0), ([], 1), (["--host-memory", "0x1000000", "--next-data", "0"], 1):
            done = self.checked(run, *limits)
            self.assertEqual(done.returncode, status, done.stdout[:3000] + done.stderr[:1000])


if __name__ == "__main__":
    unittest.main()
