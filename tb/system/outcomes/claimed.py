"""What tests of the claims share (test_claim_events.py, test_worked_example.py): a team of three adapters, and who did what in which order and had which
share, by trace.json (stages of packets, tenures of the bus) and captures, which Python opens by itself; never by counters of the team."""
import sys

import command
from events import events

sys.path += [str(command.SOURCE / "tb" / "system"), str(command.SOURCE / "tb" / "system" / "ipsec")]
import scenario_text as s

try:
    import judge
except ImportError as e:
    print("SKIPPED:", e)
    raise SystemExit(77)

MEMBERS = ("nic0", "nic1", "nic2")
PLAIN, CAPABLE = {}, dict(identity="extended", crypto=dict(enable=True, engines=["aes-128-round", "sha1"]))
SLOW, FAST = (dict(identity="extended", crypto=dict(enable=True, engines=[e, "sha1"])) for e in ("3des-area", "3des-cascade"))
SIZE, PACKET, SEALED = 1000, 982, 1048                         # a frame with FCS, its IP packet, that as ESP in tunnel mode: AES-CBC, HMAC-SHA-1-96
START = 500_000_000                                            # ps: when applications begin to ask
ASKED, DONE = 64, 32                                           # what a ring says of a job, and what is written behind its result (docs/crypto-face.md)
OUTBOUND, INBOUND = ("server", "client"), ("client", "server")


def traffic(name, way, **more):
    return s.table("traffic", name, **dict(zip(("from", "to"), way)), pace="frames", frames_per_second=4000, frame_size=f"{SIZE} B", **more)


def protected(name, way):
    ends = dict(zip(("from", "to"), way))
    return s.table("sa", f"of_{name}", **ends, cipher="aes-cbc") + s.table("policy", f"protect_{name}", **ends, bundle=[f"of_{name}"]) + traffic(name, way)


def asks(threads, **more):
    """An application: each of its threads waits for its result before it asks again."""
    start = f"{START // 1_000_000} us"
    return s.table("crypto_load", "api", service="server.team0", threads=threads, size="1000 B", start=start, **{"cipher": "aes-cbc"} | more)


UP, DOWN = protected("up", OUTBOUND), protected("down", INBOUND)
IN_THE_CLEAR = (s.table("policy", "bypass", **{"from": "server", "to": "client"}, action="bypass", destination_port=77)
                + traffic("plain", OUTBOUND, destination_port=77))


