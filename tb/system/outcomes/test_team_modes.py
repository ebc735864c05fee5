"""Each mode of a team in a whole system: what leaves by which member under which address, judged from captures at the switch's ports by tshark."""
import collections
import subprocess
import unittest

import command

FOLDER = command.SOURCE / "scenarios" / "team" / "modes"
IN = "0x00000001"                    # packet flags of pcapng: inbound, to the switch
NIC0, NIC1 = "02:00:00:00:00:01", "02:00:00:00:00:02"
BROADCAST = "ff:ff:ff:ff:ff:ff"
TEAM, MEMBERS = "192.0.2.1", ("lan0", "lan1")
FIELDS = ("frame.time_epoch", "frame.interface_name", "frame.packet_flags_direction", "eth.src", "eth.dst", "eth.type", "ip.src", "ip.dst",
          "udp.srcport", "udp.dstport", "arp.opcode", "arp.src.hw_mac", "arp.src.proto_ipv4", "arp.dst.proto_ipv4", "lacp.actor.state", "udp.payload")
frame = collections.namedtuple("frame", "at port inward source to type ip_from ip_to source_port port_to arp arp_mac arp_from arp_to state payload")
SHORT_TIMEOUT, DISTRIBUTING = 0x02, 0x20           # of an actor's state (IEEE 802.1AX-2008, 5.4.2)


def read(run, name="at_the_switch"):
    words = ["tshark", "-n", "-r", str(run.directory / f"{name}.pcapng"), "-T", "fields", *(w for f in FIELDS for w in ("-e", f))]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    rows = []
    for line in done.stdout.splitlines():
        c = line.split("\t")
        rows.append(frame(float(c[0]), c[1].split("port_")[1].split(".")[0], c[2] == IN, *c[3:]))
    return rows


class mode_test(command.scenario_test):
    def of(self, name, *sets):
        run = self.run_scenario(FOLDER / f"{name}.toml", *(w for s in sets for w in ("--set", s)), status=None)
        self.assertIn(run.status, (0, 1), run.stderr)
        if not sets:
            self.assertEqual(run.status, 0, run.stdout)
        return run, read(run)

    def sent(self, all, port=None):
        """What the team sent in datagrams, by one member or by all."""
        return [f for f in all if f.inward and f.ip_from == TEAM and f.port in ((port,) if port else MEMBERS)]

    def got(self, all, port=None):
        return [f for f in all if not f.inward and f.ip_to == TEAM and f.port in ((port,) if port else MEMBERS)]

    def announcements(self, all):
        return [f for f in all if f.inward and f.arp == "1" and f.arp_from == f.arp_to == TEAM]

    def flow(self, f):
        return f.ip_from, f.ip_to, f.source_port, f.port_to

    def places(self, frames):
        """Each flow's ports."""
        all = collections.defaultdict(set)
        for f in frames:
            all[self.flow(f)].add(f.port)
        return all

    def between(self, frames, begin, end):
        return [f for f in frames if begin <= f.at < end]

    def only_source(self, all, port, mac):
        self.assertEqual({f.source for f in all if f.inward and f.port == port}, {mac}, port)


