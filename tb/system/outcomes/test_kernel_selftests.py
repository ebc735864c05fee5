"""What the kernel's selftests of drivers/net/bonding and drivers/net/team check, as scenarios with expectations.

Each row is a scenario; all it says is in its [[expect]]s, so the command judges it. Times are the kernel's by 100 where it says so: there the tests wait
in seconds for what is in steps of 100 ms, here media sense looks each millisecond.
"""
import itertools
import unittest

import command

TEAM = 'extends = "parts/two-nic-team.toml"\n'
NIC2 = '[[nic]]\nname = "nic2"\nbus = "server.pci0"\n[[link]]\nname = "lan2"\na = "server.pci0.nic2"\nb = "core"\n'
GROUP = '[[port_group]]\nname = "to_server"\nswitch = "core"\nports = ["lan0", "lan1"]\nchoice = "layer3+4"\n'


def team(**options):
    def toml(v):
        return str(v).lower() if isinstance(v, bool) else str(v).replace("'", '"') if isinstance(v, (int, list)) else f'"{v}"'
    return '[[team]]\nname = "team0"\n' + "".join(f"{k} = {toml(v)}\n" for k, v in options.items())


def traffic(name, start, count, source="client", to="server", rate=10000):
    return (f'[[traffic]]\nname = "{name}"\nfrom = "{source}"\nto = "{to}"\npace = "frames"\nframes_per_second = {rate}\nframe_size = "64 B"\n'
            f'start = "{start} ms"\ncount = {count}\n')


def down(link, begin, length=None, **more):
    rest = "".join(f"{k} = {v}\n" for k, v in more.items())
    return f'[[fault]]\nname = "{link}_{begin}"\nat = "{link}"\nwhat = "link_down"\nfrom = "{begin} ms"\n' + (f'for = "{length} ms"\n' if length else "") + rest


def expect(metric, **what):
    name = "e_" + "".join(c if c.isalnum() else "_" for c in "_".join((metric, *what)))
    return f'[[expect]]\nname = "{name}"\nmetric = "{metric}"\n' + "".join(f'{k} = "{v}"\n' for k, v in what.items())


class selftest(command.scenario_test):
    def holds(self, title, *parts):
        with self.subTest(title):
            text = "schema = 1\n" + "".join(parts)
            self.assertIn("[[expect]]", text)
            run = self.run_scenario(self.write("s.toml", text), "--trace", "none", status=None)
            self.assertEqual(run.status, 0, f"{title}\n{text}\n{run.stdout}\n{run.stderr}")
            return run

    def receives(self, counts, slack=60):
        """Frames that the switch sent to each member: who received in which phase is told by their numbers; monitors and ARP have the slack."""
        return "".join(expect(f"core.port_lan{n}.tx_frames", at_least=f"{c} frames", at_most=f"{c + slack} frames") for n, c in enumerate(counts))


