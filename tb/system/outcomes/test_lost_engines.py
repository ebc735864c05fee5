"""A team whose engines are all out of use does not say that it protects (decision 193): sa.when_unable takes effect then, and ends when they are back.
Judged by what the client's cable carried, when, opened in Python, and by when devices say that their engines were out of use."""
import re
import struct
import sys
import tomllib
import unittest

import command

sys.path += [str(command.SOURCE / "tb" / "system"), str(command.SOURCE / "tb" / "system" / "ipsec")]
import scenario_text as s

try:
    import judge
except ImportError as e:
    print("SKIPPED:", e)
    raise SystemExit(77)

RATE = 20_000                                            # packets a second, of `up` in parts/capable-team.toml
STUCK = [s.fault(f"server.pci0.nic{n}.crypto_transmit", "engines_stuck", 1, 2, name=f"stuck{n}") for n in range(2)]
CARD = s.table("crypto_card", "card", bus="server.pci0", engines=["aes-128-round", "sha1"])
NO_ENGINES = s.several(2, lambda n: s.table("nic", f"nic{n}", crypto=dict(enable=False)))


def reset(at, when):
    return s.fault(f"{at}.driver", "reset", when, name=f"reset_{at[-1]}")


def team(*parts, when_unable="cpu", sa=None, **keys):
    return (s.keys(dict(extends="parts/capable-team.toml", duration="8 ms", warm_up="0 ps")) + "".join(parts)
            + (s.table("team", "team0", **keys) if keys else "")
            + s.table("sa", "to_client", when_unable=when_unable, replay_window=64, authentication="hmac-sha1-96", **(sa or {}))
            + s.table("capture", "wire", at="client.port"))


def times(path):
    """In seconds, of each frame of a capture of one interface, in units of a nanosecond."""
    data, at = path.read_bytes(), 0
    while at < len(data):
        kind, size = struct.unpack_from("<II", data, at)
        if kind == 6:
            high, low = struct.unpack_from("<II", data, at + 12)
            yield (high << 32 | low) * 1e-9
        at += size


