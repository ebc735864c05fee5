"""One question, or what judges them all: test_questions.py q2. NICTEAM_SEEDS runs of each point that is random."""
import importlib
import os
import pathlib
import sys
import unittest

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import rows  # noqa: E402


class judge(unittest.TestCase):
    def test_above_a_bound_is_off_however_little(self):
        self.assertTrue(rows.bound("Q0", "", 100, [100.4], "").good)
        self.assertFalse(rows.bound("Q0", "", 100, [100.6], "").good)
        self.assertTrue(rows.bound("Q0", "", 100, [1], "").good)
        self.assertFalse(rows.bound("Q0", "", 100, [89], "", 0.1).good)

    def test_confidence_is_that_of_student(self):
        r = rows.equal("Q0", "", 10, [9, 10, 11], "", 0.01)
        self.assertAlmostEqual(r.mean, 10)
        self.assertAlmostEqual(r.half, 4.303 / 3 ** 0.5)
        self.assertFalse(rows.equal("Q0", "", 10, [10.2], "", 0.01).good)
        self.assertFalse(rows.equal("Q0", "", 10, [9.8], "", 0.01).good)


if __name__ == "__main__":
    if sys.argv[1:] == ["judge"]:
        unittest.main(argv=sys.argv[:1])
    seeds = [int(os.environ["NICTEAM_SEEDS"])] if "NICTEAM_SEEDS" in os.environ else []
    print(rows.HEAD)
    off = 0
    for one in importlib.import_module(sys.argv[1]).table(*seeds):
        print(one, flush=True)
        off += not one.good
    sys.exit(off > 0)
