"""IPsec and fragments by a host's CPU: tshark and a Python judge take what it sends, closed forms hold what it costs."""
import collections
import ipaddress
import pathlib
import sys
import unittest

import command
import test_esp

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "ipsec"))
import judge

SHIPPED = command.SOURCE / "scenarios" / "crypto" / "host-software.toml"
INLINE = command.SOURCE / "scenarios" / "inline-esp.toml"

# Two hosts with plain NICs, one wire, UDP datagrams both ways.
TWO = """
extends = "parts/host.toml"
duration = "{duration}"
[[nic]]
name = "nic0"
bus = "server.pci0"
address = "192.0.2.1/24"
{nic}
[[host]]
name = "other"
{stack}
[[cpu]]
name = "cpu1"
host = "other"
[[bus]]
name = "pci1"
host = "other"
[[nic]]
name = "nic1"
bus = "other.pci1"
address = "192.0.2.2/24"
[[link]]
name = "lan0"
a = "server.pci0.nic0"
b = "other.pci1.nic1"
{associations}
[[traffic]]
name = "up"
from = "server"
to = "other"
pace = "frames"
frames_per_second = {rate}
count = {count}
{sizes}
[[traffic]]
name = "back"
from = "other"
to = "server"
pace = "frames"
frames_per_second = {rate}
count = {count}
{sizes}
[[capture]]
name = "wire"
at = "server.pci0.nic0.wire"
{more}
"""


def association(name, more="", there="server", here="other", software="both"):
    return f'[[sa]]\nname = "{name}"\nfrom = "{there}"\nto = "{here}"\nsoftware = "{software}"\n' + more.replace("; ", "\n") + "\n"


def policy(*bundle, there="server", here="other", more=""):
    return f'[[policy]]\nname = "p_{there}"\nfrom = "{there}"\nto = "{here}"\nbundle = [{", ".join(chr(34) + b + chr(34) for b in bundle)}]\n{more}\n'


def both_ways(*kinds, more_policy=""):
    """The same bundle each way, the innermost first."""
    text = ""
    for n, (there, here) in enumerate((("server", "other"), ("other", "server"))):
        names = [f"sa{n}{k}" for k in range(len(kinds))]
        text += "".join(association(name, kind, there, here) for name, kind in zip(names, kinds))
        text += policy(*names, there=there, here=here, more=more_policy)
    return text


