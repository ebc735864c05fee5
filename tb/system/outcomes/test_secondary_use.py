"""Pools of crypto cards beside closed forms: Q1, Q4 and Q26 of the what-if questions, rows A-91 and A-93."""
import unittest

import command

CARDS = command.SOURCE / "scenarios/team/four-accelerators.toml"
FREE = [f"crypto_load.{key}=0 ps" for key in ("before", "after", "before_octet", "after_octet")] + ["crypto_load.cost=constant"]


class pools(command.scenario_test):
    def megabits(self, cards, threads, size, *sets):
        """Of buffers, with a host that costs little."""
        devices = ",".join(f'"server.pci1.card{n}"' for n in range(cards))
        words = [w for s in (*FREE, f"crypto_load.threads={threads}", f"crypto_load.size={size} B", f"server.pool.devices=[{devices}]", *sets)
                 for w in ("--set", s)]
        self.outcome = self.run_scenario(CARDS, *words, status=None)
        window = self.outcome.result()["window"]
        return self.outcome.metric("server.pool.load.done") * size * 8e6 / (int(window["until_ps"]) - int(window["from_ps"]))

    def test_work_grows_with_the_engines_and_none_idles_beside_a_backlog(self):
        one = self.megabits(1, 16, 4096)
        for cards in (2, 3, 4):
            got = self.megabits(cards, 16, 4096)
            self.assertLessEqual(got, cards * one * 1.01)            # the sum of the engines bounds it
            self.assertGreater(got, cards * one * 0.9)
            self.assertEqual(self.outcome.metric("server.pool.idle_with_backlog"), 0)
            for n in range(cards):
                self.assertGreater(float(self.outcome.metric(f"server.pool.engine_{n}.working")), 0.95)

    def test_a_single_requester_gets_l_over_t0_and_l_over_r(self):
        time = {size: size * 8 / self.megabits(1, 1, size, "duration=40 ms") for size in (1024, 4096, 16384)}      # us
        rate = (16384 - 1024) / (time[16384] - time[1024])
        start = time[1024] - 1024 / rate
        self.assertGreater(start, 16.8)                              # the card's own, to begin with
        self.assertAlmostEqual(time[4096] / (start + 4096 / rate), 1, delta=0.02)

    def test_round_robin_saturates_at_n_times_the_slowest(self):
        slow = ["engine_clock=40 ns", "lookup=420"]                  # R falls, what a job takes to begin with stays
        settled = ["server.pool.queue=64", "duration=140 ms", "warm_up=40 ms"]
        per_card = lambda card: [f"server.pci1.{card}.{s}" for s in slow]
        alone = self.megabits(1, 12, 4096, *per_card("card0"), *settled, "server.pool.dispatch=round_robin")
        fast = self.megabits(1, 12, 4096, *settled, "server.pool.dispatch=round_robin")
        turn = self.megabits(2, 12, 4096, *per_card("card1"), *settled, "server.pool.dispatch=round_robin")
        shortest = self.megabits(2, 12, 4096, *per_card("card1"), *settled, "server.pool.dispatch=shortest_queue")
        self.assertAlmostEqual(turn / (2 * alone), 1, delta=0.05)
        self.assertAlmostEqual(shortest / (alone + fast), 1, delta=0.05)


if __name__ == "__main__":
    unittest.main()
