"""Seeded time lines of faults over a scenario: what may befall a machine, and when."""
import math
import random
import tomllib

# What of each kind of place may go wrong. Left out: what breaks a rule on purpose (a stack without policies, repeated numbers), and wrong data on a bus, of which the
# books cannot be kept (docs/decisions/0052).
OF_DEVICE = ["master_abort", "target_abort", "removed"]
OF_NIC = ["mac_dead", "transmit_dead", "receive_dead", "transmit_hung"]
OF_DRIVER = ["reset", "taken_down"]
OF_ENGINES = ["engines_stuck", "engines_wrong"]
OF_SWITCH = ["path_dead", "power_off", "table_flush"]
OF_SWITCH_PORT = ["path_dead", "path_dead_in", "path_dead_out"]
LONGEST_RETRY = 200_000_000          # ps: as long as a device retries, a CPU that asks it does nothing else


class machine:
    """The places of a resolved scenario at which something may go wrong."""

    def __init__(self, text):
        self.resolved = tomllib.loads(text)
        self.duration = picoseconds(self.resolved["duration"])
        self.first = picoseconds(self.resolved.get("traffic_start", "1 ms")) // 2
        self.decades = math.log10(max(self.duration / 2, 10**10))            # of how long a fault lasts, in ps
        self.places = []
        for nic in self.resolved.get("nic", []):
            at = f"{nic['bus'] if '.' in nic['bus'] else self.bus(nic['bus'])}.{nic['name']}"
            device = OF_DEVICE if nic.get("present", True) else ["inserted"]
            self.places += [(at, f) for f in device + OF_NIC + ["endless_retry"]] + [(f"{at}.driver", f) for f in OF_DRIVER]
            if nic.get("crypto", {}).get("enable"):
                self.places += [(f"{at}.{block}", f) for block in ("crypto", "crypto_transmit") for f in OF_ENGINES]
        for card in self.resolved.get("crypto_card", []):
            at = f"{card['bus'] if '.' in card['bus'] else self.bus(card['bus'])}.{card['name']}"
            self.places += [(at, f) for f in OF_DEVICE + OF_ENGINES + ["endless_retry"]] + [(f"{at}.driver", "reset")]
        for link in self.resolved.get("link", []):
            self.places += [(link["name"], "link_down")] * 3 + [(link["name"], "bit_errors")]
        for switch in self.resolved.get("switch", []):
            self.places += [(switch["name"], f) for f in OF_SWITCH] + [(f"{switch['name']}.*", f) for f in OF_SWITCH_PORT]
        for cpu in self.resolved.get("cpu", []):
            self.places.append((f"{cpu['host']}.{cpu['name']}", "stall"))

    def bus(self, name):
        return next(f"{b['host']}.{name}" for b in self.resolved["bus"] if b["name"] == name)


def picoseconds(text):
    number, unit = text.split()
    return int(float(number) * {"ps": 1, "ns": 10**3, "us": 10**6, "ms": 10**9, "s": 10**12}[unit])


def variant(rng, at, what):
    """A cable may be down in one direction alone, engines slow and not stuck, a CPU kept from its work by a line that is stuck."""
    if what == "link_down" and rng.random() < 0.4:
        return f"{at}.{rng.choice(['a_to_b', 'b_to_a'])}", what
    if what == "engines_stuck" and rng.random() < 0.4:
        return at, "engines_slow"
    if what == "stall" and rng.random() < 0.4:
        return f"{at.split('.')[0]}.interrupts", f"int{rng.choice('abcd')}_stuck"
    return at, what


def drawn(m, seed):
    """One to five faults, some at once, some that come again, some that stay."""
    rng, more = random.Random(seed), random.Random(f"variant {seed}")
    behind = m.duration * 6 // 10                # what ends has ended by then, and the machine has time to settle
    faults = []
    for _ in range(rng.choice([1, 1, 2, 2, 3, 4, 5])):
        at, what = variant(more, *rng.choice(m.places))
        start = rng.randrange(0 if rng.random() < 0.1 else m.first, behind)
        if faults and rng.random() < 0.2:
            start = faults[-1]["from"]           # at once, to the picosecond
        fault = {"at": at, "what": what, "from": start}
        ends = what in ("endless_retry", "stall") or what.startswith("int")
        longest = min(behind - start, LONGEST_RETRY) if ends else behind - start
        lasts = max(1, min(longest, int(10 ** rng.uniform(5, m.decades))))
        if ends or rng.random() < 0.85:
            fault["for"] = lasts
            if rng.random() < 0.25 and lasts < longest:
                fault["for"] = max(1, lasts // 4)
                fault["every"] = fault["for"] + max(1, int(fault["for"] * rng.choice([0.001, 0.5, 1, 3])))
                fault["times"] = max(1, min(rng.choice([2, 3, 10, 100]), (behind - start - fault["for"]) // fault["every"] + 1))
        if what == "bit_errors":
            fault["amount"] = rng.choice(["1e-6", "1e-4", "0.01"])
        if what == "engines_slow":
            fault["amount"] = f"{more.choice([2, 10, 100])} times"
        faults.append(fault)
    return faults


def text_of(base, m, faults, seed):
    """A scenario over `base`: its traffic ends in time for everything to come to an end, and drivers give up soon."""
    out = [f'extends = "{base}"', "schema = 1", 'warm_up = "0 ps"', f"seed = {seed % 1000}", 'title = "A time line of faults, by its seed"']
    for kind in ("traffic", "ping"):
        for t in m.resolved.get(kind, []):
            out += [f"[[{kind}]]", f'name = "{t["name"]}"']
            start = picoseconds(t.get("start", m.resolved.get("traffic_start", "1 ms")))
            room = max(m.duration * 65 // 100 - start, 1_000_000)
            out.append(f'duration = "{room} ps"' if kind == "traffic" else f"count = {max(1, room // picoseconds(t.get('interval', '1 s')))}")
    for n in m.resolved.get("nic", []):
        out += ["[[nic]]", f'name = "{n["name"]}"', "[nic.driver]", 'transmit_timeout = "500 us"', 'link_poll = "200 us"', 'block_timeout = "300 us"']
    for c in m.resolved.get("crypto_card", []):
        out += ["[[crypto_card]]", f'name = "{c["name"]}"', "[crypto_card.driver]", 'timeout = "300 us"']
    for n, f in enumerate(faults):
        out += ["[[fault]]", f'name = "drawn{n}"']
        out += [f'{k} = "{v} ps"' if k in ("from", "for", "every") else f"{k} = {v}" if k == "times" else f'{k} = "{v}"' for k, v in f.items()]
    return "\n".join(out) + "\n"
