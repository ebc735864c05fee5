"""What a dry run says that a sweep would take, beside what the sweep takes; and that nothing of it is left."""
import os
import re
import resource
import subprocess
import time
import unittest

from sweeping import GRID, NICTEAM, Folder

SECONDS = {"s": 1, "min": 60, "h": 3600, "days": 86400}
OCTETS = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
SAID = re.compile(r"about ([0-9.]+) (s|min|h|days) of CPU, ([0-9.]+) (s|min|h|days) with -j (\d+), and ([0-9.]+) (KiB|MiB|GiB) in (\S+) beside the tables: "
                  r"(\d+) times the mean of runs? ([0-9, ]+?)(?:, of which (\d) went on for longer than a second and (?:is|are) scaled by simulated time)?$")


class Outlook(unittest.TestCase):
    def setUp(self):
        self.folder = Folder(self)
        (self.folder.path / "temporary").mkdir()

    def dry_run(self, file, *words):
        done = subprocess.run([NICTEAM, "sweep", file, "-o", "out", "--dry-run", *words], cwd=self.folder.path, capture_output=True, text=True, timeout=120,
                              env=dict(os.environ, TMPDIR=str(self.folder.path / "temporary")))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(list((self.folder.path / "temporary").iterdir()), [])
        return done

    def said(self, *words):
        last = self.dry_run(*words).stdout.splitlines()[-1]
        found = SAID.match(last)
        self.assertIsNotNone(found, last)
        cpu, cpu_unit, wall, wall_unit, jobs, octets, unit, _, runs, which, cut = found.groups()
        return {"cpu": float(cpu) * SECONDS[cpu_unit], "wall": float(wall) * SECONDS[wall_unit], "jobs": int(jobs), "octets": float(octets) * OCTETS[unit],
                "runs": int(runs), "which": [int(n) for n in which.split(",")], "cut": int(cut or 0)}

    def blocks(self, *folders):
        return sum(p.stat().st_blocks * 512 for folder in folders for p in (self.folder.path / "out" / folder).rglob("*") if p.is_file())

    def test_time_and_disk_are_those_of_the_sweep(self):
        file = self.folder.scenario(GRID.replace("[sweep]\n", '[sweep]\nkeep = "files"\n'))
        words = ("--set", "duration=40 ms", "--set", "server.up.frames_per_second=10000", "-j", "2")  # runs that are much alike
        said = self.said(file, *words)
        self.assertFalse((self.folder.path / "out").exists())
        self.assertEqual((said["runs"], said["which"], said["jobs"], said["cut"]), (4, [0, 2, 3], 2, 0))
        self.assertAlmostEqual(said["wall"], said["cpu"] / 2, delta=0.1)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.folder.sweep(file, "-o", "out", "-q", *words)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        self.assertLess(said["cpu"], 2 * cpu + 0.1)
        self.assertGreater(said["cpu"] + 0.1, cpu / 2)
        self.assertAlmostEqual(said["octets"], self.blocks("runs", "files"), delta=0.25 * said["octets"])

    def test_records_alone_are_counted_in_blocks(self):
        file = self.folder.scenario(GRID)
        said = self.said(file)
        self.folder.sweep(file, "-o", "out", "-q")
        self.assertEqual(said["octets"], self.blocks("runs"))

    def test_runs_that_are_cut_are_scaled(self):
        file = self.folder.scenario(GRID)
        began = time.monotonic()
        short, long = (self.said(file, "--set", f"duration={seconds} s") for seconds in (200, 2000))
        self.assertLess(time.monotonic() - began, 40)
        self.assertEqual((short["cut"], long["cut"]), (3, 3))
        self.assertGreater(long["cpu"], 5 * short["cpu"])
        self.assertLess(long["cpu"], 20 * short["cpu"])

    def test_what_has_run_is_not_counted(self):
        file = self.folder.scenario(GRID)
        self.folder.sweep(file, "-o", "out", "-q", "--shard", "0/3")
        done = self.dry_run(file)
        self.assertIn("9 points, 18 runs; 3 more refused by constraints\n12 runs are left to do\n", done.stdout)
        self.assertEqual(self.said(file)["which"], [1, 10, 17])  # of those that are left
        self.folder.sweep(file, "-o", "out", "-q", "--resume")
        self.assertTrue(self.dry_run(file).stdout.endswith("0 runs are left to do\n"))

    def test_a_run_that_fails_is_told(self):
        done = self.dry_run(self.folder.scenario(GRID), "--set", "duration=2 ms,100 us")
        self.assertRegex(done.stderr, "nicteam: run 35 fails: .*traffic.start of server.up = 200 us: is not before the end of the run, 100 us\n")
        self.assertIn("36 times the mean of run 0\n", done.stdout)

    def test_quiet_it_runs_nothing(self):
        done = self.dry_run(self.folder.scenario(GRID), "-q", "--set", "duration=2000 s")
        self.assertTrue(done.stdout.endswith("9 points, 18 runs; 3 more refused by constraints\n"))


if __name__ == "__main__":
    unittest.main()
