"""What must hold of any run, whatever went wrong in it: read from the files that it leaves."""
import csv
import json


IN_PARTS = {"fragment", "rx_fragment", "fragment_lost", "joined"}     # ends that several packets have together: one copy, or none, stands for all

TO_ALL = {"flooded", "repeated"}                                     # goes on as a copy at every other port
NOT_BORN = ", made and not yet sent"                                  # copies that a switch or a peer has in a queue: they have no row before they are on a wire


class run:
    def __init__(self, directory):
        self.directory = directory
        self.result = json.loads((directory / "result.json").read_text())
        self.counters = {m["path"]: int(m["value"]) for m in self.result["metrics"] if m["kind"] == "counter"}
        with open(directory / "packets.csv", newline="") as f:
            self.packets = list(csv.DictReader(line for line in f if not line.startswith("#")))


def breaches(r):
    """In words; none: all is well."""
    return checkers(r) + fates(r) + accounted(r) + traffic(r) + failovers(r) + jobs(r)


def checkers(r):
    return [f"checker {c['name']}: {c['breaches']}, {c.get('first', '')}" for c in r.result["checks"] if c["breaches"]]


def fates(r):
    """Each packet ends once, by a name, not before it was born; what goes on has copies that do."""
    found, ids, parents = [], set(), {p["parent"] for p in r.packets}
    by_id = {p["id"]: p for p in r.packets}

    def root(p):
        while p["parent"] in by_id:
            p = by_id[p["parent"]]
        return p["id"]

    settled = {}
    for p in r.packets:
        if p["fate"] in ("arrived", "lost", "held"):
            settled.setdefault(root(p), set()).add(p["id"])

    def settled_elsewhere(p):
        """One of several that a team sent: another of them arrived, is on its way, or is the loss."""
        return bool(settled.get(root(p), set()) - {p["id"]})

    for p in r.packets:
        who = f"packet {p['id']}"
        if p["id"] in ids:
            found.append(f"{who}: twice")
        ids.add(p["id"])
        if (p["fate"] == "held") != (not p["ended_ps"]) or (p["outcome"] in ("", "held")) != (p["fate"] == "held"):
            found.append(f"{who}: {p['fate']}, {p['outcome']}, at {p['ended_ps']}")
        if p["ended_ps"] and int(p["ended_ps"]) < int(p["born_ps"]):
            found.append(f"{who}: ended before it was born")
        if p["fate"] == "goes_on" and p["outcome"] not in IN_PARTS and p["id"] not in parents and not settled_elsewhere(p):
            found.append(f"{who}: goes on, and there is no copy")
    found += [f"packet {p} is a parent and is not there" for p in parents - ids - {""}]
    return found


def accounted(r):
    """What a station sent arrived, is lost or is under way; what a switch or a repeater copied to all is lost once, and not when a copy fared better."""
    found = []
    by_id = {p["id"]: p for p in r.packets}
    copies = {}
    for p in r.packets:
        if p["parent"] in by_id:
            copies.setdefault(p["parent"], []).append(p)

    def ends(p):
        """Of its copies, and theirs; of pieces, and of what was taken out of it, all are wanted: they are told as not `one`."""
        of = [] if p["fate"] in ("arrived", "held") else copies.get(p["id"], [])
        to_all = p["outcome"] in TO_ALL
        for c in of:
            for leaf, one in ends(c):
                yield leaf, one and (to_all or c["length"] == p["length"])
        if not of and p["outcome"] not in IN_PARTS:
            yield p, True

    for p in r.packets:
        if p["parent"] not in by_id:
            whole = list(ends(p))
            if whole and not any(leaf["fate"] in ("arrived", "lost", "held") for leaf, _ in whole):
                found.append(f"packet {p['id']}: nowhere, its copies are {sorted({leaf['fate'] for leaf, _ in whole})}")
        if p["outcome"] in TO_ALL:
            lost = [leaf for leaf, one in ends(p) if one and leaf["fate"] == "lost"]
            if len(lost) > 1 or (lost and any(leaf["fate"] in ("arrived", "held") for leaf, _ in ends(p))):
                found.append(f"packet {p['id']}: {len(lost)} copies are lost, of {[leaf['fate'] for leaf, _ in ends(p)]}")
    return found


