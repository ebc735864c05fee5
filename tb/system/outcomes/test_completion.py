"""The shells themselves complete the command line with what `nicteam completion` prints."""
import os
import pty
import re
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


class shell_at_a_terminal:
    """An interactive shell on a pseudo terminal; it finds the command as `nicteam`."""

    def __init__(self, folder, *words):
        path = os.path.dirname(command.NICTEAM) + ":" + os.environ["PATH"]
        self.process, self.end = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            os.execvpe(words[0], words, {"TERM": "dumb", "PATH": path, "HOME": str(folder), "PS1": "$ "})
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
        parts = [p for w in words for p in (re.split("(=)", w) if "=" in w else [w])]         # as bash hands them over
        line = f"""{script("bash")}
COMP_WORDS=({" ".join(repr(w) for w in parts)}); COMP_CWORD={len(parts) - 1}; COMP_LINE={" ".join(words)!r}; COMP_POINT=${{#COMP_LINE}}
_nicteam; printf "%s\\n" "${{COMPREPLY[@]}}\""""
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
        self.assertEqual(sorted(self.bash("nicteam", "sweep", "m")), ["merge", "mine.toml", "more"])
        self.assertEqual(self.bash("nicteam", "sweep", "merge", "m"), ["more"])
        self.assertEqual(self.bash(command.NICTEAM, "sweep", "q04"), ["q04-dispatch"])

    def test_bash_completes_names_of_scenarios_and_keys(self):
        self.assertIn("quickstart", self.bash(command.NICTEAM, "run", ""))
        self.assertEqual(self.bash(command.NICTEAM, "validate", "quicks"), ["quickstart"])
        self.assertEqual(self.bash(command.NICTEAM, "run", "quickstart", "--set", "nic.rx_f"), ["nic.rx_fifo="])
        for key in ("duration=", "trace.wave=", "nic.driver.receive_ring=", "host.firmware.error_reporting="):
            self.assertIn(key, self.bash(command.NICTEAM, "run", "-s", key[:5]))
        self.assertEqual(self.bash("nicteam", "run", "--trace", "w"), ["wave"])
        self.assertEqual(self.bash("nicteam", "run", "--trace", "wave,p"), ["wave,pcap", "wave,packets"])
        self.assertEqual(set(self.bash("nicteam", "run", "--trace", "")), {"wave", "pcap", "txn", "packets", "report", "all", "none"})
        self.assertEqual(self.bash("nicteam", "run", "--trace", "wave,"), ["wave,pcap", "wave,txn", "wave,packets", "wave,report"])
        self.assertEqual(self.bash("nicteam", "run", "--trace", "wave,txn,p"), ["wave,txn,pcap", "wave,txn,packets"])
        self.assertEqual(self.bash("nicteam", "run", "--format", ""), ["text", "json"])
        self.assertEqual(self.bash("nicteam", "run", "--crypto-worker", ""), ["auto", "on", "off"])
        self.assertEqual(self.bash("nicteam", "run", "--transform-cache", "o"), ["on", "off"])
        received = {"nic.rx_fifo", "nic.rx_frames", "nic.rx_overrun", "nic.rx_first_octet", "nic.rx_active"}
        self.assertLess(received, set(self.bash("nicteam", "explain", "nic.rx")))
        self.assertEqual(self.bash("nicteam", "explain", "fau"), ["fault", *[f"fault.{k}" for k in "amount at every for from name times what".split()],
                                                                   "faults"])
        self.assertEqual(self.bash("nicteam", "completion", "z"), ["zsh"])

    def test_bash_completes_values_and_paths_of_the_scenario(self):
        def values(typed, *line):
            return self.bash(command.NICTEAM, "run", *line, "--set", typed)
        self.assertEqual(values("nic.identity=825"), ["82550", "82557", "82558", "82559"])
        self.assertEqual(values("nic.driver.padding="), ["false", "true"])
        self.assertEqual(values("nic.rx_fifo="), [])                                       # a size: no list
        self.assertEqual(self.bash(command.NICTEAM, "run", "--set=start=c"), ["cold"])
        self.assertEqual(values("server.pci0.n"), [])                                      # of which scenario?
        self.assertEqual(values("server.pci0.n", "quickstart"), ["server.pci0.nic0."])
        self.assertEqual(values("server.pci0.nic0.rx_f", "-q", "--out", "somewhere", "quickstart"), ["server.pci0.nic0.rx_fifo="])
        self.assertEqual(values("server.pci0.nic0.identity=e", "quickstart"), ["extended"])
        self.assertEqual(values("*.pci0.nic0.identity=e", "quickstart"), ["extended"])
        self.assertIn("client", values("traffic.to=", "quickstart"))
        (self.folder / "mine.toml").write_text('schema = 1\n[[host]]\nname = "mill"\nname = 3\n')      # in the middle of being written
        self.assertEqual(values("mill", "mine.toml"), [])
        (self.folder / "mine.toml").write_text('schema = 1\nseeed = 2\n[[host]]\nname = "mill"\n')
        self.assertEqual(values("mil", "mine.toml"), ["mill."])

    def test_whatever_is_offered_for_set_can_be_set(self):
        def words(typed):
            return subprocess.run([command.NICTEAM, "set-words", "--", "=" + typed, "quickstart"], capture_output=True, text=True).stdout.split()
        keys = [k for path in words("server") for k in words(path) if k.endswith("=")]
        self.assertGreater(len(keys), 80)
        pairs = [v for k in keys for v in words(k)]
        self.assertGreater(len(pairs), 40)
        for pair in pairs:
            done = subprocess.run([command.NICTEAM, "validate", "quickstart", "--set", pair], capture_output=True, text=True)
            for wrong in ("unknown key", "is no choice", "matches no", "is neither"):
                self.assertNotIn(wrong, done.stderr, pair)

    def test_bash_completes_at_its_prompt(self):
        (self.folder / "nicteam.bash").write_text(script("bash"))
        shell = shell_at_a_terminal(self.folder, "bash", "--norc", "-i")
        try:
            shell.say("source ./nicteam.bash; echo rea''dy\n")
            shell.wait_for("ready")
            self.complete_at(shell)
        finally:
            shell.close()

    def complete_at(self, shell):
        for typed, whole in (("va", "validate"), ("run --set nic.rx_f", "nic.rx_fifo="), ("run --set nic.identity=ex", "nic.identity=extended"),
                             ("run quickstart --set server.pci0.n", "server.pci0.nic0."), ("run quickstart --set server.pci0.nic0.rx_f", "nic0.rx_fifo="),
                             ("run --trace wave,pc", "wave,pcap")):
            shell.say(f"\x15nicteam {typed}\t")
            shell.wait_for(whole)

    def test_every_key_that_is_offered_is_one(self):
        keys = next(line for line in script("bash").splitlines() if line.startswith("_nicteam_keys=")).split('"')[1].split()
        self.assertGreater(len(keys), 150)
        done = subprocess.run([command.NICTEAM, "explain", *[k for k in keys if "." in k]], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)

    @unittest.skipUnless(shutil.which("zsh"), "no zsh")
    def test_zsh_completes_at_its_prompt(self):
        (self.folder / "nicteam.zsh").write_text(script("zsh"))
        shell = shell_at_a_terminal(self.folder, "zsh", "-f", "-i")
        try:
            shell.say("autoload -U +X compinit && compinit -u; source ./nicteam.zsh; echo rea''dy\n")
            shell.wait_for("ready")
            self.complete_at(shell)
        finally:
            shell.close()

    @unittest.skipUnless(shutil.which("fish"), "no fish")
    def test_fish_completes(self):
        path = os.path.dirname(command.NICTEAM) + ":" + os.environ["PATH"]
        def completed(typed):
            done = subprocess.run(["fish", "--no-config", "-c", script("fish") + f"\ncomplete -C 'nicteam {typed}'"], capture_output=True,
                    text=True, cwd=self.folder,
                                  env=dict(os.environ, PATH=path, HOME=str(self.folder)))
            self.assertEqual(done.stderr, "")
            return [line.split("\t")[0] for line in done.stdout.splitlines()]
        (self.folder / "some.file").write_text("")
        self.assertEqual(completed("va"), ["validate"])
        self.assertEqual(completed("run --set nic.rx_f"), ["nic.rx_fifo="])
        self.assertEqual(completed("run --set nic.driver.padding="), ["nic.driver.padding=false", "nic.driver.padding=true"])
        self.assertEqual(completed("run quickstart --set=nic.identity=ex"), ["--set=nic.identity=extended"])
        self.assertEqual(completed("run quickstart --set server.pci0.nic0.rx_f"), ["server.pci0.nic0.rx_fifo="])
        self.assertEqual(completed("run --trace wave,"), ["wave,packets", "wave,pcap", "wave,report", "wave,txn"])
        self.assertEqual(completed("run --trace wave,p"), ["wave,packets", "wave,pcap"])
        self.assertEqual(completed("run --format "), ["json", "text"])
        self.assertEqual(completed("run --crypto-worker "), ["auto", "off", "on"])

    def test_another_shell_is_a_usage_error(self):
        self.assertEqual(subprocess.run([command.NICTEAM, "completion", "tcsh"], capture_output=True).returncode, 2)


if __name__ == "__main__":
    unittest.main()
