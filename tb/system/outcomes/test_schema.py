"""`nicteam schema` and `nicteam validate` give the same verdict; the judge of the schema is python3-jsonschema."""
import copy
import ipaddress
import itertools
import json
import os
import random
import re
import subprocess
import sys
import tomllib
import unittest
from fractions import Fraction

import command

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not installed: skipped")
    sys.exit(77)

SCHEMA = json.loads(subprocess.run([command.NICTEAM, "schema"], capture_output=True, text=True, check=True).stdout)
JUDGE = jsonschema.Draft7Validator(SCHEMA)
COUNT = int(os.environ.get("NICTEAM_RANDOM_SCENARIOS", "800"))

# What only `validate` knows (docs/scenario.md, "The schema"): of several tables, of two values that are compared, of files, and of numbers
# that no regular expression weighs. Whatever else it says, the schema must say as well.
BEYOND = [
    # several tables
    r"there is no such|is a \w+, not a |is at the end of no link|there is a \w+ at .* already|is in this slot already|is the 21st device",
    r"is plugged into a link already|all \d+ ports of it are taken|joins links of one rate|the CPUs of a host have one clock|"
    r"has no (cpu|bus|nic)",
    r"leads to .* already|no bus is behind|belongs to another host|is itself behind|is behind .*, not behind|is taken (by|in) |"
    r"is the address of .* already",
    r"matches no |has nothing that a waveform shows|has no fault|wants an \[\[expect\]\]|all of 254 are taken|a port is full duplex",
    r"is half duplex|half duplex, and|as its link does|, which runs at .* only|below that of its link|PCI ends at 66 MHz|closes a loop|"
    r"drivers, stack and windows|it would never have room",
    r"window_address = .*: (lies|overlaps|is)",
    r"a switch is full duplex|port_group\.ports of|switch\.static_addresses",
    # two values compared
    r"is who opens them|half_close closes one half|with half_close it is the client|"
    r"is the end a of .* as well|is the sender itself|leaves nothing of the duration|is not before the end|is not after .*from|"
    r"is above greatest_size|is less than max_frame",
    r"is below at_least|is no longer than for|must be a multiple of burst|fault .* names|is no fault",
    r"no unit of [\w.]+ has engines|"
    r"sa: \w+: |sa\.\w+ of \w+ = |crypto\.(period|buffer_142|cut_through|bypass|bypass_room|bubble_rule|cache_entries|cache_miss|frame_start|longest_to_host)|"
    r"with a record of \d+ octets behind each frame|nothing fills that a PAUSE",
    # a team: what its mode knows, who is in it
    r"team\.[\w.]+( = .*)?: |which has the address",
    # several tables: who has which associations
    r"(crypto_service|crypto_load|job_server|remote_load|team\.sharing)\.\w+ of [\w.]+ = |"
    r"has no crypto block;|to the same address has it already|begins at .*, not at|is no host, and (has no CPU|takes what comes)|"
    r"is put on by a nic, and others behind it|"
    r"is no host with a nic|is of IPv[46] in transport mode, and what|"
    r"and only a host cuts|sa\.when_unable = .*: .* has no team;",
    # in the unit of a metric, whatever a pattern matches
    r"expect\.(at_least|at_most|equals) = .*\((the|a) .* is in |expect\.of = .*; allowed",
    # a sweep: its expressions, points, and values laid over the scenario
    r'(figure|derive)\.(as|at_most|at_least|equals|where|close_where) = ".+"|figure\.unit = ".*": does not go|figure\.(within|equals|where|close_where): wants|'
    r'(vary|derive|figure) = .*two columns|vary(\.\w+)?: |derive: |point\.set: |sweep\.baseline: |sweep\.constraints = ".*"(, column|:)|'
    r'sweep\.metrics = ".*": |error: (zip takes|method = "list" wants|random, latin_hypercube|sobol|no point is left|\d+ points; at most)',
    # files
    r"cannot (read|open)|No such file|Is a directory|holds no frame|expected a capture file's magic number",
    # numbers
    r"has more than 28 digits|a memory of \d+ B; it is a power of two|has no memory of its own",
    r'pace "rate" needs a rate above 0',      # one with too large an exponent is none; the schema's own word on 0 has a test below
]
BEYOND = re.compile("|".join(BEYOND))
WITH_EXPONENT, PART_OF_KIB = re.compile(r'= "[^"]*[0-9._][eE][+-]?[0-9]'), re.compile(r"[KMG]iB.*finer")


