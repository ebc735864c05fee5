"""Failures that users of Linux bonding really met (LB-1 to LB-12): each fails on a naive policy or setting, and passes on ours."""
import unittest

import command

FIELD = command.SOURCE / "scenarios/team/field"
# The naive half: what ends it. `checker` stops the run (status 3); `failed`: expectations that do not hold (status 1).
NAIVE = {
    "lb-1": {"checker": "secrecy", "says": "in the clear: 192.0.2.1 to 192.0.2.9"},
}


class field(command.scenario_test):
    def test_ours_passes_and_leaves_the_same_bytes_twice(self):
        for name in NAIVE:
            with self.subTest(name):
                first = self.run_scenario(FIELD / f"{name}.toml", "--trace", "all")
                again = self.run_scenario(FIELD / f"{name}.toml", "--trace", "all", "--reverse-construction")
                self.assertTrue(first.result()["verdicts"], "it expects something")
                self.assertEqual(first.files(), again.files())

    def test_the_naive_one_fails_as_it_shall(self):
        for name, how in NAIVE.items():
            with self.subTest(name):
                run = self.run_scenario(FIELD / f"{name}-naive.toml", "--trace", "none", status=3 if "checker" in how else 1)
                if "checker" in how:
                    self.assertIn(f'nicteam: a checker stopped the run: {how["checker"]}: ', run.stderr)
                    self.assertIn(how["says"], run.stderr)
                else:
                    self.assertEqual({v["name"] for v in run.result()["verdicts"] if not v["held"]}, set(how["failed"]))

    def test_every_file_is_half_of_a_pair(self):
        self.assertEqual(sorted(p.name for p in FIELD.glob("*.toml")), sorted(f"{n}{half}.toml" for n in NAIVE for half in ("", "-naive")))


if __name__ == "__main__":
    unittest.main()
