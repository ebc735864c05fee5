"""What a team's layer adds to plain packets (FIG. 4: 310, no, 312; row A-60): a host with a team against the same one without, to the picosecond."""
import sys
import unittest

import command

sys.path.append(str(command.SOURCE / "tb" / "system"))
import scenario_text as s

COSTS = dict(cost_send=200, cost_repackage=120, cost_receive=150)      # CPU cycles, as docs/scenario.md has them
INTERMEDIARY = 60
CYCLE = {"1 GHz": 1000, "500 MHz": 2000}                               # ps


def host(members, size, clock, intermediary=INTERMEDIARY, **team):
    """So few packets that the CPU is idle when one comes."""
    text = s.top("20 ms", "0 ps", extends="parts/host.toml") + s.table("cpu", "cpu0", clock=clock, cost_intermediary=intermediary)
    text += s.several(max(members, 1), lambda n: s.member(n, **({} if members else dict(address="192.0.2.1/24")))) + s.client()
    text += s.team(members, **(dict(address="192.0.2.1/24") | team)) if members else ""
    about = dict(pace="frames", frames_per_second=1000, frame_size=f"{size} B", duration="15 ms")
    return text + s.traffic("up", start="1 ms", **about) + s.traffic("down", "client", "server", start="1.4 ms", **about)


class hop(command.scenario_test):
    def times(self, text):
        """(Stack to driver, application to client) and (driver to application, client to application) of each packet but those that waited for ARP."""
        run = self.run_scenario(self.write("s.toml", text), "--trace", "packets")
        rows = run.packets()
        sent = [r for r in rows if r["from"] == "server.up"][1:]
        came = [r for r in rows if r["from"] == "client" and r["outcome"] == "delivered" and r["driver_received_ps"] and r["length"] == sent[0]["length"]]
        self.assertEqual(len(sent), 14)
        self.assertEqual(len(came), 15)

        def between(r, a, b):
            return int(r[f"{b}_ps"]) - int(r[f"{a}_ps"])
        return ([(between(r, "born", "driver_queued"), between(r, "born", "ended")) for r in sent],
                [(between(r, "driver_received", "delivered"), between(r, "born", "ended")) for r in came])

    def added(self, size, clock, *, intermediary=INTERMEDIARY, members=2, **team):
        """Of each packet: by the CPU, by all."""
        without, with_team = self.times(host(0, size, clock, intermediary)), self.times(host(members, size, clock, intermediary, **team))
        return [[(b[0] - a[0], b[1] - a[1]) for a, b in zip(*both)] for both in zip(without, with_team)]

    def test_the_cpu_is_busy_for_its_costs_longer(self):
        """Both ways, to the cycle; what is asked only of packets that are protected costs plain ones nothing. The device's clocks go on as they are: what is
        sent is on the wire less than one of PCI and one of the nibbles' later, or earlier, than that."""
        ways = (dict(), dict(members=1), dict(mode="balance_rr"), dict(mode="alb"), dict(layer="monolithic"), dict(plain_bypass=True), dict(intermediary=1000),
                dict(cost_send=0), dict(cost_send=3_001), dict(cost_repackage=977), dict(cost_receive=1), dict(cost_receive=5_003), dict(cost_check=999),
                dict(cost_mask=999, check="mask"), dict(cost_identify=999))
        for way in ways:
            costs = COSTS | {k: v for k, v in way.items() if k in COSTS}
            once_more = 0 if way.get("layer") == "monolithic" else way.get("intermediary", INTERMEDIARY)
            sending = costs["cost_send"] + (0 if way.get("plain_bypass") else costs["cost_repackage"]) + once_more
            for size, clock in ((64, "1 GHz"), (600, "500 MHz"), (1518, "1 GHz")):
                with self.subTest(way=way, size=size):
                    sent, came = self.added(size, clock, **way)
                    hop = sending * CYCLE[clock]
                    self.assertEqual({cpu for cpu, _ in sent}, {hop})
                    self.assertTrue(all(abs(total - hop) < 30_000 + 80_000 for _, total in sent), sent)
                    hop = (costs["cost_receive"] + once_more) * CYCLE[clock]
                    self.assertEqual({cpu for cpu, _ in came}, {hop})
                    if way.get("mode") != "balance_rr":             # there the switch hands packets to whichever member sent last
                        self.assertEqual({total for _, total in came}, {hop})

    def test_whole_periods_of_the_clocks_are_added_exactly(self):
        """240 ns: PCI's and the nibbles'. From application to client as long as without a team and the layer's costs."""
        for send in (60, 300, 1500):
            for size in (64, 600, 1518):
                with self.subTest(send=send, size=size):
                    hop = (send + COSTS["cost_repackage"] + INTERMEDIARY) * 1000
                    self.assertEqual(hop % 240_000, 0)
                    self.assertEqual(set(self.added(size, "1 GHz", cost_send=send)[0]), {(hop, hop)})


if __name__ == "__main__":
    unittest.main()
