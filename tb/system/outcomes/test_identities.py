"""Every identity of the controller runs clean under the driver, link and all."""
import unittest

import command

SYSTEM = """
schema = 1
extends = "parts/one-nic.toml"
duration = "6 ms"
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
[[expect]]
name = "all"
metric = "client.verified"
at_least = "40 frames"
"""


class identities(command.scenario_test):
    def test_each_runs_clean_and_its_driver_sees_the_link(self):
        scenario = self.write("system.toml", SYSTEM)
        nic = "server.pci0.nic0"
        for identity in ("82557", "82558", "82559", "82550", "extended"):
            with self.subTest(identity):
                out = self.run_scenario(scenario, "--set", f"nic.identity={identity}", "--set", "warm_up=0 ps")
                self.assertEqual(out.result()["losses"], [])
                self.assertGreater(out.metric(f"{nic}.driver.link_at"), 0)
                self.assertGreater(out.metric("server.sink_9.received"), 40)
                refused = [m["path"] for m in out.result()["metrics"] if m["path"].startswith(f"{nic}.refused_") and int(m["value"])]
                self.assertEqual(refused, [])

    def test_what_a_real_one_cannot_do_names_the_one_that_can(self):
        scenario = self.write("system.toml", SYSTEM)
        for identity in ("82557", "82558", "82559", "82550"):
            with self.subTest(identity):
                done = self.run_scenario(scenario, "--set", f"nic.identity={identity}", "--set", "nic.rx_fifo=8 KiB", status=2)
                self.assertIn(f"an {identity} has a receive FIFO of 3 KiB", done.stderr)
                self.assertIn("extended", done.stderr)


if __name__ == "__main__":
    unittest.main()
