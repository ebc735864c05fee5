"""Faults on the time line, seen from outside: what each costs, by name, and that nothing else is lost."""
import unittest

import command

# Both ways over one nic, 100 frames in 10 ms each; the fault is there from 10 ms on.
BOTH_WAYS = """
schema = 1
extends = "parts/one-nic.toml"
duration = "40 ms"
[[traffic]]
name = "down"
from = "client"
to = "server"
pace = "frames"
frames_per_second = 10000
frame_size = "512 B"
[[traffic]]
name = "up"
from = "server"
to = "client"
pace = "frames"
frames_per_second = 10000
frame_size = "512 B"
[[nic]]
name = "nic0"
[nic.driver]
transmit_timeout = "4 ms"
link_poll = "100 us"
[[fault]]
at = "{at}"
what = "{what}"
from = "10 ms"
{more}
"""
NIC, DRIVER = "server.pci0.nic0", "server.pci0.nic0.driver"
FOR_10_MS = 'for = "10 ms"'


class faults(command.scenario_test):
    def injected(self, at, what, more=FOR_10_MS):
        run = self.run_scenario(self.write("s.toml", BOTH_WAYS.format(at=at, what=what, more=more)))
        result = run.result()
        self.assertEqual([c["name"] for c in result["checks"] if c["breaches"]], [])
        run.lost = {}
        for row in result["losses"]:
            run.lost[row["reason"]] = run.lost.get(row["reason"], 0) + row["packets"]
        run.faults = result["faults"]
        return run

    def test_a_dead_mac_loses_what_begins_meanwhile_and_nothing_else(self):
        for what, lost in (("mac_dead", {"tx_mac_dead": 100, "rx_mac_dead": 100}), ("transmit_dead", {"tx_mac_dead": 100}),
                           ("receive_dead", {"rx_mac_dead": 100})):
            run = self.injected(NIC, what)
            self.assertEqual(run.lost, lost, what)
            self.assertEqual(run.metric(f"{NIC}.link_losses"), 0)
            self.assertEqual(run.metric(f"{DRIVER}.not_done"), 0)
            self.assertEqual(run.metric(f"{DRIVER}.transmit_timeouts"), 0)           # nobody is told

    def test_a_mac_that_hangs_is_noticed_by_its_driver(self):
        run = self.injected(NIC, "transmit_hung")
        self.assertEqual(run.metric(f"{DRIVER}.transmit_timeouts"), 2)
        self.assertEqual(set(run.lost), {"driver_not_done", "tx_reset", "rx_aborted"})
        self.assertEqual(run.lost["tx_reset"], 4)                                    # two frames in the FIFO, at each reset
        self.assertGreater(run.lost["driver_not_done"], 70)
        self.assertGreater(run.metric("server.sink_9.received"), 370)                # it hears all the time

    def test_a_reset_of_the_driver_costs_a_moment(self):
        run = self.injected(DRIVER, "reset", "")
        self.assertEqual(run.metric(f"{DRIVER}.operator_resets"), 1)
        self.assertLessEqual(sum(run.lost.values()), 10)
        self.assertLessEqual(set(run.lost), {"driver_not_done", "tx_reset", "rx_aborted", "rx_idle"})

    def test_a_driver_that_is_down_sends_and_takes_nothing(self):
        run = self.injected(DRIVER, "taken_down")
        self.assertAlmostEqual(run.lost["driver_not_done"], 100, delta=3)
        self.assertAlmostEqual(run.lost["rx_idle"] + run.lost["rx_aborted"], 100, delta=5)
        self.assertLessEqual(set(run.lost), {"driver_not_done", "tx_reset", "rx_aborted", "rx_idle"})

    def test_a_link_that_flaps(self):
        run = self.injected("lan0", "link_down", 'for = "1 ms"\nevery = "4 ms"\ntimes = 5')
        self.assertEqual(run.metric(f"{NIC}.link_losses"), 5)
        self.assertEqual(run.metric(f"{DRIVER}.link_changes"), 10)
        self.assertAlmostEqual(run.lost.pop("link_down"), 2 * 5 * 10, delta=10)
        self.assertLessEqual(sum(run.lost.values()), 5)                              # those that were on the wire
        self.assertEqual([(f["times"], f["every_ps"], f["from_ps"]) for f in run.faults], [(5, str(4 * 10**9), str(10**10))])
        self.assertIn("10.0 ms for 1.00 ms, every 4.00 ms, 5 times", run.stdout)
        run = self.injected("lan0", "link_down", 'for = "1 ms"\nevery = "4 ms"')     # to the end
        self.assertEqual(run.metric(f"{NIC}.link_losses"), 8)
        self.assertEqual([f["times"] for f in run.faults], [8])

    def test_two_at_once(self):
        more = f'{FOR_10_MS}\n[[fault]]\nat = "lan0"\nwhat = "link_down"\nfrom = "15 ms"\nfor = "10 ms"'
        run = self.injected(NIC, "mac_dead", more)
        self.assertEqual(run.lost["rx_mac_dead"], 50)
        self.assertAlmostEqual(run.lost["tx_mac_dead"], 100, delta=1)                # of the link the MAC knows nothing
        self.assertAlmostEqual(run.lost["link_down"], 100 + 50, delta=2)


if __name__ == "__main__":
    unittest.main()
