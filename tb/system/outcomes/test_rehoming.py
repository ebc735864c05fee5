"""Associations that follow the active member of a team, beside closed forms (what-if Q18): places, time, and what leaves in the clear."""
import unittest

import command

R = "server.team0.rehoming."
CPU = 500e6                                   # its clock
PCI = 33.333e6


def team(policy, associations=4, used=0, rate=0, times=1, more="", at_a_time=1):
    """nic0 is the primary; its cable is out for 600 us of every 1300 us. The policy's association is number `used`."""
    text = 'extends = "parts/two-nic-team.toml"\nduration = "%d us"\nwarm_up = "1 ms"\n' % (3500 + 1300 * times)
    for n in 0, 1:
        text += f'[[nic]]\nname = "nic{n}"\nidentity = "extended"\n[nic.crypto]\nenable = true\nengines = ["aes-128-round", "sha1"]\n'
    text += f'[[team]]\nname = "team0"\nmode = "active_backup"\nprimary = "nic0"\n[team.rehoming]\npolicy = "{policy}"\nat_a_time = {at_a_time}\n'
    if policy == "delete_flip_add":
        text += 'exposes = true\n[check]\nsecrecy = "count"\n[[expect]]\nmetric = "check.secrecy_breaches"\nat_least = 1\n'
    for n in range(associations):
        text += f'[[sa]]\nname = "to_client{n}"\nfrom = "server"\nto = "client"\ncipher = "aes-cbc"\n'
    text += f'[[policy]]\nname = "protect_all"\nfrom = "server"\nto = "client"\nbundle = ["to_client{used}"]\n'
    if rate:
        text += '[[traffic]]\nname = "up"\nfrom = "server"\nto = "client"\npace = "frames"\narrivals = "poisson"\nframe_size = "300 B"\n'
        text += f'frames_per_second = {rate}\n'
    return text + f'[[fault]]\nname = "cable"\nat = "lan0"\nwhat = "link_down"\nfrom = "2 ms"\nfor = "600 us"\nevery = "1300 us"\ntimes = {times}\n' + more