def beyond(message, lines):
    """`lines`: of the scenario; the message names the one where it is wrong."""
    place = re.match(r"[^:]*:(\d+):", message)
    return BEYOND.search(message) or PART_OF_KIB.search(message) or (place and WITH_EXPONENT.search(lines[int(place[1]) - 1]))


def toml(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value)


def write_table(lines, table, path):
    for key, value in table.items():
        if not isinstance(value, dict) and not (isinstance(value, list) and value and isinstance(value[0], dict)):
            lines.append(f"{key} = {toml(value)}")
    for key, value in table.items():
        if isinstance(value, dict):
            lines.append(f"[{'.'.join(path + [key])}]")
            write_table(lines, value, path + [key])
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for item in value:
                lines.append(f"[[{'.'.join(path + [key])}]]")
                write_table(lines, item, path + [key])


def text_of(scenario):
    lines = []
    write_table(lines, scenario, [])
    return "\n".join(lines) + "\n"


def places(scenario):
    """Every table that a key may stand in: the table itself, and the schema of its keys."""
    found = [(scenario, SCHEMA["properties"])]
    for kind, definition in TABLES.items():
        items = scenario.get(kind, [])
        for item in items if isinstance(items, list) else [items]:
            found.append((item, definition["properties"]))
    for table, properties in list(found):
        for key, what in properties.items():
            if what.get("type") == "object" and "properties" in what and isinstance(table.get(key), dict):
                found.append((table[key], what["properties"]))
    return found


WRONG = ["", "fast", "3", "3 furlongs", "1 2 ns", "ns", "0x10 B", "5 mbps", "3 %%", "NaN ns", "1,5 us", "10 Mb", "7 Ns", "--3 ns", "._5 s",
         ". s", 3.5, [1], ["x", 2],
         {"a": 1}, True, False, -1, 0, 1, 2**40, "true", "a"]
TEXTS = ["zz", "02:00:00:00:00:07", "02-00-00-00-00-08", "03:00:00:00:00:09", "02:00:00:00:00", "02:00:00:00:00:0g", " 2:00:00:00:00:01",
         "192.0.2.77", "192.0.2.256", "192.0.2", "192.0.2.7/24",
         "10.0.0.1/33", "010.001.000.255/0", "1.2.3.4/", "2001:db8::/32", "::/0", "1:2:3:4:5:6:7::/128", "::1/129", "::ffff:1.2.3.4/96",
         "1::2::3/64", "2001:db8::c000:201", "server", "server.pci0", "server.pci0.nic0",
         "Server", "server..pci0", "client", ".", "nic", "timer", "memory", "stack", "x9", "9x"]
SCALES = {"ps": 1, "ns": 10**3, "us": 10**6, "ms": 10**9, "s": 10**12, "bps": 1, "kbps": 10**3, "Mbps": 10**6, "Gbps": 10**9, "B": 1,
          "KiB": 2**10, "MiB": 2**20, "GiB": 2**30,
          "": Fraction(1), "%": Fraction(1, 100), "Hz": 1, "kHz": 10**3, "MHz": 10**6, "GHz": 10**9}
FAMILIES = [["ps", "ns", "us", "ms", "s"], ["bps", "kbps", "Mbps", "Gbps"], ["B", "KiB", "MiB", "GiB"], ["Hz", "kHz", "MHz", "GHz"], ["",
        "%"]]
RANGES = {"time": FAMILIES[0], "rate": FAMILIES[1], "size": FAMILIES[2], "period": FAMILIES[3] + FAMILIES[0], "ratio": FAMILIES[4]}
QUANTITY = re.compile(r"(?<![\w.])([0-9.]+(?:e-?[0-9]+)?) *([kMG]?(?:bps|Hz)|[pnum]?s|[KMG]iB|B|%)?(?![\w.:/])")


