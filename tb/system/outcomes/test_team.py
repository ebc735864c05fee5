"""The augmentation layer 250 seen from outside: who does what in which order, what it costs, and what it refuses."""
import struct
import sys
import unittest

import command

sys.path.append(str(command.SOURCE / "tb" / "system"))
import scenario_text as s

HETEROGENEOUS = command.SOURCE / "scenarios" / "team" / "heterogeneous.toml"
LAST_RESORT = dict(sharing=dict(software="last_resort"))
CARD = s.table("crypto_card", "card", bus="server.pci0", engines=["aes-128-round", "sha1"])


def up(name="up", **more):
    return s.traffic(name, pace="frames", frames_per_second=4000, frame_size="1000 B", **more)


def example(primary="nic1", more="", before="", **team):
    """Source documents 000/001, 24: NIC 1 has an ASIC, NICs 2 and 3 have not. `before`: its policies."""
    members = [f"server.pci0.nic{n}" for n in range(3)]
    nics = s.pair("4 ms", s.capable(), members=members, primary=primary, **team) + s.member(2)
    return nics + before + s.protected("to_client", "server", "client") + up() + more


class team_test(command.scenario_test):
    def team(self, run):
        return {m["path"].split("team0.")[1]: int(m["value"]) for m in run.result()["metrics"] if ".team0." in m["path"] and m["kind"] == "counter"}

    def example(self, *words, **about):
        return self.run_scenario(self.write("s.toml", example(**about)), "--trace", "packets", *words)


class worked_example(team_test):
    """One way for each destination: 100, 102, 204, driver 104, NIC 1 encrypts, 204, 202, NIC 2 or 3 sends."""

    def ways(self, run):
        rows = {r["id"]: r for r in run.packets()}
        stages = [c for c in next(iter(rows.values())) if c.endswith("_ps") and c not in ("born_ps", "ended_ps")]
        for row in rows.values():
            mother = rows.get(row["parent"])
            if mother is None or not row["wire_begin_ps"] or row["from"].startswith("core"):
                continue
            yield [(c[:-3], int(r[c])) for r in (mother, row) for c in stages if r[c]]

    def test_another_member_encrypts_for_the_one_that_sends(self):
        for number, primary in ((1, "nic1"), (2, "nic2")):
            with self.subTest(primary):
                run = self.example(primary=primary)
                sent = [w for w in self.ways(run) if "forwarded_316" in dict(w)]
                self.assertGreaterEqual(len(sent), 10)
                for way in sent:
                    self.assertEqual([s for s, _ in way][:6], "host_post delivered_308 forwarded_316 returned_320 driver_queued nic_notified".split(), way)
                    times = [t for _, t in way[:6]]
                    self.assertEqual(times, sorted(times))
                counted = self.team(run)
                self.assertEqual(counted["sharing.engine_0.jobs"], counted["encrypted_318"])
                self.assertEqual(counted["member0.sent_octets"], 0)
                self.assertGreater(counted[f"member{number}.sent_octets"], 1000 * len(sent))
                self.assertIn(run.metric(f"server.pci0.nic{number}.tx_frames") - run.metric("client.opened"), (1, 2), "but for ARP; one may be under way")

    def test_a_capable_member_does_it_by_itself(self):
        counted = self.team(self.example(primary="nic0"))
        self.assertGreaterEqual(counted["capable_314"], 10)
        for name in ("incapable_314", "to_backup_316", "encrypted_318", "returned_320", "sharing.engine_0.jobs"):
            self.assertEqual(counted[name], 0, name)

    def test_a_backup_that_sends_uses_its_own_link(self):
        run = self.example(outbound="transmit")
        counted = self.team(run)
        self.assertGreaterEqual(counted["sent_by_backup"], 10)
        self.assertEqual(counted["returned_320"], 0)
        self.assertIn(run.metric("server.pci0.nic0.tx_frames") - run.metric("client.opened"), (0, 1), "one may be under way")
        self.assertEqual(run.metric("server.pci0.nic1.tx_frames"), 1, "ARP")


