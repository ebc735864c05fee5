"""Doubling the resource that a run names as its limit raises throughput; doubling any other changes it by less than 2 %.

Tried for every shipped scenario that names a limit, with every resource that its summary lists: buses, CPUs, links, engines, the FIFOs of
the NICs; and with the rings and the budget of the drivers, which are the buffers of software.
"""
import json
import re
import tomllib
import unittest

import command

CORES = {"des": "des-", "des3": "3des-", "aes": "aes-", "md5": "md5", "sha1": "sha1", "sha256": "sha256", "ghash": "ghash"}      # how their names begin
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
        elif r["kind"] == "engine":                              # as many again of its kind
            part, metric = r["path"].rsplit(".", 1)
            key, block = ("engines", part) if not part.endswith(".crypto_transmit") else ("transmit_engines", part[:-len("_transmit")])
            nic = next(n for n in config["nic"] if part.startswith(path[id(n)] + "."))
            cores = nic["crypto"][key] or nic["crypto"]["engines"]
            again = [c for c in cores if c.startswith(CORES[metric.removesuffix("_clocks")])]
            yield r["path"], [f"{block}.{key}={json.dumps(cores + again)}"]
        elif r["kind"] == "link":                                # a lane between chips of a nic: all have one clock
            nic = next(n for n in config["nic"] if r["path"].startswith(path[id(n)] + "."))
            yield r["path"], [f'{path[id(nic)]}.crypto.link_period={twice_as_often(nic["crypto"]["link_period"])}']
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
            if config.get("crypto_load"):            # its jobs are no packets that arrive
                continue
            if r["limit"].get("as_much_in_demand"):  # and twice one of them would not help
                continue
            says = any(e.get("limited_by") for e in config["expect"])
            self.assertEqual(r["limit"]["limited"], says, f"{scenario.name} expects the limit that it names")
            if not says:
                continue
            named += 1
            limit = r["limit"]["highest"]
            if any(x["path"] == limit and x["kind"] == "medium" for x in r["resources"]):
                # Half duplex ends at 100 Mb/s: what helps is a line of their own for each way and station.
                grown = self.throughput(scenario, [f"{limit}.duplex=full"])[0][0] / base[0]
                self.assertGreater(grown, 1.05, "full duplex helps")
                continue
            link = limit.rsplit(".", 1)[0]
            lanes = [x["path"] for x in r["resources"] if x["kind"] == "link"]
            for path, sets in doublings(r["resources"], config):
                with self.subTest(f"{scenario.name}, limited by {limit}: twice {path}"):
                    grown = [new / old - 1 for new, old in zip(self.throughput(scenario, sets)[0], base)]
                    if path == limit or (limit in lanes and path in lanes) or (path.rsplit(".", 1)[0] == link and path.endswith(("a_to_b", "b_to_a"))):
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

    def test_a_medium_that_all_share_is_the_limit_with_what_collisions_and_back_off_took(self):
        scenario = command.SOURCE / "scenarios" / "half-duplex.toml"
        run = self.run_scenario(scenario)
        r = run.result()
        self.assertTrue(r["limit"]["limited"])
        self.assertEqual(r["limit"]["highest"], "hub")
        hub = next(x for x in r["resources"] if x["path"] == "hub")
        spent = {x["what"].split(":")[0]: float(x["amount"]) for x in hub["spent"]}
        self.assertAlmostEqual(sum(spent.values()), float(hub["capacity"]), places=1)
        self.assertAlmostEqual(float(hub["used"]), float(hub["capacity"]) - spent["free"], places=1)
        # 12.5 octets a microsecond; a frame of 512 octets has 520, and none is under way twice.
        whole = run.metric("hub.through")
        self.assertLess(abs(spent["frames that came through"] / (520 * whole) - 1), 0.01)
        self.assertEqual(spent["gaps behind them"], 12 * whole)
        self.assertGreater(spent["nobody sends, a station waits"], 0.1 * float(hub["capacity"]))
        self.assertGreater(spent["collisions"], 20 * run.metric("hub.collisions"))
        limit = run.stdout[run.stdout.index("What limited the run"):]
        self.assertRegex(limit.splitlines()[1], r"^  hub \(medium\): ")
        self.assertIn("nobody sends, a station waits", limit)
        for station in ("red", "green", "blue", "server.pci0.nic0"):
            self.assertRegex(run.stdout, rf"(?m)^  {station} +[0-9.]+ ms +[0-9.]+ %$")
        # With a quarter of the load the medium has time left.
        light = self.run_scenario(scenario, "--set", "traffic.rate=5 Mbps", status=None)
        self.assertFalse(light.result()["limit"]["limited"])

    def test_a_half_duplex_link_without_a_repeater_counts_what_both_ends_hold_back(self):
        scenario = self.write("two.toml", """schema = 1
title = "two"
duration = "20 ms"
[[peer]]
name = "a"
mac = "02:00:00:00:00:01"
ip = "192.0.2.1"
duplex = "half"
[[peer]]
name = "b"
mac = "02:00:00:00:00:02"
ip = "192.0.2.2"
duplex = "half"
[[link]]
name = "lan0"
a = "a"
b = "b"
[[traffic]]
name = "there"
from = "a"
to = "b"
frame_size = "64 B"
[[traffic]]
name = "back"
from = "b"
to = "a"
frame_size = "64 B"
""")
        run = self.run_scenario(scenario)
        r = run.result()
        self.assertEqual((r["limit"]["limited"], r["limit"]["highest"]), (True, "lan0"))
        medium = next(x for x in r["resources"] if x["path"] == "lan0")
        spent = {x["what"].split(":")[0]: float(x["amount"]) for x in medium["spent"]}
        self.assertGreater(spent["nobody sends, a station waits"], 0)
        self.assertAlmostEqual(sum(spent.values()), float(medium["capacity"]), places=1)
        self.assertGreater(float(medium["used"]), 0.98 * float(medium["capacity"]))

    def test_what_a_peer_could_not_send_is_held_and_its_wait_is_part_of_the_latency(self):
        scenario = self.write("over.toml", """extends = "parts/one-nic.toml"
duration = "20 ms"
[[traffic]]
name = "t"
from = "client"
to = "server"
pace = "rate"
rate = "150 Mbps"
frame_size = "1518 B"
""")
        run = self.run_scenario(scenario)
        r = run.result()
        held = {x["where"]: int(x["packets"]) for x in r["held"]}
        # One is made each 80.96 us, the line takes one each 123.04 us, for 19 ms.
        self.assertAlmostEqual(held["client, made and not yet sent"], 19_000 / 80.96 - 19_000 / 123.04, delta=6)
        flow = next(f for f in r["flows"] if f["from"] == "client")
        wait = next(h for h in flow["stages"] if h["from"] == "born")
        self.assertGreater(int(wait["max"]), 5_000_000_000)          # the last one that was sent: a third of the run
        self.assertIn("lan0.b_to_a", [r["limit"]["highest"], *r["limit"]["as_much_in_demand"]])
        wire = next(x for x in r["resources"] if x["path"] == "lan0.b_to_a")
        self.assertGreater(int(wire["packets_waiting"]), 50)

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

    def test_what_never_came_to_a_driver_is_a_packet_that_costs_cycles_too(self):
        # The link is down: nearly all packets end in the stack, without an answer to ARP.
        run = self.run_scenario(command.SOURCE / "scenarios/link-loss.toml", "--set", "tripped_over.from=0 ps", "--set", "tripped_over.for=2500 ms",
                                status=None)
        cost = int(re.search(r"server\.cpu0 .*at the C = ([0-9 ]+) cycles", run.stdout)[1].replace(" ", ""))
        self.assertLess(cost, 10_000)
        self.assertGreater(run.metric("server.stack.unresolved"), 1000)
        self.assertNotIn("nothing came of it", run.stdout)
        self.assertIn("what was lost stands under Losses", run.stdout)

    def test_the_pieces_of_a_datagram_at_line_rate_are_born_together(self):
        text = ('extends = "parts/one-nic.toml"\nduration = "3 ms"\n[[peer]]\nname = "client"\nroute_mtu = ["576 B"]\nmay_fragment = true\n'
                '[[traffic]]\nname = "down"\nfrom = "client"\nto = "server"\npace = "line_rate"\nframe_size = "1438 B"\n')
        rows = [r for r in self.run_scenario(self.write("s.toml", text), "--trace", "packets", status=None).packets() if r["from"].startswith("client")]
        whole = {born: [r for r in rows if r["born_ps"] == born] for born in {r["born_ps"] for r in rows}}
        self.assertGreater(len(whole), 5)
        short = [born for born, pieces in whole.items() if len(pieces) != 3 and born != max(whole, key=int)]
        self.assertEqual(short, [])

    def test_the_bound_of_a_medium_is_that_of_its_frames_not_of_its_fragments(self):
        run = self.run_scenario(command.SOURCE / "scenarios/half-duplex.toml", status=None)
        mean = int(re.search(r"hub .*at the mean L = ([0-9 ]+) B", run.stdout)[1].replace(" ", ""))
        self.assertGreater(mean, 480)
        self.assertLessEqual(mean, 512)

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
