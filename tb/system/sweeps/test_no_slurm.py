"""The script of the job array before anything is submitted: where there is no Slurm, and where what it shall do cannot be. Needs none."""
import os
import shutil
import subprocess
import unittest

from sweeping import GRID, NICTEAM, SOURCE, Folder

ARRAY = str(SOURCE / "scripts/slurm/sweep-array")
TOOLS = ("bash", "env", "dirname", "sed")


class NoSlurm(unittest.TestCase):
    def setUp(self):
        self.folder = Folder(self)
        self.file = self.folder.scenario(GRID)

    def submit(self, *words, slurm=False):
        bare = self.folder.path / "bin"
        bare.mkdir(exist_ok=True)
        for tool in TOOLS:
            if not (bare / tool).exists():
                os.symlink(shutil.which(tool), bare / tool)
        called = self.folder.path / "called"
        if slurm:
            (bare / "sbatch").write_text(f"#!{shutil.which('sh')}\n: > '{called}'\n")
            (bare / "sbatch").chmod(0o755)
        done = subprocess.run([ARRAY, self.file, "out", *words], cwd=self.folder.path, env={"PATH": str(bare), "NICTEAM": NICTEAM},
                              capture_output=True, text=True, timeout=120)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        self.assertFalse(called.exists())
        self.assertFalse((self.folder.path / "out-log").exists())
        return done.stderr

    def test_it_says_so_and_how_to_do_without(self):
        self.assertEqual(self.submit("2"), f"sweep-array: there is no Slurm here (no sbatch); nicteam sweep {self.file} -o out runs it on this machine\n")
        self.assertFalse((self.folder.path / "out").exists())

    def test_what_cannot_be_is_told_before_anything_is_submitted(self):
        self.assertIn("TASKS is --set: is no number of tasks", self.submit("--set", "x=1", slurm=True))
        self.assertIn("unknown key frame_sise; did you mean frame_size?", self.submit("2", "--set", "server.up.frame_sise=1,2", slurm=True))
        (self.folder.path / "out").mkdir()
        (self.folder.path / "out" / "thesis.txt").write_text("chapter 1")
        self.assertIn("out: holds something else than a sweep", self.submit("2", slurm=True))


if __name__ == "__main__":
    unittest.main()
