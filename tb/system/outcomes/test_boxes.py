"""Each box of FIG. 4, 5 and 6 of source document 000, judged by what is on the wires, what sockets and applications get, and what devices did:
never by the counter of the box. docs/claims.md says which test is whose; `left out` (tb/system/left_out) asks that it fails without its step."""
import collections
import sys
import unittest

import command

sys.path.append(str(command.SOURCE / "tb" / "system"))
import scenario_text as s

PROTECTED, PLAIN = 9, 77                                       # UDP ports


def both(suffix, source, destination, **start):
    """Protected packets and plain ones, each to its port."""
    ends, pace = {"from": source, "to": destination}, dict(pace="frames", frames_per_second=4000, frame_size="800 B")
    text = s.table("policy", "plain", **ends, action="bypass", destination_port=PLAIN) + s.protected(f"to_{destination}", source, destination)
    return text + "".join(s.traffic(name + suffix, source, destination, destination_port=port, **pace, **start)
                          for name, port in (("protected", PROTECTED), ("plain", PLAIN)))


OUT, IN = both("_out", "server", "client"), both("_in", "client", "server", start="1 ms")
# Our own checker would end the run at the first octet in the clear: the capture shall show it. Counting is for runs that expect a breach; these fail at that.
GOES_ON = '[check]\nsecrecy = "count"\n[[expect]]\nname = "a_breach"\nmetric = "check.secrecy_breaches"\nat_least = "1 breaches"\n'
INCAPABLE, CAPABLE = dict(identity="82558"), s.capable()
KEEPS_TO_ITSELF = "server.pci0.nic0.crypto.secondary_use=false"
CARD = s.table("crypto_card", "card", bus="server.pci0", engines=["aes-128-round", "sha1"])
CAPTURES = s.several(2, lambda n: s.table("capture", f"nic{n}", at=f"core.port_lan{n}.frames"))
ESP, UDP = 50, 17

frame = collections.namedtuple("frame", "mac protocol port")


def sent(run, name):
    """IPv4 frames of the server in a capture, read without our code."""
    data, at, found = (run.directory / f"{name}.pcapng").read_bytes(), 0, []
    while at < len(data):
        kind, size = int.from_bytes(data[at:at + 4], "little"), int.from_bytes(data[at + 4:at + 8], "little")
        if kind == 6:                                          # enhanced packet block
            octets = data[at + 28:at + 28 + int.from_bytes(data[at + 20:at + 24], "little")]
            if octets[12:14] == b"\x08\x00" and octets[26:30] == bytes((192, 0, 2, 1)):
                found.append(frame(octets[6:12].hex(":"), octets[23], int.from_bytes(octets[36:38], "big") if octets[23] == UDP else None))
        at += size
    return found


class boxes(command.scenario_test):
    longMessage = False                                        # docs/claims.md quotes what they say

    def team(self, *parts, primary="nic1", nic1=INCAPABLE, sets=(), status=(0, 1, 3), **team):
        text = s.pair("5 ms", CAPABLE, nic1, primary=primary, **team) + CAPTURES + "".join(parts)
        run = self.run_scenario(self.write("s.toml", text), *[w for s in sets for w in ("--set", s)], status=None)
        if run.status not in status:
            raise RuntimeError(f"{run.status}\n{run.stdout}\n{run.stderr}")
        return run

    def frames(self, run, name, protocol, port=None):
        return sum(f.protocol == protocol and f.port == port for f in sent(run, name))

    def encrypted(self, run, name):
        return self.frames(run, name, ESP)

    def plain(self, run, name):
        return self.frames(run, name, UDP, PLAIN)

    def in_the_clear(self, run):
        return self.frames(run, "nic0", UDP, PROTECTED) + self.frames(run, "nic1", UDP, PROTECTED)

    def got(self, run, port):
        """Datagrams that a socket of the server got."""
        return run.metric(f"server.sink_{port}.received")

    def jobs(self, run, nic):
        """What its rings executed, as the chip says."""
        return run.metric(f"server.pci0.{nic}" + (".executed" if nic == "card" else ".crypto_rings.executed"))

    def said(self, what, sentence):
        self.assertTrue(what, sentence)


