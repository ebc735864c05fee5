"""What scripts/bench says where it cannot count, and what its table has in the column "before"."""
import os
import pathlib
import subprocess
import sys
import unittest

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "scripts"


class bench_script(unittest.TestCase):
    def check(self, **more):
        environment = {k: v for k, v in os.environ.items() if k != "CI"}
        return subprocess.run([sys.executable, SCRIPTS / "bench", "--check"], env={**environment, "PATH": "/nonexistent", **more}, capture_output=True, text=True)

    def test_a_check_without_valgrind_says_so_and_fails_in_continuous_integration(self):
        for done, status in ((self.check(), 0), (self.check(CI="true"), 1)):
            self.assertEqual(done.returncode, status, done.stderr)
            self.assertIn("NOTHING WAS CHECKED: valgrind", done.stderr)

    def test_counts_and_rates_that_have_a_target_have_a_figure_from_before(self):
        rows = [line.split()[:3:2] for line in (SCRIPTS.parent / "tb/bench/before.txt").read_text().splitlines() if not line.startswith("#")]
        for name, *units in (("saturated_bus", "instructions/cycle", "cycles/s"), ("one_nic_default_threshold", "instructions/packet", "packets/s"),
                             ("one_nic_whole_frame_bursts", "instructions/packet", "packets/s")):
            for unit in units:
                self.assertIn([name, unit], rows)


if __name__ == "__main__":
    unittest.main()
