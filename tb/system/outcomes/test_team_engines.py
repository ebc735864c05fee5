"""Engines of a team's members that are out of use, or not there for an association: what leaves and what comes in, by captures and applications."""
import collections
import subprocess
import sys
import unittest

import command

sys.path.append(str(command.SOURCE / "tb" / "system"))
import scenario_text as s

command.need("tshark")

CAPTURE = s.table("capture", "on_the_wire", at="client.port")
OPERATOR = s.fault("server.pci0.nic0.driver", "reset", 20, name="operator")
OTHER = s.capable("3des-cascade", "md5")           # than an association's


def stuck(block):
    return s.fault(f"server.pci0.nic0.{block}", "engines_stuck", 5, 5, name="engines")


def wrong(at):
    return s.fault(at, "engines_wrong", 5, name="engines")


esp = collections.namedtuple("esp", "at source number")
MS = 1e-3


class engines(command.scenario_test):
    def esp_of(self, run, source):
        """Packets of ESP from that address, as a stranger reads the capture."""
        words = ["tshark", "-n", "-r", str(run.directory / "on_the_wire.pcapng"), "-Y", f"esp && ip.src == {source}", "-T", "fields",
                 "-e", "frame.time_epoch", "-e", "eth.src", "-e", "esp.sequence"]
        rows = [line.split("\t") for line in subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()]
        return [esp(float(a), b, int(c)) for a, b, c in rows]

    def team(self, run):
        return {m["path"].split("team0.")[1]: int(m["value"]) for m in run.result()["metrics"] if ".team0." in m["path"] and m["kind"] == "counter"}

    def capable(self, *more):
        text = s.keys(dict(extends="parts/capable-team.toml", duration="30 ms", warm_up="0 ps")) + CAPTURE
        run = self.run_scenario(self.write("s.toml", text + "".join(more)))
        self.assertEqual([c["name"] for c in run.result()["checks"] if c["breaches"]], [])
        return run

    def mixed(self, nic0=None, more="", size=600, **sa):
        """A member without the association's engines receives; another one has them."""
        text = s.pair("12 ms", nic0, s.capable(), primary="nic0") + s.protected("to_server", "client", "server", **sa)
        text += s.traffic("down", "client", "server", pace="frames", frames_per_second=4000, frame_size=f"{size} B")
        run = self.run_scenario(self.write("s.toml", text + more))
        self.assertEqual([c["name"] for c in run.result()["checks"] if c["breaches"]], [])
        return run

    def adds_up(self, run):
        """FIG. 5: 324 parts what is for the stack in two, 326 and 332 what is encrypted."""
        n = self.team(run)
        self.assertEqual(n["plain_324"] + n["encrypted_324"], n["received_322"] - n["control_received"] - n["standby_copies"])
        self.assertEqual(n["capable_326"] + n["presented_332"], n["encrypted_324"])
        return n


class out_of_use(engines):
    """Box 314 asks the member's driver, which knows from the device that its engines are out of use; 316 hands the payload to a mate."""

    def test_a_mate_encrypts_for_the_active_member_and_hardly_anything_is_lost(self):
        run = self.capable(stuck("crypto_transmit"))
        sent = self.esp_of(run, "192.0.2.1")
        # 20,000 packets a second for 30 ms but for the start; three are given up by the watchdog (1,024 clocks of 30 ns each), one is refused.
        self.assertGreater(len(sent), 570)
        waits = [b.at - a.at for a, b in zip(sent, sent[1:])]
        self.assertLess(max(waits), 4 * 1024 * 30e-9 + 3 / 20_000)
        self.assertEqual(len({p.number for p in sent}), len(sent))
        self.assertEqual({p.source for p in sent}, {sent[0].source}, "the active member goes on sending")
        lost = {x["reason"]: x["packets"] for x in run.result()["losses"]}
        self.assertEqual(lost, {"not_protected": 4})
        n = self.team(run)
        self.assertGreater(n["returned_320"], 490)
        self.assertEqual(n["returned_320"], run.metric("server.pci0.nic1.crypto_rings.jobs_out"))

    def test_after_a_reset_the_member_does_it_by_itself_again(self):
        run = self.capable(stuck("crypto_transmit"), OPERATOR)
        sent = self.esp_of(run, "192.0.2.1")
        self.assertGreater(len([p for p in sent if p.at > sent[0].at + 22 * MS]), 100)
        self.assertLess(run.metric("server.pci0.nic1.crypto_rings.jobs_out"), 330, "from 5 ms to 20 ms, 20,000 a second")
        self.assertEqual(run.metric("server.pci0.nic0.driver.engines_lost"), 1)

    def test_wrong_engines_are_found_by_self_tests_and_by_nothing_else_here(self):
        fault = wrong("server.pci0.nic0.crypto_transmit")
        blind = self.capable(fault)
        self.assertEqual(blind.metric("server.pci0.nic0.driver.engines_lost"), 0)
        self.assertGreater(blind.metric("client.not_opened"), 490)
        every = 8
        run = self.capable(fault, s.table("nic", "nic0", crypto=dict(self_test=every)))
        # Three tests in a row have to fail, eight packets from one to the next; what left between them is wrong, what they found did not leave.
        self.assertLessEqual(run.metric("client.not_opened"), 3 * (every - 1))
        self.assertGreater(run.metric("client.opened"), 545)
        self.assertGreater(self.team(run)["returned_320"], 450)

    def test_what_the_engines_of_the_receive_side_fail_at_a_mate_opens(self):
        run = self.capable(stuck("crypto"))
        good = self.capable()
        self.assertEqual(run.metric("server.sink_9.received"), good.metric("server.sink_9.received"))
        n = self.adds_up(run)
        self.assertGreater(n["returned_338"], 115)
        self.assertEqual(n["returned_338"], run.metric("server.pci0.nic1.crypto_rings.jobs_in"))
        self.assertEqual(run.metric("server.stack.security_taken_off"), 0)


