"""Random time lines of faults over shipped scenarios: whatever goes wrong, every rule holds and every packet and job is accounted for.
NICTEAM_CAMPAIGN="first count" looks at other seeds: "1 1000" at a thousand."""
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
SCENARIOS = pathlib.Path(os.environ["NICTEAM_SOURCE_DIR"]) / "scenarios"
BASES = ["eight-nics", "hot-plug", "crypto/crypto-card", "crypto/process-and-transmit", "behind-a-bridge", "crypto/sent-back-to-the-nic", "inline-esp",
         "crypto/three-chips", "quickstart", "crypto/algorithms", "crypto/host-software", "half-duplex", "team/heterogeneous", "team/secondary-use",
         "team/switches-in-a-row", "team/borrowed-address"]
FIRST, COUNT = map(int, os.environ.get("NICTEAM_CAMPAIGN", "1 48").split())


class campaign(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="nicteam-campaign-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.machines = {}

    def run_in(self, directory, scenario, *more):
        return subprocess.run([NICTEAM, "run", str(scenario), "-q", "--out", str(directory), *more], capture_output=True, text=True, timeout=300)

    def machine(self, base):
        if base not in self.machines:
            directory = self.folder / base.replace("/", "_")
            self.run_in(directory, SCENARIOS / f"{base}.toml", "--until", "1 us", "--trace", "none")
            self.machines[base] = time_lines.machine((directory / "config.resolved.toml").read_text())
        return self.machines[base]

    def look_at(self, seed):
        """What is wrong with the run of this seed."""
        base = BASES[seed % len(BASES)]
        m = self.machine(base)
        faults = time_lines.drawn(m, seed)
        scenario = self.folder / f"seed{seed}.toml"
        scenario.write_text(time_lines.text_of(SCENARIOS / f"{base}.toml", m, faults, seed))
        directory = self.folder / f"seed{seed}"
        try:
            done = self.run_in(directory, scenario, "--trace", "packets")
        except subprocess.TimeoutExpired:
            return ["it does not come to an end"]
        if done.returncode not in (0, 1):            # 1: expectations of the scenario as it was
            return [f"status {done.returncode}: {(done.stderr + done.stdout)[-600:]}"]
        r = judge.run(directory)
        found = judge.breaches(r)
        if all("for" in f for f in faults) and not m.resolved.get("crypto_service"):      # whose applications ask to the end
            found += [f"{at}: {left} commands are not concluded although every fault is over" for at, left in judge.unfinished(r).items()]
        shutil.rmtree(directory)
        return found

    def test_time_lines(self):
        wrong = {}
        for seed in range(FIRST, FIRST + COUNT):
            found = self.look_at(seed)
            if not found:
                continue
            wrong[seed] = found
            print(f"seed {seed}:", *found[:5], (self.folder / f"seed{seed}.toml").read_text(), sep="\n", file=sys.stderr)
        self.assertEqual(wrong, {}, f"seeds {sorted(wrong)}")


if __name__ == "__main__":
    unittest.main()
