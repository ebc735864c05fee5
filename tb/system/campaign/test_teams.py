"""Random teams of two to eight members, and a time line of faults for each: every rule holds, every frame and job is accounted for, nothing protected is on
the wires in the clear, and once every fault is over the team carries traffic again. NICTEAM_CAMPAIGN="first count" looks at other seeds."""
import unittest

import campaign
import teams
import time_lines
import wires


class drawn_teams(campaign.campaign):
    def look(self, seed):
        team = teams.team(seed)
        base, scenario = self.folder / f"team{seed}.toml", self.folder / f"seed{seed}.toml"
        base.write_text(team.text())
        m = self.machine(base)
        faults = time_lines.drawn(m, seed)
        text = time_lines.text_of(base, m, faults, seed)
        scenario.write_text(text + team.late_traffic() + team.captures())
        found, r = self.look_at(m, faults, scenario)
        if r:
            found += wires.breaches(team, r, doubled=team.mode == "broadcast" or team.sends_again)
            if all("for" in f for f in faults):
                found += team.does_not_recover(r, faults)
        return found, [base, scenario]

    def test_time_lines(self):
        self.look_at_all("1 48", self.look)


if __name__ == "__main__":
    unittest.main()
