"""Waveforms in FST: what fst2vcd of GTKWave reads from one is what the VCD of the same run has, change by change."""
import resource
import shutil
import subprocess
import sys
import unittest

import command
from test_waveforms import changes

SHOWN = {
    "a whole run": ("quickstart.toml", "--until", "30 ms"),
    "a clock, MII pins, a window": ("quickstart.toml", "--until", "20 ms", "--set", "trace.clock=true", "--set", "trace.mii=true", "--set", "trace.from=5 ms",
                                    "--set", "trace.until=6 ms"),
    "states of a team": ("team-failover.toml", "--until", "8 ms"),
    "scopes": ("quickstart.toml", "--until", "10 ms", "--set", 'trace.scopes=["server.pci0"]'),
    "nothing before its end": ("quickstart.toml", "--until", "2 ms", "--set", "trace.from=1999 us"),
}


def variables(path):
    """Path, kind and range of each variable, in the order of the file."""
    found, scope = [], []
    for line in path.read_text().splitlines():
        word = line.split()
        if word[:1] == ["$scope"]:
            scope.append(word[2])
        elif word[:1] == ["$upscope"]:
            scope.pop()
        elif word[:1] == ["$var"]:
            found.append((".".join(scope + [word[4]]), word[1], word[5:-1]))
    return found


class Fst(command.scenario_test):
    def trace(self, scenario, *words, **more):
        return self.run_scenario(command.SOURCE / "scenarios" / scenario, "--trace", "wave", *words, **more).directory

    def back(self, directory):
        file = self.folder / "back.vcd"
        subprocess.run(["fst2vcd", "-f", str(directory / "wave.fst"), "-o", str(file)], check=True, capture_output=True)
        return file

    def test_the_signals_are_those_of_the_vcd(self):
        for name, (scenario, *words) in SHOWN.items():
            with self.subTest(name):
                vcd = self.trace(scenario, *words) / "wave.vcd"
                fst = self.trace(scenario, *words, "--set", "trace.wave_format=fst")
                self.assertFalse((fst / "wave.vcd").exists())
                back = self.back(fst)
                self.assertEqual(variables(back), variables(vcd))
                ours, theirs = changes(vcd), changes(back)
                self.assertGreater(len(ours), 20)
                self.assertEqual(theirs, ours)
                self.assertIn('[dumpfile] "wave.fst"', (fst / "wave.gtkw").read_text())

    def test_it_is_many_times_smaller_and_the_same_each_time(self):
        words = ("quickstart.toml", "--until", "60 ms", "--set", "trace.mii=true")
        vcd = self.trace(*words) / "wave.vcd"
        fst = [(self.trace(*words, "--set", "trace.wave_format=fst") / "wave.fst").read_bytes() for _ in range(2)]
        self.assertEqual(*fst)
        self.assertLess(8 * len(fst[0]), vcd.stat().st_size)

    def test_it_ends_near_its_limit_and_says_when(self):
        words = ("line-rate-64.toml", "--until", "14 ms", "--set", "trace.mii=true", "--set", "trace.wave_format=fst")
        whole = self.trace(*words) / "wave.fst"
        self.assertGreater(whole.stat().st_size, 120_000)
        directory = self.trace(*words, "--set", "trace.wave_limit=64 KiB")
        size = (directory / "wave.fst").stat().st_size
        self.assertTrue(64 * 1024 < size < 110_000, size)
        self.assertIn("wave.fst ends at ", (directory / "result.json").read_text())
        cut = changes(self.back(directory))
        shutil.copy(whole, directory / "wave.fst")
        all_of_it = changes(self.back(directory))
        end = max(at for at, _ in cut)
        self.assertEqual(cut, {key: value for key, value in all_of_it.items() if key[0] <= end})

    def test_one_that_cannot_be_written_is_left_out(self):
        def little():
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        done = subprocess.run([command.NICTEAM, "run", str(command.SOURCE / "scenarios/quickstart.toml"), "--trace", "wave", "--until", "100 ms", "-q",
                               "-o", str(self.folder / "out"), "--set", "trace.wave_format=fst", "--set", "trace.mii=true"], capture_output=True, text=True,
                              preexec_fn=little)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn(f"nicteam: {self.folder}/out/wave.fst: File too large; it is left out\n", done.stderr)
        self.assertEqual([p.name for p in (self.folder / "out").glob("wave*")], [])


def writes_fst():
    done = subprocess.run([command.NICTEAM, "run", str(command.SOURCE / "scenarios/quickstart.toml"), "--trace", "wave", "--set", "trace.wave_format=fst",
                           "--until", "1 us", "-q", "-o", "/dev/null/nowhere"], capture_output=True, text=True)
    return "was built without" not in done.stderr


if __name__ == "__main__":
    command.need("fst2vcd")
    if not writes_fst():
        print("SKIPPED: nicteam was built without GTKWave's writer of FST (package verilator)")
        sys.exit(77)
    unittest.main()
