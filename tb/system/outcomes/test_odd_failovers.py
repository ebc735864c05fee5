"""What a run tells of failovers that are none, of several faults at once, and of frames that nobody could use."""
import unittest

import command
from test_failovers import GROUP, MS, US, failover_test, fault

TEAM = command.SOURCE / "scenarios" / "team"


class odd_failover_test(failover_test):
    def extended(self, base, more, *words, status=None):
        return self.run_scenario(self.write("odd.toml", f'extends = "{base}"\n{more}'), "--trace", "packets", *words, status=status)

    def lost(self, run, **wanted):
        return sum(l["packets"] for l in run.result()["losses"] if all(l[k] == v for k, v in wanted.items()))

    def arrived(self, run, sender, to=None):
        return sum(f["packets"] for f in run.result()["flows"] if f["from"] == sender and to in (None, f["to"]))

    def silences(self, run, sender, to, end):
        """By packets.csv: (length, last, first) of each silence of a flow."""
        ends = sorted(int(p["ended_ps"]) for p in run.packets() if p["fate"] == "arrived" and p["to"] == to and self.sender(run, p) == sender)
        return [(b - a, a, b) for a, b in zip(ends, [*ends[1:], end])]

    def sender(self, run, p):
        rows = {r["id"]: r for r in run.packets()} if not hasattr(run, "rows") else run.rows
        run.rows = rows
        while p["parent"] in rows and rows[p["parent"]]["fate"] == "goes_on":
            p = rows[p["parent"]]
        return p["from"]


class outages(odd_failover_test):
    def test_an_outage_that_begins_behind_an_unnoticed_fault_is_told(self):
        """Engines that stick keep what they have begun: the flow dies a packet later, and nobody notices."""
        run = self.extended(command.SOURCE / "scenarios/team-failover.toml",
                            fault("first_cable", "engines_stuck", "server.pci0.nic0.crypto_transmit", 6300, 'for = "2 ms"')
                            + fault("second_cable", "engines_stuck", "server.pci0.nic0.crypto", 6300, 'for = "2 ms"'))
        for row in self.told(run):
            self.assertNotIn("decided_ps", row)
            for sender, to in (("server.up", "client"), ("client", "server.sink_9")):
                length, last, first = max(s for s in self.silences(run, sender, to, 0) if s[2] > 6300 * US)
                gap = self.gap(row, sender)
                self.assertEqual((gap["length_ps"], gap["last_ps"], gap["first_ps"]), (str(length), str(last), str(first)))
            up = self.gap(row, "server.up")
            self.assertGreater(int(up["last_ps"]), 6300 * US)
            self.assertGreater(int(up["length_ps"]), MS)
            self.assertTrue(3 < up["lost"] + up.get("told_elsewhere", 0) <= self.lost(run, reason="not_protected"), up)

    def test_up_to_the_next_fault_only(self):
        faults = fault("quiet", "mac_dead", "server.pci0.nic0", 2000, 'for = "300 us"') + fault("later", "mac_dead", "server.pci0.nic0", 4000, 'for = "700 us"')
        first, second = self.told(self.flows('miimon = "200 us"', faults))
        self.assertLess(int(self.gap(first, "server.up")["length_ps"]), 450 * US)
        self.assertGreater(int(self.gap(second, "server.up")["length_ps"]), 650 * US)

    def test_what_cost_nothing_has_the_usual_beside_it(self):
        run = self.flows('miimon = "200 us"', fault("idle", "link_down", "lan1", 2100))
        row, = self.told(run)
        for gap in row["gaps"]:
            self.assertLess(abs(int(gap["usual_ps"]) - 50 * US), US)
            self.assertLess(int(gap["length_ps"]), 60 * US)
        self.assertRegex(run.stdout, r"(?m)^ +silent +to +for +usually +lost meanwhile")