class bonding(selftest):
    def test_prio(self):
        """bond_options.sh, option_prio.sh: the primary is active; when it fails the highest priority; when it is back by primary_reselect."""
        phases = traffic("before", 1, 300) + traffic("during", 50, 200) + traffic("after", 90, 120) + down("lan1", 35, 40)
        monitors = {"miimon": {"miimon": "1 ms"}, "arp": {"miimon": "0 ps", "arp_interval": "2 ms", "arp_ip_target": ["192.0.2.9"]}}
        for mode, reselect, monitor in itertools.product(("active_backup", "balance_tlb", "balance_alb"), ("always", "better", "failure"), monitors):
            if monitor == "arp" and mode != "active_backup":
                continue                             # the kernel has it for mode 1 only
            back = reselect == "always"
            options = team(members=[f"server.pci0.nic{n}" for n in range(3)], mode=mode, primary="nic1", primary_reselect=reselect, prio=["0", "1", "11"],
                           **monitors[monitor])
            self.holds(f"{mode}, {reselect}, {monitor}", 'duration = "110 ms"\n', TEAM, NIC2, options, phases,
                       self.receives((0, 300 + 120 * back, 200 + 120 * (not back))))
        for mode in ("active_backup", "balance_tlb", "balance_alb"):
            options = team(members=[f"server.pci0.nic{n}" for n in range(3)], mode=mode, prio=["1", "22", "11"], miimon="1 ms")
            self.holds(f"{mode}, by prio alone", 'duration = "110 ms"\n', TEAM, NIC2, options, phases, self.receives((0, 420, 200)))

    def test_a_better_member_takes_over(self):
        """primary_reselect better: of another rate."""
        for rate, back in (("100 Mbps", False), ("10 Mbps", True)):
            options = team(mode="active_backup", primary="nic1", primary_reselect="better", miimon="1 ms")
            slower = f'[[link]]\nname = "lan0"\nrate = "{rate}"\n'
            phases = traffic("before", 1, 300, rate=5000) + traffic("during", 90, 200, rate=5000) + traffic("after", 150, 120, rate=5000) + down("lan1",
                                                                                                                                                 70, 70)
            self.holds(f"beside {rate}", 'duration = "190 ms"\n', TEAM, options, slower, phases, self.receives((200 + 120 * (not back), 300 + 120 * back)))

    def test_arp_validate(self):
        """bond_options.sh, arp_validate 0 to 6: while the target answers no member is lost."""
        ways = ("none", "active", "backup", "all", "filter", "filter_active", "filter_backup")
        for mode, way in itertools.product(("active_backup", "balance_rr", "balance_xor", "broadcast"), ways):
            options = team(mode=mode, miimon="0 ps", arp_interval="1 ms", arp_ip_target=["192.0.2.9"], arp_validate=way)
            group = "" if mode == "active_backup" else GROUP.replace("layer3+4", "round_robin")
            self.holds(f"{mode}, arp_validate {way}", 'duration = "60 ms"\nwarm_up = "10 ms"\n', TEAM, group, options, traffic("up", 12, 40, "server",
                                                                                                                               "client", 1000),
                       expect("server.team0.member_lost", equals="0 times"), expect("client.verified", at_least="39 frames"))
        for way in ("none", "all"):
            options = team(mode="active_backup", miimon="0 ps", arp_interval="1 ms", arp_ip_target=["192.0.2.77"], arp_validate=way)
            self.holds(f"nobody answers, {way}", 'duration = "60 ms"\nwarm_up = "1 ms"\n', TEAM, options, expect("server.team0.member_lost",
                                                                                                                 at_least="1 times"))

    def test_num_grat_arp(self):
        """bond_options.sh, num_grat_arp 10, 20, 30 and 50, peer_notif_delay 1000 ms there, 1 ms here."""
        for number in (10, 20, 30, 50):
            options = team(mode="active_backup", primary="nic0", num_grat_arp=number, peer_notif_delay="1 ms", miimon="100 us")
            self.holds(f"num_grat_arp {number}", 'duration = "130 ms"\nwarm_up = "60 ms"\n', TEAM, options, down("lan0", 65), traffic("up", 61, 1,
                                                                                                                                      "server", "client"),
                       expect("server.team0.announcements", equals=f"{number} frames"), expect("core.port_lan1.rx_frames", equals=f"{number} frames"))

    def test_recovery_with_updelay(self):
        """mode-1-recovery-updelay.sh, mode-2-recovery-updelay.sh: all links are lost, one comes back: it is used at once, whatever updelay is (by 100)."""
        for mode, updelay in itertools.product(("active_backup", "balance_xor"), (0, 1, 2, 5, 10, 20, 50, 100)):
            options = team(mode=mode, miimon="1 ms", updelay=f"{updelay} ms")
            self.holds(f"{mode}, updelay {updelay} ms", 'duration = "45 ms"\n', TEAM, GROUP if mode == "balance_xor" else "", options, down("lan0", 5),
                       down("lan1", 10, 10),
                       traffic("first_word", 1, 1, "server", "client"), traffic("gone", 12, 5, "server", "client", 1000), traffic("back", 23, 20, "server",
                                                                                                                                  "client", 1000),
                       expect("server.team0.no_member", equals="5 packets"), expect("client.verified", equals="21 frames"))

    def test_flapping(self):
        """The active member flaps: ten times down and up; without a delay each is followed, with one the backup stays."""
        for delay, changes in (("0 ps", 20), ("5 ms", 2)):
            options = team(mode="aft", primary="nic0", miimon="100 us", fail_back_delay=delay)
            self.holds(f"fail_back_delay {delay}", 'duration = "60 ms"\n', TEAM, options, down("lan0", 5, 2, every='"4 ms"', times=10),
                       traffic("up", 2, 500, "server", "client"),
                       expect("server.team0.changes_of_active", equals=f"{changes} times"), expect("client.verified", at_least="460 frames"),
                       expect("client.duplicates", equals="0 frames"))

    def test_ipsec_offload(self):
        """bond_ipsec_offload.sh: two associations and three packets at the active member, the link is lost, then the same at the other, none left behind."""
        capable = "".join(f'[[nic]]\nname = "nic{n}"\nidentity = "extended"\n[nic.crypto]\nenable = true\nengines = ["aes-128-gcm"]\n' for n in (0, 1))
        secured = "".join(f'[[sa]]\nname = "{a}_{b}"\nfrom = "{a}"\nto = "{b}"\ncipher = "aes-gcm-16"\nauthentication = "null"\n'
                          f'[[policy]]\nname = "p_{a}"\nfrom = "{a}"\nto = "{b}"\nbundle = ["{a}_{b}"]\n'
                          for a, b in (("server", "client"), ("client", "server")))
        options = team(mode="active_backup", primary="nic0", miimon="1 ms") + '[team.rehoming]\npolicy = "install_on_failover"\n'
        self.holds("two members", 'duration = "20 ms"\n', TEAM, capable, options, secured, down("lan0", 8),
                   traffic("first", 2, 3, "server", "client", 1000), traffic("second", 14, 3, "server", "client", 1000),
                   expect("server.pci0.nic0.crypto_transmit.protected", equals="3 packets"), expect("server.pci0.nic1.crypto_transmit.protected",
                                                                                                    equals="3 packets"),
                   expect("server.team0.rehoming.installed", equals="4 associations"), expect("server.team0.rehoming.removed", equals="2 associations"),
                   expect("server.pci0.nic1.driver.rings.places", of="greatest", equals="2 associations"), expect("client.opened", equals="6 packets"),
                   expect("server.team0.rehoming.in_the_clear", equals="0 packets"))

    def test_lacpdus_are_sent(self):
        """bond-break-lacpdu-tx.sh: within 15 s, under whatever system priority and key."""
        for priority, key in ((65535, 0), (1, 1023)):
            options = team(mode="802.3ad", miimon="100 ms", ad_actor_sys_prio=priority, ad_user_port_key=key)
            self.holds(f"priority {priority}", 'duration = "15 s"\n', TEAM, options, GROUP + 'lacp = "passive"\n',
                       expect("core.port_lan0.rx_frames", at_least="2 frames"), expect("core.to_server.lacp_received", at_least="4 frames"))

    def test_lacp_prio(self):
        """bond_lacp_prio.sh: two switches, so two aggregators; that of the greater sum of actor_port_prio is used, with other priorities the other."""
        other = ('[[switch]]\nname = "other"\n[[nic]]\nname = "nic2"\nbus = "server.pci0"\n[[link]]\nname = "lan2"\na = "server.pci0.nic2"\nb = "other"\n'
                 '[[link]]\nname = "trunk"\na = "other"\nb = "core"\n' + GROUP + 'lacp = "active"\nlacp_rate = "fast"\n'
                 '[[port_group]]\nname = "other_group"\nswitch = "other"\nports = ["lan2"]\nlacp = "active"\nlacp_rate = "fast"\n')
        for prio, first in ((["10", "10", "1000"], False), (["100", "100", "10"], True)):
            options = team(members=[f"server.pci0.nic{n}" for n in range(3)], mode="802.3ad", lacp_rate="fast", miimon="100 ms",
                           ad_select="actor_port_prio", actor_port_prio=prio)
            lacpdus, frames = "400 B", "1200 B"
            counts = [expect(f"server.team0.member{n}.sent_octets", at_most=lacpdus) for n in ((2,) if first else (0, 1))]
            counts.append(expect("other.port_lan2.rx_octets", **({"at_most": lacpdus} if first else {"at_least": frames})))
            self.holds(f"prio {prio}", 'duration = "8 s"\nwarm_up = "6 s"\n', TEAM, other, options, traffic("up", 6000, 20, "server", "client", 20), *counts,
                       expect("client.verified", at_least="19 frames"))


