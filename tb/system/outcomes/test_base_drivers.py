"""Base drivers (source documents 000/001, paragraph 20): those of a team are those that run without one, seen from outside."""
import difflib
import re
import sys
import unittest

import command
from bus_tenures import tenures

sys.path.insert(0, str(command.SOURCE / "tb" / "system"))
from scenario_text import client, keys, link, member, nic, several, table, team, traffic  # noqa: E402

ADDRESS = "192.0.2.1/24"
HOST_BRIDGE = 0                                # master's number
IDENTIFICATION = [("configuration read", 0x00), ("configuration read", 0x00), ("configuration read", 0x08)]     # FIG. 4, 300: vendor, device, revision
REGISTERS = 0xC0000000                         # firmware's choice for the only device
GENERAL_STATUS = [("memory read", REGISTERS + 0x1C)]             # where the driver looks for the link
MANAGEMENT = [("memory read", REGISTERS + 0x10)] * 6 + [("memory write", REGISTERS + 0x10)] * 3      # older controllers: three of the PHY's as well
LOOK = dict.fromkeys(("82557", "82558"), MANAGEMENT + GENERAL_STATUS)


def scenario(layer=None, identity="82559", driver=None, **of_team):
    """One NIC and what comes to its host: ARP, datagrams that are sent back, answered pings, IPv6, bare frames. `layer`: with a team of it alone."""
    text = keys(dict(schema=1, extends="parts/host.toml", duration="20 ms"))
    text += nic(0, mac="02:00:00:00:00:02", identity=identity, address=None if layer else ADDRESS, driver=driver or {})
    text += table("peer", "client", mac="02:00:00:00:00:01", ip="192.0.2.9") + link("lan0", "server.pci0.nic0", "client")
    if layer:
        text += team(1, address=ADDRESS, layer=layer, mode="aft", outbound="return", num_grat_arp=0, **of_team)      # no frame of its own
    for n, of in enumerate([dict(destination_port=7, sizes="imix"), dict(protocol="udp_ipv6", frame_size="700 B"), dict(protocol="raw", frame_size="300 B")]):
        text += traffic(f"down{n}", "client", "server", pace="frames", frames_per_second=500, start=f"{1250 + 500 * n} us", **of)
    text += table("echo", "mirror", host="server", port=7) + table("ping", "ask", **{"from": "server"}, to="client", start="2750 us", interval="2 ms")
    return text + table("capture", "wire", at="lan0.*.wire")


def without_buffer_addresses(found):
    """As (command, address, text). A descriptor of one buffer, in the extended command (words 5 and 6 of 8) or beside it, says where that is."""
    seen, buffer = [], None
    for t in found:
        if t.master != HOST_BRIDGE:
            at = {8: 4, 2: 0}.get(len(t.words))
            if at is not None and t.words[at + 1][1] >> 16 == 1 and t.command == "memory read line":
                buffer = t.words[at][1]
                t.words[at] = (t.words[at][0], 0)
            elif buffer is not None and buffer <= t.address < buffer + 2048:
                t.address -= buffer
        seen.append((t.command, t.address, f"by {t.master}: " + " ".join(f"{e:x}:{w:08x}" for e, w in t.words)))
    return seen


def frames(path):
    """(interface, octets) of each enhanced packet block (pcapng, section 4.3), in order of the file."""
    octets, at, found = path.read_bytes(), 0, []
    while at < len(octets):
        kind, length = (int.from_bytes(octets[at + n:at + n + 4], "little") for n in (0, 4))
        if kind == 6:
            captured = int.from_bytes(octets[at + 20:at + 24], "little")
            found.append((int.from_bytes(octets[at + 8:at + 12], "little"), octets[at + 28:at + 28 + captured].hex()))
        at += length
    return found


