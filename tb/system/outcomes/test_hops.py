"""Hops of a packet (source documents 000/001, FIG. 1 to 3): 100, 102, 204, 202, 102, base driver, NIC, and back; who above gets which frame."""
import collections
import re
import struct
import subprocess
import sys
import unittest

import command

sys.path.insert(0, str(command.SOURCE / "tb" / "system"))
from scenario_text import client, keys, member, table, team, traffic  # noqa: E402

ADDRESS = "192.0.2.1/24"
CLOCK = 2000                                       # ps of a CPU cycle, 500 MHz
MORE = 1000                                        # cycles that one software step is made dearer

# What stands between two stages of a packet's way, and the software's steps in between, as docs/scenario.md names their costs.
OUT = (("host_post", "delivered_308"), ("delivered_308", "forwarded_316"), ("returned_320", "driver_queued"))
IN = (("interrupt", "driver_received"), ("driver_received", "received_322"), ("received_322", "forwarded_336"), ("delivered_340", "delivered"))
CPU, TEAM = "server.cpu0.cost_", "server.team0.cost_"
STEPS = {                                          # cost: how often a packet passes it between two stages
    CPU + "intermediary": {OUT[0]: 1, OUT[2]: 1, IN[1]: 1, IN[3]: 1},      # 102: below 100, below 202, above the drivers, below 100 again
    TEAM + "send": {OUT[0]: 1},                                            # 204
    TEAM + "check": {OUT[1]: 1},                                           # 314
    TEAM + "repackage": {OUT[2]: 1},                                       # 202
    CPU + "driver_send": {OUT[2]: 1},                                      # 104 to 108
    CPU + "driver_receive": {IN[0]: 1},
    TEAM + "receive": {IN[1]: 1},                                          # 202 hands it to the layer
    TEAM + "identify": {IN[2]: 1},                                         # 334
}


def protected(layer):
    """nic0 has engines; nic1, which sends and receives, and nic2 have none. One packet at a time."""
    text = keys(dict(schema=1, extends="parts/host.toml", duration="9 ms")) + table("cpu", "cpu0", clock="500 MHz")
    text += member(0, identity="extended", crypto=dict(enable=True, engines=["aes-128-round", "sha1"])) + member(1) + member(2) + client()
    text += team(3, address=ADDRESS, layer=layer, primary="nic1", mode="aft", miimon="1 ms")
    for name, ends in (("out", ("server", "client")), ("back", ("client", "server"))):
        text += table("sa", f"to_{ends[1]}", **{"from": ends[0]}, to=ends[1], cipher="aes-cbc")
        text += table("policy", name, **{"from": ends[0]}, to=ends[1], bundle=[f"to_{ends[1]}"])
    text += traffic("up", pace="frames", frames_per_second=500, frame_size="1000 B", start="1250 us")
    return text + traffic("down", "client", "server", pace="frames", frames_per_second=500, frame_size="900 B", start="2250 us")


