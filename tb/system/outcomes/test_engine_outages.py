"""Engines that fail are told: what counted it stands under Faults and errors, and a note says of which device, at how much, and when they were out of use."""
import re
import unittest

import command

TEAM = """
extends = "parts/two-nic-team.toml"
duration = "12 ms"
[[sa]]
name = "to_client"
from = "server"
to = "client"
cipher = "aes-cbc"
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
frames_per_second = 4000
frame_size = "600 B"
"""
CARD = TEAM + """
[[crypto_card]]
name = "card"
bus = "server.pci0"
engines = ["aes-128-round", "sha1"]
engine_failures = {limit}
[[team]]
name = "team0"
cards = ["server.pci0.card"]
[[fault]]
name = "cut"
at = "server.pci0.card"
what = "engines_stuck"
from = "4 ms"
{more}
"""
NIC = TEAM + """
[[nic]]
name = "nic0"
identity = "extended"
[nic.crypto]
enable = true
engines = ["aes-128-round", "sha1"]
[[team]]
name = "team0"
primary = "nic0"
[[crypto_load]]
name = "api"
service = "server.team0"
size = "600 B"
cipher = "aes-cbc"
[[fault]]
name = "cut"
at = "server.pci0.nic0.crypto_transmit"
what = "engines_stuck"
from = "4 ms"
"""
WATCHDOG = 1024 * 30e-9                     # clocks of 30 ns


class outages(command.scenario_test):
    def run_text(self, text):
        run = self.run_scenario(self.write("s.toml", text))
        self.notes = [n for n in run.result()["notes"] if "its engines failed" in n]
        self.assertNotIn("no component counted an error", run.stdout)
        return run

    def from_to(self, text):
        """In seconds."""
        found = re.search(r"out of use from ([\d.]+) ms to (the end|([\d.]+) ms)", text)
        self.assertTrue(found, text)
        return float(found[1]) / 1e3, None if found[2] == "the end" else float(found[3]) / 1e3

    def test_a_card_whose_engines_stick_is_no_secret(self):
        for limit in (1, 3):
            run = self.run_text(CARD.format(limit=limit, more=""))
            self.assertEqual(run.metric("server.pci0.card.engine_failures"), limit)
            self.assertIn("server.pci0.card.engine_failures", run.stdout)
            (note,) = self.notes
            self.assertTrue(note.startswith(f"server.pci0.card: its engines failed at {limit} job{'s' if limit > 1 else ''}, and were out of use from "), note)
            begin, end = self.from_to(note)
            self.assertIsNone(end)
            # A packet each 250 us: one that begins later fails no more, and the last that fails is the limit's.
            self.assertGreater(begin, 4e-3 + (limit - 1) * 250e-6 - 50e-6)
            self.assertLess(begin, 4e-3 + limit * 250e-6 + 50e-6)

    def test_a_reset_ends_it(self):
        again = '[[fault]]\nname = "pulled"\nat = "server.pci0.card"\nwhat = "removed"\nfrom = "7 ms"\nfor = "1 ms"\n'
        self.run_text(CARD.format(limit=3, more='for = "2 ms"\n' + again))
        begin, end = self.from_to(self.notes[0])
        self.assertLess(begin, 5e-3)
        self.assertGreaterEqual(end, 7e-3)
        self.assertLess(end, 10e-3)

    def test_jobs_of_a_nics_rings_are_counted_with_its_packets(self):
        run = self.run_text(NIC)
        (note,) = self.notes
        packets, jobs = run.metric("server.pci0.nic0.crypto_transmit.engine_failures"), run.metric("server.pci0.nic0.crypto_rings.engine_failures")
        self.assertEqual(packets + jobs, 3, "the limit, whoever met it")
        self.assertGreater(jobs, 0)
        told = " and ".join([f"{packets} packet{'s' * (packets > 1)}"] * (packets > 0) + [f"{jobs} job{'s' * (jobs > 1)} of its rings"])
        self.assertTrue(note.startswith(f"server.pci0.nic0: its engines failed at {told}; those of its transmit side were out of use from "), note)
        begin, end = self.from_to(note)
        self.assertIsNone(end)
        self.assertTrue(4e-3 < begin < 4e-3 + 4 * WATCHDOG + 1e-3, begin)

    def test_one_job_at_which_engines_failed_is_no_outage(self):
        """Below the device's limit its driver goes on asking it: nic0 cannot, and what follows is put on by nic1 as before."""
        text = """extends = "parts/capable-team.toml"
duration = "8 ms"
[[nic]]
name = "nic0"
[nic.crypto]
enable = false
[[fault]]
name = "once"
at = "server.pci0.nic1.crypto_transmit"
what = "engines_stuck"
from = "2 ms"
for = "40 us"
"""
        run = self.run_scenario(self.write("once.toml", text))
        self.assertEqual(run.metric("server.pci0.nic1.crypto_rings.engine_failures"), 1)
        self.assertEqual(run.metric("server.pci0.nic1.driver.engines_lost"), 0)
        self.assertEqual(run.metric("server.team0.no_engine"), 0)

    def test_nothing_is_told_of_engines_that_work(self):
        run = self.run_scenario(self.write("s.toml", NIC.replace('what = "engines_stuck"', 'what = "engines_slow"\namount = "2 times"')))
        self.assertEqual([n for n in run.result()["notes"] if "engines failed" in n], [])


if __name__ == "__main__":
    unittest.main()
