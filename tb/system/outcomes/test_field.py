"""Failures that users of Linux bonding really met (LB-1 to LB-12): each fails on a naive policy or setting, and passes on ours."""
import random
import unittest

import command

FIELD = command.SOURCE / "scenarios/team/field"
# The naive half: what ends it. `checker` stops the run (status 3); `failed`: expectations that do not hold (status 1).
NAIVE = {
    "lb-1": {"checker": "secrecy", "says": "in the clear: 192.0.2.1 to 192.0.2.9"},
    "lb-1-again": {"failed": ["nothing_was_let_out_as_it_is"]},
    "lb-2": {"failed": ["each_that_lives_has_a_place_and_no_other", "no_packet_was_dropped_for_it", "the_client_opens_what_it_gets"]},
    "lb-3": {"failed": ["the_table_of_the_first_never_has_more_than_there_are", "nor_that_of_the_other", "none_was_refused",
                        "no_packet_was_dropped_for_it", "it_goes_on"]},
    "lb-4": {"failed": ["and_short"]},
    "lb-5": {"refused": 'team.members = "server.team1": is a team, not a nic'},
    "lb-6": {"failed": ["and_no_more"]},
    "lb-7": {"failed": ["the_client_opens_what_it_gets", "the_cpu_puts_it_on_while_the_team_cannot", "nothing_is_dropped_for_want_of_an_engine"]},
    "lb-8": {"failed": ["which_was_announced", "a_backup_hears_no_more_than_what_is_flooded", "the_client_is_heard"]},
    "lb-9": {"failed": ["another_member_became_active", "it_goes_on"]},
    "lb-10": {"failed": ["the_client_opens_what_it_gets", "nothing_is_too_old"]},
    "lb-11": {"failed": ["they_followed", "nothing_was_dropped", "it_goes_on"]},
    "lb-12": {"failed": ["the_client_is_heard"]},
}

CURES = ["lb-7-lends"]               # what source document 000 does about it

WITHIN = f"""
extends = "{FIELD}/lb-5.toml"
[[team]]
name = "team1"
host = "server"
members = ["server.pci0.nic2", "server.pci0.nic3"]
address = "192.0.2.2/24"
[[team]]
name = "team0"
members = ["server.pci0.nic0", "server.pci0.nic1", "server.team1"]
"""


class field(command.scenario_test):
    def test_ours_passes_and_leaves_the_same_bytes_twice(self):
        for name in [*NAIVE, *CURES]:
            with self.subTest(name):
                first = self.run_scenario(FIELD / f"{name}.toml", "--trace", "all")
                again = self.run_scenario(FIELD / f"{name}.toml", "--trace", "all", "--reverse-construction")
                self.assertTrue(first.result()["verdicts"], "it expects something")
                self.assertEqual(first.files(), again.files())

    def test_the_naive_one_fails_as_it_shall(self):
        for name, how in NAIVE.items():
            with self.subTest(name):
                status = {"checker": 3, "failed": 1, "refused": 2}[next(iter(how))]
                naive = self.write("naive.toml", WITHIN) if "refused" in how else FIELD / f"{name}-naive.toml"
                run = self.run_scenario(naive, "--trace", "none", status=status)
                if "checker" in how:
                    self.assertIn(f'nicteam: a checker stopped the run: {how["checker"]}: ', run.stderr)
                    self.assertIn(how["says"], run.stderr)
                elif "refused" in how:
                    self.assertIn(how["refused"], run.stderr)
                else:
                    self.assertEqual({v["name"] for v in run.result()["verdicts"] if not v["held"]}, set(how["failed"]))

    def test_associations_come_and_go_at_any_time_of_a_change(self):
        """LB-2: wherever in the move the user's orders fall, those that live have a place in the active member, and no other has one."""
        text, rng = (FIELD / "lb-2.toml").read_text().replace("../../parts", "parts"), random.Random(1)
        for n in range(24):
            at = [f'"{rng.randrange(3_990_000, 4_160_000)} ns"' for _ in range(3)]
            parts = text.split('"4036 us"')
            with self.subTest(at):
                self.run_scenario(self.write(f"s{n}.toml", parts[0] + at[0] + parts[1] + at[1] + parts[2] + at[2] + parts[3]), "--trace", "none")

    def test_every_file_is_half_of_a_pair(self):
        shipped = [f"{n}.toml" for n in CURES] + [f"{n}{half}.toml" for n, how in NAIVE.items() for half in ("", "-naive") if not (half and "refused" in how)]
        self.assertEqual(sorted(p.name for p in FIELD.glob("*.toml")), sorted(shipped))


if __name__ == "__main__":
    unittest.main()
