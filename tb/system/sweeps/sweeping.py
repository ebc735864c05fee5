"""A tiny scenario and sweeps of it, for tests."""
import csv
import os
import pathlib
import subprocess
import tempfile

NICTEAM = os.environ["NICTEAM"]
SOURCE = pathlib.Path(os.environ["NICTEAM_SOURCE_DIR"])

TINY = f"""schema = 1
extends = "{SOURCE}/scenarios/parts/one-nic.toml"
title = "a tiny sweep"
duration = "2 ms"
traffic_start = "200 us"

[[traffic]]
name = "up"
from = "server"
to = "client"
pace = "frames"
arrivals = "poisson"
frames_per_second = 20000
frame_size = "256 B"
"""

OCTETS = """[[vary]]
name = "octets"
key = "server.up.frame_size"
values = ["64 B", "256 B", "1000 B"]
"""

ARRIVED = """[[figure]]
name = "arrived"
as = "rate(client.frames)"
aim = "maximise"
"""

BUS_USE = """[[figure]]
name = "bus_use"
as = "use(server.pci0)"
unit = "%"
aim = "minimise"
at_most = "1"
"""


def offered(until, steps):
    return f"""[[vary]]
name = "offered"
key = "server.up.frames_per_second"
from = 5000
to = {until}
steps = {steps}
"""


# 12 points, 24 runs, each of some milliseconds.
GRID = TINY + f"""
[sweep]
replicates = 2
constraints = ["server.up.frames_per_second * 1 Hz * server.up.frame_size < 80 Mbps"]
metrics = ["client.frames"]

{offered(20000, 4)}
{OCTETS}
{ARRIVED}
{BUS_USE}"""

# Whose page is looked at: prose, three parameters, a baseline, closed forms, two figures with an aim, replicates.
EXAMPLE = TINY.replace('title = "a tiny sweep"', '''title = "How many frames of which size pass?"
description = """
A host sends frames of several sizes at several rates, over buses of two speeds. What is full first: bus, wire or nothing?

  up ─ bus ─ wire

Held to the wire: </script>
  * a frame takes its octets,
    preamble and gap;
  * nothing else."""''') + f"""
[sweep]
replicates = 3
metrics = ["client.frames"]
baseline = ["server.up.frames_per_second=5000", "server.up.frame_size=64 B", "server.pci0.period=30 ns"]

{offered(60000, 5)}
{OCTETS}
[[vary]]
name = "bus_period"
key = "server.pci0.period"
values = ["30 ns", "40 ns"]

{ARRIVED}at_most = "100 Mbps / (server.up.frame_size + 19 B) / 1 Hz"

{BUS_USE}
[[figure]]
name = "delay"
as = "p99(client.latency)"
"""

SAMPLED = EXAMPLE.replace("[sweep]\n", '[sweep]\nmethod = "latin_hypercube"\npoints = 12\n').replace("steps = 5\n", "")

# A logarithmic range of small ratio, a linear one of a large ratio.
SCALES = TINY + f"""[sweep]
method = "sobol"
points = 9
{offered(20000, 0).replace("steps = 0", 'scale = "logarithmic"')}
{OCTETS.replace('values = ["64 B", "256 B", "1000 B"]', 'from = "64 B"' + chr(10) + 'to = "1514 B"')}
{ARRIVED}"""

# One closed form counts at one point of three, the other at all.
PARTLY_HELD = TINY + "[sweep]\n" + OCTETS + """[[figure]]
name = "share"
as = "256 B / octets"
equals = "1"
within = "1 %"
close_where = "octets == 256 B"
[[figure]]
name = "bounded"
as = "256 B / octets"
at_least = "0.2"
"""

# Constraints leave out the first values of `kind` and `wide` together, and most of what is not wide.
CONSTRAINED = TINY + f"""
[sweep]
constraints = ["kind == 'none' ? wide == 'yes' : wide == 'no' && server.up.frames_per_second == 5000"]

[[vary]]
name = "kind"
values = ["none", "some"]

[[vary]]
name = "wide"
values = ["no", "yes"]

{offered(20000, 4)}
{OCTETS}
{ARRIVED}"""


class Folder:
    """Scenarios and results of one test."""

    def __init__(self, case):
        self.temporary = tempfile.TemporaryDirectory()
        case.addCleanup(self.temporary.cleanup)
        self.path = pathlib.Path(self.temporary.name)

    def scenario(self, text, name="tiny"):
        (self.path / f"{name}.toml").write_text(text)
        return str(self.path / f"{name}.toml")

    def sweep(self, *words, status=0, seconds=120):
        done = subprocess.run([NICTEAM, "sweep", *words], cwd=self.path, capture_output=True, text=True, timeout=seconds)
        if status is not None and done.returncode != status:
            raise AssertionError(f"{words}: status {done.returncode}, not {status}\n{done.stdout}{done.stderr}")
        return done

    def table(self, out, name="runs"):
        with open(self.path / out / f"{name}.csv", newline="") as file:
            return list(csv.DictReader(file))

    def octets(self, out):
        """Of every table."""
        return {name: (self.path / out / name).read_bytes() for name in ("runs.csv", "points.csv", "results.sqlite")}
