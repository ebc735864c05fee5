"""Q1: how much work for others do the idle members of an AFT team add? Never more than min(sum of their R_i(L), (eta B - k_p lambda_p) / 2): two crossings of the bus a job,
one (k_p) for each frame of the active member's own traffic either way. Of small buffers most of what crosses is what goes with each: the entry that asks for it, its block, its completion
and the doorbell. Nothing is random: packets and jobs at regular distances."""
import bus
import rows
import runs
import scenario_text as scene

FORM = "min(sum of R_i(L), (eta B - k_p lambda_p) / 2)"
AES = 12                                  # clocks a block of 16 octets: engine core aes-128-round
FRAME = 1000                              # octets of the active member's frames, FCS included
IP = 20                                   # octets in front of a buffer
ENTRY, DOORBELL = 32, 1 + 3               # octets of an entry of a ring, of a block, of a completion; clocks of the tenure that tells of an entry
MILLISECONDS = 60


def blocks(size):
    return -(-(size + 2) // 16)


def behind(size):                         # octets of a result: IP, ESP, IV, blocks
    return IP + 8 + 16 + 16 * blocks(size)


def scenario(idle, size, clock, own, period, width):
    """`own`: Mb/s of frames, either way, of nic0, which has no engines."""
    bus_of = dict(period=period) | (dict(width=64, m66en="ignored", bridge=dict(width=64)) if width == 64 else {})
    nic = dict(identity="extended", bus_width=64 if width == 64 else None)
    idle_ones = scene.several(idle, lambda n: scene.member(n + 1, **nic, **scene.engines(clock, longest_job="32 KiB")))
    ways = (("server", "client"), ("client", "server")) if own else ()
    return (scene.computer(f"{MILLISECONDS + 4} ms", "4 ms", "8 GHz", 248, bus_of) + scene.member(0, "1 Gbps", **nic, link_rate="1 Gbps") + idle_ones
            + scene.client(rate="1 Gbps", ports=idle + 2) + scene.team(idle + 1, mode="aft", primary="nic0", miimon="10 ms") + scene.load(size=size, start="1 ms", threads=8 * idle)
            + "".join(scene.traffic(f"own_{a}", a, b, pace="rate", rate=f"{own} Mbps", frame_size=f"{FRAME} B") for a, b in ways))


def beside(octets):
    """Clocks on the bus that go with each job."""
    return 2 * bus.clocks(ENTRY, bus.READ, octets) + bus.clocks(ENTRY, bus.WRITE, octets) + DOORBELL


def closed_form(idle, size, clock, period, width, own):
    """Mb/s of buffers, and what bounds it. `own`: frames a second of the active member that went out, and that came in."""
    mega = {"33 MHz": 33.333333, "66 MHz": 66.666667}[period]
    engines = idle * size * 8 / (blocks(size) * AES * clock * 1e-3)
    octets = width // 8
    free = mega * 1e6 - own[0] * bus.clocks(FRAME - 4, bus.READ, octets) - own[1] * bus.clocks(FRAME - 4, bus.WRITE, octets)
    job = bus.job(IP + size, behind(size), octets) + (beside(octets) if size <= SMALL else 0)
    return min((engines, "engines"), (free / job * size * 8e-6, "bus"))


# idle members, octets of a buffer, ns of an engine's clock, Mb/s of own traffic either way, the bus
PCI, WIDE, FAST = ("33 MHz", 32), ("33 MHz", 64), ("66 MHz", 64)
POINTS = [(1, 1400, 120, 0, *PCI), (2, 1400, 120, 0, *PCI), (4, 1400, 120, 0, *PCI), (7, 1400, 120, 0, *PCI), (4, 1400, 120, 100, *PCI), (7, 1400, 120, 100, *PCI),
          (7, 1400, 120, 200, *PCI), (1, 4096, 120, 0, *PCI), (1, 16384, 120, 0, *PCI), (4, 16384, 120, 0, *PCI), (7, 16384, 120, 100, *PCI),
          (7, 1400, 120, 0, *WIDE), (7, 1400, 60, 0, *WIDE), (7, 1400, 60, 200, *WIDE), (7, 16384, 60, 0, *WIDE), (4, 256, 30, 0, *WIDE), (4, 64, 30, 0, *WIDE),
          (7, 1400, 60, 0, *FAST), (7, 1400, 15, 0, *FAST), (1, 256, 120, 0, *PCI), (4, 256, 120, 0, *PCI), (7, 256, 120, 0, *PCI), (1, 64, 120, 0, *PCI), (4, 64, 120, 0, *PCI),
          (1, 16, 120, 0, *PCI), (4, 16, 120, 0, *PCI)]
SATURATED = {"engines": 0.05, "bus": 0.2}               # large buffers: what goes with a job crosses the bus as well
SMALL = 256                               # octets of a buffer, up to which what goes with a job is counted
SATURATED_SMALL = {"engines": 0.2, "bus": 0.2}           # interrupts, and the way from a completion to the next job of its thread


def table():
    done = runs.runs([(scenario(*p), (), seed) for p in POINTS for seed in range(1, rows.ALIKE + 1)])
    for k, (idle, size, clock, own, period, width) in enumerate(POINTS):
        closed, got, jobs = [], [], []
        for run in done[k * rows.ALIKE:(k + 1) * rows.ALIKE]:
            carried = [n / run.seconds for n in (run.metric("client.frames"), run.metric("server.sink_9.received"))] if own else [0, 0]
            bound, narrow = closed_form(idle, size, clock, period, width, carried)
            closed.append(bound)
            jobs.append(run.metric("server.team0.api.done"))
            got.append(closed[0] * jobs[-1] * size * 8e-6 / run.seconds / bound)
        own_said = f", {own} Mb/s duplex beside" if own else ""
        yield rows.bound("Q1", f"{idle} idle, {size} B, engines' clock {clock} ns, PCI {width}/{period[:2]}{own_said}", closed[0], got, "Mb/s",
                         (SATURATED_SMALL if size <= SMALL else SATURATED)[narrow], idle / jobs[0], narrow, certain=True)