def traffic(r):
    """Losses and what is held stand in the result as they do packet by packet."""
    found = []
    rows = [p for p in r.packets if p["fate"] == "held"]
    told = sum(h["packets"] for h in r.result["held"] if not h["where"].endswith(NOT_BORN))
    if len(rows) != told:
        found.append(f"{told} packets are held by the result, {len(rows)} by packets.csv")
    rows = [p for p in r.packets if p["fate"] == "lost"]
    told = sum(loss["packets"] for loss in r.result["losses"])
    if len(rows) != told:
        found.append(f"{told} packets are lost by the result, {len(rows)} by packets.csv")
    return found


def failovers(r):
    """In order of time; each tells of what came of it, not of a later one; a loss is told once."""
    found = []
    rows = r.result.get("failovers", [])
    when = [int(f.get("decided_ps") or f["fault"]["at_ps"]) for f in rows]
    if when != sorted(when):
        found.append("failovers are not in order of time")
    by_id = {p["id"]: p for p in r.packets}
    lost, told = {}, {}
    for p in r.packets:
        if p["fate"] == "lost":
            while p["parent"] in by_id:
                p = by_id[p["parent"]]
            lost[p["from"]] = lost.get(p["from"], 0) + 1
    for f, at in zip(rows, when):
        for key, member, seen in [("first_sent", *(f.get("first_sent", {}).get(k) for k in ("member", "at_ps"))),
                                  ("first_received", *(f.get("first_received", {}).get(k) for k in ("member", "at_ps"))),
                                  ("announced_on_wire", f.get("announced_by"), f.get("announced_on_wire_ps"))]:
            if not seen:
                continue
            if int(seen) < at:
                found.append(f"failover of {at}: {key} at {seen}, before it")
            if key == "announced_on_wire":
                continue                                     # it may be in the ring of a member that is given up
            gone = [d for g, d in zip(rows, when) if g["team"] == f["team"] and "decided_ps" in g and at < d <= int(seen) and member not in g["after"].split("+")]
            if gone:
                found.append(f"failover of {at}: {key} by {member} at {seen}, behind the decision of {gone[0]}")
        if "decided_ps" in f and "fault" in f and int(f["fault"]["at_ps"]) > at:
            found.append(f"failover of {at}: its fault came later")
        for g in f["gaps"]:
            if g["lost"] != sum(c["packets"] for c in g["causes"]):
                found.append(f"failover of {at}: {g['lost']} lost, {g['causes']}")
            told[g["from"]] = told.get(g["from"], 0) + g["lost"]
    for sender, n in told.items():
        if n > lost.get(sender, 0):
            found.append(f"failovers tell of {n} losses of {sender}, packets.csv of {lost.get(sender, 0)}")
    return found


def unfinished(r):
    """Commands that drivers have posted to rings and nobody has concluded."""
    return {path[:-len(".posted")]: left for path, posted in r.counters.items() if path.endswith(".rings.posted")
            if (left := posted - sum(r.counters[path[:-len("posted")] + k] for k in ("executed", "not_executed", "unknown")))}


def jobs(r):
    """A job concludes once, as executed, not executed or of unknown outcome; what was handed to rings came back or left."""
    found = []
    for path, posted in r.counters.items():
        if not path.endswith(".rings.posted"):
            continue
        rings = path[:-len("posted")]
        concluded = sum(r.counters[rings + k] for k in ("executed", "not_executed", "unknown"))
        if concluded > posted:
            found.append(f"{rings[:-1]}: {concluded} commands concluded of {posted}")
        if r.counters.get(rings + "stray"):
            found.append(f"{rings[:-1]}: {r.counters[rings + 'stray']} completions of nothing")
    for path, sent in r.counters.items():
        if path.endswith(".stack.sent_back"):
            back = r.counters[path + "_returned"] + r.counters[path + "_refused"]
            if back > sent:
                found.append(f"{path}: {sent}, and {back} came back")
    return found