class team_driver(selftest):
    def test_transmit_failover(self):
        """transmit_failover.sh: broadcast, roundrobin, random; with both ports enabled, with one, with none."""
        for mode, more, copies in (("broadcast", {}, 2), ("balance_rr", {}, 1), ("balance_rr", {"packets_per_slave": 0}, 1)):
            for title, lost in (("both", ()), ("the second", ("lan0",)), ("the first", ("lan1",)), ("none", ("lan0", "lan1"))):
                options = team(mode=mode, miimon="1 ms", **more)
                use = [0 if f"lan{n}" in lost else 100 if copies == 2 or len(lost) == 1 else 25 for n in (0, 1)]
                up = traffic("first_word", 2, 1, "server", "client") + traffic("up", 10, 100, "server", "client", 5000)
                counts = "".join(expect(f"core.port_lan{n}.rx_frames", at_least=f"{u} frames", at_most=f"{u and 102} frames") for n, u in enumerate(use))
                name = f"{mode} {more}, {title}"
                self.holds(name, 'duration = "40 ms"\nwarm_up = "9 ms"\n', TEAM, GROUP, options, *(down(l, 5) for l in lost), up, counts,
                           expect("server.team0.no_member", equals="100 packets" if len(lost) == 2 else "0 packets"))


if __name__ == "__main__":
    unittest.main()