class on_the_bus(command.scenario_test):
    def seen(self, **what):
        run = self.run_scenario(self.write("s.toml", scenario(**what)), "--trace", "wave,pcap", "-q")
        return without_buffer_addresses(tenures(run.directory / "wave.vcd")), frames(run.directory / "wire.pcapng"), run

    def added_to(self, bare, teamed):
        """What only the second has, in any order; what only the first has is a failure."""
        ops = [o for o in difflib.SequenceMatcher(None, bare, teamed, autojunk=False).get_opcodes() if o[0] != "equal"]
        self.assertEqual([t for _, a, b, _, _ in ops for t in bare[a:b]], [])
        return sorted(t[:2] for _, _, _, a, b in ops for t in teamed[a:b])

    def compare(self, looks, identity="82559", driver=None, **of_team):
        bare, bare_frames, run = self.seen(identity=identity, driver=driver)
        teamed, teamed_frames, _ = self.seen(identity=identity, driver=driver, **of_team)
        self.assertEqual(self.added_to(bare, teamed), sorted(IDENTIFICATION + LOOK.get(identity, GENERAL_STATUS) * looks))
        for way in {way for way, _ in bare_frames}:
            self.assertEqual([f for w, f in teamed_frames if w == way], [f for w, f in bare_frames if w == way])
        self.assertEqual(len(teamed_frames), len(bare_frames))
        self.assertGreater(run.metric("server.pci0.nic0.tx_frames"), 18)
        self.assertGreater(run.metric("server.pci0.nic0.rx_frames"), 34)
        self.assertGreater(len(bare), 600)

    def test_every_access_and_every_word_is_the_same_but_what_the_team_asks_the_driver_for(self):
        for identity in ("82557", "82558", "82559", "82550", "extended"):
            with self.subTest(identity):
                self.compare(1, identity, layer="around")
        for driver in (dict(receive_mode="flexible", receive_buffer="512 B"), dict(completion_interrupt=1, transmit_ring=8)):
            with self.subTest(driver):
                self.compare(1, driver=driver, layer="around")

    def test_media_sense_is_the_drivers_own_look_at_its_link(self):
        self.compare(0, layer="around", miimon="0 ps")
        for layer in ("around", "monolithic"):
            self.compare(5, layer=layer, miimon="4 ms")

    def test_a_driver_that_did_one_thing_otherwise_would_be_seen(self):
        bare, _, _ = self.seen()
        for otherwise in (dict(transmit_threshold=0x20), dict(underrun_retry=2), dict(completion_interrupt=1), dict(read_back=False), dict(receive_ring=63),
                          dict(budget=1, policy="mask_and_poll")):
            with self.subTest(otherwise):
                teamed, _, _ = self.seen(layer="around", driver=otherwise)
                with self.assertRaises(AssertionError):
                    self.assertEqual(self.added_to(bare, teamed), sorted(IDENTIFICATION + GENERAL_STATUS))


