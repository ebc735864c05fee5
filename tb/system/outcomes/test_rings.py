"""Rings of a nic and of a crypto card in whole systems: every entry concludes once, whatever becomes of the device and when; each device
that comes has the host's associations; a number is used once. What the wires carried is tshark's to say."""
import collections
import re
import unittest

import command

CRYPTO = command.SOURCE / "scenarios" / "crypto"
PULLED = '[[fault]]\nname = "pulled"\nat = "{at}"\nwhat = "removed"\nfrom = "{instant:.1f} us"\nfor = "1 ms"\n'
FROM_THE_START = 'warm_up = "0 ms"\nduration = "{duration}"\n'
HANDED_OUT = ("handed_to_rings", "sent_by_rings", "put_on_by_rings", "not_put_on_by_rings", "with_lost_rings")
RINGS = ("posted", "executed", "not_executed", "unknown", "stray")


class rings(command.scenario_test):
    def variation(self, shipped, duration, more):
        text = f'extends = "{CRYPTO / shipped}"\n' + FROM_THE_START.format(duration=duration) + more
        return self.run_scenario(self.write(f"v{self.runs}.toml", text), status=None)

    def entries(self, run, path):
        """Each that was posted concluded once, but for one that the end of the run found under way."""
        e = {name: run.metric(f"{path}.{name}") for name in RINGS}
        ended = e["executed"] + e["not_executed"] + e["unknown"]
        self.assertEqual(e["stray"], 0)
        self.assertIn(e["posted"] - ended, (0, 1), e)
        return e

    def test_a_card_that_is_pulled_out_at_any_instant_leaves_no_packet_without_an_answer(self):
        came = collections.Counter()
        for n in range(25):
            run = self.variation("crypto-card.toml", "6 ms", PULLED.format(at="server.pci0.card", instant=2_000 + 11.3 * n))
            e = self.entries(run, "server.pci0.card.driver.rings")
            self.assertEqual(run.metric("server.pci0.card.driver.rings.installed"), 2)
            sent, back, refused = (run.metric(f"server.stack.sent_back{what}") for what in ("", "_returned", "_refused"))
            self.assertIn(sent - back - refused, (0, 1))
            self.assertEqual(run.metric("server.sink_9.received"), back)
            came["under way" if e["not_executed"] else "between"] += 1
        self.assertGreater(came["under way"], 0, "some instants find a job in the card")
        self.assertGreater(came["between"], 0)

    def test_a_nic_that_is_pulled_out_at_any_instant_has_its_association_again_and_takes_jobs(self):
        came = collections.Counter()
        for n in range(25):
            run = self.variation("sent-back-to-the-nic.toml", "6 ms", PULLED.format(at="server.pci0.nic0", instant=2_000 + 23.7 * n))
            e = self.entries(run, "server.pci0.nic0.driver.rings")
            self.assertEqual(run.metric("server.pci0.nic0.driver.rings.installed"), 2)
            self.assertEqual(run.metric("server.pci0.nic0.driver.rings.lost"), 1)
            self.assertGreater(run.metric("server.sink_9.received"), 5)
            came["under way" if e["not_executed"] else "between"] += 1
        self.assertGreater(came["under way"], 0)
        self.assertGreater(came["between"], 0)

    def test_what_is_handed_out_is_sent_once_or_told_whenever_the_nic_or_the_card_is_pulled_out(self):
        """Checkers of every run say that nothing left in the clear and no number twice."""
        came = collections.Counter()
        for at, instants in (("server.pci0.nic0", 25), ("server.pci0.card", 10)):
            for n in range(instants):
                run = self.variation("process-and-transmit.toml", "6 ms", PULLED.format(at=at, instant=2_000 + (11.7 if instants == 25 else 9.3) * n))
                self.entries(run, "server.pci0.nic0.driver.rings")
                self.entries(run, "server.pci0.card.driver.rings")
                e = {what: run.metric(f"server.stack.{what}") for what in HANDED_OUT}
                self.assertIn(e["handed_to_rings"] - (sum(e.values()) - e["handed_to_rings"]), (0, 1), e)
                made = run.metric("server.pci0.nic0.crypto_transmit.made")
                self.assertTrue(e["sent_by_rings"] <= made <= e["sent_by_rings"] + e["with_lost_rings"] + 1, (made, e))
                self.assertGreater(e["sent_by_rings"], 5)
                came.update(what for what in e if e[what])
        self.assertGreater(came["with_lost_rings"], 0, "some instants find a frame of which nobody can say whether it left")
        self.assertGreater(came["not_put_on_by_rings"], 0)

    def test_what_no_ring_can_do_is_refused_when_the_scenario_is_read(self):
        for shipped, more, why in (
                ("process-and-transmit.toml", '[[nic]]\nname = "nic0"\n[nic.crypto]\n secondary_use = false\n', r"put_on_by.*: its rings take no jobs"),
                ("process-and-transmit.toml", '[[crypto_card]]\nname = "card"\nengines = ["aes-128-round", "sha1"]\n', r"put_on_by.*no engines of the card"),
                ("process-and-transmit.toml", '[[sa]]\nname = "by_nic"\nsoftware = "from"\n', r'with software = "from" the CPU puts it on'),
                ("process-and-transmit.toml", '[[sa]]\nname = "back"\nput_on_by = "server.pci0.nic0"\n', r"client is no host with a nic"),
                ("process-and-transmit.toml", '[[sa]]\nname = "by_nic"\nput_on_by = "client"\n', r"put_on_by"),
                ("sent-back-to-the-nic.toml", '[[nic]]\nname = "nic0"\n[nic.crypto]\n secondary_use = false\n', r"its rings take no jobs"),
                ("crypto-card.toml", '[[crypto_card]]\nname = "card"\nengines = ["aes-128-round", "sha1"]\n', r"no engines of the card"),
                ("crypto-card.toml", '[[crypto_card]]\nname = "card"\n command_depth = 48\n', r"command_depth = 48"),
                ("crypto-card.toml", '[[crypto_card]]\nname = "card"\n completion_depth = 3\n', r"completion_depth = 3"),
                ("crypto-card.toml", '[[crypto_card]]\nname = "card"\n[crypto_card.driver]\n command_ring = 3\n', r"command_ring = 3"),
                ("crypto-card.toml", '[[crypto_card]]\nname = "card"\n[crypto_card.driver]\n completion_ring = 3\n', r"completion_ring = 3"),
                ("crypto-card.toml", '[[sa]]\nname = "to_server"\nsent_back_to = "server.pci0.nic0"\n', r"sa\.sent_back_to = \"server\.pci0\.nic0\"")):
            with self.subTest(why):
                run = self.variation(shipped, "6 ms", more)
                self.assertEqual(run.status, 2, run.stdout + run.stderr)
                self.assertRegex(run.stderr + run.stdout, why)

    def test_a_window_is_as_large_as_a_device_has_and_what_sends_has_none(self):
        for sa, size, status in (("back", 1_048_576, 0), ("back", 1_048_577, 2), ("by_nic", 2_147_483_648, 0), ("by_card", 2_147_483_648, 0)):
            with self.subTest(f"{sa} {size}"):
                run = self.variation("process-and-transmit.toml", "2 ms", f'[[sa]]\nname = "{sa}"\nreplay_window = {size}\n')
                self.assertEqual(run.status, 2 if status else 1, run.stderr)      # 1: it is too short for what it expects
                self.assertNotIn("did not get association", run.stdout)
                if status:
                    self.assertIn("replay_window = 1048577: server.pci0.nic0 takes back off, and a device looks back at 1048576 numbers at most; "
                                  'allowed: 0 to 1048576', run.stderr)
                else:
                    self.assertEqual(run.metric("server.pci0.nic0.driver.rings.install_refused"), 0)

    def test_what_devices_and_rings_want_of_memory_is_counted_to_the_octet(self):
        for shipped in ("process-and-transmit.toml", "crypto-card.toml", "sent-back-to-the-nic.toml"):
            with self.subTest(shipped):
                memory = '[[host]]\nname = "server"\nmemory.size = "{} B"\n'
                refused = self.variation(shipped, "9 ms", memory.format(65_536))
                self.assertEqual(refused.status, 2)
                wanted = int(re.search(r"take (\d+) B of it", refused.stderr).group(1))
                self.assertEqual(self.variation(shipped, "9 ms", memory.format(wanted - 1)).status, 2)
                run = self.variation(shipped, "9 ms", memory.format(wanted))
                self.assertIn(run.status, (0, 1), run.stderr)

    def test_jobs_tell_the_ends_of_associations(self):
        def ends(sa, limits, device):
            run = self.variation("process-and-transmit.toml", "9 ms", f'[[sa]]\nname = "{sa}"\n{limits}\n')
            return tuple(run.metric(f"server.pci0.{device}.driver.rings.{end}") for end in ("soft_lifetimes", "hard_lifetimes", "numbers_used_up"))
        self.assertEqual(ends("by_nic", "soft_packets = 3", "nic0"), (1, 0, 0))
        self.assertEqual(ends("by_nic", "hard_packets = 3", "nic0"), (0, 1, 0))
        self.assertEqual(ends("by_card", "soft_packets = 2\nhard_packets = 3", "card"), (1, 1, 0))
        self.assertEqual(ends("by_card", f"first_sequence = {2**32 - 2}", "card"), (0, 0, 1))

    def test_an_association_that_a_device_did_not_get_is_told_with_device_and_reason(self):
        aborted = '[[fault]]\nname = "aborts"\nat = "server.pci0.bridge"\nwhat = "target_abort"\nfrom = "34 us"\nfor = "2 us"\n'
        run = self.variation("process-and-transmit.toml", "6 ms", aborted)
        self.assertEqual(run.metric("server.pci0.card.driver.rings.install_refused"), 1)
        self.assertIn("server.pci0.card: did not get association by_card: the unit is gone", run.stdout)
        self.assertNotIn("did not get association", self.variation("process-and-transmit.toml", "6 ms", "").stdout)

    def test_octets_cross_the_bus_three_times_when_the_host_sends_back_and_once_by_the_feedback_path(self):
        """Closed form Q12, bounds::bus_crossings: 1 + 2f, here f = 1; frames on the wire have headers that do not all cross."""
        def crossings(scenario, wire):
            run = self.run_scenario(scenario)
            return run.metric("server.pci0.octets") / run.metric(wire)
        back = crossings(CRYPTO / "sent-back-to-the-nic.toml", "server.pci0.nic0.rx_bytes")
        self.assertTrue(2.8 < back < 3.05, back)
        round_110 = crossings(command.SOURCE / "scenarios" / "fragmented-esp.toml", "lan0.b_to_a.octets")
        self.assertTrue(0.8 < round_110 < 1.05, round_110)

    def test_an_engine_clock_three_times_as_long_makes_jobs_of_a_card_longer(self):
        times = []
        for clock in ("30 ns", "90 ns"):
            run = self.variation("crypto-card.toml", "9 ms", f'[[crypto_card]]\nname = "card"\n engine_clock = "{clock}"\n')
            times.append(float(run.metric("server.pci0.card.entry_time")["mean"]))
        self.assertGreater(times[1], 2 * times[0])
        self.assertLess(times[1], 3 * times[0])

    def test_the_registers_say_what_a_nic_can_and_its_driver_asks_for_no_more(self):
        run = self.variation("sent-back-to-the-nic.toml", "6 ms", "")
        self.assertEqual(run.metric("server.pci0.nic0.driver.rings.install_refused"), 0)
        self.assertEqual(run.metric("server.pci0.nic0.driver.rings.failed_start"), 0)
        self.assertEqual(run.metric("server.cpu0.cycles_des3_byte"), 0)


if __name__ == "__main__":
    unittest.main()
