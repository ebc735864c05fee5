"""What a run tells of a failover: held to closed forms, to the capture as tshark reads it, and to what the scenario broke."""
import re
import subprocess
import unittest

import command

command.need("tshark")
PULLED = command.SOURCE / "scenarios" / "team-failover.toml"
US, MS = 10**6, 10**9
ANSWER = 150 * US          # a driver's answer to a look: PHY registers at 2.5 MHz, and its way through the CPU

# A flow each way through a team of two; fifty microseconds between frames show when it is silent.
FLOWS = """
extends = "parts/two-nic-team.toml"
duration = "{duration}"
[[team]]
name = "team0"
{team}
[[traffic]]
name = "up"
from = "server"
to = "client"
pace = "frames"
frames_per_second = 20000
frame_size = "200 B"
[[traffic]]
name = "down"
from = "client"
to = "server"
pace = "frames"
frames_per_second = 20000
frame_size = "200 B"
[[capture]]
name = "at_client"
at = "client.port"
{more}
"""

GROUP = '[[port_group]]\nname = "group"\nports = ["lan0", "lan1"]\nswitch = "core"\n'


def fault(name, what, where, when, more=""):
    return f'[[fault]]\nname = "{name}"\nwhat = "{what}"\nat = "{where}"\nfrom = "{when} us"\n{more}\n'