class several_faults(odd_failover_test):
    def test_the_fault_that_the_detector_named_is_the_cause(self):
        """At the same instant: media sense sees the cable of nic0, not the engines of nic1."""
        run = self.extended(TEAM / "heterogeneous.toml", fault("stuck", "engines_stuck", "server.pci0.nic1.crypto_transmit", 6000, 'for = "6 ms"'))
        rows = [(r["before"], r["after"], r["fault"]["name"]) for r in self.told(run) if r.get("decided_ps")]
        self.assertEqual(rows[0], ("nic0", "nic1", "cable"))
        self.assertEqual([r["fault"]["name"] for r in self.told(run) if "decided_ps" not in r], ["stuck"])

    def test_a_cable_rather_than_a_part_of_the_same_member(self):
        for order in (("lan0", "server.pci0.nic0.crypto_transmit"), ("server.pci0.nic0.crypto_transmit", "lan0")):
            faults = "".join(fault(f"f{n}", "link_down" if at == "lan0" else "engines_stuck", at, 6300) for n, at in enumerate(order))
            run = self.extended(command.SOURCE / "scenarios/team-failover.toml", '[[fault]]\nname = "first_cable"\nat = "lan2"\nfrom = "24 ms"\n' + faults)
            changed = [r for r in self.told(run) if r["before"] != r["after"]]
            self.assertEqual(changed[0]["fault"]["where"], "lan0", order)

    def test_all_cables_at_once(self):
        """Each change is told: the team goes from member to member before it knows that there is none."""
        faults = "".join(fault(name, "link_down", at, 5000, more) for name, at, more in
                         (("first_cable", "lan1", ""), ("second_cable", "lan2", ""), ("third", "lan0", 'for = "6 ms"')))
        run = self.extended(command.SOURCE / "scenarios/team-failover.toml", faults)
        rows = self.told(run)
        self.assertEqual([(r["before"], r["after"], r["fault"]["where"]) for r in rows],
                         [("nic0", "nic1", "lan0"), ("nic1", "nic2", "lan1"), ("nic2", "none", "lan2"), ("none", "nic0", "lan0")])
        self.assertEqual([r.get("announced_by") for r in rows], ["nic1", "nic2", None, "nic0"])
        self.assertEqual(run.metric("server.team0.changes_of_active"), 4)
        self.assertIn("announced: handed to the driver of nic0", run.stdout)

    def test_a_change_to_none_and_back_counts(self):
        run = self.flows("", fault("f0", "link_down", "lan0", 2000, 'for = "2 ms"') + fault("f1", "link_down", "lan1", 3000))
        self.assertEqual([(r["before"], r["after"]) for r in self.told(run)], [("nic0", "nic1"), ("nic1", "none"), ("none", "nic0")])
        self.assertEqual(run.metric("server.team0.changes_of_active"), 3)
        self.assertEqual(self.flows().metric("server.team0.changes_of_active"), 0, "that the first comes up is none")

    def test_each_loss_is_told_of_one_flow(self):
        """The client's answer to ARP is a flow of its own; what it loses later are datagrams."""
        run = self.flows("", fault("f0", "link_down", "lan0", 2000) + fault("f1", "link_down", "lan1", 2000))
        self.assertGreater(self.arrived(run, "client", "server.stack"), 0)
        self.assertGreater(self.lost(run, **{"from": "client"}), 60)
        rows = self.told(run)
        gaps = [self.gap(row, "client") for row in rows]
        self.assertEqual({gap["to"] for gap in gaps}, {"server.sink_9"})
        self.assertEqual(sum(gap["lost"] for gap in gaps), self.lost(run, **{"from": "client"}))
        self.assertEqual(gaps[0]["lost"], gaps[1]["told_elsewhere"], "one outage, two records")
        self.assertRegex(run.stdout, rf"client .* {gaps[1]['told_elsewhere']} told of another change")


