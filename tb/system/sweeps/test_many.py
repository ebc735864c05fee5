"""Many points of a tiny scenario: what a point costs more than the same run as a process of its own, in CPU time; that memory does not grow; what a point
takes in the tables, with its configuration.
NICTEAM_SWEEP_POINTS says how many (10000: as promised; the suite takes fewer)."""
import os
import re
import resource
import shutil
import sqlite3
import subprocess
import time
import unittest

from sweeping import NICTEAM, TINY, Folder

POINTS = int(os.environ.get("NICTEAM_SWEEP_POINTS", "600"))
MOST_MILLISECONDS = 3
MOST_KIBIBYTES = 6  # a point: its settings, its rows in the tables and on the page, with the usual figures
MOST_OCTETS = 250   # of results.sqlite, for a point; a configuration in full has 7,000

MANY = TINY.replace('duration = "2 ms"\ntraffic_start = "200 us"', 'duration = "20 us"\ntraffic_start = "1 us"') + """
[sweep]
method = "random"
metrics = ["client.frames"]
[[vary]]
key = "server.up.frames_per_second"
from = 1
to = 1000000000
scale = "logarithmic"
"""


def cpu_milliseconds(work):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1e3 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


class Many(unittest.TestCase):
    def setUp(self):
        self.folder = Folder(self)
        self.file = self.folder.scenario(MANY)

    def test_a_point_costs_hardly_more_than_a_process(self):
        points, alone = max(POINTS // 5, 50), 40
        words = ("-o", "out", "-q", "-j", "1", "--set", f"sweep.points={points}", "--set", "sweep.keep=files")  # the files that a single run leaves
        swept = cpu_milliseconds(lambda: self.folder.sweep(self.file, *words, seconds=900)) / points

        def each():
            for seed in range(alone):
                subprocess.run([NICTEAM, "run", self.file, "-q", "-o", "alone", "--seed", str(seed + 1)], cwd=self.folder.path, check=True)
                shutil.rmtree(self.folder.path / "alone")
        single = cpu_milliseconds(each) / alone
        print(f"{swept:.2f} ms a point, {single:.2f} ms a process")
        self.assertLess(swept - single, MOST_MILLISECONDS)

    def test_memory_is_flat_while_it_runs_and_tables_are_small(self):
        process = subprocess.Popen([NICTEAM, "sweep", self.file, "-o", "out", "-q", "-j", "2", "--set", f"sweep.points={POINTS}"], cwd=self.folder.path)
        seen = []
        while process.poll() is None:
            try:
                with open(f"/proc/{process.pid}/status") as status:
                    seen.append(int(re.search(r"RssAnon:\s+(\d+)", status.read())[1]))
            except (OSError, TypeError):
                pass  # it has just ended
            time.sleep(0.01)
        self.assertEqual(process.returncode, 0)
        self.assertGreater(len(seen), 20)
        early, late = seen[len(seen) // 4], seen[len(seen) * 3 // 4]
        print(f"{early} KiB after a quarter, {late} KiB after three, {max(seen)} KiB at most")
        self.assertLess(late - early, 0.1 * POINTS + 100)  # 260 KiB of 600 points when their records stay
        self.assertLess(max(seen) - early, MOST_KIBIBYTES * POINTS + 1024)
        file = self.folder.path / "out" / "results.sqlite"
        connection = sqlite3.connect(file)
        tables = "runs", "configuration_changes", "configurations"
        runs, changes, texts = (connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)
        connection.close()
        empty = 64 * 1024                                    # what all points have in common
        print(f"{file.stat().st_size} octets of results.sqlite for {runs} runs")
        self.assertEqual((changes, texts), (runs, runs))     # of each run the one line that is its own
        self.assertLess(file.stat().st_size, MOST_OCTETS * runs + empty)


if __name__ == "__main__":
    unittest.main()