class failover_test(command.scenario_test):
    def flows(self, team="", more="", duration="6 ms", words=(), status=0):
        text = FLOWS.format(team=team.replace("; ", "\n"), more=more, duration=duration)
        return self.run_scenario(self.write("s.toml", text), "--trace", "pcap,packets", *words, status=status)

    def told(self, run):
        return run.result()["failovers"]

    def read(self, run, name, *fields):
        """Rows of a capture, times as picoseconds (tshark tells nanoseconds)."""
        words = [w for f in ("frame.time_epoch", *fields) for w in ("-e", f)]
        done = subprocess.run(["tshark", "-r", run.directory / f"{name}.pcapng", "-T", "fields", *words], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = [line.split("\t") for line in done.stdout.splitlines()]
        return [(int(whole) * 10**12 + int(part.ljust(12, "0")[:12]), *rest) for (whole, part), *rest in ([r[0].split("."), *r[1:]] for r in rows)]

    def gap(self, row, sender):
        found = [g for g in row["gaps"] if g["from"] == sender]
        self.assertEqual(len(found), 1, row)
        return found[0]


class by_closed_form(failover_test):
    """Q5 of media sense: noticed between downdelay and miimon + downdelay; what is lost is what was sent meanwhile."""

    def test_media_sense(self):
        for downdelay in (0, 400):
            for when in (2000, 2037, 2111, 2199):
                with self.subTest(downdelay=downdelay, when=when):
                    run = self.flows(f'miimon = "200 us"; downdelay = "{downdelay} us"', fault("pulled", "link_down", "lan0", when))
                    row, = self.told(run)
                    self.assertEqual(row["fault"], {"name": "pulled", "what": "link_down", "where": "lan0", "ends": False, "at_ps": str(when * US)})
                    notice, = row["noticed"]
                    self.assertEqual((notice["by"], notice["member"], notice["good"]), ("media", "nic0", False))
                    t_d = int(notice["at_ps"]) - when * US
                    self.assertGreaterEqual(t_d, downdelay * US)
                    self.assertLessEqual(t_d, (200 + downdelay) * US + ANSWER)
                    self.assertEqual((row["before"], row["after"], row["lost"], row["found"]), ("nic0", "nic1", ["nic0"], []))
                    order = [when * US, int(notice["at_ps"]), int(row["decided_ps"]), int(row["announced_ps"]), int(row["announced_on_wire_ps"]),
                             int(row["first_sent"]["at_ps"])]
                    self.assertEqual(order, sorted(order))
                    self.assertEqual((row["first_sent"]["member"], row["first_received"]["member"]), ("nic1", "nic1"))
                    gap = self.gap(row, "server.up")
                    self.assertEqual(gap["lost"], sum(c["packets"] for c in gap["causes"]))
                    # lost = rate x (detection + switch): 50 us between frames, one frame under way at each end.
                    self.assertLessEqual(abs(gap["lost"] - (int(row["decided_ps"]) - when * US) / (50 * US)), 2)
                    self.assertGreaterEqual(int(gap["length_ps"]), t_d - 100 * US)


class by_capture(failover_test):
    def test_silences_are_those_of_the_capture(self):
        """tshark's last frame before a gap and first behind it; its ESP sequence numbers say how many are missing."""
        run = self.run_scenario(PULLED, "--trace", "pcap,packets")
        frames = [(t, int(n)) for t, n, *_ in self.read(run, "on_the_wire", "esp.sequence", "ip.dst") if _ == ["192.0.2.9"] and n]
        missing = [(a, b) for a, b in zip(frames, frames[1:]) if b[1] != a[1] + 1]
        rows = self.told(run)
        self.assertEqual(len(rows), 2)
        self.assertEqual(len(missing), 2)
        for row, (last, first) in zip(rows, missing):
            gap = self.gap(row, "server.up")
            self.assertLessEqual(abs(int(gap["length_ps"]) - (first[0] - last[0])), 1000, "tshark's nanosecond")
            frame = int(gap["last_ps"]) - last[0]
            self.assertTrue(0 < frame < 110 * US, "an arrival is the end of the frame whose begin is captured")
            self.assertLessEqual(abs(int(gap["first_ps"]) - first[0] - frame), 1000)
            self.assertEqual(gap["lost"], first[1] - last[1] - 1)
            down = self.gap(row, "client")
            self.assertEqual(down["lost"], round(int(down["length_ps"]) * 3000 / 10**12) - 1, "3,000 frames a second, whoever floods or filters them")
        self.assertEqual([(r["before"], r["after"]) for r in rows], [("nic0", "nic1"), ("nic1", "nic2")])

    def test_the_announcement_is_on_the_wire_when_it_is_told(self):
        run = self.flows('miimon = "200 us"', fault("pulled", "link_down", "lan0", 2100))
        row, = self.told(run)
        seen = [t for t, kind, src in self.read(run, "at_client", "arp.isannouncement", "arp.src.proto_ipv4")
                if kind in ("1", "True") and src == "192.0.2.1" and t > 2100 * US]
        self.assertEqual(len(seen), 1)
        # 64 octets with preamble at 100 Mb/s on two wires, the switch between them.
        self.assertTrue(0 < seen[0] - int(row["announced_on_wire_ps"]) < 60 * US, seen)

    def test_what_is_received_out_of_order_is_counted(self):
        """One packet after the other through two members of which one's wire is longer: every second comes behind its successor."""
        run = self.flows('mode = "balance_rr"', '[[link]]\nname = "lan0"\ndelay = "70 us"\n' + GROUP)
        up, = [o for o in run.result()["reordering"] if o["from"] == "server.up"]
        ids = [int(i, 16) for _, i, src in self.read(run, "at_client", "ip.id", "ip.src") if src == "192.0.2.1"]
        youngest, late = -1, 0
        for i in ids:
            late += i < youngest
            youngest = max(youngest, i)
        self.assertGreater(late, 10)
        self.assertIn(up["out_of_order"], (late, late - 1), "one may be under way")


class what_else_is_told(failover_test):
    def test_coming_up_is_no_failover(self):
        run = self.flows()
        self.assertEqual(self.told(run), [])
        self.assertNotIn("\nFailovers\n", run.stdout)

    def test_a_fault_that_nobody_notices_has_its_row(self):
        """Media sense sees nothing beyond the first link (Q6: coverage 0)."""
        run = self.flows('miimon = "200 us"', fault("dead", "mac_dead", "server.pci0.nic0", 2100))
        row, = self.told(run)
        self.assertEqual((row["fault"]["name"], row["noticed"], row.get("decided_ps")), ("dead", [], None))
        gap = self.gap(row, "server.up")
        self.assertNotIn("first_ps", gap)
        self.assertGreater(gap["lost"], 60)
        self.assertIn("to the end of the run", run.stdout)

    def test_a_link_that_comes_back_is_told_as_the_fault_s_end(self):
        run = self.flows('miimon = "200 us"; primary = "nic0"', fault("short", "link_down", "lan0", 2100, 'for = "1 ms"'))
        lost, found = self.told(run)
        self.assertEqual((lost["fault"]["ends"], found["fault"]["ends"], found["fault"]["at_ps"]), (False, True, str(3100 * US)))
        self.assertEqual((found["found"], found["before"], found["after"]), (["nic0"], "nic1", "nic0"))
        self.assertEqual(found["first_sent"]["member"], "nic0")
        self.assertGreater(int(found["first_sent"]["at_ps"]), int(found["decided_ps"]), "it sent before it failed as well")

    def test_what_is_over_when_it_is_noticed_was_the_fault_s_begin(self):
        """A beat that was lost is missed when its time to arrive is over."""
        seen = 0
        for when in range(2000, 2400, 50):
            run = self.flows('miimon = "0 us"; heartbeat_interval = "400 us"; heartbeat_misses = 1; heartbeat_wait = "300 us"',
                             fault("blink", "mac_dead", "server.pci0.nic0", when, 'for = "100 us"'), "4 ms")
            first = self.told(run)[0]
            self.assertEqual((first["fault"]["ends"], first["fault"]["at_ps"]), (False, str(when * US)))
            seen += int(first.get("decided_ps", 0)) > (when + 100) * US
        self.assertGreater(seen, 0)

    def test_each_time_a_link_flaps_is_told(self):
        run = self.flows('miimon = "100 us"', fault("flaps", "link_down", "lan0", 2000, 'for = "600 us"\nevery = "1200 us"\ntimes = 3'))
        began = [r for r in self.told(run) if not r["fault"]["ends"]]
        self.assertEqual([int(r["fault"]["at_ps"]) for r in began], [2000 * US, 3200 * US, 4400 * US])

    def test_modes_that_use_all_members_tell_who_is_left(self):
        run = self.flows('mode = "balance_xor"; miimon = "200 us"', fault("pulled", "link_down", "lan1", 2100)
                         + GROUP)
        row, = self.told(run)
        self.assertEqual((row["before"], row["after"], row["lost"]), ("nic0+nic1", "nic0", ["nic1"]))

    def test_the_page_and_the_summary_tell_what_the_result_has(self):
        run = self.run_scenario(PULLED, "--trace", "packets,report")
        page = (run.directory / "report.html").read_text()
        section = page[page.index('<section id="failovers">'):]
        section = section[:section.index("</section>")]
        self.assertEqual(section.count('aria-label="Throughput around a failover"'), 2)
        for row in self.told(run):
            for at in (row["fault"]["at_ps"], row["decided_ps"], row["announced_ps"], row["first_sent"]["at_ps"]):
                exact = f"{int(at) // US:,}".replace(",", " ") + f".{int(at) % US:06} us"
                self.assertIn(exact.replace(" us", " \u00b5s"), re.sub("[\u00a0\u2009]", " ", section))
                self.assertIn(exact, re.sub("[\u00a0\u2009]", " ", run.stdout))
            for gap in row["gaps"]:
                begin, step = int(row["around"]["from_ps"]), int(row["around"]["step_ps"])
                last, first = ((int(gap[k]) - begin) // step for k in ("last_ps", "first_ps"))
                self.assertTrue(0 < last < first < len(gap["octets"]) - 1)
                self.assertIn(0, gap["octets"][last:first + 1])
                self.assertTrue(all(gap["octets"][:last]) and all(gap["octets"][first:]), gap)
            self.assertIn(f"in steps of {int(row['around']['step_ps']) / US:.3g}"[:16], re.sub("[\u00a0\u2009]", " ", section))


if __name__ == "__main__":
    unittest.main()
