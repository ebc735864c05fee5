"""Running the command and reading what it leaves."""
import csv
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

NICTEAM = os.environ["NICTEAM"]
SOURCE = pathlib.Path(os.environ["NICTEAM_SOURCE_DIR"])
LIVE = [SOURCE / "scenarios/external-port.toml"]     # somebody outside takes part: tb/system/external
FOLDERS = (".", "crypto", "team", "team/modes", "team/faults")
SCENARIOS = sorted(p for folder in FOLDERS for p in (SOURCE / "scenarios" / folder).glob("*.toml") if p not in LIVE)


class outcome:
    def __init__(self, directory, done):
        self.directory, self.status, self.stdout, self.stderr = directory, done.returncode, done.stdout, done.stderr

    def result(self):
        return json.loads((self.directory / "result.json").read_text())

    def metric(self, path):
        """A counter's value or a level's mean; a histogram as it stands."""
        for m in self.result()["metrics"]:
            if m["path"] == path:
                if m["kind"] == "counter":
                    return int(m["value"])
                return m["mean"] if m["kind"] == "level" else m
        raise KeyError(path)

    def packets(self):
        with open(self.directory / "packets.csv", newline="") as f:
            return list(csv.DictReader(line for line in f if not line.startswith("#")))

    def files(self):
        """All files but run.json, the only one that may differ from run to run."""
        return {str(p.relative_to(self.directory)): p.read_bytes()
                for p in sorted(self.directory.rglob("*")) if p.is_file() and p.name != "run.json"}


class scenario_test(unittest.TestCase):
    """Each test has a folder of its own for scenarios and outputs."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="nicteam-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.runs = 0

    def write(self, name, text):
        """A scenario file; `extends` may name shipped parts as parts/….toml."""
        path = self.folder / name
        path.write_text(text.replace('"parts/', f'"{SOURCE}/scenarios/parts/'))
        return path

    def run_scenario(self, scenario, *options, status=0):
        self.runs += 1
        directory = self.folder / f"run{self.runs}"
        done = subprocess.run([NICTEAM, "run", str(scenario), "--out", str(directory), *options], capture_output=True, text=True)
        if status is not None:
            self.assertEqual(done.returncode, status, f"{scenario} {options}\n{done.stdout}\n{done.stderr}")
        return outcome(directory, done)


def need(*programs):
    missing = [p for p in programs if not shutil.which(p)]
    if missing:
        print("SKIPPED: not installed:", ", ".join(missing))
        raise SystemExit(77)
