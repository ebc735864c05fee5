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


class jobs(command.scenario_test):
    """What rings are handed: a job that the engines fail at is told, and neither number nor window moves; the host drops it, nothing is clear."""
    CRYPTO = command.SOURCE / "scenarios" / "crypto"

    def faulty(self, shipped, at, what, more=""):
        text = (f'extends = "{self.CRYPTO / shipped}"\nduration = "6.5 ms"\n[[fault]]\nname = "wrong"\nat = "{at}"\nwhat = "{what}"\nfrom = "3 ms"\n' + more)
        return self.run_scenario(self.write("s.toml", text), status=None)

    def test_jobs_of_a_nic_fail_with_the_engines_of_their_direction(self):
        run = self.faulty("sent-back-to-the-nic.toml", "server.pci0.nic0.crypto", "engines_stuck")
        self.assertEqual(run.metric("server.pci0.nic0.crypto_rings.engine_failures"), 3)
        self.assertGreater(run.metric("server.stack.sent_back_refused"), 3)
        good = self.faulty("sent-back-to-the-nic.toml", "server.pci0.nic0.crypto_transmit", "engines_stuck")
        self.assertEqual(good.metric("server.pci0.nic0.crypto_rings.engine_failures"), 0)
        self.assertEqual(good.metric("server.stack.sent_back_refused"), 0)

    def test_jobs_of_a_card_fail_with_its_engines(self):
        card = '[[crypto_card]]\nname = "card"\nengine_failures = {}\nself_test = {}\nengine_watchdog = 4096\n'
        stuck = self.faulty("crypto-card.toml", "server.pci0.card", "engines_stuck", card.format(5, 0))
        self.assertEqual(stuck.metric("server.pci0.card.engine_failures"), 5)
        wrong = self.faulty("crypto-card.toml", "server.pci0.card", "engines_wrong", card.format(2, 0))
        self.assertEqual(wrong.metric("server.pci0.card.engine_failures"), 0, "nobody has noticed")
        tested = self.faulty("crypto-card.toml", "server.pci0.card", "engines_wrong", card.format(2, 1))
        self.assertEqual(tested.metric("server.pci0.card.engine_failures"), 2)
        for run in (stuck, wrong, tested):
            self.assertGreater(run.metric("server.stack.sent_back_refused"), 3)
            self.assertEqual(run.metric("server.sink_9.received"), run.metric("server.stack.sent_back_returned"))

    def test_what_leaves_by_a_ring_with_wrong_engines_is_refused_by_the_far_end_and_with_stuck_ones_not_sent(self):
        wrong = self.faulty("process-and-transmit.toml", "server.pci0.nic0.crypto_transmit", "engines_wrong")
        self.assertGreater(wrong.metric("client.not_opened"), 3)
        stuck = self.faulty("process-and-transmit.toml", "server.pci0.nic0.crypto_transmit", "engines_stuck")
        self.assertGreater(stuck.metric("server.stack.not_put_on_by_rings"), 3)
        self.assertEqual(stuck.metric("server.stack.sent_by_rings"), stuck.metric("server.pci0.nic0.crypto_transmit.made"))

    def test_what_never_reaches_the_engines_is_no_failure_of_theirs(self):
        text = (f'extends = "{INLINE}"\nduration = "6 ms"\n[[fault]]\nname = "wrong"\nat = "server.pci0.nic0.crypto_transmit"\nwhat = "engines_stuck"\n'
                'from = "1 us"\n[[sa]]\nname = "to_client"\nhard_packets = 0\nhard_time = "1 us"\n')
        run = self.run_scenario(self.write("s.toml", text), status=None)
        self.assertEqual(run.metric("server.pci0.nic0.crypto_transmit.engine_failures"), 0)
        self.assertEqual(run.metric("server.pci0.nic0.crypto_transmit.without_engines"), 0)
        self.assertGreater(run.metric("server.pci0.nic0.crypto_transmit.expired"), 5)


if __name__ == "__main__":
    unittest.main()