class one_active(mode_test):
    def turns(self, frames):
        """The members in the order in which they sent."""
        order = []
        for f in frames:
            if not order or order[-1] != f.port:
                order.append(f.port)
        return order

    def test_aft(self):
        _, all = self.of("aft")
        self.assertEqual(self.turns(self.sent(all)), ["lan0", "lan1", "lan0"])
        self.assertEqual({f.source for f in self.sent(all)}, {NIC0}, "the team's address goes with the active one")
        told = self.announcements(all)
        self.assertEqual([(f.port, f.arp_mac) for f in told], [("lan0", NIC0), ("lan1", NIC0), ("lan0", NIC0)], "at the beginning and at each change")
        self.assertTrue(0.005 < told[1].at < 0.005 + 0.0002, "media sense looks each 100 us")
        self.assertTrue(0.011 <= told[2].at < 0.011 + 0.0002, "back at 9 ms, good for 2 ms")

    def test_who_takes_its_place_back_and_when(self):
        for reselect, delay, changes in (("always", "0 ps", 2), ("always", "5 ms", 2), ("failure", "0 ps", 1), ("better", "0 ps", 1)):
            run, all = self.of("aft", f"server.team0.primary_reselect={reselect}", f"server.team0.fail_back_delay={delay}")
            self.assertEqual(run.metric("server.team0.changes_of_active"), changes, reselect)
            if changes == 2:
                back = 0.009 + (0.005 if delay == "5 ms" else 0)
                self.assertTrue(back <= self.announcements(all)[-1].at < back + 0.0002, delay)

    def test_active_backup(self):
        run, all = self.of("active-backup")
        self.assertEqual(self.turns(self.sent(all)), ["lan0", "lan1"])
        self.assertEqual({f.source for f in all if f.inward and f.port in MEMBERS}, {NIC0}, "all members have the one address")
        run, all = self.of("active-backup", "server.team0.primary=nic0", "server.team0.num_grat_arp=5")
        self.assertEqual(self.turns(self.sent(all)), ["lan0", "lan1", "lan0"])
        back = [f for f in self.announcements(all) if f.port == "lan0" and f.at > 0.012]
        self.assertEqual(len(back), 5)
        for a, b in zip(back, back[1:]):
            self.assertAlmostEqual(b.at - a.at, 100e-6, delta=20e-6)

    def test_clients_learn_another_address(self):
        _, all = self.of("active-backup-own-addresses")
        self.only_source(all, "lan0", NIC0)
        self.only_source(all, "lan1", NIC1)
        changed = [f.at for f in self.announcements(all) if f.at > 5]
        self.assertEqual(len(changed), 6)
        for port, mac, begin, end in (("lan0", NIC0, 1, 5.03), ("lan1", NIC1, changed[0], 8.03), ("lan0", NIC0, changed[3], 11)):
            there = self.between(self.got(all), begin + 0.01, end)
            self.assertGreater(len(there), 100)
            self.assertEqual({(f.port, f.to) for f in there}, {(port, mac)})


class all_send(mode_test):
    def test_alb(self):
        """One receives, all send under addresses of their own; by hash, in turn, and by load."""
        for balance in ("hash", "round_robin", "load"):
            with self.subTest(balance):
                _, all = self.of("alb", f"server.team0.balance={balance}")
                before = self.between(all, 0.0015, 0.006)
                self.assertEqual({f.source for f in self.sent(before, "lan0")}, {NIC0})
                self.assertEqual({f.source for f in self.sent(before, "lan1")}, {NIC1})
                self.assertEqual({f.port for f in self.got(before)}, {"lan0"})
                after = self.between(all, 0.0125, 0.020)
                self.assertEqual({f.source for f in self.sent(after, "lan0")}, {NIC1}, "they have changed addresses")
                self.assertEqual({f.source for f in self.sent(after, "lan1")}, {NIC0})
                self.assertEqual({f.port for f in self.got(after)}, {"lan1"})
                for part in (before, after):
                    several = [flow for flow, ports in self.places(self.sent(part)).items() if len(ports) > 1]
                    if balance == "hash":
                        self.assertEqual(several, [], "a flow has one member")
                    a, b = (len(self.sent(part, p)) for p in MEMBERS)
                    self.assertLessEqual(abs(a - b), 1, "equal shares")
                self.assertEqual({f.port for f in self.sent(self.between(all, 0.0065, 0.012))}, {"lan1"})
                self.assertEqual({f.port for f in all if f.inward and f.arp and f.port in MEMBERS and f.at < 0.006}, {"lan0"}, "ARP by the receiving member")

    def test_balance_rr(self):
        _, all = self.of("balance-rr")
        for begin, end in ((0.0015, 0.006), (0.0095, 0.020)):
            part = self.between(self.sent(all), begin, end)
            striped = [f for f in part if f.port_to == "10"]
            a, b = (len([f for f in striped if f.port == p]) for p in MEMBERS)
            self.assertGreater(min(a, b), 0.4 * len(striped), "one flow over both")
        self.assertEqual({f.source for f in all if f.inward and f.port in MEMBERS}, {NIC0})
        self.assertEqual({f.port for f in self.sent(self.between(all, 0.0062, 0.008))}, {"lan1"})

    def test_the_address_flaps_where_the_switch_does_not_know(self):
        """A station's frames go to where the team's last frame came from: computed from the capture, counted by the switch."""
        run, all = self.of("balance-rr-without-group")
        turns = [f.port for f in self.sent(all)]
        self.assertEqual(turns, [turns[n % 2] for n in range(len(turns))], "in turn, frame by frame")
        moves, place = 0, None
        for f in sorted((f for f in all if f.inward and f.port in MEMBERS), key=lambda f: f.at):
            moves += f.at >= 0.001 and place is not None and f.port != place
            place = f.port
        self.assertAlmostEqual(run.metric("core.moves"), moves, delta=1)
        self.assertGreater(moves, 80)
        known, _ = self.of("balance-rr")
        self.assertEqual(known.metric("core.moves"), 0)

    def test_balance_xor(self):
        _, all = self.of("balance-xor")
        before, during, after = ((self.between(self.sent(all), *part)) for part in ((0.0012, 0.006), (0.0065, 0.012), (0.0125, 0.020)))
        for part in (before, after):
            self.assertEqual([len(ports) for ports in self.places(part).values()], [1, 1], "a flow has one member")
            self.assertEqual(len({f.port for f in part}), 2)
        self.assertEqual(self.places(before), self.places(after), "the same as before")
        self.assertEqual({f.port for f in during}, {"lan1"})
        back = self.places(self.between(self.got(all), 0.0012, 0.006))
        self.assertEqual([len(ports) for ports in back.values()], [1, 1], "the switch has a choice of its own")

    def test_broadcast(self):
        _, all = self.of("broadcast")
        def octets(port, begin, end):
            return collections.Counter((f.ip_to, f.payload) for f in self.between(self.sent(all, port), begin, end))
        for begin, end in ((0.0012, 0.0058), (0.01225, 0.0197)):
            self.assertGreater(len(octets("lan0", begin, end)), 30)
            self.assertEqual(octets("lan0", begin, end), octets("lan1", begin, end))
        self.assertFalse(octets("lan0", 0.00605, 0.012))
        self.assertEqual(max(octets("lan1", 0, 1).values()), 1, "once by each member")


