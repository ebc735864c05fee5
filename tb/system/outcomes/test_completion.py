"""The shells themselves complete the command line with what `nicteam completion` prints."""
import os
import pty
import select
import shutil
import signal
import subprocess
import time
import unittest

import command


def script(shell):
    return subprocess.run([command.NICTEAM, "completion", shell], capture_output=True, text=True, check=True).stdout


def words_of_help(*command_words):
    """Long options and commands as --help lists them: another reading of the same description."""
    text = subprocess.run([command.NICTEAM, *command_words, "--help"], capture_output=True, text=True, check=True).stdout
    options = {w for line in text.splitlines() if line.startswith("  -") for w in line.split("  ")[1].replace(",", " ").split() if w.startswith("--")}
    at = text.find("Subcommands:")
    names = [line.split()[0] for line in text[at:].splitlines()[1:] if line.startswith("  ")] if at >= 0 else []
    return options, names


class zsh_at_a_terminal:
    """An interactive zsh on a pseudo terminal."""

    def __init__(self, folder):
        self.process, self.end = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            os.execvpe("zsh", ["zsh", "-f", "-i"], {"TERM": "dumb", "PATH": os.environ["PATH"], "HOME": str(folder)})
        self.seen = ""

    def say(self, keys):
        os.write(self.end, keys.encode())

    def wait_for(self, words, seconds=60):
        until = time.monotonic() + seconds
        while words not in self.seen:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.end], [], [], left)[0]:
                raise AssertionError(f"{words!r} did not come, but {self.seen!r}")
            self.seen += os.read(self.end, 4096).decode(errors="replace")
        self.seen = self.seen.split(words, 1)[1]

    def close(self):
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.end)


class completion(command.scenario_test):
    def bash(self, *words):
        line = f'{script("bash")}\nCOMP_WORDS=({" ".join(repr(w) for w in words)}); COMP_CWORD={len(words) - 1}; _nicteam; printf "%s\\n" "${{COMPREPLY[@]}}"'
        done = subprocess.run(["bash", "--norc", "-c", line], capture_output=True, text=True, cwd=self.folder)
        self.assertEqual(done.stderr, "")
        return [w for w in done.stdout.splitlines() if w]

    def test_bash_completes_commands_and_options_and_files(self):
        options, names = words_of_help()
        self.assertGreaterEqual(len(names), 6)
        self.assertEqual(set(self.bash("nicteam", "")), set(names) | options)
        self.assertEqual(self.bash("nicteam", "va"), ["validate"])
        for name in names:
            with self.subTest(name):
                self.assertEqual(set(self.bash("nicteam", name, "--")), words_of_help(name)[0])
        self.assertEqual(set(self.bash("nicteam", "run", "--s")), {"--set", "--seed"})
        (self.folder / "mine.toml").write_text("")
        (self.folder / "mine.txt").write_text("")
        (self.folder / "more").mkdir()
        self.assertEqual(sorted(self.bash("nicteam", "run", "m")), ["mine.toml", "more"])

    def test_bash_completes_names_of_scenarios_and_keys(self):
        self.assertIn("quickstart", self.bash(command.NICTEAM, "run", ""))
        self.assertEqual(self.bash(command.NICTEAM, "validate", "quicks"), ["quickstart"])
        self.assertEqual(self.bash("nicteam", "run", "quickstart", "--set", "nic.rx_f"), ["nic.rx_fifo="])
        for key in ("duration=", "trace.wave=", "nic.driver.receive_ring=", "host.firmware.error_reporting="):
            self.assertIn(key, self.bash("nicteam", "run", "-s", key[:5]))
        self.assertEqual(self.bash("nicteam", "run", "--trace", "w"), ["wave"])
        self.assertEqual(self.bash("nicteam", "run", "--format", ""), ["text", "json"])
        self.assertIn("nic.rx_fifo", self.bash("nicteam", "explain", "nic.r"))
        self.assertEqual(self.bash("nicteam", "completion", "z"), ["zsh"])

    def test_every_key_that_is_offered_is_one(self):
        keys = next(line for line in script("bash").splitlines() if line.startswith("_nicteam_keys=")).split('"')[1].split()
        self.assertGreater(len(keys), 150)
        done = subprocess.run([command.NICTEAM, "explain", *[k for k in keys if "." in k]], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)

    @unittest.skipUnless(shutil.which("zsh"), "no zsh")
    def test_zsh_completes_at_its_prompt(self):
        (self.folder / "nicteam.zsh").write_text(script("zsh"))
        shell = zsh_at_a_terminal(self.folder)
        try:
            shell.say("autoload -U +X compinit && compinit -u; source ./nicteam.zsh; echo rea''dy\n")
            shell.wait_for("ready")
            shell.say("nicteam va\t")
            shell.wait_for("nicteam validate")
            shell.say("\x15nicteam run --set nic.rx_f\t")
            shell.wait_for("nic.rx_fifo=")
        finally:
            shell.close()

    @unittest.skipUnless(shutil.which("fish"), "no fish")
    def test_fish_completes(self):
        done = subprocess.run(["fish", "-c", script("fish") + "\ncomplete -C 'nicteam va'"], capture_output=True, text=True)
        self.assertTrue(done.stdout.startswith("validate"), done)
        done = subprocess.run(["fish", "-c", script("fish") + "\ncomplete -C 'nicteam run --set nic.rx_f'"], capture_output=True, text=True)
        self.assertTrue(done.stdout.startswith("nic.rx_fifo="), done)

    def test_another_shell_is_a_usage_error(self):
        self.assertEqual(subprocess.run([command.NICTEAM, "completion", "tcsh"], capture_output=True).returncode, 2)


if __name__ == "__main__":
    unittest.main()