class identification(team_test):
    def test_sharing_ends_with_the_only_lender_and_begins_with_the_next(self):
        """304 when nic0, the only member with engines, is taken out of its slot, 302 when it is there again; meanwhile the stack drops."""
        run = self.example("--set", 'duration="8 ms"', more=s.fault("server.pci0.nic0", "removed", 2, 2))
        counted = self.team(run)
        self.assertEqual((counted["verified_302"], counted["terminated_304"], counted["presented_306"]), (2, 1, 2))
        self.assertGreater(run.metric("server.stack.not_protected"), 0, "the team does not say that it can")
        self.assertGreater(counted["encrypted_318"], 8, "before and behind")

    def test_members_of_other_identities_are_refused(self):
        counted = self.team(self.example(accepts=["8086:1229:08"]))
        self.assertEqual((counted["identified_300"], counted["refused_300"]), (3, 0))
        run = self.example(accepts=["10ec:8139"])
        counted = self.team(run)
        self.assertEqual((counted["identified_300"], counted["refused_300"]), (0, 3))
        self.assertEqual(sum(run.metric(f"server.pci0.nic{n}.tx_frames") for n in range(3)), 0, "none of them is used")

    def test_without_secondary_use_sharing_ends_and_nothing_leaves_in_the_clear(self):
        """NIC 1 has engines and lends them to nobody (302, 304): what is to be protected is dropped, the rest goes on."""
        plain = s.table("policy", "in_the_clear", **{"from": "server", "to": "client"}, action="bypass", destination_port=77) + up("plain", destination_port=77)
        run = self.example("--set", "server.pci0.nic0.crypto.secondary_use=false", before=plain)
        counted = self.team(run)
        self.assertEqual((counted["verified_302"], counted["terminated_304"]), (0, 1))
        self.assertGreater(run.metric("server.stack.not_protected"), 5, "the team does not say that it can")
        self.assertEqual(counted["no_engine"], 0)
        self.assertGreater(counted["plain_312"], 5)
        self.assertEqual(run.metric("client.opened"), 0)
        self.assertGreater(run.metric("client.verified"), 5)


class costs(team_test):
    """Each cost of the layer is charged for what it says, to the cycle."""

    def test_cycles(self):
        base = self.run_scenario(HETEROGENEOUS)
        n = self.team(base)
        times = {
            "cost_send": n["delivered_308"] + n["control_sent"],
            "cost_check": n["encrypt_310"],
            "cost_repackage": n["plain_312"] + n["capable_314"] + n["returned_320"],
            "cost_receive": n["received_322"],
            "cost_identify": n["presented_332"],
            "sharing.submit_cycles": n["to_backup_316"] + n["forwarded_336"],
            "sharing.finish_cycles": n["to_backup_316"] + n["forwarded_336"],
        }
        before = base.metric("server.cpu0.cycles_other")
        for key, count in times.items():
            with self.subTest(key):
                default = {"cost_send": 200, "cost_check": 40, "cost_repackage": 120, "cost_receive": 150, "cost_identify": 60,
                           "sharing.submit_cycles": 300, "sharing.finish_cycles": 200}[key]
                run = self.run_scenario(HETEROGENEOUS, "--set", f"server.team0.{key}={default + 10}", status=None)
                self.assertEqual(self.team(run), n, "the same is done")
                self.assertEqual(run.metric("server.cpu0.cycles_other") - before, 10 * count)
        mask = self.run_scenario(HETEROGENEOUS, "--set", "server.team0.check=mask", "--set", "server.team0.cost_mask=7")
        self.assertEqual(self.team(mask), n)
        self.assertEqual(before - mask.metric("server.cpu0.cycles_other"), (40 - 7) * n["encrypt_310"])


