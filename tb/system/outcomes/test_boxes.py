"""Each box of FIG. 4, 5 and 6 of source document 000, judged by what is on the wires, what sockets and applications get, and what devices did:
never by the counter of the box. docs/claims.md says which test is whose; `left out` (tb/system/left_out) asks that it fails without its step."""
import collections
import unittest

import command

TEAM = """
extends = "parts/two-nic-team.toml"
duration = "5 ms"
[[nic]]
name = "nic0"
identity = "extended"
[nic.crypto]
enable = true
engines = ["aes-128-round", "sha1"]
{more_nics}
[[team]]
name = "team0"
primary = "{primary}"
{team}
[[capture]]
name = "nic0"
at = "core.port_lan0.frames"
[[capture]]
name = "nic1"
at = "core.port_lan1.frames"
"""
PROTECTED, PLAIN = 9, 77                                       # UDP ports
OUT = """
[[policy]]
name = "plain"
from = "server"
to = "client"
action = "bypass"
destination_port = 77
[[sa]]
name = "to_client"
from = "server"
to = "client"
cipher = "aes-cbc"
[[policy]]
name = "protected"
from = "server"
to = "client"
bundle = ["to_client"]
""" + "".join(f"""
[[traffic]]
name = "{name}"
from = "server"
to = "client"
destination_port = {port}
pace = "frames"
frames_per_second = 4000
frame_size = "800 B"
""" for name, port in (("protected_out", PROTECTED), ("plain_out", PLAIN)))
IN = """
[[policy]]
name = "plain_in"
from = "client"
to = "server"
action = "bypass"
destination_port = 77
[[sa]]
name = "to_server"
from = "client"
to = "server"
cipher = "aes-cbc"
[[policy]]
name = "protected_in"
from = "client"
to = "server"
bundle = ["to_server"]
""" + "".join(f"""
[[traffic]]
name = "{name}"
from = "client"
to = "server"
destination_port = {port}
pace = "frames"
frames_per_second = 4000
frame_size = "800 B"
start = "1 ms"
""" for name, port in (("protected_in", PROTECTED), ("plain_in", PLAIN)))
# Our own checker would end the run at the first octet in the clear: the capture shall show it. Counting is for runs that expect a breach; these fail at that.
GOES_ON = '[check]\nsecrecy = "count"\n[[expect]]\nname = "a_breach"\nmetric = "check.secrecy_breaches"\nat_least = "1 breaches"\n'
INCAPABLE = '[[nic]]\nname = "nic1"\nidentity = "82558"\n'
CAPABLE = '[[nic]]\nname = "nic1"\nidentity = "extended"\n[nic.crypto]\nenable = true\nengines = ["aes-128-round", "sha1"]\n'
KEEPS_TO_ITSELF = "server.pci0.nic0.crypto.secondary_use=false"
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

    def team(self, *parts, primary="nic1", more_nics=INCAPABLE, team="", sets=(), status=(0, 1, 3)):
        text = TEAM.format(primary=primary, more_nics=more_nics, team=team) + "".join(parts)
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
        return run.metric(f"server.pci0.{nic}.crypto_rings.executed")

    def said(self, what, sentence):
        self.assertTrue(what, sentence)


class fig_4(boxes):
    """nic0 has a crypto block, nic1 has none and carries the traffic, unless it is said otherwise."""

    def test_300(self):
        run = self.team(OUT, team='accepts = ["8086:1229:05"]')
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
        run = self.team(OUT, team='accepts = ["8086:1229:05"]')
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
        scenario = TEAM.format(primary="nic0", more_nics=INCAPABLE, team='mode = "balance_rr"').replace('"parts/two-nic-team.toml"', '"two-nic-team.toml"')
        scenario = scenario.split("[[capture]]")[0].replace('primary = "nic0"', "") + IN
        run = self.run_scenario(self.write("s.toml", scenario), status=None)
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


if __name__ == "__main__":
    unittest.main()
