"""What engines return into the memory of the nic that sends it (team.returned_to): crossings by how octets of the bus grow, what leaves by a judge that
shares no code, and what becomes of what lies in a nic that fails or goes."""
import pathlib
import subprocess
import sys
import unittest

import command

SYSTEM = pathlib.Path(__file__).parent.parent
sys.path.insert(0, str(SYSTEM))
import scenario_text as scene  # noqa: E402

PACKETS, SHORT, LONG = 20, 600, 1112
TO_NIC = "sent; encrypted by a unit that writes it to the memory of the nic that sends it"
FROM_NIC = "sent; encrypted by a unit that writes it to the memory of another nic than sends it"


def nic(n, capable=False, memory="128 KiB", **more):
    crypto = dict(crypto=dict(enable=True, engines=["aes-128-round", "sha1"])) if capable else {}
    return scene.nic(n, identity="extended", memory=memory, **crypto, **more)


def card(bus):
    return scene.table("crypto_card", "card", bus=bus, engines=["aes-128-round", "sha1"])


def scenario(nics=None, team=None, sa=None, size=1000, rate=1000, more="", **top):
    """nic0 sends and has no engines."""
    return (scene.keys(dict(schema=1, extends="parts/two-nic-team.toml") | dict(duration="40 ms") | top) + (nics or nic(0) + nic(1, capable=True))
            + scene.table("team", "team0", **dict(primary="nic0", returned_to="nic_memory") | (team or {}))
            + scene.table("sa", "out", **{"from": "server", "to": "client", "cipher": "aes-cbc"} | (sa or {}))
            + scene.table("policy", "protected", **{"from": "server", "to": "client", "bundle": ["out"]})
            + scene.traffic("up", pace="frames", frames_per_second=rate, frame_size=f"{size} B")
            + scene.table("capture", "wire", at="client.port") + more)


