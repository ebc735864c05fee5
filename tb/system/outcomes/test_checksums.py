"""tshark finds right what an 82550 inserts, and wrong exactly as many frames as an 82550 does."""
import random
import struct
import subprocess
import unittest

import command

CAPTURE = """
[[capture]]
name = "wire"
at = "lan0.*.wire"
"""

REPLAY = """
extends = "parts/one-nic.toml"
duration = "60 ms"
[[nic]]
name = "nic0"
identity = "82550"
[nic.driver]
checksum_offload = true
[[replay]]
name = "recorded"
peer = "client"
file = "frames.pcap"
""" + CAPTURE


def tshark(path, *more):
    """Status of the checksums of IPv4, UDP and TCP in every frame: 0 wrong, 1 right; none: there is none."""
    words = ["tshark", "-n", "-r", str(path), "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-o",
            "tcp.check_checksum:TRUE", "-T", "fields", "-E",
             "separator=|", "-e", "ip.checksum.status", "-e", "udp.checksum.status", "-e", "tcp.checksum.status", *more]
    return [line.split("|") for line in subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()]


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return 0xFFFF - total


def frame(draw):
    """TCP or UDP, with or without tag, SNAP and options, one time in three with a bit turned somewhere behind the types."""
    payload = draw.randbytes(draw.choice([0, 1, 2, 3, 17, 100, 101, 1000]))
    options = b"\1" * draw.choice([0, 0, 4, 40])
    tcp = draw.random() < 0.5
    addresses = bytes([10, 0, 0, draw.randrange(2, 250), 10, 0, 0, 1])
    head = draw.randbytes(12) + b"\x50\x10" + draw.randbytes(2) + b"\0\0\0\0" if tcp else struct.pack(">HHHH", 1000, 2000, 8 + len(payload), 0)
    body = head + payload
    pseudo = addresses + struct.pack(">BBH", 0, 6 if tcp else 17, len(body))
    at = 16 if tcp else 6
    value = checksum(pseudo + body) or 0xFFFF
    if not tcp and draw.random() < 0.1:
        value = 0                                              # none
    body = body[:at] + struct.pack(">H", value) + body[at + 2:]
    ip = struct.pack(">BBHHHBBH", 0x45 + len(options) // 4, 0, 20 + len(options) + len(body), draw.randrange(65536), 0x4000, 64,
            6 if tcp else 17, 0) + addresses + options
    ip = ip[:10] + struct.pack(">H", checksum(ip)) + ip[12:]
    tag = b"\x81\0\0\x05" if draw.random() < 0.3 else b""
    packet = ip + body
    if draw.random() < 0.3:
        link = struct.pack(">H", 8 + len(packet)) + b"\xaa\xaa\x03\0\0\0\x08\0"
    else:
        link = b"\x08\0"
    if draw.random() < 0.33:
        # Of source address and payload: nothing that says where a header ends.
        places = list(range(12, 16)) + list(range(len(packet) - len(payload), len(packet)))
        n = draw.choice(places)
        packet = packet[:n] + bytes([packet[n] ^ 1 << draw.randrange(8)]) + packet[n + 1:]
    return bytes.fromhex("020000000001020000000009") + tag + link + packet


def write_pcap(path, frames):
    with open(path, "wb") as f:
        f.write(struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for n, d in enumerate(frames):
            d = d.ljust(60, b"\0")
            f.write(struct.pack("<IIII", 0, 150 * n, len(d), len(d)) + d)


class checksums(command.scenario_test):
    def test_those_inserted_are_right(self):
        scenario = self.write("offload.toml", f'extends = "{command.SOURCE}/scenarios/checksum-offload.toml"\n' + CAPTURE)
        run = self.run_scenario(scenario, "--set", "traffic.sizes=imix", "--trace", "pcap", status=None)
        rows = [r for r in tshark(run.directory / "wire.pcapng") if r[0]]
        self.assertGreater(len(rows), 200)
        self.assertEqual({tuple(r) for r in rows}, {("1", "1", "")})
        self.assertGreater(run.metric("server.pci0.nic0.tx_checksums"), 100)
        self.assertEqual(run.metric("server.pci0.nic0.tx_assist_missed"), 0)
        self.assertEqual(run.metric("server.pci0.nic0.rx_bad_checksums"), 0)

    def test_the_parser_finds_wrong_what_tshark_finds_wrong(self):
        draw = random.Random(62)
        write_pcap(self.folder / "frames.pcap", [frame(draw) for _ in range(300)])
        run = self.run_scenario(self.write("replay.toml", REPLAY), "--trace", "pcap")
        rows = [r for r in tshark(self.folder / "frames.pcap") if r[0]]
        wrong = sum("0" in r for r in rows)
        self.assertEqual(len(rows), 300)
        self.assertGreater(wrong, 60)
        self.assertEqual(run.metric("server.pci0.nic0.rx_bad_checksums"), wrong)
        self.assertEqual(run.metric("server.pci0.nic0.rx_checksums"), 300 - wrong)


if __name__ == "__main__":
    command.need("tshark")
    unittest.main()
