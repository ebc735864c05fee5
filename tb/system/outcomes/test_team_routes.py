"""By which member a team's frames leave, and under which address, when it is under load: judged at the switch, from captures of what its ports heard.
The judge is a switch of its own: it learns where addresses are, and says which have moved."""
import struct
import unittest

import command

CRYPTO = 'identity = "extended"\n[nic.crypto]\nenable = true\nengines = ["{}", "sha1"]\n'
SLOW, FAST = CRYPTO.format("3des-area"), CRYPTO.format("aes-128-round")
NIC = ["02000000000" + str(n) for n in (1, 2, 3)]
TEAM = NIC[0]                                  # the first member's permanent address
BEAT, ARP, IPV4, ESP = 0x88B6, 0x0806, 0x0800, 50

SCENARIO = """
extends = "parts/two-nic-team.toml"
duration = "{duration}"
warm_up = "0 ps"
[[nic]]
name = "nic0"
{nic0}
[[nic]]
name = "nic1"
{nic1}
[[nic]]
name = "nic2"
bus = "server.pci0"
{nic2}
[[link]]
name = "lan2"
a = "server.pci0.nic2"
b = "core"
[[team]]
name = "team0"
members = ["server.pci0.nic0", "server.pci0.nic1", "server.pci0.nic2"]
{team}
[[sa]]
name = "to_client"
from = "server"
to = "client"
cipher = "{cipher}"
[[policy]]
name = "protect"
from = "server"
to = "client"
{policy}
[[policy]]
name = "open"
from = "client"
to = "server"
action = "bypass"
[[traffic]]
name = "up"
from = "server"
to = "client"
pace = "frames"
frames_per_second = {rate}
frame_size = "{size} B"
{more}
[[capture]]
name = "heard"
at = "lan*.a_to_b.wire"
"""
DOWN = '[[traffic]]\nname = "down"\nfrom = "client"\nto = "server"\npace = "frames"\nframes_per_second = 6000\nframe_size = "500 B"\n'


class seen:
    """A frame that a port of the switch heard: the port's link, its time in ps, and what it says."""

    def __init__(self, link, at, octets):
        self.link, self.at, self.octets = link, at, octets
        self.source, self.type = octets[6:12].hex(), struct.unpack_from(">H", octets, 12)[0]
        self.esp = self.type == IPV4 and octets[23] == ESP
        self.announces = self.type == ARP and octets[28:32] == octets[38:42]


def read(path):
    data, at, links, all = path.read_bytes(), 0, [], []
    while at < len(data):
        kind, size = struct.unpack_from("<II", data, at)
        if kind == 1:                                            # interface description: its name is option 2
            k = at + 16
            while True:
                code, length = struct.unpack_from("<HH", data, k)
                if code == 0:
                    break
                if code == 2:
                    links.append(data[k + 4:k + 4 + length].decode())
                k += 4 + (length + 3) // 4 * 4
        if kind == 6:
            number, high, low, length = struct.unpack_from("<IIII", data, at + 8)
            all.append(seen(next(p for p in links[number].split(".") if p.startswith("lan")), (high << 32 | low) * 1000, data[at + 28:at + 28 + length]))
        at += size
    return sorted(all, key=lambda f: f.at)


def moves(frames):
    """What a switch that learns from each of them takes to have moved: when, which address, to which port."""
    where, moved = {}, []
    for f in frames:
        if where.setdefault(f.source, f.link) != f.link:
            moved.append((f.at, f.source, f.link))
            where[f.source] = f.link
    return moved


class routes(command.scenario_test):
    def go(self, nic0="", nic1="", nic2="", team='primary = "nic0"', cipher="3des-cbc", policy='bundle = ["to_client"]', rate=20_000, size=1000, more="",
           duration="30 ms"):
        text = SCENARIO.format(nic0=nic0, nic1=nic1, nic2=nic2, team=team, cipher=cipher, policy=policy, rate=rate, size=size, more=more, duration=duration)
        run = self.run_scenario(self.write("s.toml", text), "--trace", "pcap")
        self.assertEqual([c["name"] for c in run.result()["checks"] if c["breaches"]], [])
        run.frames = read(run.directory / "heard.pcapng")
        self.assertGreater(len(run.frames), 30)
        run.teams = [f for f in run.frames if f.link != "lan_client"]
        return run

    def sources(self, frames):
        return {(f.link, f.source) for f in frames}


