"""A waveform as samples at edges, to be changed and written again."""

import vcd_rules

T = 30000      # the period of the clock, ps


class Samples:
    """A waveform as one dictionary of levels per edge; sample n is what is driven at edge n - 1 and sampled at edge n."""

    def __init__(self, path):
        with open(path, encoding="ascii") as f:
            _, scopes = vcd_rules.read_header(f)
            (self.pins,) = scopes.values()
            names = {identifier: (pin, bits) for pin, (identifier, bits) in self.pins.items()}
            state, self.edges, time = {}, [], 0
            for line in f:
                if line[0] == "#":
                    now = int(line[1:])
                    for _ in range(time // T, now // T):
                        self.edges.append(dict(state))
                    time = now
                elif line[0] in "01xz":
                    state[names[line[1:].strip()][0]] = line[0]
                elif line[0] == "b":
                    value, identifier = line[1:].split()
                    pin, bits = names[identifier]
                    state[pin] = vcd_rules.widened(value, bits)
        # self.edges[i] is sampled at edge i + 1
        self.tenures = []
        for i, s in enumerate(self.edges):
            if s["FRAME_n"] == "0" and (i == 0 or self.edges[i - 1]["FRAME_n"] != "0" and self.edges[i - 1]["IRDY_n"] != "0"):
                self.tenures.append(i)

    def write(self, path, extra=()):
        with open(path, "w", encoding="ascii") as f:
            f.write("$timescale 1 ps $end\n$scope module bus $end\n")
            for pin, (identifier, bits) in self.pins.items():
                f.write(f"$var wire {bits} {identifier} {pin} $end\n")
            f.write("$upscope $end\n$enddefinitions $end\n")
            before = {}
            for i, state in enumerate(self.edges):
                changes = [(p, v) for p, v in state.items() if before.get(p) != v]
                if changes:
                    f.write(f"#{i * T}\n")
                for pin, value in changes:
                    bits = self.pins[pin][1]
                    f.write(f"b{value} {self.pins[pin][0]}\n" if bits > 1 else f"{value}{self.pins[pin][0]}\n")
                for at, pin, value in extra:
                    if i * T < at < (i + 1) * T:
                        f.write(f"#{at}\n{value}{self.pins[pin][0]}\n")
                before = state
            f.write(f"#{len(self.edges) * T}\n")

    def tenure(self, command, which=0):
        """The edge index of the address phase of the which-th tenure with this command."""
        return [i for i in self.tenures if int(self.edges[i]["CBE_n"], 2) == command][which]

    def set(self, at, **pins):
        self.edges[at].update(pins)

    def first(self, start, **pins):
        """The first index at or after start at which the pins have these levels."""
        for i in range(start, len(self.edges)):
            if all(self.edges[i][p] == v for p, v in pins.items()):
                return i
        raise AssertionError(f"never {pins}")