class rehoming(command.scenario_test):
    def go(self, *words, status=0, **more):
        return self.run_scenario(self.write("team.toml", team(*words, **more)), "--trace", "none", status=status)

    def times_of(self, run):
        """Changes, and in picoseconds each: out of the former member, into the new one."""
        n = run.metric("server.team0.changes_of_active")
        return n, run.metric(R + "removing") / n, run.metric(R + "installing") / n

    def test_places(self):
        """Installed in all: N S of them, and nothing is waited for. In one: S, and twice as many while they move."""
        for s in 1, 5:
            run = self.go("pre_install", s, rate=20_000)
            for n in 0, 1:
                self.assertEqual(run.metric(f"server.pci0.nic{n}.driver.rings.places"), s)
            run = self.go("install_on_failover", s, rate=20_000)
            level = next(m for m in run.result()["metrics"] if m["path"] == R + "places")
            self.assertEqual((level["end"], level["max"]), (s, 2 * s))
            self.assertLess(level["mean"], 1.2 * s)
            by_drivers = sum(run.metric(f"server.pci0.nic{n}.driver.rings.places") for n in (0, 1))
            self.assertAlmostEqual(by_drivers, level["mean"], delta=0.02 * s)

    def test_what_a_unit_refuses_to_take_is_not_waited_for(self):
        """add_only takes what is there already, and is refused, for lost: whoever else has the association does the work, software at last."""
        text = team("add_only", 4, 3, rate=20_000, times=2).replace("[team.rehoming]", '[team.sharing]\nsoftware = "last_resort"\n[team.rehoming]')
        run = self.run_scenario(self.write("team.toml", text), "--trace", "none")
        self.assertGreater(run.metric(R + "not_taken"), 4)
        sent = run.metric("server.up.offered")
        self.assertGreater(run.metric("client.opened"), 0.95 * sent)
        self.assertGreater(run.metric("server.team0.sharing.engine_2.jobs"), 40, "software")

    def test_one_behind_the_other(self):
        """S t_install, with t_install = CPU, one register read, and the ring's clocks; two at a time overlap CPU and ring."""
        few, many, both = self.go("install_on_failover", 8), self.go("install_on_failover", 16), self.go("install_on_failover", 16, at_a_time=2)
        time = (many.metric(R + "installing") - few.metric(R + "installing")) / (8 * many.metric("server.team0.changes_of_active")) / 1e12
        cycles = 2 * 500 + 300 + 80 + 100     # request and posting, interrupt_entry, driver_interrupt, driver_reap
        read = many.metric("server.cpu0.read_stall") / many.metric("server.cpu0.reads") / 1e12
        octets = many.metric("server.pci0.nic1.crypto_rings.octets_read") - 32 * many.metric("server.pci0.nic1.crypto_rings.executed")
        words = -(-octets // (4 * many.metric("server.pci0.nic1.driver.rings.installed")))
        ring = (5 + 9) + (2 + words + 1) + 1 + (2 + 9)          # docs/crypto-face.md, "Edges": entry, parts, execution, completion
        bound = cycles / CPU + read + ring / PCI
        self.assertGreaterEqual(time, bound)
        self.assertLess(time, 1.15 * bound)
        self.assertLess(both.metric(R + "installing"), 0.85 * many.metric(R + "installing"))
        self.assertGreaterEqual(both.metric(R + "installing") / 1e12, 16 * both.metric("server.team0.changes_of_active") * ring / PCI)

    def test_what_leaves_in_the_clear(self):
        """Each association is out from its own removal to its own return: the first of S for S t_del + t_flip + t_add, the last for
        t_del + t_flip + S t_add. Arrivals are Poisson's, so what left is within three of its standard deviations."""
        for s in 1, 12:
            expected = measured = 0
            for used in {0, s - 1}:
                run = self.go("delete_flip_add", s, used, rate=30_000, times=20)
                n, out, back = self.times_of(run)
                self.assertEqual(n, 40)
                self.assertEqual(run.metric("check.secrecy_breaches"), run.metric(R + "in_the_clear"))
                expected += 30_000 * n * ((out + back / s) if used == 0 else (out / s + back)) / 1e12
                measured += run.metric("check.secrecy_breaches")
            self.assertLess(abs(measured - expected), 3 * expected ** 0.5, (s, measured, expected))

    def test_nothing_does_when_frames_are_held(self):
        """Lambda t of them wait instead; each goes on, and none is protected with a number that was used."""
        run = self.go("install_on_failover", 12, 11, rate=30_000, times=20)
        n, out, back = self.times_of(run)
        self.assertEqual((n, out), (40, 0))
        expected = 30_000 * n * back / 1e12
        self.assertLess(abs(run.metric(R + "held") - expected), 3 * expected ** 0.5)
        self.assertEqual((run.metric(R + "in_the_clear"), run.metric(R + "dropped")), (0, 0))
        self.assertEqual({c["name"]: c["breaches"] for c in run.result()["checks"]}["secrecy"], 0)
        self.assertLess(next(m for m in run.result()["metrics"] if m["path"] == R + "waiting")["end"], 8)

    def test_more_than_may_wait_are_told_to_wait_above(self):
        """hold = 2: the stack keeps the others; they leave later, in order."""
        text = team("install_on_failover", 16, 15, rate=60_000, times=3).replace("at_a_time = 1", "hold = 2")
        few = self.run_scenario(self.write("few.toml", text), "--trace", "none")
        level = next(m for m in few.result()["metrics"] if m["path"] == R + "waiting")
        self.assertLessEqual(level["max"], 2)
        self.assertEqual(few.metric(R + "dropped"), 0)

    def test_lifetimes_are_those_of_all_members_together(self):
        """Sprayed over both, inline; or put on by the backup's jobs, and by itself behind a failover: the packets of the hard limit, and not one more."""
        life = '[[sa]]\nname = "to_client"\nhard_{} = {}\nsoft_packets = 40\n'
        spray = 'extends = "parts/capable-team.toml"\nduration = "9 ms"\n[[team]]\nname = "team0"\nmode = "balance_rr"\nprimary = ""\n'
        group = '[[port_group]]\nname = "both"\nswitch = "core"\nports = ["lan0", "lan1"]\n'
        lame = 'extends = "parts/capable-team.toml"\nduration = "9 ms"\n[[nic]]\nname = "nic0"\n[nic.crypto]\nenable = false\n'
        cable = '[[fault]]\nname = "cable"\nat = "lan0"\nwhat = "link_down"\nfrom = "3 ms"\n'
        for name, text in (("sprayed", spray + group), ("by_jobs", lame + cable)):
            for kind, limit in (("packets", 60), ("octets", f'"{60 * 282} B"')):
                with self.subTest(name=name, kind=kind):
                    run = self.run_scenario(self.write("life.toml", text + life.format(kind, limit)), "--trace", "packets", "--set", 'warm_up="0 ps"')
                    inline = [run.metric(f"server.pci0.nic{n}.crypto_transmit.protected") for n in (0, 1) if name == "sprayed" or n == 1]
                    by_jobs = run.metric("server.team0.encrypted_318")
                    self.assertEqual(sum(inline) + by_jobs, 60)
                    self.assertTrue(all(n > 15 for n in [*inline, by_jobs] if n or name == "by_jobs"), (inline, by_jobs))
                    self.assertEqual(run.metric("server.team0.sharing.hard_lifetimes"), 1)
                    self.assertEqual(run.metric("server.team0.sharing.soft_lifetimes"), 1)

    def test_jobs_that_wait_where_their_association_is_no_more(self):
        """nic1, whose link is dead, encrypts for nic0 more than it can; nic0's cable is pulled, and all goes to nic2, which encrypts in line. What waited for
        nic1 leaves by nic2: nothing is lost but what was on the cable, and each is encrypted once."""
        capable = 'identity = "extended"\n[nic.crypto]\nenable = true\nengines = ["3des-area", "sha1"]\n'
        text = 'extends = "parts/two-nic-team.toml"\nduration = "60 ms"\n'
        text += f'[[nic]]\nname = "nic1"\n{capable}[[nic]]\nname = "nic2"\nbus = "server.pci0"\n{capable}'
        text += '[[link]]\nname = "lan2"\na = "server.pci0.nic2"\nb = "core"\n'
        text += '[[team]]\nname = "team0"\nmembers = ["server.pci0.nic0", "server.pci0.nic1", "server.pci0.nic2"]\n'
        text += '[team.rehoming]\npolicy = "install_on_failover"\n'
        text += '[[sa]]\nname = "protected"\nfrom = "server"\nto = "client"\ncipher = "3des-cbc"\nreplay_window = 64\n'
        text += '[[policy]]\nname = "protect_all"\nfrom = "server"\nto = "client"\nbundle = ["protected"]\n'
        text += '[[traffic]]\nname = "up"\nfrom = "server"\nto = "client"\npace = "frames"\nframes_per_second = 8000\nframe_size = "1000 B"\n'
        text += 'duration = "15 ms"\n'
        for link, at in (("lan1", 2), ("lan0", 10)):
            text += f'[[fault]]\nat = "{link}"\nwhat = "link_down"\nfrom = "{at} ms"\n'
        run = self.run_scenario(self.write("moved.toml", text))
        self.assertEqual((run.metric("server.team0.jobs_failed"), run.metric("server.team0.no_engine")), (0, 0))
        self.assertGreater(run.metric("server.team0.own.not_done"), 10, "jobs that waited for nic1")
        lost = run.metric("lan0.a_to_b.lost_link_down")
        self.assertLessEqual(lost, 2)
        self.assertEqual(run.metric("client.opened"), run.metric("server.up.offered") - lost)
        by_jobs, in_line = run.metric("server.pci0.nic1.crypto_rings.jobs_out"), run.metric("server.pci0.nic2.crypto_transmit.protected")
        self.assertEqual(by_jobs + in_line, run.metric("client.opened") + lost)

    def test_what_cannot_be_is_refused(self):
        def refused(text, *words):
            run = self.run_scenario(self.write("bad.toml", text), status=2)
            for w in words:
                self.assertIn(w, run.stderr)

        good = team("delete_flip_add")
        refused(good.replace("exposes = true\n", ""), "team.rehoming.policy", "exposes = true")
        refused(team("install_on_failover").replace('"active_backup"\nprimary = "nic0"', '"balance_rr"'), "team.rehoming.policy", "pre_install")
        refused(team("install_on_failover").replace("at_a_time = 1", "exposes = true"), "team.rehoming.exposes")
        refused(team("install_on_failover").replace("at_a_time = 1", "at_a_time = 17"), "at_a_time", "16")
        refused(team("install_on_failover").replace('"sha1"]', '"sha1"]\nassociations = 3', 1), "all 3 places", "nic0")
        refused(team("install_on_failover").replace('"aes-128-round"', '"3des-area"', 1), "nic0 cannot do to_client0")


if __name__ == "__main__":
    unittest.main()
