"""A team of three at one switch, with probes of its own: how long nothing arrives when a member's way ends."""
import csv

import runs


def scenario(team, more="", frames=20000, milliseconds=60):
    nics = "".join(f"""
[[nic]]
name = "nic{n}"
bus = "server.pci0"
[[link]]
name = "lan{n}"
a = "server.pci0.nic{n}"
b = "core"
""" for n in range(3))
    traffic = f"""
[[traffic]]
name = "up"
from = "server"
to = "client"
pace = "frames"
frames_per_second = {frames}
frame_size = "128 B"
""" if frames else ""
    return f"""
schema = 1
extends = "parts/host.toml"
duration = "{milliseconds} ms"
payload = "timing-only"
[[cpu]]
name = "cpu0"
clock = "2 GHz"
{nics}
[[switch]]
name = "core"
[[peer]]
name = "client"
[[link]]
name = "lan_client"
a = "client"
b = "core"
[[team]]
name = "team0"
host = "server"
members = ["server.pci0.nic0", "server.pci0.nic1", "server.pci0.nic2"]
mode = "aft"
primary = "nic0"
{team}
{traffic}{more}"""


def pulled(at, what="lan0", how="link_down"):
    return f"""
[[fault]]
name = "broken"
at = "{what}"
what = "{how}"
from = "{at:.3f} ms"
"""


def gap(run, at):
    """ms from the fault to the first frame behind it that arrives and had not left before."""
    ends = sorted(int(r["ended_ps"]) * 1e-9 for r in run.packets if r["from"] == "server.up" and r["fate"] == "arrived" and r["wire_begin_ps"] and int(r["wire_begin_ps"]) * 1e-9 > at)
    return ends[0] - at


def lost(run):
    return sum(1 for r in run.packets if r["from"] == "server.up" and r["fate"] == "lost")
