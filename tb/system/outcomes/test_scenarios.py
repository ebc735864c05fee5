"""Every shipped scenario holds what it expects, and leaves the same bytes twice, traced or not, built in either order."""
import unittest

import command


class shipped(command.scenario_test):
    def test_expectations_hold_and_bytes_repeat(self):
        self.assertGreaterEqual(len(command.SCENARIOS), 6)
        for scenario in command.SCENARIOS:
            with self.subTest(scenario.name):
                first = self.run_scenario(scenario, "--trace", "all")
                self.assertTrue(first.result()["verdicts"], "it expects something")
                again = self.run_scenario(scenario, "--trace", "all", "--reverse-construction")
                self.assertEqual(sorted(first.files()), sorted(again.files()))
                for name, content in first.files().items():
                    self.assertTrue(content == again.files()[name], f"{name} differs when components are constructed in reverse")
                silent = self.run_scenario(scenario, "--trace", "none")
                self.assertEqual(first.files()["result.json"], silent.files()["result.json"])

    def test_packets_pass_the_stages_in_the_order_of_the_columns(self):
        """Along each of these ways no time falls; a driver hears of a frame that went out when the NIC tells it, maybe much later."""
        sent = "host_post driver_queued nic_notified nic_tx_fetch nic_tx_fifo_start wire_begin wire_tx wire_end".split()
        received = "wire_begin rx_first_octet rx_in_fifo rx_dma_done status_written interrupt driver_received delivered".split()
        ways = [sent, received, ["nic_tx_fetch", "driver_reaped"], ["rx_first_octet", "rx_dma_start", "rx_dma_done"]]
        block = ["rx_first_octet in_142 mux_130 engines_start engines_done delivered_22b rx_in_fifo".split(),
                 "rx_first_octet in_142 past_21a delivered_22b rx_in_fifo".split(),
                 "fed_back mux_122 engines_start engines_done delivered_22b rx_in_fifo".split(),
                 "fed_back path_152 engines_start engines_done delivered_22b rx_in_fifo".split()]      # of a nic with the crypto block
        out = ["nic_tx_fetch whole_in_fifo packaged_22a protect_start protect_done frame_buffer nic_tx_fifo_start wire_begin".split()]
        bridged = [["wire_begin", "wire_end", "switched"], ["switched", "rx_first_octet"]]      # by a switch
        team = ["host_post delivered_308 forwarded_316".split(), "host_post delivered_308 driver_queued".split(), "returned_320 driver_queued".split(),
                "driver_received received_322 forwarded_336".split(), "driver_received received_322 delivered_340 delivered".split(),
                "returned_338 delivered_340 delivered".split()]      # augmentation layer 250
        seen = set()
        for scenario in command.SCENARIOS:
            with self.subTest(scenario.name):
                run = self.run_scenario(scenario, "--trace", "packets")
                rows = run.packets()
                if not rows:
                    continue                      # jobs are no packets
                cuts = [int(f["from_ps"]) for f in run.result()["faults"]]
                columns = [c[:-3] for c in rows[0] if c.endswith("_ps")][1:-1]           # between born and ended
                there = ways + (block + out if "in_142" in columns else []) + (bridged if "switched" in columns else [])
                there += team if "delivered_308" in columns else []
                self.assertEqual(sorted(columns), sorted(set().union(*there)))
                for way in there:
                    self.assertEqual(sorted(way, key=columns.index), way)
                    for row in rows:
                        if row["wire_end_ps"] and any(0 <= at - int(row["wire_end_ps"]) < 1_000_000 for at in cuts):
                            continue                  # a cable was pulled: it ends before its sender is through
                        times = [(int(row[s + "_ps"]), s) for s in way if row[s + "_ps"]]
                        self.assertEqual([t for t, _ in times], sorted(t for t, _ in times), f'{row["id"]}: {times}')
                        seen.update(s for _, s in times)
        self.assertEqual(seen, set().union(*ways, *block, *out, *bridged, *team), "each stage is passed in some scenario")

    def test_lengths_are_those_of_frames_on_the_wire(self):
        """Whoever sent it: an ARP reply of 42 octets is padded and gets an FCS, a forwarded ping's answer is as long as the ping."""
        run = self.run_scenario(command.SOURCE / "scenarios" / "quickstart.toml", "--trace", "packets", "--set", "warm_up=0 ps")
        sent = [r for r in run.packets() if r["wire_end_ps"]]
        self.assertIn("server.stack", {r["from"] for r in sent})
        for way, of_server in (("a_to_b", True), ("b_to_a", False)):
            lengths = [int(r["length"]) for r in sent if r["from"].startswith("server.") == of_server]
            self.assertEqual(len(lengths), run.metric(f"lan0.{way}.frames"))
            self.assertEqual(sum(lengths), run.metric(f"lan0.{way}.octets"))
        to, back = [[f for f in run.result()["flows"] if (f["from"], f["to"]) == ends][0]
                    for ends in (("client", "server.stack"), ("server.stack", "client"))]
        self.assertEqual((to["packets"], to["octets"]), (back["packets"], back["octets"]))

    def test_seed_matters_where_there_is_chance(self):
        scenario = self.write("poisson.toml", """
extends = "parts/one-nic.toml"
duration = "3 ms"
[[traffic]]
name = "down"
from = "client"
to = "server"
pace = "rate"
rate = "20 Mbps"
arrivals = "poisson"
""")
        one, same, other = (self.run_scenario(scenario, "--trace", "packets", "--seed", s) for s in ("1", "1", "2"))
        self.assertEqual(one.files(), same.files())
        self.assertNotEqual(one.files()["packets.csv"], other.files()["packets.csv"])

    def test_a_fault_that_begins_and_ends_within_frames_breaks_no_rule(self):
        scenario = self.write("noise.toml", """
extends = "parts/one-nic.toml"
duration = "2 ms"
[[traffic]]
name = "down"
from = "client"
to = "server"
pace = "line_rate"
frame_size = "300 B"
[[fault]]
name = "noise"
at = "lan0.b_to_a"
what = "bit_errors"
amount = "1e-2"
from = "1200 us"
for = "300 us"
""")
        run = self.run_scenario(scenario, "--trace", "none")
        self.assertGreater(run.metric("lan0.b_to_a.damaged"), 3)
        self.assertEqual({c["breaches"] for c in run.result()["checks"]}, {0})

    def test_a_stall_that_never_ends_is_no_work(self):
        scenario = self.write("stall.toml", """
extends = "parts/one-nic.toml"
duration = "20 ms"
[[traffic]]
name = "down"
from = "client"
to = "server"
pace = "rate"
rate = "50 Mbps"
[[fault]]
name = "dead"
at = "server.cpu0"
what = "stall"
from = "5 ms"
""")
        run = self.run_scenario(scenario, "--trace", "none")
        self.assertEqual(run.metric("server.cpu0.stalled") // 10**9, 14, "from the first work after 5 ms to 20 ms, in ms")
        use = next(float(r["use"]) for r in run.result()["resources"] if r["path"] == "server.cpu0")
        self.assertLess(use, 0.05)

    def test_a_link_faster_than_its_phy_is_refused(self):
        run = self.run_scenario(command.SOURCE / "scenarios" / "line-rate-1518.toml", "--set", 'nic.link_rate="10 Mbps"', status=2)
        self.assertIn("highest rate is below", run.stderr)


if __name__ == "__main__":
    unittest.main()
