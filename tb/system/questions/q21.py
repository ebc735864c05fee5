"""Q21: how many flows does it take until a hash fills all links alike? Of n flows over N links the fullest has 1 + sqrt(2 ln N N / n) of the mean, about (upper side); with one
flow, or by addresses towards one gateway, one link has all."""
import math
import random
import statistics

import rows
import runs
import scenario_text as scene

FORM = "a fair die; at most 1 + sqrt(2 ln N N / flows)"


def scenario(flows, links, choice, seed):
    draw = random.Random(seed * 1000 + flows)
    trunks = [f"trunk{n}" for n in range(links)]

    def group(name, switch):
        return scene.table("port_group", name, switch=switch, ports=trunks, choice=choice)

    def flow(n):
        ports = dict(source_port=draw.randrange(1024, 65536), destination_port=draw.randrange(1024, 65536))
        return scene.traffic(f"flow{n}", "red", "blue", **ports, pace="frames", frames_per_second=1000, frame_size="64 B", start="1 ms")

    return (scene.top("6500 us", "1 ms") + scene.table("switch", "near", ports=16) + scene.table("switch", "far", ports=16) + scene.table("peer", "red") + scene.table("peer", "blue")
            + scene.link("to_red", "near", "red", "10 Gbps") + scene.link("to_blue", "far", "blue", "10 Gbps") + group("to_far", "near") + group("to_near", "far")
            + "".join(scene.link(trunk, "near", "far", "1 Gbps") for trunk in trunks) + scene.several(flows, flow))


def fullest(run, links):
    """Frames on the fullest link, of the mean."""
    frames = [run.metric(f"trunk{n}.a_to_b.frames") for n in range(links)]
    return max(frames) / statistics.mean(frames)


def by_chance(flows, links, draws=4000):
    """Flows thrown at links by a fair die."""
    die = random.Random(1)
    return statistics.mean(max(thrown.count(n) for n in range(links)) * links / flows for thrown in ([die.randrange(links) for _ in range(flows)] for _ in range(draws)))


def table(seeds=4 * rows.SEEDS):
    for flows, links in ((8, 4), (64, 4), (256, 4), (64, 8)):
        done = runs.runs([(scenario(flows, links, "layer3+4", seed), (), seed) for seed in range(1, seeds + 1)])
        got = [fullest(run, links) for run in done]
        yield rows.equal("Q21", f"{flows} flows over {links} links: the fullest, as by a die", by_chance(flows, links), got, "of mean", 0.12)
        yield rows.most("Q21", f"{flows} flows over {links} links: the fullest, upper side", 1 + math.sqrt(2 * math.log(links) * links / flows), got, "of mean", 0.25)
    one = runs.runs([(scenario(32, 4, "layer2", 1), (), seed) for seed in range(1, rows.ALIKE + 1)])
    yield rows.equal("Q21", "32 flows to one station, by addresses: one link has all", 4, [fullest(run, 4) for run in one], "of mean", 0.001, certain=True)
