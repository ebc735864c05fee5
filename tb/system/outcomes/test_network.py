"""Links, repeaters, what a host's stack writes, and hosts with several CPUs, through scenarios; tshark reads the captures."""
import re
import struct
import subprocess
import unittest

import command

FLOW = """
[[traffic]]
name = "down"
from = "client"
to = "server"
pace = "frames"
frames_per_second = 20000
frame_size = "200 B"
start = "1 ms"
"""
WIRE = """
[[capture]]
name = "wire"
at = "lan0.*.wire"
"""


def tshark(path, fields, only=""):
    """The frames of a capture as rows of fields; FCS and checksums checked."""
    words = ["tshark", "-n", "-r", str(path), "-Y", only, "-o", "eth.check_fcs:TRUE", "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE",
             "-T", "fields", "-E", "separator=|"]
    for f in fields:
        words += ["-e", f]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return [line.split("|") for line in done.stdout.splitlines()]


def checksum(octets):
    octets += b"\0" * (len(octets) % 2)
    total = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def echo_request(n, host, peer):
    body = struct.pack(">BBHHH", 8, 0, 0, 0x1234, n) + bytes(range(n % 200))
    body = body[:2] + struct.pack(">H", checksum(body)) + body[4:]
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(body), n, 0, 64, 1, 0) + bytes(peer) + bytes(host)
    return ip[:10] + struct.pack(">H", checksum(ip)) + ip[12:] + body