class fig_4(boxes):
    """nic0 has a crypto block, nic1 has none and carries the traffic, unless it is said otherwise."""

    def test_300(self):
        run = self.team(OUT, accepts=["8086:1229:05"])
        self.said(self.plain(run, "nic1") > 10, "the adapter that is accepted does not send")
        self.said(self.jobs(run, "nic0") == 0, "an adapter whose identity is not accepted works for the team")
        self.said(self.encrypted(run, "nic1") == 0, "an adapter whose identity is not accepted encrypts")

    def test_302(self):
        run = self.team(OUT, sets=[KEEPS_TO_ITSELF])
        self.said(self.plain(run, "nic1") > 10, "plain packets do not leave")
        self.said(self.in_the_clear(run) == 0, "what is to be encrypted leaves in the clear")
        self.said(self.encrypted(run, "nic1") == 0, "an adapter that lends its engines to nobody encrypts for others")
        self.said(run.metric("server.pci0.nic0.crypto_rings.not_executed") == 0, "an adapter that lends its engines to nobody is asked for them")

    def test_304(self):
        run = self.team(OUT, accepts=["8086:1229:05"])
        self.said(self.plain(run, "nic1") > 10, "plain packets do not leave")
        self.said(run.metric("server.stack.protected") == 0, "though nobody lends engines the stack goes on to hand the team what is to be encrypted")

    def test_306(self):
        run = self.team(OUT)
        self.said(self.encrypted(run, "nic1") > 10, "the stack hands the team nothing to be encrypted: nobody told it that the team can")

    def test_308(self):
        run = self.team(OUT)
        self.said(self.plain(run, "nic1") > 10 and self.encrypted(run, "nic1") > 10, "what the stack delivers does not leave")

    def test_310(self):
        run = self.team(OUT, GOES_ON)
        self.said(self.in_the_clear(run) == 0, "what is to be encrypted leaves in the clear")
        self.said(self.encrypted(run, "nic1") > 10, "encrypted packets do not leave")

    def test_312(self):
        run = self.team(OUT)
        self.said(self.plain(run, "nic1") > 10, "plain packets do not leave")

    def test_314(self):
        run = self.team(OUT, primary="nic0", sets=[KEEPS_TO_ITSELF])
        self.said(self.encrypted(run, "nic0") > 10, "a destination that can encrypt does not")

    def test_316(self):
        run = self.team(OUT, GOES_ON)
        self.said(self.in_the_clear(run) == 0, "the payload leaves by its destination as it is")
        self.said(self.jobs(run, "nic0") > 10, "the backup adapter has no payload")

    def test_318(self):
        run = self.team(OUT, GOES_ON)
        self.said(self.in_the_clear(run) == 0, "what the backup adapter gives back is in the clear")
        self.said(self.jobs(run, "nic0") > 10, "the backup adapter has no payload")

    def test_320(self):
        run = self.team(OUT)
        self.said(self.jobs(run, "nic0") > 10, "the backup adapter has no payload")
        self.said(self.encrypted(run, "nic0") == 0, "the backup adapter sends it")
        self.said(self.encrypted(run, "nic1") > 10, "what the backup adapter encrypted does not leave by its destination")
        self.said(run.metric("client.opened") >= self.encrypted(run, "nic1") - 1, "it is not encrypted once")


class fig_5(boxes):
    def arrives(self, primary, sentence, port=PROTECTED, **more):
        run = self.team(IN, primary=primary, **more)
        self.said(self.got(run, port) > 10, sentence)
        return run

    def opened_by_the_layer(self, sentence):
        run = self.arrives("nic1", "encrypted packets do not arrive")
        self.said(run.metric("server.stack.sent_back") == 0, sentence)

    def test_322(self):
        self.arrives("nic1", "plain packets that arrive reach no socket", PLAIN)

    def test_324(self):
        self.opened_by_the_layer("the layer takes encrypted packets for plain ones: they go up as they came")

    def test_326(self):
        """At a repeater both adapters get what is for the team: nic0 decrypts its copy, nic1's is decrypted for it, and one of the two is no news."""
        text = (command.SOURCE / "scenarios/parts/two-nic-team.toml").read_text().replace("[[switch]]", "[[repeater]]")
        self.write("two-nic-team.toml", text.replace('"host.toml"', '"parts/host.toml"'))
        scenario = s.pair("5 ms", CAPABLE, INCAPABLE, mode="balance_rr").replace('"parts/two-nic-team.toml"', '"two-nic-team.toml"')
        run = self.run_scenario(self.write("s.toml", scenario + IN), status=None)
        sent = run.metric("client.protected_in.frames")
        self.said(sent > 10, "the client sends nothing")
        self.said(self.got(run, PROTECTED) <= sent, "a datagram that two adapters received reaches its socket twice")
        self.said(self.got(run, PROTECTED) >= sent - 1, "datagrams do not reach their socket")

    def test_328(self):
        self.arrives("nic0", "the adapter does not decrypt what it receives", sets=[KEEPS_TO_ITSELF])

    def test_330(self):
        self.arrives("nic0", "what the adapter decrypted reaches no socket")

    def test_332(self):
        self.arrives("nic1", "encrypted packets of an adapter that cannot decrypt do not come up")

    def test_334(self):
        self.opened_by_the_layer("the layer does not know whose the encrypted packet is: it goes up as it came")

    def test_336(self):
        run = self.arrives("nic1", "nobody decrypts for an adapter that cannot")
        self.said(self.jobs(run, "nic0") >= self.got(run, PROTECTED), "it is not the adapter that can")

    def test_338(self):
        run = self.arrives("nic1", "packets that were decrypted do not come back")

    def test_340(self):
        run = self.arrives("nic1", "packets that came back decrypted reach no socket")


