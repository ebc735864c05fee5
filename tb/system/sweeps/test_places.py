"""Where a sweep cannot write: a full disk, one that is read-only from the beginning or becomes it, a directory of somebody else. Before the first run where
it can be known; else nothing that had ended is lost."""
import json
import os
import shutil
import sqlite3
import subprocess
import time
import unittest

import apart
from sweeping import GRID, NICTEAM, TINY, Folder

MANY = ("--set", "sweep.replicates=20")  # 180 runs, whose records take 4 KiB each


class Places(unittest.TestCase):
    def setUp(self):
        self.folder = Folder(self)
        self.file = self.folder.scenario(GRID)
        self.disk = self.folder.path / "disk"
        self.disk.mkdir()

    def mount(self, options):
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", self.disk], check=True)
        self.addCleanup(subprocess.run, ["umount", "--lazy", self.disk], check=True)

    def remount(self, options):
        return subprocess.run(["mount", "-o", f"remount,{options}", self.disk], capture_output=True).returncode == 0

    def whole(self, *words):
        self.folder.sweep(self.file, "-o", "whole", "-q", *words)
        return self.folder.octets("whole")

    def records(self):
        return list((self.disk / "out" / "runs").rglob("*.json"))

    def assert_nothing_half(self):
        for record in self.records():
            self.assertEqual(json.loads(record.read_text())["status"], "held")
        self.assertEqual(list(self.disk.rglob("*.part*")), [])

    def test_a_full_disk_ends_the_sweep_and_what_had_ended_counts_when_there_is_room(self):
        whole = self.whole(*MANY)
        self.mount("size=512k")
        done = self.folder.sweep(self.file, "-o", "disk/out", *MANY, status=3)
        self.assertRegex(done.stderr, r"disk/out/runs/.*: No space left on device; what had ended is kept, and --resume goes on when it can be written\n$")
        self.assertEqual(done.stderr.count("\n"), 1)
        kept = {record: record.stat().st_mtime_ns for record in self.records()}
        self.assertGreater(len(kept), 40)
        self.assert_nothing_half()
        self.assertFalse((self.disk / "out" / "runs.csv").exists())
        self.folder.sweep(self.file, "-o", "disk/out", "-q", *MANY, "--resume", status=3)  # still full
        self.assertTrue(self.remount("size=64m"))
        self.folder.sweep(self.file, "-o", "disk/out", "-q", *MANY, "--resume")
        self.assertEqual(self.folder.octets("disk/out"), whole)
        for record, when in kept.items():
            self.assertEqual(record.stat().st_mtime_ns, when)

    def test_a_disk_too_full_for_tables_keeps_the_old_ones(self):
        whole = self.whole()
        self.mount("size=4m")
        self.folder.sweep(self.file, "-o", "disk/out", "-q")
        for room in (0, 4, 8, 12):  # KiB
            with self.subTest(room):
                free = os.statvfs(self.disk).f_bavail * os.statvfs(self.disk).f_frsize // 1024
                (self.disk / "filler").write_bytes(bytes(1024 * (free - room)))
                done = self.folder.sweep("merge", "disk/out", status=3)
                self.assertRegex(done.stderr, r"nicteam: disk/out/(runs.csv|points.csv|results.sqlite): (No space left on device|database or disk is full)\n")
                self.assertEqual(self.folder.octets("disk/out"), whole)
                self.assert_nothing_half()
                connection = sqlite3.connect(self.disk / "out" / "results.sqlite")
                self.assertEqual(connection.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
                connection.close()
                (self.disk / "filler").unlink()
        self.folder.sweep("merge", "disk/out", "-q")
        self.assertEqual(self.folder.octets("disk/out"), whole)

    def test_files_of_runs_that_found_no_room_are_made_again(self):
        self.file = self.folder.scenario(GRID.replace("[sweep]\n", '[sweep]\nkeep = "files"\n'))
        whole = self.whole()
        self.mount("size=1m")
        done = self.folder.sweep(self.file, "-o", "disk/out", "-q", status=3)
        self.assertRegex(done.stderr, r"disk/out/.*: No space left on device; what had ended is kept, and --resume goes on when it can be written\n$")
        self.assert_nothing_half()
        self.assertTrue(self.remount("size=64m"))
        self.folder.sweep(self.file, "-o", "disk/out", "-q", "--resume")
        self.assertEqual(self.folder.octets("disk/out"), whole)
        for record in self.records():
            self.assertTrue((self.disk / "out" / "files" / record.stem / "result.json").exists())

    def test_a_read_only_disk_is_told_before_the_first_run(self):
        self.mount("size=4m")
        self.folder.sweep(self.file, "-o", "disk/out", "-q", "--shard", "0/2")
        self.assertTrue(self.remount("ro"))
        for words in ((), ("--dry-run",)):
            said = self.folder.sweep(self.file, "-o", "disk/out", "--resume", *words, status=2).stderr
            self.assertEqual(said, "nicteam: cannot write into disk/out: Read-only file system\n")
            said = self.folder.sweep(self.file, "-o", "disk/other", *words, status=2).stderr
            self.assertEqual(said, "nicteam: cannot make disk/other: Read-only file system\n")
        self.assertEqual(self.folder.sweep("merge", "disk/out", status=3).stderr, "nicteam: disk/out/runs.csv: Read-only file system\n")

    def test_a_disk_that_becomes_read_only_in_the_middle(self):
        whole = self.whole(*MANY)
        self.mount("size=64m")
        process = subprocess.Popen([NICTEAM, "sweep", self.file, "-o", "disk/out", "-q", *MANY], cwd=self.folder.path, stderr=subprocess.PIPE, text=True)
        while len(self.records()) < 20:
            time.sleep(0.01)
        while not self.remount("ro"):  # refused while a file is being written
            self.assertIsNone(process.poll())
        _, said = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 3, said)
        self.assertIn("Read-only file system; what had ended is kept", said)
        self.assertTrue(self.remount("rw"))
        kept = {record: record.stat().st_mtime_ns for record in self.records()}
        self.assert_nothing_half()
        self.folder.sweep(self.file, "-o", "disk/out", "-q", *MANY, "--resume")
        self.assertEqual(self.folder.octets("disk/out"), whole)
        for record, when in kept.items():
            self.assertEqual(record.stat().st_mtime_ns, when)

    def test_a_waveform_in_fst_that_finds_no_room_is_left_out_with_the_reason(self):
        file = self.folder.scenario(TINY + '[trace]\nwave = true\nwave_format = "fst"\n[sweep]\nkeep = "files"\n')
        if "was built without" in subprocess.run([NICTEAM, "validate", file], capture_output=True, text=True).stderr:
            self.skipTest("built without the writer of FST")
        run = ["run", file, "-q", "--until", "1 ms", "-o"]
        subprocess.run([NICTEAM, *run, "whole"], cwd=self.folder.path, check=True)
        self.mount("size=4k")  # not even for the names of the signals

        def refused(reason, *words, out="disk/out"):
            done = subprocess.run([*words, NICTEAM, *run, out], cwd=self.folder.path, capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 3, done.stderr)
            self.assertIn(f"nicteam: {out}/wave.fst: {reason}; it is left out\n", done.stderr)
            self.assertEqual(list(self.folder.path.glob(out + "/wave*")), [])
        refused("No space left on device")
        refused("File too large", "sh", "-c", "ulimit -f 0; trap '' XFSZ; exec \"$@\"", "sh", out="limited")
        self.remount("size=20k")
        done = self.folder.sweep(file, "-o", "disk/sweep", "--set", "server.up.frame_size=64 B,128 B", status=3)
        self.assertRegex(done.stderr, r"No space left on device; what had ended is kept, and --resume goes on when it can be written\n$")
        # What the writer keeps beside the file needs no room in /tmp.
        full = 'mount -t tmpfs -o size=4k tmpfs /tmp; cat /dev/zero > /tmp/full 2>/dev/null; exec "$@"'
        with open(NICTEAM, "rb") as command:
            words = ["unshare", "--mount", "sh", "-c", full, "sh", f"/proc/self/fd/{command.fileno()}", "run", "whole/config.resolved.toml", *run[2:], "again"]
            subprocess.run(words, cwd=self.folder.path, check=True, pass_fds=[command.fileno()])
        self.assertEqual(*((self.folder.path / out / "wave.fst").read_bytes() for out in ("whole", "again")))

    def test_a_directory_of_somebody_else(self):
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        os.chmod(self.folder.path, 0o755)
        if subprocess.run([*nobody, NICTEAM, "--version"], capture_output=True).returncode != 0:
            self.skipTest("nobody may run the command here")
        self.folder.sweep(self.file, "-o", "out", "-q", "--shard", "0/2")
        for words, message in ((("out", "--resume"), "cannot write into out: Permission denied"), (("other",), "cannot make other: Permission denied")):
            done = subprocess.run([*nobody, NICTEAM, "sweep", self.file, "-o", *words], cwd=self.folder.path, capture_output=True, text=True, timeout=60)
            self.assertEqual((done.returncode, done.stderr), (2, f"nicteam: {message}\n"))


if __name__ == "__main__":
    if not apart.again(*apart.MOUNTS) or not shutil.which("mount"):
        apart.cannot("nothing can be mounted here")
    unittest.main()
