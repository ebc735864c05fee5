"""How the host does the ciphers is a matter of its time alone: with what was encrypted remembered or not, with a thread beside the
simulation or not, every file is the same."""
import itertools
import re
import struct
import unittest
import zlib

import command

INLINE = command.SOURCE / "scenarios" / "inline-esp.toml"
FAR_END = "server.pci0.nic0.crypto"
SWITCHES = [(f"--transform-cache={cache}", f"--crypto-worker={worker}") for cache, worker in itertools.product(("on", "off"), ("on", "off"))]
PROTECTED = [p for p in command.SCENARIOS if "[[sa]]" in p.read_text()]

# More than fits into a frame, both ways, over a link that damages, doubles and reorders; engines that fail, and that compute wrongly.
ROUGH = """
[[traffic]]
name = "more_down"
from = "client"
to = "server"
pace = "frames"
frames_per_second = 6000
frame_size = "1438 B"
[[traffic]]
name = "more_up"
from = "server"
to = "client"
pace = "frames"
frames_per_second = 6000
frame_size = "1438 B"
[[fault]]
at = "lan0.*"
what = "bit_errors"
from = "3 ms"
for = "3 ms"
amount = "0.0001"
[[fault]]
at = "server.pci0.nic0.crypto"
what = "engines_wrong"
from = "5 ms"
for = "2 ms"
[[fault]]
at = "server.pci0.nic0.crypto_transmit"
what = "engines_wrong"
from = "8 ms"
for = "1 ms"
"""

# What another run encrypted, some of it with an octet changed, and all of it twice.
REPLAYED = """
[[replay]]
name = "first"
peer = "client"
file = "{0}"
only_from = "192.0.2.2"
start = "1 ms"
[[replay]]
name = "again"
peer = "client"
file = "{0}"
only_from = "192.0.2.2"
start = "21 ms"
"""


def without(text, *kinds):
    """The scenario without its tables of these kinds."""
    return re.sub(r"\n\[\[(" + "|".join(kinds) + r")\]\]\n(?:[^\[\n].*\n|\n(?!\[))*", "\n", text)


def slow(text):
    """With a cipher that a thread is worth."""
    return text.replace('"aes-cbc"', '"3des-cbc"').replace('"aes-128-round"', '"3des-pipelined"')


def tampered(capture, each):
    """Of the frames of a pcapng file that carry ESP every so manyth has an octet of text changed, and its FCS is right again. How many, and the file."""
    capture, at, esp, changed = bytearray(capture), 0, 0, 0
    while at < len(capture):
        kind, length = struct.unpack_from("<II", capture, at)
        if kind == 6:                                                # enhanced packet block
            octets = struct.unpack_from("<I", capture, at + 20)[0]
            begin, end = at + 28, at + 28 + octets
            if capture[begin + 12:begin + 15] == b"\x08\x00\x45" and capture[begin + 23] == 50:
                esp += 1
                if esp % each == 0:
                    capture[begin + 100] ^= 0x20
                    capture[end - 4:end] = struct.pack("<I", zlib.crc32(capture[begin:end - 4]))
                    changed += 1
        at += length
    return changed, bytes(capture)


class host_work(command.scenario_test):
    def alike(self, scenario, *options, status=None):
        """The run, the same with each pair of switches."""
        runs = [self.run_scenario(scenario, *options, *s, status=status) for s in SWITCHES]
        first = runs[0].files()
        self.assertIn("result.json", first)
        for run, switches in zip(runs[1:], SWITCHES[1:]):
            files = run.files()
            self.assertEqual(first.keys(), files.keys(), switches)
            self.assertEqual([n for n in first if first[n] != files[n]], [], f"{scenario} {switches}")
            said = run.stdout.replace(str(run.directory), str(runs[0].directory))
            self.assertEqual((runs[0].status, runs[0].stdout, runs[0].stderr), (run.status, said, run.stderr), switches)
        return runs[0]

    def test_every_shipped_scenario_that_protects_anything(self):
        self.assertGreater(len(PROTECTED), 30)
        for scenario in PROTECTED:
            with self.subTest(scenario=scenario.name):
                self.alike(scenario, "-q")

    def test_a_rough_link_and_engines_that_compute_wrongly(self):
        text = slow(without(INLINE.read_text(), "expect")) + ROUGH
        run = self.alike(self.write("rough.toml", text), "--trace", "all")
        self.assertGreater(run.metric(FAR_END + ".delivered_clear"), 30)
        self.assertGreater(run.metric(FAR_END + ".bad_icv"), 3)
        self.assertGreater(sum(int(m["value"]) for m in run.result()["metrics"] if re.fullmatch(r"lan0\..*\.damaged", m["path"])), 3)

    def test_packets_of_another_run_and_tampered_ones_and_repeated_ones(self):
        first = self.run_scenario(self.write("first.toml", slow(INLINE.read_text())))
        changed, capture = tampered((first.directory / "on_the_wire.pcapng").read_bytes(), 3)
        self.assertGreater(changed, 20)
        (self.folder / "tampered.pcapng").write_bytes(capture)
        text = slow(without(INLINE.read_text(), "traffic", "ping", "expect")).replace('duration = "12 ms"', 'duration = "40 ms"')
        run = self.alike(self.write("replayed.toml", text + REPLAYED.format(self.folder / "tampered.pcapng")))
        self.assertGreater(run.metric(FAR_END + ".bad_icv"), 10)
        self.assertGreater(run.metric(FAR_END + ".replayed"), 10)

    def test_a_switch_with_another_word_is_refused(self):
        for wrong in ("--crypto-worker=2", "--transform-cache=auto", "--crypto-worker"):
            run = self.run_scenario(INLINE, wrong, status=2)
            self.assertIn(wrong.partition("=")[0], run.stderr)


if __name__ == "__main__":
    unittest.main()