class host_software(command.scenario_test):
    tshark = test_esp.esp.tshark

    def two(self, associations="", sizes='sizes = "uniform"\nleast_size = "70 B"\ngreatest_size = "1300 B"', rate=3000, count=10,
            duration="8 ms", stack="", more="", nic="", words=(), status=0):
        text = TWO.format(associations=associations, sizes=sizes, rate=rate, count=count, duration=duration, stack=stack, more=more, nic=nic)
        return self.run_scenario(self.write("s.toml", text), *words, status=status)

    def all_arrive(self, run, count=10):
        for host in ("server", "other"):
            self.assertEqual(run.metric(f"{host}.sink_9.received"), count, host)
            self.assertEqual(run.metric(f"{host}.sink_9.damaged"), 0)
            self.assertEqual(run.metric(f"{host}.stack.security_dropped") if run.metric(f"{host}.stack.received") and self.secured else 0, 0)

    secured = False

    def verdicts(self, run):
        found = list(judge.judge(run.directory / "config.resolved.toml").judge(run.directory / "wire.pcapng"))
        self.assertEqual({v.why for v in found}, {""})
        return found

    def test_the_shipped_scenario_has_only_esp_on_the_wire_and_in_memory_and_the_bytes_that_the_nic_would_send(self):
        run, inline = self.run_scenario(SHIPPED, "--trace", "pcap"), self.run_scenario(INLINE, "--trace", "pcap")
        sizes = []
        for r in (run, inline):
            self.assertEqual(self.tshark(r, "on_the_wire.pcapng", "frame.number", show="ip && !esp"), [])
            rows = self.tshark(r, "on_the_wire.pcapng", "esp.icv_good", "ip.src", "frame.len", "udp.length", show="esp")
            self.assertTrue(all(row[0] in ("1", "True") for row in rows))
            # ICMP apart: when it is answered differs
            sizes.append(collections.Counter(tuple(row[1:]) for row in rows if row[3]))
        self.assertEqual(sizes[0], sizes[1])
        self.assertEqual(self.tshark(run, "in_the_host.pcapng", "frame.number", show="ip && !esp"), [])
        self.assertRegex(run.stdout, r"server: its CPU took off \d+ associations and put on \d+: \d+ cycles")

    def test_what_it_costs_is_the_table_s_row_for_each_octet_on_the_wire(self):
        """Octets from the capture: text behind header and IV, up to the ICV; the hash over all but the ICV (RFC 4303, 2)."""
        for cipher, iv, row, cycles in (("aes-cbc", 16, "aes", 23), ("3des-cbc", 8, "des3", 116), ("des-cbc", 8, "des", 43)):
            with self.subTest(cipher):
                self.secured = True
                run = self.two(both_ways(f'cipher = "{cipher}"'))
                self.all_arrive(run)
                packets = [v for v in self.verdicts(run)]
                self.assertEqual(len(packets), 20)
                esp = [len(v.packet) - 20 for v in packets]
                for host, cpu in (("server", "cpu0"), ("other", "cpu1")):      # each puts on 10 and takes off the other 10
                    self.assertEqual(run.metric(f"{host}.{cpu}.cycles_{row}_byte"), cycles * sum(n - 8 - iv - 12 for n in esp))
                    self.assertEqual(run.metric(f"{host}.{cpu}.cycles_sha1_byte"), 13 * sum(n - 12 for n in esp))
                    self.assertEqual(run.metric(f"{host}.{cpu}.cycles_ipsec"), 1000 * 20)
                    self.assertEqual(run.metric(f"{host}.stack.put_on_by_cpu"), 10)
                    self.assertEqual(run.metric(f"{host}.stack.security_taken_off"), 10)

    def test_a_longer_key_costs_more_rounds_and_each_hash_its_row(self):
        """A CPU alone: 23 cycles an octet with 10 rounds of AES, 12 and 14 with longer keys (FIPS 197); of a hash its own row, over what it hashes."""
        hashes = {"null": (None, 0, 0), "hmac-md5-96": ("md5", 5, 12), "hmac-sha1-96": ("sha1", 13, 12), "hmac-sha2-256-128": ("sha2", 22, 16)}
        self.secured, paid = True, {}
        for bits, rounds in ((None, 0), (128, 10), (192, 12), (256, 14)):
            for name, (row, cycles, icv) in hashes.items():
                if bits is None and row is None:
                    continue
                with self.subTest(bits=bits, authentication=name):
                    cipher = f'cipher = "aes-cbc"; key = "0x{"5a" * (bits // 8)}"' if bits else 'cipher = "null"'
                    window = "" if row else "; replay_window = 0"
                    run = self.two(both_ways(f'{cipher}; authentication = "{name}"{window}'), sizes='frame_size = "600 B"')
                    self.all_arrive(run)
                    lengths = {len(v.packet) - 20 for v in self.verdicts(run)}
                    self.assertEqual(len(lengths), 1)
                    packet, = lengths
                    text = packet - 8 - icv - (16 if bits else 0)
                    for host, cpu in (("server", "cpu0"), ("other", "cpu1")):
                        count = {k: run.metric(f"{host}.{cpu}.cycles_{k}_byte") for k in ("aes", "md5", "sha1", "sha2")}
                        wanted = dict.fromkeys(count, 0) | ({"aes": 20 * 23 * (text * rounds // 10)} if bits else {})
                        self.assertEqual(count, wanted | ({row: 20 * cycles * (packet - icv)} if row else {}))
                    paid[bits, name] = sum(count.values())
        for name in hashes:
            grows = [paid[bits, name] for bits in (None, 128, 192, 256) if (bits, name) in paid]
            self.assertEqual(grows, sorted(set(grows)))

    def test_every_algorithm_mode_and_bundle_goes_both_ways(self):
        self.secured = True
        for kinds in (['cipher = "aes-gcm-16"; authentication = "null"'], ['mode = "transport"; cipher = "aes-ctr"; authentication = "hmac-sha2-512-256"'],
                      ['protocol = "ah"; cipher = "null"; mode = "transport"; authentication = "aes-xcbc-mac-96"'],
                      ['protocol = "ah"; cipher = "null"; authentication = "aes-gmac"'],
                      ['udp = true'], ['extended_sequence = true; cipher = "null"; authentication = "hmac-sha2-384-192"'],
                      ['mode = "transport"; cipher = "aes-cbc"', 'cipher = "3des-cbc"'],
                      ['cipher = "aes-cbc"', 'mode = "transport"; protocol = "ah"; cipher = "null"'],
                      ['mode = "transport"', 'protocol = "ah"; cipher = "null"', 'cipher = "aes-ctr"; udp = true']):
            with self.subTest(kinds):
                run = self.two(both_ways(*kinds))
                self.all_arrive(run)
                found = self.verdicts(run)
                self.assertEqual(len(found), 20 * len(kinds))
                self.assertTrue(all(v.inner for v in found))
                # Each association counts from 1 and misses none.
                numbers = collections.defaultdict(list)
                for v in found:
                    numbers[v.protocol, v.spi].append(v.number)
                self.assertEqual(sorted(map(tuple, numbers.values())), [tuple(range(1, 11))] * (2 * len(kinds)))

    def test_inner_associations_by_the_cpu_and_the_outermost_by_the_nic(self):
        nic = 'identity = "extended"\n[nic.crypto]\nenable = true\nengines = ["aes-128-round", "sha1"]'
        associations = association("inner", 'mode = "transport"; cipher = "3des-cbc"') + association("outer", software="to") + policy("inner", "outer")
        run = self.two(associations, nic=nic)
        found = self.verdicts(run)
        self.assertEqual(len(found), 20)                     # ten with two each
        self.assertEqual(run.metric("server.pci0.nic0.crypto_transmit.protected"), 10)
        self.assertEqual(run.metric("server.stack.put_on_by_cpu"), 10)
        self.assertEqual(run.metric("other.sink_9.received"), 10)
        self.assertGreater(run.metric("server.cpu0.cycles_des3_byte"), 0)
        self.assertEqual(run.metric("server.cpu0.cycles_aes_byte"), 0, "that is the nic's")
        back = association("inner_back", 'mode = "transport"; cipher = "3des-cbc"', "other", "server")
        back += association("outer_back", "", "other", "server", software="from") + policy("inner_back", "outer_back", there="other", here="server")
        # The nic opens the outermost, the CPU what it finds in it; the policy sees both. What comes in fragments is the CPU's whole.
        for size, cut, path, by_cpu in (("1000 B", "behind", "feedback_110", 4), ("9000 B", "before", "host", 4), ("9000 B", "behind", "host", 8)):
            with self.subTest(size, cut=cut):
                text = associations + back.replace('name = "outer_back"\n', f'name = "outer_back"\ncut = "{cut}"\n')
                run = self.two(text, f'frame_size = "{size}"', nic=nic + f'\nreturn_path = "{path}"', rate=100, count=4, duration="60 ms")
                self.verdicts(run)
                self.assertEqual(run.metric("server.sink_9.received"), 4)
                self.assertEqual(run.metric("other.sink_9.received"), 4)
                self.assertEqual(run.metric("server.stack.inbound_protected"), 4)
                self.assertEqual(run.metric("server.stack.security_taken_off"), by_cpu)
                self.assertEqual(run.metric("server.pci0.nic0.crypto.associations_taken_off") > 0, by_cpu == 4)
        wrong = association("inner", software="to") + association("outer") + policy("inner", "outer")
        refused = self.two(wrong, nic=nic, status=2)
        self.assertRegex(refused.stderr + refused.stdout, r"policy\.bundle: p_server: inner is put on by a device, and others behind it")

    def test_the_ends_of_an_association_are_told_and_nothing_goes_in_the_clear(self):
        run = self.two(association("one", "soft_packets = 3; hard_packets = 5") + policy("one"))
        self.assertEqual(len(self.verdicts(run)), 5)
        self.assertEqual(self.tshark(run, "wire.pcapng", "frame.number", show="ip.src == 192.0.2.1 && !esp"), [])
        self.assertEqual([run.metric(f"server.stack.{m}") for m in ("put_on_by_cpu", "protection_expired", "soft_lifetimes", "hard_lifetimes")], [5, 5, 1, 1])
        self.assertEqual([run.metric(f"other.stack.security_{m}") for m in ("taken_off", "soft_lifetimes", "hard_lifetimes")], [5, 1, 1])
        self.assertRegex(run.stdout, r"server: 1 of its associations passed the soft lifetime: they ask for successors")
        self.assertRegex(run.stdout, r"server: dropped 5 datagrams that it was to protect and could not")

    def test_datagrams_of_60000_octets_are_cut_before_between_and_behind_protection(self):
        """Protected pieces, one protected whole, or pieces of what the inner association made: FIG. 5 from a host."""
        self.secured = True
        size = 'frame_size = "60046 B"'
        plain = 'cipher = "aes-cbc"'
        def tunnelled(octets, mtu, iv, block):
            """Pieces of so many octets behind an IP header that go through a tunnel: what is inside, two octets and padding fill blocks."""
            inside = (mtu - 20 - 8 - iv - 12) // block * block - 2
            return -(-octets // ((inside - 20) // 8 * 8))
        esp = 8 + 16 + -(-(60008 + 2) // 16) * 16 + 12
        for kinds, judged, cut_inside in (([plain + '; cut = "before"'], tunnelled(60008, 1500, 16, 16), True), ([plain], 1, False),
                                          (['mode = "transport"; ' + plain], 1, False),
                                          (['mode = "transport"; ' + plain, 'cipher = "null"; cut = "before"'], tunnelled(esp, 1500, 0, 4) + 1, False),
                                          ([plain + '; dont_fragment = "set"'], tunnelled(60008, 1500, 16, 16), True),
                                          ([plain + '; path_mtu = "600 B"; cut = "before"'], tunnelled(60008, 600, 16, 16), True)):
            with self.subTest(kinds):
                run = self.two(both_ways(*kinds), size, rate=60, count=1, duration="90 ms")
                self.all_arrive(run, 1)
                found = self.verdicts(run)
                self.assertEqual(len(found), 2 * judged)
                inner = [v.inner for v in found if v.inner[9] != 50]
                self.assertEqual(any(p[6] & 0x3F or p[7] for p in inner), cut_inside)
                lengths = [int(p[0]) for p in self.tshark(run, "wire.pcapng", "frame.len", show="ip")]
                self.assertTrue(all(n <= 1518 for n in lengths))
                self.assertTrue(all(p[9] in (50, 51) for p in judge.frames(run.directory / "wire.pcapng") if p), "nothing in the clear")

    def test_what_is_cut_and_put_together_in_the_clear(self):
        size = 'frame_size = "9000 B"'
        run = self.two("", size, rate=300, count=3, duration="20 ms", words=("--set", "other.cpu1.cost_fragment=600"))
        self.all_arrive(run, 3)
        pieces = -(-(9000 - 18 - 20) // 1480)
        for host, cpu, cycles in (("server", "cpu0", 300), ("other", "cpu1", 600)):
            self.assertEqual([run.metric(f"{host}.stack.{m}") for m in ("cut", "fragments_sent", "fragments", "reassembled")], [3, 3 * pieces, 3 * pieces, 3])
            self.assertEqual(run.metric(f"{host}.{cpu}.cycles_fragment"), 3 * pieces * cycles)
            self.assertEqual(run.metric(f"{host}.{cpu}.cycles_reassemble"), 3 * pieces * 500)
        payloads = self.tshark(run, "wire.pcapng", "udp.length", "udp.checksum.status", show="udp")
        self.assertEqual([p for p in payloads if p[0]], [[str(9000 - 18 - 20), "1"]] * 6, "tshark puts together the same")
        for value, df in (("true", "0"), ("false", "1")):
            run = self.two(stack=f"[host.stack]\nmay_fragment = {value}")
            bits = self.tshark(run, "wire.pcapng", "ip.flags.df", show="ip.src == 192.0.2.2")
            self.assertEqual({b[0].replace("True", "1").replace("False", "0") for b in bits}, {df})

    def test_what_does_not_come_whole_is_given_up_and_its_sender_told(self):
        run = self.two("", 'frame_size = "4000 B"', rate=2000, count=60, duration="60 ms", words=("--set", "lan0.loss_a_to_b=0.1"),
                       stack='[host.stack]\nreassembly_timeout = "5 ms"\nreassembly_memory = "64 KiB"')
        late = run.metric("other.stack.reassembly_timeouts")
        self.assertGreater(late, 5)
        told = run.metric("other.stack.time_exceeded")
        self.assertTrue(0 < told <= late)
        self.assertEqual(run.metric("other.sink_9.damaged"), 0)
        sent = self.tshark(run, "wire.pcapng", "icmp.type", "icmp.code", show="icmp && ip.src == 192.0.2.2")
        self.assertTrue(sent and {tuple(row) for row in sent} == {("11", "1")})

    def test_the_shipped_hosts_cut_before_encryption_and_behind_it(self):
        run = self.run_scenario(SHIPPED.parent / "host-fragments.toml", "--trace", "pcap")
        packets = [p for p in judge.frames(run.directory / "on_the_wire.pcapng") if p]
        pieces = {source: [bool(p[6] & 0x3F or p[7]) for p in packets if p[15] == source] for source in (1, 2)}
        self.assertEqual(pieces, {1: [False] * 18, 2: [True] * 18})
        inner = list(judge.judge(run.directory / "config.resolved.toml").judge(run.directory / "on_the_wire.pcapng"))
        self.assertEqual([v.why for v in inner], [""] * 24)
        self.assertEqual(collections.Counter(bool(v.inner[6] & 0x3F or v.inner[7]) for v in inner), {True: 18, False: 6})

    def test_the_host_cuts_for_its_nic(self):
        nic = 'identity = "extended"\n[nic.crypto]\nenable = true\nengines = ["aes-128-round", "sha1"]'
        run = self.two(association("outer", software="to") + policy("outer"), 'frame_size = "9000 B"', nic=nic, rate=500, count=2, duration="20 ms")
        self.assertEqual(run.metric("other.sink_9.received"), 2)
        found = self.verdicts(run)
        self.assertEqual(len(found), run.metric("server.pci0.nic0.crypto_transmit.protected"))
        self.assertEqual(len(found), 2 * 7)                  # 8,954 + 8 octets in pieces of 1,416: 1,438 fit through the tunnel, 20 of them header
        self.assertTrue(all(v.inner[6] & 0x3F or v.inner[7] for v in found), "each is a piece")
        transport = association("outer", 'mode = "transport"', software="to") + policy("outer")
        inside = self.two(transport, 'frame_size = "9000 B"', nic=nic, rate=500, count=2, duration="20 ms")
        self.assertEqual(inside.metric("server.stack.protected_too_long"), 2)
        self.assertEqual(self.tshark(inside, "wire.pcapng", "frame.number", show="ip.src == 192.0.2.1 && ip.dst == 192.0.2.2 && udp"), [])

    def test_esp_in_udp_in_fragments_is_left_to_the_host_by_the_prior_art(self):
        text = test_esp.ONE.format(crypto='return_path = "host"', route='["576 B"]', associations=test_esp.association("one", "udp = true"), bundle='["one"]')
        text = text.replace('identity = "extended"\n', 'identity = "extended"\naddress = "192.0.2.1/24"\n')
        run = self.run_scenario(self.write("s.toml", text))
        block, stack = "server.pci0.nic0.crypto.", "server.stack."
        self.assertEqual(run.metric(block + "visits_122"), 0)
        self.assertEqual(run.metric(block + "reassembled"), 0)
        self.assertGreater(run.metric(block + "step_706"), 5)
        self.assertGreater(run.metric(stack + "security_reassembled"), 3)
        self.assertEqual(run.metric(stack + "security_dropped"), 0)
        self.assertEqual(run.metric(stack + "security_taken_off"), run.metric(stack + "security_reassembled"), "whole ones the block opens")

    def test_the_last_sequence_number_is_sent_and_nothing_behind_it(self):
        last = 2**32 - 1
        for software in ("both", "to"):
            nic = '' if software == "both" else 'identity = "extended"\n[nic.crypto]\nenable = true\nengines = ["aes-128-round", "sha1"]'
            with self.subTest(software):
                run = self.two(association("one", f"first_sequence = {last - 3}", software=software) + policy("one"), nic=nic)
                self.assertEqual([v.number for v in self.verdicts(run)], list(range(last - 3, last + 1)))
                self.assertEqual(run.metric("other.sink_9.received"), 4)
                self.assertEqual([p for p in judge.frames(run.directory / "wire.pcapng") if p and p[9] != 50 and p[15] == 1], [])
                if software == "both":
                    self.assertEqual([run.metric(f"server.stack.{m}") for m in ("protection_exhausted", "numbers_used_up")], [6, 1])
                    self.assertRegex(run.stdout, r"server: 1 of its associations gave out the last sequence number")
        self.secured = True
        run = self.two(both_ways(f"extended_sequence = true; first_sequence = {last - 3}"))
        self.all_arrive(run)
        self.assertEqual(sorted(v.number for v in self.verdicts(run)), sorted(2 * list(range(last - 3, last + 7))))
        run = self.two(association("one", f"first_sequence = {last + 1}") + policy("one"), status=2)
        self.assertRegex(run.stderr + run.stdout, r"sa\.first_sequence of one = 4294967296: a first sequence number of 4294967296; allowed: 1 to 4294967295")

    def test_a_router_that_tells_of_a_shorter_path_is_heard(self):
        text = SHIPPED.read_text().replace('extends = "../parts', f'extends = "{SHIPPED.parent.parent}/parts')
        text = text[:text.index("[[expect]]")] + '[[router]]\nname = "narrow"\npeer = "client"\nmtu = "900 B"\n'
        text += '[[router]]\nname = "wide"\npeer = "client"\nip = "192.0.2.66"\n'
        text = text.replace('name = "to_client"', 'name = "to_client"\n{cut}').replace('duration = "12 ms"', 'duration = "12 ms"\nwarm_up = "0 ps"')
        # Who asks for protection of all that comes does not hear routers: RFC 4301, 8.2.1 leaves it to a policy.
        heard = '[[policy]]\nname = "hear_routers"\nfrom = "client"\nto = "server"\nsource_prefix = "192.0.2.66/32"\naction = "bypass"\n'
        text = text.replace('[[policy]]\nname = "answer_protected"', heard + '[[policy]]\nname = "answer_protected"')
        for cut in ("", 'cut = "before"'):
            with self.subTest(cut):
                run = self.run_scenario(self.write("s.toml", text.format(cut=cut)), "--trace", "pcap")
                self.assertEqual(run.metric("server.stack.too_big"), 1)
                self.assertGreater(run.metric("server.stack.cut"), 25)
                self.assertGreater(run.metric("client.verified"), 25)
                rows = [(int(r[0]), r[1]) for r in self.tshark(run, "on_the_wire.pcapng", "frame.len", "frame.number", show="ip.src == 192.0.2.1")]
                self.assertGreater(sum(n > 918 for n, _ in rows), 0, "the first, which the router refuses")
                self.assertLess(sum(n > 918 for n, _ in rows), 3)

    def test_what_cannot_be_is_refused_when_the_scenario_is_read(self):
        for text, why in ((association("one", software="to") + policy("one"), r'sa\.from = "server": server\.pci0\.nic0 has no crypto block'),
                          (association("one", software="from") + policy("one"), r'sa\.to = "other": other\.pci1\.nic1 has no crypto block'),
                          (association("one", 'cipher = "null"; authentication = "null"') + policy("one"),
                           r's\.toml:\d+:\d+: error: sa\.authentication of one = "null": cipher null with authentication null protects nothing')):
            with self.subTest(why):
                run = self.two(text, status=2)
                self.assertRegex(run.stderr + run.stdout, why)
        text = SHIPPED.read_text().replace('extends = "../parts', f'extends = "{SHIPPED.parent.parent}/parts').replace('software = "to"', 'software = "both"')
        run = self.run_scenario(self.write("s.toml", text), status=2)
        self.assertRegex(run.stderr + run.stdout, r'sa\.software = "both": client is no host')


if __name__ == "__main__":
    command.need("tshark")
    unittest.main()
