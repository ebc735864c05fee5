"""One question, or what judges them all: test_questions.py q2. NICTEAM_SEEDS runs of each point that is random."""
import math
import os
import pathlib
import random
import statistics
import sys
import unittest

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import queueing  # noqa: E402
import rows  # noqa: E402


class judge(unittest.TestCase):
    def test_above_a_bound_is_off_however_little(self):
        self.assertTrue(rows.bound("Q0", "", 100, [100], "").good)
        self.assertFalse(rows.bound("Q0", "", 100, [100.01], "").good)
        self.assertFalse(rows.bound("Q0", "", 100, [80, 80, 100.01], "").good, "no single run")
        self.assertTrue(rows.bound("Q0", "", 100, [100.01], "", cut=0.001).good)
        self.assertTrue(rows.bound("Q0", "", 100, [1], "").good)
        self.assertFalse(rows.bound("Q0", "", 100, [89], "", 0.1).good)

    def test_confidence_is_that_of_student(self):
        r = rows.equal("Q0", "", 10, [9, 10, 11], "", 0.01)
        self.assertAlmostEqual(r.mean, 10)
        self.assertAlmostEqual(r.half, 4.303 / 3 ** 0.5)
        self.assertFalse(rows.equal("Q0", "", 10, [10.2], "", 0.01).good)
        self.assertFalse(rows.equal("Q0", "", 10, [9.8], "", 0.01).good)

    def test_the_whole_interval_is_within(self):
        self.assertFalse(rows.equal("Q0", "", 10, [9, 10, 11], "", 0.2).good)
        self.assertTrue(rows.equal("Q0", "", 10, [9, 10, 11], "", 0.25).good)
        self.assertFalse(rows.most("Q0", "", 10.5, [9, 10, 11], "").good)
        self.assertTrue(rows.most("Q0", "", 12.5, [9, 10, 11], "").good)
        self.assertFalse(rows.least("Q0", "", 9.5, [9, 10, 11], "").good)
        self.assertTrue(rows.least("Q0", "", 7.5, [9, 10, 11], "").good)

    def test_where_nothing_is_random_all_runs_are_alike(self):
        self.assertTrue(rows.equal("Q0", "", 10, [10.1, 10.1], "", 0.1, certain=True).good)
        self.assertFalse(rows.equal("Q0", "", 10, [10.1, 10.2], "", 0.1, certain=True).good)


class waits(unittest.TestCase):
    def test_of_one_kind_of_work_by_crommelins_formula(self):
        """M/D/1: the wait is at most t with probability (1 - rho) sum of (-x_k)^k / k! e^(x_k), x_k = rho (t - k), k up to t."""
        for rho in (0.2, 0.4, 0.6, 0.8):
            t = queueing.quantile(0.99, [(rho, 1.0)])
            self.assertAlmostEqual((1 - rho) * math.fsum((rho * (k - t)) ** k / math.factorial(k) * math.exp(-rho * (k - t)) for k in range(int(t) + 1)), 0.99, delta=2e-4)

    def test_of_two_kinds_by_following_each_arrival(self):
        die = random.Random(1)
        kinds = own, other = (0.25, 1.0), (0.1, 3.0)
        for first, expected in ((False, [(queueing.in_order(*kinds), queueing.quantile(0.99, kinds)), (queueing.in_order(*kinds), None)]),
                                (True, [(queueing.first(*kinds), queueing.quantile(0.99, [own], [other])), (queueing.behind(*kinds), None)])):
            due = [die.expovariate(rate) for rate, _ in kinds]
            queues, waited, now = [[], []], [[], []], 0.0
            while len(waited[0]) < 200_000:
                if not queues[0] and not queues[1]:
                    now = max(now, min(due))
                for k, (rate, _) in enumerate(kinds):
                    while due[k] <= now:
                        queues[k].append(due[k])
                        due[k] += die.expovariate(rate)
                k = min((k for k in (0, 1) if queues[k]), key=lambda k: k if first else queues[k][0])
                waited[k].append(now - queues[k].pop(0))
                now += kinds[k][1]
            for k in (0, 1):
                mean, late = expected[k]
                self.assertAlmostEqual(statistics.mean(waited[k]) / mean, 1, delta=0.05)
                if late:
                    self.assertAlmostEqual(sorted(waited[k])[int(0.99 * len(waited[k]))] / late, 1, delta=0.05)


if __name__ == "__main__":
    if sys.argv[1:] == ["judge"]:
        unittest.main(argv=sys.argv[:1])
    print(rows.HEAD)
    off = 0
    for one in rows.of(sys.argv[1], int(os.environ.get("NICTEAM_SEEDS", 0))):
        print(one, flush=True)
        off += not one.good
    sys.exit(off > 0)
