"""Where data and devices are: crossings of each bus by the table of what-if.md, read from how the octets of a bus grow with those of a packet.

A packet that is longer by D octets makes a bus carry k * D more when its body crosses k times; what goes with it (descriptors, entries,
completions) does not grow.
"""
import pathlib
import sys
import unittest

import command

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import scenario_text as scene  # noqa: E402

TEAM = command.SOURCE / "scenarios" / "team"
PACKETS, SHORT, LONG = 20, 600, 1112      # octets of frames: D is a multiple of a cipher's block and of what a bridge fetches ahead
D = LONG - SHORT
ENGINES, OLDER = ["aes-128-round", "sha1"], ["3des-area", "sha1"]
HOST = scene.keys(dict(extends="parts/host.toml", duration="60 ms"))


def pool(of, /, **load):
    """At the end, so that more keys of its load may follow."""
    return scene.table("crypto_service", "pool", host="server", devices=[of]) + scene.table("crypto_load", "api", service="server.pool", **load)


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

    def team(self, nic0="", nic1="", team="", card="", outbound=True):
        capable = dict(identity="extended", crypto=dict(enable=True, engines=ENGINES))
        a, b = ("server", "client") if outbound else ("client", "server")
        ends = {"from": a, "to": b}
        text = scene.keys(dict(extends="parts/two-nic-team.toml", duration="40 ms"))
        for n, able in enumerate((nic0, nic1)):
            text += scene.table("nic", f"nic{n}", **capable if able else {})
        text += scene.table("bus", "private", host="server") + (scene.table("crypto_card", "card", bus=card, engines=ENGINES) if card else "")
        text += scene.table("team", "team0", cards=[f"{card}.card"] if card else None) + team + "\n"
        text += scene.table("sa", "protected", **ends, cipher="aes-cbc") + scene.table("policy", "protect_all", **ends, bundle=["protected"])
        return self.write("s.toml", text + scene.traffic("up", a, b, pace="frames", frames_per_second=1000, frame_size="600 B"))

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
                text = scene.keys(dict(extends="parts/one-nic.toml", duration="20 ms")) + scene.table("bus", "private", host="server")
                text += scene.table("crypto_card", "card", bus=card, engines=OLDER, digest_octets=4) + pool(f"{card}.card", work=work)
                grown = self.growth(self.write("s.toml", text), "server.pool.api.done", of="server.pool.api", key="size")
                self.assertEqual((grown("server.pci0"), grown("server.private")), (host, private))

    @staticmethod
    def in_cards(engine, data="", more=""):
        both = dict(bus="server.pci0", engines=OLDER)
        cards = scene.table("crypto_card", "near", **both, memory="64 KiB") + scene.table("crypto_card", "far", **both)
        return HOST + cards + pool(f"server.pci0.{engine}", data=data or None) + more

    def test_data_of_jobs(self):
        """What the CPU writes and reads word by word crosses as well; of what a card has in its own memory its rings need no bus; octets_read and
        octets_written are those of a card's rings, wherever they lie."""
        for what, engine, data, crossings in (("memory of the host", "far", "", 2), ("the card's own, programmed I/O", "near", "server.pci0.near", 2),
                                              ("a peer's: two by programmed I/O, two peer to peer", "far", "server.pci0.near", 4)):
            for direction in ("encrypt", "decrypt"):
                with self.subTest(what, direction=direction):
                    text = self.in_cards(engine, data, f'direction = "{direction}"')
                    grown = self.growth(self.write("s.toml", text), "server.pool.api.done", of="server.pool.api", key="size")
                    self.assertEqual(grown("server.pci0"), crossings)
                    run = self.run_scenario(self.folder / "s.toml")
                    self.assertEqual(run.metric("server.pool.api.damaged"), 0)
                    self.assertGreater(run.metric("server.pool.api.done"), 20)

    @staticmethod
    def in_nics(engine, data="", more=""):
        crypto = dict(enable=True, engines=OLDER, digest_octets=4)
        both = dict(bus="server.pci0", identity="extended", crypto=crypto)
        nics = scene.table("nic", "near", **both, memory="64 KiB") + scene.table("nic", "far", **both)
        return HOST + nics + pool(f"server.pci0.{engine}", data=data or None) + more

    def test_data_of_jobs_in_a_nic(self):
        """As in a card; of a digest the CPU reads nothing back."""
        for engine, data, crossings, digest, row in (("far", False, 2, 1, "job of an application, returned to it"),
                                                     ("near", True, 2, 1, "job of an application in the memory of the engine's own device"),
                                                     ("far", True, 4, 2, "job on data in another device's memory, peer to peer")):
            for more, wanted in (('direction = "encrypt"', crossings), ('direction = "decrypt"', crossings), ('work = "crc32c"', digest)):
                with self.subTest(engine=engine, data=data, more=more):
                    text = self.in_nics(engine, data and "server.pci0.near", more)
                    self.assertEqual(self.growth(self.write("s.toml", text), "server.pool.api.done", of="server.pool.api", key="size")("server.pci0"), wanted)
                    run = self.run_scenario(self.folder / "s.toml")
                    self.assertEqual(run.metric("server.pool.api.damaged"), 0)
                    self.assertGreater(run.metric("server.pool.api.done"), 20)
                    if "crc" not in more:
                        self.assertEqual([(c["path"], c["crossings"] / c["packets"]) for c in run.result()["crossings"]], [(row, crossings - 2 * data)])

    @staticmethod
    def asked_by_a_device(bus, more=""):
        return (HOST + scene.table("bus", "private", host="server") + scene.table("crypto_card", "card", bus=bus, engines=OLDER, digest_octets=4)
                + scene.table("data_device", "camera", bus=bus) + pool(f"{bus}.card", device=f"{bus}.camera") + more)

    def test_a_device_that_asks(self):
        """Out of its memory and back into it, peer to peer: twice, or once for a digest, of the bus that both are on."""
        for bus, other in (("server.pci0", "server.private"), ("server.private", "server.pci0")):
            for more, crossings in (('direction = "encrypt"', 2), ('direction = "decrypt"', 2), ('work = "crc32c"', 1), ('pace = "open"\ngap = "1 ms"', 2)):
                with self.subTest(bus=bus, more=more):
                    grown = self.growth(self.write("s.toml", self.asked_by_a_device(bus, more)), "server.pool.api.done", of="server.pool.api", key="size")
                    self.assertEqual((grown(bus), grown(other)), (crossings, 0))
                    run = self.run_scenario(self.folder / "s.toml")
                    self.assertEqual(run.metric("server.pool.api.damaged"), 0)
                    self.assertGreater(run.metric(f"{bus}.camera.answers"), 20)

    def test_a_device_that_goes_and_comes(self):
        """What it had asked for is forgotten, an answer of before is nothing to it, and it asks anew."""
        text = self.asked_by_a_device("server.pci0", "threads = 4")
        for fault, start in (("removed", 'start = "ready"'), ("removed", 'start = "cold"\ntraffic_start = "20 ms"')):
            with self.subTest(start=start):
                lost = f'{text}\n[[fault]]\nat = "server.pci0.camera"\nwhat = "{fault}"\nfrom = "30 ms"\nfor = "5 ms"\n'
                run = self.run_scenario(self.write("s.toml", f"{start}\n" + lost.replace("60 ms", "200 ms", 1)))
                asked, done = run.metric("server.pci0.camera.requests"), run.metric("server.pci0.camera.answers")
                self.assertEqual(run.metric("server.pool.api.damaged"), 0)
                self.assertGreater(done, 300)
                self.assertTrue(4 <= asked - done <= 8, f"{asked} asked, {done} answered: of four under way at the removal, and at the end")
        run = self.run_scenario(self.write("s.toml", self.asked_by_a_device("server.pci0", 'threads = 4\npace = "open"\ngap = "10 us"')))
        self.assertGreater(run.metric("server.pool.api.lost"), 20, "an open pace that nobody keeps up with")

    def test_a_device_that_cannot_ask(self):
        def refused(more, key, *words, sets=(), card="server.pci0"):
            text = self.asked_by_a_device("server.pci0", more)
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
            run = self.run_scenario(self.write("s.toml", self.in_cards("near", data, more)), *sets, status=2)
            for word in ("s.toml:", "crypto_load.data", *words):
                self.assertIn(word, run.stderr)

        refused("server.pci0.near", "threads = 64", "B are wanted of its memory, which has 65536 B")
        refused("server.pci0.far", "", "B are wanted of its memory, which has 0 B")
        refused("server.pci0.near", "", "memory of the host only", sets=("--set", "server.pool.software=last_resort"))
        elsewhere = '[[bus]]\nname = "pci1"\nhost = "server"\n[[crypto_card]]\nname = "away"\nbus = "server.pci1"\n'
        elsewhere += 'engines = ["3des-area", "sha1"]\nmemory = "64 KiB"'
        refused("server.pci1.away", elsewhere, "server.pci0.near is on server.pci0, and this on server.pci1")
        run = self.run_scenario(self.write("s.toml", self.in_cards("near")), "--set", "server.pci0.near.memory=5000 B", status=2)
        self.assertIn("a power of two, 4 KiB at least", run.stderr)

        text = self.in_nics("near", "server.pci0.near", "threads = 4")
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
