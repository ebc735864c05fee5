"""What the command answers to words that will not do: what is wrong, what would do, once, where it was said."""
import re
import subprocess
import unittest

from command import NICTEAM, SOURCE, scenario_test

ONE_NIC = """
schema = 1
extends = "parts/host.toml"
duration = "1 ms"
[[nic]]
name = "nic0"
bus = "server.pci0"
[[peer]]
name = "client"
[[link]]
name = "lan0"
a = "server.pci0.nic0"
b = "client"
"""


class messages(scenario_test):
    def said(self, *words, status=2, cwd=SOURCE):
        done = subprocess.run([NICTEAM, *map(str, words)], capture_output=True, text=True, cwd=cwd)
        if status is not None:
            self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stderr

    def test_a_rate_that_ends_have_not_is_told_once_at_the_rate(self):
        where = '--set link.rate=1 Gbps: error: link.rate = "1 Gbps": '
        rates = "; allowed: 10 Mbps, 100 Mbps"
        nic = f'server.pci0.nic0 is an 82559, which runs at 10 and 100 Mbps only{rates}, or any with nic.identity = "extended"'
        hub = f"hub is half duplex, which there is at 10 and 100 Mbps only{rates}"
        for scenario, end, more in (("half-duplex", hub, " (3 more links are like it)"), ("eight-nics", nic, " (7 more links are like it)"),
                                    ("quickstart", nic, "")):
            self.assertEqual(self.said("validate", scenario, "--set", "link.rate=1 Gbps"), where + end + more + "\n")
        self.said("validate", "quickstart", "--set", "link.rate=1 Gbps", "--set", "nic.identity=extended", "--set", "nic.link_rate=1 Gbps", status=0)

    def test_blanks_around_commas_are_none_of_the_names(self):
        self.said("run", "quickstart", "-q", "--until", "1 ms", "--trace", "packets , pcap,", "--out", self.folder / "blanks", status=0)
        self.assertTrue((self.folder / "blanks/packets.csv").exists())
        self.assertTrue((self.folder / "blanks/wire.pcapng").exists())
        self.assertIn("did you mean pcap?", self.said("run", "quickstart", "--trace", "wave, pcab"))

    def test_what_is_missing_is_named_with_what_would_do(self):
        self.assertEqual(self.said("completion"), "nicteam: completion: wants a shell: bash, zsh or fish (nicteam --help)\n")
        self.assertIn("run: wants a scenario: Scenario files, or names", self.said("run"))

    def test_report_of_a_name_points_at_its_directory(self):
        self.said("run", SOURCE / "scenarios/pause.toml", "-q", "--until", "1 ms", cwd=self.folder, status=0)
        for name in ("pause", "pause.toml", "scenarios/pause.toml", "puase"):
            self.assertIn("; did you mean out/pause?\n", self.said("report", name, cwd=self.folder))
        self.assertNotIn("did you mean", self.said("report", "zebra", cwd=self.folder))

    def test_an_identity_from_the_command_line_is_where_the_fault_is(self):
        file = self.write("old.toml", ONE_NIC.replace('bus = "server.pci0"\n', 'bus = "server.pci0"\nidentity = "82557"\ndriver.linear_priority = 7\n')
                          .replace('name = "client"', 'name = "client"\nduplex = "half"'))
        self.said("validate", file, status=0)
        self.assertEqual(self.said("validate", file, "--set", "nic.identity=82558"),
                         f'--set nic.identity=82558: error: nic.driver.linear_priority = 7 ({file}:9:26): only an 82557 has linear priority; '
                         'allowed: 0, or nic.identity = "82557"\n')
        newer = '"82558", "82559", "82550" or "extended"\n'
        file = self.write("new.toml", ONE_NIC.replace('bus = "server.pci0"\n', 'bus = "server.pci0"\ndriver.two_frames = true\n'))
        for key in ("driver.two_frames = true", "driver.flow_control = true", "driver.priority_threshold = 3"):
            file = self.write("new.toml", ONE_NIC.replace('bus = "server.pci0"\n', f'bus = "server.pci0"\n{key}\n'))
            told = self.said("validate", file, "--set", "nic.identity=82557")
            self.assertTrue(told.startswith("--set nic.identity=82557: error: nic.driver."), told)
            self.assertTrue(told.endswith("or nic.identity = " + newer), told)
            self.assertTrue(self.said("validate", self.write("set.toml", ONE_NIC), "--set", "nic.identity=82557", "--set", "nic." + key.replace(" ", ""))
                            .startswith("--set nic.driver."))
        file = self.write("large.toml", ONE_NIC.replace('bus = "server.pci0"\n', 'bus = "server.pci0"\nidentity = "extended"\ntx_fifo = "8 KiB"\n'))
        self.assertIn(f'--set nic.identity=82559: error: nic.tx_fifo = "8 KiB": an 82559 has a transmit FIFO of 3 KiB',
                      self.said("validate", file, "--set", "nic.identity=82559"))

    def test_a_binary_file_as_an_eeprom_is_named_once_and_not_shown(self):
        (self.folder / "image").write_bytes(b"0001 0002\n\x7fELF\x02\x01\x01\x1b[31m" + bytes(range(128, 256)) * 4)
        told = self.said("validate", self.write("binary.toml", ONE_NIC), "--set", f"nic.eeprom={self.folder}/image")
        self.assertEqual(told, f'--set nic.eeprom={self.folder}/image: error: nic.eeprom = "{self.folder}/image": line 2: '
                               '"\\x7FELF\\x02\\x01\\x01\\x1B[31m…" is no word of four hexadecimal digits\n')

    def test_a_protocol_that_the_stack_has_not_is_named(self):
        run = self.run_scenario(SOURCE / "scenarios/quickstart.toml")
        said = "unknown_protocol: a protocol above IPv4 that the stack does not know, TCP among them while no application has connections"
        self.assertIn(said, " ".join(run.stdout.split()))

    def test_a_trace_that_nothing_can_come_of_says_so(self):
        file = self.write("quiet.toml", ONE_NIC)
        def notes(*words, status=0):
            return self.said("run", file, "-q", "--out", self.folder / "out", *words, status=status)
        self.assertEqual(notes("--trace", "pcap"),
                         '--trace: note: trace.pcap: the scenario has no [[capture]]: there is nothing to write; [[capture]] at = "lan0.*.wire" '
                         "takes all frames of a link, and `nicteam explain captures` lists the other points\n")
        self.assertEqual(notes("--set", "trace.mii=true", "--trace", "packets"),
                         "--set trace.mii=true: note: trace.mii: is of the waveform, which this run does not write; --trace wave does\n")
        self.assertIn("--trace wave or --trace txn does\n", notes("--set", "trace.from=1 us"))
        for spoken_for in ([], ["--trace", "all"], ["--trace", "none"], ["--set", "trace.mii=true", "--trace", "wave"], ["--set", "trace.mii=false"]):
            self.assertEqual(notes(*spoken_for), "")
        told = self.write("told.toml", ONE_NIC + "[trace]\npcap = true\nmii = true\n")          # for runs that ask for more
        self.assertEqual(self.said("run", told, "-q", "--out", self.folder / "told", status=0), "")

    def test_a_large_file_is_named_with_its_size(self):
        words = SOURCE / "scenarios/quickstart.toml", "--trace", "pcap,wave,packets,report", "--set", "trace.big_file=10 KiB"
        run = self.run_scenario(*words)
        notes = {n.split(":")[0]: n for n in run.result()["notes"] if n.endswith("(trace.big_file)")}
        for file in ("wire.pcapng", "wave.vcd", "packets.csv"):
            size = (run.directory / file).stat().st_size
            self.assertIn(f": {size / 1e6:.2f} MB; bounded by " if size >= 1e6 else " kB; bounded by ", notes[file])
        self.assertIn("bounded by capture.from, until, limit", notes["wire.pcapng"])
        self.assertIn(f"<td>{(run.directory / 'wave.vcd').stat().st_size / 1e6:.2f} MB</td>", (run.directory / "report.html").read_text())
        self.assertEqual([n for n in self.run_scenario(*words[:3]).result()["notes"] if "big_file" in n], [])

    def test_a_capture_ends_at_its_limit_and_says_so(self):
        words = SOURCE / "scenarios/quickstart.toml", "--trace", "pcap"
        run = self.run_scenario(*words, "--set", "capture.limit=20 KiB")
        size = (run.directory / "wire.pcapng").stat().st_size
        self.assertLess(size, 20 * 1024)
        self.assertGreater(size, 18 * 1024)
        self.assertRegex(" ".join(run.result()["notes"]), r"wire.pcapng ends at .*: \d+ more frames would have made it larger than capture.limit allows")
        whole = self.run_scenario(*words)
        self.assertEqual((run.directory / "wire.pcapng").read_bytes()[:16000], (whole.directory / "wire.pcapng").read_bytes()[:16000])

    def test_whatever_name_stands_in_a_report_is_explained(self):
        run = self.run_scenario(SOURCE / "scenarios/half-duplex.toml", "--trace", "packets,report")
        result, page = run.result(), (run.directory / "report.html").read_text()
        names = set((run.directory / "packets.csv").read_text().splitlines()[0].split(","))
        names |= {m["path"] for m in result["metrics"]} | {h["where"] for h in result["held"]}
        names |= {x for r in result["resources"] for x in (r["path"], r["kind"])}
        names |= {loss["reason"] for loss in result["losses"]} | {f"{f['from']} to {f['to']}" for f in result["flows"]}
        names |= {m for tag in ("th", "h2", "h3", "dt") for m in re.findall(f"<{tag}[^>]*>([^<]+)</{tag}>", page)}
        names -= {"meaning", "value", "what it is"}
        self.assertGreater(len(names), 200)
        self.said("explain", *sorted(names), status=0)

    def test_what_describes_a_sweep_is_told_like_any_other_key(self):
        self.assertEqual(self.said("sweep", "x.toml"), "nicteam: error: cannot read x.toml: No such file or directory\n")
        file = self.write("sweep.toml", ONE_NIC + '[sweep]\nmethods = "grid"\n')
        for command in "validate", "run", "sweep":
            self.assertTrue(self.said(command, file).startswith(f"{file}:15:1: error: sweep.methods: unknown key; did you mean method?"))
        self.said("explain", "sweep", status=0)


if __name__ == "__main__":
    unittest.main()
