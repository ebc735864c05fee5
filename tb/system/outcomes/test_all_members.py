"""Teams whose mode uses all members, or members unlike each other: who receives regular traffic, who does work for others (rows A-97, A-98; paragraph 48 of
source document 000), what a member with a slow link carries (A-111)."""
import functools
import operator
import sys
import unittest

import command

sys.path.append(str(command.SOURCE / "tb" / "system"))
import scenario_text as s

MEMBERS, CLIENTS, SIZE = 4, 6, 400
MACS = ["02:00:00:00:01:11", "02:00:00:00:02:35", "02:00:00:00:03:5a", "02:00:00:00:04:6f", "02:00:00:00:05:84", "02:00:00:00:06:fe"]
IPS = [f"192.0.2.{n}" for n in (17, 34, 51, 77, 92, 203)]
TEAM = "02:00:00:00:00:01"                     # nic0's
FRAMES = [30 + 7 * n for n in range(CLIENTS)]  # of each client, so that each share of them has a sum of its own
MODES = ("alb", "balance_rr", "balance_xor", "balance_tlb", "balance_alb")
GROUPED = ("balance_rr", "balance_xor")


def system(mode, choice="round_robin", more="", **team):
    """Six clients, each at its own port of the switch, send to a team of four; requesters of work beside them."""
    capable = s.engines(30)
    text = s.computer("30 ms", "0 ps") + s.several(MEMBERS, lambda n: s.member(n, identity="extended", mac=f"02:00:00:00:00:0{n + 1}", **capable))
    text += s.table("switch", "core", ports=12)
    for n, (mac, ip) in enumerate(zip(MACS, IPS)):
        text += s.table("peer", f"client{n}", mac=mac, ip=ip) + s.link(f"lan_client{n}", f"client{n}", "core")
        text += s.traffic(f"down{n}", f"client{n}", "server", pace="frames", frames_per_second=4000 + 100 * n, frame_size=f"{SIZE} B",
                          start=f"{2000 + 30 * n} us", count=FRAMES[n])
    if mode in ("balance_rr", "balance_xor"):
        text += s.table("port_group", "all", switch="core", ports=[f"lan{n}" for n in range(MEMBERS)], choice=choice)
    return text + s.team(MEMBERS, **(dict(address="192.0.2.1/24", mode=mode, miimon="100 us") | team)) + more


def octets(text):
    return [int(c, 16) for c in text.split(":")] if ":" in text else [int(c) for c in text.split(".")]


def exclusive_or(*texts):
    return functools.reduce(operator.xor, [o for t in texts for o in octets(t)])


CHOICES = {"source_mac": lambda n: exclusive_or(MACS[n]), "both_macs": lambda n: exclusive_or(MACS[n], TEAM), "destination_mac": lambda n: exclusive_or(TEAM),
           "source_ip": lambda n: exclusive_or(IPS[n])}


class work_test(command.scenario_test):
    def shares(self, run, work, requester=None):
        return {x["by"]: x["count"] for w in run.result().get("work", []) if (w["work"], w.get("requester")) == (work, requester) for x in w["shares"]}

    def go(self, *words, **about):
        run = self.run_scenario(self.write("s.toml", system(*words, **about)), "--trace", "none")
        self.assertEqual([c["name"] for c in run.result()["checks"] if c["breaches"]], [])
        return run

    def regular(self, run):
        """Datagrams of clients that members received: their octets, since ARP's frames are shorter."""
        rows = {x["by"]: (x["count"], x["octets"]) for w in run.result()["work"] if w["work"] == "packets received" for x in w["shares"]}
        datagrams = []
        for n in range(MEMBERS):
            count, octets = rows[f"nic{n}"]
            arp, none = divmod(count * (SIZE - 4) - octets, SIZE - 64)
            self.assertEqual(none, 0)
            datagrams.append(count - arp)
        self.assertEqual(sum(datagrams), sum(FRAMES))
        return datagrams


