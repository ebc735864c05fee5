"""A part of the published table of four accelerators (scripts/published-table has all of it), and that it would notice."""
import os
import subprocess
import sys
import unittest

import command

TABLE = command.SOURCE / "scripts/published-table"


def points(*options):
    done = subprocess.run([sys.executable, TABLE, "--seeds", "1", "--duration", "30", *options], capture_output=True, text=True, env={**os.environ})
    rows = [line.split() for line in done.stdout.splitlines()[1:-1]]
    return done, {(int(r[0]), int(r[1])): float(r[4]) for r in rows}


class published_table(unittest.TestCase):
    def test_corners_and_middle_are_within_ten_per_cent(self):
        done, off = points("--threads", "1,4,32", "--sizes", "16,1024,16384", "--mean", "7")
        self.assertEqual(len(off), 9, done.stderr)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_constant_costs_do_not_fit(self):
        done, off = points("--threads", "4", "--sizes", "16,256", "--set", "crypto_load.cost=constant")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertGreater(off[4, 256], 10)

    def test_any_card_at_random_is_slower_than_the_first_idle_one(self):
        first = points("--threads", "4", "--sizes", "16384")[1][4, 16384]
        random = points("--threads", "4", "--sizes", "16384", "--set", "server.pool.dispatch=random")[1][4, 16384]
        self.assertLess(random, first - 5)

    def test_round_robin_and_shortest_queue_are_as_good(self):
        first = points("--threads", "4", "--sizes", "1024")[1][4, 1024]
        for dispatch in ("round_robin", "shortest_queue"):
            other = points("--threads", "4", "--sizes", "1024", "--set", f"server.pool.dispatch={dispatch}")[1][4, 1024]
            self.assertLess(abs(other - first), 4, dispatch)


if __name__ == "__main__":
    unittest.main()