class figure_5(engines):
    """Whether a member can decrypt a packet is asked of its association, and each encrypted packet is one for 324."""

    def opened_by_nic1(self, run):
        n = self.adds_up(run)
        self.assertGreater(n["forwarded_336"], 25)
        self.assertEqual(n["plain_324"], 0)
        self.assertEqual([n[s] for s in ("returned_338", "delivered_340")], [n["forwarded_336"]] * 2)
        self.assertEqual(run.metric("server.sink_9.received"), n["forwarded_336"])
        table = {c["path"]: (c["packets"], c["by_the_table"]) for c in run.result()["crossings"]}
        self.assertEqual(table["received; decrypted by a unit that returns it"], (n["forwarded_336"], 3))

    def test_a_block_without_the_engines_of_this_association_is_as_good_as_none(self):
        self.opened_by_nic1(self.mixed())
        self.opened_by_nic1(self.mixed(OTHER))

    def test_esp_in_udp_is_identified(self):
        for nic0 in (None, OTHER):
            self.opened_by_nic1(self.mixed(nic0, udp=True))

    def test_what_nobody_in_the_team_has_is_encrypted_all_the_same(self):
        n = self.adds_up(self.mixed(software="to"))
        self.assertGreater(n["encrypted_324"], 25)
        self.assertEqual([n[s] for s in ("plain_324", "identified_334", "forwarded_336")], [0, 0, 0])

    def test_fragments_of_esp_are_encrypted_and_go_up(self):
        run = self.mixed(size=1514)
        n = self.adds_up(run)
        self.assertEqual(n["plain_324"], 0)
        self.assertGreater(n["presented_332"], n["identified_334"] + 10)
        self.assertGreater(run.metric("server.sink_9.received"), 10)


class verdicts_and_lifetimes(engines):
    def test_what_a_mate_finds_not_to_verify_is_dropped_and_said(self):
        """A-78: status incl. failure."""
        run = self.mixed(more=wrong("server.pci0.nic1.crypto"))
        n = self.team(run)
        self.assertGreater(n["not_authentic"], 20)
        self.assertEqual(n["not_authentic"], n["forwarded_336"] - n["returned_338"])
        self.assertEqual(run.metric("server.sink_9.received"), n["returned_338"])
        lost = {x["reason"]: x["packets"] for x in run.result()["losses"]}
        self.assertEqual(lost, {"not_authentic_in_team": n["not_authentic"]})

    def test_octets_of_a_lifetime_are_those_of_the_ip_packet_whoever_sends(self):
        """Decision 144. A frame of 300 octets is 14 of header, 282 of IP packet, 4 of FCS: sixty times 282 are 16,920."""
        for outbound in ("return", "transmit"):
            text = s.pair("14 ms", None, s.capable(), warm_up="0 ps", primary="nic0", outbound=outbound)
            text += s.protected("to_client", "server", "client", hard_octets="16920 B")
            text += s.traffic("up", pace="frames", frames_per_second=9000, frame_size="300 B") + CAPTURE
            run = self.run_scenario(self.write("s.toml", text))
            self.assertEqual(len(self.esp_of(run, "192.0.2.1")), 60, outbound)


class by_workload(engines):
    """A-92: jobs in proportion to R (1 - rho), rho what a member's own traffic takes of its engines."""

    def share(self, load, rates=(40, 40), window="10 ms"):
        """Of nic0's engine, with `load` of what is said of it in own traffic: 982 octets of IP packet in each frame of 1000. One flow, all of it by nic0;
        jobs of a user beside it, for either."""
        own = round(load * rates[0] * 1e6 / 8 / 982)
        sharing = dict(dispatch="proportional", queue=64, rates=[f"{r} Mbps" for r in rates], workload_window=window)
        text = s.pair("430 ms", s.capable(), s.capable(), warm_up="10 ms", mode="alb", xmit_hash_policy="layer2", sharing=sharing)
        text += s.table("crypto_load", "api", service="server.team0", pace="open", gap="40 us", size="64 B", cipher="aes-cbc", start="1 ms")
        text += s.protected("out", "server", "client") + s.traffic("up", pace="frames", frames_per_second=own, frame_size="1000 B")
        run = self.run_scenario(self.write("s.toml", text), "--trace", "none")
        jobs = [run.metric(f"server.pci0.nic{n}.crypto_rings.jobs_out") for n in (0, 1)]
        self.assertGreater(sum(jobs), 10_000)
        self.assertEqual(run.metric("server.pci0.nic1.crypto_transmit.protected"), 0)
        rho = run.metric("client.opened") / 0.42 * 982 * 8 / (rates[0] * 1e6)
        self.assertAlmostEqual(rho, load, delta=0.02)
        left = rates[0] * (1 - rho)
        return jobs[0] / sum(jobs), left / (left + rates[1])

    def test_the_less_loaded_gets_more(self):
        for load, rates in ((0.75, (40, 40)), (0.5, (40, 40)), (0.5, (40, 10))):
            measured, form = self.share(load, rates)
            self.assertAlmostEqual(measured / form, 1, delta=0.05, msg=f"{load} {rates}: {measured} for {form}")


if __name__ == "__main__":
    unittest.main()
