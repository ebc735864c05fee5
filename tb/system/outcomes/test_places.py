"""Where data and devices are: crossings of each bus by the table of what-if.md, read from how the octets of a bus grow with those of a packet.

A packet that is longer by D octets makes a bus carry k * D more when its body crosses k times; what goes with it (descriptors, entries,
completions) does not grow.
"""
import unittest

import command

TEAM = command.SOURCE / "scenarios" / "team"
PACKETS, SHORT, LONG = 20, 600, 1112      # octets of frames: D is a multiple of a cipher's block and of what a bridge fetches ahead
D = LONG - SHORT


class crossings(command.scenario_test):
    def growth(self, scenario, counted, *sets, of="server.up", key="frame_size"):
        """Octets of each bus for one packet more of D octets."""
        grown = []
        for size in (SHORT, LONG):
            words = [w for s in (*sets, f"{of}.{key}={size} B", f"{of}.count={PACKETS}") for w in ("--set", s)]
            run = self.run_scenario(scenario, *words, status=None)
            self.assertEqual(run.metric(counted), PACKETS, f"{scenario}: {counted}")
            grown.append({m["path"]: int(m["value"]) for m in run.result()["metrics"] if m["kind"] == "counter" and m["path"].endswith(".octets")})
        return lambda bus: (grown[1][bus + ".octets"] - grown[0][bus + ".octets"]) / (PACKETS * D)

    def team(self, nic0="", nic1="", team="", card="", extra="", outbound=True):
        capable = 'identity = "extended"\n[nic.crypto]\nenable = true\nengines = ["aes-128-round", "sha1"]\n'
        ends = ("server", "client") if outbound else ("client", "server")
        return self.write("s.toml", f"""
extends = "parts/two-nic-team.toml"
duration = "40 ms"
[[nic]]
name = "nic0"
{capable if nic0 else ""}
[[nic]]
name = "nic1"
{capable if nic1 else ""}
[[bus]]
name = "private"
host = "server"
{card and f'[[crypto_card]]{chr(10)}name = "card"{chr(10)}bus = "{card}"{chr(10)}engines = ["aes-128-round", "sha1"]'}
[[team]]
name = "team0"
{f'cards = ["{card}.card"]' if card else ""}
{team}
[[sa]]
name = "protected"
from = "{ends[0]}"
to = "{ends[1]}"
cipher = "aes-cbc"
[[policy]]
name = "protect_all"
from = "{ends[0]}"
to = "{ends[1]}"
bundle = ["protected"]
[[traffic]]
name = "up"
from = "{ends[0]}"
to = "{ends[1]}"
pace = "frames"
frames_per_second = 1000
frame_size = "600 B"
{extra}
""")

    def test_paths_of_a_team_that_sends(self):
        """Row by row; `private`: of the bus that only the card is on."""
        software = '[team.sharing]\nsoftware = "last_resort"\n'
        for what, setup, host, private in (
                ("inline", {"nic0": True}, 1, 0),
                ("a backup encrypts and returns", {"nic1": True}, 3, 0),
                ("a backup encrypts and sends", {"nic1": True, "team": 'outbound = "transmit"'}, 1, 0),
                ("it sends under another address", {"nic1": True, "team": 'outbound = "transmit_as_destination"'}, 1, 0),
                ("a card beside the nics", {"card": "server.pci0"}, 3, 0),
                ("a card on a private bus", {"card": "server.private"}, 1, 2),
                ("software", {"card": "", "team": software}, 1, 0)):
            with self.subTest(what):
                grown = self.growth(self.team(**setup), "client.opened")
                self.assertAlmostEqual(grown("server.pci0"), host, delta=0.01 if what == "software" else 0, msg="a nic may look at a descriptor again")
                self.assertEqual(grown("server.private"), private)

    def test_paths_of_a_team_that_receives(self):
        for what, setup, host, private in (
                ("inline", {"nic0": True}, 1, 0),
                ("a backup decrypts and returns", {"nic1": True}, 3, 0),
                ("a card beside the nics", {"card": "server.pci0"}, 3, 0),
                ("a card on a private bus", {"card": "server.private"}, 1, 2)):
            with self.subTest(what):
                grown = self.growth(self.team(outbound=False, **setup), "server.sink_9.received", of="client.up")
                self.assertEqual((grown("server.pci0"), grown("server.private")), (host, private))

    def test_jobs_of_an_application(self):
        """Loop-back to who asked: twice; over a private bus none on the host's; a digest once, since its value comes in the completion."""
        for what, card, work, host, private in (("beside the nics", "server.pci0", "ipsec", 2, 0), ("on a private bus", "server.private", "ipsec", 0, 2),
                                                ("a digest", "server.pci0", "crc32c", 1, 0), ("a digest in private", "server.private", "crc32c", 0, 1)):
            with self.subTest(what):
                text = f"""
extends = "parts/one-nic.toml"
duration = "20 ms"
[[bus]]
name = "private"
host = "server"
[[crypto_card]]
name = "card"
bus = "{card}"
engines = ["3des-area", "sha1"]
digest_octets = 4
[[crypto_service]]
name = "pool"
host = "server"
devices = ["{card}.card"]
[[crypto_load]]
name = "api"
service = "server.pool"
work = "{work}"
"""
                grown = self.growth(self.write("s.toml", text), "server.pool.api.done", of="server.pool.api", key="size")
                self.assertEqual((grown("server.pci0"), grown("server.private")), (host, private))

    DATA = """
extends = "parts/host.toml"
duration = "60 ms"
[[crypto_card]]
name = "near"
bus = "server.pci0"
engines = ["3des-area", "sha1"]
memory = "64 KiB"
[[crypto_card]]
name = "far"
bus = "server.pci0"
engines = ["3des-area", "sha1"]
[[crypto_service]]
name = "pool"
host = "server"
devices = ["server.pci0.{engine}"]
[[crypto_load]]
name = "api"
service = "server.pool"
{data}
{more}
"""

    def test_data_of_jobs(self):
        """What the CPU writes and reads word by word crosses as well; of what a card has in its own memory its rings need no bus; octets_read and
        octets_written are those of a card's rings, wherever they lie."""
        for what, engine, data, crossings in (("memory of the host", "far", "", 2), ("the card's own, programmed I/O", "near", "server.pci0.near", 2),
                                              ("a peer's: two by programmed I/O, two peer to peer", "far", "server.pci0.near", 4)):
            for direction in ("encrypt", "decrypt"):
                with self.subTest(what, direction=direction):
                    text = self.DATA.format(engine=engine, data=data and f'data = "{data}"', more=f'direction = "{direction}"')
                    grown = self.growth(self.write("s.toml", text), "server.pool.api.done", of="server.pool.api", key="size")
                    self.assertEqual(grown("server.pci0"), crossings)
                    run = self.run_scenario(self.folder / "s.toml")
                    self.assertEqual(run.metric("server.pool.api.damaged"), 0)
                    self.assertGreater(run.metric("server.pool.api.done"), 20)

    NICS = """
extends = "parts/host.toml"
duration = "60 ms"
[[nic]]
name = "near"
bus = "server.pci0"
identity = "extended"
memory = "64 KiB"
crypto.enable = true
crypto.engines = ["3des-area", "sha1"]
crypto.digest_octets = 4
[[nic]]
name = "far"
bus = "server.pci0"
identity = "extended"
crypto.enable = true
crypto.engines = ["3des-area", "sha1"]
crypto.digest_octets = 4
[[crypto_service]]
name = "pool"
host = "server"
devices = ["server.pci0.{engine}"]
[[crypto_load]]
name = "api"
service = "server.pool"
{data}
{more}
"""

    def test_data_of_jobs_in_a_nic(self):
        """As in a card; of a digest the CPU reads nothing back."""
        for engine, data, crossings, digest, row in (("far", False, 2, 1, "job of an application, returned to it"),
                                                     ("near", True, 2, 1, "job of an application in the memory of the engine's own device"),
                                                     ("far", True, 4, 2, "job on data in another device's memory, peer to peer")):
            for more, wanted in (('direction = "encrypt"', crossings), ('direction = "decrypt"', crossings), ('work = "crc32c"', digest)):
                with self.subTest(engine=engine, data=data, more=more):
                    text = self.NICS.format(engine=engine, data='data = "server.pci0.near"' if data else "", more=more)
                    self.assertEqual(self.growth(self.write("s.toml", text), "server.pool.api.done", of="server.pool.api", key="size")("server.pci0"), wanted)
                    run = self.run_scenario(self.folder / "s.toml")
                    self.assertEqual(run.metric("server.pool.api.damaged"), 0)
                    self.assertGreater(run.metric("server.pool.api.done"), 20)
                    if "crc" not in more:
                        self.assertEqual([(c["path"], c["crossings"] / c["packets"]) for c in run.result()["crossings"]], [(row, crossings - 2 * data)])

    DEVICE = """
extends = "parts/host.toml"
duration = "60 ms"
[[bus]]
name = "private"
host = "server"
[[crypto_card]]
name = "card"
bus = "{bus}"
engines = ["3des-area", "sha1"]
digest_octets = 4
[[data_device]]
name = "camera"
bus = "{bus}"
[[crypto_service]]
name = "pool"
host = "server"
devices = ["{bus}.card"]
[[crypto_load]]
name = "api"
service = "server.pool"
device = "{bus}.camera"
{more}
"""

    def test_a_device_that_asks(self):
        """Out of its memory and back into it, peer to peer: twice, or once for a digest, of the bus that both are on."""
        for bus, other in (("server.pci0", "server.private"), ("server.private", "server.pci0")):
            for more, crossings in (('direction = "encrypt"', 2), ('direction = "decrypt"', 2), ('work = "crc32c"', 1), ('pace = "open"\ngap = "1 ms"', 2)):
                with self.subTest(bus=bus, more=more):
                    grown = self.growth(self.write("s.toml", self.DEVICE.format(bus=bus, more=more)), "server.pool.api.done", of="server.pool.api", key="size")
                    self.assertEqual((grown(bus), grown(other)), (crossings, 0))
                    run = self.run_scenario(self.folder / "s.toml")
                    self.assertEqual(run.metric("server.pool.api.damaged"), 0)
                    self.assertGreater(run.metric(f"{bus}.camera.answers"), 20)

    def test_a_device_that_goes_and_comes(self):
        """What it had asked for is forgotten, an answer of before is nothing to it, and it asks anew."""
        text = self.DEVICE.format(bus="server.pci0", more="threads = 4")
        for fault, start in (("removed", 'start = "ready"'), ("removed", 'start = "cold"\ntraffic_start = "20 ms"')):
            with self.subTest(start=start):
                lost = f'{text}\n[[fault]]\nat = "server.pci0.camera"\nwhat = "{fault}"\nfrom = "30 ms"\nfor = "5 ms"\n'
                run = self.run_scenario(self.write("s.toml", start + lost.replace("60 ms", "200 ms", 1)))
                asked, done = run.metric("server.pci0.camera.requests"), run.metric("server.pci0.camera.answers")
                self.assertEqual(run.metric("server.pool.api.damaged"), 0)
                self.assertGreater(done, 300)
                self.assertTrue(4 <= asked - done <= 8, f"{asked} asked, {done} answered: of four under way at the removal, and at the end")
        run = self.run_scenario(self.write("s.toml", self.DEVICE.format(bus="server.pci0", more='threads = 4\npace = "open"\ngap = "10 us"')))
        self.assertGreater(run.metric("server.pool.api.lost"), 20, "an open pace that nobody keeps up with")

    def test_a_device_that_cannot_ask(self):
        def refused(more, key, *words, sets=(), card="server.pci0"):
            text = self.DEVICE.format(bus="server.pci0", more=more)
            text = text.replace('"card"\nbus = "server.pci0"', f'"card"\nbus = "{card}"').replace("server.pci0.card", f"{card}.card")
            run = self.run_scenario(self.write("s.toml", text), *sets, status=2)
            for word in ("s.toml:", f"crypto_load.{key}", *words):
                self.assertIn(word, run.stderr)

        refused("", "device", "memory of the host only", sets=("--set", "server.pool.software=last_resort"))
        refused("", "device", "server.private.card is on server.private, and this on server.pci0", card="server.private")
        refused('before = "1 us"', "before", "allowed: 0 ps with device")
        refused('data = "server.pci0.card"', "data", "allowed: only one of data and device", sets=("--set", "server.pci0.card.memory=64 KiB"))
        refused('[[crypto_load]]\nname = "other"\nservice = "server.pool"\ndevice = "server.pci0.camera"', "device", "it asks for server.pool.api already")

    def test_data_where_it_cannot_be(self):
        def refused(data, more, *words, sets=()):
            run = self.run_scenario(self.write("s.toml", self.DATA.format(engine="near", data=f'data = "{data}"', more=more)), *sets, status=2)
            for word in ("s.toml:", "crypto_load.data", *words):
                self.assertIn(word, run.stderr)

        refused("server.pci0.near", "threads = 64", "B are wanted of its memory, which has 65536 B")
        refused("server.pci0.far", "", "B are wanted of its memory, which has 0 B")
        refused("server.pci0.near", "", "memory of the host only", sets=("--set", "server.pool.software=last_resort"))
        elsewhere = '[[bus]]\nname = "pci1"\nhost = "server"\n[[crypto_card]]\nname = "away"\nbus = "server.pci1"\n'
        elsewhere += 'engines = ["3des-area", "sha1"]\nmemory = "64 KiB"'
        refused("server.pci1.away", elsewhere, "server.pci0.near is on server.pci0, and this on server.pci1")
        run = self.run_scenario(self.write("s.toml", self.DATA.format(engine="near", data="", more="")), "--set", "server.pci0.near.memory=5000 B", status=2)
        self.assertIn("a power of two, 4 KiB at least", run.stderr)

        text = self.NICS.format(engine="near", data='data = "server.pci0.near"', more="threads = 4")
        for sets, words in ((("near.memory=5000 B",), ("nic.memory", "a power of two, 4 KiB at least")),
                            (("near.memory=4 KiB",), ("crypto_load.data", "B are wanted of its memory, which has 4096 B (nic.memory)")),
                            (("near.memory=0 B",), ("crypto_load.data", "which has 0 B (nic.memory)")),
                            (("near.memory=2 MiB",), ("memory", "1 MiB")),
                            (("near.identity=82559", "near.crypto.enable=false"), ("nic.memory", "an 82559 has no memory of its own"))):
            run = self.run_scenario(self.write("s.toml", text), *[w for s in sets for w in ("--set", f"server.pci0.{s}")], status=2)
            for word in words:
                self.assertIn(word, run.stderr)

    def test_a_team_in_an_enclosure(self):
        """What crosses the bus inside crosses the port, as often; of what a member reads the bridge fetches whole lines, and drops what is behind."""
        grown = self.growth(TEAM / "separate-enclosure.toml", "client.opened", "duration=40 ms")
        self.assertEqual(grown("server.pci1"), 3)
        self.assertEqual(grown("server.pci0"), 3)
        grown = self.growth(TEAM / "separate-enclosure.toml", "client.opened", "duration=40 ms", "server.team0.outbound=transmit")
        self.assertEqual((grown("server.pci0"), grown("server.pci1")), (1, 1))
        memory = [f"server.pci1.nic{n}.{key}" for n in range(2) for key in ("identity=extended", "memory=128 KiB")]
        grown = self.growth(TEAM / "separate-enclosure.toml", "client.opened", "duration=40 ms", "server.team0.returned_to=nic_memory", *memory)
        self.assertEqual((grown("server.pci0"), grown("server.pci1")), (1, 2), "from nic to nic inside")

    def test_an_enclosure_by_itself(self):
        """Nothing of a device's data crosses the port."""
        for more, inside in ((("server.pool.frames.direction=encrypt",), 2), (("server.pool.frames.direction=decrypt",), 2),
                             (("server.pool.frames.work=crc32c", "server.pci1.nic0.crypto.digest_octets=4"), 1)):
            with self.subTest(more=more):
                of = dict(of="server.pool.frames", key="size")
                grown = self.growth(TEAM / "enclosure-alone.toml", "server.pool.frames.done", "duration=40 ms", *more, **of)
                self.assertEqual((grown("server.pci0"), grown("server.pci1")), (0, inside))


if __name__ == "__main__":
    unittest.main()
