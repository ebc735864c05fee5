"""Whose work an adapter's engines do (source document 000, paragraphs 8, 15 and 32; rows A-01, A-04, A-43): by captures that Python opens, tenures of the
bus, and what chips and those who ask count by themselves; never by counters of the team."""
import unittest

from bus_tenures import tenures
from claimed import CAPABLE, IN_THE_CLEAR, MEMBERS, PLAIN, SIZE, START, UP, asks, claims, s

CAMERA = (s.table("data_device", "camera", bus="server.pci0")
          + s.table("crypto_load", "pictures", service="server.team0", device="server.pci0.camera", threads=1, size="512 B", cipher="aes-cbc", start="500 us"))


class who_asks(claims):
    def executed(self, run):
        """Jobs that each member's rings did, as the chips say."""
        paths = {m["path"]: int(m["value"]) for m in run.result()["metrics"] if m["kind"] == "counter"}
        return [paths.get(f"server.pci0.{m}.crypto_rings.jobs_out", 0) for m in MEMBERS]

    def good(self, run, load="api"):
        """What an application, or a device, asked for, but for what is under way; it opens each result by itself."""
        self.assertEqual(run.metric(f"server.team0.{load}.damaged"), 0)
        return run.metric(f"server.team0.{load}.due")


class two_uses(who_asks):
    """A-01: encryption for adapters that have none, and work for others in parallel; each with and without the other."""
    NICS = [PLAIN, CAPABLE, CAPABLE]

    def both(self, *parts, **more):
        return self.team(self.NICS, *parts, primary="nic0", **more)

    def test_each_alone_and_both(self):
        emulated = self.both(UP)
        packets = self.sealed(emulated)
        self.assertEqual([n > 15 for n in packets], [True, False, False])
        self.assertIn(sum(self.executed(emulated)) - packets[0], (0, 1))

        parallel = self.both(IN_THE_CLEAR, asks(4))
        none, *idle = self.executed(parallel)
        self.assertEqual(none, 0)
        self.assertGreater(min(idle), 50)
        self.assertIn(self.good(parallel) - sum(idle), range(5))
        self.assertGreater(sum(self.sent(parallel, traffic="server.plain")), 15)

        together = self.both(UP, asks(4))
        self.assertEqual(self.sealed(together), packets, "packets leave as without the application")
        self.assertIn(self.good(together) + packets[0] - sum(self.executed(together)), range(-1, 5))

    def test_the_second_is_switched_off_by_what_the_team_announces(self):
        alone, silent = self.both(UP), self.both(UP, asks(4), sharing=dict(announce=["nothing"]))
        self.assertEqual(self.executed(silent), self.executed(alone))
        self.assertEqual(self.sealed(silent), self.sealed(alone))
        self.assertGreater(silent.metric("server.team0.api.refused"), 0)


class asked_itself(who_asks):
    """A-50: what the team knows of a member's engines it has asked that member: registers of its own, read over the bus (docs/crypto-face.md)."""
    USES, DOORBELL, SECONDARY = 0x10, 0x30, 0b01100

    def asked(self, nic1):
        """Words of `uses` that were read, and how often its doorbell was rung behind that, and before."""
        text = s.top("3 ms", extends="parts/two-nic-team.toml") + s.table("nic", "nic1", **nic1) + s.table("team", "team0", primary="nic0") + UP
        found = tenures(self.run_scenario(self.write("s.toml", text), "--trace", "wave").directory / "wave.vcd")
        bars = [t.words[0][1] & ~15 for t in found if t.command == "configuration read" and t.address & 255 == 0x1C]
        self.assertEqual(len(bars), 1, "nic0 has no such registers, and is not asked")
        order = [t for t in found if t.master == 0 and (t.command, t.address - bars[0]) in (("memory read", self.USES), ("memory write", self.DOORBELL))]
        self.assertEqual([n for n, t in enumerate(order) if t.command == "memory read"], [0])
        return order[0].words[0][1], len(order) - 1

    def test_by_its_registers_before_it_gets_work(self):
        uses, rung = self.asked(CAPABLE)
        self.assertEqual(uses & self.SECONDARY, self.SECONDARY)
        self.assertGreater(rung, 8)
        keeps, rung = self.asked(dict(identity="extended", crypto=CAPABLE["crypto"] | dict(secondary_use=False)))
        self.assertEqual((keeps & self.SECONDARY, rung), (0, 1), "its association; no job")


class four_that_ask(who_asks):
    """A-04: nic1's engines are the only ones. What nic1 sends by itself, what nic0's driver has for it, an application, and a device on the bus."""

    def test_all_at_once(self):
        run = self.team([PLAIN, CAPABLE, PLAIN], UP, asks(2), CAMERA, mode="alb", balance="round_robin", duration="8 ms")
        own, mates = run.metric("server.pci0.nic1.crypto_transmit.protected"), self.sealed(run)
        self.assertLessEqual(max(mates) - min(mates), 1)
        self.assertGreater(min(mates), 8)
        self.assertIn(own - mates[1], (0, 1), "in line: what it sends")
        application, device = self.good(run), run.metric("server.pci0.camera.answers")
        self.good(run, "pictures")
        self.assertGreater(min(application, device), 20)
        by_jobs = mates[0] + mates[2] + application + device
        self.assertIn(by_jobs - self.executed(run)[1], range(-4, 5), "one of each may be under way")

    def test_who_lends_to_nobody_works_for_itself(self):
        nobody = dict(identity="extended", crypto=CAPABLE["crypto"] | dict(secondary_use=False))
        run = self.team([PLAIN, nobody, PLAIN], UP, primary="nic1")
        self.assertEqual([n > 15 for n in self.sealed(run)], [False, True, False])
        self.assertEqual(self.executed(run), [0, 0, 0])
        for load in asks(2), CAMERA:                               # read, it is told to whoever else would ask
            with self.assertRaisesRegex(AssertionError, "no engine of server.team0 can do its jobs: the rings of server.pci0.nic1 take no jobs"):
                self.team([PLAIN, nobody, PLAIN], UP, load, primary="nic1")


class interleaved(who_asks):
    """A-43: an operating system's jobs go to the adapter that sends, between its own packets."""

    def run_of(self, *parts):
        run = self.team([CAPABLE, PLAIN, PLAIN], UP, *parts, primary="nic0", sharing=dict(threshold=2))
        own = [e.ps for way in run.events.ways("server.up") for e in way if e.what == "protect_start"]
        return run, sorted(own), [t.ps for t in run.events.bus if (t.master, t.does) == ("nic0", "writes") and t.octets > SIZE]

    def test_jobs_lie_between_packets_and_packets_between_jobs(self):
        alone, packets, none = self.run_of()
        self.assertEqual(none, [])
        run, own, results = self.run_of(asks(4))
        self.assertEqual(len(own), len(packets), "as many packets leave")
        self.assertEqual(self.sealed(run), self.sealed(alone))
        between = [sum(a < r < b for r in results) for a, b in zip(own, own[1:]) if a > START]
        self.assertGreater(len(between), 12)
        self.assertGreater(min(between), 2, "between any two packets")
        self.assertLess(max(b - a for a, b in zip(results, results[1:])), own[-1] - own[-2], "and no packet stops them")


if __name__ == "__main__":
    unittest.main()
