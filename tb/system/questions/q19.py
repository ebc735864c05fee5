"""Q19: which associations deserve the places on the chip? With places for C of S, and packets by Zipf's law (the n-th has 1/n of the first's), the best choice finds
H_C / H_S of all look-ups at hand (H_n = 1 + 1/2 + … + 1/n). Counting packets gets there (US 7,124,293), and with a hysteresis nothing is replaced any more; least recently used
stays at Che's approximation, sum of p (1 - e^(-p T)) with T such that C are there. Packets without a place come to the host as they are and go back to the engines: h + 3 (1 - h)
crossings of the bus, lambda <= eta B / (3 - 2 h)."""
import math

import bus
import rows
import runs
import scenario_text as scene

FORM = "H_C / H_S, Che's approximation, h + 3 (1 - h) crossings, eta B / (3 - 2 h)"
S, PACKETS = 16, 30_000                   # associations, packets a second of all
HARMONIC = [sum(1 / k for k in range(1, n + 1)) for n in range(S + 1)]


def scenario(places, replacement, hysteresis=8, decay=4096, packets=PACKETS, size=100, to_host=False, milliseconds=(60, 160), rate=None):
    """`to_host`: what has no place comes as it is, and is sent back to the engines."""
    counts = dict(cache_hysteresis=hysteresis, cache_decay=decay) if replacement == "most_packets" else {}
    engines = dict(enable=True, engines=["aes-128-round", "sha1"], period="2 ns" if to_host else "10 ns", cache_entries=places, cache_ways=places, cache_replacement=replacement,
                   cache_miss="to_host" if to_host else None, ring_places=64 if to_host else None) | counts

    def flow(n):
        return (scene.table("sa", f"sa{n}", **{"from": "client", "to": "server"}, cipher="aes-cbc", authentication="null" if to_host else None, replay_window=0 if to_host else None, sent_back_to="server.pci0.nic0" if to_host else None)
                + scene.table("policy", f"encrypt{n}", **{"from": "client", "to": "server"}, destination_port=1000 + n, bundle=[f"sa{n}"])
                + scene.traffic(f"flow{n}", "client", "server", destination_port=1000 + n, pace="frames", frames_per_second=round(packets / HARMONIC[S] / n), arrivals="poisson", frame_size=f"{size} B"))

    return (scene.computer(f"{milliseconds[1]} ms", f"{milliseconds[0]} ms", "8 GHz", 248 if to_host else None) + scene.nic(0, identity="extended", link_rate=rate, crypto=engines)
            + scene.client("server.pci0.nic0", rate) + scene.several(S, lambda n: flow(n + 1)))


def che(places):
    p = [1 / n / HARMONIC[S] for n in range(1, S + 1)]
    low, high = 0.0, 1e6
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(1 - math.exp(-x * middle) for x in p) < places else (low, middle)
    return sum(x * (1 - math.exp(-x * low)) for x in p)


def cache(run, what):
    return run.metric(f"server.pci0.nic0.crypto.cache_{what}")


def at_hand(run):
    return cache(run, "hits") / (cache(run, "hits") + cache(run, "misses"))


def hit_ratios(seeds):
    points = [(c, r, h) for c in (2, 4, 8) for r, h in (("most_packets", 64), ("most_packets", 0), ("least_recently_used", 0))]
    done = runs.runs([(scenario(c, r, h, 0 if h else 4096), (), seed) for c, r, h in points for seed in range(1, seeds + 1)])
    for k, (c, r, h) in enumerate(points):
        mine = done[k * seeds:(k + 1) * seeds]
        ratio = [at_hand(run) for run in mine]
        name = f"{c} places of {S}, {r}{f', hysteresis {h}' if r == 'most_packets' else ''}"
        if r == "least_recently_used":
            yield rows.equal("Q19", f"{name}: at hand", che(c), ratio, "of all", 0.04)
        else:
            yield rows.row("Q19", f"{name}: at hand", HARMONIC[c] / HARMONIC[S], ratio, "of all", (0.06 if h else 0.1, 0.03))
        if h:
            yield rows.bound("Q19", f"{name}: replacements a second", 60, [cache(run, "evictions") / run.seconds for run in mine], "a second")


SIZE = 1000                               # octets of a frame before ESP, FCS included
PLAIN = SIZE - 4                          # octets that cross the bus: with the link's header, without FCS
ESP = 14 + 20 + 8 + 16 + -(-(SIZE - 18 - 20 + 2) // 16) * 16         # link, IP, SPI and number, IV, whole blocks
ONCE, AROUND = (PLAIN,), (ESP, ESP - 14, PLAIN - 14)                 # in line; in as it came, out to the engines, back
CLOCK = 33_333_333                        # of the bus
ON_THE_BUS = 0.02, 0.07                   # of octets: packets alone, or with descriptors, job blocks and completions
SATURATED = 0.2


def clocks(octets):
    """Of one packet's crossings; the second is a read."""
    return sum(bus.clocks(n, bus.READ if k == 1 else bus.WRITE) for k, n in enumerate(octets))


def received(run):
    return sum(run.metric(f"server.sink_{1000 + n}.received") for n in range(1, S + 1))


def crossed(run):
    return (run.metric("server.pci0.bridge.dma_read_bytes") + run.metric("server.pci0.bridge.dma_written_bytes")) / received(run)


def mixed(h, of):
    """A packet in the mean, of which h are in line."""
    return h * of(ONCE) + (1 - h) * of(AROUND)


def on_the_bus(seeds):
    points = [(c, "most_packets") for c in (1, 2, 4, 8, 16)] + [(4, "least_recently_used")]
    limit = [CLOCK / mixed(HARMONIC[c] / HARMONIC[S], clocks) for c, _ in points]
    asked = [(scenario(c, r, 64, 0, load * most, SIZE, True, (20, 50), "1 Gbps"), (), seed)
             for load in (0.3, 1.1) for (c, r), most in zip(points, limit) for seed in range(1, seeds + 1)]
    done = runs.runs(asked)
    light, heavy = done[:len(done) // 2], done[len(done) // 2:]
    for k, (c, r) in enumerate(points):
        name = f"{c} places of {S}, {r}"
        alone, crowded = light[k * seeds:(k + 1) * seeds], heavy[k * seeds:(k + 1) * seeds]
        closed = [mixed(at_hand(run), sum) for run in alone]         # of what each run had at hand
        yield rows.row("Q19", f"{name}: octets on the bus a packet, h + 3 (1 - h)", closed[0], [crossed(run) * closed[0] / one for run, one in zip(alone, closed)], "B", ON_THE_BUS)
        closed = [CLOCK / mixed(at_hand(run), clocks) for run in crowded]
        got = [received(run) / run.seconds * closed[0] / one for run, one in zip(crowded, closed)]
        yield rows.bound("Q19", f"{name}: more than the bus carries, eta B / (3 - 2 h)", closed[0], got, "packets/s", SATURATED)


def table(seeds=rows.SEEDS):
    yield from hit_ratios(seeds)
    yield from on_the_bus(seeds)