class frames_that_nobody_could_use(odd_failover_test):
    def test_what_only_a_standby_member_got_is_lost(self):
        run = self.run_scenario(TEAM / "field/lb-8-naive.toml", "--trace", "packets", status=1)
        copies = [p for p in run.packets() if p["outcome"] == "standby_copy"]
        self.assertGreater(len(copies), 25)
        self.assertEqual(self.lost(run, reason="standby_copy", **{"from": "client"}), sum(p["fate"] == "lost" for p in copies))
        self.assertEqual(self.arrived(run, "client", "server.team0"), 0)
        back = self.told(run)[-1]
        self.assertEqual({c["reason"] for c in self.gap(back, "client")["causes"]}, {"standby_copy"})

    def test_a_blackout_has_no_good_frame(self):
        run = self.run_scenario("team-failover", "--set", "server.team0.mode=802.3ad", status=1)
        self.assertEqual(run.result()["flows"], [])
        self.assertGreater(self.lost(run, reason="standby_copy"), 0)
        for row in self.told(run):
            self.assertNotIn("first_received", row)

    def test_what_the_peer_does_not_open_is_lost(self):
        run = self.run_scenario(TEAM / "field/lb-10-naive.toml", status=1)
        self.assertGreater(run.metric("client.not_opened"), 50)
        self.assertEqual(self.lost(run, reason="replayed", where="client"), run.metric("client.not_opened"))
        self.assertEqual(self.arrived(run, "server.up"), run.metric("client.opened"))

    def test_what_wrong_engines_made_is_not_authentic(self):
        run = self.extended(TEAM / "heterogeneous.toml", fault("wrong", "engines_wrong", "server.pci0.nic1.crypto_transmit", 3000, 'for = "14 ms"'))
        self.assertGreater(self.lost(run, where="client", reason="not_authentic"), 3)
        self.assertEqual(self.lost(run, where="client"), run.metric("client.not_opened"))

    def test_a_broadcast_that_came_by_one_link_is_not_lost(self):
        run = self.run_scenario(TEAM / "modes/broadcast.toml", "--trace", "packets")
        self.assertEqual(self.lost(run), 0)
        self.assertIn("goes_on", {p["fate"] for p in run.packets() if p["outcome"] == "link_down"})

    def test_control_frames_are_no_traffic(self):
        """LACPDUs, one a second each way, would be the longest silence of all."""
        run = self.run_scenario(TEAM / "modes/802-3ad.toml")
        for row in self.told(run):
            for gap in row["gaps"]:
                self.assertNotIn("team0", gap["from"] + gap["to"])
                self.assertNotIn("core", gap["from"])
            for key in ("first_sent", "first_received"):
                self.assertNotIn("team0", str(row.get(key)))
        self.assertNotIn("core", str(run.result()["reordering"]))


class storms(odd_failover_test):
    def test_a_cpu_that_only_takes_interrupts_says_so(self):
        """A nic that answers no access while its interrupt is on: each handler finds nothing, and the line stays."""
        run = self.flows('miimon = "200 us"', fault("dead", "target_abort", "server.pci0.nic0", 2100, 'for = "3 ms"'))
        spurious = run.metric("server.cpu0.spurious")
        self.assertGreater(spurious, 500)
        note, = [n for n in run.result()["notes"] if "interrupt storm" in n]
        said = int(note.split("storm: ")[1].split(" of ")[0].replace("\u00a0", "").replace(" ", ""))
        self.assertEqual(said, spurious)
        share = spurious * 500 * 2_000 / (6 * MS - 1 * MS)
        self.assertRegex(note, rf"at least {share * 100:.1f} % of its time")
        self.assertFalse([n for n in self.flows().result()["notes"] if "interrupt storm" in n])


