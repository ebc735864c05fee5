"""A team of three at one switch, with probes of its own: how long nothing arrives when a member's way ends."""
import scenario_text as scene


def scenario(team, more="", frames=20000, milliseconds=60):
    traffic = scene.traffic("up", pace="frames", frames_per_second=frames, frame_size="128 B") if frames else ""
    return scene.computer(f"{milliseconds} ms") + scene.several(3, scene.member) + scene.client() + scene.team(3, mode="aft", primary="nic0", **team) + traffic + more


def pulled(at, what="lan0", how="link_down"):
    return scene.fault(what, how, round(at, 3))


def gap(run, at):
    """ms from the fault to the first frame behind it that arrives and had not left before."""
    ends = sorted(int(r["ended_ps"]) * 1e-9 for r in run.packets if r["from"] == "server.up" and r["fate"] == "arrived" and r["wire_begin_ps"] and int(r["wire_begin_ps"]) * 1e-9 > at)
    return ends[0] - at


def lost(run):
    return sum(1 for r in run.packets if r["from"] == "server.up" and r["fate"] == "lost")
