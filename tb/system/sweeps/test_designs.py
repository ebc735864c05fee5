"""Points of designs beside scipy's: Sobol's sequence is its, point by point; samples are as even as its are."""
import os
import subprocess
import sys
import unittest
import warnings

try:
    import numpy
    from scipy.stats import qmc
except ImportError:
    print("skipped: python3-scipy not installed")
    sys.exit(0)

PROGRAM = sys.argv.pop()


def points(which, count, axes, seed=1):
    text = subprocess.run([PROGRAM, which, str(count), str(axes), str(seed)], check=True, capture_output=True, text=True,
                          env=dict(os.environ, SYSTEMC_DISABLE_COPYRIGHT_MESSAGE="1")).stdout
    return numpy.array([[float(x) for x in line.split()] for line in text.splitlines()])


class Designs(unittest.TestCase):
    def test_sobol_is_scipys_unscrambled_sequence(self):
        for axes in range(1, 17):
            for count in (1, 2, 100, 1024):
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # that counts are no powers of two
                    theirs = qmc.Sobol(axes, scramble=False, bits=32).random(count)
                self.assertTrue((points("sobol", count, axes) == theirs).all(), (axes, count))

    def test_latin_hypercubes_are_as_even_as_scipys(self):
        """Centred discrepancy of ours among those of 40 of theirs, for several seeds; uniform points are less even, which shows that it tells them apart."""
        for axes, count in ((2, 20), (5, 50), (8, 128)):
            theirs = [qmc.discrepancy(qmc.LatinHypercube(axes, seed=seed).random(count)) for seed in range(40)]
            ours = [qmc.discrepancy(points("latin_hypercube", count, axes, seed)) for seed in range(20)]
            loose = [qmc.discrepancy(points("uniform", count, axes, seed)) for seed in range(20)]
            error = numpy.std(theirs) / 20 ** 0.5
            self.assertLess(abs(numpy.mean(ours) - numpy.mean(theirs)), 5 * error, (axes, count))
            self.assertGreater(numpy.mean(loose), numpy.mean(theirs) + 5 * error, (axes, count))

    def test_one_point_in_each_part_as_of_scipys(self):
        for make in (points("latin_hypercube", 64, 6, 3), qmc.LatinHypercube(6, seed=3).random(64)):
            for axis in range(6):
                self.assertEqual(sorted((make[:, axis] * 64).astype(int)), list(range(64)))


if __name__ == "__main__":
    unittest.main()