class claims(command.scenario_test):
    def team(self, nics, *parts, sharing=(), duration="6 ms", **team):
        """A run of three adapters, with what happened in it."""
        text = s.top(duration, extends="parts/two-nic-team.toml").replace('payload = "timing-only"\n', "")
        text += "".join(s.table("nic", m, **({} if n < 2 else dict(bus="server.pci0")), **nic) for n, (m, nic) in enumerate(zip(MEMBERS, nics)))
        text += s.table("link", "lan2", a="server.pci0.nic2", b="core")
        text += s.table("team", "team0", members=[f"server.pci0.{m}" for m in MEMBERS], miimon="500 us", sharing=dict(sharing), **team)
        text += "".join(s.table("capture", f"at_lan{n}", at=f"core.port_lan{n}.frames") for n in range(3)) + "".join(parts)
        run = self.run_scenario(self.write("s.toml", text), "--trace", "txn", "--trace", "pcap")
        run.events = events(run)
        return run

    def in_order(self, way, *stages):
        """That the packet passed these and each later than the one before; their times."""
        at = {(e.where, e.what): e.ps for e in reversed(way)}
        self.assertEqual([x for x in stages if x not in at], [], way)
        times = [at[x] for x in stages]
        self.assertEqual(times, sorted(times), way)
        return times

    def sent(self, run, begin=0, traffic="server.up", sealed_by_itself=False):
        """Packets of the traffic that left by each member's cable, of those that the team gave to a driver from `begin` on. Each came from the stack to
        the team, from there to one driver, and left by that one's adapter, which encrypted it if that is asked."""
        found = []
        for way in run.events.ways(traffic):
            leaves = next((e.where for e in way if e.what == "wire_begin"), None)
            if leaves:
                member = f"nic{leaves[3]}"
                times = self.in_order(way, ("server.stack", "host_post"), ("server.team0", "delivered_308"), (f"server.pci0.{member}.driver", "driver_queued"),
                                      (f"server.pci0.{member}", "nic_tx_fetch"),
                                      *[(f"server.pci0.{member}.crypto_transmit", "protect_start")] * sealed_by_itself, (leaves, "wire_begin"))
                found += [member] * (times[2] >= begin)
        self.assertGreater(len(found), 10)
        return [found.count(m) for m in MEMBERS]

    def stored(self, run, begin=0):
        """Octets of results, and of what says that they are there, that each member wrote to memory. Nobody sends to the team but an ARP frame or two."""
        octets = [run.events.moved(m, "writes", begin) for m in MEMBERS]
        return [n if n > 2000 else 0 for n in octets]

    def shares(self, run, begin=0):
        octets = self.stored(run, begin)
        self.assertGreater(sum(octets), 0, "nobody works for the application")
        return [n / sum(octets) for n in octets]

    def sealed(self, run):
        """How many frames each cable carried, each opened: all are the traffic, in ESP."""
        counts = []
        for n in range(3):
            wire = run.directory / f"at_lan{n}.pcapng"
            verdicts = list(judge.judge(run.directory / "config.resolved.toml").judge(wire))
            self.assertEqual([v.why for v in verdicts if v.why], [])
            self.assertEqual({len(v.inner) for v in verdicts} - {PACKET}, set())
            self.assertEqual(len(verdicts), sum(p is not None for p in judge.frames(wire)), "a packet that is not protected")
            counts.append(len(verdicts))
        return counts

    def loops_back(self, run):
        """One thread's jobs: what one member fetched it stored again, sealed, before anybody fetched the next; by whom each was done. No cable carried any."""
        self.assertEqual(self.sealed(run), [0, 0, 0])
        work = [t[:2] for t in run.events.on_the_bus(START, 1 << 62) if t[0] in MEMBERS and t[2] > PACKET]
        done = [m for m, does in work if does == "writes"]
        self.assertEqual(work[:2 * len(done)], [(m, does) for m in done for does in ("reads", "writes")])
        self.assertGreater(len(done), 20)
        self.assertIn(run.metric("server.team0.api.due") - len(done), (0, 1, 2), "what the application asked for; one may be under way")
        self.assertEqual(run.metric("server.team0.api.damaged"), 0)
        return done

    def fetched_and_stored(self, run, begin, end, of=MEMBERS):
        """By whom, between two steps, and that the one came before the other."""
        moves = [t for t in run.events.on_the_bus(begin, end) if t[0] in of]
        self.assertEqual([t[1] for t in moves], ["reads", "writes"])
        self.assertEqual(moves[0][0], moves[1][0])
        return moves[0][0], moves[0][2] - ASKED, moves[1][2] - DONE

    def for_the_stack(self, destination, part, **team):
        """What the operating system's stack hands down for an adapter that cannot encrypt, and what such a one received for it: between the two steps nic0
        fetches it and stores what it made of it; it goes on by the adapter that it was for, which sends that part of all, or up to the stack."""
        nics = [CAPABLE if m == "nic0" else PLAIN for m in MEMBERS]
        sent = ("server.stack host_post", "server.team0 delivered_308", "server.team0 forwarded_316", "server.team0 returned_320",
                f"server.pci0.{destination}.driver driver_queued", f"lan{destination[3]}.a_to_b wire_begin")
        received = (f"lan{destination[3]}.b_to_a wire_end", "server.team0 received_322", "server.team0 forwarded_336", "server.team0 returned_338",
                    "server.team0 delivered_340", "server.stack delivered")
        for traffic, born_by, steps, octets in ((UP, "server.up", sent, (PACKET, SEALED)), (DOWN, "client", received, (SEALED, PACKET))):
            run = self.team(nics, traffic, **team)
            whole = [w for w in run.events.ways(born_by) if steps[-1] in {f"{e.where} {e.what}" for e in w}]
            self.assertGreater(len(whole), 5, born_by)
            if traffic is UP:
                self.assertAlmostEqual(len(whole), part * sum(self.sent(run)), delta=1)
            for way in whole:
                times = self.in_order(way, *[tuple(x.split()) for x in steps])
                self.assertEqual(self.fetched_and_stored(run, *times[2:4]), ("nic0", *octets))
