"""Sequence diagrams: the pictures of docs/teaming.md are those of today's runs, and what the script is asked for and has not is said."""
import filecmp
import os
import subprocess
import tempfile
import unittest

import command

SCRIPTS = os.path.join(command.SOURCE, "scripts")


def script(name, *arguments):
    return subprocess.run([os.path.join(SCRIPTS, name), *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class Sequences(unittest.TestCase):
    def test_the_pictures_are_those_of_today(self):
        with tempfile.TemporaryDirectory() as folder:
            done = script("picture-sequences", folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            pictures = sorted(os.listdir(folder))
            self.assertEqual(len(pictures), 3)
            for name in pictures:
                self.assertTrue(filecmp.cmp(os.path.join(folder, name), os.path.join(command.SOURCE, "docs", name), shallow=False),
                                f"docs/{name} is not what scripts/picture-sequences makes")

    def test_each_stage_stands_at_its_station(self):
        with open(os.path.join(command.SOURCE, "docs/teaming-return.svg")) as f:
            text = f.read()
        for words in ("delivered_308", "forwarded_316", "payload fetched", "result written back", "returned_320", "nic0", "nic1", "client"):
            self.assertIn(words, text)

    def test_what_is_not_there_is_said(self):
        with tempfile.TemporaryDirectory() as folder:
            missing = script("sequence-diagram", folder)
            self.assertNotEqual(missing.returncode, 0)
            self.assertIn("--trace txn", missing.stderr)
            subprocess.run([command.NICTEAM, "run", "quickstart", "--trace", "txn", "--out", folder, "-q"], check=True, cwd=command.SOURCE)
            stage = script("sequence-diagram", folder, "--stage", "forwarded_31")
            self.assertNotEqual(stage.returncode, 0)
            self.assertIn("no packet passed forwarded_31; in this run:", stage.stderr)
            self.assertIn("wire_begin", stage.stderr)
            packet = script("sequence-diagram", folder, "--packet", "77:1")
            self.assertIn("no packet 77:1 in this run", packet.stderr)


if __name__ == "__main__":
    unittest.main()