class crossings(team_test):
    """How often the body of a packet, with its jobs, crosses the host's bus: each path as the crossing table has it."""

    def paths(self, run):
        found = {c["path"]: c for c in run.result()["crossings"]}
        for path, c in found.items():
            self.assertEqual(c["crossings"], c["packets"] * c["by_the_table"], path)
        return {path: (c["packets"], c["by_the_table"]) for path, c in found.items()}

    def test_paths(self):
        for what, run, path, number, counter in (
                ("return", self.example(), "sent; encrypted by a unit that returns it", 3, "returned_320"),
                ("transmit", self.example(outbound="transmit"), "sent by the unit that encrypts it", 1, "sent_by_backup"),
                ("decrypted", self.run_scenario(HETEROGENEOUS), "received; decrypted by a unit that returns it", 3, "returned_338"),
                ("software", self.example("--set", "server.pci0.nic0.crypto.secondary_use=false", **LAST_RESORT),
                 "encrypted or decrypted by software", 1, "returned_320")):
            with self.subTest(what):
                packets, table = self.paths(run)[path]
                self.assertEqual(table, number)
                self.assertIn(self.team(run)[counter] - packets, (0, 1, 2), "some may be under way")
                self.assertGreater(packets, 5)
        self.assertEqual(set(self.paths(self.example(primary="nic0"))), {"sent or received as it is, or protected by its own nic"})

    def test_an_application_s_jobs_cross_twice(self):
        run = self.run_scenario(command.SOURCE / "scenarios" / "team" / "secondary-use.toml")
        packets, table = self.paths(run)["job of an application, returned to it"]
        self.assertEqual((packets, table), (self.all_jobs(run), 2))
        self.assertIn("job of an application, returned to it", run.stdout)

    def all_jobs(self, run):
        """Since power on, as checkers see it: here there is no warm-up."""
        return sum(int(m["value"]) for m in run.result()["metrics"] if m["path"].endswith(".jobs") and ".engine_" in m["path"])


class engines(team_test):
    def test_software_is_the_last_resort(self):
        """The only unit is taken out of its slot: the CPU goes on; without that policy what is to be protected is dropped, and nothing leaves in the clear."""
        gone = s.fault("server.pci0.nic0", "removed", 2)
        with_software, without = self.example(more=gone, **LAST_RESORT), self.example(more=gone)
        self.assertGreater(with_software.metric("server.team0.sharing.engine_1.jobs"), 4)
        self.assertEqual(without.metric("server.cpu0.cycles_aes_byte"), 0)
        self.assertGreater(with_software.metric("server.cpu0.cycles_aes_byte"), 0)
        self.assertGreater(with_software.metric("client.opened"), without.metric("client.opened") + 4)
        self.assertGreater(self.team(without)["jobs_failed"] + self.team(without)["no_engine"] + without.metric("server.stack.not_protected"), 4)

    def test_a_card_works_for_the_team(self):
        """Other crypto hardware in the host (43), nobody's member: it shares the work of a backup adapter, and alone does it all."""
        pooled = dict(more=CARD, cards=["server.pci0.card"])
        both = self.team(self.example(**pooled, sharing=dict(dispatch="round_robin")))
        self.assertEqual(both["sharing.engine_0.jobs"] + both["sharing.engine_1.jobs"], both["encrypted_318"])
        self.assertLessEqual(abs(both["sharing.engine_0.jobs"] - both["sharing.engine_1.jobs"]), 1)
        alone = self.team(self.example("--set", "server.pci0.nic0.crypto.secondary_use=false", **pooled))
        self.assertEqual(alone["sharing.engine_1.jobs"], alone["encrypted_318"])
        self.assertGreater(alone["encrypted_318"], 5)

    def test_of_one_active_member_the_idle_ones_are_loaded_first(self):
        """FIG. 6, 366 to 372: nic0 has traffic of its own, an idle nic1 works for the application; beyond its room nic0 does as well, to its threshold."""
        def shares(queue, threshold, threads):
            both = s.capable("3des-area", "sha1")
            text = s.pair("6 ms", both, both, sharing=dict(queue=queue, threshold=threshold))
            n = self.team(self.run_scenario(self.write("s.toml", text + s.table("crypto_load", "api", service="server.team0", threads=threads, size="1000 B"))))
            return n["interleaved_370"], n["balanced_372"]

        active, idle = shares(16, 2, 8)
        self.assertEqual(active, 0)
        self.assertGreater(idle, 20)
        active, idle = shares(4, 2, 8)
        self.assertGreater(active, 10)
        self.assertGreater(idle, 20)
        active, idle = shares(4, 0, 8)
        self.assertEqual(active, 0, "no room at all")


