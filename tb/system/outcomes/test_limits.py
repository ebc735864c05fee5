"""Doubling the resource that a run names as its limit raises throughput; doubling any other changes it by less than 2 %.

Tried for every shipped scenario that names a limit, with every resource that its summary lists: buses, CPUs, links, the FIFOs of
the NICs; and with the rings and the budget of the drivers, which are the buffers of software.
"""
import tomllib
import unittest

import command

PICOSECONDS = {"ps": 1, "ns": 1000, "us": 10**6}


def twice(value):
    if isinstance(value, int):
        return str(2 * value)
    number, unit = value.split()
    return f'"{2 * int(number)} {unit}"'


def twice_as_often(period):
    number, unit = period.split()
    picoseconds, odd = divmod(int(number) * PICOSECONDS[unit], 2)
    assert not odd, period
    return f'"{picoseconds} ps"'


def doublings(resources, config):
    """For each resource its path and the settings that double it. A rate or size that no 82559 has wants the extended identity."""
    extended = ['nic.identity="extended"']
    path = {id(c): f'{c[owner]}.{c["name"]}' for kind, owner in (("cpu", "host"), ("bus", "host"), ("nic", "bus")) for c in config[kind]}
    key = {"cpu": "clock", "bus": "period"}
    periods = {path[id(c)]: (key[kind], c[key[kind]]) for kind in key for c in config[kind]}
    rates = extended + [f'{path[id(n)]}.link_rate={twice(n["link_rate"])}' for n in config["nic"]]
    links = {l["name"]: rates + [f'{l["name"]}.rate={twice(l["rate"])}'] for l in config["link"]}
    for r in resources:
        if r["kind"] == "wire":                                  # one of a link's two directions: they have one rate
            yield r["path"], links[r["path"].rsplit(".", 1)[0]]
        else:
            name, period = periods[r["path"]]
            yield r["path"], [f'{r["path"]}.{name}={twice_as_often(period)}']
    for n in config["nic"]:
        for fifo in ("tx_fifo", "rx_fifo"):
            yield f"{path[id(n)]}.{fifo}", extended + [f"{path[id(n)]}.{fifo}={twice(n[fifo])}"]
        for buffers in ("transmit_ring", "receive_ring", "budget"):
            yield f"{path[id(n)]}.driver.{buffers}", [f'{path[id(n)]}.driver.{buffers}={twice(n["driver"][buffers])}']


class limits(command.scenario_test):
    def throughput(self, scenario, sets):
        """Packets and octets delivered per second, the result, and the configuration."""
        run = self.run_scenario(scenario, "--trace", "none", *(w for s in sets for w in ("--set", s)), status=None)
        self.assertIn(run.status, (0, 1), run.stderr)
        r = run.result()
        window = int(r["window"]["until_ps"]) - int(r["window"]["from_ps"])
        delivered = [sum(f[what] for f in r["flows"]) * 10**12 / window for what in ("packets", "octets")]
        return delivered, r, tomllib.loads((run.directory / "config.resolved.toml").read_text())

    def test_doubling(self):
        named = 0
        for scenario in command.SCENARIOS:
            base, r, config = self.throughput(scenario, [])
            says = any(e.get("limited_by") for e in config["expect"])
            self.assertEqual(r["limit"]["limited"], says, f"{scenario.name} expects the limit that it names")
            if not says:
                continue
            named += 1
            limit = r["limit"]["highest"]
            link = limit.rsplit(".", 1)[0]
            for path, sets in doublings(r["resources"], config):
                with self.subTest(f"{scenario.name}, limited by {limit}: twice {path}"):
                    grown = [new / old - 1 for new, old in zip(self.throughput(scenario, sets)[0], base)]
                    if path == limit or (path.rsplit(".", 1)[0] == link and path.endswith(("a_to_b", "b_to_a"))):
                        self.assertGreater(min(grown), 0.05, "doubling the limit helps")
                    else:
                        self.assertLess(max(map(abs, grown)), 0.02, "nothing else does")
        self.assertGreaterEqual(named, 5)


if __name__ == "__main__":
    unittest.main()
