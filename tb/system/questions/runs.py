"""Runs of scenarios by the command, several at a time, and what is read of them."""
import concurrent.futures
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ.get("NICTEAM_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[3]))
NICTEAM = os.environ.get("NICTEAM", SOURCE / "build/tb/runner/nicteam")
AT_A_TIME = int(os.environ.get("NICTEAM_RUNS", os.cpu_count() or 1))


class outcome:
    def __init__(self, result, packets=()):
        self.packets = packets            # rows of packets.csv, when asked for
        self.metrics = {m["path"]: m for m in result["metrics"]}
        self.checks, self.failovers = result["checks"], result.get("failovers", [])
        self.seconds = (int(result["window"]["until_ps"]) - int(result["window"]["from_ps"])) * 1e-12

    def metric(self, path):
        """A counter's value or a level's mean; a histogram as it stands."""
        m = self.metrics[path]
        return int(m["value"]) if m["kind"] == "counter" else float(m["mean"]) if m["kind"] == "level" else m

    def sum(self, begin, end):
        return sum(self.metric(p) for p in self.metrics if p.startswith(begin) and p.endswith(end))


def run(scenario, sets=(), seed=1, packets=False):
    """`scenario`: a path below scenarios/, or text whose `extends` names shipped parts as parts/….toml."""
    with tempfile.TemporaryDirectory(prefix="nicteam-") as folder:
        if "\n" in scenario:
            path = pathlib.Path(folder) / "s.toml"
            path.write_text(scenario.replace('"parts/', f'"{SOURCE}/scenarios/parts/'))
        else:
            path = SOURCE / "scenarios" / scenario
        done = subprocess.run([NICTEAM, "run", path, "--out", folder, "--seed", str(seed), "-q", "--trace", "packets" if packets else "none", *(w for s in sets for w in ("--set", s))], capture_output=True, text=True)
        if done.returncode not in (0, 1):                            # 1: an expectation of the scenario as it stands
            sys.exit(f"{scenario if chr(10) not in scenario else scenario[-2000:]} {sets}\n{done.stdout}{done.stderr}")
        rows = []
        if packets:
            with open(pathlib.Path(folder) / "packets.csv", newline="") as f:
                rows = list(csv.DictReader(line for line in f if not line.startswith("#")))
        return outcome(json.loads((pathlib.Path(folder) / "result.json").read_text()), rows)


def runs(asked):
    """Of a list of (scenario, sets, seed), and whether with packets, in their order."""
    with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
        return list(pool.map(lambda one: run(*one), asked))
