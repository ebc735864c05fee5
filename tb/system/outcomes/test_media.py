"""Half duplex, PAUSE and the gap between frames, through scenarios; tshark reads what was on the wire."""
import unittest

import command
from test_network import tshark

SOURCE = command.SOURCE
UP = """
[[traffic]]
name = "up"
from = "server"
to = "client"
pace = "line_rate"
frame_size = "64 B"
start = "1 ms"
[[capture]]
name = "wire"
at = "lan0.a_to_b.wire"
"""


class media(command.scenario_test):
    def test_pause_frames_are_what_they_should_be_and_save_frames(self):
        scenario = SOURCE / "scenarios/pause.toml"
        run = self.run_scenario(scenario, "--trace", "pcap")
        pauses = tshark(run.directory / "wire.pcapng", ["frame.len", "eth.dst", "macc.opcode", "macc.pause_time"], "eth.type == 0x8808")
        self.assertEqual(len(pauses), run.metric("server.pci0.nic0.tx_pauses"))
        self.assertEqual({(p[0], p[1]) for p in pauses}, {("64", "01:80:c2:00:00:01")})
        self.assertEqual({int(p[2], 0) for p in pauses}, {1})
        self.assertEqual([int(p[3]) for p in pauses], [95] * (len(pauses) - 1) + [0])
        without = self.run_scenario(scenario, "--set", "nic.driver.flow_control=false", status=None)
        lost = [without.metric(f"server.pci0.nic0.{m}") for m in ("rx_no_resources", "rx_overruns")]
        self.assertGreater(sum(lost), 3)
        deaf = self.run_scenario(scenario, "--set", "peer.pause=false", status=None)
        self.assertEqual(deaf.metric("client.pauses"), 0)
        self.assertGreater(deaf.metric("server.pci0.nic0.rx_no_resources"), 3)
        unheard = deaf.metric("server.pci0.nic0.tx_pauses_unheard")
        self.assertGreater(unheard, 3)
        self.assertIn(f"client has not agreed to take PAUSE frames: {unheard} stopped nobody", "".join(deaf.result()["notes"]))
        self.assertEqual(run.metric("server.pci0.nic0.tx_pauses_unheard"), 0)
        self.assertEqual(run.result()["notes"], [])
        quiet = self.run_scenario(scenario, "--set", "peer.pause=false", "--set", "traffic.rate=\"1 Mbps\"", status=None)
        self.assertIn("none was sent, and it would stop nobody", "".join(quiet.result()["notes"]))

    def test_a_request_given_up_after_16_collisions_is_told_of_where_packets_found_nobody(self):
        text = (SOURCE / "scenarios/half-duplex.toml").read_text()
        text = text[:text.index("[[expect]]")].replace('pace = "rate"', 'pace = "line_rate"').replace('rate = "21 Mbps"\n', "")
        lost = {}
        for seed in (2, 6, 8):
            run = self.run_scenario(self.write(f"greedy{seed}.toml", text), "--set", f"seed={seed}")
            notes = [n for n in run.result()["notes"] if "stack.unresolved" in n]
            self.assertEqual(len(notes), 1)
            self.assertIn("no answer to ARP came in time", notes[0])
            lost[seed] = [m for m in ("server.pci0.nic0.tx_lost_arp", "red.lost_arp", "green.lost_arp", "blue.lost_arp") if self.at_all(run, m)]
            self.assertEqual("given up after 16 collisions" in notes[0], bool(lost[seed]), notes[0])
            for metric in lost[seed]:
                self.assertIn(metric, notes[0])
        self.assertEqual(lost, {2: ["server.pci0.nic0.tx_lost_arp"], 6: ["red.lost_arp"], 8: []})

    @staticmethod
    def at_all(run, metric):
        """Notes count since power-on, metrics within the window: here nothing ends before it."""
        return run.metric(metric)

    def test_two_nics_pause_each_other_at_once_and_both_go_on_without_loss(self):
        text = 'schema = 1\ntitle = "Two NICs"\nduration = "12 ms"\n'
        for h, address in (("a", "192.0.2.1"), ("b", "192.0.2.2")):
            text += f"""
[[host]]
name = "{h}"
[[cpu]]
name = "c0"
host = "{h}"
[[bus]]
name = "p0"
host = "{h}"
[[nic]]
name = "n0"
bus = "{h}.p0"
address = "{address}/24"
[nic.driver]
receive_ring = 8
flow_control = true
flow_control_delay = 95
[[traffic]]
name = "from_{h}"
from = "{h}"
to = "{'b' if h == 'a' else 'a'}"
pace = "line_rate"
frame_size = "400 B"
wait_for_room = true
[[fault]]
name = "stall_{h}"
at = "{h}.c0"
what = "stall"
from = "4 ms"
for = "2 ms"
"""
        text += '[[link]]\nname = "lan0"\na = "a.p0.n0"\nb = "b.p0.n0"\n'
        run = self.run_scenario(self.write("both.toml", text))
        stalled = self.run_scenario(self.write("both.toml", text), "--until", "6 ms")
        for n in ("a.p0.n0", "b.p0.n0"):
            self.assertGreater(stalled.metric(f"{n}.tx_pauses"), 2)
            self.assertGreater(stalled.metric(f"{n}.rx_pauses"), 2)
            self.assertGreater(run.metric(f"{n}.rx_frames"), stalled.metric(f"{n}.rx_frames") + 50)
            for lost in ("rx_no_resources", "rx_overruns", "tx_pauses_unheard"):
                self.assertEqual(run.metric(f"{n}.{lost}"), 0)
        self.assertEqual(run.result()["notes"], [])

    def test_the_adaptive_gap_of_the_driver_slows_the_nic_by_8_pci_clocks_a_unit(self):
        for units in (0, 10, 200):
            run = self.run_scenario(self.write("gap.toml", f"""
extends = "parts/one-nic.toml"
duration = "4 ms"
[[nic]]
name = "nic0"
[nic.driver]
adaptive_gap = {units}
{UP}"""), "--trace", "pcap")
            rows = tshark(run.directory / "wire.pcapng", ["frame.time_epoch"], "udp && frame.len == 64")
            at = [int(s) * 10**9 + int(ns) for s, ns in (r[0].split(".") for r in rows)]
            least = (-(-(13 * 80 + units * 8 * 30) // 80) + 71) * 80       # ns: whole octet times
            self.assertGreater(len(at), 20)
            gaps = [b - a for a, b in zip(at, at[1:])]
            self.assertGreaterEqual(min(gaps), least)
            if units == 200:                                               # the gap, not the host, limits it
                self.assertEqual(min(gaps), least)

    def test_linear_priority_leaves_slots_to_others_behind_each_frame(self):
        for slots in (1, 7):
            run = self.run_scenario(self.write("slots.toml", f"""
extends = "parts/one-nic.toml"
duration = "6 ms"
[[nic]]
name = "nic0"
identity = "82557"
[nic.driver]
linear_priority = {slots}
[[peer]]
name = "client"
duplex = "half"
{UP}"""), "--trace", "pcap")
            rows = tshark(run.directory / "wire.pcapng", ["frame.time_epoch"], "udp && frame.len == 64")
            at = [int(s) * 10**9 + int(ns) for s, ns in (r[0].split(".") for r in rows)]
            self.assertGreater(len(at), 20)
            gaps = [b - a for a, b in zip(at, at[1:])]
            least = (71 + 13 + slots * 64) * 80                            # ns
            self.assertGreaterEqual(min(gaps), least)
            if slots == 7:                                                 # the slots, not the host, limit it
                self.assertEqual(min(gaps), least)
            self.assertEqual(run.metric("server.pci0.nic0.refused_configuration"), 0)

    def test_linear_priority_leaves_slots_to_others_behind_their_frames_only_if_it_is_asked_for(self):
        slots, octet = 7, 80                                               # ns
        own_gap = (71 + 13) * octet                                        # from begin to begin of 64-octet frames
        for after in ("own", "all"):
            run = self.run_scenario(self.write("after.toml", f"""
extends = "parts/one-nic.toml"
duration = "6 ms"
[[nic]]
name = "nic0"
identity = "82557"
[nic.driver]
linear_priority = {slots}
linear_priority_after = "{after}"
[[peer]]
name = "client"
duplex = "half"
[[traffic]]
name = "down"
from = "client"
to = "server"
pace = "rate"
rate = "5 Mbps"
frame_size = "64 B"
start = "1 ms"
[[capture]]
name = "back"
at = "lan0.b_to_a.wire"
{UP}"""), "--trace", "pcap")
            begins = []
            for file, own in (("wire.pcapng", True), ("back.pcapng", False)):
                for row in tshark(run.directory / file, ["frame.time_epoch"], "udp && frame.len == 64"):
                    s, ns = row[0].split(".")
                    begins.append((int(s) * 10**9 + int(ns), own))
            begins.sort()
            behind = [b[0] - a[0] for a, b in zip(begins, begins[1:]) if b[1] and not a[1]]
            self.assertGreater(len(behind), 10)
            if after == "all":
                self.assertGreaterEqual(min(behind), own_gap + slots * 64 * octet - 2 * 1000)     # but for the cable
            else:
                self.assertLess(min(behind), own_gap + slots * 64 * octet - 10 * 1000)
            self.assertEqual(run.metric("server.pci0.nic0.refused_configuration"), 0)

    def test_a_full_duplex_repeater_stores_what_a_half_duplex_one_collides(self):
        scenario = SOURCE / "scenarios/half-duplex.toml"
        full = self.run_scenario(scenario, "--set", "repeater.duplex=full", status=None)
        self.assertEqual(full.metric("hub.collisions"), 0)
        self.assertGreater(full.metric("hub.waited"), 0)
        half = self.run_scenario(scenario, "--trace", "pcap")
        comments = tshark(half.directory / "wire.pcapng", ["frame.comment"], "frame.comment contains \"collision\"")
        self.assertEqual(len(comments), half.metric("server.pci0.nic0.tx_collisions"))

    def test_a_duplex_mismatch_shows_as_late_collisions_on_one_side_and_cut_frames_on_the_other(self):
        run = self.run_scenario(self.write("mismatch.toml", """
extends = "parts/one-nic.toml"
duration = "20 ms"
[[peer]]
name = "client"
autonegotiation = false
[[traffic]]
name = "up"
from = "server"
to = "client"
pace = "rate"
rate = "30 Mbps"
frame_size = "1000 B"
[[traffic]]
name = "down"
from = "client"
to = "server"
pace = "rate"
rate = "41 Mbps"
frame_size = "700 B"
"""))
        self.assertGreater(run.metric("server.pci0.nic0.tx_late_collisions"), 3)
        self.assertGreater(run.metric("client.cut"), 3)
        self.assertEqual(run.metric("client.collisions"), 0)
        self.assertIn("lan0: one end is half duplex and the other full", "".join(run.result()["notes"]))

    def test_a_collision_domain_is_a_resource_of_its_own_and_accounts_for_what_it_loses(self):
        scenario = SOURCE / "scenarios/half-duplex.toml"
        run = self.run_scenario(scenario, "--trace", "pcap")
        rows = {r["path"]: r for r in run.result()["resources"]}
        self.assertIn("hub", rows)
        self.assertNotIn("lan0.a_to_b", rows)
        self.assertGreaterEqual(run.metric("hub.collided"), 2 * run.metric("hub.collisions"))
        self.assertEqual(run.metric("hub.spoiled"), 0)
        self.assertEqual(run.result()["notes"], [])
        window = 60_000_000_000
        carried = sum(run.metric(f"lan{i}.a_to_b.busy") for i in range(4))
        self.assertLess(run.metric("hub.busy"), window)
        self.assertLess(abs(carried - run.metric("hub.busy")), carried // 5)   # but for what met
        apart = self.run_scenario(scenario, "--set", "repeater.duplex=full", "--set", "red.duplex=half", status=None)
        rows = {r["path"]: r for r in apart.result()["resources"]}
        self.assertIn("lan1", rows)                                        # a medium of its own
        self.assertNotIn("hub", rows)
        deaf = self.run_scenario(scenario, "--set", "red.autonegotiation=false", status=None)
        self.assertGreater(deaf.metric("hub.spoiled"), 10)
        self.assertIn("lan1: one end is half duplex and the other full", "".join(deaf.result()["notes"]))


if __name__ == "__main__":
    command.need("tshark")
    unittest.main()