class regular_traffic(work_test):
    """A-97. The switch deals; the team takes what comes by whichever member."""

    def test_as_the_switch_deals_it(self):
        for mode in GROUPED:
            for choice, by in CHOICES.items():
                with self.subTest(mode=mode, choice=choice):
                    expected = [sum(FRAMES[c] for c in range(CLIENTS) if by(c) % MEMBERS == m) for m in range(MEMBERS)]
                    self.assertEqual(self.regular(self.go(mode, choice)), expected)
            with self.subTest(mode=mode):
                in_turn = self.regular(self.go(mode))
                self.assertLessEqual(max(in_turn) - min(in_turn), 1)

    def test_the_rest_take_over_what_a_lost_member_had(self):
        """Three ports are left: modulo 3, in order of number."""
        for choice, by in CHOICES.items():
            with self.subTest(choice=choice):
                expected = [sum(FRAMES[c] for c in range(CLIENTS) if by(c) % 3 == k) for k in range(3)]
                expected.insert(1, 0)
                self.assertEqual(self.regular(self.go("balance_xor", choice, s.fault("lan1", "link_down", 0.5))), expected)

    def test_one_receives_where_the_team_has_one_address_and_the_switch_no_group(self):
        self.assertEqual(self.regular(self.go("alb")), [sum(FRAMES), 0, 0, 0])
        self.assertEqual(self.regular(self.go("alb", more=s.fault("lan0", "link_down", 0.5)))[0], 0)


class work_for_others(work_test):
    """A-98, by counts: 400 jobs, fewer than the engines can do."""
    JOBS = 400

    def jobs(self, mode, more="", load=None, **about):
        work = load or s.load(size=1000, pace="open", gap="60 us", count=self.JOBS, start="2 ms")
        run = self.go(mode, more=work + more, **about)
        self.assertEqual((run.metric("server.team0.api.done"), run.metric("server.team0.api.damaged")), (self.JOBS, 0))
        done = self.shares(run, "encrypt", "server.team0.api")
        self.assertEqual(run.metric("server.team0.balanced_362"), self.JOBS + run.metric("server.team0.sharing.reissued"))
        return [done[f"nic{n}"] for n in range(MEMBERS)]

    def test_all_members_have_as_many_whoever_receives(self):
        for mode in MODES:
            for choice in ("round_robin", "destination_mac") if mode in GROUPED else ("round_robin",):      # destination_mac: all by nic3
                for dispatch in "round_robin", "shortest_queue":
                    with self.subTest(mode=mode, choice=choice, dispatch=dispatch):
                        self.assertEqual(self.jobs(mode, choice=choice, sharing=dict(dispatch=dispatch)), [100] * 4)

    def test_all_that_are_available(self):
        """One whose link is dead is, if its bus is not; what is not in its slot is not. Of an order that loads defective members first, that one has all."""
        for mode in MODES:
            with self.subTest(mode=mode):
                for n in (0, 3):
                    dead = s.fault(f"lan{n}", "link_down", 0.5)
                    self.assertEqual(self.jobs(mode, dead), [100] * 4)
                    self.assertEqual(self.jobs(mode, dead, sharing=dict(order="in_order")), [400 * (m == n) for m in range(4)])
                    gone = self.jobs(mode, s.fault(f"server.pci0.nic{n}", "removed", 0.5))
                    self.assertEqual((sorted(gone), gone[n]), ([0, 133, 133, 134], 0))


RATES = {"100 Mbps": 100e6, "10 Mbps": 10e6}
WINDOW = 0.04                                   # s


def unlike(rates, size=1000, group=False, more="", offered=None, **team):
    """Members whose links have those rates, and more to send than all of them carry."""
    text = s.computer("60 ms", "20 ms") + s.several(len(rates), lambda n: s.member(n, rate=rates[n])) + s.client(rate="1 Gbps")
    text += s.table("port_group", "all", switch="core", ports=[f"lan{n}" for n in range(len(rates))]) if group else ""
    text += s.team(len(rates), **(dict(address="192.0.2.1/24", miimon="100 us") | team))
    return text + s.traffic("up", frame_size=f"{size} B", **(offered or dict(pace="line_rate"))) + more


