"""A seed, a scenario with faults of that seed, a run, and what is wrong with it."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import judge
import time_lines

NICTEAM = os.environ["NICTEAM"]


def seeds(usual):
    """NICTEAM_CAMPAIGN="first count" looks at others than the suite's."""
    first, count = map(int, os.environ.get("NICTEAM_CAMPAIGN", usual).split())
    return range(first, first + count)


class campaign(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="nicteam-campaign-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def run_in(self, directory, scenario, *more):
        return subprocess.run([NICTEAM, "run", str(scenario), "-q", "--out", str(directory), *more], capture_output=True, text=True, timeout=300)

    def machine(self, scenario):
        """Its places, as the model itself resolves them."""
        directory = self.folder / "machine"
        done = self.run_in(directory, scenario, "--until", "1 us", "--trace", "none")
        self.assertEqual(done.returncode, 0, f"{scenario}: {done.stderr}")
        return time_lines.machine((directory / "config.resolved.toml").read_text())

    def look_at(self, m, faults, scenario):
        """What is wrong with the run of `scenario`, and the run; None if there is none."""
        directory = self.folder / scenario.stem
        try:
            done = self.run_in(directory, scenario, "--trace", "packets,pcap")
        except subprocess.TimeoutExpired:
            return ["it does not come to an end"], None
        if done.returncode not in (0, 1):            # 1: expectations of the scenario as it was
            return [f"status {done.returncode}: {(done.stderr + done.stdout)[-600:]}"], None
        r = judge.run(directory)
        found = judge.breaches(r)
        asked_to_the_end = m.resolved.get("crypto_service") or m.resolved.get("crypto_load")
        if all("for" in f for f in faults) and not asked_to_the_end:
            found += [f"{at}: {left} commands are not concluded although every fault is over" for at, left in judge.unfinished(r).items()]
        return found, r

    def look_at_all(self, usual, look):
        wrong = {}
        for seed in seeds(usual):
            found, files = look(seed)
            if found:
                wrong[seed] = found
                print(f"seed {seed}:", *found[:5], *(f.read_text() for f in files), sep="\n", file=sys.stderr)
            for f in files:
                f.unlink()
                shutil.rmtree(f.with_suffix(""), ignore_errors=True)
        self.assertEqual(wrong, {}, f"seeds {sorted(wrong)}")