class several_at_once(command.scenario_test):
    """Paragraph 17: one code for several NICs. Members on one interrupt line are asked in turn, each by its own state (decision 191)."""
    MEMBERS = 4

    def run_with(self, routing, more=""):
        text = keys(dict(schema=1, extends="parts/host.toml", duration="12 ms", warm_up="0 ps")) + table("host", "server", interrupts=dict(routing=routing))
        text += several(self.MEMBERS, member) + client() + team(self.MEMBERS, address=ADDRESS, mode="alb", balance="round_robin", miimon="1 ms")
        for name, ends in (("up", {}), ("down", dict(source="client", destination="server"))):
            text += traffic(name, **ends, pace="frames", frames_per_second=2000, frame_size="1000 B", start="1 ms")
        run = self.run_scenario(self.write("s.toml", text + more), "--trace", "wave", "-q")
        metrics = {m["path"]: int(m["value"]) for m in run.result()["metrics"] if m["kind"] == "counter"}
        return metrics, tenures(run.directory / "wave.vcd")

    def each(self, metrics, name):
        return [metrics[f"server.pci0.nic{n}.driver.{name}"] for n in range(self.MEMBERS)]

    def test_members_on_one_line_are_asked_in_turn_and_each_takes_its_own(self):
        apart, _ = self.run_with("by_slot")
        metrics, found = self.run_with("one_line")
        taken = metrics["server.cpu0.interrupts"]
        self.assertEqual([a + b for a, b in zip(self.each(metrics, "interrupts"), self.each(metrics, "not_mine"))], [taken] * self.MEMBERS)
        self.assertEqual(self.each(apart, "not_mine"), [0] * self.MEMBERS)
        self.assertTrue(all(n >= 3 for n in self.each(metrics, "interrupts")))
        for name in ("server.sink_9.received", "client.verified", "server.cpu0.spurious"):
            self.assertEqual(metrics[name], apart[name], name)
        self.assertEqual(metrics["server.cpu0.spurious"], 0)
        self.assertEqual(self.rounds(found), [(0, 1, 2, 3)] * taken)

    def rounds(self, found):
        """On the bus: whose word of status was read with each interrupt, in order, and answered. What each driver reads as it comes up is left out."""
        asked = [(t.address - REGISTERS) // 0x40000 for t in found if t.master == HOST_BRIDGE and t.command == "memory read"
                 and t.words and t.words[0][0] == 15 and t.address >= REGISTERS and t.address % 0x40000 == 0][self.MEMBERS:]
        starts = [n for n, slot in enumerate(asked) if slot == 0]
        return [tuple(asked[a:b]) for a, b in zip(starts, starts[1:] + [len(asked)])]

    def test_a_member_that_is_pulled_out_leaves_the_line_to_its_mates(self):
        """An access to it ends in an abort, or is not tried any more; it holds no mate's interrupt up, and asks for its own when it is back."""
        metrics, found = self.run_with("one_line", table("fault", "pulled", at="server.pci0.nic1", what="removed", **{"from": "4200 us", "for": "4 ms"}))
        rounds = self.rounds(found)
        changes = [r for n, r in enumerate(rounds) if n == 0 or r != rounds[n - 1]]
        self.assertEqual(changes, [(0, 1, 2, 3), (0, 2, 3), (0, 2, 3, 1), (0, 1, 2, 3)])      # the third: behind an interrupt its driver came up
        self.assertGreater(rounds.count((0, 2, 3)), 10)
        self.assertEqual(metrics["server.cpu0.spurious"], 0)
        self.assertEqual(metrics["server.sink_9.damaged"], 0)
        self.assertGreaterEqual(metrics["server.sink_9.received"], 20)


class in_the_sources(unittest.TestCase):
    """Room `driver` knows nothing of what stands on it."""
    WORDS = re.compile(r"team|augmentation|virtual_nic|virtual_protocol|aggregat|failover|\b(202|204|206|208|210|250)\b", re.I)

    def test_no_driver_names_a_team(self):
        folders = [command.SOURCE / name for name in ("models/driver", "include/nicteam/driver")]
        sources = [p for folder in folders for p in sorted(folder.rglob("*")) if p.suffix in (".h", ".cpp")]
        self.assertGreater(len(sources), 30)
        for source in sources:
            for n, line in enumerate(source.read_text().splitlines(), 1):
                self.assertIsNone(self.WORDS.search(re.sub(r"//.*|nicteam", "", line)), f"{source}:{n}: {line}")

    def test_one_place_makes_them_for_every_nic(self):
        """It asks whether the NIC is a member only to leave the intermediary out of a monolithic team."""
        makers = [p for p in sorted((command.SOURCE / "models").rglob("*.cpp")) if "make_unique<driver::base_driver>" in p.read_text()]
        self.assertEqual([p.name for p in makers], ["software.cpp"])
        self.assertFalse([p for p in sorted((command.SOURCE / "models").rglob("*.[hc]*")) if re.search(r"public (driver::)?base_driver\b", p.read_text())])


if __name__ == "__main__":
    unittest.main(verbosity=2)
