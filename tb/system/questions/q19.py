"""Q19: which associations deserve the places on the chip? With places for C of S, and packets by Zipf's law (the n-th has 1/n of the first's), the best choice finds
H_C / H_S of all look-ups at hand (H_n = 1 + 1/2 + … + 1/n). Counting packets gets there (US 7,124,293), and with a hysteresis nothing is replaced any more; least recently used
stays at Che's approximation, sum of p (1 - e^(-p T)) with T such that C are there."""
import math

import rows
import runs

S, PACKETS = 16, 30_000                   # associations, packets a second of all


def scenario(places, replacement, hysteresis=8, decay=4096):
    total = sum(1 / n for n in range(1, S + 1))
    metric = "\n".join([f"cache_hysteresis = {hysteresis}", f"cache_decay = {decay}"]) if replacement == "most_packets" else ""
    flows = "".join(f"""
[[sa]]
name = "sa{n}"
from = "client"
to = "server"
cipher = "aes-cbc"
[[policy]]
name = "encrypt{n}"
from = "client"
to = "server"
destination_port = {1000 + n}
bundle = ["sa{n}"]
[[traffic]]
name = "flow{n}"
from = "client"
to = "server"
destination_port = {1000 + n}
pace = "frames"
frames_per_second = {round(PACKETS / total / n)}
arrivals = "poisson"
frame_size = "100 B"
""" for n in range(1, S + 1))
    return f"""
schema = 1
extends = "parts/host.toml"
duration = "160 ms"
warm_up = "60 ms"
payload = "timing-only"
[[cpu]]
name = "cpu0"
clock = "8 GHz"
[[nic]]
name = "nic0"
bus = "server.pci0"
identity = "extended"
[nic.crypto]
enable = true
engines = ["aes-128-round", "sha1"]
period = "10 ns"
cache_entries = {places}
cache_ways = {places}
cache_replacement = "{replacement}"
{metric}
[[peer]]
name = "client"
[[link]]
name = "lan0"
a = "server.pci0.nic0"
b = "client"
{flows}"""


def che(places):
    total = sum(1 / n for n in range(1, S + 1))
    p = [1 / n / total for n in range(1, S + 1)]
    low, high = 0.0, 1e6
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(1 - math.exp(-x * middle) for x in p) < places else (low, middle)
    return sum(x * (1 - math.exp(-x * low)) for x in p)


def table(seeds=3):
    harmonic = lambda n: sum(1 / k for k in range(1, n + 1))
    points = [(c, r, h) for c in (2, 4, 8) for r, h in (("most_packets", 64), ("most_packets", 0), ("least_recently_used", 0))]
    done = runs.runs([(scenario(c, r, h, 0 if h else 4096), (), seed) for c, r, h in points for seed in range(1, seeds + 1)])
    for k, (c, r, h) in enumerate(points):
        mine = done[k * seeds:(k + 1) * seeds]
        counts = [[run.metric(f"server.pci0.nic0.crypto.cache_{what}") for what in ("hits", "misses", "evictions")] for run in mine]
        ratio = [hits / (hits + misses) for hits, misses, _ in counts]
        name = f"{c} places of {S}, {r}{f', hysteresis {h}' if r == 'most_packets' else ''}"
        if r == "least_recently_used":
            yield rows.equal("Q19", f"{name}: at hand", che(c), ratio, "of all", 0.04)
        else:
            yield rows.row("Q19", f"{name}: at hand", harmonic(c) / harmonic(S), ratio, "of all", (0.06 if h else 0.1, 0.03))
        if h:
            yield rows.bound("Q19", f"{name}: replacements a second", 60, [e / run.seconds for (_, _, e), run in zip(counts, mine)], "a second")
