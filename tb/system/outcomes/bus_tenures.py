"""PCI tenures out of a waveform (PCI 2.2), by the pins alone: an edge sees what was driven before it."""
COMMANDS = {0x2: "I/O read", 0x3: "I/O write", 0x6: "memory read", 0x7: "memory write", 0xA: "configuration read", 0xB: "configuration write",
            0xC: "memory read multiple", 0xE: "memory read line", 0xF: "memory write and invalidate"}
PINS = ("AD", "CBE_n", "FRAME_n", "IRDY_n", "TRDY_n", "master")


class tenure:
    """`words`: (byte enables, word) of each data phase, in order. `master`: 0 is the host bridge, n + 1 the device in slot n."""

    def __init__(self, command, address):
        self.master, self.command, self.address, self.words = None, COMMANDS[command], address, []


def samples(path, bus, clock):
    names, scope, pins, edge, header = {}, [], dict.fromkeys(PINS, "1"), 0, True
    for word in filter(None, map(str.split, path.read_text().splitlines())):
        if header:
            if word[0] == "$scope":
                scope.append(word[2])
            elif word[0] == "$upscope":
                scope.pop()
            elif word[0] == "$var" and ".".join(scope) == bus and word[4] in PINS:
                names[word[3]] = word[4]
            header = word[0] != "$enddefinitions"
        elif word[0][0] == "#":
            while edge + clock <= int(word[0][1:]):
                edge += clock
                yield pins
        elif word[-1] in names:                                      # a vector: value, blank, name
            pins[names[word[-1]]] = word[0][1:]
        elif word[0][1:] in names:
            pins[names[word[0][1:]]] = word[0][0]


def number(bits):
    return int(bits, 2) if set(bits) <= {"0", "1"} else None


def tenures(path, bus="server.pci0", clock=30_000):
    found, idle = [], True
    for pins in samples(path, bus, clock):
        if idle and pins["FRAME_n"] == "0":
            found.append(tenure(number(pins["CBE_n"]), number(pins["AD"])))
            idle = False
        elif not idle:
            found[-1].master = number(pins["master"])                # drawn from the second clock on
            if pins["IRDY_n"] == "0" and pins["TRDY_n"] == "0":
                found[-1].words.append((number(pins["CBE_n"]) ^ 15, number(pins["AD"])))
            idle = pins["FRAME_n"] != "0" and pins["IRDY_n"] != "0"
    return found
