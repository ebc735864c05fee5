"""Every waveform of every shipped scenario passes the PCI rules and GTKWave's own reader."""
import re
import subprocess
import sys
import unittest

import command


def changes(path):
    """The value changes of a VCD as (time, path, value), in order of path within an instant."""
    names, scope, now, found = {}, [], 0, {}
    for line in path.read_text().splitlines():
        word = line.split()
        if not word:
            continue
        if word[0] == "$scope":
            scope.append(word[2])
        elif word[0] == "$upscope":
            scope.pop()
        elif word[0] == "$var":
            names.setdefault(word[3], []).append(".".join(scope + [word[4]]))
        elif word[0][0] == "#":
            now = int(word[0][1:])
        elif word[0][0] in "bsr" and len(word) == 2:
            # A vector may be written short: what is missing on the left repeats 0, x or z.
            value = re.sub(r"^(0|x|z)\1*(?=[01xz])", lambda m: "" if m[1] == "0" else m[1], word[0][1:]) if word[0][0] == "b" else word[0][1:]
            value = re.sub(r"^([xz])\1+$", r"\1", value)
            for n in names.get(word[1], []):
                found[(now, n)] = value
        elif word[0][0] in "01xzXZ":
            for n in names.get(word[0][1:], []):
                found[(now, n)] = word[0][0].lower()
    return found


class waveforms(command.scenario_test):
    def test_rules_accept_every_waveform(self):
        rules = command.SOURCE / "tb" / "reference" / "vcd_rules" / "vcd_rules.py"
        for scenario in command.SCENARIOS:
            with self.subTest(scenario.name):
                run = self.run_scenario(scenario, "--trace", "wave")
                done = subprocess.run([sys.executable, str(rules), str(run.directory / "wave.vcd")], capture_output=True, text=True, timeout=300)
                self.assertEqual(done.returncode, 0, done.stdout[:3000] + done.stderr[:1000])
                self.assertNotIn("drawn late", run.stdout)

    def test_a_host_bridge_may_take_longer_than_others_for_its_first_word(self):
        rules = command.SOURCE / "tb" / "reference" / "vcd_rules" / "vcd_rules.py"
        run = self.run_scenario(command.SOURCE / "scenarios" / "quickstart.toml", "--trace", "wave", "--set", "bus.bridge.read_wait=29", "--until", "1500 us",
                                status=1)     # its expectations are of the whole run
        for limits, status in (["--host-memory", "0x1000000"], 0), ([], 1), (["--host-memory", "0x1000000", "--next-data", "0"], 1):
            done = subprocess.run([sys.executable, str(rules), *limits, str(run.directory / "wave.vcd")], capture_output=True, text=True, timeout=300)
            self.assertEqual(done.returncode, status, done.stdout[:3000] + done.stderr[:1000])

    def test_the_view_opens_where_a_fifo_fills_and_names_the_masters(self):
        run = self.run_scenario(command.SOURCE / "scenarios" / "quickstart.toml", "--trace", "wave")
        fills = [t for (t, name), value in changes(run.directory / "wave.vcd").items() if name.endswith("fifo_level") and t > 0]
        saved = (run.directory / "wave.gtkw").read_text()
        start = int(re.search(r"^\[timestart\] (\d+)", saved, re.M)[1])
        self.assertLess(start, min(fills))
        self.assertLess(min(fills) - start, 10_000_000)
        for name in ("REQ_n_nic0", "GNT_n_nic0", "GNT_n_bridge"):
            self.assertIn(f"\nserver.pci0.{name}\n", saved)

    def test_scopes_window_and_clock(self):
        run = self.run_scenario(command.SOURCE / "scenarios" / "quickstart.toml", "--trace", "wave", "--set", 'trace.scopes=["server.pci0.nic0"]',
                                "--set", "trace.from=1 ms", "--set", "trace.until=1100 us")
        found = changes(run.directory / "wave.vcd")
        self.assertEqual({name.rsplit(".", 1)[0] for _, name in found} - {"server.pci0.nic0.driver"}, {"server.pci0.nic0"})
        self.assertEqual(min(t for t, _ in found), 1_000_000_000)
        self.assertLessEqual(max(t for t, _ in found), 1_100_000_000)
        run = self.run_scenario(command.SOURCE / "scenarios" / "quickstart.toml", "--trace", "wave", "--set", "trace.clock=true",
                                "--set", "trace.from=1 ms", "--set", "trace.until=1020 us")
        clock = [(t, v) for (t, name), v in changes(run.directory / "wave.vcd").items() if name == "server.pci0.CLK"]
        edges = sorted(t for t, v in clock if v == "1")
        self.assertGreater(len(edges), 600)
        self.assertEqual({b - a for a, b in zip(edges[1:], edges[2:])}, {30_000})
        rules = command.SOURCE / "tb" / "reference" / "vcd_rules" / "vcd_rules.py"
        done = subprocess.run([sys.executable, str(rules), str(run.directory / "wave.vcd")], capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stdout[:3000] + done.stderr[:1000])

    def test_gtkwave_reads_it_back_unchanged(self):
        command.need("vcd2fst", "fst2vcd")
        run = self.run_scenario(command.SOURCE / "scenarios" / "quickstart.toml", "--trace", "wave")
        wave = run.directory / "wave.vcd"
        back = self.folder / "back.vcd"
        subprocess.run(["vcd2fst", str(wave), str(self.folder / "wave.fst")], check=True, capture_output=True)
        with open(back, "w") as f:
            subprocess.run(["fst2vcd", str(self.folder / "wave.fst")], check=True, stdout=f)
        ours, theirs = changes(wave), changes(back)
        self.assertGreater(len(ours), 1000)
        for key in sorted(ours.keys() | theirs.keys()):
            self.assertEqual(ours.get(key), theirs.get(key), key)
        saved = (run.directory / "wave.gtkw").read_text()
        self.assertTrue(re.search(r"^\[dumpfile\]", saved, re.M))


if __name__ == "__main__":
    unittest.main()
