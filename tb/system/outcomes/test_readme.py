"""What README.md shows is what the command says today: its sample of a run, and every command line that it names."""
import hashlib
import re
import shlex
import shutil
import subprocess
import unittest

import command

README = (command.SOURCE / "README.md").read_text().splitlines()


def indented(first):
    """The indented block that begins with a line that starts so, without its indentation."""
    start = next(n for n, line in enumerate(README) if line.startswith("    " + first))
    end = next(n for n in range(start, len(README)) if README[n] and not README[n].startswith("    "))
    return "\n".join(line[4:] for line in README[start:end]).rstrip("\n")


def sections(text):
    return text.rstrip("\n").split("\n\n")


class readme(command.scenario_test):
    def call(self, words):
        return subprocess.run([command.NICTEAM, *words], cwd=self.folder, capture_output=True, text=True)

    def test_the_sample_is_what_the_quickstart_prints(self):
        done = self.call(["run", str(command.SOURCE / "scenarios" / "quickstart.toml")])
        self.assertEqual(done.returncode, 0, done.stderr)
        shown, printed = sections(indented("quickstart: ")), sections(done.stdout)
        left_out = [s for s in printed if s not in shown]
        self.assertEqual([s for s in shown if s not in printed], [], "README.md shows what the run does not print")
        self.assertEqual([s for s in printed if s in shown], shown, "in this order")
        self.assertEqual([s.split(",")[0] for s in left_out], ["Latency", "Latency"], "README.md says that two tables are left out")
        self.assertTrue(any("the latency tables of the other two flows left out" in line for line in README))

    def test_the_picture_of_a_failover_is_of_today_s_run(self):
        """docs/failover.figures.txt has all that stands in the picture, and whose digest the picture has: scripts/picture-failover makes both."""
        digest, figures = (command.SOURCE / "docs/failover.figures.txt").read_text().split("\n", 1)
        self.assertEqual(hashlib.sha256((command.SOURCE / "docs/failover.png").read_bytes()).hexdigest(), digest, "another picture: scripts/picture-failover")
        run = self.run_scenario(command.SOURCE / "scenarios/team-failover.toml", "--trace", "report")
        told = subprocess.run([str(command.SOURCE / "scripts/failover-part"), str(run.directory / "report.html"), "--figures"], capture_output=True, text=True)
        self.assertEqual(told.stdout, figures, "a run tells something else: scripts/picture-failover")
        self.assertIn("no frame for", figures)

    def test_every_command_line_in_it_works(self):
        shutil.copy(command.SOURCE / "scenarios" / "line-rate-64.toml", self.folder / "my.toml")
        shutil.copytree(command.SOURCE / "scenarios" / "parts", self.folder / "parts")
        lines = [re.split("   +", line.strip())[0] for line in README if re.match("    (./build/tb/runner/)?nicteam ", line)]
        lines = [line for line in lines if not any(live.name in line for live in command.LIVE)]   # they wait for somebody
        self.assertGreaterEqual(len(lines), 4)
        for line in lines:
            with self.subTest(line):
                done = self.call(shlex.split(line)[1:])
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_every_run_that_the_pages_name_goes(self):
        """`nicteam run …` in README and docs/teaming.md: what is set may break an expectation (1), and is no error (2, 3)."""
        for page in ("README.md", "docs/teaming.md"):
            lines = re.findall("`nicteam (run [^`]*)`", (command.SOURCE / page).read_text())
            self.assertTrue(lines, page)
            for line in lines:
                with self.subTest(page, line=line):
                    done = self.call([*shlex.split(line.replace("scenarios/", f"{command.SOURCE}/scenarios/")), "--trace", "none"])
                    self.assertIn(done.returncode, (0, 1), done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
