"""Where a team's associations lie while members come and go and engines are lost (decisions 194, 204): what the team says that it protects it does, or
sa.when_unable acts. Judged by what the client opened, of what was sent when, and by the names of what was lost."""
import sys
import unittest

import command

sys.path.append(str(command.SOURCE / "tb" / "system"))
import scenario_text as s

UP, DOWN = 20_000, 5_000                                 # packets a second
ABLE = s.capable()
KEEPS = s.capable(secondary_use=False)                   # works for itself alone
OTHER = s.capable("des-area", "sha1")
FOLLOW = dict(policy="install_on_failover")
UNABLE = {"no_engine", "not_protected", "team_job_failed"}


def sticks(n, at, length=1, side="crypto_transmit"):
    return s.fault(f"server.pci0.nic{n}.{side}", "engines_stuck", at, length, name=f"{side}_{n}_{at:g}".replace(".", "_"))


def pulled(n, at, length=None):
    return s.fault(f"server.pci0.nic{n}", "removed", at, length, name=f"pulled_{n}")


def cable(n, at, length=None):
    return s.fault(f"lan{n}", "link_down", at, length, name=f"cable_{n}")


def team(nics, *parts, duration="10 ms", sa=None, back=None, up=UP, down=DOWN, **keys):
    text = s.keys(dict(schema=1, extends="parts/host.toml", duration=duration, warm_up="0 ps"))
    text += "".join(s.member(n, **one) for n, one in enumerate(nics)) + s.client()
    text += s.team(len(nics), **dict(address="192.0.2.1/24", mode="active_backup", miimon="100 us") | keys)
    text += s.protected("to_client", "server", "client", **dict(when_unable="cpu") | (sa or {})) + s.protected("to_server", "client", "server", **back or {})
    text += s.traffic("up", pace="frames", frames_per_second=up, frame_size="300 B")
    text += s.traffic("down", "client", "server", pace="frames", frames_per_second=down, frame_size="300 B") if down else ""
    return text + "".join(parts)


