"""A cold start ends where a run that starts ready is: from the first traffic on, both leave the same."""
import unittest

import command

SYSTEM = """
schema = 1
extends = "parts/one-nic.toml"
duration = "3010 ms"
traffic_start = "3 s"
[[traffic]]
name = "up"
from = "server"
to = "client"
pace = "rate"
rate = "40 Mbps"
sizes = "imix"
[[traffic]]
name = "down"
from = "client"
to = "server"
pace = "rate"
rate = "40 Mbps"
sizes = "imix"
"""


# An empty slot is on the second bus too.
TWO_AND_A_BRIDGE = """
schema = 1
extends = "parts/host.toml"
duration = "3005 ms"
traffic_start = "3 s"
[[cpu]]
name = "cpu0"
[[pci_bridge]]
name = "riser"
bus = "server.pci0"
[[bus]]
name = "pci1"
host = "server"
behind = "server.pci0.riser"
""" + "".join(f"""
[[nic]]
name = "{nic}"
bus = "server.{bus}"
address = "10.0.{n}.1/24"
[[peer]]
name = "p{n}"
ip = "10.0.{n}.2"
[[link]]
name = "lan{n}"
a = "server.{bus}.{nic}"
b = "p{n}"
[[traffic]]
name = "up{n}"
from = "server.{bus}.{nic}"
to = "p{n}"
pace = "rate"
rate = "30 Mbps"
[[traffic]]
name = "down{n}"
from = "p{n}"
to = "server.{bus}.{nic}"
pace = "rate"
rate = "30 Mbps"
""" for n, (bus, nic) in enumerate([("pci0", "near"), ("pci1", "far")])) + """
[[nic]]
name = "absent"
bus = "server.pci1"
address = "10.0.9.1/24"
present = false
[[peer]]
name = "p9"
ip = "10.0.9.2"
[[link]]
name = "lan9"
a = "server.pci1.absent"
b = "p9"
"""


class cold_start(command.scenario_test):
    def metrics_of_the_window(self, metrics):
        since_power_on = {m["path"].rsplit(".", 1)[1] for m in metrics if m.get("since_power_on")}
        self.assertEqual(since_power_on, {"failed_start", "failed_self_test", "bad_eeprom", "no_phy", "ready_at", "link_at"})
        return [m for m in metrics if not m.get("since_power_on")]

    def test_behind_bring_up_it_is_a_run_that_started_ready(self):
        scenario = self.write("system.toml", SYSTEM)
        cold, ready = [self.run_scenario(scenario, "--set", f"start={start}", "--trace", "packets") for start in ("cold", "ready")]
        self.assertGreater(len(cold.packets()), 100)
        self.assertEqual(cold.files()["packets.csv"], ready.files()["packets.csv"])
        one, other = cold.result(), ready.result()
        self.assertEqual(len(one.pop("notes")), 1)
        self.assertEqual(other.pop("notes"), [])
        self.assertEqual(*[self.metrics_of_the_window(r.pop("metrics")) for r in (one, other)])
        for key in one:
            self.assertEqual(one[key], other[key], key)

    def test_so_it_is_for_every_identity_and_topology(self):
        two_and_a_bridge = self.write("two.toml", TWO_AND_A_BRIDGE)
        one = self.write("system.toml", SYSTEM)
        wide = ("nic.identity=extended", "nic.bus_width=64", "bus.width=64", "bus.bridge.width=64", "bus.period=66 MHz")
        for scenario, settings in [(one, ("nic.identity=82557",)), (one, ("nic.identity=82558",)), (one, ("nic.identity=82550",)), (one,
                wide), (two_and_a_bridge, ())]:
            with self.subTest(scenario=scenario, settings=settings):
                more = [x for s in settings for x in ("--set", s)]
                cold, ready = [self.run_scenario(scenario, "--set", f"start={start}", "--trace", "packets", *more) for start in ("cold", "ready")]
                self.assertGreater(len(cold.packets()), 50)
                self.assertEqual(cold.files()["packets.csv"], ready.files()["packets.csv"])
                self.assertEqual(*[self.metrics_of_the_window(x.result()["metrics"]) for x in (cold, ready)])

    def test_it_was_cold(self):
        scenario = self.write("system.toml", SYSTEM)
        cold, ready = [self.run_scenario(scenario, "--set", f"start={start}", "--set", "warm_up=0 ps") for start in ("cold", "ready")]
        nic = "server.pci0.nic0"
        self.assertGreater(cold.metric("server.pci0.bridge.cpu_retries"), 1000)
        self.assertEqual(ready.metric("server.pci0.bridge.cpu_retries"), 0)
        self.assertEqual(cold.metric(f"{nic}.link_at"), 1_392_330_000_000)
        self.assertEqual(ready.metric(f"{nic}.link_at"), 0)
        self.assertGreater(cold.metric(f"{nic}.driver.ready_at"), 14_000_000_000)
        self.assertLess(ready.metric(f"{nic}.driver.ready_at"), 100_000_000)

    def test_the_notes_tell_when_each_nic_became_ready(self):
        scenario = self.write("system.toml", SYSTEM)
        for setting, says in [("lan0.delay=56 ns", "link up at 1392330 us, seen by its driver at 2"), ("client.autonegotiation=false", "link up at 1700330 us"),
                              ("nic.driver.link_poll=5 s", "which its driver has not seen"), ("lan0.break_link_time=4 s", "its link never came up"),
                              ("nic.driver.self_test_timeout=500 us", "never became ready: its self-test failed")]:
            with self.subTest(setting):
                out = self.run_scenario(scenario, "--set", "start=cold", "--set", setting)
                self.assertIn(says, out.result()["notes"][0])
                self.assertIn("server.pci0.nic0: ", out.result()["notes"][0])

    def test_a_start_that_failed_before_the_window_fails_its_expectations_and_says_why(self):
        self.write("bad.hex", "0200 0000 0100\n" + "0000 " * 61)
        expect = "".join(f'[[expect]]\nname = "{name}"\nmetric = "nic.driver.{name}"\nequals = "{none}"\n'
                         for name, none in (("failed_start", "0"), ("bad_eeprom", "0"), ("ready_at", "0 ps")))
        scenario = self.write("failed.toml", SYSTEM + '[[nic]]\nname = "nic0"\neeprom = "bad.hex"\n' + expect)
        short = ("--set", "duration=40 ms", "--set", "traffic_start=30 ms")
        cold = self.run_scenario(scenario, "--set", "start=cold", *short, status=1)
        self.assertEqual(cold.result()["window"]["from_ps"], str(30_000_000_000))
        self.assertEqual({v["name"]: v["held"] for v in cold.result()["verdicts"]}, {"failed_start": False, "bad_eeprom": False, "ready_at": True})
        self.assertIn("never became ready: the sum of its EEPROM's words is wrong", cold.result()["notes"][0])
        self.assertRegex(cold.stdout, r"nic0\.driver\.bad_eeprom +1 devices")
        ready = self.run_scenario(scenario, "--set", "start=ready", *short, status=1)
        self.assertEqual({v["name"]: v["held"] for v in ready.result()["verdicts"]}, {"failed_start": True, "bad_eeprom": True, "ready_at": False})
        self.assertEqual([n for n in ready.result()["notes"] if "EEPROM" in n],
                         ["server.pci0.nic0: the sum of its EEPROM's words is wrong: a driver that starts in full refuses it; this one has not read it"])


if __name__ == "__main__":
    unittest.main()
