"""Doubling the resource that a run names as its limit raises throughput; doubling any other changes it by less than 2 %.

Tried for every shipped scenario that names a limit, with every resource that its summary lists: buses, CPUs, links, the FIFOs of
the NICs; and with the rings and the budget of the drivers, which are the buffers of software.
"""
import re
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

    def test_a_full_wire_before_what_loses(self):
        """A source that fills its wire is no limit to what arrives when a resource behind the wire loses half of it."""
        for scenario, sets, limit, twice_it, twice_the_wire in (
            ("line-rate-64", ["cpu.clock=100MHz"], "server.cpu0", ["cpu.clock=200MHz"],
             ["cpu.clock=100MHz", 'nic.identity="extended"', "nic.link_rate=200Mbps", "link.rate=200Mbps"]),
            ("bus-limited", ["traffic.pace=line_rate", "traffic.rate=0bps"], "server.pci0",
             ["traffic.pace=line_rate", "traffic.rate=0bps", "bus.period=66MHz"],
             ["traffic.pace=line_rate", "traffic.rate=0bps", "nic.link_rate=2Gbps", "link.rate=2Gbps"])):
            with self.subTest(scenario):
                file = command.SOURCE / "scenarios" / f"{scenario}.toml"
                base, r, _ = self.throughput(file, sets)
                self.assertTrue(r["limit"]["limited"])
                self.assertEqual(r["limit"]["highest"], limit)
                self.assertEqual(r["limit"]["full_with_less_demand"], ["lan0.b_to_a"])
                self.assertGreater(self.throughput(file, twice_it)[0][0] / base[0], 1.2, "doubling the limit helps")
                self.assertLess(abs(self.throughput(file, twice_the_wire)[0][0] / base[0] - 1), 0.02, "doubling the wire does not")

    def test_the_bound_of_a_cpu_holds_at_any_load(self):
        """At 20 Mb/s a packet costs interrupts that frames share at 68 Mb/s: the bound must hold there too."""
        cpu_limited = command.SOURCE / "scenarios" / "cpu-limited.toml"
        delivered, _, _ = self.throughput(cpu_limited, [])
        for rate in ("20Mbps", "68Mbps"):
            _, r, _ = self.throughput(cpu_limited, [f"traffic.rate={rate}"])
            bound = next(x["bound"] for x in r["resources"] if x["kind"] == "cpu")
            most = float(re.search(r"at most ([0-9.]+) kpackets/s", bound).group(1)) * 1000
            self.assertGreater(most, delivered[0])
            self.assertLess(most, 1.1 * delivered[0])

    def test_what_a_cable_holds_back_is_not_waiting_for_it(self):
        scenario = self.write("held.toml", """extends = "parts/one-nic.toml"
duration = "20 ms"
[[traffic]]
name = "t"
from = "server"
to = "client"
pace = "rate"
rate = "70 Mbps"
frame_size = "1518 B"
[[link]]
name = "lan0"
reordering_a_to_b = "1"
reorder_time = "100 ms"
reorder_frames = 1000
impairment_queue = 1000
""")
        made = self.run_scenario(scenario, status=0).result()
        wire = next(r for r in made["resources"] if r["path"] == "lan0.a_to_b")
        self.assertGreater(float(wire["used"]), 0)
        self.assertEqual(wire.get("packets_waiting", 0), 0)
        self.assertEqual(float(wire["demand"]), float(wire["used"]))


if __name__ == "__main__":
    unittest.main()