class modes(team_test):
    def test_all_members_send_the_same(self):
        """Mode broadcast: encrypted once, sent by each member; the client opens the first of the copies, and its window refuses the others."""
        run = self.example(primary=None, mode="broadcast")
        n = self.team(run)
        self.assertGreaterEqual(n["encrypted_318"], 10)
        self.assertEqual(n["capable_314"], 0)
        sent = [run.metric(f"server.pci0.nic{k}.tx_frames") for k in range(3)]
        self.assertLessEqual(max(sent) - min(sent), 1)
        self.assertGreaterEqual(min(sent), n["returned_320"] - 1)
        self.assertLessEqual(abs(run.metric("client.opened") - n["returned_320"]), 1)


class windows(team_test):
    def test_what_came_by_one_member_is_no_news_by_another(self):
        """At a repeater each member gets a copy of all: nic1 opens its own in line, and nic0's as a job; the socket sees each datagram once."""
        text = s.keys(dict(extends="parts/host.toml", duration="5 ms")) + s.nic(0) + s.nic(1, **s.capable()) + CARD
        text += s.team(2, cards=["server.pci0.card"], mode="balance_rr", miimon="100 us") + s.table("repeater", "hub") + s.table("peer", "client")
        text += s.several(2, lambda n: s.link(f"lan{n}", f"server.pci0.nic{n}", "hub")) + s.link("lan2", "client", "hub")
        text += s.protected("to_server", "client", "server") + s.traffic("down", "client", "server", pace="frames", frames_per_second=3000, frame_size="800 B")
        run = self.run_scenario(self.write("s.toml", text), "--set", "server.pci0.nic1.crypto.secondary_use=false")
        n = self.team(run)
        self.assertGreater(n["sharing.engine_1.jobs"], 8, "the card, whose own window has seen none of them")
        self.assertGreater(n["replayed"], 8)
        sent = run.metric("client.down.frames")
        self.assertIn(sent - run.metric("server.sink_9.received"), (0, 1))
        self.assertEqual(n["delivered_340"], run.metric("server.sink_9.received"))


packet_protocol_udp, packet_protocol_esp = 17, 50


def senders_of(run, protocol, many=False):
    """Source addresses of IPv4 packets of that protocol as the client's wire saw them, read from the capture without our code."""
    seen = []
    octets = (run.directory / "on_the_wire.pcapng").read_bytes()
    at = 0
    while at < len(octets):
        kind, length = struct.unpack_from("<II", octets, at)
        if kind == 6:                                          # enhanced packet block
            frame = octets[at + 28:at + 28 + struct.unpack_from("<I", octets, at + 20)[0]]
            if frame[12:14] == b"\x08\x00" and frame[23] == protocol and frame[26:30] == bytes((192, 0, 2, 1)):
                seen.append(frame[6:12].hex(":"))
        at += length
    return seen if many else set(seen)