class who_noticed(odd_failover_test):
    def test_lacp_is_a_detector(self):
        """A path that dies with its link up: three periods without an LACPDU of the other end, fast ones each second (IEEE 802.1AX 6.4.4)."""
        run = self.run_scenario(TEAM / "modes/802-3ad.toml", "--trace", "packets")
        rows = [r for r in self.told(run) if r["lost"]]
        self.assertGreater(len(rows), 0)
        for row in rows:
            self.assertEqual({n["by"] for n in row["noticed"]}, {"lacp"})
            self.assertFalse(row["fault"]["ends"])
            self.assertLessEqual(int(row["decided_ps"]) - int(row["fault"]["at_ps"]), 4000 * MS)
        self.assertGreater(sum(g["lost"] for r in rows for g in r["gaps"]), 100)

    def test_a_dead_port_of_a_switch_is_told(self):
        row, = self.told(self.flows('miimon = "200 us"', fault("dies", "path_dead", "core.port_lan0", 2100)))
        self.assertEqual((row["fault"]["name"], row["noticed"], row.get("decided_ps")), ("dies", [], None))
        self.assertGreater(self.gap(row, "server.up")["lost"], 60)

    def test_what_lies_beyond_is_told_when_it_cost_frames(self):
        row, = self.told(self.flows('miimon = "200 us"', fault("far", "link_down", "lan_client", 2100, 'for = "1 ms"')
                                    + fault("flush", "table_flush", "core", 4500)))
        self.assertEqual(row["fault"]["name"], "far")
        self.assertGreater(self.gap(row, "server.up")["lost"], 15)

    def test_a_device_that_is_gone_is_found_by_its_driver(self):
        found = []
        for miimon in ("0 us", "200 us"):
            row, = self.told(self.flows(f'miimon = "{miimon}"', fault("out", "removed", "server.pci0.nic0", 2100)))
            notice, = row["noticed"]
            self.assertEqual((notice["by"], notice["member"], notice["good"]), ("driver", "nic0", False))
            found.append(notice["at_ps"])
        self.assertEqual(found[0], found[1])


class pictures(odd_failover_test):
    def test_a_steady_flow_is_drawn_as_steady(self):
        """As many octets in each step outside of the silence, none within, in equal steps for both flows; the costliest ends with a step."""
        run = self.flows('miimon = "200 us"', fault("pulled", "link_down", "lan0", 2100))
        row, = self.told(run)
        step, begin = (int(row["around"][k]) for k in ("step_ps", "from_ps"))
        worst = max(row["gaps"], key=lambda g: int(g["length_ps"]) - int(g["usual_ps"]))
        self.assertEqual((int(worst["last_ps"]) - begin) % step, 0)
        self.assertLess(int(worst["length_ps"]) % step, 200)
        for gap in row["gaps"]:
            full = 200 * step / (50 * US)
            self.assertEqual(len(gap["octets"]), len(row["gaps"][0]["octets"]))
            last, first = ((int(gap[k]) - begin) // step for k in ("last_ps", "first_ps"))
            again = first + 2 + 50 * US // step                  # the first spacing behind it is as it comes
            for there, all_of in ((gap["octets"][:last], full), (gap["octets"][again:], full), (gap["octets"][last + 1:first], 0)):
                self.assertTrue(all(abs(o - all_of) <= 1 + full / 50 for o in there), (all_of, gap))
        self.assertLessEqual(begin + step * len(row["gaps"][0]["octets"]), 6 * MS)

    def test_every_flow_has_its_last_and_its_first_frame_in_the_time_line(self):
        run = self.flows('miimon = "200 us"', fault("pulled", "link_down", "lan0", 2100))
        row, = self.told(run)
        self.assertEqual(len(row["gaps"]), 2)
        for gap in row["gaps"]:
            for at, text in ((gap["last_ps"], "last good frame"), (gap["first_ps"], "first good frame arrived")):
                exact = f"{int(at) // US:,}".replace(",", " ") + f".{int(at) % US:06} us"
                self.assertRegex(run.stdout, rf"(?m)^ +{exact} .* {text}, {gap['from']} to {gap['to']}$")


if __name__ == "__main__":
    unittest.main()
