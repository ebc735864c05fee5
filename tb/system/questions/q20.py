"""Q20: shall a unit interrupt before its completion is written (US 7,299,350)? The way to the handler, t_isr, and the transfer of the result, t_DMA, overlap: a job is done
min(t_isr, t_DMA) earlier, and never more. A handler that is there first looks again, one poll later; with t_isr above t_DMA it never has to.
Nothing is random."""
import rows
import runs
import scenario_text as scene

FORM = "min(t_isr, t_DMA) earlier"
PERIOD, CYCLE = 0.030, 0.001              # us: of the bus and of the CPU
HANDLER, DISPATCH = 80, 100               # cycles before the handler's first access, and in front of a look: cost_driver_interrupt, cost_dispatch
ARBITRATION = 2                           # clocks between one tenure and the next
ACCESSES = 24                             # clocks at most: the handler's acknowledgement and the read behind it, on an idle bus
CUT = 8                                   # likewise: the result goes on behind them in another tenure
OF_A_NIC = 12                             # likewise: the status of the nic itself, which its handler reads behind that of the rings
IP = 20                                   # octets in front of a buffer


def transfer(size):
    """t_DMA, us: from the edge at which a result of whole blocks is asked for to the last word of its completion."""
    written = IP + 8 + 16 + 16 * -(-(size + 2) // 16)
    return PERIOD * (1 + written // 4 + 1 + ARBITRATION + 32 // 4 + 1)


def handler(entry):
    """t_isr, us at most: from INTA# to a look at the completions."""
    return CYCLE * (entry + HANDLER) + PERIOD * ACCESSES


def scenario(where, size, entry, poll, early):
    driver = dict(early_interrupt=early, **{"poll" if where == "card0" else "block_poll": f"{poll} ns"})
    if where == "card0":
        unit = scene.table("crypto_card", where, bus="server.pci0", engines=["aes-128-round"], longest_job="8 KiB", driver=driver)
    else:
        unit = scene.nic(0, identity="extended", **scene.engines(30, longest_job="8 KiB"), driver=driver) + scene.client("server.pci0.nic0")
    return (scene.computer("12 ms", "2 ms", "1 GHz", 248, dict(bridge=dict(write_boundary="0 B")), cost_interrupt_entry=entry) + unit
            + scene.table("crypto_service", "pool", host="server", devices=[f"server.pci0.{where}"]) + scene.load("server.pool", size, threads=1))


POINTS = [("card0", size, entry, 100) for size in (64, 1024, 4096) for entry in (300, 3000, 30000)]          # ns of the last
POINTS += [("card0", 4096, 3000, 1000), ("card0", 4096, 3000, 4000), ("nic0", 1024, 300, 100), ("nic0", 1024, 3000, 100), ("nic0", 1024, 30000, 100)]


def table():
    done = runs.runs([(scenario(*p, early), (), seed) for p in POINTS for early in (False, True) for seed in range(1, rows.ALIKE + 1)])
    mine = lambda k: done[k * rows.ALIKE:(k + 1) * rows.ALIKE]
    for k, (where, size, entry, poll) in enumerate(POINTS):
        late, early = mine(2 * k), mine(2 * k + 1)
        isr, dma = handler(entry), transfer(size)
        took = [[float(run.metric("server.pool.api.job_time")["mean"]) * 1e-6 for run in one] for one in (late, early)]
        mistakes, looks = ([run.metric(f"server.pci0.{where}.driver.rings.{what}") / run.metric("server.pool.api.done") for run in early] for what in ("early", "looks"))
        name = f"{where}, {size} B, t_isr {isr:.1f} us, t_DMA {dma:.1f} us, poll {poll} ns"
        first = isr < dma                                            # the handler
        behind = poll * 1e-3 + CYCLE * DISPATCH + PERIOD * (ACCESSES + CUT + (where == "nic0") * OF_A_NIC) if isr - PERIOD * ACCESSES < dma else 0
        yield rows.row("Q20", f"{name}: earlier by", min(isr, dma), [a - b for a, b in zip(*took)], "us", (0.005 + behind / min(isr, dma), 0), certain=True)
        if size > 64:                                                # there the handler's own accesses wait for the result
            there = f"{name}: handlers that are there first"
            yield rows.equal("Q20", there, 1, mistakes, "of all", 0.05, certain=True) if first else rows.bound("Q20", there, 0.001, mistakes, "of all", certain=True)
        if first:
            yield rows.bound("Q20", f"{name}: looks a job", 1 + (dma - isr) / (poll * 1e-3), looks, "looks", certain=True)
