"""scenarios/team/faults: one thing goes wrong with a team under load, and what happens without that which makes it harmless.
Decisions 159, 167, 168."""
import unittest

import command

FAULTS = command.SOURCE / "scenarios/team/faults"


class team_under_faults(command.scenario_test):
    def run_of(self, name, *sets, status=0):
        return self.run_scenario(FAULTS / f"{name}.toml", "--trace", "packets,pcap", *[w for s in sets for w in ("--set", s)], status=status)

    def in_the_clear(self, run):
        """Datagrams of the server that no ESP header hides, on the client's wire."""
        data, at, clear = (run.directory / "on_the_wire.pcapng").read_bytes(), 0, 0
        while at < len(data):
            kind, size = int.from_bytes(data[at:at + 4], "little"), int.from_bytes(data[at + 4:at + 8], "little")
            frame = data[at + 28:at + 28 + int.from_bytes(data[at + 20:at + 24], "little")] if kind == 6 else b""
            clear += frame[12:14] == b"\x08\x00" and frame[23] != 50
            at += size
        return clear

    def test_each_keeps_its_promises_and_leaves_the_same_bytes_twice(self):
        names = sorted(p.stem for p in FAULTS.glob("*.toml"))
        self.assertEqual(names, ["engine-stuck", "engine-wrong", "flapping-member", "retry-for-ever", "slow-engine", "surprise-removal", "target-abort",
                                 "two-at-once"])
        for name in names:
            with self.subTest(name):
                first = self.run_of(name)
                again = self.run_scenario(FAULTS / f"{name}.toml", "--trace", "packets,pcap", "--reverse-construction")
                self.assertTrue(first.result()["verdicts"], "it expects something")
                self.assertEqual(first.files(), again.files())
                self.assertEqual(self.in_the_clear(first), 0)
                self.assertGreater(first.metric("client.opened"), 40, "and there is something to hide")

    def test_each_change_is_put_down_to_the_fault_behind_it(self):
        """Two faults begin at one instant, and each takes another member out."""
        told = [(f["fault"]["name"], f["lost"]) for f in self.run_of("two-at-once").result()["failovers"] if f.get("lost")]
        self.assertEqual(told, [("cable", ["nic0"]), ("mac", ["nic1"])])

    def test_without_updelay_the_team_flaps_with_its_member(self):
        run = self.run_of("flapping-member", 'server.team0.updelay="0 ps"', status=1)
        self.assertEqual(run.metric("server.team0.changes_of_active"), 16)

    def test_without_self_tests_nobody_tells(self):
        run = self.run_of("engine-wrong", "server.pci0.nic1.crypto.self_test=0", status=1)
        self.assertEqual(run.metric("server.pci0.nic1.crypto_rings.engine_failures"), 0)
        self.assertGreater(run.metric("client.not_opened"), 20)

    def test_a_storm_starves_what_waits_until_its_line_is_given_up(self):
        stormed = self.run_of("target-abort")
        calm = self.run_of("target-abort", "server.interrupts.unserved_of=1000", "server.interrupts.unserved_most=990",
                           'server.interrupts.unserved_poll="1 ms"')
        apart = self.run_of("target-abort", "server.interrupts.unserved_of=1000", "server.interrupts.unserved_most=990",
                            'server.interrupts.unserved_apart="1 ps"')
        self.assertEqual(apart.metric("server.interrupts.given_up"), 0, "each is so far behind the one before that the count begins anew")
        self.assertEqual((stormed.metric("server.interrupts.given_up"), calm.metric("server.interrupts.given_up")), (0, 1))
        self.assertEqual(calm.metric("server.cpu0.spurious"), 1000)
        self.assertGreater(calm.metric("server.sink_9.received"), stormed.metric("server.sink_9.received") + 12)

    def test_without_a_limit_the_cpu_stands_still(self):
        """Of the 6 ms in which nic0 retries, the CPU waits for one read; with the limit of 100 retries it gets on, by the closed form of docs/bus.md."""
        still, gets_on = self.run_of("retry-for-ever", "server.pci0.bridge.retry_limit=0", status=1), self.run_of("retry-for-ever")
        self.assertEqual(still.metric("server.pci0.bridge.cpu_given_up"), 0)
        least, most = (100 * clocks * 30_000 for clocks in (4, 7))
        for f in gets_on.result()["failovers"][:1]:
            waited = int(f["decided_ps"]) - 5_000_000_000
            self.assertGreaterEqual(waited, least)
            self.assertLess(waited, 100_000_000 + 12 * most, "a poll of media sense, and some accesses of four that the driver counts")
        first = still.result()["failovers"]
        self.assertTrue(not first[0].get("decided_ps") or int(first[0]["decided_ps"]) >= 11_000_000_000)

    def test_who_measures_keeps_away_from_slow_engines(self):
        """Of about 88 jobs in the 7 ms, round robin gives half to nic1; expected_end few, and what waits behind a job of nic1 is what makes the difference."""
        jobs = {}
        for policy in ("expected_end", "shortest_queue", "round_robin"):
            run = self.run_of("slow-engine", f"server.team0.sharing.dispatch={policy}", status=None)
            self.assertEqual(run.metric("client.not_opened"), 0)
            self.assertEqual(run.metric("server.team0.no_engine"), 0)
            jobs[policy] = run.metric("server.team0.sharing.engine_0.jobs")
        self.assertLess(jobs["expected_end"], jobs["round_robin"] - 20)
        self.assertLessEqual(jobs["shortest_queue"], jobs["round_robin"])


