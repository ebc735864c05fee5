"""The checkers that are on in every run say so to the user when their rule is broken: by a device that reaches into packet buffers."""
import re
import unittest

import command


def intruder(writes, check=""):
    """A device that reads, or writes, through the memory in which the host keeps its packets, burst after burst."""
    return f"""
extends = "parts/one-nic.toml"
duration = "3 ms"
[[background]]
name = "intruder"
bus = "server.pci0"
kind = "video"
arrivals = "regular"
interval = "10 us"
burst = "1 KiB"
window_address = 0
window_size = "128 KiB"
over_software = true
write_share = "{1 if writes else 0}"
[[traffic]]
name = "down"
from = "client"
to = "server"
frame_size = "1518 B"
pace = "line_rate"
{check}"""


def counted(*checkers):
    """Breaches are counted instead, which a scenario may only ask for if it expects some."""
    return "[check]\n" + "".join(f'{c} = "count"\n' for c in checkers) + "".join(
        f'[[expect]]\nmetric = "check.{c}_breaches"\nat_least = 1\n' for c in checkers)


def broken(shipped, place, what, *more):
    """A shipped scenario in which a part of IPsec breaks in the middle."""
    fault = f'[[fault]]\nname = "broken"\nat = "{place}"\nwhat = "{what}"\nfrom = "2 ms"\n'
    return f'extends = "{command.SOURCE}/scenarios/{shipped}.toml"\n' + fault + "".join(more)


