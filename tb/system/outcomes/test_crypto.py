"""Alternatives of the crypto block's receive side, against each other on the same frames: scenarios/crypto."""
import re
import unittest

import command

FOLDER = command.SOURCE / "scenarios" / "crypto"
BLOCK = "server.pci0.nic0.crypto."


class crypto(command.scenario_test):
    def shipped(self, name, *options, **how):
        return self.run_scenario(FOLDER / f"{name}.toml", *options, **how)

    def changes(self, run, probe):
        """(ps, value) of a probe of the block, as the waveform has it."""
        text = (run.directory / "wave.vcd").read_text()
        code = re.search(rf"\$var \w+ \d+ (\S+) {probe} ", text)[1]
        now, found = 0, []
        for line in text.splitlines():
            if line.startswith("#"):
                now = int(line[1:])
            elif m := re.fullmatch(rf"(?:s(\S+) |b(\S+) |([01])){re.escape(code)}", line):
                found.append((now, next(g for g in m.groups() if g is not None)))
        return found

    def test_engines_are_a_resource_and_are_named_when_they_limit(self):
        """Closed form: 1,420 octets of IPv4 in a tunnel are 178 blocks of 3DES, 48 clocks each in the core 3des-area (docs/timing.md)."""
        text = ('extends = "' + str(FOLDER / "two-chips.toml") + '"\nduration = "6 ms"\nwarm_up = "{}"\n'
                '[[nic]]\nname = "nic0"\n[nic.crypto]\nchips = 1\nengines = [{}]\n')
        busy = self.run_scenario(self.write("busy.toml", text.format("2 ms", '"3des-area", "sha1"')), status=None)
        self.assertRegex(busy.stdout, r"limited by server\.pci0\.nic0\s+measured server\.pci0\.nic0\.crypto\.des3_clocks at (9[5-9]\.|100\.0 %)")
        slow = ("--set", "client.down.frames_per_second=1000")
        two = self.run_scenario(self.write("two.toml", text.format("0 ms", '"3des-area", "3des-area", "sha1"')), *slow, status=None)
        visits = two.metric("server.pci0.nic0.crypto.engine_visits")
        self.assertGreater(visits, 3)
        self.assertEqual(two.metric("server.pci0.nic0.crypto.des3_clocks"), visits * 178 * 48)

    def test_a_lock_up_is_told_once_in_the_waveform_and_in_words(self):
        for name in ("feedforward-first", "alternate", "hold-off-140-locks-up"):
            with self.subTest(name):
                run = self.shipped(name, "--trace", "wave")
                up = [t for t, v in self.changes(run, "locked_up") if v == "1"]
                self.assertEqual(len(up), 1)
                self.assertIn("its feedback loop has locked up", run.stdout)
                self.assertEqual([t for t, v in self.changes(run, "mux_select") if v != "none" and t > up[0]], [], "nothing is taken any more")
        self.assertNotIn("locked up", self.shipped("feedback-first").stdout)

    def test_who_expects_packets_of_a_loop_that_locks_up_has_a_failed_run(self):
        text = (FOLDER / "feedback-first.toml").read_text().replace("../parts/", "parts/")
        mine = self.write("mine.toml", text)
        self.run_scenario(mine, status=0)
        self.run_scenario(mine, "--set", "nic.crypto.priority=feedforward_first", status=1)

    def test_through_input_150_both_pass_at_once(self):
        run = self.shipped("separate-input", "--trace", "wave")
        self.assertEqual([v for _, v in self.changes(run, "input_150")].count("1"), 8)
        self.assertNotIn("feedback_122", [v for _, v in self.changes(run, "mux_select")])

        def at(probe, on):
            return [(t, v == on) for t, v in self.changes(run, probe)]
        both, back, forward = 0, False, False
        for t, which, on in sorted([(t, 0, on) for t, on in at("input_150", "1")] + [(t, 1, on) for t, on in at("mux_select", "feedforward_130")]):
            back, forward = (on, forward) if which == 0 else (back, on)
            both += back and forward
        self.assertGreater(both, 0, "in the multiplexer's way one would wait for the other")

    def test_encryption_without_authentication_is_remarked_and_settings_that_change_nothing_are_noted(self):
        run = self.shipped("pause-142", "--set", "sa.authentication=null", "--set", "sa.replay_window=0", "--set", "sa.udp_source=7")
        self.assertIn("encrypts and does not authenticate, as the scenario asks", run.stdout)
        self.assertRegex(run.stderr, r"--set sa.udp_source=7: note: sa\.udp_source of \w+ changes nothing: sa\.udp = false")
        self.assertNotIn("does not authenticate", self.shipped("pause-142").stdout)

    def highest(self, run, path):
        return next(m["max"] for m in run.result()["metrics"] if m["path"] == path)

    def test_the_summary_has_levels_cache_and_pauses_of_the_block(self):
        run = self.shipped("pause-142")
        for name, size in (("crypto.level_142", "8 192 B"), ("crypto.level_140", "2 datagrams"), ("crypto.level_contexts", "16 datagrams"),
                           ("crypto_transmit.frame_buffer", "4 096 B")):
            row = re.search(rf"^  server\.pci0\.nic0\.{re.escape(name)} +(.*?)$", run.stdout, re.M)
            self.assertIsNotNone(row, name)
            cells = re.split(r"  +", row[1])
            self.assertEqual(cells[2], size)
            highest = int(re.sub(r"\D", "", cells[1]))
            self.assertEqual(highest, self.highest(run, f"server.pci0.nic0.{name}"))
            self.assertEqual(highest > 0, name == "crypto.level_142")
        self.assertIn(f"server.pci0.nic0: sent {run.metric('server.pci0.nic0.tx_pauses')} PAUSE frames, as buffer 142 filled", run.stdout)
        self.assertNotIn(".level_142", self.shipped("host-software").stdout)
        run = self.shipped("association-cache")
        hits, misses = (run.metric(BLOCK + f"cache_{what}") for what in ("hits", "misses"))
        self.assertGreater(misses, 0)
        self.assertIn(f"its cache of associations had {hits} of {hits + misses} look-ups at hand and fetched {misses}, ", run.stdout)
        run = self.shipped("branches-of-figure-5")
        self.assertGreater(self.highest(run, BLOCK + "level_contexts"), 0)

    def test_a_pause_saves_what_buffer_142_would_lose_and_needs_one(self):
        run = self.shipped("pause-142", "--set", "nic.driver.flow_control=false", status=1)       # it expects PAUSE frames and no loss
        self.assertGreater(run.metric(BLOCK + "lost_142"), 0)
        refused = self.shipped("pause-142", "--set", "nic.crypto.buffer_142=0 B", status=2)
        self.assertIn("nothing fills that a PAUSE could spare", refused.stderr)

    def test_datagrams_longer_than_the_receive_fifo_stall_and_resume_on_their_way_into_it(self):
        nic = "server.pci0.nic0"
        for buffer, pieces, word in (("1518 B", 41, 4), ("16250 B", 4, 4), ("16250 B", 4, 8), ("4000 B", 16, 1)):
            with self.subTest(buffer=buffer, word=word):
                run = self.shipped("large-datagrams", "--set", f"{nic}.driver.receive_buffer={buffer}", "--set", f"{nic}.crypto.word={word}")
                self.assertEqual(run.metric(BLOCK + "pieces_for_host"), 3 * pieces)
                self.assertEqual(run.metric("server.sink_9.received"), 3)
                self.assertEqual(run.metric(f"{nic}.rx_overruns"), 0)
        refused = self.shipped("large-datagrams", "--set", f"{nic}.driver.receive_buffer=16252 B", status=2)
        self.assertIn("allowed: 64 B … 16250 B", refused.stderr)
        # In the prior art the host does all of it.
        run = self.shipped("large-datagrams", "--set", f"{nic}.crypto.return_path=host", status=1)
        self.assertEqual(run.metric("server.sink_9.received"), 3)
        self.assertGreater(run.metric("server.cpu0.cycles_aes_byte"), 0)

    def test_in_flexible_mode_a_datagram_takes_as_many_receive_buffers_as_it_needs(self):
        nic, apart = "server.pci0.nic0", self.shipped("large-datagrams")
        for buffer, word in (("1518 B", 4), ("16250 B", 4), ("1518 B", 8), ("4000 B", 1)):
            with self.subTest(buffer=buffer, word=word):
                run = self.shipped("flexible-receive", "--set", f"{nic}.driver.receive_buffer={buffer}", "--set", f"{nic}.crypto.word={word}")
                self.assertEqual(run.metric(BLOCK + "pieces_for_host"), 0)
                self.assertEqual(run.metric("server.stack.received"), 4)
                self.assertEqual(run.metric("server.sink_9.received_bytes"), apart.metric("server.sink_9.received_bytes"))
                # A record of 20 octets behind each (4 behind the ARP frame), none behind a piece; no header of a piece.
                self.assertEqual(run.metric(f"{nic}.rx_bytes"), run.metric(f"{nic}.driver.received_bytes") + 3 * 20 + 4)
                self.assertLess(3 * run.metric("server.cpu0.read_stall"), apart.metric("server.cpu0.read_stall"))
        # Buffers for one frame only: what cannot be put there whole goes in pieces that can.
        run = self.shipped("flexible-receive", "--set", f"{nic}.driver.receive_buffers=2", status=1)
        self.assertEqual(run.metric("server.sink_9.received"), 3)
        self.assertEqual(run.metric(f"{nic}.rx_truncated"), 0)
        self.assertEqual(run.metric(BLOCK + "pieces_for_host"), 3 * 21)

    def test_without_a_crypto_block_both_receive_modes_bring_the_same(self):
        same = ("received_packets", "received_bytes", "receive_errors", "receive_skipped", "sent_packets")
        for name in ("line-rate-1518", "overrun-and-recovery", "behind-a-bridge", "eight-nics"):
            results = []
            for sets in (["receive_mode=simplified"], ["receive_mode=flexible"], ["receive_mode=flexible", "receive_buffer=512 B", "receive_buffers=256"]):
                run = self.run_scenario(command.SOURCE / "scenarios" / f"{name}.toml", *(w for s in sets for w in ("--set", "nic.driver." + s)), status=None)
                self.assertIn(run.status, (0, 1))
                results.append({m["path"]: m["value"] for m in run.result()["metrics"] if ".driver." in m["path"] and m["path"].endswith(same)})
            if name != "overrun-and-recovery":           # there the FIFO's losses go by when descriptors are fetched
                self.assertEqual(results[0], results[1], name)
                self.assertEqual(results[0], results[2], name)

    def test_a_buffer_142_saves_what_hold_off_loses(self):
        run = self.shipped("hold-off-142", "--set", "nic.crypto.buffer_142=4 KiB", status=1)      # it expects losses
        self.assertEqual(run.metric(BLOCK + "lost_142"), 0)

    def test_plain_packets_wait_for_no_engine_and_are_not_lost_for_encrypted_ones(self):
        latency = {}
        for bypass in ("true", "false"):
            run = self.shipped("bypass", "--set", f"nic.crypto.bypass={bypass}", status=None)
            latency[bypass] = int(next(m for m in run.result()["metrics"] if m["path"] == "server.sink_9.latency")["max"])
        self.assertLess(10 * latency["true"], latency["false"])
        for room, lost in (("2 KiB", False), ("0 B", True)):
            run = self.shipped("drop-rule", "--set", f"nic.crypto.bypass_room={room}", status=None)
            self.assertEqual(run.metric(BLOCK + "lost_plain") > 0, lost)
            self.assertGreater(run.metric(BLOCK + "lost_142"), run.metric(BLOCK + "lost_plain"))

    def test_the_waveform_shows_look_ups_that_hit_and_miss(self):
        run = self.shipped("association-cache", "--trace", "wave")
        shown = [v for _, v in self.changes(run, "association_cache")]
        self.assertLessEqual({"hit", "miss"}, set(shown))
        misses = {}
        for change in ("cache_replacement=first_in_first_out", "cache_replacement=least_recently_used", "cache_ways=4", "cache_entries=8", "cache_entries=0"):
            run = self.shipped("association-cache", "--set", f"nic.crypto.{change}", status=None)
            misses[change] = run.metric(BLOCK + "cache_misses")
            self.assertEqual(run.metric(BLOCK + "cache_hits") + misses[change], 0 if change.endswith("=0") else 100)
        self.assertGreater(misses["cache_replacement=first_in_first_out"], misses["cache_replacement=least_recently_used"])
        self.assertEqual(misses["cache_entries=8"], 5, "each once")

    def test_cut_through_saves_each_packet_a_clock_for_each_of_its_words(self):
        for size, word, frame in ((1438, 4, 1498), (300, 4, 362), (1438, 8, 1498)):
            with self.subTest(size=size, word=word):
                sets = (f"nic.crypto.word={word}", f"traffic.frame_size={size} B", "link.bit_error_ratio_b_to_a=0")
                run = self.shipped("cut-through", *(w for s in sets for w in ("--set", s)), status=None)
                whole, early = (run.metric(f"{host}.sink_9.latency") for host in ("server", "early"))
                self.assertGreater(whole["count"], 40)
                for of in ("min", "max"):
                    self.assertEqual(int(whole[of]) - int(early[of]), -(-frame // word) * 30_000)

    def test_a_miss_over_the_bus_takes_what_a_read_takes_and_longer_where_others_are_at_it(self):
        def fetch(*sets, status=None, name="association-fetch"):
            run = self.shipped(name, *(w for s in sets for w in ("--set", s)), status=status)
            self.assertEqual(run.metric(BLOCK + "failed_fetches"), 0)
            return run.metric(BLOCK + "fetch_clocks"), run.metric(BLOCK + "fetches"), run.metric("server.pci0.words")
        clocks, fetches, words = fetch(status=0)
        # REQ# to idle of 63 words: GNT#, FRAME#, 10 clocks to the first word, the others, idle; crossings on either side.
        self.assertEqual(clocks, fetches * (2 + 76 + 2))
        self.assertEqual(words - self.shipped("association-cache").metric("server.pci0.words"), 63 * fetches)
        for waits in (0, 5, 13):                     # 8 by default
            self.assertEqual(fetch(f"bus.bridge.read_wait={waits}")[0], fetches * (2 + 76 + waits - 8 + 2))
        for crossing in (3, 6):
            self.assertEqual(fetch(f"nic.crypto.crossing={crossing}")[0], fetches * (76 + 2 * crossing))
        beside = self.write("beside.toml",
                            f'extends = "{FOLDER}/association-fetch.toml"\n[[background]]\nname = "other"\nbus = "server.pci0"\n'
                            f'kind = "video"\ninterval = "4 us"\nburst = "256 B"\n')
        run = self.run_scenario(beside, status=None)
        self.assertGreater(run.metric(BLOCK + "fetch_clocks"), clocks)
        self.assertEqual(run.metric(BLOCK + "delivered_clear"), 100)

    def test_a_fetch_that_fails_leaves_the_packet_to_the_cpu_and_one_cut_short_by_a_removal_loses_nothing_untold(self):
        failed = 0
        for n in range(12):
            for at, what, lasts in (("server.pci0.bridge", "target_abort", "300 ns"), ("server.pci0.nic0", "removed", "400 us")):
                text = (f'extends = "{FOLDER}/association-fetch.toml"\n[[fault]]\nat = "{at}"\nwhat = "{what}"\n'
                        f'from = "{1_031_900 + 230 * n} ns"\nfor = "{lasts}"\n')
                run = self.run_scenario(self.write("cut.toml", text), status=None)
                self.assertIn(run.status, (0, 1), run.stderr)
                if what == "removed":
                    self.assertGreater(run.metric(BLOCK + "fetches"), 3)
                    continue
                lost = run.metric(BLOCK + "failed_fetches")
                failed += lost
                self.assertEqual(run.metric(BLOCK + "delivered_clear"), 100 - lost)
                self.assertEqual(sum(int(m["value"]) for m in run.result()["metrics"] if re.fullmatch(r"server\.sink_\d+\.received", m["path"])), 100)
        self.assertGreater(failed, 0)
        # Other octets than were installed: nobody's keys are used.
        text = f'extends = "{FOLDER}/association-fetch.toml"\n[[fault]]\nat = "server.pci0"\nwhat = "data_bit"\namount = 1\nfrom = "1 ms"\nfor = "400 us"\n'
        run = self.run_scenario(self.write("wrong.toml", text), status=1)
        self.assertGreater(run.metric(BLOCK + "failed_fetches"), 0)
        self.assertEqual(run.metric(BLOCK + "delivered_clear"), 100 - run.metric(BLOCK + "failed_fetches"))

    def test_what_contradicts_itself_is_refused(self):
        for name, sets, reason in (("drop-rule", ["bypass=false"], "bypass = true"), ("drop-rule", ["bypass_room=3 KiB"], "less than a frame"),
                                   ("bypass", ["buffer_142=0 B"], "without buffer 142"), ("association-cache", ["cache_entries=5"], "sets of 2"),
                                   ("cut-through", ["buffer_142=0 B"], "buffer_142"), ("cut-through", ["chips=2"], "chips"),
                                   ("cut-through", ["feedback_input=separate_150"], "feedback_input"),
                                   ("cut-through", ["engines_shared=true"], "engines_shared"),
                                   ("association-fetch", ["cache_entries=0"], "none is fetched"), ("association-fetch", ["chips=2"], "away from the bus"),
                                   ("association-fetch", ["feedback_input=transmit_152_tag"], "fetches nothing")):
            run = self.shipped(name, *(w for s in sets for w in ("--set", "nic.crypto." + s)), status=2)
            self.assertIn(reason, run.stderr)

    def test_half_a_frame_s_buffer_is_refused(self):
        run = self.shipped("hold-off-142", "--set", "nic.crypto.buffer_142=1 KiB", status=2)
        self.assertIn("less than the longest frame", run.stderr)
        run = self.shipped("hold-off-140", "--set", "nic.crypto.places=1", status=2)
        self.assertIn("bubble_rule", run.stderr)


if __name__ == "__main__":
    unittest.main()
