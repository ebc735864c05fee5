"""What happens to a team whose members fail, one fault at a time; what random time lines have found is kept here as the shortest scenario that shows it."""
import unittest

import command

# Two members and a client. What has to be said is said in {nic0}, {nic1}, {team} and {more}.
TEAM = """
extends = "parts/two-nic-team.toml"
duration = "12 ms"
[[nic]]
name = "nic0"
{nic0}
[[nic]]
name = "nic1"
{nic1}
[[team]]
name = "team0"
members = ["server.pci0.nic0", "server.pci0.nic1"]
{team}
[[traffic]]
name = "up"
from = "server"
to = "client"
pace = "frames"
frames_per_second = 4000
frame_size = "1000 B"
[[traffic]]
name = "down"
from = "client"
to = "server"
pace = "frames"
frames_per_second = 4000
frame_size = "1000 B"
{more}
"""
CAPABLE = 'identity = "extended"\n[nic.crypto]\nenable = true\nengines = ["aes-128-round", "sha1"]'
OTHER = 'identity = "extended"\n[nic.crypto]\nenable = true\nengines = ["3des-cascade", "md5"]'


def protected(here, there):
    return f'[[sa]]\nname = "{here}_{there}"\nfrom = "{here}"\nto = "{there}"\n' \
           f'[[policy]]\nname = "protect_{here}_{there}"\nfrom = "{here}"\nto = "{there}"\nbundle = ["{here}_{there}"]\n'


def bypass(here, there):
    return f'[[policy]]\nname = "open_{here}_{there}"\nfrom = "{here}"\nto = "{there}"\naction = "bypass"\n'


UP, DOWN = protected("server", "client") + bypass("client", "server"), protected("client", "server") + bypass("server", "client")


def fault(at, what, begin, more=""):
    return f'[[fault]]\nat = "{at}"\nwhat = "{what}"\nfrom = "{begin}"\n{more}\n'


class team_faults(command.scenario_test):
    def team(self, nic0="", nic1="", team="", more="", *words):
        run = self.run_scenario(self.write("s.toml", TEAM.format(nic0=nic0, nic1=nic1, team=team, more=more)), "--trace", "packets", *words)
        result = run.result()
        self.assertEqual([c["name"] for c in result["checks"] if c["breaches"]], [])
        run.lost = {}
        for row in result["losses"]:
            run.lost[row["reason"]] = run.lost.get(row["reason"], 0) + row["packets"]
        return run


class link_down_at_one_end(team_faults):
    """A fibre without far-end fault indication: what one end of lan0 hears is gone, and the other has its link. nic0 is the active member."""
    HEARTBEAT = 'heartbeat_interval = "1 ms"\nheartbeat_misses = 2\nheartbeat_wait = "100 us"'
    MEDIA = 'miimon = "100 us"'

    def changed(self, direction, monitors, rule="none"):
        """How many times the active member changed, and how many of the client's datagrams arrived."""
        more = f'[[link]]\nname = "lan0"\nfar_end_fault = "{rule}"\n[[nic]]\nname = "nic2"\nbus = "server.pci0"\n'
        more += fault(f"lan0.{direction}", "link_down", "4 ms")
        more += '[[link]]\nname = "lan2"\na = "server.pci0.nic2"\nb = "core"\n'
        text = TEAM.replace('"server.pci0.nic1"]', '"server.pci0.nic1", "server.pci0.nic2"]')
        run = self.run_scenario(self.write("s.toml", text.format(nic0="", nic1="", team=f'primary = "nic0"\n{monitors}', more=more)))
        self.assertEqual([c["name"] for c in run.result()["checks"] if c["breaches"]], [])
        return run.metric("server.team0.changes_of_active"), run.metric("client.verified")

    def test_media_sense_sees_the_end_that_hears_nothing_and_not_the_other(self):
        self.assertEqual(self.changed("b_to_a", self.MEDIA)[0], 1)
        self.assertEqual(self.changed("a_to_b", self.MEDIA)[0], 0)

    def test_heartbeats_see_both(self):
        for direction in ("a_to_b", "b_to_a"):
            changes, arrived = self.changed(direction, f'miimon = "0 ps"\n{self.HEARTBEAT}')
            self.assertEqual(changes, 1, direction)
            self.assertGreater(arrived, 30, direction)           # 44 are sent, 4 each ms; two to three beats and the wait

    def test_far_end_fault_indication_or_negotiation_show_it_to_media_sense(self):
        for rule in ("indicated", "as_negotiated"):
            for direction in ("a_to_b", "b_to_a"):
                self.assertEqual(self.changed(direction, self.MEDIA, rule)[0], 1, (rule, direction))


class found_by_the_campaign(team_faults):
    def test_software_is_the_last_resort_of_a_team_of_which_no_member_lends_engines(self):
        for outbound in ("return", "transmit"):      # software has no transmitter: what it encrypts comes back
            run = self.team("", "", f'sharing.software = "last_resort"\noutbound = "{outbound}"', UP)
            self.assertGreater(run.metric("client.opened"), 30, outbound)
            self.assertEqual(run.lost, {}, outbound)

    def test_a_job_by_size_goes_to_the_other_group_when_nobody_of_its_own_can_do_it(self):
        run = self.team(OTHER, CAPABLE, 'primary = "nic0"\nsharing.dispatch = "by_size"', UP)
        self.assertGreater(run.metric("client.opened"), 30)
        self.assertEqual(run.lost, {})

    def test_what_a_switch_floods_is_no_replay(self):
        """It forgets where addresses are; both members have the team's, and the backup decrypts its copy, which nobody wants, and then the active one's."""
        more = DOWN + '[[switch]]\nname = "core"\nageing_time = "1 us"\n'
        run = self.team("", CAPABLE, 'mode = "active_backup"\nprimary = "nic0"\nmiimon = "100 us"', more)
        self.assertGreater(run.metric("server.team0.standby_copies"), 30)
        self.assertEqual(run.metric("server.team0.replayed"), 0)
        self.assertGreater(run.metric("server.sink_9.received"), 30)

    def test_a_member_that_is_not_there_carries_nothing_whatever_monitors_find(self):
        """Of two members neither hears beats but the other's: they cannot tell who has failed; a driver without a device can."""
        run = self.team("", "present = false", 'primary = "nic1"\nmiimon = "0 ps"\nheartbeat_interval = "1 ms"\nheartbeat_wait = "100 us"')
        self.assertGreater(run.metric("client.verified"), 30)
        self.assertEqual(run.metric("server.pci0.nic1.driver.not_done"), 0)

    def test_what_finds_no_room_on_its_way_back_to_an_engine_is_lost_and_says_so(self):
        """The CPU is slower than what comes, fragments that it joins: the stack's places for packets under way are all taken."""
        run = self.team(OTHER, "", 'primary = "nic0"\nsharing.software = "last_resort"', DOWN, "--set", "server.cpu0.clock=50 MHz", "--set",
                        "client.down.frames_per_second=5000", "--set", "client.down.frame_size=1514 B")
        self.assertGreater(run.metric("server.stack.sent_back_no_room"), 0)
        self.assertEqual(run.lost, {"sent_back_no_room": run.metric("server.stack.sent_back_no_room")})


if __name__ == "__main__":
    unittest.main()
