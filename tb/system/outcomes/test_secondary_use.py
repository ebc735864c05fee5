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


class other_services(command.scenario_test):
    """CRC-32c through the same pool (rows A-06, A-96)."""
    SHARED = command.SOURCE / "scenarios/team/shared-checksum.toml"

    def test_octets_cross_the_bus_once(self):
        """A digest reads its entry, its block and its octets, and writes a completion of 32: nothing comes back."""
        undisturbed = [w for fault in ("pulled", "pulled_too") for w in ("--set", f"{fault}.at=server.pci0.nic0")]
        run = self.run_scenario(self.SHARED, "--set", "server.pool.api.count=1", *undisturbed, status=None)
        n = run.metric
        self.assertEqual((n("server.pool.engine_2.jobs"), n("server.pool.digests.damaged")), (0, 0))
        digests, packets = n("server.pool.digests.done"), n("server.pool.api.done")
        self.assertGreater(digests, 100)
        read = n("server.pci0.card.octets_read") + n("server.pci0.nic1.crypto_rings.octets_read")
        written = n("server.pci0.card.octets_written") + n("server.pci0.nic1.crypto_rings.octets_written")
        self.assertLess(read, (digests + 8) * (1024 + 64) + (packets + 8) * 1300 + 2000)
        self.assertLess(written, (digests + 8) * 32 + (packets + 8) * 1200 + 2000, "completions alone")

    def test_only_engines_that_offer_it_get_it(self):
        run = self.run_scenario(self.SHARED, "--set", "server.pci0.card.digest_octets=0", "--set", "server.pool.api.count=1", status=None)
        self.assertEqual(run.metric("server.pool.engine_1.not_done"), 0)
        self.assertLessEqual(run.metric("server.pool.engine_1.jobs"), 1)
        self.assertGreater(run.metric("server.pool.engine_0.jobs"), 50)
        self.assertEqual(run.metric("server.pool.digests.refused"), 0)

    def test_software_pays_for_each_octet(self):
        text = """
extends = "parts/host.toml"
duration = "4 ms"
[[crypto_service]]
name = "pool"
host = "server"
software = "another"
crc32c_cycles = {cycles}
[[crypto_load]]
name = "digests"
service = "server.pool"
work = "crc32c"
count = 20
size = "1000 B"
"""
        costs = []
        for cycles in (7, 9):
            run = self.run_scenario(self.write("s.toml", text.format(cycles=cycles)))
            self.assertEqual((run.metric("server.pool.digests.done"), run.metric("server.pool.digests.damaged")), (20, 0))
            costs.append(run.metric("server.cpu0.cycles_other"))
        self.assertEqual(costs[1] - costs[0], 2 * 20 * 1000)

    def test_a_team_offers_it_too(self):
        text = """
extends = "parts/two-nic-team.toml"
duration = "4 ms"
[[nic]]
name = "nic1"
identity = "extended"
[nic.crypto]
enable = true
engines = ["3des-area", "sha1"]
digest_octets = {octets}
[[crypto_load]]
name = "digests"
service = "server.team0"
work = "crc32c"
size = "700 B"
"""
        run = self.run_scenario(self.write("s.toml", text.format(octets=4)))
        self.assertGreater(run.metric("server.team0.digests.done"), 50)
        self.assertEqual(run.metric("server.team0.digests.damaged"), 0)
        self.assertEqual(run.metric("server.team0.sharing.engine_0.jobs"), run.metric("server.team0.digests.done"))
        refused = self.run_scenario(self.write("s.toml", text.format(octets=0)), status=2)
        for word in ("s.toml:", "crypto_load.work", "no engine of server.team0 offers it", "digest_octets above 0"):
            self.assertIn(word, refused.stderr)


class crypto_api(command.scenario_test):
    """306, paragraph 35: applications find what the team announces (row A-58)."""
    ANNOUNCED = command.SOURCE / "scenarios/team/announced.toml"

    def served(self, announce):
        run = self.run_scenario(self.ANNOUNCED, "--set", "server.team0.sharing.announce=" + announce, status=None)
        self.assertGreater(run.metric("client.opened"), 12, "the team's own packets do not go through the API")
        loads = [f"server.team0.{load}." for load in ("three_des", "aes")]
        return [run.metric(load + "done") > 10 for load in loads], [run.metric(load + "refused") for load in loads]

    def test_what_is_announced_is_found(self):
        self.assertEqual(self.served("3des-cbc, hmac-sha1-96"), ([True, False], [0, 1]))
        self.assertEqual(self.served("aes-cbc, hmac-sha1-96"), ([False, True], [1, 0]))
        self.assertEqual(self.served("aes-cbc, 3des-cbc"), ([False, False], [1, 1]), "nobody for the authentication")
        self.assertEqual(self.served("nothing"), ([False, False], [1, 1]))

    def test_left_out_all_is_announced(self):
        text = self.ANNOUNCED.read_text().replace("../parts", "parts").replace('announce = ["3des-cbc", "hmac-sha1-96"]', "").split("[[expect]]")[0]
        run = self.run_scenario(self.write("s.toml", text))
        self.assertEqual([run.metric(f"server.team0.{load}.refused") for load in ("three_des", "aes")], [0, 0])
        self.assertGreater(run.metric("server.team0.aes.done"), 10)

    def test_no_such_algorithm(self):
        run = self.run_scenario(self.ANNOUNCED, "--set", "server.team0.sharing.announce=3des-cbc, rot13", status=2)
        for word in ("team.sharing.announce", "rot13 is no algorithm", "allowed: nothing, crc32c"):
            self.assertIn(word, run.stderr)


if __name__ == "__main__":
    unittest.main()