class a_slow_link(work_test):
    """A-111: a modem's part, 10 Mb/s beside 100 Mb/s. A line carries r / (8 (L + 20)) frames a second."""

    def carried(self, rates, **about):
        run = self.run_scenario(self.write("s.toml", unlike(rates, **about)), "--trace", "none")
        return [run.metric(f"lan{n}.a_to_b.frames") - run.metric(f"lan{n}.a_to_b.lost_link_down") for n in range(len(rates))]

    def line(self, rate, size=1000, seconds=WINDOW):
        return RATES[rate] * seconds / (8 * (size + 20))

    def test_beside_others_each_link_carries_what_it_can(self):
        """By load. In turn the slow ones do, and a fast one no less than them: its turn waits for theirs."""
        for rates in (["100 Mbps", "10 Mbps"], ["10 Mbps", "100 Mbps"], ["10 Mbps", "10 Mbps", "100 Mbps"], ["10 Mbps", "10 Mbps"]):
            for size in (600, 1000, 1518):
                for balance in "load", "round_robin":
                    with self.subTest(rates=rates, size=size, balance=balance):
                        for frames, rate in zip(self.carried(rates, size=size, mode="alb", balance=balance), rates):
                            if balance == "load" or rate == "10 Mbps":
                                self.assertLess(abs(frames - self.line(rate, size)), 1, "frames")
                            else:
                                self.assertTrue(self.line("10 Mbps", size) - 1 < frames < self.line(rate, size) + 1, frames)

    def test_by_load_it_is_spared_and_in_turn_it_is_not(self):
        """2,000 frames a second: in turn each gets the half, which 10 Mb/s carry; by load the fast one is done before the next comes."""
        offered = dict(pace="frames", frames_per_second=2000)
        for balance, expected in (("load", [80, 0]), ("round_robin", [40, 40])):
            self.assertEqual(self.carried(["100 Mbps", "10 Mbps"], offered=offered, mode="alb", balance=balance), expected)

    def test_in_place_of_others(self):
        """It is the only one, or what is left when the fast one's cable is out."""
        for mode in "aft", "active_backup":
            with self.subTest(mode=mode):
                self.assertEqual(self.carried(["100 Mbps", "10 Mbps"], mode=mode, primary="nic1")[0], 0)
                pulled = self.carried(["100 Mbps", "10 Mbps"], mode=mode, primary="nic0", more=s.fault("lan0", "link_down", 40))
                for frames, rate in zip(pulled, ("100 Mbps", "10 Mbps")):
                    self.assertLess(abs(frames - self.line(rate, seconds=WINDOW / 2)), 2)

    def test_its_engines_work_as_well_as_any(self):
        """Work for others needs no link."""
        text = system("alb", more=s.load(size=1000, pace="open", gap="60 us", count=400, start="2 ms"))
        slow = text.replace('name = "lan2"\n', 'name = "lan2"\nrate = "10 Mbps"\n')
        self.assertNotEqual(text, slow)
        self.assertEqual(set(self.shares(self.run_scenario(self.write("s.toml", slow)), "encrypt", "server.team0.api").values()), {100})

    def test_where_links_are_one_way_they_are_of_one_rate(self):
        for mode in "balance_rr", "balance_xor":
            for group in False, True:
                run = self.run_scenario(self.write("s.toml", unlike(["100 Mbps", "10 Mbps"], group=group, mode=mode)), status=2)
                self.assertIn(f'"{mode}" needs members of one rate', run.stderr)
        run = self.run_scenario(self.write("s.toml", unlike(["100 Mbps", "10 Mbps"], group=True, mode="802.3ad")), status=2)
        self.assertIn("links of one rate (IEEE 802.1AX)", run.stderr)
        self.assertIn("lan1 has 10 Mbps, and lan0 has 100 Mbps", run.stderr)


if __name__ == "__main__":
    unittest.main()