class with_lacp(mode_test):
    def last_lacpdu(self, all, port, until):
        """Of the switch, to the team."""
        return max(f.at for f in all if not f.inward and f.port == port and f.state and f.at < until)

    def test_nothing_is_sent_before_it_was_said(self):
        for name in ("802-3ad", "802-3ad-slow"):
            _, all = self.of(name)
            for port in MEMBERS:
                said = min(f.at for f in all if f.inward and f.port == port and f.state and int(f.state, 16) & DISTRIBUTING)
                data = [f.at for f in all if f.inward and f.port == port and not f.state]
                self.assertGreater(min(data), said, (name, port))
            self.assertEqual({int(f.state, 16) & SHORT_TIMEOUT for f in all if f.state}, {SHORT_TIMEOUT if name == "802-3ad" else 0})

    def test_the_team_speaks_under_the_address_that_it_is_given(self):
        for given, seen in (("", NIC0), ("02:00:00:00:00:aa", "02:00:00:00:00:aa")):
            run, all = self.of("802-3ad", *([f"server.team0.ad_actor_system={given}"] if given else []))
            words = ["tshark", "-n", "-r", str(run.directory / "at_the_switch.pcapng"), "-Y", f"lacp && eth.src == {NIC0}",
                     "-T", "fields", "-e", "lacp.actor.sysid"]
            told = set(subprocess.run(words, capture_output=True, text=True, check=True).stdout.split())
            self.assertEqual(told, {seen})
            self.assertEqual({f.port for f in self.sent(self.between(all, 5, 6))}, set(MEMBERS), "the switch takes both for one partner")

    def test_a_quiet_partner_is_left_when_its_timer_ends(self):
        """IEEE 802.1AX, 5.4.4: three times the period behind the last LACPDU, 3 s or 90 s."""
        for name, quiet, timeout, silence in (("802-3ad", 6.2, 3, 0.05), ("802-3ad-slow", 40, 90, 1.1)):
            _, all = self.of(name)
            heard = self.last_lacpdu(all, "lan0", quiet)
            sent = [f.at for f in self.sent(all, "lan0") if f.at < quiet + timeout + 1]
            self.assertTrue(heard + timeout - silence < max(sent) <= heard + timeout + 0.001, (name, heard, max(sent)))
            self.assertGreater(len([f for f in self.sent(all, "lan1") if f.at > heard + timeout]), 50, "the other has all")

    def test_and_taken_in_again(self):
        _, all = self.of("802-3ad")
        gone = self.last_lacpdu(all, "lan0", 6.2) + 3
        again = [f.at for f in self.sent(all, "lan0") if f.at > gone + 0.001]
        self.assertTrue(10.7 < min(again) < 15)
        first = {flow: min(f.at for f in self.sent(all, "lan0") if self.flow(f) == flow) for flow in self.places(self.sent(all, "lan0"))}
        self.assertEqual(len(first), 1, "the same flow as before")


