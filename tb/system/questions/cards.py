"""Pools of crypto cards on a bus of their own, whose host costs little: the scenario of the published table."""
import runs

FREE = [f"crypto_load.{key}=0 ps" for key in ("before", "after", "before_octet", "after_octet")] + ["crypto_load.cost=constant"]


def asked(cards, threads, size, *sets, seed=1):
    devices = ",".join(f'"server.pci1.card{n}"' for n in range(cards))
    return ("team/four-accelerators.toml", (*FREE, f"crypto_load.threads={threads}", f"crypto_load.size={size} B", f"server.pool.devices=[{devices}]", *sets), seed)


def megabits(run, size):
    return run.metric("server.pool.load.done") * size * 8e-6 / run.seconds


def of(points):
    """[(size, asked)] -> Mb/s of buffers."""
    return [megabits(run, size) for (size, _), run in zip(points, runs.runs([a for _, a in points]))]