def write_pcap(path, frames):
    with open(path, "wb") as f:
        f.write(struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for n, frame in enumerate(frames):
            f.write(struct.pack("<IIII", 0, 200 * n, len(frame), len(frame)) + frame)


class network(command.scenario_test):
    def test_impairments_are_keys_of_a_link_and_are_counted(self):
        keys = {"loss": "lost", "duplication": "duplicated", "reordering": "reordered", "bit_error_ratio": "damaged"}
        for key, metric in keys.items():
            with self.subTest(key):
                ratio = "1e-4" if key == "bit_error_ratio" else "0.1"
                run = self.run_scenario(self.write("link.toml", f"""
extends = "parts/one-nic.toml"
duration = "50 ms"
[[link]]
name = "lan0"
{key}_b_to_a = "{ratio}"
{FLOW}"""), "--trace", "none")
                into, out = ({m: run.metric(f"lan0.{d}.{m}") for m in (*keys.values(), "frames", "arrived", "lost_queue")} for d in ("b_to_a", "a_to_b"))
                self.assertGreater(into[metric], 30)
                for other in keys.values():
                    self.assertEqual(out[other], 0)
                    if other != metric:
                        self.assertEqual(into[other], 0)
                under_way = into["frames"] + into["duplicated"] - into["lost"] - into["lost_queue"] - into["arrived"]
                self.assertIn(under_way, (0, 1, 2, 3))
                sink = {m: run.metric(f"server.sink_9.{m}") for m in ("received", "missing", "late", "damaged")}
                if key == "loss":
                    self.assertGreater(sink["missing"], 0)
                if key in ("duplication", "reordering"):
                    self.assertGreater(sink["late"], 30)
                if key == "bit_error_ratio":
                    self.assertEqual(sink["damaged"], 0, "the NIC keeps bad frames back")

    def test_frame_times_are_exact_at_any_rate(self):
        for rate, bits_per_second in (("10 Mbps", 10**7), ("100 Mbps", 10**8), ("1 Gbps", 10**9), ("2.5 Mbps", 2_500_000)):
            for octets in (64, 500, 1518):
                with self.subTest(f"{rate}, {octets} B"):
                    time = (octets + 20) * 8 * 10**9 // bits_per_second         # ns, no remainder at these rates
                    run = self.run_scenario(self.write("rate.toml", f"""
extends = "parts/one-nic.toml"
duration = "{1_000_000 + 12 * time} ns"
[[nic]]
name = "nic0"
identity = "extended"
link_rate = "1 Gbps"
[[link]]
name = "lan0"
rate = "{rate}"
[[traffic]]
name = "down"
from = "client"
to = "server"
pace = "line_rate"
frame_size = "{octets} B"
start = "1 ms"
{WIRE}"""), "--trace", "pcap")
                    rows = tshark(run.directory / "wire.pcapng", ["frame.time_epoch"], f"udp && frame.len == {octets}")
                    at = [int(s) * 10**9 + int(ns) for s, ns in (r[0].split(".") for r in rows)]
                    self.assertGreaterEqual(len(at), 10)
                    self.assertEqual({b - a for a, b in zip(at, at[1:])}, {time})

    def test_every_nic_at_a_repeater_sees_every_frame(self):
        nics = "".join(f"""
[[nic]]
name = "nic{n}"
bus = "server.pci0"
[nic.driver]
promiscuous = true
mac = "02:00:00:00:00:0{n + 4}"
[[link]]
name = "lan{n}"
a = "server.pci0.nic{n}"
b = "hub"
""" for n in range(3))
        run = self.run_scenario(self.write("hub.toml", f"""
extends = "parts/host.toml"
duration = "10 ms"
[[repeater]]
name = "hub"
[[peer]]
name = "client"
[[peer]]
name = "listener"
[[link]]
name = "uplink"
a = "client"
b = "hub"
[[link]]
name = "tap"
a = "listener"
b = "hub"
{nics}
{FLOW}
duration = "5 ms"
[[expect]]
name = "all"
metric = "server.sink_9.received"
equals = "100 packets"
"""), "--trace", "none")
        sent = run.metric("uplink.a_to_b.arrived")
        self.assertGreaterEqual(sent, 100)
        for n in range(3):
            from_others = sum(run.metric(f"lan{m}.a_to_b.arrived") for m in range(3) if m != n)
            self.assertEqual(run.metric(f"lan{n}.b_to_a.arrived"), sent + from_others)
            self.assertEqual(run.metric(f"server.pci0.nic{n}.driver.received_packets"), sent + from_others)
        self.assertEqual(run.metric("tap.b_to_a.arrived"), sent + sum(run.metric(f"lan{m}.a_to_b.arrived") for m in range(3)))

    def test_whom_a_frame_is_not_for_drops_it_at_its_filter_and_asks_nobody_for_the_bus(self):
        """At a repeater all hear all; at a switch, to which the server has said a word, nic1 hears broadcasts alone."""
        text = """
extends = "parts/host.toml"
duration = "10 ms"
[[{kind}]]
name = "hub"
[[peer]]
name = "client"
[[host]]
name = "other"
[[cpu]]
name = "cpu1"
host = "other"
[[bus]]
name = "pci1"
host = "other"
[[nic]]
name = "nic0"
bus = "server.pci0"
address = "192.0.2.1/24"
[[nic]]
name = "nic1"
bus = "other.pci1"
address = "192.0.2.2/24"
driver.promiscuous = {all}
[[link]]
name = "lan0"
a = "server.pci0.nic0"
b = "hub"
[[link]]
name = "lan1"
a = "other.pci1.nic1"
b = "hub"
[[link]]
name = "uplink"
a = "client"
b = "hub"
[[traffic]]
name = "word"
from = "server"
to = "client"
count = 1
start = "500 us"
{flow}
duration = "5 ms"
"""
        heard, octets = {}, {}
        for kind, flow, all in (("repeater", "", False), ("repeater", FLOW, False), ("repeater", FLOW, True), ("switch", FLOW, False)):
            filled = text.format(kind=kind, flow=flow or FLOW.replace("20000", "1"), all=str(all).lower())
            run = self.run_scenario(self.write("s.toml", filled), "--trace", "none")
            key = kind, bool(flow), all
            heard[key] = run.metric("lan1.b_to_a.arrived"), run.metric("other.pci1.nic1.rx_unmatched")
            octets[key] = run.metric("other.pci1.octets")
            self.assertGreaterEqual(run.metric("server.sink_9.received"), 100 if flow else 0)
        all_hear = heard["repeater", True, False]
        self.assertGreaterEqual(all_hear[1], 100)
        self.assertIn(all_hear[0] - all_hear[1], (1, 2), "but for broadcasts of ARP")
        self.assertEqual(octets["repeater", True, False], octets["repeater", False, False], "not an octet more for a hundred frames")
        self.assertEqual(heard["repeater", True, True][1], 0)
        self.assertGreater(octets["repeater", True, True], octets["repeater", True, False] + 100 * 196, "who takes them all writes them to memory")
        self.assertLessEqual(heard["switch", True, False][1], 1, "the word, should it be flooded")

    def test_what_the_stack_writes_is_right_to_tshark(self):
        host, peer = (192, 0, 2, 1), (192, 0, 2, 77)
        macs = bytes.fromhex("020000000001" "020000000099")
        arp = bytes.fromhex("ffffffffffff" "020000000099" "0806" "0001080006040001" "020000000099") + bytes(peer) + bytes(6) + bytes(host)
        write_pcap(self.folder / "ask.pcap", [arp] + [macs + b"\x08\x00" + echo_request(n, host, peer) for n in range(40)])
        run = self.run_scenario(self.write("stack.toml", f"""
extends = "parts/one-nic.toml"
duration = "15 ms"
[[nic]]
name = "nic0"
mac = "02:00:00:00:00:01"
address = "192.0.2.1/24"
[[replay]]
name = "ask"
peer = "client"
file = "{self.folder}/ask.pcap"
start = "1 ms"
[[traffic]]
name = "up"
from = "server"
to = "client"
pace = "frames"
frames_per_second = 3000
sizes = "uniform"
start = "1 ms"
[[traffic]]
name = "plain"
from = "server"
to = "client"
protocol = "raw"
pace = "frames"
frames_per_second = 2000
sizes = "uniform"
start = "1 ms"
{WIRE}"""), "--trace", "pcap")
        wire = run.directory / "wire.pcapng"
        mine = "eth.src == 02:00:00:00:00:01"
        self.assertEqual(tshark(wire, ["frame.number"], f"{mine} && (_ws.malformed || eth.fcs.status == 0 || ip.checksum.status == 0 || "
                                                        "udp.checksum.status == 0 || icmp.checksum.status == 0)"), [])
        replies = tshark(wire, ["icmp.seq", "icmp.resp_to", "icmp.checksum.status", "ip.dst"], f"{mine} && icmp.type == 0")
        self.assertEqual([int(r[0]) for r in replies], list(range(40)))
        for r in replies:
            self.assertTrue(r[1], "tshark finds the request that it answers")
            self.assertEqual(r[2:], ["1", "192.0.2.77"])
        arps = tshark(wire, ["arp.opcode", "arp.src.proto_ipv4", "arp.dst.hw_mac"], f"{mine} && arp")
        self.assertIn(["2", "192.0.2.1", "02:00:00:00:00:99"], arps)             # the reply
        self.assertTrue(any(a[0] == "1" for a in arps), "and a request of its own")
        udp = tshark(wire, ["udp.checksum.status", "ip.checksum.status", "udp.dstport"], f"{mine} && udp")
        self.assertGreater(len(udp), 30)
        self.assertEqual({tuple(u) for u in udp}, {("1", "1", "9")})
        raw = tshark(wire, ["frame.len"], f"{mine} && eth.type == 0x88b5")
        self.assertGreater(len(raw), 20)
        self.assertGreater(len({r[0] for r in raw}), 10)

    def test_a_host_with_two_cpus(self):
        text = f"""
extends = "parts/one-nic.toml"
duration = "20 ms"
[[cpu]]
name = "cpu1"
host = "server"
[[traffic]]
name = "up"
from = "server"
to = "client"
pace = "line_rate"
start = "1 ms"
{FLOW}"""
        run = self.run_scenario(self.write("two.toml", text), "--trace", "none")
        again = self.run_scenario(self.write("two.toml", text), "--trace", "none", "--reverse-construction")
        self.assertEqual(run.files(), again.files())
        self.assertGreater(run.metric("server.cpu0.work"), 50)
        self.assertGreater(run.metric("server.cpu1.work"), 50)
        self.assertEqual(run.metric("server.cpu0.interrupts"), 0)
        self.assertEqual((run.metric("server.sink_9.damaged"), run.metric("server.sink_9.missing"), run.metric("server.sink_9.late")), (0, 0, 0))
        self.assertEqual(run.metric("server.pci0.nic0.refused_scb"), 0)
        other = self.run_scenario(self.write("odd.toml", text.replace('host = "server"', 'host = "server"\nclock = "400 MHz"', 1)), status=2)
        self.assertTrue(re.search(r"odd\.toml:7:\d+: error: cpu\.clock = .*one clock", other.stderr), other.stderr)


if __name__ == "__main__":
    command.need("tshark")
    unittest.main()