class adaptive(mode_test):
    def share(self, all, second):
        """Of each client the ports that sent to it within that second."""
        of = collections.defaultdict(set)
        for f in self.between(self.sent(all), second, second + 1):
            of[f.ip_to[-2:].strip(".")].add(f.port)
        return {k: "".join(sorted(p[-1] for p in v)) for k, v in of.items()}

    def test_balance_tlb(self):
        _, all = self.of("balance-tlb")
        self.only_source(all, "lan0", NIC0)
        self.only_source(all, "lan1", NIC1)
        for second in range(1, 10):
            self.assertEqual(self.share(all, second), {"9": "0", "10": "0", "11": "0"}, "no load is known")
        for second in (*range(11, 20), 21):
            there = self.share(all, second)
            self.assertEqual(there["10"], there["11"], second)
            self.assertEqual({there["9"], there["10"]}, {"0", "1"}, "the one of twice the load has a member for itself")
        self.assertEqual(self.share(all, 23), {"9": "0", "10": "0", "11": "0"}, "the cable is pulled")
        lessons = [f for f in all if f.inward and f.type == "0x9000"]
        for port, mac, until in (("lan0", NIC0, 24), ("lan1", NIC1, 22)):
            mine = [f for f in lessons if f.port == port]
            self.assertEqual({(f.source, f.to) for f in mine}, {(mac, mac)})
            self.assertIn(len(mine), (until - 1, until))
            for a, b in zip(mine, mine[1:]):
                self.assertAlmostEqual(b.at - a.at, 1, delta=0.01)
        self.assertEqual({f.port for f in self.got(all)}, {"lan0"}, "one receives")

    def test_balance_tlb_by_hash(self):
        _, all = self.of("balance-tlb-by-hash")
        places = self.places(self.between(self.sent(all), 1, 4))
        self.assertEqual([len(p) for p in places.values()], [1, 1, 1])
        self.assertEqual(len(set.union(*places.values())), 2)
        self.only_source(all, "lan1", NIC1)
        self.assertEqual({f.port for f in self.sent(self.between(all, 4.11, 6))}, {"lan0"})

    def test_balance_alb(self):
        _, all = self.of("balance-alb")
        self.only_source(all, "lan0", NIC0)
        self.only_source(all, "lan1", NIC1)
        told = [f for f in all if f.inward and f.arp == "2" and f.port in MEMBERS]
        answered = [("lan1", NIC1, "02:00:00:00:00:04"), ("lan0", NIC0, "02:00:00:00:00:03")]
        self.assertEqual([(f.port, f.arp_mac, f.to) for f in told[:2]], answered, "each is answered another's")
        new = [f for f in told if f.at > 5]
        self.assertEqual({f.to for f in new}, {"02:00:00:00:00:04"}, "red's member has not changed")
        self.assertTrue(5.03 < new[0].at < 5.03 + 0.1 + 0.1 + 0.001, "media sense, and a tick")
        self.assertEqual([(f.arp_mac, f.port) for f in new], [(NIC0, "lan0")] * 4 + [(NIC1, "lan1")] * 4, "twice each, again 2 s later, three times")
        for a, b in zip(new[::2], new[2::2]):
            self.assertAlmostEqual(b.at - a.at, 2, delta=0.01)
        def way(begin, end, client):
            return {(f.port, f.to) for f in self.between(self.got(all), begin, end) if f.ip_from == client}
        self.assertEqual(way(1.1, 12, "192.0.2.9"), {("lan0", NIC0)})
        self.assertEqual(way(1.1, 5.03, "192.0.2.10"), {("lan1", NIC1)})
        self.assertEqual({p for p in way(new[0].at + 0.01, 8, "192.0.2.10")}, {("lan0", NIC0)})
        self.assertEqual(way(new[4].at + 0.01, 12, "192.0.2.10"), {("lan1", NIC1)})


class each_mode(command.scenario_test):
    def test_has_a_scenario(self):
        named = {line.split('"')[1] for p in FOLDER.glob("*.toml") for line in p.read_text().splitlines() if line.startswith("mode = ")}
        self.assertEqual(named, {"aft", "alb", "active_backup", "balance_rr", "balance_xor", "broadcast", "802.3ad", "balance_tlb", "balance_alb"})


if __name__ == "__main__":
    command.need("tshark")
    unittest.main()
