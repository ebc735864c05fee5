"""sharing.threshold (FIG. 6, 370) rules the active member's engine where there is one, and nothing else; 0 spares it, and stops nobody (decision 189)."""
import sys
import unittest

import command

sys.path.append(str(command.SOURCE / "tb" / "system"))
import scenario_text as s


class threshold(command.scenario_test):
    def text(self, second=True, **team):
        """An application keeps more jobs under way than all engines have places."""
        cores = "3des-area", "sha1"
        text = s.pair("6 ms", s.capable(*cores), s.capable(*cores) | ({} if second else dict(crypto=dict(enable=False, engines=cores))), **team)
        return self.write("s.toml", text + s.table("crypto_load", "api", service="server.team0", threads=24, size="1000 B"))

    def most(self, run, engine):
        return next(m["max"] for m in run.result()["metrics"] if m["path"] == f"server.team0.sharing.engine_{engine}.jobs_now")

    def done(self, run):
        self.assertEqual({k: run.metric(f"server.team0.api.{k}") for k in ("refused", "failed", "not_done", "no_room")},
                         dict(refused=0, failed=0, not_done=0, no_room=0))
        return [run.metric(f"server.team0.sharing.engine_{n}.jobs") for n in range(2)]

    def test_it_is_the_most_that_the_active_member_has_and_the_others_have_queue(self):
        for mode in ("aft", "active_backup"):
            for most in (1, 2, 5):
                run = self.run_scenario(self.text(mode=mode, primary="nic0", sharing=dict(threshold=most)))
                self.done(run)
                self.assertEqual([self.most(run, 0), self.most(run, 1)], [most, 16], (mode, most))

    def test_where_all_members_carry_traffic_each_has_queue_whatever_it_says(self):
        for mode in ("alb", "balance_rr", "balance_xor", "broadcast", "balance_tlb", "balance_alb"):
            for said in (None, 0, 3):
                run = self.run_scenario(self.text(mode=mode, sharing=dict(queue=8, threshold=said)))
                a, b = self.done(run)
                self.assertGreater(min(a, b), 10)
                self.assertEqual([self.most(run, 0), self.most(run, 1)], [8, 8], (mode, said))
                self.assertEqual("team.sharing.threshold of server.team0 changes nothing" in run.stderr, said is not None, run.stderr)

    def test_the_default_is_no_more_than_queue(self):
        run = self.run_scenario(self.text(primary="nic0", sharing=dict(queue=1, given=1)))
        self.assertEqual([self.most(run, 0), self.most(run, 1)], [1, 1])

    def test_0_spares_the_active_member_while_another_one_could(self):
        run = self.run_scenario(self.text(primary="nic0", sharing=dict(threshold=0, queue=4)))
        self.assertEqual(self.done(run)[0], 0)

    def test_0_stops_no_team_that_has_no_other_engine(self):
        run = self.run_scenario(self.text(False, primary="nic0", sharing=dict(threshold=0)))
        n, none = run.metric("server.team0.sharing.engine_0.jobs"), run.metric("server.team0.api.not_done")
        self.assertGreater(n, 20)
        self.assertEqual((none, self.most(run, 0)), (0, 1))

    def test_0_has_software_go_first(self):
        run = self.run_scenario(self.text(False, primary="nic0", sharing=dict(threshold=0, software="last_resort")))
        self.assertEqual(self.done(run)[0], 0)
        self.assertGreater(self.done(run)[1], 10)

    def test_more_than_queue_is_refused(self):
        run = self.run_scenario(self.text(primary="nic0", sharing=dict(threshold=17)), status=2)
        self.assertIn("team.sharing.threshold of server.team0 = 17: more than the 16 jobs that an engine may have (queue); allowed: 0 … 16", run.stderr)
        line = 1 + next(n for n, l in enumerate((self.folder / "s.toml").read_text().splitlines()) if "threshold" in l)
        self.assertIn(f"s.toml:{line}:", run.stderr)


if __name__ == "__main__":
    unittest.main()
