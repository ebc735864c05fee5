"""Pools of crypto cards on a bus of their own, whose host costs little: the scenario of the published table."""
import runs

IP = 20                                   # octets in front of a buffer
CLOCKS, PERIOD = 48, 9.7                  # of an engine: 3DES, a block of 8 octets; ns, as the scenario has it
FREE = [f"crypto_load.{key}=0 ps" for key in ("before", "after", "before_octet", "after_octet")] + ["crypto_load.cost=constant"]


def blocks(size):
    return -(-(size + 2) // 8)


def behind(size):
    """Octets of a result: IP, ESP, IV, blocks."""
    return IP + 8 + 8 + 8 * blocks(size)


def engine(size, period=PERIOD):
    """us that a job keeps a card's engine: looking up its association overlaps with the job before."""
    return blocks(size) * CLOCKS * period * 1e-3


def asked(cards, threads, size, *sets, seed=1):
    devices = ",".join(f'"server.pci1.card{n}"' for n in range(cards))
    return ("team/four-accelerators.toml", (*FREE, f"crypto_load.threads={threads}", f"crypto_load.size={size} B", f"server.pool.devices=[{devices}]", *sets), seed)


def megabits(run, size):
    return run.metric("server.pool.load.done") * size * 8e-6 / run.seconds


def of(points):
    """[(size, asked)] -> Mb/s of buffers."""
    return [megabits(run, size) for (size, _), run in zip(points, runs.runs([a for _, a in points]))]
