"""What a run says of protected payload in the clear, held to captures of all ports as tshark reads them; and what it says of jobs."""
import re
import subprocess
import unittest
import zlib

import command

command.need("tshark")
FIELD = command.SOURCE / "scenarios/team/field"
CAPTURES = "".join(f'[[capture]]\nname = "at_{n}"\nat = "{at}"\n' for n, at in enumerate(("server.pci0.nic0.wire", "server.pci0.nic1.wire", "client.port")))


class exposure(command.scenario_test):
    def leaves(self, run, seen="frame"):
        """(frames that leave the ports, IP payloads of those of UDP between the two ends that are not in ESP)."""
        fields, all_of_them, clear = ("frame.packet_flags_direction", "ip.src", "ip.dst", "ip.proto", "ip.len", "ip.hdr_len"), 0, []
        for n in range(3):
            done = subprocess.run(["tshark", "-r", run.directory / f"at_{n}.pcapng", "-T", "fields", *[w for f in fields for w in ("-e", f)]],
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            for line in done.stdout.splitlines():
                direction, by, to, protocol, octets, header = line.split("\t")
                if int(direction, 0) != 2:
                    continue
                all_of_them += 1
                if protocol == "17" and {by, to} == {"192.0.2.1", "192.0.2.9"}:
                    clear.append(int(octets) - int(header))
        return all_of_them, clear

    def captured(self, scenario, status, *words):
        run = self.run_scenario(self.write("s.toml", f'extends = "{scenario}"\n' + CAPTURES), "--trace", "pcap,report", *words, status=status)
        return run, self.leaves(run)

    def test_nothing_leaves_in_the_clear(self):
        for scenario in (FIELD / "lb-1.toml", FIELD / "lb-1-again.toml"):
            with self.subTest(scenario=scenario.name):
                run, (frames, clear) = self.captured(scenario, 0)
                self.assertEqual(clear, [])
                self.assertEqual(run.result()["exposure"], {"ports": 3, "frames": frames, "in_the_clear": 0, "octets": 0})
                line = f"0 octets of protected payload in the clear on 3 ports ({frames} frames judged)"
                self.assertIn(f"\nExposure\n  {line}\n", run.stdout)
                self.assertIn(f'<p class="good">{line}.</p>', (run.directory / "report.html").read_text())

    def test_a_naive_policy_is_told_to_the_octet(self):
        """Counted, it goes on; else the first frame ends the run with status 3."""
        run, (frames, clear) = self.captured(FIELD / "lb-1-again-naive.toml", 1)
        told = run.result()["exposure"]
        self.assertGreater(len(clear), 10)
        self.assertEqual(told, {"ports": 3, "frames": frames, "in_the_clear": len(clear), "octets": sum(clear)})
        self.assertIn('<p class="bad">', (run.directory / "report.html").read_text())
        run, (frames, clear) = self.captured(FIELD / "lb-1-naive.toml", 3)
        self.assertEqual(run.result()["exposure"], {"ports": 3, "frames": frames, "in_the_clear": 1, "octets": clear[0]})

    def test_where_nobody_protects_anything_nothing_is_said(self):
        run = self.run_scenario(command.SOURCE / "scenarios/quickstart.toml")
        self.assertNotIn("exposure", run.result())
        self.assertNotIn("Exposure", run.stdout)


JOBS = """
extends = "parts/host.toml"
duration = "21 ms"
[[crypto_card]]
name = "card"
bus = "server.pci0"
[[crypto_service]]
name = "pool"
host = "server"
devices = ["server.pci0.card"]
{service}
[[crypto_load]]
name = "load"
service = "server.pool"
{load}
"""


class jobs(command.scenario_test):
    def row(self, load, service=""):
        run = self.run_scenario(self.write("j.toml", JOBS.format(load=load, service=service)), "--trace", "report")
        self.assertNotIn("no packet arrived", run.stdout)
        page = (run.directory / "report.html").read_text()
        self.assertNotIn("No packet arrived", page)
        line, = re.findall(r"^  server\.pool\.load +(.*)$", run.stdout[run.stdout.index("\nJobs\n"):run.stdout.index("\nLosses\n")], re.M)
        cells = re.split(r"  +", line)
        self.assertIn("".join(f'<td class="n">{c}</td>' for c in cells[:3]), page)
        return run, cells

    def test_a_job_each_400_us(self):
        """2,500 of 1,020 octets a second; none waits for another, so all take as long."""
        _, (done, rate, bits, otherwise, least, half, most, longest) = self.row('pace = "open"\ngap = "400 us"\nsize = "1000 B"')
        self.assertEqual((done, rate, bits, otherwise), ("50", "2.50 kjobs/s", "20.4 Mb/s", "none"))
        self.assertEqual((least, half, most), (longest,) * 3)

    def test_of_a_closed_loop_time_is_what_little_says(self):
        """N under way at any time: N = rate x time."""
        run, (done, rate, _, _, *times) = self.row('threads = 4\nsize = "1500 B"')
        time = run.metric("server.pool.load.job_time")
        mean = float(time["mean"])
        self.assertAlmostEqual(int(done) / 20e9 * mean, 4, delta=0.4)

    def test_what_is_refused_is_told(self):
        _, (done, _, _, otherwise, *times) = self.row('pace = "open"\ngap = "400 us"', 'announce = ["nothing"]')
        self.assertEqual((done, otherwise, times), ("0", "50 refused", ["-"] * 4))


class checks(command.scenario_test):
    def test_every_frame_of_a_protected_run_has_its_frame_check_sequence(self):
        """What passes a peer's policies as it is, ARP too: no FCS that was never worked out."""
        run = self.run_scenario(command.SOURCE / "scenarios/team-failover.toml", "--trace", "pcap")
        data, at, frames = (run.directory / "on_the_wire.pcapng").read_bytes(), 0, 0
        while at < len(data):
            kind, size = int.from_bytes(data[at:at + 4], "little"), int.from_bytes(data[at + 4:at + 8], "little")
            if kind == 6:
                frame = data[at + 28:at + 28 + int.from_bytes(data[at + 20:at + 24], "little")]
                self.assertEqual(zlib.crc32(frame[:-4]), int.from_bytes(frame[-4:], "little"), frame.hex())
                frames += 1
            at += size
        self.assertGreater(frames, 100)


if __name__ == "__main__":
    unittest.main()