class moves(command.scenario_test):
    def go(self, *words, copies=1, **keys):
        run = self.run_scenario(self.write("s.toml", team(*words, **keys)), "--trace", "none")
        result = run.result()
        self.assertEqual({c["name"]: c["breaches"] for c in result["checks"] if c["breaches"]}, {})
        self.assertEqual(result["exposure"]["in_the_clear"], 0)
        self.assertLessEqual(run.metric("client.not_opened"), (copies - 1) * run.metric("client.opened"))
        self.lost = {}
        for one in result["losses"]:
            self.lost.setdefault(one["from"], {})[one["reason"]] = one["packets"]
        self.assertNotIn("inbound_mismatch", self.lost.get("client", {}))
        return run

    def lost_up(self, *reasons):
        all = self.lost.get("server.up", {})
        return sum(n for reason, n in all.items() if not reasons or reason in reasons)

    def lost_down(self):
        return sum(self.lost.get("client", {}).values())

    # ---- 1: a member that is pulled out and put in again

    def test_what_was_in_a_member_that_is_pulled_out_is_not_put_in_by_its_driver(self):
        """Its associations are with a mate, or are its own again: one after the other, never for lost (they were refused as there already)."""
        for name, parts, keys in (("primary", [pulled(0, 3, 4)], dict(primary="nic0")),
                                  ("later", [pulled(0, 3, 2), cable(1, 7, 2)], {}),
                                  ("twice", [pulled(0, 2, 2), pulled(1, 5, 2)], dict(primary="nic0"))):
            with self.subTest(name):
                run = self.go([ABLE] * 2, *parts, duration="12 ms", rehoming=FOLLOW, **keys)
                self.assertLess(self.lost_up(), 14, self.lost)
                self.assertLess(self.lost_down(), 14, self.lost)
                self.assertEqual(run.metric("server.team0.rehoming.not_taken"), 0)
                self.assertGreater(run.metric("client.opened"), 0.94 * run.metric("server.up.offered"))

    def test_what_its_user_deleted_while_the_member_was_out_is_in_no_member(self):
        for nics in 1, 2:
            with self.subTest(nics=nics):
                deleted = dict(deleted="5 ms")
                run = self.go([ABLE] * nics, pulled(0, 3, 4), duration="20 ms", sa=deleted, back=deleted, rehoming=FOLLOW, primary="nic0")
                places = {m["path"]: m["end"] for m in run.result()["metrics"] if m["path"].endswith("driver.rings.places")}
                self.assertEqual(set(places.values()), {0}, places)
                self.assertEqual(len(places), nics)

    # ---- 2: who may work for it

    def test_associations_go_to_nobody_who_may_not_work_for_others(self):
        """nic1 lends nothing; nic2, behind it, does."""
        for name, first, parts in (("engines lost", ABLE, [sticks(0, 2)]), ("no engines", {}, [])):
            with self.subTest(name):
                run = self.go([first, KEEPS, ABLE], *parts, rehoming=FOLLOW)
                self.assertLess(self.lost_up(), 10, self.lost)
                self.assertLess(self.lost_down(), 10, self.lost)
                self.assertGreater(run.metric("server.pci0.nic2.crypto_rings.executed"), 100)

    def test_where_nobody_may_the_team_says_so_and_they_stay(self):
        run = self.go([ABLE, KEEPS], sticks(0, 2), rehoming=FOLLOW)
        self.assertLess(self.lost_up(), 6, self.lost)
        self.assertEqual(self.lost_down(), 0, "nic0 decrypts what it receives itself")
        self.assertGreater(run.metric("server.stack.put_on_by_cpu"), UP * 7.5e-3)

    # ---- 3, 4: of one association, and of copies

    def test_an_association_that_nobody_can_put_on_is_the_users(self):
        """nic1 alone can do AES; when its engines are lost nic2 goes on lending others: of this association the CPU takes care, or it is dropped by name."""
        run = self.go([{}, ABLE, OTHER], sticks(1, 2))
        self.assertLess(self.lost_up(), 6, self.lost)
        self.assertAlmostEqual(run.metric("server.stack.put_on_by_cpu"), UP * 7.9e-3, delta=UP * 0.3e-3)
        self.assertEqual((run.metric("server.team0.verified_302"), run.metric("server.team0.terminated_304")), (1, 0))
        self.go([{}, ABLE, OTHER], sticks(1, 2), sa=dict(when_unable="drop"))
        self.assertLess(self.lost_up("no_engine", "team_job_failed"), 6, self.lost)
        self.assertGreater(self.lost_up("not_protected"), UP * 7.5e-3)

    def test_as_long_as_somebody_can_it_does(self):
        """A device that was reset can again; nic0 does AES for itself alone, and so for the team while it is the active one."""
        back = s.fault("server.pci0.nic1.driver", "reset", 5, name="reset")
        run = self.go([{}, ABLE, OTHER], sticks(1, 2), back)
        self.assertLess(self.lost_up(), 8, self.lost)
        self.assertLess(run.metric("server.stack.put_on_by_cpu"), UP * 4.2e-3)
        run = self.go([KEEPS, {}, OTHER], cable(0, 2, 4), primary="nic0")
        self.assertLess(self.lost_up(), 8, self.lost)
        self.assertAlmostEqual(run.metric("server.stack.put_on_by_cpu"), UP * 4e-3, delta=UP * 0.5e-3)

    def test_what_waits_above_is_not_lost_when_others_are_there(self):
        """More than nic1 can do waits in the stack when its engines are lost: the associations move before the jobs end that let it send more."""
        slow = s.capable(period="240 ns")
        self.go([{}, slow, slow], sticks(1, 4), s.fault("server.pci0.nic2.driver", "reset", 1, name="reset"), up=40_000, rehoming=FOLLOW)
        self.assertEqual(self.lost_up("no_engine"), 0, self.lost)

    def test_copies_of_one_packet_want_one_who_lends(self):
        """broadcast, and each can encrypt for itself alone: two would give one packet two numbers. One that is left may. Nobody opens the second copy."""
        run = self.go([KEEPS] * 2, mode="broadcast", up=5_000, down=0, copies=2)
        self.assertEqual(self.lost_up(), 0, self.lost)
        offered = run.metric("server.up.offered")
        self.assertLessEqual(offered - run.metric("server.stack.put_on_by_cpu"), 1)
        self.assertLessEqual(offered - run.metric("client.opened"), 2)
        self.assertEqual(run.metric("server.team0.presented_306"), 0)
        run = self.go([KEEPS] * 2, cable(1, 3), mode="broadcast", up=5_000, down=0, copies=2)
        self.assertLess(self.lost_up(), 3, self.lost)
        self.assertGreater(run.metric("server.pci0.nic0.crypto_transmit.protected"), 5_000 * 6e-3)

    # ---- 5: what is under way at a move

    def test_what_a_member_had_decrypted_is_known_when_its_association_has_moved(self):
        """The packet was decrypted under a name that the device has no more when its driver tells of it."""
        for name, parts in (("engines lost", [sticks(0, 1, 0.5)]), ("device reset", [s.fault("server.pci0.nic0.driver", "reset", 1.013, name="reset")])):
            with self.subTest(name):
                self.go([ABLE] * 2, *parts, duration="4 ms", down=20_000, rehoming=FOLLOW)
                self.assertLessEqual(set(self.lost.get("client", {})), {"block_reset", "rx_idle", "rx_aborted"})

    # ---- 6, 7: engines that decrypt

    def test_when_nobody_encrypts_they_are_where_they_are_decrypted(self):
        """nic0 has no engines. Of those that work for it nic1 is out, nic2 can decrypt alone, nic3 is out for a time."""
        run = self.go([{}, ABLE, ABLE, ABLE], pulled(1, 2), sticks(2, 3), pulled(3, 5, 2), rehoming=FOLLOW)
        self.assertLess(self.lost_down(), 6, self.lost)
        self.assertGreater(run.metric("server.stack.put_on_by_cpu"), UP * 1.5e-3)

    def test_they_go_where_both_ways_work(self):
        """The engines that decrypt are lost, of the active member, or of the one that works for it, and then of the other."""
        self.go([ABLE] * 2, sticks(0, 2, side="crypto"), rehoming=FOLLOW)
        self.assertLess(self.lost_down(), 8, self.lost)
        self.assertLess(self.lost_up(), 3, self.lost)
        self.go([{}, ABLE, ABLE], sticks(1, 2, side="crypto"), rehoming=FOLLOW)
        self.assertLess(self.lost_down(), 8, self.lost)
        self.assertLess(self.lost_up(), 3, self.lost)


if __name__ == "__main__":
    unittest.main()
