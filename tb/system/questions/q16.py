"""Q16: shall one association be sprayed over the N members of a team, of which one has a way that is longer by delta? The receiver drops nothing for old if and only if its window W is
larger than the displacement, at most delta pps, with the rate of the association over all members; else all that came the longer way. With random arrivals each of those is dropped with the
chance that so many are sent within delta. It carries the sum of the members' rates, at home R_1. A buffer in front of the window that puts packets in order needs as many places as
come by the shorter ways meanwhile, delta pps (N - 1) / N, and to wait for delta - 1 / pps: then W = 32 drops nothing and nobody sees a packet out of order (no duplicate ACK of a TCP),
for a delay as if all had gone the longer way."""
import math

import rows
import runs
import scenario_text as scene

FORM = "no false replay iff W > delta pps; R_1 at home, sum of R_i sprayed; a buffer: delta pps (N - 1) / N places, delta - 1 / pps of wait"
SIZE = 300                                # octets of a frame before ESP
WIRE = 14 + 20 + 8 + 16 + 16 * math.ceil((SIZE - 18 + 2) / 16) + 12 + 4 + 20                 # in a tunnel: link, IP, SPI and number, IV, blocks, ICV, FCS, gap and preamble
SETTLED = 8                               # ms: what waited for the first ARP reply is past


def scenario(members, window, skew, pps, mode="balance_rr", arrivals="regular", rate="1 Gbps", milliseconds=20, **buffer):
    """`skew`: ms by which the way of the last member is longer."""
    crypto = dict(enable=True, engines=["aes-128-round", "sha1"], period="5 ns")
    lines = scene.several(members, lambda n: scene.nic(n, identity="extended", link_rate="1 Gbps" if rate == "1 Gbps" else None, crypto=crypto)
                          + scene.table("link", f"lan{n}", a=f"server.pci0.nic{n}", b="core", rate=rate, delay=f"{round(skew * 1e6)} ns" if n == members - 1 else None))
    begin = SETTLED + skew
    return (scene.computer(f"{begin + milliseconds:.3f} ms", f"{begin:.3f} ms", "8 GHz") + lines + scene.table("switch", "core", ports=members + 1) + scene.table("peer", "client", **buffer)
            + scene.link("lan_client", "client", "core", "1 Gbps") + scene.table("port_group", "all", switch="core", ports=[f"lan{n}" for n in range(members)])
            + scene.team(members, mode=mode, miimon="0 ps") + scene.table("sa", "sprayed", **{"from": "server"}, to="client", cipher="aes-cbc", replay_window=window)
            + scene.table("policy", "protected", **{"from": "server"}, to="client", bundle=["sprayed"])
            + scene.traffic("up", pace="frames", frames_per_second=pps, arrivals=arrivals, frame_size=f"{SIZE} B"))


def displacements(members, window):
    """The largest that the window takes and the smallest that it does not: what comes the longer way is behind packets of the others."""
    by_others = [k for k in range(1, window + 3) if k % members]
    return max(k for k in by_others if k < window), min(k for k in by_others if k >= window)


def dropped(run):
    return run.metric("client.not_opened") / (run.metric("client.not_opened") + run.metric("client.opened"))


def out_of_order(run):
    return run.metric("client.out_of_order") / run.metric("client.opened")


def both(asked, seeds=rows.ALIKE):
    """Runs of each, one list a point."""
    done = runs.runs([(text, (), seed) for text in asked for seed in range(1, seeds + 1)])
    return [done[k:k + seeds] for k in range(0, len(done), seeds)]


def windows():
    points = [(members, window, rate) for members, window, rate in ((2, 32, 20_000), (2, 64, 20_000), (3, 64, 20_000), (4, 64, 20_000), (2, 256, 50_000), (2, 1024, 100_000), (2, 4096, 100_000))]
    placed = [(n, w, pps, k) for n, w, pps in points for k in displacements(n, w)]
    for (n, w, pps, k), mine in zip(placed, both([scenario(n, w, (k + 0.5) / pps * 1e3, pps) for n, w, pps, k in placed])):
        name = f"N={n}, W={w}, {pps} packets/s, displaced by {k}"
        if k < w:
            yield rows.bound("Q16", f"{name}: replays", 1e-6, [dropped(run) for run in mine], "of all", certain=True)
            yield rows.equal("Q16", f"{name}: out of order", 1 / n, [out_of_order(run) for run in mine], "of all", 0.02, certain=True)
        else:
            yield rows.equal("Q16", f"{name}: replays, all by the longer way", 1 / n, [dropped(run) for run in mine], "of all", 0.02, certain=True)


