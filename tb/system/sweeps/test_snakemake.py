"""The workflow of Snakemake, on this machine: the tables of a sweep without it, also when shards or all of it were killed in the middle."""
import os
import shutil
import signal
import subprocess
import time
import unittest

import apart
import processes
from sweeping import GRID, NICTEAM, SOURCE, Folder

MANY = "--set sweep.replicates=40"


class Snakemake(unittest.TestCase):
    def setUp(self):
        self.folder = Folder(self)
        self.file = self.folder.scenario(GRID)
        self.log = self.folder.path / "said.txt"

    def start(self, *words, config=()):
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        environment.update(NICTEAM=NICTEAM, HOME=str(self.folder.path), XDG_CACHE_HOME=str(self.folder.path / "cache"))
        line = ["snakemake", "-s", str(SOURCE / "scripts/slurm/Snakefile"), "-c", "2", *words, "--config", "shards=3", *config]
        with open(self.log, "ab") as said:
            return subprocess.Popen(line, cwd=self.folder.path, env=environment, stdout=said, stderr=subprocess.STDOUT, start_new_session=True)

    def end(self, process, status=0):
        try:
            process.wait(240)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        said = self.log.read_text()
        self.assertEqual(process.returncode, status, said)
        self.log.write_text("")
        return said

    def wait_for_records(self, process, count):
        until = time.monotonic() + 120
        while sum(1 for _ in (self.folder.path / "out" / "runs").rglob("*.json")) < count:
            self.assertIsNone(process.poll(), self.log.read_text())
            self.assertLess(time.monotonic(), until)
            time.sleep(0.02)

    def whole(self, *words):
        self.folder.sweep(self.file, "-o", "whole", "-q", *words)
        return self.folder.octets("whole")

    def test_shards_that_were_killed_and_run_again_leave_the_same_tables(self):
        whole = self.whole(*MANY.split())
        config = (f"scenario={self.file}", "out=out", f"words={MANY}")
        first = self.start(config=config)
        self.wait_for_records(first, 20)
        self.assertGreater(processes.kill(self.file, "--shard"), 0)
        self.end(first, 1)
        self.assertFalse((self.folder.path / "out" / "runs.csv").exists())
        second = self.start(config=config)
        self.wait_for_records(second, 150)
        os.killpg(second.pid, signal.SIGKILL)  # all of it
        self.end(second, -signal.SIGKILL)
        while processes.of(self.file):
            time.sleep(0.02)
        self.end(self.start("--unlock", config=config))
        self.end(self.start("--rerun-incomplete", config=config))
        self.assertEqual(self.folder.octets("out"), whole)

    def test_a_scenario_that_was_edited_is_run_where_it_is_new(self):
        config = (f"scenario={self.file}", "out=out")
        self.end(self.start(config=config))
        self.assertEqual(self.folder.octets("out"), self.whole())
        records = {p: p.stat().st_mtime_ns for p in (self.folder.path / "out" / "runs").rglob("*.json")}
        self.assertIn("Nothing to be done", self.end(self.start(config=config)))
        shutil.rmtree(self.folder.path / "whole")
        self.folder.scenario(GRID.replace('"1000 B"]', '"1000 B", "500 B"]'))
        self.end(self.start(config=config))
        self.assertEqual(self.folder.octets("out"), self.whole())
        self.assertGreater(len(self.folder.table("out")), len(records))
        for path, when in records.items():
            self.assertEqual(path.stat().st_mtime_ns, when)

    def test_a_run_that_was_killed_by_itself_is_run_again_by_the_same_command(self):
        whole = self.whole(*MANY.split())
        config = (f"scenario={self.file}", "out=out", f"words={MANY}")
        first = self.start(config=config)
        self.wait_for_records(first, 20)
        while not any(processes.kill_a_child(one, seconds=0.1) for one in processes.of(self.file, "--shard")):  # shards, and runs that have no children
            self.assertIsNone(first.poll(), self.log.read_text())
        self.assertIn("1 run was killed from outside", self.end(first, 1))
        self.assertFalse((self.folder.path / "out" / "runs.csv").exists())
        self.end(self.start(config=config))
        self.assertEqual(self.folder.octets("out"), whole)

    def test_runs_that_fail_or_break_an_expectation_are_results(self):
        self.file = self.folder.scenario(GRID + '\n[[expect]]\nname = "enough"\nmetric = "client.frames"\nat_least = "15 frames"\n')
        self.end(self.start(config=(f"scenario={self.file}", "out=out")))
        self.assertIn("broken", {row["status"] for row in self.folder.table("out")})

    def test_tables_of_which_runs_are_missing_are_none(self):
        (self.folder.path / "out.done").mkdir()
        (self.folder.path / "out.done" / "1").touch()  # a shard that has not run
        said = self.end(self.start(config=(f"scenario={self.file}", "out=out")), 1)
        self.assertIn("6 of 18 runs have not run yet", said)
        self.assertFalse((self.folder.path / "out" / "runs.csv").exists())
        self.end(self.start(config=(f"scenario={self.file}", "out=out")))  # the same command goes on
        self.assertEqual(self.folder.octets("out"), self.whole())

    def test_what_is_missing_is_named(self):
        self.assertIn("--config scenario= is missing", self.end(self.start(config=("out=out",)), 1))


if __name__ == "__main__":
    if not shutil.which("snakemake"):
        apart.cannot("snakemake not installed (scripts/setup --cluster)")
    unittest.main()