class peer_to_peer(command.scenario_test):
    def run_it(self, *words, status=0, **about):
        return self.run_scenario(self.write("s.toml", scenario(**about)), *words, status=status)

    def judged(self, run):
        command_line = [sys.executable, "-B", SYSTEM / "ipsec" / "judge.py", run.directory, "wire.pcapng"]
        done = subprocess.run(command_line, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return int(done.stdout.split()[0])

    def growth(self, **about):
        grown = []
        for size in (SHORT, LONG):
            run = self.run_it("--set", f"server.up.count={PACKETS}", size=size, **about)
            self.assertEqual(run.metric("client.opened"), PACKETS)
            grown.append({m["path"]: int(m["value"]) for m in run.result()["metrics"] if m["path"].endswith(".octets")})
        return run, lambda bus: (grown[1][bus + ".octets"] - grown[0][bus + ".octets"]) / (PACKETS * (LONG - SHORT))

    def rows(self, run):
        return {c["path"]: (c["packets"], c["crossings"] / c["packets"]) for c in run.result()["crossings"]}

    def test_crossings(self):
        cards = dict(nics=nic(0) + nic(1) + card("server.pci0"))
        by_the_host = dict(returned_to="host_memory")
        for what, about, crossings in (("a backup, by way of the host's memory", dict(team=by_the_host), 3), ("a backup, peer to peer", {}, 2),
                                       ("one module", dict(team=dict(layer="monolithic")), 2),
                                       ("a card, by way of the host's memory", cards | dict(team=by_the_host | dict(cards=["server.pci0.card"])), 3),
                                       ("a card, peer to peer", cards | dict(team=dict(cards=["server.pci0.card"])), 2),
                                       ("it sends itself", dict(team=dict(outbound="transmit")), 1)):
            with self.subTest(what):
                run, grown = self.growth(**about)
                self.assertEqual(grown("server.pci0"), crossings)
                self.assertEqual(self.judged(run), PACKETS)
                if crossings == 2:
                    self.assertEqual(self.rows(run)[TO_NIC], (PACKETS, 2))

    def test_what_leaves(self):
        """Tunnels of either version, ESP in UDP, frames of any length: the EtherType is that of the outer header, the octets are right."""
        for what, sa, sizes in (("transport", {}, (64, 65, 66, 67, 1459)), ("tunnel", dict(mode="tunnel"), (90, 1400)),
                                ("tunnel over IPv6", dict(mode="tunnel", ip_version="ipv6"), (90, 1400)),
                                ("in UDP", dict(mode="tunnel", udp=True), (777,))):
            for size in sizes:
                with self.subTest(what, size=size):
                    run = self.run_it(sa=sa, size=size, duration="12 ms", rate=4000)
                    n = run.metric("client.opened")
                    self.assertGreater(n, 20)
                    self.assertGreaterEqual(self.judged(run), n)
                    self.assertEqual(self.rows(run)[TO_NIC][1], 2)

    def test_its_nic_fails(self):
        """What waits in the memory of a nic whose cable is pulled is fetched from there by the one that sends now: three crossings, none lost."""
        fetched = 0
        for at in range(0, 12):
            with self.subTest(at=at):
                run = self.run_it(rate=7500, size=1400, duration="12 ms", more=scene.fault("lan0", "link_down", 5 + at / 60), team=dict(miimon="100 us"))
                rows = self.rows(run)
                self.assertEqual({row[1] for path, row in rows.items() if path in (TO_NIC, FROM_NIC)}, {2, 3} if FROM_NIC in rows else {2})
                fetched += rows.get(FROM_NIC, (0, 3))[0]
                self.assertEqual(run.metric("server.team0.gone_with_member"), 0)
                self.judged(run)
        self.assertGreater(fetched, 5)

    def test_its_nic_goes(self):
        """What lies in it is lost, by name, and nothing wrong leaves; the next one that is put in is used as the first was."""
        gone = 0
        for at in range(0, 12):
            with self.subTest(at=at):
                fault = scene.fault("server.pci0.nic0", "removed", 5 + at / 50, 4)
                nics = nic(0, driver=dict(transmit_ring=4)) + nic(1, capable=True)
                run = self.run_it(rate=9500, size=1400, duration="40 ms", more=fault, team=dict(miimon="100 us"), nics=nics)
                gone += run.metric("server.team0.gone_with_member")
                rows = self.rows(run)
                self.assertEqual(rows[TO_NIC][1], 2)
                self.assertGreater(rows[TO_NIC][0], 150, "before, and behind the insertion")
                self.judged(run)
        self.assertGreater(gone, 5)

    def test_refused(self):
        def refused(*words, sets=(), **about):
            run = self.run_it(*[w for s in sets for w in ("--set", s)], status=2, **about)
            for word in ("s.toml:", "team.returned_to", *words):
                self.assertIn(word, run.stderr)

        refused("server.pci0.nic1 has 0 B of memory (nic.memory); allowed: 131072 B at least, 2048 for each of 64 places (team.buffers)",
                nics=nic(0) + nic(1, capable=True, memory=None))
        refused("server.pci0.nic0 has 65536 B", nics=nic(0, memory="64 KiB") + nic(1, capable=True))
        refused("software writes memory of the host only", sets=("server.team0.sharing.software=last_resort",))
        refused("in mode broadcast", sets=("server.team0.mode=broadcast",))
        refused("server.private.card is on server.private, and server.pci0.nic0 on server.pci0; allowed: all on one bus",
                nics=nic(0) + nic(1, capable=True) + scene.table("bus", "private", host="server") + card("server.private"),
                team=dict(cards=["server.private.card"]))
        for buffers, refusal in (("513", "which has 1048576 B at most (nic.memory); allowed: 1 to 512"), ("4096", "1 to 512"), ("512", None)):
            run = self.run_it("--set", f"server.team0.buffers={buffers}", status=2 if refusal else 0,
                              nics=nic(0, memory="1 MiB") + nic(1, capable=True, memory="1 MiB"))
            self.assertIn(f"team.buffers = {buffers}: server.team0: with returned_to" if refusal else "", run.stderr)
            self.assertIn(refusal or "", run.stderr)
        run = self.run_it("--set", "server.team0.buffers=32", nics=nic(0, memory="64 KiB") + nic(1, capable=True, memory="64 KiB"))
        self.assertGreater(run.metric("client.opened"), 20)

    def test_beside_jobs_of_an_application(self):
        """Data of jobs in the same memory lies behind the team's places, and does not fit where these take all."""
        load = scene.table("crypto_load", "api", service="server.team0", data="server.pci0.nic0", cipher="aes-cbc", authentication="null")
        run = self.run_it(more=load, nics=nic(0, memory="256 KiB") + nic(1, capable=True))
        self.assertEqual(run.metric("server.team0.api.damaged"), 0)
        self.assertGreater(run.metric("server.team0.api.done"), 20)
        self.judged(run)
        run = self.run_it(more=load, status=2)
        self.assertIn("B are wanted of its memory, which has 131072 B (nic.memory)", run.stderr)


if __name__ == "__main__":
    unittest.main()
