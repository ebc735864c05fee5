"""What happened, in order, as a run's trace.json has it (--trace txn): what packets passed, where and when, and what devices moved over their bus."""
import collections
import json

event = collections.namedtuple("event", "ps where what")
tenure = collections.namedtuple("tenure", "ps master does octets")


class events:
    def __init__(self, run):
        self.passed, self.of, self.born, self.bus = collections.defaultdict(list), {}, {}, []
        for e in json.loads((run.directory / "trace.json").read_text())["traceEvents"]:
            a = e.get("args", {})
            if e.get("cat") == "bus" and a["octets"]:
                does = {"read": "reads", "write": "writes"}[a["command"].split("_")[1]]
                self.bus.append(tenure(int(a["address_ps"]), a["master"], does, a["octets"]))
            elif e.get("cat") == "packet" and e["ph"] == "b" and "born_ps" in a:
                self.born[e["id"]], self.of[e["id"]] = e["name"], a.get("parent")
            elif e.get("cat") == "packet" and e["ph"] == "b":
                self.passed[e["id"]].append(event(int(a["passed_ps"]), a["at"], e["name"]))
        self.bus.sort()

    def ways(self, born_by):
        """[event …] of each packet that nothing else was made of: what those passed that it was made of, and what it passed, as far as it came."""
        for last in set(self.passed) - set(self.of.values()):
            line = [last]
            while self.of[line[0]]:
                line.insert(0, self.of[line[0]])
            if self.born[line[0]] == born_by:
                yield [e for packet in line for e in self.passed[packet]]

    def moved(self, master, does, begin=0, end=1 << 62):
        """Octets."""
        return sum(t.octets for t in self.bus if t.master == master and t.does == does and begin <= t.ps < end)

    def on_the_bus(self, begin, end):
        """(master, does, octets) in order; what one does several times in a row is one. The CPU's reads are left out: it looks for what is done."""
        found = []
        for t in self.bus:
            if begin < t.ps < end and (t.master, t.does) != ("bridge", "reads"):
                before = found.pop()[2] if found and found[-1][:2] == (t.master, t.does) else 0
                found.append((t.master, t.does, before + t.octets))
        return found
