"""Numbered steps of FIG. 5 and FIG. 7 are taken by packets of shipped scenarios, each branch by its own; scripts/figures names any that is not."""
import collections
import re
import subprocess
import unittest

import command

FIGURES = command.SOURCE / "scripts" / "figures"
BRANCHES = command.SOURCE / "scenarios" / "crypto" / "branches-of-figure-5.toml"
STEPS = ["200", "202", "204", "206", "208", "210", "212", "214", "216", "218", "220"]


class figures(command.scenario_test):
    def figures(self, *scenarios):
        return subprocess.run([FIGURES, *scenarios], capture_output=True, text=True)

    def test_every_number_is_taken(self):
        done = self.figures()
        self.assertEqual([l for l in done.stdout.splitlines() if l.startswith("nobody")], [], done.stdout + done.stderr)
        self.assertEqual(done.returncode, 0)

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

    def test_each_branch_takes_the_steps_that_its_row_says(self):
        """One stream at a time. The rows are those of the scenario's heading: what a piece takes, up to the first 208 or 216, is taken by each."""
        rows = dict(re.findall(r"^#   (\w+)  .*?((?: 2\d\d)+)$", BRANCHES.read_text(), re.M))
        streams = re.findall(r'^from = "(\w+)"\nto = "server"\ndestination_port', BRANCHES.read_text(), re.M)
        self.assertEqual(sorted(rows) + ["literal", "literal_late"], sorted(set(streams) - {"literal", "literal_late"}) + ["literal", "literal_late"])
        rows |= {"literal": rows["nested_before"], "literal_late": rows["two_tunnels"]}
        for stream in streams:
            with self.subTest(stream):
                late = [w for other in streams if other != stream for w in ("--set", f"{other}.stream.start=23999 us")]
                run = self.run_scenario(BRANCHES, *late, status=None)
                count = lambda n: run.metric(f"server.pci0.nic0.crypto.{n}")
                datagrams, frames = count("step_204"), count("frames")
                self.assertEqual(datagrams, 6)
                way = rows[stream].split()
                if stream == "both_levels":      # its first piece is cut again, its second is not
                    self.assertEqual(frames, 4 * datagrams)
                    expected = {n: datagrams * k for n, k in
                                {"200": 4, "202": 1, "204": 1, "206": 5, "208": 0, "210": 5, "212": 0, "214": 5, "216": 5, "218": 2, "220": 2}.items()}
                else:
                    last = next((i + 1 for i, n in enumerate(way) if n in ("208", "216")), 0)
                    by_piece, whole = collections.Counter(way[:last]), collections.Counter(way[last:])
                    pieces = frames // datagrams
                    self.assertEqual((frames, pieces > 1), (pieces * datagrams, last > 0))
                    expected = {n: datagrams * (pieces * by_piece[n] + whole[n]) for n in STEPS}
                self.assertEqual({n: count("step_" + n) for n in STEPS}, expected)

    def test_a_summary_says_who_protects_fragments_in_transport_mode(self):
        run = self.run_scenario(BRANCHES)
        self.assertEqual(sorted(re.findall(r"(\w+): \S+ protects fragments in transport", run.stdout)), ["literal_late_transport", "literal_transport"])
        conforming = re.sub("fragments_in_transport = true", "", BRANCHES.read_text().replace('"../parts', f'"{command.SOURCE}/scenarios/parts'))
        run = self.run_scenario(self.write("s.toml", conforming), status=1)
        self.assertNotIn("protects fragments in transport", run.stdout)
        for who in ("literal", "literal_late.gateway"):
            self.assertGreaterEqual(run.metric(who + ".unsent"), 6)
            self.assertEqual(run.metric(who + ".protected"), 0)

    def test_the_prior_art_takes_the_other_figure(self):
        run = self.run_scenario(command.SOURCE / "scenarios" / "crypto" / "steps-of-figure-5.toml", "--set", "nic.crypto.return_path=host", status=1)
        count = lambda n: run.metric(f"server.pci0.nic0.crypto.step_{n}")
        self.assertEqual([count(n) for n in (200, 202, 204, 206, 208, 210, 212, 214, 216, 218, 220)], [0] * 11)
        self.assertTrue(all(count(n) for n in (700, 702, 704, 706)))
        self.assertGreater(run.metric("server.stack.security_reassembled"), 0)


if __name__ == "__main__":
    unittest.main()
