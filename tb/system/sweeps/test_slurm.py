"""The job array on a real Slurm of one node: the tables of a sweep on one machine, also when tasks are killed in the middle; what is said without one."""
import subprocess
import unittest

import apart
import processes
import slurm_node
from sweeping import GRID, NICTEAM, SOURCE, Folder

ARRAY = str(SOURCE / "scripts/slurm/sweep-array")
TASKS = 3
MANY = ("--set", "sweep.replicates=40")  # 360 runs: long enough for a task to be met in the middle


class Slurm(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = slurm_node.Node()

    @classmethod
    def tearDownClass(cls):
        cls.node.end()

    def setUp(self):
        self.folder = Folder(self)
        self.file = self.folder.scenario(GRID)
        self.addCleanup(self.node.tool, "scancel", "--full", "--signal=KILL", "-n", "sweep", check=False)

    def submit(self, *words, status=0, environment=None):
        done = subprocess.run([ARRAY, self.file, "out", *words], cwd=self.folder.path, env=dict(environment or self.node.environment, NICTEAM=NICTEAM),
                              capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout.strip() if status == 0 else done.stderr

    def logs(self):
        return {p.name: p.read_text() for p in (self.folder.path / "out-log").iterdir()}

    def records(self):
        return sum(1 for _ in (self.folder.path / "out" / "runs").rglob("*.json"))

    def test_tasks_that_are_killed_and_run_again_leave_the_tables_of_a_sweep_on_one_machine(self):
        self.folder.sweep(self.file, "-o", "whole", "-q", *MANY)
        whole = self.folder.octets("whole")
        array = self.submit(str(TASKS), *MANY)
        self.node.until(lambda: self.records() >= 20, "some runs")
        self.assertGreater(processes.kill(self.file, f"0/{TASKS}"), 0)  # as by a machine that runs out of memory
        self.node.tool("scancel", f"{array}_1")  # as by an operator
        self.node.wait_for_all_jobs()
        self.node.until(lambda: len(self.node.states(array)) == TASKS, "their ends")
        self.assertEqual(self.node.states(array), {0: "FAILED", 1: "CANCELLED", 2: "COMPLETED"})
        statuses = [row["status"] for row in self.folder.table("out")]  # the merge comes behind them in every case
        self.assertEqual(set(statuses), {"held", "missing"})
        self.assertEqual(set(statuses[2::TASKS]), {"held"})
        self.assertNotEqual(self.folder.octets("out"), whole)
        before = {p: p.stat().st_mtime_ns for p in (self.folder.path / "out" / "runs").rglob("*.json")}
        again = self.submit(str(TASKS), *MANY)
        self.node.wait_for_all_jobs()
        self.assertEqual(self.node.states(again), {n: "COMPLETED" for n in range(TASKS)}, self.logs())
        self.assertEqual(self.folder.octets("out"), whole)
        for path, when in before.items():
            self.assertEqual(path.stat().st_mtime_ns, when)  # nothing ran twice

    def test_more_tasks_than_runs(self):
        self.folder.sweep(self.file, "-o", "whole", "-q", "--set", "server.up.frame_size=64 B", "--set", "sweep.replicates=1")
        array = self.submit("6", "--set", "server.up.frame_size=64 B", "--set", "sweep.replicates=1")
        self.node.wait_for_all_jobs()
        self.assertEqual(set(self.node.states(array).values()), {"COMPLETED"}, self.logs())
        self.assertEqual(self.folder.octets("out"), self.folder.octets("whole"))

    def test_with_a_slurm_that_does_not_answer_it_says_so(self):
        configuration = (self.node.path / "slurm.conf").read_text()
        (self.folder.path / "slurm.conf").write_text(configuration.replace("SlurmctldPort=", "SlurmctldPort=1 #") + "MessageTimeout=2\n")
        said = self.submit("2", status=2, environment=dict(self.node.environment, SLURM_CONF=str(self.folder.path / "slurm.conf")))
        self.assertIn("sweep-array: Slurm does not take the array", said)


if __name__ == "__main__":
    absent = slurm_node.missing()
    if absent:
        apart.cannot(f"{' and '.join(absent)} not installed (scripts/setup --cluster)")
    apart.again(*apart.PROCESSES)  # where it is not allowed, the daemons end with their parent
    unittest.main()
