"""Members that encrypt in line what they send, and by jobs what others send, under one association (decision 185): captures judged in Python with other
ciphers and hashes, counters of the devices."""
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

CAPABLE = dict(identity="extended", crypto=dict(enable=True, engines=["aes-128-round", "sha1"]))


def overload(capable, plain, window, rate, more="", size=1000, duration="30 ms", payload="real", **team):
    """`capable` members with engines, then `plain` ones, deal the packets of one association: each twice what the links carry, or more."""
    count = capable + plain
    text = s.top(duration, "0 ps", extends="parts/host.toml").replace('"timing-only"', f'"{payload}"')
    text += s.several(count, lambda n: s.member(n, **(CAPABLE if n < capable else {}))) + s.client(rate="1 Gbps")
    text += s.table("port_group", "all", switch="core", ports=[f"lan{n}" for n in range(count)])
    text += s.team(count, **dict(dict(address="192.0.2.1/24", mode="balance_rr", miimon="100 us"), **team))
    text += s.table("sa", "to_client", **{"from": "server", "to": "client", "cipher": "aes-cbc", "authentication": "hmac-sha1-96", "replay_window": window})
    text += s.table("policy", "protect", **{"from": "server", "to": "client", "bundle": ["to_client"]})
    text += s.traffic("up", pace="frames", frames_per_second=rate, frame_size=f"{size} B")
    return text + s.table("capture", "wire", at="client.port") + more


class lending_members(command.scenario_test):
    def go(self, *words, **more):
        run = self.run_scenario(self.write("s.toml", overload(*words, **more)))
        self.assertEqual(run.metric("server.up.lost"), 0)
        for n in range(words[0]):
            self.assertEqual(run.metric(f"server.pci0.nic{n}.crypto_transmit.number_refused"), 0)
            self.assertEqual(run.metric(f"server.pci0.nic{n}.crypto_rings.not_executed"), 0)
        self.assertEqual(run.metric("server.team0.jobs_failed"), 0)
        return run

    def numbers(self, run):
        """Of what the client got, in its order; each packet judged."""
        verdicts = list(judge.judge(run.directory / "config.resolved.toml").judge(run.directory / "wire.pcapng"))
        self.assertEqual([v for v in verdicts if v.why], [])
        all_of_them = [v.number for v in verdicts]
        self.assertEqual([n for n, times in collections.Counter(all_of_them).items() if times > 1], [], "each number once")
        return all_of_them

    def test_nothing_is_lost_at_overload_and_no_number_comes_twice(self):
        """Whoever sends, and by whatever way: what was offered is what the client opened, or still waits; the window is what two rings hold."""
        for capable, plain in ((1, 1), (2, 1), (1, 2)):
            for outbound in "return", "transmit", "transmit_as_destination":
                for window in 64, 1024:
                    with self.subTest(capable=capable, plain=plain, outbound=outbound, window=window):
                        run = self.go(capable, plain, window, 40_000, outbound=outbound)
                        self.assertEqual(run.metric("client.not_opened"), 0)
                        numbers = self.numbers(run)
                        self.assertEqual(len(numbers), run.metric("client.opened"))
                        self.assertGreater(len(numbers), 300)
                        late = max(top - n for top, n in zip(self.highest(numbers), numbers))
                        self.assertLess(late, 64)
                        self.assertGreater(run.metric("server.team0.capable_314"), 30)
                        self.assertGreater(run.metric("server.team0.to_backup_316"), 30)

    @staticmethod
    def highest(numbers):
        top = 0
        for n in numbers:
            top = max(top, n)
            yield top

    def test_a_lender_whose_line_sends_everything_is_in_order(self):
        """It sends for the other too: one ring, one order, and a window of 1 is enough."""
        run = self.go(1, 1, 1, 40_000, outbound="transmit")
        self.assertEqual(run.metric("client.not_opened"), 0)
        numbers = self.numbers(run)
        self.assertEqual(numbers, sorted(numbers))
        self.assertEqual(run.metric("lan1.a_to_b.frames"), 0)

    def test_without_overload_it_goes_in_line(self):
        """Jobs are done before the next of its own comes: no own packet goes the longer way; at overload they do, and its frames leave by its own link."""
        easy = self.go(1, 1, 64, 3_000)
        own, jobs = easy.metric("server.pci0.nic0.crypto_transmit.protected"), easy.metric("server.pci0.nic0.crypto_rings.jobs_out")
        self.assertEqual((own, jobs), (easy.metric("server.team0.capable_314"), easy.metric("server.team0.to_backup_316")))
        hard = self.go(1, 1, 64, 40_000)
        own, jobs = hard.metric("server.pci0.nic0.crypto_transmit.protected"), hard.metric("server.pci0.nic0.crypto_rings.jobs_out")
        self.assertGreater(jobs, hard.metric("server.team0.encrypted_318"), "its own among them")
        self.assertGreater(hard.metric("lan0.a_to_b.frames"), own)
        self.assertLessEqual(abs(hard.metric("lan0.a_to_b.frames") - hard.metric("server.team0.capable_314")), 70, "64 in its ring, and some in its engines")

    def test_a_cable_that_is_pulled_meanwhile(self):
        """nic0 encrypts and sends for itself by its ring when its cable is pulled, and again when it is back: what was on the cable is lost, nothing else."""
        cable = s.fault("lan0", "link_down", 8, 8)
        for capable in 1, 2:
            with self.subTest(capable=capable):
                run = self.run_scenario(self.write("s.toml", overload(capable, 1, 1024, 40_000, cable, miimon="20 us")))
                self.assertEqual(sum(run.metric(f"server.pci0.nic{n}.crypto_transmit.number_refused") for n in range(capable)), 0)
                numbers = self.numbers(run)
                self.assertEqual(run.metric("client.not_opened"), 0)
                self.assertGreater(len(numbers), 300)

    def test_engines_that_stick_meanwhile(self):
        """What nic0 shall encrypt for itself by its ring goes to nic1 when its engines are out of use; nothing leaves as it is, which ends a run."""
        stuck = s.fault("server.pci0.nic0.crypto_transmit", "engines_stuck", 8)
        run = self.run_scenario(self.write("s.toml", overload(2, 1, 1024, 40_000, stuck)))
        self.numbers(run)
        self.assertEqual(run.metric("client.not_opened"), 0)
        self.assertEqual(run.metric("server.pci0.nic1.crypto_transmit.number_refused"), 0)
        self.assertEqual((run.metric("server.team0.jobs_failed"), run.metric("server.up.lost")), (0, 0))
        self.assertEqual(run.metric("server.pci0.nic0.driver.engines_lost"), 1)
        self.assertLess(run.metric("server.pci0.nic0.crypto_rings.not_executed"), 20, "and then it is asked no more")
        self.assertGreater(run.metric("lan0.a_to_b.frames"), 150, "its link is good")


if __name__ == "__main__":
    unittest.main()