class lost_engines(command.scenario_test):
    def go(self, text, **more):
        run = self.run_scenario(self.write("s.toml", text), **more)
        begun = list(times(run.directory / "wire.pcapng"))
        verdicts = list(judge.judge(run.directory / "config.resolved.toml").judge(run.directory / "wire.pcapng"))
        self.assertEqual([v for v in verdicts if v.why], [])
        own = self.spi(run)
        self.out = [(begun[v.frame - 1], v.number) for v in verdicts if v.spi == own]
        numbers = [n for _, n in self.out]
        self.assertEqual(len(numbers), len(set(numbers)), "each number once, whoever drew it")
        self.assertEqual(len(numbers), run.metric("client.opened"))
        self.assertEqual(run.metric("client.not_opened"), 0)
        return run

    def spi(self, run):
        return next(sa["spi"] for sa in tomllib.loads((run.directory / "config.resolved.toml").read_text())["sa"] if sa["name"] == "to_client")

    def between(self, begin, end):
        """Packets on the cable from and to a time, in milliseconds."""
        return sum(begin * 1e-3 <= t < end * 1e-3 for t, _ in self.out)

    def out_of_use(self, run, device):
        """From when to when, in milliseconds; None: to the end."""
        (note,) = [n for n in run.result()["notes"] if n.startswith(f"{device}: its engines failed")]
        found = re.search(r"out of use from ([\d.]+) (us|ms) to (?:the end|([\d.]+) ms)", note)
        return float(found[1]) / (1000 if found[2] == "us" else 1), float(found[3]) if found[3] else None

    def boxes(self, run, *numbers):
        names = {302: "verified_302", 304: "terminated_304", 306: "presented_306", 352: "verified_352", 354: "terminated_354"}
        return [run.metric(f"server.team0.{names[n]}") for n in numbers]

    def test_the_cpu_puts_it_on_when_the_last_lender_has_lost_its_engines(self):
        run = self.go(team(*STUCK))
        last = max(self.out_of_use(run, f"server.pci0.nic{n}")[0] for n in range(2))
        self.assertLess(last, 3)
        self.assertAlmostEqual(self.between(last + 0.2, 7.8), RATE * (7.6 - last) * 1e-3, delta=3)
        self.assertAlmostEqual(run.metric("server.stack.put_on_by_cpu"), RATE * (8 - last) * 1e-3, delta=3)
        self.assertEqual(self.boxes(run, 302, 304, 306, 352, 354), [1, 1, 1, 1, 1])

    def test_until_engines_are_back(self):
        run = self.go(team(*STUCK, reset("server.pci0.nic1", 5)))
        begin = max(self.out_of_use(run, f"server.pci0.nic{n}")[0] for n in range(2))
        end = self.out_of_use(run, "server.pci0.nic1")[1]
        self.assertIsNotNone(end)
        by_cpu = run.metric("server.stack.put_on_by_cpu")
        self.assertGreaterEqual(by_cpu, RATE * (end - begin) * 1e-3 - 3)
        self.assertLess(by_cpu, RATE * (end + 1.2 - begin) * 1e-3, "no longer than until its link is there again")
        # nic0 is the active one, whose engines stay out of use: all come back from nic1, on its rings.
        self.assertGreater(run.metric("server.pci0.nic1.crypto_rings.executed"), RATE * (8 - 1.2 - end) * 1e-3 - 3)
        self.assertAlmostEqual(self.between(begin + 0.2, 7.8), RATE * (7.6 - begin) * 1e-3, delta=3)
        self.assertEqual(self.boxes(run, 302, 304, 306, 352, 354), [2, 1, 2, 1, 2], "354 is found anew when a member has been identified anew")
        run = self.go(team(*STUCK, reset("server.pci0.nic1", 5), reset("server.pci0.nic0", 5.5)))
        self.assertEqual(self.boxes(run, 302, 304, 306, 352), [2, 1, 2, 2])

    def test_or_it_is_dropped_by_name_and_the_team_hears_nothing(self):
        run = self.go(team(*STUCK, when_unable="drop"))
        last = max(self.out_of_use(run, f"server.pci0.nic{n}")[0] for n in range(2))
        self.assertEqual(self.between(last + 0.2, 8), 0)
        dropped = {(one["where"], one["reason"]): one["packets"] for one in run.result()["losses"]}
        self.assertAlmostEqual(run.metric("server.stack.not_protected"), RATE * (8 - last) * 1e-3, delta=3)
        self.assertNotIn(("server.team0", "no_engine"), dropped)

    def test_a_card_is_a_lender_like_others(self):
        """No member has engines. The card's stick; an operator resets its driver."""
        stuck = s.fault("server.pci0.card", "engines_stuck", 1, 2, name="stuck")
        for more, back in (("", None), (reset("server.pci0.card", 5), 5)):
            run = self.go(team(NO_ENGINES, CARD, stuck, more, cards=["server.pci0.card"]))
            begin, end = self.out_of_use(run, "server.pci0.card")
            by_cpu, by_card = run.metric("server.stack.put_on_by_cpu"), run.metric("server.pci0.card.executed")
            self.assertAlmostEqual(by_cpu, RATE * ((end or 8) - begin) * 1e-3, delta=12 if back else 3)
            self.assertEqual(bool(end), bool(back))
            self.assertAlmostEqual(self.between(begin + 0.2, 7.8), RATE * (7.6 - begin) * 1e-3, delta=3)
            self.assertEqual(self.boxes(run, 302, 304, 306), [2, 1, 2] if back else [1, 1, 1])
            if back:
                self.assertGreater(by_card, RATE * (8 - end) * 1e-3)

    def test_a_card_that_is_pulled_out_lends_nothing(self):
        run = self.go(team(NO_ENGINES, CARD, s.fault("server.pci0.card", "removed", 2, 3, name="pulled"), cards=["server.pci0.card"]))
        self.assertGreater(run.metric("server.stack.put_on_by_cpu"), RATE * 3e-3 - 6)
        self.assertLess(run.metric("server.stack.put_on_by_cpu"), RATE * 4e-3)
        self.assertEqual(self.boxes(run, 302, 304, 306), [2, 1, 2])
        self.assertGreater(self.between(6.5, 8), RATE * 1.5e-3 - 3)

    def test_one_that_lends_is_not_asked_to_share_with_one_that_cannot(self):
        """354: an application's jobs go on as with one engine, also under a policy that would wait for the other (decision 178)."""
        done = []
        for dispatch in "first_idle", "round_robin":
            load = s.load(size=600, threads=8)
            run = self.run_scenario(self.write("s.toml", team(STUCK[0], load, sharing=dict(dispatch=dispatch))))
            self.assertEqual(self.boxes(run, 352, 354), [1, 1])
            self.assertEqual([run.metric(f"server.team0.api.{k}") for k in ("refused", "failed", "not_done", "no_room", "damaged")], [0] * 5)
            done.append(run.metric("server.team0.api.due"))
        self.assertGreater(done[0], 100)
        self.assertAlmostEqual(done[0] / done[1], 1, delta=0.05)

    def test_work_of_another_kind_is_spread_as_before(self):
        """nic0's engines that encrypt are lost; its engine for CRC-32c, and those that decrypt, are not: digests go to both in turn."""
        both = s.several(2, lambda n: s.table("nic", f"nic{n}", crypto=dict(digest_octets=4)))
        digests = s.table("crypto_load", "digests", service="server.team0", work="crc32c", threads=4, size="1000 B")
        run = self.go(team(STUCK[0], both, digests, mode="alb", sharing=dict(dispatch="round_robin")))
        self.assertEqual(self.boxes(run, 352, 354), [1, 1])
        packets = run.metric("server.up.offered")
        done = [run.metric(f"server.pci0.nic{n}.crypto_rings.executed") for n in range(2)]
        self.assertGreater(done[0], 150)
        self.assertLessEqual(abs(done[1] - done[0]), packets + 20)
        self.assertEqual(run.metric("server.team0.digests.damaged"), 0)

    def test_associations_that_follow_do_so_when_engines_are_lost(self):
        """install_on_failover: nic0 stays the active one, nic1's engines do its work; when they are lost as well, the CPU; when nic0's are back, they."""
        at = "server.pci0.nic{}.crypto_transmit"
        parts = [s.fault(at.format(n), "engines_stuck", when, 1, name=f"stuck{n}") for n, when in ((0, 1), (1, 3))] + [reset("server.pci0.nic0", 5)]
        run = self.go(team(*parts, rehoming=dict(policy="install_on_failover")))
        first, second = self.out_of_use(run, "server.pci0.nic0"), self.out_of_use(run, "server.pci0.nic1")
        self.assertTrue(first[0] < 2 and 3 < second[0] < 4 and 5 < first[1] < 5.5, (first, second))
        by_nic1 = RATE * (second[0] - first[0] - 0.2) * 1e-3
        self.assertAlmostEqual(self.between(first[0] + 0.2, second[0]), by_nic1, delta=3)
        self.assertGreater(run.metric("server.pci0.nic1.crypto_rings.executed"), by_nic1 - 3)
        self.assertAlmostEqual(run.metric("server.stack.put_on_by_cpu"), RATE * (first[1] - second[0]) * 1e-3, delta=RATE * 1.2e-3)
        self.assertGreater(run.metric("server.pci0.nic0.crypto_transmit.protected"), RATE * (1 + 8 - 1.2 - first[1]) * 1e-3)
        lost = {one["reason"]: one["packets"] for one in run.result()["losses"] if one["from"] == "server.up"}
        self.assertLess(sum(lost.values()), 12, "what was with engines when they were lost")

    def test_what_a_backup_was_to_send_leaves_by_another_as_if_it_had_never_been_asked(self):
        """nic1 sends for nic0, which has no engines, under its own address. When its engines are lost the associations go to nic2, which has no link: what
        comes back leaves by nic0 under nic0's address, what nic1 had begun included."""
        slow = dict(identity="extended", crypto=dict(enable=True, engines=["aes-128-round", "sha1"], period="240 ns"))
        for us in 0, 100, 200, 300:
            text = s.top("20 ms", "0 ps", extends="parts/host.toml") + s.member(0) + s.member(1, **slow) + s.member(2, **slow) + s.client()
            text += s.team(3, address="192.0.2.1/24", mode="active_backup", primary="nic0", miimon="100 us", outbound="transmit",
                           rehoming=dict(policy="install_on_failover"))
            text += s.table("sa", "to_client", **{"from": "server", "to": "client", "cipher": "aes-cbc"})
            text += s.table("policy", "protect", **{"from": "server", "to": "client", "bundle": ["to_client"]})
            text += s.traffic("up", pace="frames", frames_per_second=4000, frame_size="600 B")
            text += s.fault("lan2", "link_down", 1, name="cable")
            text += s.fault("server.pci0.nic1.crypto_transmit", "engines_stuck", 6 + us / 1000)
            text += s.several(2, lambda n: s.table("capture", f"nic{n}", at=f"core.port_lan{n}.frames"))
            run = self.run_scenario(self.write("s.toml", text))
            with self.subTest(us=us):
                self.assertEqual(self.sources(run, "nic0"), {"02:00:00:00:00:01"})
                self.assertEqual(self.sources(run, "nic1"), {"02:00:00:00:00:02"})
                self.assertLessEqual(run.metric("server.team0.jobs_failed"), 3)

    @staticmethod
    def sources(run, name):
        """Addresses under which the team's IPv4 packets came in at a port of the switch."""
        found = set()
        data, at = (run.directory / f"{name}.pcapng").read_bytes(), 0
        while at < len(data):
            kind, size = struct.unpack_from("<II", data, at)
            frame = data[at + 28:at + 28 + struct.unpack_from("<I", data, at + 20)[0]] if kind == 6 else b""
            if frame[12:14] == b"\x08\x00" and frame[26:30] == bytes((192, 0, 2, 1)):
                found.add(frame[6:12].hex(":"))
            at += size
        return found

    def test_the_cpu_puts_on_nothing_that_its_user_has_deleted_or_not_added(self):
        """As adapters do (LB-2): nothing of it leaves, under no other name than on an adapter."""
        lends_nothing = (s.table("nic", "nic0", crypto=dict(enable=False)), s.table("nic", "nic1", crypto=dict(secondary_use=False)))
        for of, lives in ((dict(deleted="3 ms"), (0, 3)), (dict(added="3 ms"), (3, 8)), (dict(added="2 ms", deleted="5 ms"), (2, 5))):
            with self.subTest(of):
                run = self.go(team(*lends_nothing, sa=of, rehoming=dict(policy="install_on_failover")))
                by_cpu = run.metric("server.stack.put_on_by_cpu")
                self.assertAlmostEqual(by_cpu, RATE * (lives[1] - lives[0]) * 1e-3, delta=RATE * 1.5e-3)
                self.assertIn(by_cpu - len(self.out), (0, 1), "one may be on its way at the end")
                self.assertEqual(self.between(0, lives[0]) + self.between(lives[1] + 0.2, 8), 0)
                self.assertEqual({one["reason"] for one in run.result()["losses"] if one["from"] == "server.up"}, {"protection_expired"})
                self.assertGreater(run.metric("server.stack.protection_expired"), RATE * (8 - lives[1] + lives[0]) * 1e-3 - RATE * 1.5e-3)


if __name__ == "__main__":
    unittest.main()
