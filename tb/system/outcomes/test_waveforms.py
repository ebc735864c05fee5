"""Waveforms: what the pins of the MII carry, what a view opens with, GTKWave's own reader. Rules of PCI: test_waveform_rules.py."""
import json
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


sys.path.insert(0, str(command.SOURCE / "tb" / "reference" / "vcd_rules"))
import mii_frames  # noqa: E402


def captured(path):
    """{"tx" or "rx": [(ns of the first octet of the destination address, octets)]} of a capture at a NIC's port."""
    done = subprocess.run(["tshark", "-n", "-r", str(path), "-T", "json", "-x"], capture_output=True, text=True, check=True)
    found = {"tx": [], "rx": []}
    for packet in json.loads(done.stdout):
        layers = packet["_source"]["layers"]
        way = "tx" if int(layers["frame"]["frame.packet_flags_tree"]["frame.packet_flags_direction"], 16) == 2 else "rx"
        found[way].append((int(layers["frame"]["frame.time_epoch"].replace(".", "")), bytes.fromhex(layers["frame_raw"][0])))
    return found


class waveforms(command.scenario_test):
    def test_the_mii_pins_carry_the_frames_of_the_capture(self):
        command.need("tshark")
        capture = '[[capture]]\nname = "mac"\nat = "server.pci0.nic0.wire"\n'
        for name, extra in (("quickstart", ()), ("overrun-and-recovery", ("--set", 'lan0.rate="10 Mbps"', "--set", 'client.down.rate="8 Mbps"'))):
            with self.subTest(name):
                text = (command.SOURCE / "scenarios" / f"{name}.toml").read_text().replace('"captures/', f'"{command.SOURCE}/scenarios/captures/')
                run = self.run_scenario(self.write(f"{name}.toml", text + capture), "--trace", "wave,pcap", "--set", "trace.mii=true",
                        "--until", "20 ms", *extra, status=None)
                self.assertNotIn("drawn late", run.stdout)
                drawn, there = mii_frames.decode(run.directory / "wave.vcd")["server.pci0.nic0.mii"], captured(run.directory / "mac.pcapng")
                self.assertEqual({w: [(round(t / 1000), f) for t, f in drawn[w]] for w in drawn}, there)
                self.assertGreater(len(there["rx"]) + len(there["tx"]), 10)
                saved = (run.directory / "wave.gtkw").read_text()
                self.assertIn("-server.pci0.nic0.mii\n", saved)
                self.assertIn("server.pci0.nic0.mii.RXD[3:0]", saved)
                self.assertEqual(subprocess.run([sys.executable, str(command.SOURCE / "tb/reference/vcd_rules/vcd_rules.py"),
                        str(run.directory / "wave.vcd")]).returncode, 0)

    def test_collisions_are_seen_at_the_mii(self):
        run = self.run_scenario(command.SOURCE / "scenarios" / "half-duplex.toml", "--trace", "wave", "--set", "trace.mii=true", "--set",
                "warm_up=0 ps", "--until", "12 ms", status=None)
        port = mii_frames.read(run.directory / "wave.vcd")["server.pci0.nic0.mii"]
        collisions = run.metric("server.pci0.nic0.tx_collisions")
        self.assertGreater(collisions, 10)
        self.assertEqual(sum(pins.get("COL") == 1 for _, pins in port), collisions)
        sent = mii_frames.decode(run.directory / "wave.vcd")["server.pci0.nic0.mii"]["tx"]
        self.assertEqual(len(sent), collisions + run.metric("server.pci0.nic0.tx_frames"))

    def test_a_nibble_that_is_wrong_in_the_waveform_is_wrong_in_the_frame(self):
        run = self.run_scenario(command.SOURCE / "scenarios" / "quickstart.toml", "--trace", "wave", "--set", "trace.mii=true", "--until", "2 ms", status=None)
        text = (run.directory / "wave.vcd").read_text()
        whole = mii_frames.decode(run.directory / "wave.vcd")
        pin = re.search(r"\$var wire 4 (\S+) RXD ", text)[1]
        places = [m.start(1) for m in re.finditer(rf"^b([01]+) {re.escape(pin)}$", text, re.M)]
        at = places[len(places) // 2]
        (run.directory / "wave.vcd").write_text(text[:at] + ("0" if text[at] == "1" else "1") + text[at + 1:])
        self.assertNotEqual(mii_frames.decode(run.directory / "wave.vcd"), whole)
        enable = re.search(r"\$var wire 1 (\S+) RX_DV ", text)[1]
        (run.directory / "wave.vcd").write_text(re.sub(rf"^1{re.escape(enable)}$", f"0{enable}", text, count=1, flags=re.M))
        done = subprocess.run([sys.executable, str(command.SOURCE / "tb/reference/vcd_rules/mii_frames.py"),
                str(run.directory / "wave.vcd")], capture_output=True, text=True)
        self.assertEqual((done.returncode, len(mii_frames.read(run.directory / "wave.vcd"))), (0, 1))
        self.assertLess(done.stdout.count(" rx "), len(whole["server.pci0.nic0.mii"]["rx"]))

    def test_a_device_that_is_gone_has_no_descriptors(self):
        run = self.run_scenario(command.SOURCE / "scenarios" / "hot-plug.toml", "--trace", "wave", "--set", "trace.scopes=server.pci0.comes_and_goes.driver")
        text = (run.directory / "wave.vcd").read_text()
        posted = re.search(r"\$var wire 16 (\S+) receive_posted ", text)[1]
        changes, now = [], 0
        for line in text.splitlines():
            if line.startswith("#"):
                now = int(line[1:])
            elif line.startswith("b") and line.split()[1] == posted:
                changes.append((now, int(line[1:].split()[0], 2)))
        # Pulled at 4 ms, put in again at 7 ms.
        at = lambda when: [v for t, v in changes if t <= when * 10**9][-1]
        self.assertEqual([at(3.9) > 0, at(4.1), at(6.9), at(7.3) > 0], [True, 0, 0, True])

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