class fig_6(boxes):
    """Both adapters have a crypto block; nic0 carries the traffic, unless it is said otherwise. An application asks the team for work."""

    def asked(self, *parts, threads=4, **about):
        load = s.table("crypto_load", "api", service="server.team0", threads=threads, size="1000 B", cipher="aes-cbc", start="500 us")
        return self.team(load, *parts, **dict(primary="nic0", nic1=CAPABLE) | about)

    def done(self, run):
        """As the application knows it: begun, but for those under way, and found good by its own end of the association."""
        self.said(run.metric("server.team0.api.damaged") == 0, "results are damaged")
        return run.metric("server.team0.api.due")

    def test_350(self):
        run = self.asked(CARD, accepts=["8086:1229:05"], cards=["server.pci0.card"], nic1=INCAPABLE, primary="nic1")
        self.said(self.jobs(run, "nic0") == 0, "an adapter whose identity is not accepted works for others")
        self.said(self.jobs(run, "card") > 20, "nobody works for the application")

    def test_352(self):
        run = self.asked(mode="alb", sharing=dict(dispatch="round_robin"), threads=2)
        self.said(self.jobs(run, "nic0") > 10, "nobody works for the application")
        self.said(abs(self.jobs(run, "nic0") - self.jobs(run, "nic1")) <= 1, "two adapters lend their engines, and one does it all")

    def test_354(self):
        """One that lends has nobody to share with: what the policy says of several is not asked (decision 178)."""
        alone = [self.asked(primary="nic1", nic1=INCAPABLE, sharing=dict(dispatch=policy)) for policy in ("first_idle", "round_robin")]
        self.said(self.jobs(alone[0], "nic0") > 20, "nobody works for the application")
        self.said(self.done(alone[0]) == self.done(alone[1]), "one adapter lends its engines, and work for it waits as if there were others")

    def test_356(self):
        run = self.asked()
        self.said(self.done(run) > 20, "an application finds nobody that works for it")

    def test_358(self):
        run = self.asked(OUT)
        self.said(self.plain(run, "nic0") > 10 and self.encrypted(run, "nic0") > 10, "plain and encrypted packets do not leave")
        self.said(self.done(run) > 20, "results do not come back to the application that asked")

    def test_360(self):
        run = self.asked(OUT, mode="alb", balance="round_robin")
        self.said(abs(self.plain(run, "nic0") + self.encrypted(run, "nic0") - self.plain(run, "nic1") - self.encrypted(run, "nic1")) <= 2,
                  "in a mode that uses all adapters traffic is not balanced over all")

    def test_362(self):
        run = self.asked(OUT, mode="alb", balance="round_robin", sharing=dict(dispatch="round_robin"))
        self.said(self.jobs(run, "nic0") > 20, "nobody works for the application")
        self.said(abs(self.jobs(run, "nic0") - self.jobs(run, "nic1")) <= 2, "in a mode that uses all adapters work is not balanced over all")

    def test_364(self):
        run = self.asked(sharing=dict(dispatch="round_robin"))
        self.said(self.jobs(run, "nic1") > 20, "nobody works for the application")
        self.said(self.jobs(run, "nic0") == 0, "the primary works for others though another adapter is idle")

    def test_366(self):
        run = self.asked(OUT, outbound="transmit")
        self.said(self.plain(run, "nic0") > 10, "plain packets do not leave by the primary")
        self.said(self.encrypted(run, "nic1") == 0, "regular traffic is taken for secondary use: a backup adapter sends it")
        self.said(self.encrypted(run, "nic0") > 10, "encrypted packets do not leave by the primary")

    def test_368(self):
        run = self.asked(OUT)
        self.said(self.plain(run, "nic1") + self.encrypted(run, "nic1") == 0, "regular traffic leaves by an adapter that is not the primary")
        self.said(self.plain(run, "nic0") > 10 and self.encrypted(run, "nic0") > 10, "regular traffic does not leave by the primary")

    def test_370(self):
        run = self.asked(sharing=dict(queue=1, given=1, threshold=1), threads=8)
        self.said(self.jobs(run, "nic0") > 20, "the primary, which has room, does not work for others")

    def test_372(self):
        run = self.asked()
        self.said(self.jobs(run, "nic1") > 20, "an adapter that is not used does not work for others")


if __name__ == "__main__":
    unittest.main()
