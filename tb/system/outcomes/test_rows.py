"""A team whose members differ: packets that fail over between a member that protects by itself and one that cannot, and back; backups that fail with payloads
in them. Captures judged in Python with other ciphers and hashes; ways of packets by their times; rows A-131 and A-132 of the requirements."""
import collections
import sys
import unittest

import command

sys.path += [str(command.SOURCE / "tb" / "system"), str(command.SOURCE / "tb" / "system" / "ipsec")]
import scenario_text as s

try:
    import judge
except ImportError as e:
    print("SKIPPED:", e)
    raise SystemExit(77)

MS = 10**9


def capable_of(clock):
    return dict(identity="extended", crypto=dict(enable=True, engines=["aes-128-round", "sha1"], period=f"{clock} ns"))


def ends(a, b):
    return {"from": a, "to": b}


def team(capable, members=2, more="", rate=9000, size=600, stop="16 ms", duration="20 ms", down=True, clock=30, timeout="2 s", storm=None, **about):
    """Members of `capable` have engines, with a clock of so many ns. Protected traffic both ways; all of it has arrived or is lost at the end."""
    text = s.top(duration, "0 ps", extends="parts/host.toml").replace('"timing-only"', '"real"')
    if storm:
        text += s.table("host", "server", interrupts=dict(unserved_of=storm, unserved_most=storm - 10, unserved_poll="1 ms"))
    text += s.several(members, lambda n: s.member(n, driver=dict(transmit_timeout=timeout), **(capable_of(clock) if n in capable else {}))) + s.client()
    text += s.team(members, **(dict(address="192.0.2.1/24", mode="active_backup", primary="nic0", miimon="50 us") | about))
    for a, b in (("server", "client"), ("client", "server")):
        text += s.table("sa", f"to_{b}", **ends(a, b), cipher="aes-cbc", authentication="hmac-sha1-96", replay_window=64)
        text += s.table("policy", f"for_{b}", **ends(a, b), bundle=[f"to_{b}"])
    text += s.traffic("up", pace="frames", frames_per_second=rate, frame_size=f"{size} B", duration=stop)
    if down:
        text += s.traffic("down", "client", "server", pace="frames", frames_per_second=rate // 3, frame_size=f"{size} B", duration=stop)
    return text + s.table("capture", "wire", at="client.port") + s.table("capture", "members", at="server.pci0.nic*.wire") + more


class way:
    """Of a packet that an application sent: the times and devices of all that was made of it."""

    def __init__(self, rows):
        self.rows, self.born, self.length = rows, int(rows[0]["born_ps"]), int(rows[0]["length"])
        self.fates = [r["fate"] for r in rows]
        self.arrived, self.lost = self.fates.count("arrived"), [(r["to"], r["outcome"]) for r in rows if r["fate"] == "lost"]
        self.where = {r[end].split("pci0.")[1].split(".")[0] for r in rows for end in ("from", "to") if "pci0." in r[end]}

    def at(self, stage):
        return min((int(r[f"{stage}_ps"]) for r in self.rows if r[f"{stage}_ps"]), default=None)


def ways(run, source):
    rows = {r["id"]: r for r in run.packets()}
    made = collections.defaultdict(list)
    for r in rows.values():
        root = r
        while root["parent"] in rows:
            root = rows[root["parent"]]
        if root["from"].startswith(source):
            made[root["id"]].append(r)
    return sorted((way(rows) for rows in made.values()), key=lambda w: w.born)


class rows_test(command.scenario_test):
    def go(self, text):
        run = self.run_scenario(self.write("s.toml", text), "--trace", "packets,pcap")
        self.assertEqual([c["name"] for c in run.result()["checks"] if c["breaches"]], [])
        self.assertEqual(run.result()["exposure"]["in_the_clear"], 0)
        self.judged(run)
        return run

    def judged(self, run):
        """What the client's wire carried: each IP packet is ESP, right, around one UDP datagram and no further ESP, and no number comes twice."""
        clear = [p for p in judge.frames(run.directory / "wire.pcapng") if p and p[9] != judge.ESP]
        self.assertEqual(clear, [])
        verdicts = list(judge.judge(run.directory / "config.resolved.toml").judge(run.directory / "wire.pcapng"))
        self.assertEqual([v.why for v in verdicts if v.why], [])
        self.assertEqual({v.inner[9] for v in verdicts}, {judge.UDP}, "one layer of ESP")
        self.assertEqual([k for k, n in collections.Counter((v.spi, v.number) for v in verdicts).items() if n > 1], [])
        run.opened = verdicts

    def crossings(self, run):
        found = {}
        for row in run.result()["crossings"]:
            self.assertEqual(row["crossings"], row["packets"] * row["by_the_table"], row)
            found[row["path"].replace("sent or received as it is, or protected by its own nic", "in line").split(";")[0]] = row["packets"], row["by_the_table"]
        return found

    def all_accounted(self, sent, expected_reasons):
        for w in sent:
            self.assertEqual(w.arrived + len(w.lost), 1, [{k: v for k, v in r.items() if v} for r in w.rows])
        reasons = collections.Counter(reason for w in sent for _, reason in w.lost)
        self.assertLessEqual(set(reasons), set(expected_reasons))
        return reasons


class flips(rows_test):
    """A-131: the cable of the active member is pulled, and put in again; one of both protects by itself. Judged by the times of each packet."""

    def decided(self, run):
        told = [int(f["decided_ps"]) for f in run.result()["failovers"]]
        self.assertEqual(len(told), 2)
        self.assertTrue(6 * MS <= told[0] < 6.3 * MS and 11 * MS <= told[1] < 11.4 * MS, told)
        return told

    def sent_by(self, w, capable, jobs):
        """Crossings of one that was sent: by a backup and back; or once, by who protects it, in line, or by its ring while there are older jobs."""
        stages = [w.at(k) for k in ("delivered_308", "forwarded_316", "returned_320", "driver_queued")]
        if w.at("forwarded_316") is None:
            self.assertGreater(w.at("protect_start"), w.at("driver_queued"))
            self.assertEqual(w.where, {f"nic{capable}"})
            return 1
        self.assertIsNone(w.at("protect_start"), "not once more, in line")
        if w.at("returned_320") is None:
            self.assertEqual(w.where, {f"nic{capable}"})
            self.assertTrue(any(done > w.born for done in jobs), "jobs of before are left")
            return 1
        self.assertEqual(stages, sorted(stages))
        return 3

    def test_out_and_back(self):
        """Either way round. A packet takes its way by when the layer saw it and by nothing else; the flip loses what was on the cable, and what its nic had."""
        in_flight = collections.Counter()
        for capable in 0, 1:
            for rate in 9_000, 14_000, 17_000:
                for us in range(0, 112, 16):
                    with self.subTest(capable=capable, rate=rate, us=us):
                        run = self.go(team({capable}, rate=rate, more=s.fault("lan0", "link_down", 6 + us / 1000, 5)))
                        fail, back = self.decided(run)
                        sent, came = ways(run, "server.up"), [w for w in ways(run, "client") if w.length > 100]
                        self.assertEqual((len(sent), len(came)), (16 * rate // 1000, 16 * (rate // 3) // 1000 + (16 * (rate // 3) % 1000 > 0)))
                        lost = self.all_accounted(sent, {"link_down", "cut_at_switch"})
                        self.assertLessEqual(lost.total(), 2 + 100 * rate // 1_000_000 + 2)
                        jobs, crossed = [], collections.Counter()
                        for w in sent:
                            crossings = self.sent_by(w, capable, jobs)
                            active = 1 if fail <= w.at("delivered_308") < back else 0
                            left = [done for done in jobs if done > w.at("delivered_308")]
                            if active != capable:
                                self.assertEqual(crossings, 3)
                            elif w.at("forwarded_316") is None:
                                self.assertEqual((crossings, left), (1, []), "in line again when no job is left")
                            else:
                                self.assertIsNone(w.at("returned_320"))
                                in_flight[capable, "by its ring"] += 1
                            if w.at("forwarded_316"):
                                jobs.append(int(w.rows[0]["ended_ps"]))
                                in_flight[capable, "at a flip"] += any(w.at("forwarded_316") < d < jobs[-1] for d in (fail, back))
                            else:
                                in_flight[capable, "at a flip"] += any(w.at("driver_queued") < d < w.at("wire_begin") for d in (fail, back))
                            way = "sent by" if w.at("forwarded_316") and crossings == 1 else "in line" if crossings == 1 else "sent"
                            crossed[way, crossings] += w.arrived
                        for w in came:
                            crossed[("received", 3) if w.at("forwarded_336") else ("in line", 1)] += w.arrived
                            if w.arrived and w.at("forwarded_336"):
                                self.assertLess(w.at("forwarded_336"), w.at("returned_338"))
                        crossed["in line", 1] += sum(w.arrived for w in ways(run, "") if w.length <= 100)        # ARP
                        told = {(k if k != "sent by the unit that encrypts it" else "sent by", by): n for k, (n, by) in self.crossings(run).items()}
                        self.assertEqual(told, {k: n for k, n in crossed.items() if n})
                        self.assertEqual((run.metric("client.not_opened"), run.metric("client.opened")), (0, len(sent) - lost.total()))
        for capable in 0, 1:
            self.assertGreater(in_flight[capable, "at a flip"], 20)
            self.assertGreater(in_flight[capable, "by its ring"], 0)


class backups_that_fail(rows_test):
    """A-132: nic0 sends and cannot encrypt; nic1, which does it for it with nic2, fails with payloads in it."""

    FAULTS = (("removed", "server.pci0.nic1", {}), ("engines_stuck", "server.pci0.nic1.crypto_transmit", {}),
              ("master_abort", "server.pci0.nic1", dict(timeout="1 ms", storm=200)), ("target_abort", "server.pci0.nic1", dict(timeout="1 ms", storm=200)))

    def missing(self, run):
        """Numbers that were drawn, and that nobody saw."""
        numbers = [v.number for v in run.opened]
        return max(numbers) - len(numbers)

    def load(self, what, at, us, capable=(1, 2), given=4, software="never", **about):
        """12,000 packets a second for engines that do 4,500 each."""
        return self.go(team(capable, 3, s.fault(at, what, 6 + us / 1000), 12_000, duration="80 ms", down=False, clock=240,
                            sharing=dict(given=given, software=software), **about))

    def test_another_one_encrypts_it_under_a_new_number(self):
        """Nothing is lost: all that was offered is opened once. Numbers that are missing are as many as jobs that nic1's unit had, and one more for none;
        engines that stick are out of use when they failed three times (crypto.engine_failures), and get a job for each until then."""
        for what, at, about in self.FAULTS:
            again = set()
            for given in 1, 4, 9:
                for us in range(0, 230, 23):                        # of the 222 us that a job takes
                    with self.subTest(what=what, given=given, us=us):
                        run = self.load(what, at, us, given=given, **about)
                        sent = ways(run, "server.up")
                        self.assertEqual((len(sent), self.all_accounted(sent, ())), (192, {}))
                        self.assertEqual((len(run.opened), run.metric("client.not_opened")), (192, 0))
                        reissued = run.metric("server.team0.sharing.reissued")
                        self.assertEqual(self.missing(run), reissued)
                        self.assertEqual(run.metric("server.team0.sharing.engine_0.not_done"), reissued)
                        again.add((given, reissued))
            more = 3 if what == "engines_stuck" else 0
            if what in ("removed", "engines_stuck"):                # a unit that lives answers for some of them by memory
                self.assertTrue(all(given - (what == "removed") <= n - more <= given for given, n in again), again)
            self.assertTrue(any(n for _, n in again) and all(n <= given + more for given, n in again), again)

    def test_what_the_backup_itself_sends(self):
        """What it may have sent when it is pulled out is lost by name, not sent again; what its engines did not do is encrypted by the other one."""
        on_its_way = {"with_lost_unit", "block_reset", "tx_reset", "cut_at_switch", "link_down"}
        for outbound in "transmit", "transmit_as_destination":
            for what, at, about in self.FAULTS:
                for us in range(0, 230, 23):
                    with self.subTest(outbound=outbound, what=what, us=us):
                        run = self.load(what, at, us, outbound=outbound, **about)
                        sent = ways(run, "server.up")
                        lost = self.all_accounted(sent, on_its_way if what == "removed" else ())
                        self.assertEqual((len(sent), len(run.opened), run.metric("client.not_opened")), (192, 192 - lost.total(), 0))
                        if what == "removed":
                            self.assertEqual((lost["with_lost_unit"], lost.total() <= 4 + 1), (4, True))
                        self.assertLessEqual(self.missing(run), lost.total() + run.metric("server.team0.sharing.reissued"))

    def test_when_nobody_else_can(self):
        """By name, or by software where that is asked for; never as it is."""
        for what, at, about in self.FAULTS[:2]:
            for us in range(0, 230, 23):
                for software in "never", "last_resort":
                    with self.subTest(what=what, us=us, software=software):
                        run = self.load(what, at, us, {1}, software=software, **about)
                        sent = ways(run, "server.up")
                        lost = self.all_accounted(sent, ("team_job_failed", "not_protected") if software == "never" else ())
                        self.assertEqual(len(run.opened) + lost.total(), 192)
                        self.assertGreater(len(run.opened), 20)
                        self.assertEqual(lost["team_job_failed"], run.metric("server.team0.jobs_failed"))
                        if software == "never":
                            self.assertGreater(min(lost.values()), 0)
                        else:
                            self.assertEqual(self.missing(run), run.metric("server.team0.sharing.reissued"))


class forwarded_by_the_mode(rows_test):
    """A-79: what a mate decrypted goes up as a regular packet does, whichever way the team is used: by one adapter with a card beside it (direct), with one
    active member (fault tolerance), or over all (load balancing)."""
    GROUP = s.table("port_group", "all", switch="core", ports=["lan0", "lan1"], choice="round_robin")
    GROUPED = "balance_rr", "balance_xor"

    def test_each(self):
        card = s.table("crypto_card", "card", bus="server.pci0", engines=["aes-128-round", "sha1"])
        ways_of_use = [("direct", 1, set(), card, dict(cards=["server.pci0.card"]))]
        ways_of_use += [(mode, 2, {1}, "", dict(primary="nic0")) for mode in ("aft", "active_backup")]
        ways_of_use += [(mode, 2, {1}, self.GROUP if mode in self.GROUPED else "", dict(primary=None))
                        for mode in ("alb", *self.GROUPED, "balance_tlb", "balance_alb")]
        for mode, members, capable, more, about in ways_of_use:
            with self.subTest(mode):
                about = dict(mode="aft" if mode == "direct" else mode) | about
                run = self.go(team(capable, members, more, down=True, rate=6_000, **about))
                came = [w for w in ways(run, "client") if w.length > 100]
                self.assertEqual(len(came), 32)
                for w in came:
                    self.assertEqual((w.arrived, w.lost), (1, []))
                    stages = [w.at(k) for k in ("received_322", "forwarded_336", "returned_338", "delivered_340", "delivered")]
                    self.assertEqual(stages, sorted(stages, key=lambda t: t or 0)) if stages[1] else self.assertIsNone(stages[2])
                by_mate = [w for w in came if w.at("forwarded_336")]
                if mode in self.GROUPED:
                    self.assertIn(len(by_mate), (15, 16, 17), "the switch deals in turn, ARP among them")
                elif mode != "balance_alb":                        # whose clients are told either address
                    self.assertEqual(len(by_mate), 32)
                self.assertEqual(run.metric("server.sink_9.received"), 32)
                self.assertEqual(run.metric("server.sink_9.damaged"), 0)
                self.assertEqual(run.metric("server.sink_9.late"), 0)


if __name__ == "__main__":
    unittest.main()