class hops(command.scenario_test):
    def ways(self, layer, *options):
        """Of each packet that 100 sent and that it received: [(stage, ps)] of its whole way, over what was made of it by engines."""
        run = self.run_scenario(self.write("s.toml", protected(layer)), "--trace", "packets", "-q", *options)
        rows = run.packets()
        made_of = {r["parent"]: r for r in rows if r["from"] == "server.team0"}
        found = {"out": [], "in": []}
        for r in rows:
            if r["outcome"] in ("put_on_by_team", "taken_off"):
                both = [*r.items(), *made_of[r["id"]].items()]
                passed = [(k[:-3], int(v)) for k, v in both if v and k.endswith("_ps") and k not in ("born_ps", "ended_ps")]
                found["out" if r["from"].startswith("server") else "in"].append(sorted(passed, key=lambda p: p[1]))
        return found

    def usual(self, cost):
        """What the shipped default of a key is."""
        said = subprocess.run([command.NICTEAM, "explain", cost.replace("server.cpu0", "cpu").replace("server.team0", "team")], capture_output=True, text=True)
        return int(re.search(r"default +(\d+)", said.stdout)[1])

    def times(self, ways):
        """Of each of those spans, picoseconds: the same for every packet but the first, which waits for ARP."""
        found = {}
        for spans, packets in ((OUT, ways["out"][1:]), (IN[1:], ways["in"][1:])):
            for a, b in spans:
                (found[a, b],) = {dict(p)[b] - dict(p)[a] for p in packets}
        return found

    def test_stages_stand_in_the_order_of_the_layers_both_ways(self):
        for layer in ("around", "monolithic"):
            ways = self.ways(layer)
            self.assertGreaterEqual(min(len(w) for w in ways.values()), 3)
            for way, names in (("out", "host_post delivered_308 forwarded_316 returned_320 driver_queued nic_notified nic_tx_fetch wire_begin"),
                               ("in", "rx_dma_done status_written interrupt driver_received received_322 forwarded_336 returned_338 delivered_340 delivered")):
                for packet in ways[way]:
                    stages = [s for s, _ in packet]
                    places = [stages.index(n) for n in names.split()]
                    self.assertEqual(sorted(places), places, (layer, way, packet))

    def test_each_layer_is_passed_where_the_figures_have_it_and_as_often(self):
        """Whatever is made dearer by 1,000 cycles lengthens the spans in which it stands by 1,000 cycles, and no other."""
        for layer in ("around", "monolithic"):
            base = self.times(self.ways(layer))
            for cost, passed in STEPS.items():
                with self.subTest(f"{layer} {cost}"):
                    if layer == "monolithic" and cost == CPU + "intermediary":
                        passed = {OUT[0]: 1, IN[3]: 1}                   # below the team there is none
                    dearer = self.times(self.ways(layer, "--set", f"{cost}={self.usual(cost) + MORE}"))
                    self.assertEqual({s: (dearer[s] - base[s]) // CLOCK for s in base if dearer[s] != base[s]},
                                     {s: n * MORE for s, n in passed.items() if s in base})


class stacks_above(command.scenario_test):
    """Paragraph 16: 102 binds several stacks; here one of ARP, IPv4 and IPv6, one of bare frames, and none of Novell's."""
    HOST, OTHER = bytes.fromhex("020000000002"), bytes.fromhex("020000000001")
    NOVELL = (HOST + OTHER + bytes.fromhex("8137") + bytes(50),                    # IPX by EtherType, and on LLC
              HOST + OTHER + bytes.fromhex("0032e0e003") + bytes(47))

    def scenario(self, of_team):
        capture = self.folder / "novell.pcap"
        capture.write_bytes(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
                            + b"".join(struct.pack("<IIII", 0, 500 * n, len(f), len(f)) + f for n, f in enumerate(self.NOVELL)))
        text = keys(dict(schema=1, extends="parts/host.toml", duration="12 ms"))
        text += member(0, mac="02:00:00:00:00:02", address=None if of_team else ADDRESS) + client()
        text += member(1) + team(2, address=ADDRESS, mode="aft", miimon="1 ms", **of_team) if of_team else ""
        for n, of in enumerate((dict(), dict(protocol="udp_ipv6"), dict(protocol="raw"), dict(protocol="raw", framing="llc_snap"))):
            for way, ends, at in (("down", ("client", "server"), 1000), ("up", ("server", "client"), 1100)):
                text += traffic(f"{way}{n}", *ends, pace="frames", frames_per_second=1000, count=9, frame_size="400 B", start=f"{at + 200 * n} us", **of)
        text += table("ping", "ask", **{"from": "server"}, to="client", start="1900 us", interval="1 ms", count=9)
        return text + table("replay", "others", peer="client", file=str(capture), start="3 ms", repeat=4)

    def ends(self, of_team):
        """Where what came from the client, and where what the server sent, ended and how; copies that a switch floods to a standby member aside."""
        run = self.run_scenario(self.write("s.toml", self.scenario(of_team)), "--trace", "packets", "-q")
        return collections.Counter((r["from"].split(".")[-1], r["to"], r["outcome"]) for r in run.packets() if r["fate"] in ("arrived", "lost")
                                   and not r["from"].startswith("core")), run

    def test_each_frame_goes_to_who_is_bound_to_its_ethertype(self):
        without, _ = self.ends({})
        wanted = {("client", "server.sink_9", "delivered"): 18, ("client", "server.sink_raw", "delivered"): 18, ("client", "server.ask", "ping_answered"): 9,
                  ("client", "server.stack", "consumed"): 1, ("client", "server.intermediary", "unclaimed"): 8,
                  ("ask", "client", "delivered"): 9} | {(f"up{n}", "client", "delivered"): 9 for n in range(4)}
        self.assertEqual({e: n for e, n in without.items() if e[0] != "stack"}, wanted)
        for layer in ("around", "monolithic"):
            with self.subTest(layer):
                teamed, run = self.ends(dict(layer=layer))
                self.assertEqual({e: n for e, n in teamed.items() if e[0] != "stack"}, wanted)
                self.assertEqual(run.metric("server.intermediary.unclaimed"), 8)


if __name__ == "__main__":
    unittest.main(verbosity=2)
