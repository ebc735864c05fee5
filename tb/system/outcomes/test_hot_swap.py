"""A member that cannot transmit is loaded first, and what replaces it is not (source document 000, ¶49)."""
import unittest

import command

SCENARIO = command.SOURCE / "scenarios" / "team" / "hot-swap.toml"
ENDS = (4, 8, 12, 20)                # ms: all idle; nic1's cable broken; nic1 pulled out; another put in


class hot_swap(command.scenario_test):
    def shares(self, *sets):
        """Jobs of nic1's and nic2's engines from one event to the next."""
        words = [w for s in sets for w in ("--set", s)]
        runs = [self.run_scenario(SCENARIO, *words, *(() if end == ENDS[-1] else ("--until", f"{end} ms")), status=None) for end in ENDS]
        jobs = [[r.metric(f"server.team0.sharing.engine_{n}.jobs") for n in (0, 1)] for r in runs]
        return runs[-1], [[b - a for a, b in zip(before, after)] for before, after in zip([[0, 0], *jobs], jobs)]

    def half(self, window, within=0.1):
        self.assertGreater(sum(window), 20)
        self.assertAlmostEqual(window[0] / sum(window), 0.5, delta=within, msg=window)

    def test_the_replacement_loses_the_extra_share(self):
        run, (idle, defective, gone, replaced) = self.shares()
        self.half(idle)
        self.assertGreater(defective[0], 8 * defective[1], "but for what nic2 had at that time")
        self.assertEqual(gone[0], 0)
        self.assertGreater(gone[1], 15, "nic2 has it all")
        self.half(replaced)
        self.assertEqual(run.metric("server.team0.sharing.reissued"), run.metric("server.team0.sharing.engine_0.not_done"))

    def test_traffic_goes_on_and_the_application_loses_nothing(self):
        run, _ = self.shares()
        self.assertIn(run.metric("server.up.sent") - run.metric("client.opened"), (0, 1))
        self.assertEqual(run.metric("client.duplicates"), 0)
        self.assertIn(run.metric("server.team0.api.submitted") - run.metric("server.team0.api.done"), (3,), "one of each thread is under way")

    def test_where_all_share_alike_there_is_nothing_to_lose(self):
        """Mode alb: a defective member has no more than others; unless the order is asked for, and then its replacement loses it as well. The one
        that sends the flow encrypts that in line, and has so much less time for others."""
        _, (idle, defective, gone, replaced) = self.shares("server.team0.mode=alb")
        for window in (idle, defective, replaced):
            self.half(window, 0.15)
        _, (_, defective, _, replaced) = self.shares("server.team0.mode=alb", "server.team0.sharing.order=in_order")
        self.assertGreater(defective[0], 8 * defective[1])
        self.half(replaced, 0.15)


if __name__ == "__main__":
    unittest.main()
