"""A sweep that is stopped, killed, split over shards or that meets a bad directory: nothing that was finished is lost, and the tables come out the same."""
import itertools
import json
import os
import pathlib
import pty
import random
import shutil
import re
import signal
import sqlite3
import subprocess
import time
import unittest

import processes
from sweeping import GRID, NICTEAM, TINY, Folder

KILLS = int(os.environ.get("NICTEAM_SWEEP_KILLS", "50"))


def listens(process, asked):
    """Whether a process has a handler of this signal, which is not so before its loader is done."""
    with open(f"/proc/{process}/status") as status:
        return next(int(line.split()[1], 16) for line in status if line.startswith("SigCgt:")) >> (asked - 1) & 1


class Stopped(unittest.TestCase):
    def setUp(self):
        self.folder = Folder(self)
        self.file = self.folder.scenario(GRID)

    def undisturbed(self):
        self.folder.sweep(self.file, "-o", "whole", "-q")
        return self.folder.octets("whole")

    def records(self, out):
        return sum(1 for _ in (self.folder.path / out / "runs").rglob("*.json"))

    def test_killed_at_random_moments_and_resumed_the_tables_are_those_of_a_sweep_that_nobody_disturbed(self):
        """A kill comes when some more runs have ended, none to all of them, and a moment later, longer at each attempt: so each sweep comes to its end,
        however slow the machine."""
        began = time.monotonic()
        whole = self.undisturbed()
        a_run = (time.monotonic() - began) / self.records("whole")
        random.seed(1)
        killed = 0
        sweeps = 0
        while killed < KILLS or sweeps < 2:
            sweeps += 1
            out = f"out{sweeps}"
            for attempt in itertools.count(1):
                process = subprocess.Popen([NICTEAM, "sweep", self.file, "-o", out, "-q", "--resume"], cwd=self.folder.path, stdout=subprocess.DEVNULL,
                                           stderr=subprocess.DEVNULL)
                enough = min(self.records(out) + random.randrange(8), self.records("whole"))
                processes.wait_until(f"{enough} runs", lambda: self.records(out) >= enough or process.poll() is not None)
                try:
                    process.wait(random.uniform(0, a_run * attempt))
                    self.assertEqual(process.returncode, 0)
                    break
                except subprocess.TimeoutExpired:
                    process.send_signal(random.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGTERM)))
                    process.wait()
                    killed += 1
            self.assertEqual(self.folder.octets(out), whole)

    def test_what_has_run_is_not_run_again(self):
        self.undisturbed()
        records = {p: p.stat().st_mtime_ns for p in (self.folder.path / "whole" / "runs").rglob("*.json")}
        self.assertEqual(len(records), len(self.folder.table("whole")))
        self.folder.sweep(self.file, "-o", "whole", "-q", "--resume", "--set", "server.up.frame_size=64 B,256 B,1000 B,300 B")
        self.assertGreater(len(self.folder.table("whole")), len(records))
        for path, when in records.items():
            self.assertEqual(path.stat().st_mtime_ns, when)

    def records_at(self, out):
        """When each was written."""
        return {p: p.stat().st_mtime_ns for p in (self.folder.path / out / "runs").rglob("*.json")}

    def test_what_failed_is_run_again_when_that_is_asked_for_and_not_else(self):
        long = ("--set", "duration=1 s")
        self.folder.sweep(self.file, "-o", "whole", "-q", *long)
        some = ("--set", "server.up.frame_size=64 B")
        self.folder.sweep(self.file, "-o", "out", "-q", *long, *some)
        held = self.records_at("out")
        done = self.folder.sweep(self.file, "-o", "out", "--resume", *long, "--set", 'sweep.time_limit="1 ms"', status=4)
        self.assertIn("  8 held, 10 failed: did not run to their end\n  failed: point 1, replicate 0: longer than time_limit, 0.001 s\n", done.stdout)
        all_of_them = self.records_at("out")
        self.assertEqual((len(held), len(all_of_them)), (8, 18))
        self.folder.sweep(self.file, "-o", "out", "-q", "--resume", *long, status=4)
        self.assertEqual(self.records_at("out"), all_of_them)  # no run was begun
        dry = self.folder.sweep(self.file, "-o", "out", "--resume", "--retry-failed", "--dry-run", *long).stdout
        self.assertIn("\n10 runs are left to do\n", dry)
        self.folder.sweep(self.file, "-o", "out", "-q", "--resume", "--retry-failed", *long)
        again = self.records_at("out")
        self.assertEqual({p: again[p] for p in held}, held)
        self.assertTrue(all(again[p] > when for p, when in all_of_them.items() if p not in held))
        self.assertEqual(self.folder.octets("out"), self.folder.octets("whole"))

    def test_a_figure_that_is_added_runs_again_what_did_not_keep_its_answer_and_says_so(self):
        self.undisturbed()
        records = self.records_at("whole")
        more = '[[figure]]\nname = "delay"\nas = "p99(client.latency)"\n[[figure]]\nname = "twice"\nas = "2 * delay / mean(client.latency)"\n'
        self.folder.scenario(GRID.replace('metrics = ["client.frames"]', 'metrics = ["client.frames", "client.octets"]') + more)
        values = ("--set", "server.up.frame_size=64 B,256 B,1000 B,300 B")
        why = ("sweep.metrics asks for client.octets, figure delay asks for p99(client.latency), figure twice asks for mean(client.latency), "
               "which were not kept")
        said = self.folder.sweep(self.file, "-o", "whole", "--resume", "--dry-run", *values).stdout
        self.assertIn(f"\n26 runs are left to do\n18 of them had ended: {why}\n", said)
        self.assertIn(f"\n18 runs are left to do\nall of them had ended: {why}\n", self.folder.sweep(self.file, "-o", "whole", "--resume", "--dry-run").stdout)
        said = self.folder.sweep("merge", "whole", "-q", status=4).stderr
        self.assertEqual(said, f"nicteam: 18 of 18 runs have not run yet\nnicteam: 18 runs had ended before: {why}; --resume runs them again\n")
        self.assertEqual(self.records_at("whole"), records)
        said = self.folder.sweep(self.file, "-o", "whole", "-q", "--resume").stderr
        self.assertEqual(said, f"nicteam: 18 runs had ended before: {why}; they were run again\n")
        self.folder.sweep(self.file, "-o", "other", "-q")
        self.assertEqual(self.folder.octets("whole"), self.folder.octets("other"))

    def test_a_figure_that_is_added_takes_what_the_files_of_a_run_have(self):
        """All that they have to the last digit: counts, samples, flows; not means of levels and uses of resources, which they have rounded."""
        keeps = GRID.replace("[sweep]\n", '[sweep]\nkeep = "files"\n')
        self.folder.scenario(keeps)
        self.folder.sweep(self.file, "-o", "out", "-q")
        files = {p: p.stat().st_mtime_ns for p in (self.folder.path / "out" / "files").rglob("result.json")}
        self.assertEqual(len(files), 18)
        of_files = ["p99(client.latency)", "mean(client.latency)", "rate(client.octets)", "throughput(flows)", "p90(server.up to client)", "mean(flows)",
                    "greatest(server.pci0.nic0.tx_fifo)", "throughput(server.up to client)", "total(server.* to client)"]
        more = "".join(f'[[figure]]\nname = "more{n}"\nas = "{one}"\n' for n, one in enumerate(of_files))
        self.folder.scenario(keeps.replace('metrics = ["client.frames"]', 'metrics = ["client.frames", "client.octets", "client.latency"]') + more)
        dry = self.folder.sweep(self.file, "-o", "out", "--resume", "--dry-run").stdout
        self.assertTrue(dry.endswith("0 runs are left to do\n"), dry)
        self.assertEqual(self.folder.sweep("merge", "out", "-q").stderr, "")
        merged = self.folder.octets("out")
        self.assertEqual(self.folder.sweep(self.file, "-o", "out", "-q", "--resume").stderr, "")
        self.assertEqual({p: p.stat().st_mtime_ns for p in files}, files)
        self.folder.sweep(self.file, "-o", "other", "-q")
        self.assertEqual(self.folder.octets("out"), self.folder.octets("other"))
        self.assertEqual(merged, self.folder.octets("other"))
        for one in ("mean(server.pci0.nic0.tx_fifo)", "use(lan0.*)", "p50(server.up to client from host_post to wire_begin)"):
            self.folder.scenario(keeps + more + f'[[figure]]\nname = "last"\nas = "{one}"\n')
            dry = self.folder.sweep(self.file, "-o", "out", "--resume", "--dry-run", "--shard", "0/6").stdout
            self.assertIn(f"\n3 runs are left to do for this shard\nall of them had ended: figure last asks for {one}, which was not kept\n", dry)

    def kill_a_run_of(self, process, asked):
        while not processes.kill_a_child(process.pid, asked):
            self.assertIsNone(process.poll(), "all runs had ended")

    def test_a_run_that_is_killed_by_itself_is_run_again_by_the_same_command(self):
        """As by a kernel that is short of memory, which takes the process of a run and leaves the sweep."""
        long = ("--set", "duration=400 ms")
        self.folder.sweep(self.file, "-o", "whole", "-q", *long)
        shard = ("--resume", "--shard", "0/2")
        for asked, out, words in ((signal.SIGKILL, "out", ()), (signal.SIGTERM, "out", ("--resume",)), (signal.SIGKILL, "shards", shard)):
            line = [NICTEAM, "sweep", self.file, "-o", out, *long, *words]
            if "--resume" in words:  # so that something is left to do
                for path in list(self.records_at(out))[::2]:
                    path.unlink()
            process = subprocess.Popen(line, cwd=self.folder.path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            self.addCleanup(process.kill)
            self.kill_a_run_of(process, asked)
            printed, said = process.communicate(timeout=120)
            self.assertEqual(process.returncode, 4, said)
            self.assertRegex(said, r"^nicteam: 1 run was killed from outside \(point \d+, replicate \d\), as where memory is short; nothing of it is kept, "
                                   r"and --resume runs it again\n" + ("" if out == "shards" else "nicteam: 1 of 18 runs have not run yet\n$"))
            left = 17 if out == "out" else 8
            self.assertEqual(self.records(out), left)
            if out == "out":
                self.assertIn("17 held, 1 not run yet\n", printed)
                self.assertEqual(sorted(row["status"] for row in self.folder.table(out)), ["held"] * 17 + ["missing"])
        before = self.records_at("out")
        for out, words in (("out", ("--resume",)), ("shards", shard), ("shards", ("--shard", "1/2"))):
            self.folder.sweep(self.file, "-o", out, "-q", *long, *words)
        self.folder.sweep("merge", "shards", "-q")
        after = self.records_at("out")
        self.assertEqual({p: after[p] for p in before}, before)
        for out in ("out", "shards"):
            self.assertEqual(self.folder.octets(out), self.folder.octets("whole"))

    def test_a_run_that_crashes_has_failed(self):
        words = ("-o", "out", "-q", "--set", "duration=400 ms")
        process = subprocess.Popen([NICTEAM, "sweep", self.file, *words], cwd=self.folder.path, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.kill)
        self.kill_a_run_of(process, signal.SIGSEGV)
        process.communicate(timeout=120)
        self.assertEqual(process.returncode, 4)
        self.assertEqual([row["why"] for row in self.folder.table("out") if row["status"] == "failed"], ["ended by signal 11"])

    def test_a_record_cut_in_half_is_run_again(self):
        whole = self.undisturbed()
        for path in list((self.folder.path / "whole" / "runs").rglob("*.json"))[::3]:
            path.write_bytes(path.read_bytes()[:random.randrange(1, 200)])
        self.folder.sweep(self.file, "-o", "whole", "-q", "--resume")
        self.assertEqual(self.folder.octets("whole"), whole)

    def test_what_was_left_half_written_goes_at_the_next_start_and_what_somebody_writes_stays(self):
        self.undisturbed()
        script = "import os, sys; print(os.getpid())"
        gone = int(subprocess.run(["python3", "-c", script], capture_output=True, text=True, check=True).stdout)
        name = "{}.part-{}-{}-abcdef"
        here = subprocess.run(["sh", "-c", "printf %s%s \"$(hostname)\" \"$(readlink /proc/self/ns/pid)\""], capture_output=True, text=True).stdout
        tag = 2166136261
        for octet in here.encode():
            tag = (tag ^ octet) * 16777619 & 0xFFFFFFFF
        below = next((self.folder.path / "whole" / "runs").iterdir())
        dead = [self.folder.path / "whole" / name.format("points.csv", f"{tag:08x}", gone), below / name.format("x.json", f"{tag:08x}", gone)]
        living = [self.folder.path / "whole" / name.format("points.csv", f"{tag:08x}", os.getpid()),
                  self.folder.path / "whole" / name.format("points.csv", f"{tag ^ 1:08x}", gone)]  # of another machine
        for path in dead + living:
            path.write_text("half")
        self.folder.sweep(self.file, "-o", "whole", "-q", "--resume")
        self.assertEqual([path.exists() for path in dead + living], [False, False, True, True])

    def test_interrupted_it_says_how_to_go_on_and_ends_with_130(self):
        process = subprocess.Popen([NICTEAM, "sweep", self.file, "-o", "out", "--set", "duration=1000 s"], cwd=self.folder.path, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.kill)
        processes.wait_until("a run", lambda: processes.children(process.pid))
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 130)
        self.assertIn("--resume", said)

    def test_whatever_ends_a_sweep_leaves_all_that_had_finished(self):
        """Records as they were written, none of a run that was cut, and nothing of it is run again. The terminal that is closed is a real one."""
        long = ("--set", "duration=600 ms")
        self.folder.sweep(self.file, "-o", "whole", "-q", *long)
        for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL, None):
            out = f"out{asked}"
            child, terminal = pty.fork()
            if child == 0:
                os.chdir(self.folder.path)
                os.execv(NICTEAM, [NICTEAM, "sweep", self.file, "-o", out, "-q", *long])
            processes.wait_until("2 runs", lambda: self.records(out) >= 2)
            some = self.records_at(out)
            if asked:
                os.kill(child, asked)
                processes.wait_until("its end", lambda: processes.state(child) == "Z")
            os.close(terminal)  # which is SIGHUP
            self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), -signal.SIGKILL if asked == signal.SIGKILL else 130)
            left = self.records_at(out)
            self.assertEqual({p: left[p] for p in some}, some)
            self.assertLess(len(left), 18)
            self.assertEqual({json.loads(p.read_text())["status"] for p in left}, {"held"})
            self.folder.sweep(self.file, "-o", out, "-q", "--resume", *long)
            after = self.records_at(out)
            self.assertEqual({p: after[p] for p in left}, left)
            self.assertEqual(self.folder.octets(out), self.folder.octets("whole"))

    def test_what_makes_results_anew_ends_at_once_and_leaves_those_that_were_there(self):
        def octets():
            return {p: p.read_bytes() for p in self.folder.path.rglob("*") if p.is_file()}
        subprocess.run([NICTEAM, "run", self.folder.scenario(TINY, "one"), "-q", "-o", "run"], cwd=self.folder.path, check=True)
        self.folder.sweep(self.file, "-o", "sweep", "-q", "--set", "sweep.replicates=1")
        os.mkfifo(self.folder.path / "run" / "report.html")  # whoever writes it waits: nobody reads
        unread, full = os.pipe()                             # and what is printed
        self.addCleanup(os.close, unread), self.addCleanup(os.close, full)
        os.set_blocking(full, False)
        with self.assertRaises(BlockingIOError):
            while True:
                os.write(full, bytes(4096))
        os.set_blocking(full, True)
        before = octets()
        for words in (("report", "run"), ("report", "sweep"), ("compare", "run", "run", "--out", "page.html"),
                      ("compare", "sweep", "sweep", "--out", "page.html"), ("sweep", "merge", "sweep")):
            for asked, later in ((signal.SIGINT, 0), (signal.SIGTERM, 0.1), (signal.SIGHUP, 0.1)):
                with self.subTest(words=words, asked=asked):
                    process = subprocess.Popen([NICTEAM, *words], cwd=self.folder.path, stdout=full, stderr=subprocess.PIPE, text=True)
                    self.addCleanup(process.kill)
                    latest = time.monotonic() + 20
                    while not listens(process.pid, asked):
                        self.assertIsNone(process.poll())
                        self.assertLess(time.monotonic(), latest, "nobody listens")
                        time.sleep(0.001)
                    time.sleep(later)
                    process.send_signal(asked)
                    _, said = process.communicate(timeout=20)
                    self.assertEqual((process.returncode, said), (130, "nicteam: interrupted\n"))
                    self.assertTrue(octets() == before)

    def test_no_run_outlives_a_sweep_that_was_killed(self):
        process = subprocess.Popen([NICTEAM, "sweep", self.file, "-o", "out", "-q", "--set", "duration=1000 s"], cwd=self.folder.path,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)

        def left():  # a dead one may wait for whoever inherits it
            states = subprocess.run(["ps", "-o", "stat=", "-s", str(process.pid)], capture_output=True, text=True).stdout.split()
            return [state for state in states if not state.startswith("Z")]

        try:
            processes.wait_until("a run", lambda: processes.children(process.pid))
            process.kill()
            process.wait()
            processes.wait_until("the end of its runs", lambda: not left(), 30)
        finally:
            if left():
                os.killpg(process.pid, signal.SIGKILL)

    def test_shards_side_by_side_and_a_merge_give_the_same_tables(self):
        whole = self.undisturbed()
        for n in (3, 2, 1, 0):
            self.folder.sweep(self.file, "-o", "out", "-q", "--shard", f"{n}/4")
            self.assertFalse((self.folder.path / "out" / "runs.csv").exists())
        self.folder.sweep("merge", "out", "-q")
        self.assertEqual(self.folder.octets("out"), whole)

    def test_a_shard_ends_as_its_runs_did(self):
        file = self.folder.scenario(GRID + '\n[[expect]]\nname = "many"\nmetric = "client.frames"\nat_least = "9999 frames"\n', "broken")
        for words in ((), ("--resume",)):
            self.folder.sweep(file, "-o", "out", "-q", "--shard", "0/6", *words, status=1)
        failing = ("--set", "duration=1000 s", "--set", 'sweep.time_limit="1 ms"', "--set", "sweep.replicates=1")
        self.folder.sweep(file, "-o", "failing", "-q", "--shard", "0/9", *failing, status=4)

    def shown(self, status, *words):
        """What a sweep writes to a terminal, and the seconds that it took."""
        ours, theirs = os.openpty()
        began = time.monotonic()
        process = subprocess.Popen([NICTEAM, "sweep", *words], cwd=self.folder.path, stdout=subprocess.DEVNULL, stderr=theirs)
        os.close(theirs)
        text = b""
        while True:
            try:
                some = os.read(ours, 4096)
            except OSError:  # it has ended
                some = b""
            if not some:
                break
            text += some
        os.close(ours)
        self.assertEqual(process.wait(120), status, text)
        return text.decode(), time.monotonic() - began

    def test_the_progress_line_counts_what_broke_and_failed_apart_and_says_when_it_will_be_done(self):
        """Behind a pseudo-terminal; every line that is shown says it of all runs that have ended, or of none."""
        expect = '\n[[expect]]\nname = "many"\nmetric = "client.frames"\nat_least = "{} frames"\n'
        all_broken, none_broken = (self.folder.scenario(GRID + expect.format(least), f"progress{least}") for least in (999999, 0))
        long, half = ("--set", "duration=200 ms"), ("--set", "duration=100 us,2 ms", "--set", "sweep.replicates=10")  # one of two ends before its traffic
        for out, file, of, status, which, words in (("broken", all_broken, 18, 1, r", \1 broken", long), ("held", none_broken, 18, 0, "", long),
                                                    ("failed", none_broken, 180, 4, r", (\d+) failed", half)):
            text, seconds = self.shown(status, file, "-o", out, *words)
            ended = [line for line in re.findall(r"\r\x1b\[K(\d+ of \d+ runs[^\r]*)", text) if not line.startswith("0 of")]
            self.assertTrue(ended, text)
            for line in ended:
                self.assertRegex(line, rf"^(\d+) of {of} runs{which}, [\d.]+/s, \d+:\d\d:\d\d left")
                n, rate, hours, minutes, left = (float(x) for x in re.search(r"^(\d+) .* ([\d.]+)/s, (\d+):(\d+):(\d+) left", line).groups())
                if out == "failed":
                    self.assertAlmostEqual(int(re.search(r"(\d+) failed", line).group(1)), n / 2, delta=8)  # ten of a point in a row
                self.assertLessEqual((n - 1) / (rate + 0.5), seconds)  # as many as were run, in the time that there was
                self.assertAlmostEqual(3600 * hours + 60 * minutes + left, (of - n) / rate, delta=1 + 0.1 * (of - n) / rate)

    def test_shards_at_the_same_time(self):
        whole = self.undisturbed()
        shard = [NICTEAM, "sweep", self.file, "-o", "out", "-q", "-j", "1", "--shard"]
        all_at_once = [subprocess.Popen([*shard, f"{n}/3"], cwd=self.folder.path) for n in range(3)]
        for process in all_at_once:
            self.assertEqual(process.wait(120), 0)
        self.folder.sweep("merge", "out", "-q")
        self.assertEqual(self.folder.octets("out"), whole)

    def test_a_merge_is_of_the_sweep_as_it_was_edited_last(self):
        self.folder.sweep(self.file, "-o", "out", "-q", "--set", "server.up.frame_size=64 B")
        more = ("--set", "server.up.frame_size=64 B,300 B")
        self.folder.sweep(self.file, "-o", "out", "-q", "--resume", *more)
        tables = self.folder.octets("out")
        self.folder.sweep("merge", "out", "-q")
        self.assertEqual(self.folder.octets("out"), tables)
        environment = dict(os.environ, NICTEAM_SET="duration=3 ms")
        subprocess.run([NICTEAM, "sweep", self.file, "-o", "other", "-q"], cwd=self.folder.path, env=environment, check=True)
        tables = self.folder.octets("other")
        self.folder.sweep("merge", "other", "-q")  # without that environment
        self.assertEqual(self.folder.octets("other"), tables)

    def test_many_who_run_the_same_at_once_and_are_killed_leave_every_file_whole(self):
        whole = self.undisturbed()
        random.seed(2)
        ends, integrity = set(), set()
        for again in range(12):
            out = f"out{again // 4}"
            words = [NICTEAM, "sweep", self.file, "-o", out, "-q", "--resume", "-j", "2"]
            workers = [subprocess.Popen(words, cwd=self.folder.path, stderr=subprocess.PIPE, text=True) for _ in range(4)]
            for worker in workers[: again % 4 + 1]:  # the others go on
                time.sleep(random.uniform(0, 0.2))
                worker.send_signal(signal.SIGKILL)
            for worker in workers:
                _, said = worker.communicate(timeout=120)
                self.assertIn(worker.returncode, (0, -signal.SIGKILL), said)
                ends.add(worker.returncode)
            for file in (self.folder.path / out / "runs").rglob("*.json"):
                json.loads(file.read_text())
            if (self.folder.path / out / "results.sqlite").exists():
                connection = sqlite3.connect(self.folder.path / out / "results.sqlite")
                integrity.update(connection.execute("PRAGMA integrity_check").fetchall())
                connection.close()
        self.assertEqual((ends, integrity), ({0, -signal.SIGKILL}, {("ok",)}))
        self.folder.sweep(self.file, "-o", out, "-q", "--resume")
        self.assertEqual(self.folder.octets(out), whole)

    def test_a_merge_of_what_is_not_all_there_marks_what_is_missing(self):
        self.folder.sweep(self.file, "-o", "out", "-q", "--shard", "0/2")
        done = self.folder.sweep("merge", "out", status=4)
        self.assertIn("  9 held, 9 not run yet\n", done.stdout)
        self.assertEqual(done.stderr, "nicteam: 9 of 18 runs have not run yet\n")
        report = subprocess.run([NICTEAM, "report", "out"], cwd=self.folder.path, capture_output=True, text=True)
        self.assertEqual(report.returncode, 4, report.stdout)
        rows = self.folder.table("out")
        self.assertEqual([r["status"] for r in rows][:4], ["held", "missing"] * 2)

    def test_how_many_run_at_a_time_changes_nothing(self):
        whole = self.undisturbed()
        for jobs in ("1", "7"):
            self.folder.sweep(self.file, "-o", f"of{jobs}", "-q", "-j", jobs)
            self.assertEqual(self.folder.octets(f"of{jobs}"), whole)

    def test_a_directory_that_is_not_its_own_is_left_alone(self):
        self.undisturbed()
        self.assertIn("--resume goes on", self.folder.sweep(self.file, "-o", "whole", status=2).stderr)
        other = self.folder.scenario(GRID, "other")
        self.assertIn('holds the sweep "tiny", not "other"', self.folder.sweep(other, "-o", "whole", "--resume", status=2).stderr)
        (self.folder.path / "mine").mkdir()
        (self.folder.path / "mine" / "thesis.txt").write_text("chapter 1")
        self.assertIn("holds something else", self.folder.sweep(self.file, "-o", "mine", "--resume", status=2).stderr)
        self.assertEqual(os.listdir(self.folder.path / "mine"), ["thesis.txt"])
        marked = self.folder.path / "whole" / "sweep.json"
        version = json.loads(marked.read_text())["version"]
        bare, build = version.split(", build ")
        self.assertEqual(bare, subprocess.run([NICTEAM, "--version"], capture_output=True, text=True).stdout.split()[1])
        self.assertIn(bytes.fromhex(build), pathlib.Path(NICTEAM).read_bytes())  # the linker's own
        ours = marked.read_text()
        marked.write_text(ours.replace(build, "0123456789abcdef"))  # the same version, other code
        self.assertIn(f"was made by version {bare}, build 0123456789abcdef, this is {version}: its figures would not go together",
                      self.folder.sweep(self.file, "-o", "whole", "--resume", status=2).stderr)
        marked.write_text(ours.replace(f'"{version}"', '"0.0.1"'))
        self.assertIn("was made by version 0.0.1", self.folder.sweep(self.file, "-o", "whole", "--resume", status=2).stderr)
        self.assertIn("nowhere: is no directory of a sweep", self.folder.sweep("merge", "nowhere", status=2).stderr)
        marked.write_text("{")
        self.assertIn("sweep.json: is damaged, or none of this program's", self.folder.sweep("merge", "whole", status=2).stderr)

    def test_a_directory_of_another_file_of_the_same_name(self):
        self.undisturbed()
        tables = self.folder.octets("whole")
        (self.folder.path / "moved").mkdir()
        other = shutil.copy(self.file, self.folder.path / "moved")
        for words in (("--resume",), ("--dry-run",), ("--shard", "0/2")):
            said = self.folder.sweep(other, "-o", "whole", *words, status=2).stderr
            self.assertEqual(said, f"nicteam: whole: holds the sweep of {self.file}, not of {other}; name another directory with --out\n")
        run = subprocess.run([NICTEAM, "run", self.file, "-o", "whole"], cwd=self.folder.path, capture_output=True, text=True)
        self.assertEqual((run.returncode, run.stderr), (2, "nicteam: whole holds a sweep; choose another --out\n"))
        os.unlink(self.file)  # it was moved: the same sweep
        self.folder.sweep(other, "-o", "whole", "-q", "--resume")
        self.assertEqual(self.folder.octets("whole"), tables)


if __name__ == "__main__":
    unittest.main()
