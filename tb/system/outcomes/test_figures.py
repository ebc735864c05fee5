"""Numbered steps of FIG. 5 and FIG. 7 are taken by packets of shipped scenarios; scripts/figures names any that is not."""
import subprocess
import unittest

import command

FIGURES = command.SOURCE / "scripts" / "figures"


class figures(command.scenario_test):
    def figures(self, *scenarios):
        return subprocess.run([FIGURES, *scenarios], capture_output=True, text=True)

    def test_every_number_is_taken_but_one_which_is_named(self):
        """220 wants pieces of something encrypted in a tunnel: no peer makes them yet; tb/unit/offload/test_figures.cpp does."""
        done = self.figures()
        self.assertEqual([l for l in done.stdout.splitlines() if l.startswith("nobody")], ["nobody takes 220 of FIG. 5"], done.stdout + done.stderr)
        self.assertEqual(done.returncode, 1)

    def test_a_number_that_none_takes_is_named(self):
        done = self.figures(command.SOURCE / "scenarios" / "crypto" / "feedback-first.toml")
        self.assertEqual(done.returncode, 1)
        for number in ("208 of FIG. 5", "212 of FIG. 5", "220 of FIG. 5", "700 of FIG. 7", "708 of FIG. 7"):
            self.assertIn(f"nobody takes {number}", done.stdout)
        self.assertNotIn("nobody takes 218", done.stdout)

    def test_each_stream_takes_the_steps_of_its_kind(self):
        """The counts follow from the streams: six datagrams each, by the ways that the scenario's heading tells."""
        run = self.run_scenario(command.SOURCE / "scenarios" / "crypto" / "steps-of-figure-5.toml")
        step = {n: run.metric(f"server.pci0.nic0.crypto.step_{n}") for n in (200, 202, 204, 208, 212, 216, 218, 220)}
        frames = run.metric("server.pci0.nic0.crypto.frames")
        self.assertEqual(step[200], frames, "each frame is asked once")
        self.assertEqual(step[204], 4 * 6, "each datagram is completed once")
        self.assertEqual(step[218], run.metric("server.pci0.nic0.crypto.visits_122"))
        self.assertEqual(step[202] + step[212] + step[220], run.metric("server.pci0.nic0.crypto.associations_taken_off"))

    def test_the_prior_art_takes_the_other_figure(self):
        run = self.run_scenario(command.SOURCE / "scenarios" / "crypto" / "steps-of-figure-5.toml", "--set", "nic.crypto.return_path=host", status=1)
        count = lambda n: run.metric(f"server.pci0.nic0.crypto.step_{n}")
        self.assertEqual([count(n) for n in (200, 202, 204, 206, 208, 210, 212, 214, 216, 218, 220)], [0] * 11)
        self.assertTrue(all(count(n) for n in (700, 702, 704, 706)))
        self.assertGreater(run.metric("server.stack.security_reassembled"), 0)


if __name__ == "__main__":
    unittest.main()
