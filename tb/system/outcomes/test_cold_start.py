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


class cold_start(command.scenario_test):
    def test_behind_bring_up_it_is_a_run_that_started_ready(self):
        scenario = self.write("system.toml", SYSTEM)
        cold, ready = [self.run_scenario(scenario, "--set", f"start={start}", "--trace", "packets") for start in ("cold", "ready")]
        self.assertGreater(len(cold.packets()), 100)
        self.assertEqual(cold.files()["packets.csv"], ready.files()["packets.csv"])
        one, other = cold.result(), ready.result()
        self.assertEqual(len(one.pop("notes")), 1)
        self.assertEqual(other.pop("notes"), [])
        for key in one:
            self.assertEqual(one[key], other[key], key)

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
                              ("nic.driver.self_test_timeout=500 us", "never became ready")]:
            with self.subTest(setting):
                out = self.run_scenario(scenario, "--set", "start=cold", "--set", setting)
                self.assertIn(says, out.result()["notes"][0])
                self.assertIn("server.pci0.nic0: ", out.result()["notes"][0])


if __name__ == "__main__":
    unittest.main()