class embodiments(team_test):
    """Paragraph 31: what a backup has encrypted comes back, or it sends it, or it sends it under the address of the one that should have."""
    SCENARIO = command.SOURCE / "scenarios" / "team" / "temporary-address.toml"
    SWITCHED = ("core.moves", "server.sink_9.received", "server.pci0.nic1.rx_unmatched", "server.team0.standby_copies")

    def borrowed(self, *changes, status=None, scenario=SCENARIO):
        run = self.run_scenario(scenario, *[w for c in changes for w in ("--set", "server.team0." + c)], status=status)
        sent = senders_of(run, packet_protocol_esp, many=True)
        self.assertGreaterEqual(len(sent), 18)
        self.assertGreaterEqual(run.metric("client.opened"), 18)
        self.assertEqual(run.metric("client.down.frames"), 190)
        return run, set(sent), [run.metric(m) for m in self.SWITCHED]

    def test_under_the_address_of_the_destination(self):
        """A switch takes the backup for the active one until that one sends: each protected packet moves the team's address away, the next plain one back."""
        run, sent, (moves, arrived, unmatched, copies) = self.borrowed()
        n = self.team(run)
        self.assertEqual(sent, {"02:00:00:00:00:01"}, "nic0's, which the team goes by")
        self.assertEqual(n["addresses_taken"], n["sent_by_backup"])
        self.assertEqual(n["addresses_given_back"], n["sent_by_backup"])
        self.assertEqual(moves, 2 * n["sent_by_backup"])
        self.assertGreater(unmatched, 60)
        self.assertIn(190 - arrived - unmatched - (copies - 1), (0, 1), "each answer arrives, or comes in by nic1; ARP is the one copy")

    def test_the_chip_has_that_address_for_a_while(self):
        """Two commands to the driver for each packet, of which none when the frame alone has the address; the switch sees no difference."""
        setup, _, seen = self.borrowed()
        frame, sent, seen_too = self.borrowed("address_change=frame")
        self.assertEqual(sent, {"02:00:00:00:00:01"})
        self.assertEqual(seen[:2], seen_too[:2])
        controls = [run.metric("server.pci0.nic1.driver.controls") for run in (setup, frame)]
        self.assertIn(2 * self.team(setup)["sent_by_backup"] - (controls[0] - controls[1]), (0, 1), "one look at the link may be under way at the end")
        self.assertEqual(self.team(frame)["addresses_taken"], 0)

    def test_a_second_filter_hears_what_the_switch_misdirects(self):
        run, _, (moves, arrived, unmatched, _) = self.borrowed("second_filter=true")
        self.assertGreater(moves, 30)
        self.assertEqual((arrived, unmatched), (190, 0))
        self.assertGreater(self.team(run)["second_filter"], 60)

    def test_under_its_own_address_nothing_moves(self):
        for how, address in (("transmit", "02:00:00:00:00:02"), ("return", "02:00:00:00:00:01")):
            _, sent, seen = self.borrowed("outbound=" + how)
            self.assertEqual(sent, {address})
            self.assertEqual(seen, [0, 190, 0, 1], how)

    def test_at_a_repeater_all_hear_all(self):
        """Within its window nic1's filter takes in what is for nic0, and the mode does not listen to it; with its own address nic1 hears nothing of it."""
        text = (command.SOURCE / "scenarios" / "parts" / "two-nic-team.toml").read_text().replace("[[switch]]", "[[repeater]]")
        self.write("two-nic-team.toml", text.replace('"host.toml"', '"parts/host.toml"'))
        path = self.write("s.toml", self.SCENARIO.read_text().replace("../parts/two-nic-team.toml", "two-nic-team.toml").split("[[expect]]")[0])
        heard = {}
        for how in ("setup", "frame"):
            # Not in step with what the server sends: whether its sixth octet passes within a window decides about a frame.
            run = self.run_scenario(path, "--set", f"server.team0.address_change={how}", "--set", "client.down.start=1050 us")
            self.assertEqual(run.metric("server.sink_9.received"), 190)
            heard[how] = run.metric("server.team0.standby_copies")
        self.assertEqual(heard["frame"], 1)
        self.assertGreater(heard["setup"], 10)

    def test_a_backup_that_leaves_in_the_window_comes_back_with_its_own_address(self):
        """nic1 is taken out and put in again: what it had is done anew or fails, nothing leaves in the clear, and in the end it has its own address."""
        gone = '[[fault]]\nname = "gone"\nat = "server.pci0.nic1"\nwhat = "removed"\nfrom = "3051 us"\nfor = "300 us"\n'
        text = self.SCENARIO.read_text().replace('"../parts', '"parts').split("[[expect]]")[0]
        hit = 0
        for at in range(3005, 3150, 12):
            run = self.run_scenario(self.write("s.toml", text + gone.replace("3051", str(at))))
            n = self.team(run)
            self.assertGreater(n["sent_by_backup"], 12)
            self.assertIn(n["addresses_taken"] - n["addresses_given_back"], (0, 1))
            hit += n["jobs_failed"]
            self.assertGreater(run.metric("client.opened"), 12)
            self.assertEqual(senders_of(run, packet_protocol_esp), {"02:00:00:00:00:01"})
        self.assertGreater(hit, 0)


