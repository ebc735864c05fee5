"""Engines of a crypto block that fail in the middle of traffic: nothing in the clear, nothing twice, and the CPU takes over what comes in."""
import re
import unittest

import command

INLINE = command.SOURCE / "scenarios" / "inline-esp.toml"
SHIPPED = command.SOURCE / "scenarios" / "crypto" / "engines-fail.toml"

# What was captured on the wire comes twice, the second time behind the fault.
TWICE = """
duration = "40 ms"
[[replay]]
name = "first"
peer = "client"
file = "{capture}"
only_from = "192.0.2.2"
start = "1 ms"
[[replay]]
name = "again"
peer = "client"
file = "{capture}"
only_from = "192.0.2.2"
start = "21 ms"
"""
FAULT = """
[[fault]]
at = "server.pci0.nic0.crypto"
what = "engines_stuck"
from = "20 ms"
"""


def without(text, *kinds):
    """The scenario without its tables of these kinds."""
    return re.sub(r"\n\[\[(" + "|".join(kinds) + r")\]\]\n(?:[^\[\n].*\n|\n(?!\[))*", "\n", text)


class engine_faults(command.scenario_test):
    def replayed(self, *, fault):
        first = self.run_scenario(INLINE)
        text = without(INLINE.read_text(), "traffic", "ping", "capture", "expect").replace('duration = "12 ms"\n', "").replace(
            'title = "', TWICE.splitlines()[1] + '\ntitle = "')
        more = "\n".join(TWICE.splitlines()[2:]).format(capture=first.directory / "on_the_wire.pcapng")
        return self.run_scenario(self.write("twice.toml", text + more + (FAULT if fault else "")))

    def test_what_the_block_has_taken_off_the_cpu_does_not_take_off_once_more(self):
        for fault in (False, True):
            run = self.replayed(fault=fault)
            opened = run.metric("server.pci0.nic0.crypto.delivered_clear")
            self.assertGreater(opened, 30)
            self.assertEqual(run.metric("server.stack.inbound_protected"), opened)
            if fault:
                self.assertEqual(run.metric("server.stack.security_dropped"), opened)
                self.assertEqual(run.metric("server.stack.security_taken_off"), 0)
                self.assertEqual(run.metric("server.pci0.nic0.crypto.engine_failures"), 3)
                self.assertEqual(run.metric("server.pci0.nic0.crypto.without_engines"), opened - 3)
            else:
                self.assertEqual(run.metric("server.pci0.nic0.crypto.replayed"), opened)

    def test_nothing_that_was_to_be_protected_is_on_the_wire_in_the_clear(self):
        run = self.run_scenario(SHIPPED)
        octets = (run.directory / "on_the_wire.pcapng").read_bytes()
        clear = (run.directory / "in_the_host.pcapng").read_bytes()
        # An IPv4 header of UDP or ICMP from one end to the other, as it stands in host memory.
        for protocol in (1, 17):
            header = re.compile(rb"\x45.{8}" + bytes([protocol]) + rb".." + re.escape(bytes([192, 0, 2, 1, 192, 0, 2, 2])), re.S)
            self.assertGreater(len(header.findall(clear)), 5, protocol)
            self.assertEqual(header.findall(octets), [], protocol)


if __name__ == "__main__":
    unittest.main()