def chance(mean, least):
    """Of a Poisson number to be so large."""
    return 1 - math.fsum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(least))


def drawn(seeds):
    window, pps = 64, 20_000
    within = (60, 70, 80)
    for mean, mine in zip(within, both([scenario(2, window, mean / pps * 1e3, pps, arrivals="poisson", milliseconds=300) for mean in within], seeds)):
        # The last that was sent within delta came the longer way itself when their number is even: 65 are the first that are too many.
        yield rows.equal("Q16", f"N=2, W={window}, {pps} packets/s at random, {mean} within delta: replays", chance(mean, window + 1) / 2, [dropped(run) for run in mine], "of all", 0.2)


def buffered():
    points = [(2, 63, 20_000), (3, 64, 20_000), (4, 98, 20_000), (2, 999, 100_000)]
    level = lambda run: int(run.metrics["client.resequencing"]["max"])
    late = lambda run: float(run.metric("client.latency")["mean"]) * 1e-9
    for n, k, pps in points:
        skew, gap = (k + 0.5) / pps * 1e3, 1e3 / pps                             # ms
        places = sum(1 for m in range(1, k + 1) if m % n)
        wait = f"{round((skew - gap / 2) * 1e6)} ns"
        ask = lambda places, wait: scenario(n, 32, skew, pps, resequence=places, resequence_wait=wait)
        good, fewer, sooner, alone = both([ask(places, wait), ask(places - 1, wait), ask(places, f"{round((skew - 2 * gap) * 1e6)} ns"), scenario(n, 32, 0, pps)])
        name = f"N={n}, W=32, {pps} packets/s, displaced by {k}, buffer"
        yield rows.bound("Q16", f"{name}: replays", 1e-6, [dropped(run) for run in good], "of all", certain=True)
        yield rows.bound("Q16", f"{name}: out of order", 1e-6, [out_of_order(run) for run in good], "of all", certain=True)
        yield rows.equal("Q16", f"{name}: packets that wait, at most", places, [level(run) for run in good], "packets", 0, certain=True)
        yield rows.equal("Q16", f"{name}: later by", skew - (n - 1) / 2 * gap, [late(run) - late(one) for run, one in zip(good, alone)], "ms", 0.02, certain=True)
        yield rows.equal("Q16", f"{name}, one place less: out of order", 1 / n, [out_of_order(run) for run in fewer], "of all", 0.02, certain=True)
        yield rows.equal("Q16", f"{name}, waiting less than delta: out of order", 1 / n, [out_of_order(run) for run in sooner], "of all", 0.02, certain=True)


def with_losses(seeds):
    """One frame in 50 of one line is lost: nobody waits for it for ever, and nobody else for more than his time."""
    text = scenario(2, 64, 1.575, 20_000, milliseconds=100, resequence=1024, resequence_wait="2 ms")
    done = runs.runs([(text, ("lan0.loss_a_to_b=0.02",), seed) for seed in range(1, seeds + 1)])
    name = "N=2, 20000 packets/s, 2 % of one line's lost, buffer"
    given_up = [run.metric("client.gaps_given_up") / run.metric("lan0.a_to_b.lost") for run in done]
    yield rows.equal("Q16", f"{name}: gaps given up, of those lost", 1, given_up, "of all", 0.1)
    yield rows.bound("Q16", f"{name}: out of order", 1e-6, [out_of_order(run) for run in done], "of all", certain=True)
    yield rows.bound("Q16", f"{name}: replays", 1e-6, [dropped(run) for run in done], "of all", certain=True)


def carried():
    """Members' lines are the narrow place; more is asked for than they carry."""
    slow = 10e6 / 8 / WIRE                                                       # packets a second of one
    for n in (2, 4):
        ask = lambda mode, **more: scenario(n, 1024, 0.5, round(1.3 * n * slow), mode, rate="10 Mbps", milliseconds=60, **more)
        home, sprayed, in_order = both([ask("balance_xor"), ask("balance_rr"), ask("balance_rr", resequence=256, resequence_wait="4 ms")])
        for name, lines, mine in (("at home", 1, home), ("sprayed", n, sprayed), ("sprayed, with a buffer", n, in_order)):
            most = lines * slow
            yield rows.bound("Q16", f"N={n}, lines of 10 Mb/s, {name}", most, [run.metric("client.opened") / run.seconds for run in mine], "packets/s", 0.03, lines / (most * mine[0].seconds), certain=True)


def table(seeds=rows.SEEDS):
    yield from windows()
    yield from drawn(seeds)
    yield from buffered()
    yield from with_losses(seeds)
    yield from carried()