H, K, WAIT = 500, 2, 150                       # microseconds between beats, misses, and the wait for one
HEARTBEAT = f'primary = "nic0"\nheartbeat_interval = "{H} us"\nheartbeat_misses = {K}\nheartbeat_wait = "{WAIT} us"'
US = 1_000_000


class control_frames(routes):
    """Frames of the team's own wait for no packet that is not in a ring yet."""

    def beats(self, run, link):
        return [f.at for f in run.teams if f.type == BEAT and f.link == link]

    def test_beats_leave_on_time_whatever_waits_for_an_engine(self):
        """20,000 packets a second for an engine that does 2,700: every place for packets is taken all the time."""
        for rate in (2_000, 20_000):
            run = self.go(nic1=SLOW, team=HEARTBEAT, rate=rate)
            for link in ("lan0", "lan1", "lan2"):
                beats = self.beats(run, link)
                self.assertEqual(len(beats), 60, (rate, link))
                self.assertLess(max(b - a for a, b in zip(beats, beats[1:])), (H + WAIT) * US, (rate, link))
            self.assertEqual({f.link for f in run.teams if f.esp}, {"lan0"}, "nobody was found dead")
            self.assertEqual(run.metric("server.team0.member_lost"), 0)

    def test_a_dead_path_is_found_within_its_closed_form(self):
        """(k - 1) h to k h, and the wait; announced within a twentieth of h."""
        for at in (15_000, 15_130, 15_490):
            more = f'[[fault]]\nname = "dead"\nat = "core.port_lan0"\nwhat = "path_dead"\nfrom = "{at} us"\n'
            run = self.go(nic1=SLOW, team=HEARTBEAT, more=more, duration=f"{at + 1700} us")
            announced = [f for f in run.teams if f.announces and f.at > at * US]
            self.assertEqual(announced[0].link, "lan1")
            self.assertGreaterEqual(announced[0].at, (at + (K - 1) * H + WAIT) * US)
            self.assertLess(announced[0].at, (at + K * H + WAIT + H // 20) * US)

    def test_the_arp_monitor_loses_nobody(self):
        team = 'primary = "nic0"\nmiimon = "0 ps"\narp_interval = "1 ms"\narp_ip_target = ["192.0.2.9"]\narp_validate = "all"'
        run = self.go(nic1=SLOW, team=team)
        self.assertEqual({f.link for f in run.teams if f.esp}, {"lan0"})
        self.assertEqual(len({f.at // (1000 * US) for f in run.teams if f.type == ARP and f.link == "lan0"}), 30, "asked each millisecond")
        self.assertEqual(moves(run.teams), [])

    def test_what_waits_for_room_in_a_ring_lets_them_pass(self):
        """A ring of 4 and more than the line carries, from engines or as it is: a beat waits for what is in the ring, 84 us each, and no longer."""
        ring = 'driver.transmit_ring = 4\n'
        team = 'primary = "nic0"\nheartbeat_interval = "1 ms"\nheartbeat_misses = 2\nheartbeat_wait = "500 us"'
        for policy in ('bundle = ["to_client"]', 'action = "bypass"'):
            run = self.go(nic0=ring, nic1=FAST, nic2=FAST, team=team, cipher="aes-cbc", policy=policy)
            beats = self.beats(run, "lan0")
            self.assertEqual(len(beats), 30, policy)
            ideal = [beats[0] + n * 1000 * US for n in range(len(beats))]
            self.assertLess(max(b - i for b, i in zip(beats, ideal)), 6 * 90 * US, policy)
            self.assertEqual(run.metric("server.team0.member_lost"), 0, policy)
            data = [f for f in run.teams if len(f.octets) > 500 and 5_000 * US < f.at]
            self.assertGreater(len(data), 0.95 * 25_000 / 84, "the line is full")

    def test_a_member_that_sends_nothing_keeps_its_own_places_only(self):
        """The last member's ring is full and stands still; what it cannot send takes no place of the others."""
        more = '[[fault]]\nname = "cable"\nat = "lan2"\nwhat = "link_down"\nfrom = "3 ms"\n'
        run = self.go(nic1=SLOW, team=HEARTBEAT + "\n" "control_buffers = 2", rate=2_000, more=more)
        for link in ("lan0", "lan1"):
            self.assertEqual(len(self.beats(run, link)), 60, link)


class addresses(routes):
    """In modes that promise it, no address is heard at two ports, but for the team's when it moves with a change."""

    def test_what_found_no_room_leaves_under_the_address_of_who_sends_it_at_last(self):
        """More than rings of 4 take in: the stack offers again what it could not get rid of."""
        ring = "driver.transmit_ring = 4\n"
        team = 'mode = "alb"\nbalance = "round_robin"'
        run = self.go(nic0=ring, nic1=ring, nic2=ring + FAST, team=team, cipher="aes-cbc", policy='action = "bypass"', rate=60_000, duration="10 ms")
        self.assertGreater(run.metric("server.pci0.nic0.driver.no_room"), 0)
        self.assertEqual(self.sources(run.teams), {("lan0", NIC[0]), ("lan1", NIC[1]), ("lan2", NIC[2])})

    def test_what_comes_back_when_its_member_has_failed_leaves_under_anothers(self):
        more = '[[fault]]\nname = "cable"\nat = "lan1"\nwhat = "link_down"\nfrom = "5 ms"\n'
        run = self.go(nic2=SLOW, team='mode = "alb"\nbalance = "round_robin"', rate=12_000, more=more, duration="14 ms")
        self.assertGreater(len([f for f in run.teams if f.esp and f.at > 6_000 * US]), 20)
        self.assertEqual({s for link, s in self.sources(run.teams) if link == "lan2"}, {NIC[2]})
        self.assertEqual(moves(run.teams), [])

    def test_jobs_under_way_come_back_to_whom_the_mode_names_now(self):
        """nic0's cable is pulled and put back while jobs wait for nic2: what comes back behind a change leaves by the new member."""
        more = DOWN + '[[fault]]\nname = "cable"\nat = "lan0"\nwhat = "link_down"\nfrom = "3 ms"\nfor = "3 ms"\n'
        run = self.go(nic2=SLOW, rate=9_000, more=more, duration="14 ms")
        self.assertEqual([(mac, link) for _, mac, link in moves(run.teams) if mac == TEAM], [(TEAM, "lan1"), (TEAM, "lan0")])
        back = [f for f in run.teams if f.announces][-1]
        self.assertEqual({f.link for f in run.teams if f.esp and f.at > back.at}, {"lan0"})
        self.assertEqual(run.metric("server.sink_9.received"), run.metric("client.down.frames"))

    def test_a_backup_that_sends_has_an_address_of_its_own(self):
        """Members of active_backup share the team's: what they send for the active one goes out under their permanent ones, and answers reach that one."""
        for mode in ('mode = "aft"', 'mode = "active_backup"', 'mode = "active_backup"\nfail_over_mac = "active"'):
            team = f'{mode}\nprimary = "nic0"\noutbound = "transmit"'
            run = self.go(nic1=FAST, nic2=FAST, team=team, cipher="aes-cbc", rate=3_000, size=500, more=DOWN, duration="12 ms")
            self.assertEqual(self.sources(f for f in run.teams if f.esp), {("lan1", NIC[1]), ("lan2", NIC[2])}, mode)
            self.assertEqual(moves(run.teams), [], mode)
            self.assertEqual(run.metric("server.sink_9.received"), run.metric("client.down.frames"), mode)

    def test_one_whose_permanent_address_is_the_teams_returns_what_it_encrypts(self):
        team = 'mode = "active_backup"\nprimary = "nic1"\noutbound = "transmit"'
        run = self.go(nic0=FAST, team=team, cipher="aes-cbc", rate=3_000, size=500, more=DOWN, duration="12 ms")
        self.assertEqual(self.sources(f for f in run.teams if f.esp), {("lan1", TEAM)})
        self.assertEqual(run.metric("server.sink_9.received"), run.metric("client.down.frames"))


class jobs(routes):
    def test_jobs_to_be_sent_do_not_go_to_a_link_that_has_died(self):
        """Lost at lan1 is what its unit had been given, `given` of them, and what that did until media sense looked: one."""
        team = 'primary = "nic0"\noutbound = "transmit"\nsharing.queue = 32\nsharing.given = 4'
        more = '[[fault]]\nname = "cable"\nat = "lan1"\nwhat = "link_down"\nfrom = "5 ms"\n'
        run = self.go(nic1=SLOW, nic2=SLOW, team=team, rate=24_000, size=700, more=more, duration="12 ms")
        lost = sum(row["packets"] for row in run.result()["losses"] if row["where"].startswith("lan1"))
        self.assertGreater(lost, 0)
        self.assertLessEqual(lost, 4 + 1)
        self.assertGreater(len([f for f in run.teams if f.esp and f.link == "lan2"]), 70)


if __name__ == "__main__":
    unittest.main()
