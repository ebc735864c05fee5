"""Beats of a member that has more to send than its line, or its engines, take wait in its own ring, and are not missed as long as that moves (decision 186)."""
import sys
import unittest

import command

sys.path.append(str(command.SOURCE / "tb" / "system"))
import scenario_text as s

INTERVAL, MISSES, WAIT = 1, 2, 0.7                    # milliseconds; what waits in FIFO and engines is within WAIT: three frames of 182 us
BEATS = dict(miimon="100 us", primary="nic0", heartbeat_interval=f"{INTERVAL} ms", heartbeat_misses=MISSES, heartbeat_wait=f"{WAIT} ms")
SLOW = dict(identity="extended", crypto=dict(enable=True, engines=["3des-area", "sha1"]))      # 180 us for a packet


def overloaded(fault, rate=20_000, duration="100 ms", nic0=None, **team):
    """nic0 encrypts in line, and nic1 when nic0 has failed; nic2 is idle."""
    text = s.top(duration, "0 ps", extends="parts/host.toml")
    text += s.member(0, **dict(SLOW, **(nic0 or {}))) + s.member(1, **SLOW) + s.member(2) + s.client()
    text += s.team(3, address="192.0.2.1/24", **dict(BEATS, **team))
    text += s.table("sa", "to_client", **{"from": "server", "to": "client", "cipher": "3des-cbc"})
    text += s.table("policy", "protect", **{"from": "server", "to": "client", "bundle": ["to_client"]})
    return text + s.traffic("up", pace="frames", frames_per_second=rate, frame_size="1000 B") + fault


class heartbeats(command.scenario_test):
    def go(self, *words, **more):
        run = self.run_scenario(self.write("s.toml", overloaded(*words, **more)), "--trace", "none")
        self.lost, self.changes = run.metric("server.team0.member_lost"), run.metric("server.team0.changes_of_active")
        return run

    def test_only_the_member_whose_path_is_dead_is_lost(self):
        """A beat waits 12 ms in the ring of who encrypts in line, WAIT is 0.7 ms. Of nic0, whose path dies, beats that have left are not heard; nic1, which has
        all the traffic behind that, is kept."""
        for rate in 2_000, 20_000:
            run = self.go(s.fault("core.port_lan0", "path_dead", 15), rate)
            with self.subTest(rate=rate):
                self.assertEqual((self.lost, self.changes), (1, 1))
                sent = run.metric("server.pci0.nic1.crypto_transmit.protected")
                self.assertGreater(sent, 150 if rate == 2_000 else 350, "it has carried everything since")
                ring = 0 if rate == 2_000 else 12
                found = self.first_bad(run) - 15
                self.assertGreater(found, (MISSES - 1) * INTERVAL)
                self.assertLess(found, MISSES * (INTERVAL + ring) + INTERVAL + WAIT)

    def test_a_ring_that_stands_still(self):
        """The beat waits in it for ever. Found by heartbeats when it has not moved for `heartbeat_stall`; or, where that is long, by the driver's time-out."""
        still = s.fault("server.pci0.nic0", "transmit_hung", 30)
        for stall in 5, 15:
            run = self.go(still, heartbeat_stall=f"{stall} ms")
            with self.subTest(stall=stall):
                self.assertEqual((self.lost, self.changes), (1, 1))
                self.assertEqual(run.metric("server.pci0.nic0.driver.transmit_timeouts"), 0)
                decided = self.first_bad(run) - 30
                self.assertGreater(decided, stall - 3, "16 packets of 185 us since its driver told of some")
                self.assertLess(decided, stall + (MISSES + 1) * INTERVAL + WAIT)
        run = self.go(still, heartbeat_stall="1 s", nic0=dict(driver=dict(transmit_timeout="25 ms")))
        self.assertGreaterEqual(run.metric("server.pci0.nic0.driver.transmit_timeouts"), 1, "each time that it finds it hung")
        self.assertGreaterEqual(self.lost, 1)
        self.assertGreater(self.first_bad(run), 30 + 25 - 3)
        self.assertLess(self.first_bad(run), 30 + MISSES * (25 + 5), "each reset ends a beat that nobody heard")

    @staticmethod
    def first_bad(run):
        """Milliseconds."""
        return min(int(f["decided_ps"]) for f in run.result()["failovers"]) / 1e9


if __name__ == "__main__":
    unittest.main()
