"""Where standard error or standard output cannot be written, or the terminal goes away, a command still does its work and ends with its own status."""
import fcntl
import json
import os
import pty
import select
import signal
import subprocess
import termios
import unittest

import command

SCENARIO = 'schema = 1\nextends = "parts/one-nic.toml"\nduration = "2 ms"\ntraffic_start = "200 us"\n'
TRAFFIC = '[[traffic]]\nname = "up"\nfrom = "server"\nto = "client"\npace = "frames"\nframes_per_second = 20000\nframe_size = "256 B"\n'
BREACH = '[[figure]]\nname = "bus_use"\nas = "use(server.pci0)"\nat_most = "0.0001"\n'
SIZES = ("--set", "server.up.frame_size=64 B,256 B")
FOR_EVER = ("--set", "duration=100000 s")


class unwritable(command.scenario_test):
    def setUp(self):
        super().setUp()
        self.held = self.write("held.toml", SCENARIO + TRAFFIC)
        self.breach = self.write("breach.toml", SCENARIO + TRAFFIC + BREACH)
        self.wrong = self.write("wrong.toml", SCENARIO + TRAFFIC.replace("frame_size", "frame_sise"))

    def of(self, *words, **streams):
        streams = dict(dict(stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE), **streams)
        return subprocess.run([command.NICTEAM, *map(str, words)], cwd=self.folder, timeout=60, **streams)

    def left_pipe(self):
        """Whose reader is gone already."""
        reads, writes = os.pipe()
        os.close(reads)
        self.addCleanup(os.close, writes)
        return writes

    def test_messages_that_cannot_be_told_change_no_status(self):
        left = self.left_pipe()
        full = os.open("/dev/full", os.O_WRONLY)
        self.addCleanup(os.close, full)
        self.assertEqual(self.of("sweep", self.breach, "-o", "swept", *SIZES).returncode, 1)
        says = ((2, "validate", self.wrong), (2, "run", self.wrong), (2, "explain", "nothing"), (2, "list", "nowhere"), (2, "report", "nowhere"),
                (2, "frobnicate"), (2,), (2, "compare", "nowhere", "swept"), (1, "sweep", self.breach, "-o", "swept", "--resume", *SIZES),
                (1, "sweep", "merge", "swept", "-q"), (2, "sweep", self.wrong, "-o", "other"), (0, "run", self.held, "-q", "--until", "1 ms"))
        for status, *words in says:
            for what, streams in (("a reader that left", dict(stderr=left)), ("a full disk", dict(stderr=full)),
                                  ("closed", dict(stderr=None, preexec_fn=lambda: os.close(2)))):
                with self.subTest(words, stderr=what):
                    self.assertEqual(self.of(*words, **streams).returncode, status)
        # What would have been told went into no file.
        for file in (self.folder / "swept").glob("*.csv"):
            self.assertNotIn("nicteam:", file.read_text())

    def test_who_reads_standard_output_may_leave_and_the_files_are_there(self):
        """141 where the status were 0."""
        left = self.left_pipe()
        for status, words, page in ((1, ["sweep", self.breach, *SIZES, "-o", "breach"], "breach/report.html"),
                                    (141, ["sweep", self.held, *SIZES, "-o", "held"], "held/report.html"),
                                    (141, ["sweep", self.held, *SIZES, "--dry-run", "-q", "-o", "dry"], None),
                                    (141, ["run", self.held, "-o", "run"], "run/result.json"),
                                    (141, ["sweep", "merge", "held"], "held/report.html"), (1, ["report", "breach"], "breach/report.html"),
                                    (141, ["report", "held"], "held/report.html"), (141, ["report", "run"], "run/report.html"),
                                    (141, ["compare", "held", "held", "-o", "compared.html"], "compared.html"), (141, ["list"], None), (141, ["schema"], None)):
            with self.subTest(words):
                if page and (self.folder / page).exists():
                    (self.folder / page).unlink()
                done = self.of(*words, stdout=left)
                self.assertEqual((done.returncode, b"output" in done.stderr), (status, False), done.stderr)
                self.assertTrue(not page or (self.folder / page).exists())

    def test_standard_output_on_a_full_disk(self):
        with open("/dev/full", "wb") as full:
            for words in (["sweep", self.breach, *SIZES, "-o", "swept"], ["report", "swept"]):
                done = self.of(*words, stdout=full)
                self.assertEqual((done.returncode, b"nicteam: standard output: No space left on device\n" in done.stderr), (3, True), done.stderr)
                (self.folder / "swept" / "report.html").unlink()  # which was made all the same

    def on_a_terminal(self, *words, before=lambda: None):
        """Its process, and the terminal's other end, once something stands there."""
        ours, theirs = pty.openpty()

        def begin():
            before()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        process = subprocess.Popen([command.NICTEAM, *map(str, words)], cwd=self.folder, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
                                   preexec_fn=begin)
        self.addCleanup(process.kill)
        os.close(theirs)
        self.assertTrue(select.select([ours], [], [], 60)[0])
        return process, ours

    def test_the_terminal_goes_away(self):
        for words in (["run", self.held, "-o", "run", *FOR_EVER], ["sweep", self.held, "-o", "swept", *SIZES, *FOR_EVER]):
            with self.subTest(words):
                process, terminal = self.on_a_terminal(*words)
                os.close(terminal)
                self.assertEqual(process.wait(60), 130)
        self.assertTrue(json.loads((self.folder / "run" / "result.json").read_text())["interrupted"])
        self.assertTrue((self.folder / "swept" / "sweep.json").exists())
        # As below nohup: it goes on, and only the summary has no place.
        process, terminal = self.on_a_terminal("run", self.held, "-o", "on", "--set", "duration=3 s",
                                               before=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        os.close(terminal)
        self.assertEqual(process.wait(60), 3)
        self.assertFalse(json.loads((self.folder / "on" / "result.json").read_text())["interrupted"])


if __name__ == "__main__":
    unittest.main()
