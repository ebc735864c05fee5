"""What the command says and does where things do not go as planned."""
import json
import os
import shutil
import signal
import struct
import subprocess
import time
import unittest

from command import NICTEAM, SOURCE, scenario_test

TWO_LINKS = """
schema = 1
extends = "parts/host.toml"
duration = "4 ms"
[[nic]]
name = "nic0"
bus = "server.pci0"
[[nic]]
name = "nic1"
bus = "server.pci0"
[[peer]]
name = "left"
[[peer]]
name = "right"
[[link]]
name = "lan0"
a = "server.pci0.nic0"
b = "left"
[[link]]
name = "lan1"
a = "server.pci0.nic1"
b = "right"
[[traffic]]
name = "out"
from = "server"
to = "right"
pace = "rate"
rate = "10 Mbps"
frame_size = "500 B"
[[traffic]]
name = "in"
from = "right"
to = "server.pci0.nic1"
pace = "rate"
rate = "10 Mbps"
frame_size = "500 B"
"""


def nicteam(*words, **more):
    return subprocess.run([NICTEAM, *map(str, words)], capture_output=True, text=True, **more)


class command_test(scenario_test):
    def limited(self, kibibytes, out, *words):
        """A run whose files cannot grow beyond a size: stands for a full disk."""
        many = ["--set", "duration=60 ms", "--set", "server.generated.frames_per_second=8000"]
        return subprocess.run(["bash", "-c", f'ulimit -f {kibibytes}; exec "$0" "$@"', NICTEAM, "run", "quickstart", "-q", *many, "--out", str(out), *words],
                              capture_output=True, text=True, cwd=SOURCE)

    def whole_set(self):
        """What a run leaves that lacks nothing."""
        whole = self.folder / "lacks-nothing"
        self.assertEqual(self.limited("unlimited", whole, "--trace", "all").returncode, 1)
        return {p.name for p in whole.rglob("*") if p.is_file()}

    def test_a_file_that_cannot_grow_is_left_out_and_all_others_stay(self):
        whole = self.folder / "whole"
        self.assertEqual(self.limited("unlimited", whole, "--trace", "all").returncode, 1)
        for trace, file in (("wave", "wave.vcd"), ("pcap", "wire.pcapng"), ("txn", "trace.json")):
            out = self.folder / trace
            done = self.limited(128, out, "--trace", f"packets,report,{trace}")
            self.assertEqual(done.returncode, 3, done.stderr)
            opens = f"nicteam: {out}/wave.gtkw: wave.vcd is not there; it is left out\n" if trace == "wave" else ""
            self.assertRegex(done.stderr, f"^nicteam: {out}/{file}: (cannot be written: )?File too large; it is left out\n{opens}$")
            there = {str(p.relative_to(out)) for p in out.rglob("*") if p.is_file()}
            self.assertEqual(there, {"result.json", "run.json", "config.resolved.toml", "packets.csv", "report.html", "inputs/web-and-ping.pcapng"})
            facts = json.loads((out / "run.json").read_text())
            self.assertEqual({f["name"] for f in facts["files"]}, there - {"run.json"})
            self.assertEqual([f["file"] for f in facts["not_written"]], [file] + ["wave.gtkw"] * bool(opens))
            for same in ("result.json", "packets.csv"):
                self.assertEqual((out / same).read_bytes(), (whole / same).read_bytes())
            self.assertIn("not written: ", (out / "report.html").read_text())
            again = nicteam("report", out)
            self.assertEqual((again.returncode, again.stderr), (3, ""))
            self.assertEqual(self.limited("unlimited", out).returncode, 1)              # takes its place

    def test_a_file_that_cannot_grow_is_told_at_once(self):
        out = self.folder / "long"
        words = ["run", "quickstart", "-q", "--trace", "wave", "--set", "duration=1000 s", "--out", str(out)]
        p = subprocess.Popen(["bash", "-c", 'ulimit -f 128; exec "$0" "$@"', NICTEAM, *words], stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE, text=True, cwd=SOURCE)
        try:
            self.assertEqual(p.stderr.readline(), f"nicteam: {out}/wave.vcd: File too large; it is left out\n")
            self.assertEqual([f.name for f in out.iterdir()], [])                       # gives its room back
            p.send_signal(signal.SIGINT)
            self.assertIn("nicteam: interrupted at ", p.communicate(timeout=60)[1])
        finally:
            p.kill()
        self.assertEqual(p.returncode, 3)
        self.assertTrue((out / "result.json").exists())

    def test_a_run_that_can_write_nothing_at_all_says_so_of_each_file(self):
        out = self.folder / "nothing"
        done = self.limited(0, out, "--trace", "all")
        self.assertEqual(done.returncode, 3)
        told = [line for line in done.stderr.splitlines() if line.endswith("; it is left out")]
        self.assertEqual({line.split(": ")[1].rsplit("/", 1)[1] for line in told}, self.whole_set())
        self.assertEqual([p for p in out.rglob("*")], [])
        done = self.limited(8, out, "--trace", "all")                                   # only the list of files
        self.assertEqual([p.name for p in out.rglob("*")], ["run.json"])
        missing = {f["file"]: f["why"] for f in json.loads((out / "run.json").read_text())["not_written"]}
        self.assertEqual({f.rsplit("/")[-1] for f in missing}, self.whole_set() - {"run.json"})
        self.assertEqual(missing["wave.gtkw"], f"{out}/wave.gtkw: wave.vcd is not there")
        self.assertEqual(missing["report.html"], f"{out}/report.html: result.json is not there")
        self.assertEqual(self.limited("unlimited", out).returncode, 1)                  # which is ours

    def test_an_interrupted_run_says_that_nothing_was_judged(self):
        out = self.folder / "stopped"
        p = subprocess.Popen([NICTEAM, "run", str(SOURCE / "scenarios/line-rate-64.toml"), "--out", str(out), "--set", "duration=1000 s"],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        while not out.exists():
            time.sleep(0.05)
        time.sleep(0.5)
        p.send_signal(signal.SIGINT)
        text, errors = p.communicate(timeout=60)
        self.assertEqual(p.returncode, 130)
        self.assertIn("; its expectations were not judged", errors)
        self.assertRegex(text, "\nExpectations\n  [0-9]+ were not judged: the run ended at [0-9.]+ [mu]?s, before its time\n")
        again = nicteam("report", out)
        self.assertEqual(again.stdout, text)
        self.assertIn("were not judged", (out / "report.html").read_text())

    def test_a_run_that_until_ends_judges_no_more_than_an_interrupted_one(self):
        scenario = SOURCE / "scenarios/quickstart.toml"
        run = self.run_scenario(scenario, "--until", "20 ms", "--trace", "report")            # where two of its expectations could not hold yet
        self.assertEqual(run.stderr, "nicteam: ended by `until` at 20 ms of 150 ms; its expectations were not judged\n")
        self.assertIn("\nExpectations\n  4 were not judged: the run ended at 20.0 ms, before its time\n", run.stdout)
        self.assertEqual(run.result()["expectations_not_judged"], 4)
        self.assertIn("ended at 20.0 ms: expectations were not judged", (run.directory / "report.html").read_text())
        self.assertEqual(nicteam("report", run.directory).returncode, 0)
        self.assertEqual(nicteam("report", run.directory).stdout, run.stdout)
        for end in ("150 ms", "160 ms"):                                                       # nothing is cut off
            self.assertEqual(len(self.run_scenario(scenario, "--until", end).result()["verdicts"]), 4)

    @unittest.skipUnless(shutil.which("cc"), "no compiler")
    def test_an_early_interrupt_ends_as_a_late_one(self):
        """Before main(), while libraries are set up: here one that takes its time."""
        (self.folder / "slow.c").write_text("""#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
__attribute__((constructor)) static void slow(void) {
    if (strcmp(program_invocation_short_name, "nicteam") != 0) return; /* a script around it */
    const char* mark = getenv("MARK");
    fclose(fopen(mark, "w"));
    while (access(mark, F_OK) == 0) usleep(1000);
}
""")
        subprocess.run(["cc", "-shared", "-fPIC", "-o", self.folder / "slow.so", self.folder / "slow.c"], check=True)
        mark = self.folder / "mark"
        environment = {**os.environ, "LD_PRELOAD": str(self.folder / "slow.so"), "MARK": str(mark), "ASAN_OPTIONS": "verify_asan_link_order=0"}
        for signalled in (signal.SIGINT, signal.SIGTERM):
            p = subprocess.Popen([NICTEAM, "run", str(SOURCE / "scenarios/quickstart.toml"), "--out", str(self.folder / "out")], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True, env=environment)
            while not mark.exists():
                self.assertIsNone(p.poll())
                time.sleep(0.005)
            p.send_signal(signalled)
            mark.unlink()
            self.assertRegex(p.communicate(timeout=60)[1], "^nicteam: interrupted before .*quickstart.toml was read\n$")
            self.assertEqual(p.returncode, 130)
            self.assertFalse((self.folder / "out").exists())

    def test_what_is_held_at_the_end_is_where_it_is(self):
        text = (SOURCE / "scenarios/line-rate-1518.toml").read_text()
        run = self.run_scenario(self.write("long.toml", text), "--set", "lan0.delay=1 ms", "--until", "8 ms", status=None)
        held = {h["where"]: h["packets"] for h in run.result()["held"]}
        for way in ("a_to_b", "b_to_a"):
            self.assertGreaterEqual(held[f"lan0.{way} after wire_begin"], 7, held)          # 8 frames in a millisecond

    def test_each_link_of_a_host_is_a_network_of_its_own(self):
        run = self.run_scenario(self.write("two.toml", TWO_LINKS))
        self.assertGreater(run.metric("lan1.a_to_b.frames"), 5)
        self.assertGreater(run.metric("lan1.b_to_a.frames"), 5)
        self.assertEqual(run.metric("lan0.a_to_b.frames"), 0)
        self.assertEqual(run.result()["losses"], [])
        resolved = (run.directory / "config.resolved.toml").read_text()
        for address in ("192.0.2.1/24", "198.51.100.1/24", '"192.0.2.2"', '"198.51.100.2"'):
            self.assertIn(address, resolved)

    def test_an_error_is_told_once(self):
        for key, part in (("nic.mac=xx", "is no MAC address"), ("nic.rx_fifo=1 B", "is out of range"), ("nic.rx_fifo=foo", "is not a number")):
            for scenario in ("quickstart", "eight-nics"):
                done = nicteam("validate", SOURCE / f"scenarios/{scenario}.toml", "--set", key)
                self.assertEqual(done.returncode, 2)
                self.assertEqual(done.stderr.count("\n"), 1 if "mac" not in key or scenario == "quickstart" else done.stderr.count("\n"), done.stderr)
                self.assertIn(part, done.stderr)
        self.assertIn("(the same for 7 more that nic.rx_fifo stands for)", done.stderr)

    def test_events_are_explained(self):
        for key in ("nic.ru_state.no_resources", "server.pci0.nic0.ru_state.no_resources"):
            done = nicteam("explain", key)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("when ru_state becomes no_resources", done.stdout)

    def test_a_capture_whose_times_run_backwards_is_noted(self):
        def block(kind, body):
            body += bytes(-len(body) % 4)
            return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)
        frame = bytes.fromhex("ffffffffffff020000000002") + b"\x08\x06" + bytes(46)
        data = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)) + block(1, struct.pack("<HHI", 1, 0, 0))
        for us in (0, 500, 200, 600):
            data += block(6, struct.pack("<IIIII", 0, 0, us, len(frame), len(frame)) + frame)
        (self.folder / "back.pcapng").write_bytes(data)
        text = 'schema = 1\nextends = "parts/one-nic.toml"\nduration = "3 ms"\n[[replay]]\nname = "r"\npeer = "client"\nfile = "back.pcapng"\n'
        note = "times run backwards at 1 of 4 frames, first at frame 3 (at 200 us, behind frame 2 at 500 us"
        run = self.run_scenario(self.write("back.toml", text))
        self.assertIn(note, " ".join(run.stdout.split()))
        self.assertTrue(any(note in n for n in run.result()["notes"]))
        self.assertEqual(run.metric("client.r.frames"), 4)
        self.assertNotIn("times run backwards", self.run_scenario(self.write("fast.toml", text + 'timing = "fast"\n')).stdout)

    def test_an_empty_directory_is_none(self):
        done = nicteam("run", SOURCE / "scenarios/quickstart.toml", "--out", "", cwd=self.folder)
        self.assertEqual((done.returncode, done.stderr), (2, "nicteam: --out: is empty; it names the directory for the results\n"))
        self.assertEqual(list(self.folder.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
