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


# Jobs of a nic's ring and of a crypto card's, in the middle of which something happens.
JOBS = """
schema = 1
extends = "{base}"
warm_up = "0 ps"
[[nic]]
name = "nic0"
[nic.driver]
transmit_timeout = "500 us"
[[crypto_card]]
name = "card"
[crypto_card.driver]
timeout = "500 us"
[[traffic]]
name = "up"
duration = "5 ms"
[[ping]]
name = "pings"
count = 6
"""
HAPPENS = """
[[fault]]
at = "{at}"
what = "{what}"
from = "{begin}"
{more}
"""


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

    def with_jobs(self, *faults):
        text = JOBS.format(base=command.SOURCE / "scenarios/crypto/process-and-transmit.toml")
        text += "".join(HAPPENS.format(at=at, what=what, begin=begin, more=more) for at, what, begin, more in faults)
        run = self.run_scenario(self.write("jobs.toml", text), status=None)
        self.assertIn(run.status, (0, 1), run.stderr)
        self.assertEqual([c["name"] for c in run.result()["checks"] if c["breaches"]], [])
        run.rings = {at: {k: run.metric(f"server.pci0.{at}.driver.rings.{k}") for k in ("posted", "executed", "not_executed", "unknown", "stray", "timeouts")}
                     for at in ("nic0", "card")}
        for at, r in run.rings.items():              # each concludes once
            self.assertEqual(r["posted"], r["executed"] + r["not_executed"] + r["unknown"], (faults, at, r))
            self.assertEqual(r["stray"], 0)
        return run

    def test_each_job_concludes_once_whatever_happens_to_its_device(self):
        good = self.with_jobs()
        self.assertEqual([r["timeouts"] for r in good.rings.values()], [0, 0])
        for at in ("nic0", "card"):
            path = f"server.pci0.{at}"
            for what in ("master_abort", "target_abort", "removed", "endless_retry", "reset"):
                for begin in ("1200 us", "3010 us", "3040 us"):
                    for more in ('for = "50 us"', 'for = "1500 us"') + (("",) if what in ("removed", "reset") else ()):
                        run = self.with_jobs((path + (".driver" if what == "reset" else ""), what, begin, more))
                        other = "card" if at == "nic0" else "nic0"
                        if what != "endless_retry":
                            self.assertEqual(run.rings[other]["unknown"] + run.rings[other]["timeouts"], 0, (at, what, begin, more))

    def test_a_doorbell_that_was_lost_is_rung_again(self):
        found = 0
        for begin in range(2000, 2200, 5):           # about a ping's job
            run = self.with_jobs(("server.pci0.card", "master_abort", f"{begin} us", 'for = "15 us"'))
            card = run.rings["card"]
            if card["timeouts"] == 1:
                found += 1
                self.assertEqual(card["executed"], card["posted"])                   # no job was given up
        self.assertGreater(found, 0)

    def test_a_card_that_stays_silent_is_given_up_and_comes_back(self):
        dead = self.with_jobs(("server.pci0.card", "master_abort", "2500 us", ""))
        self.assertEqual(dead.rings["card"]["timeouts"], 2)
        self.assertGreater(dead.rings["card"]["not_executed"] + dead.rings["card"]["unknown"], 0)
        back = self.with_jobs(("server.pci0.card", "master_abort", "2500 us", 'for = "2500 us"'))
        self.assertEqual(back.metric("server.pci0.card.driver.rings.installed"), 2)  # reset, it has its association again
        self.assertGreater(back.rings["card"]["executed"], dead.rings["card"]["executed"])

    def test_engines_that_are_wrong_or_stuck_deliver_nothing(self):
        good = self.with_jobs()
        for what in ("engines_wrong", "engines_stuck"):
            for at in ("server.pci0.nic0.crypto_transmit", "server.pci0.card"):
                run = self.with_jobs((at, what, "0 ps", ""))
                by_nic = at.endswith("transmit")
                handed = run.metric("server.stack.sent_by_rings" if by_nic else "server.stack.put_on_by_rings")
                if what == "engines_wrong":          # told as done, and the far end opens none of them
                    self.assertGreater(handed, 5)
                    self.assertEqual(run.metric("client.not_opened"), handed)
                    self.assertEqual(run.metric("client.opened"), good.metric("client.opened") - handed)
                else:
                    self.assertEqual(handed, 0)
                    self.assertGreater(run.rings["nic0" if by_nic else "card"]["not_executed"], 0)
                    self.assertEqual(run.metric("client.not_opened"), 0)


if __name__ == "__main__":
    unittest.main()