class checkers(command.scenario_test):
    def stopped(self, text, checker, what):
        """Status 3, the packet named on stderr, the breach in summary and result, and all files whole."""
        run = self.run_scenario(self.write("intruder.toml", text), "--trace", "all", status=3)
        reason = re.fullmatch(rf"nicteam: a checker stopped the run: {checker}: at (.* ms: packet \d+:\d+ .*)\n", run.stderr)
        self.assertTrue(reason, run.stderr)
        self.assertIn(what, reason[1])
        self.assertIn(f"Check {checker}: ", run.stdout)
        self.assertIn(" ".join(reason[1].split()), " ".join(run.stdout.split()))
        self.assertNotIn("counted only", run.stdout.split(f"Check {checker}: ")[1].split("\n\n")[0])
        self.assertGreaterEqual({c["name"]: c["breaches"] for c in run.result()["checks"]}[checker], 1)
        for file in ("wave.vcd", "packets.csv", "run.json"):
            self.assertTrue((run.directory / file).exists(), file)
        self.assertEqual(list(run.directory.glob("*.part")), [])
        return run

    def test_a_body_that_is_read_twice_ends_the_run(self):
        run = self.stopped(intruder(writes=False), "crossings", "crossed too often over the buses of server")
        self.assertLess(int(run.result()["end_ps"]), 3 * 10**9, "at the first breach")

    def test_a_packet_that_is_overwritten_ends_the_run(self):
        self.stopped(intruder(True, counted("crossings")), "conservation", "vanished: it has not ended and is nowhere")

    def test_a_host_that_forgets_to_protect_ends_the_run_with_what_it_showed(self):
        run = self.stopped(broken("inline-esp", "server.stack", "unprotected"), "secrecy",
                           "left server.pci0.nic0.wire in the clear: 192.0.2.1 to 192.0.2.2, protocol")
        self.assertIn("policy protect_all of server protects it", run.stderr)
        self.assertGreaterEqual(int(run.result()["end_ps"]), 2 * 10**9)

    def test_a_host_that_lets_in_what_came_in_the_clear_ends_the_run(self):
        run = self.stopped(broken("crypto/receive-policy", "server.stack", "unjudged"), "admission",
                           "rose above IPsec in server as it came: 192.0.2.2 to 192.0.2.1")
        self.assertIn("policy protect_all protects it", run.stderr)

    def test_both_are_seen_over_ipv6_too(self):
        """Hosts and a peer: the policies of IPv6 hold for IPv6, whoever loses them."""
        text = 'extends = "parts/one-nic.toml"\nduration = "4 ms"\n[[nic]]\nname = "nic0"\naddress = "192.0.2.1/24"\n'
        text += '[[peer]]\nname = "client"\nip = "192.0.2.2"\n'
        for here, there in (("server", "client"), ("client", "server")):
            sa = f'software = "{"from" if here == "server" else "to"}"'
            text += f'[[sa]]\nname = "from_{here}"\nfrom = "{here}"\nto = "{there}"\nip_version = "ipv6"\n{sa}\n'
            held = 'held_by = "receiver"\n' if here == "client" else ""
            text += f'[[policy]]\nname = "all_{here}"\nfrom = "{here}"\nto = "{there}"\nip_version = "ipv6"\nbundle = ["from_{here}"]\n{held}'
            text += f'[[traffic]]\nname = "by_{here}"\nfrom = "{here}"\nto = "{there}"\n'
            text += 'protocol = "udp_ipv6"\npace = "frames"\nframes_per_second = 3000\nframe_size = "300 B"\n'
        fault = '[[fault]]\nname = "broken"\nat = "server.stack"\nwhat = "{}"\nfrom = "2 ms"\n'
        server, client = (f"2001:db8:0:0:0:0:c000:20{n}" for n in (1, 2))
        self.stopped(text + fault.format("unprotected"), "secrecy", f"left server.pci0.nic0.wire in the clear: {server} to {client}")
        self.stopped(text + fault.format("unjudged"), "admission", f"rose above IPsec in server as it came: {client} to {server}")
        run = self.run_scenario(self.write("kept.toml", text))
        self.assertGreater(run.metric("server.stack.inbound_plaintext"), 5)
        self.assertGreater(run.metric("client.verified"), 5)

    def test_a_block_that_uses_a_number_twice_ends_the_run(self):
        block = "server.pci0.nic0.crypto_transmit"
        self.stopped(broken("inline-esp", block, "repeated_numbers"), "numbers", "of association to_client of server, which has left before")
        for cipher in ("aes-ctr", "aes-gcm-16"):
            more = f'[[sa]]\nname = "to_client"\ncipher = "{cipher}"\n' + ('authentication = "null"\n' if "gcm" in cipher else "")
            engines = '[[nic]]\nname = "nic0"\n[nic.crypto]\nengines = ["aes-128-round", "sha1", "ghash"]\n'
            run = self.run_scenario(self.write("s.toml", broken("inline-esp", block, "repeated_numbers", engines, more)), "--trace", "none", status=3)
            self.assertRegex(run.stderr, "numbers: at .* which has left before")

    def test_the_checkers_of_ipsec_count_too_and_other_faults_leave_them_alone(self):
        expect = counted("secrecy").replace("equals", "at_least")
        run = self.run_scenario(self.write("s.toml", broken("inline-esp", "server.stack", "unprotected", expect)), "--trace", "none", status=None)
        self.assertGreater(run.metric("check.secrecy_breaches"), 20)
        removed = '[[fault]]\nname = "out"\nat = "server.pci0.nic0"\nwhat = "removed"\nfrom = "3 ms"\nfor = "1 ms"\n'
        run = self.run_scenario(self.write("s.toml", f'extends = "{command.SOURCE}/scenarios/inline-esp.toml"\n' + removed), "--trace", "none", status=None)
        self.assertEqual({c["breaches"] for c in run.result()["checks"]}, {0})
        self.assertIn(run.status, (0, 1))

    def test_octets_changed_under_tcp_end_the_run(self):
        """A device writes into buffers between the stack and a controller that puts the checksum of TCP on what it then finds: only the streams know."""
        text = f"""
extends = "parts/one-nic.toml"
duration = "5 ms"
[[nic]]
name = "nic0"
identity = "82550"
[nic.driver]
checksum_offload = true
[[connections]]
name = "bulk"
from = "server"
to = "client"
request = "1 MiB"
[[background]]
name = "intruder"
bus = "server.pci0"
kind = "video"
arrivals = "regular"
interval = "20 us"
burst = "256 B"
window_address = 360448
window_size = "24 KiB"
over_software = true
write_share = "1"
"""
        what = r"server\.bulk, connection 0, requests: octet \d+ was sent as [0-9A-F]{2}h and taken as [0-9A-F]{2}h"
        run = self.run_scenario(self.write("streams.toml", text + counted("crossings")), "--trace", "none", status=3)
        self.assertRegex(run.stderr, rf"nicteam: a checker stopped the run: streams: at [0-9.]+ ms: {what}\n")
        run = self.run_scenario(self.write("streams.toml", text + counted("crossings", "streams")), "--trace", "none")
        self.assertEqual(run.result()["end_ps"], str(5 * 10**9))
        self.assertIn("Check streams: ", run.stdout)
        self.assertEqual(run.metric("client.listener_5000.damaged"), 1)

    def test_breaches_are_counted_when_the_scenario_asks(self):
        run = self.run_scenario(self.write("counted.toml", intruder(True, counted("crossings", "conservation"))), "--trace", "none")
        self.assertEqual(run.result()["end_ps"], str(3 * 10**9))
        for c in run.result()["checks"]:
            self.assertEqual(run.metric(f'check.{c["name"]}_breaches'), c["breaches"])
            if c["mode"] != "count":
                continue
            self.assertIn(f'Check {c["name"]}: {c["breaches"]} breach{"" if c["breaches"] == 1 else "es"}\n  counted only, as the scenario asks\n', run.stdout)

    def test_without_the_intruder_there_is_none(self):
        run = self.run_scenario(self.write("alone.toml", intruder(True)), "--trace", "none", "--set", "background.window_address=4194304")
        self.assertEqual({c["breaches"] for c in run.result()["checks"]}, {0})
        self.assertNotIn("Check ", run.stdout)


if __name__ == "__main__":
    unittest.main()