class bypass(team_test):
    def test_plain_packets_past_the_layer(self):
        """Paragraph 36: by the member that has the team's address, at the cost of 204 alone; in a mode that balances all, they are not balanced."""
        plain = self.run_scenario(embodiments.SCENARIO, "--set", "server.team0.outbound=return", status=None)
        past = self.run_scenario(embodiments.SCENARIO, "--set", "server.team0.outbound=return", "--set", "server.team0.plain_bypass=true", status=None)
        n = self.team(past)
        self.assertEqual(n["bypassed"], n["plain_312"])
        self.assertEqual(plain.metric("server.cpu0.cycles_other") - past.metric("server.cpu0.cycles_other"), 120 * n["bypassed"])
        self.assertEqual(plain.metric("client.opened"), past.metric("client.opened"))
        for bypassing, senders in (("false", {"02:00:00:00:00:01", "02:00:00:00:00:02"}), ("true", {"02:00:00:00:00:01"})):
            run = self.run_scenario(embodiments.SCENARIO, *[w for c in ("mode=alb", "balance=round_robin", "outbound=return", "plain_bypass=" + bypassing)
                                                            for w in ("--set", "server.team0." + c)], status=None)
            self.assertEqual(senders_of(run, packet_protocol_udp), senders)
            self.assertEqual(senders_of(run, packet_protocol_esp), {"02:00:00:00:00:01", "02:00:00:00:00:02"})


class failover(team_test):
    def test_a_preferred_primary_takes_over_again(self):
        for reselect, changes in (("always", 2), ("failure", 1)):
            run = self.run_scenario(HETEROGENEOUS, "--set", "server.team0.primary=nic0", "--set", f"server.team0.primary_reselect={reselect}", status=None)
            self.assertEqual(self.team(run)["changes_of_active"], changes, reselect)


class arrangements(team_test):
    def test_one_module_does_the_same(self):
        around, monolithic = (self.run_scenario(HETEROGENEOUS, "--set", f"server.team0.layer={one}") for one in ("around", "monolithic"))
        self.assertEqual(self.team(around), self.team(monolithic))
        self.assertGreater(around.metric("server.cpu0.cycles_intermediary"), monolithic.metric("server.cpu0.cycles_intermediary"))

    def test_what_cannot_be_is_refused(self):
        def refused(change, *words):
            run = self.run_scenario(HETEROGENEOUS, *[w for c in change for w in ("--set", c)], status=2)
            for word in words:
                self.assertIn(word, run.stderr)

        refused(["server.team0.members="], "has no members", "1 to 8")
        refused(["server.team0.members=server.pci0.nic0, server.pci0.nic0"], "stands twice")
        refused(["server.team0.accepts=intel"], "is no identity")
        refused(["server.pci0.nic0.address=192.0.2.77/24"], "has the address")
        refused(["server.team0.mode=broadcast", "server.team0.outbound=transmit"], "in mode broadcast all members send", "allowed: return")
        refused(["server.pci0.nic1.crypto.enable=false", "server.pci0.nic1.crypto.engines="], "has no engines")

    def test_nobody_can_be_in_two_teams(self):
        text = 'extends = "parts/two-nic-team.toml"\n[[team]]\nname = "team1"\nhost = "server"\nmembers = ["server.pci0.nic1"]\n'
        run = self.run_scenario(self.write("s.toml", text), status=2)
        self.assertIn("server.pci0.nic1 is in server.team0 already", run.stderr)


if __name__ == "__main__":
    unittest.main()
