"""tshark, which shares no code with the model, finds bad frames exactly where a scenario damages them."""
import json
import subprocess
import zlib
import unittest

import command

DAMAGED = """
extends = "parts/one-nic.toml"
duration = "40 ms"
[[link]]
name = "lan0"
bit_error_ratio_b_to_a = "2e-6"
[[traffic]]
name = "down"
from = "client"
to = "server"
pace = "rate"
rate = "60 Mbps"
frame_size = "1000 B"
[[traffic]]
name = "up"
from = "server"
to = "client"
pace = "rate"
rate = "10 Mbps"
frame_size = "300 B"
[[capture]]
name = "wire"
at = "lan0.*.wire"
"""


def tshark(path, *fields):
    """Every frame of a capture as a row of fields; FCS and checksums checked."""
    words = ["tshark", "-n", "-r", str(path), "-o", "eth.check_fcs:TRUE", "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE",
             "-T", "fields", "-E", "separator=|"]
    for f in fields:
        words += ["-e", f]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return [line.split("|") for line in done.stdout.splitlines()]


def octets(path):
    """Time in nanoseconds and octets of the frames that the recording's client sent."""
    done = subprocess.run(["tshark", "-n", "-r", str(path), "-Y", "eth.src == 02:00:00:00:00:01", "-T", "json", "-x"], capture_output=True,
            text=True, check=True)
    layers = [p["_source"]["layers"] for p in json.loads(done.stdout)]
    return [(int(l["frame"]["frame.time_epoch"].replace(".", "")), bytes.fromhex(l["frame_raw"][0])) for l in layers]


class captures(command.scenario_test):
    def test_a_replayed_recording_arrives_octet_for_octet_at_its_times(self):
        run = self.run_scenario(command.SOURCE / "scenarios" / "capture-replay.toml")
        recorded = octets(command.SOURCE / "scenarios" / "captures" / "web-and-ping.pcapng")
        wire, host = octets(run.directory / "wire.pcapng"), octets(run.directory / "memory.pcapng")
        self.assertEqual(len(recorded), 22)
        padded = [frame.ljust(60, b"\0") for _, frame in recorded]
        self.assertEqual([frame[:-4] for _, frame in wire], padded)
        self.assertTrue(all(zlib.crc32(frame[:-4]) == int.from_bytes(frame[-4:], "little") for _, frame in wire))
        self.assertEqual([frame[:-4] for _, frame in host], padded)       # the capture has the FCS as well
        began = wire[0][0] - recorded[0][0]
        for (then, _), (now, frame), (stored, _) in zip(recorded, wire, host):
            self.assertTrue(0 <= now - began - then < 125_000, (then, now))       # a frame that came too soon behind another waits for it
            self.assertTrue(0 < stored - now < 200_000, (now, stored))

    def test_quickstart_has_no_bad_frame(self):
        run = self.run_scenario(command.SOURCE / "scenarios" / "quickstart.toml", "--trace", "all")
        rows = tshark(run.directory / "wire.pcapng", "eth.fcs.status", "ip.checksum.status", "udp.checksum.status", "_ws.malformed", "frame.len")
        self.assertGreater(len(rows), 100)
        for row in rows:
            self.assertIn(row[0], ("1", ""), row)
            self.assertNotIn("0", row[1].split(",") + row[2].split(","), row)
            self.assertEqual(row[3], "", row)

    def test_damaged_frames_are_those_and_no_others(self):
        run = self.run_scenario(self.write("damaged.toml", DAMAGED), "--trace", "all")
        rows = tshark(run.directory / "wire.pcapng", "eth.fcs.status", "frame.comment", "frame.interface_name")
        bad = [r for r in rows if r[0] == "0"]
        self.assertEqual(len([r for r in rows if r[1]]), len(bad), "a comment on every damaged frame, on no other")
        self.assertEqual([r for r in bad if not r[1]], [])
        self.assertGreater(len(bad), 3)
        self.assertEqual({r[2] for r in bad if "a_to_b" in r[2]}, set())
        self.assertEqual(run.metric("lan0.b_to_a.damaged"), len(bad))


if __name__ == "__main__":
    command.need("tshark")
    unittest.main()
