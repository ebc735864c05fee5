"""`nicteam schema` and `nicteam validate` give the same verdict; the judge of the schema is python3-jsonschema."""
import copy
import itertools
import json
import random
import re
import subprocess
import sys
import tomllib
import unittest

import command

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not installed: skipped")
    sys.exit(77)

SCHEMA = json.loads(subprocess.run([command.NICTEAM, "schema"], capture_output=True, text=True, check=True).stdout)
JUDGE = jsonschema.Draft7Validator(SCHEMA)

# What `validate` says of one key alone. The rest is of several tables, or a range of a quantity with a unit: beyond a schema.
OF_ONE_KEY = re.compile(r"unknown key|is no choice|needs a unit|unknown unit|is not a number|is neither true nor false|takes no unit|must be given"
                        r"|is (a|an|true|false) ?[a-z ]*; allowed: (a |an |one |true)|holds .*; allowed: a list|no table of the language")


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
    for kind, definition in SCHEMA["definitions"].items():
        items = scenario.get(kind, [])
        for item in items if isinstance(items, list) else [items]:
            found.append((item, definition["properties"]))
    for table, properties in list(found):
        for key, what in properties.items():
            if what.get("type") == "object" and "properties" in what and isinstance(table.get(key), dict):
                found.append((table[key], what["properties"]))
    return found


UNITS = {"ns": ["3 ns", "1_000 ns", "2.5 us", ".5 ms", "1e3 ns"], "bps": ["10 Mbps", "1e6 bps"], "KiB": ["512 B", "1 KiB", "1.5 KiB"],
         "MHz": ["33 MHz", "30 ns", "0.1 GHz"], "%?": ["0.25", "25 %", "1e-3"]}
WRONG = ["", "fast", "3", "3 furlongs", "1 2 ns", "ns", "0x10 B", "5 mbps", "3 %%", "NaN ns", "1,5 us", "10 Mb", "7 Ns", "--3 ns", 3.5, [1], ["x", 2], {"a": 1}, True, False, -1, 0, 1, 2**40, "true", "a"]


def fitting(rng, what):
    if "enum" in what:
        return rng.choice(what["enum"])
    kinds = what.get("type")
    if kinds == "integer":
        low = what.get("minimum", 0)
        return rng.choice([low, what.get("maximum", low + 3), what.get("default", low)])
    if kinds == "boolean":
        return rng.random() < 0.5
    for unit, values in UNITS.items():
        if unit in what.get("pattern", ""):
            return rng.choice(values + ([what["default"]] if "default" in what else []))
    return what.get("default", "x")


CHANGED = set()      # keys, by the table of the schema that they stand in
KINDS = itertools.cycle(SCHEMA["definitions"])


def change(rng, scenario):
    """One random change, right or wrong, anywhere."""
    if rng.random() < 0.15:                     # one more of a kind that the scenarios may not have at all: each kind in turn
        kind = next(KINDS)
        there = scenario.setdefault(kind, [] if SCHEMA["properties"][kind].get("type") == "array" else {})
        if isinstance(there, list):
            there.append({"name": rng.choice(["a0", "b1"])} if "name" in SCHEMA["definitions"][kind]["properties"] else {})
            at_choice = [(there[-1], SCHEMA["definitions"][kind]["properties"])]
        else:
            at_choice = [(there, SCHEMA["definitions"][kind]["properties"])]
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
        table[key] = fitting(rng, properties[key]) if what < 0.5 else rng.choice(WRONG)


class schema(command.scenario_test):
    def verdicts(self, files):
        """By file: what `validate` says of it."""
        done = subprocess.run([command.NICTEAM, "validate", *map(str, files)], capture_output=True, text=True)
        said = {str(f): [] for f in files}
        for line in done.stderr.splitlines():
            for f in said:
                if line.startswith(f"{f}:") or line.startswith(f"nicteam: {f}:"):
                    said[f].append(line)
        for f in said:
            self.assertNotEqual(bool(said[f]), f"{f}: no errors" in done.stdout, f)
        return said

    def bases(self):
        out = []
        for file in command.SCENARIOS:
            made = self.run_scenario(file, "--until", "1 us", "--trace", "none", status=None)
            out.append(tomllib.loads((made.directory / "config.resolved.toml").read_text()))
        return out

    def test_is_a_schema_and_takes_every_scenario(self):
        jsonschema.Draft7Validator.check_schema(SCHEMA)
        for file in command.SCENARIOS + command.LIVE:
            with self.subTest(file.name):
                self.assertEqual([e.message for e in JUDGE.iter_errors(tomllib.loads(file.read_text()))], [])
        for base in self.bases():
            with self.subTest(base.get("name")):
                self.assertEqual([e.message for e in JUDGE.iter_errors(base)], [])

    def test_the_same_verdict_on_random_scenarios(self):
        rng = random.Random(1)
        bases = self.bases()
        scenarios, files = [], []
        for n in range(800):
            scenario = copy.deepcopy(rng.choice(bases))
            for _ in range(rng.choice([1, 1, 1, 2])):
                change(rng, scenario)
            scenarios.append(scenario)
            file = self.folder / f"random{n}.toml"
            file.write_text(text_of(scenario))
            files.append(file)
        said = self.verdicts(files)
        both = {(True, True): 0, (True, False): 0, (False, False): 0}
        for scenario, file in zip(scenarios, files):
            wrong = [e.message for e in JUDGE.iter_errors(scenario)]
            messages = said[str(file)]
            self.assertFalse(wrong and not messages, f"the schema alone refuses {file.name}: {wrong}\n{file.read_text()[:3000]}")
            if messages and not wrong:
                for m in messages:
                    if re.search(r"expect\.(at_least|at_most|equals)|fault\.amount", m):
                        continue           # its unit is that of a metric or fault
                    self.assertNotRegex(m, OF_ONE_KEY, file.read_text()[:3000])
            both[bool(messages), bool(wrong)] += 1
        # Every kind of table had some of its keys changed: new ones are drawn from the schema as it is.
        untouched = [k for k, d in SCHEMA["definitions"].items() if not any((id(d["properties"]), key) in CHANGED for key in d["properties"])]
        self.assertEqual(untouched, [])
        self.assertGreater(both[True, True], 150)
        self.assertGreater(both[False, False], 80)


if __name__ == "__main__":
    unittest.main()