class a_line_that_nobody_serves(command.scenario_test):
    TEAM = """
extends = "parts/team-under-faults.toml"
duration = "20 ms"
[[host]]
name = "server"
interrupts.unserved_of = 2000
interrupts.unserved_most = 1990
interrupts.unserved_poll = "2 ms"
[[fault]]
at = "server.interrupts"
what = "intd_stuck"
from = "5 ms"
"""

    def test_it_is_given_up_and_the_team_goes_on(self):
        """No nic of the team has line 3: behind 2,000 interrupts for nothing all goes on as before."""
        nobody = self.run_scenario(self.write("s.toml", self.TEAM + '[[nic]]\nname = "nic3"\nbus = "server.pci0"\n'))
        self.assertEqual(nobody.metric("server.interrupts.given_up"), 1)
        self.assertIn(nobody.metric("server.cpu0.spurious"), range(2000, 2011))
        self.assertEqual(nobody.metric("client.opened"), 72)
        self.assertIn("server: nobody served an interrupt line, which was given up", "\n".join(nobody.result()["notes"]))

    def test_without_the_rule_the_cpu_serves_it_to_the_end(self):
        text = self.TEAM.replace("unserved_of = 2000", "unserved_of = 0")
        run = self.run_scenario(self.write("s.toml", text + '[[nic]]\nname = "nic3"\nbus = "server.pci0"\n'))
        self.assertEqual(run.metric("server.interrupts.given_up"), 0)
        self.assertGreater(run.metric("server.cpu0.spurious"), 5000)
        self.assertLess(run.metric("client.opened"), 30)


class times_that_do_not_fit(command.scenario_test):
    def notes(self, poll, use):
        text = f'extends = "parts/two-nic-team.toml"\nduration = "2 ms"\n[[nic]]\nname = "nic1"\ndriver.link_poll = "{poll}"\n'
        text += '[[nic]]\nname = "nic0"\ndriver.link_poll = "50 us"\n'
        text += f'[[team]]\nname = "team0"\nuse_carrier = {use}\n'
        return "\n".join(self.run_scenario(self.write("s.toml", text)).result()["notes"])

    def test_media_sense_that_takes_the_word_of_drivers_who_seldom_look(self):
        said = "that of nic1 looks at the link every 300 us at most (driver.link_poll): a lost link may be known so late, whatever miimon says"
        self.assertIn(said, self.notes("300 us", "true"))
        self.assertNotIn("media sense", self.notes("100 us", "true"))
        self.assertNotIn("media sense", self.notes("300 us", "false"))


if __name__ == "__main__":
    unittest.main()