def as_decimal(value):
    """Exactly, or to 30 places if it has no end."""
    whole, rest = divmod(value.numerator, value.denominator)
    digits = ""
    while rest and len(digits) < 30:
        rest *= 10
        digits += str(rest // value.denominator)
        rest %= value.denominator
    return str(whole), digits


def any_quantity(rng, units, edges):
    """Near an end of a range or anywhere, in any unit, with all that may stand in a number."""
    number, unit = rng.choice(edges) if edges and rng.random() < 0.7 else (str(rng.choice([0, 1, 3, 7, 64, 99, 1518, 10**6, 10**19])),
                                                                           rng.choice(units))
    value = Fraction(number) * SCALES[unit]
    family = [u for u in next(f for f in FAMILIES if unit in f) if u in units]
    unit = rng.choice(family) if family else unit
    step = Fraction(rng.choice([0, 0, 1, -1, 1000, -1000])) if unit not in ("", "%") else Fraction(rng.choice([0, 0, 1, -1]),
            10**rng.choice([1, 6, 18, 19]))
    whole, digits = as_decimal(max(Fraction(0), value + step) / SCALES[unit])
    if rng.random() < 0.2:
        digits = (digits + rng.choice(["0", "000", "1", "0001", "5"]))[:40]
    text = rng.choice(["", "", "", "0", "00"]) + whole
    if rng.random() < 0.2:
        text = "_".join(text) if rng.random() < 0.5 else text + "_"
    if whole == "0" and digits and rng.random() < 0.3:
        text = ""
    if digits or rng.random() < 0.1:
        text += "." + digits
    if rng.random() < 0.1:
        text += rng.choice(["e0", "E+1", "e-1", "e3", "e", "e30"])
    return rng.choice(["", "", "", "", "", "+", "-", " "]) + text + rng.choice([" ", " ", " ", "", "  "]) + unit + rng.choice(["", "", "",
            " "])


def range_of(what):
    for part in what.get("allOf", []):
        if part.get("$ref", "").startswith("#/definitions/"):
            return part["$ref"].rsplit("/", 1)[1]
    return None


def fitting(rng, key, what):
    if "enum" in what and rng.random() < 0.9:
        return rng.choice(what["enum"])
    kinds = what.get("type", "string")
    if kinds == "integer":
        low = what.get("minimum", 0)
        return rng.choice([low, low - 1, what.get("maximum", low + 3), what.get("maximum", low + 3) + 1, what.get("default", low),
                           rng.randrange(300)])
    if kinds == "boolean":
        return rng.random() < 0.5
    if named := range_of(what):
        edges = [(n, u) for n, u in QUANTITY.findall(named.split("_", 1)[1].replace("_", " ")) + QUANTITY.findall(str(what.get("default",
                "")))]
        return any_quantity(rng, RANGES[named.split("_")[0]], edges)
    if kinds == ["string", "integer"]:
        return rng.choice([rng.randrange(-2, 5), any_quantity(rng, rng.choice(FAMILIES), []),
                           f"{rng.randrange(9)} {rng.choice(['frames', 'phases', 'times', 'edges', 'x'])}"])
    if key == "what":
        return rng.choice(FAULTS + ["wibble"])
    return rng.choice(TEXTS + [what.get("default", "x")])


FAULTS = next(p["properties"]["what"]["enum"] for p in SCHEMA["definitions"]["fault"]["allOf"] if "what" in p.get("properties", {}))
TABLES = {name: d for name, d in SCHEMA["definitions"].items() if d["type"] == "object"}
CHANGED = set()      # keys, by the table of the schema that they stand in
KINDS = itertools.cycle(TABLES)


def change(rng, scenario):
    """One random change, right or wrong, anywhere."""
    if rng.random() < 0.15:                     # one more of a kind that the scenarios may not have at all: each kind in turn
        kind = next(KINDS)
        there = scenario.setdefault(kind, [] if SCHEMA["properties"][kind].get("type") == "array" else {})
        if isinstance(there, list):
            there.append({"name": rng.choice(["a0", "b1"])} if "name" in TABLES[kind]["properties"] else {})
            at_choice = [(there[-1], TABLES[kind]["properties"])]
        else:
            at_choice = [(there, TABLES[kind]["properties"])]
    else:
        at_choice = places(scenario)
    table, properties = rng.choice(at_choice)
    plain = [k for k, v in properties.items() if "$ref" not in v and v.get("type") != "object" and "items" not in v]
    what = rng.random()
    if what < 0.1:
        table[rng.choice(["wibble", "Name", "nic_", "rate", "slot", "driver"])] = rng.choice([1, "x", "3 ns"])
    elif what < 0.15 and table:
        table.pop(rng.choice(list(table)))
    elif plain:
        key = rng.choice(plain)
        CHANGED.add((id(properties), key))
        table[key] = fitting(rng, key, properties[key]) if what < 0.8 else rng.choice(WRONG)


class schema(command.scenario_test):
    def verdicts(self, files):
        """By file: what `validate` says of it."""
        done = subprocess.run([command.NICTEAM, "validate", *map(str, files)], capture_output=True, text=True)
        said = {str(f): [] for f in files}
        for line in done.stderr.splitlines():
            if ": note: " in line:               # of a setting that nothing comes of: no error
                continue
            for f in said:
                if line.startswith(f"{f}:") or line.startswith(f"nicteam: {f}:"):
                    said[f].append(line)
        for f in said:
            self.assertNotEqual(bool(said[f]), f"{f}: no errors" in done.stdout, f)
        return said

    def resolved(self):
        for file in command.SCENARIOS:
            yield self.run_scenario(file, "--until", "1 us", "--trace", "none", status=None).directory / "config.resolved.toml"

    def bases(self):
        return [tomllib.loads(file.read_text()) for file in self.resolved()]

    def test_is_a_schema_and_takes_every_scenario(self):
        jsonschema.Draft7Validator.check_schema(SCHEMA)
        for file in command.SCENARIOS + command.LIVE:
            with self.subTest(file.name):
                self.assertEqual([e.message for e in JUDGE.iter_errors(tomllib.loads(file.read_text()))], [])
        # What a run leaves as its resolved scenario can be run: both say so.
        for file in self.resolved():
            with self.subTest(file.parent.name):
                self.assertEqual(self.verdicts([file]), {str(file): []})
                self.assertEqual([e.message for e in JUDGE.iter_errors(tomllib.loads(file.read_text()))], [])

    def agree(self, scenarios):
        """Writes each scenario; how often both took it, both refused it, only `validate` did."""
        files = []
        for n, scenario in enumerate(scenarios):
            files.append(self.folder / f"random{n}.toml")
            files[-1].write_text(text_of(scenario))
        said = self.verdicts(files)
        apart, both = [], {(True, True): 0, (True, False): 0, (False, True): 0, (False, False): 0}
        for scenario, file in zip(scenarios, files):
            wrong = [e.message for e in JUDGE.iter_errors(scenario)]
            messages = said[str(file)]
            if wrong and not messages:
                apart.append(f"the schema alone: {wrong}")
            elif not wrong:
                apart += [m for m in messages if not beyond(m, file.read_text().splitlines())]
            both[bool(messages), bool(wrong)] += 1
        self.assertEqual(apart, [], "\n".join(apart[:30]))
        return both

    def test_the_same_verdict_on_random_scenarios(self):
        rng = random.Random(1)
        bases = self.bases()
        scenarios = []
        for _ in range(COUNT):
            scenario = copy.deepcopy(rng.choice(bases))
            for _ in range(rng.choice([1, 1, 1, 2, 3])):
                change(rng, scenario)
            scenarios.append(scenario)
        both = self.agree(scenarios)
        # Every kind of table had some of its keys changed: new ones are drawn from the schema as it is.
        untouched = [k for k, d in TABLES.items() if not any((id(d["properties"]), key) in CHANGED for key in d["properties"])]
        self.assertEqual(untouched, [])
        self.assertGreater(both[True, True], COUNT // 5)
        self.assertGreater(both[False, False], COUNT // 10)

    def test_the_same_verdict_on_single_values(self):
        """Each key with a range, near its ends."""
        rng = random.Random(1)
        small = {"host": [{"name": "server"}], "cpu": [{"name": "cpu0", "host": "server"}], "bus": [{"name": "pci0", "host": "server"}]}
        scenarios = []
        for key, what in SCHEMA["properties"].items():
            scenarios += [{**small, key: fitting(rng, key, what)} for _ in range(20 if range_of(what) else 0)]
        for section, what in TABLES["host"]["properties"].items():
            for key, value in what.get("properties", {}).items():
                for _ in range(20 if range_of(value) or value.get("type") == "integer" else 0):
                    scenarios.append({**small, "host": [{"name": "server", section: {key: fitting(rng, key, value)}}]})
        for kind in ("cpu", "bus"):
            for key, value in TABLES[kind]["properties"].items():
                for _ in range(20 if range_of(value) else 0):
                    scenarios.append({**small, kind: [{**small[kind][0], key: fitting(rng, key, value)}]})
        both = self.agree(scenarios)
        self.assertGreater(both[True, True], len(scenarios) // 5)
        self.assertGreater(both[False, False], len(scenarios) // 5)
        self.assertLess(both[True, False], len(scenarios) // 10)

    def test_ipv6_prefixes_are_those_of_the_ipaddress_module(self):
        pattern, rng, taken = re.compile(TABLES["policy"]["properties"]["source_prefix"]["pattern"]), random.Random(6), 0
        for _ in range(20000):
            groups = [f"{rng.getrandbits(16):x}" for _ in range(rng.choice((1, 6, 7, 8, 9)))]
            for _ in range(rng.choice((0, 1, 1, 1, 2))):
                at = rng.randrange(len(groups) + 1)
                groups[at:at + rng.randrange(4)] = [""] * rng.choice((1, 1, 2))
            text = ":".join(groups)
            try:
                good = bool(ipaddress.IPv6Address(text))
            except ValueError:
                good = False
            bits = rng.choice((0, 9, 64, 99, 100, 119, 128, 129, 130, 200))
            taken += good and bits <= 128
            self.assertEqual(bool(pattern.search(f"{text}/{bits}")), good and bits <= 128, f"{text}/{bits}")
        self.assertGreater(taken, 1000)

    def test_what_the_schema_refuses(self):
        """By name: rules of one key and of one table."""
        base = next(b for b in self.bases() if b.get("name") == "quickstart")
        for change in [lambda s: s["nic"][0].update(mac="zz"), lambda s: s["nic"][0].update(mac="03:00:00:00:00:01"),
                       lambda s: s["nic"][0].update(eeprom_words=100),
                       lambda s: s["nic"][0].update(rx_fifo="7 B"), lambda s: s["nic"][0].update(rx_fifo="4 KiB"),
                       lambda s: s["traffic"][0].update(rate="99999999 Gbps"),
                       lambda s: s["traffic"][0].update(pace="rate", rate="0 bps"), lambda s: s["peer"][0].update(ip="192.0.2.256"),
                       lambda s: s["expect"].append({"metric": "nic.rx_frames"}), lambda s: s["expect"].append({"at_least": 1}),
                       lambda s: s["expect"].append({"metric": "nic.rx_frames", "event": "nic.link", "at_least": 1}),
                       lambda s: s.setdefault("fault", []).append({"at": "nic", "what": "wibble"}),
                       lambda s: s.setdefault("fault", []).append({"at": "lan0", "what": "bit_errors", "amount": "1.5"}),
                       lambda s: s.update(duration="0 s"),
                       lambda s: s["host"][0].update(name="nic"),
                       lambda s: s["bus"][0].update(width=33)]:
            scenario = copy.deepcopy(base)
            scenario.setdefault("expect", [])
            change(scenario)
            with self.subTest(text_of(scenario)[-200:]):
                self.assertEqual(self.agree([scenario])[True, True], 1)


if __name__ == "__main__":
    unittest.main()
