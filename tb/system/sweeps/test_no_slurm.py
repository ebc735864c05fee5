"""The script of the job array where there is no Slurm: what it says, and that nothing is begun. Needs none."""
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

    def submit(self, *words):
        bare = self.folder.path / "bin"
        bare.mkdir(exist_ok=True)
        for tool in TOOLS:
            if not (bare / tool).exists():
                os.symlink(shutil.which(tool), bare / tool)
        done = subprocess.run([ARRAY, self.file, "out", *words], cwd=self.folder.path, env={"PATH": str(bare), "NICTEAM": NICTEAM},
                              capture_output=True, text=True, timeout=120)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        self.assertFalse((self.folder.path / "out").exists())
        self.assertFalse((self.folder.path / "out-log").exists())
        return done.stderr

    def test_it_says_so_and_how_to_do_without(self):
        self.assertEqual(self.submit("2"), f"sweep-array: there is no Slurm here (no sbatch); nicteam sweep {self.file} -o out runs it on this machine\n")


if __name__ == "__main__":
    unittest.main()
