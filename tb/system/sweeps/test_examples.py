"""What docs/sweeps.md, README.md and the workflow of Snakemake show can be typed as it stands there."""
import pathlib
import re
import shlex
import subprocess
import unittest

from sweeping import GRID, NICTEAM, SOURCE, TINY, Folder


def shown(file):
    """Lines that begin with the command, as they are to be typed."""
    text = (SOURCE / file).read_text()
    return [line.strip() for line in text.splitlines() if line.startswith("    nicteam sweep ")]


class Examples(unittest.TestCase):
    def setUp(self):
        self.folder = Folder(self)
        self.file = self.folder.scenario(GRID)

    def typed(self, line, *words):
        """By a shell, which takes quotation marks away."""
        line = line.replace("FILE", shlex.quote(self.file)).replace("scenarios/sweeps/", f"{SOURCE}/scenarios/sweeps/")
        line = re.sub(r"\bDIR\b", "out", line.split("  #")[0]).replace("nicteam ", f"{NICTEAM} ", 1)
        done = subprocess.run(["sh", "-c", " ".join([line, *words])], cwd=self.folder.path, capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""), line)
        return done.stdout

    def test_commands(self):
        all_of_them = shown("docs/sweeps.md") + shown("README.md")
        self.assertGreater(len(all_of_them), 6)
        self.folder.sweep(self.file, "-o", "out", "-q")
        for line in all_of_them:
            if " merge " in line:
                self.typed(line)
            else:
                self.assertRegex(self.typed(line, "--dry-run", "-q"), r"\d+ points?, \d+ runs?")

    def test_words_that_the_workflow_of_snakemake_shows(self):
        head = (SOURCE / "scripts/slurm/Snakefile").read_text()
        words = re.search(r'words="([^"]*)"', head.split("import os")[0]).group(1)
        self.assertIn("2 points, 2 runs", self.typed(f"nicteam sweep line-rate-1518 {words}", "--dry-run", "-q"))

    def test_expressions(self):
        text = (SOURCE / "docs/sweeps.md").read_text().split("### Expressions")[1]
        first, second, third = [line.strip() for line in text.splitlines() if line.startswith("    ")][:3]
        figures = "".join(f"[[figure]]\nname = \"f{n}\"\nas = '{one}'\n" for n, one in enumerate((second, third)))
        file = self.folder.scenario(f'{TINY}\n[sweep]\nconstraints = ["{first}"]\n{figures}', "expressions")
        for words in (["validate", file], ["sweep", file, "--dry-run", "-q", "--set", "bus.clock=66 MHz,33 MHz", "-o", "new"]):
            done = subprocess.run([NICTEAM, *words], cwd=self.folder.path, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("1 point, 1 run; 1 more refused by constraints", done.stdout)

    def test_the_clock_of_a_bus_is_its_period(self):
        """Where it varies, is derived, is a baseline, and in expressions: by either name it is the same."""
        figure = '[[figure]]\nname = "a"\nas = "server.pci0.period / 1 Hz"\nequals = "bus.clock / 1 Hz"\nwithin = "0 %"\n'
        baseline = '[sweep]\nbaseline = ["server.pci0.clock=33 MHz"]\nconstraints = ["server.pci0.period < 60 MHz"]\n'
        file = self.folder.scenario(TINY + baseline + figure, "clock")
        self.folder.sweep(file, "-q", "-o", "clock", "--set", 'bus.clock="33 MHz","50 MHz","66 MHz"')
        rows = self.folder.table("clock", "points")
        for column in ("bus.clock [Hz]", "server.pci0.clock [Hz]", "a"):
            self.assertEqual([round(float(row[column])) for row in rows], [33333333, 33333333, 50000000], column)  # 33 MHz are 30 ns
        self.folder.scenario(TINY + '[[vary]]\nkey = "server.pci0.clock"\nvalues = ["33 MHz"]\n[[vary]]\nkey = "bus.period"\nvalues = ["30 ns"]\n', "twice")
        self.assertIn("vary: bus.period varies already", self.folder.sweep("twice.toml", "-o", "twice", status=2).stderr)


if __name__ == "__main__":
    unittest.main()
