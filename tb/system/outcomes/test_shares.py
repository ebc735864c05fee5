"""Who did which work, and what it saved the CPU: held to captures of each member as tshark reads them, to the counters of engines and requesters, and to a run
whose only engine is software."""
import re
import subprocess
import unittest

import command

command.need("tshark")
PULLED = command.SOURCE / "scenarios" / "team-failover.toml"
MEMBERS = ("nic0", "nic1", "nic2")
UP, DOWN, ETHERNET, FCS = 1200, 1000, 14, 4        # frame_size of the scenario's traffic; octets of a header and of an FCS
BUFFER = 800 + 20                                  # of the application, behind an IPv4 header

CAPTURES = "".join(f'[[capture]]\nname = "at_{m}"\nat = "server.pci0.{m}.wire"\n' for m in MEMBERS)


def shares(run, work, requester=None, of="server.team0"):
    """{by: (count, octets)} of one class."""
    for w in run.result().get("work", []):
        if (w["of"], w["work"], w.get("requester")) == (of, work, requester):
            rows = {s["by"]: (s["count"], s["octets"]) for s in w["shares"]}
            assert (w["count"], w["octets"]) == tuple(map(sum, zip(*rows.values()))), w
            return rows
    return {}


class shares_test(command.scenario_test):
    def on_wire(self, run, member):
        """(outbound?, taken in?, octets without FCS, ESP?) of each frame of the window that was not cut, at a member's transceiver. Its filter takes
        broadcasts, and what is for the team's address if it has that as the frame's sixth octet passes."""
        fields = ("frame.time_epoch", "frame.packet_flags_direction", "eth.dst", "eth.src", "frame.len", "esp.spi", "frame.comment")
        done = subprocess.run(["tshark", "-r", run.directory / f"at_{member}.pcapng", "-T", "fields", *[w for f in fields for w in ("-e", f)]],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        begin, end = (int(t) / 1e12 for t in run.result()["window"].values())
        rows = (line.split("\t") for line in done.stdout.splitlines())
        seen = [(float(t), int(d, 0) == 2, to, by, int(n), bool(spi)) for t, d, to, by, n, spi, comment in rows if "cut" not in comment]
        since = min(t for t, out, _, by, *_ in seen if out and by == run.address)
        frames = []
        for t, out, to, _, n, esp in seen:
            judged = t + 14 * 80e-9
            taken = to == "ff:ff:ff:ff:ff:ff" or to == run.address and judged > since
            if begin <= t < end - (8 + n) * 80e-9:
                frames.append((out, taken, n - FCS, esp))
        return frames


class by_capture(shares_test):
    def setUp(self):
        super().setUp()
        self.run_ = self.run_scenario(self.write("s.toml", f'extends = "{PULLED}"\n' + CAPTURES), "--trace", "pcap")
        tells = subprocess.run(["tshark", "-r", self.run_.directory / "at_nic0.pcapng", "-Y", "arp.src.proto_ipv4==192.0.2.1", "-T", "fields", "-e", "eth.src"],
                               capture_output=True, text=True)
        self.run_.address = tells.stdout.split()[0]
        self.wire = {m: self.on_wire(self.run_, m) for m in MEMBERS}

    def test_frames_are_those_of_the_wires(self):
        sent = {m: [n for out, _, n, _ in rows if out] for m, rows in self.wire.items()}
        self.assertEqual(shares(self.run_, "frames sent"), {m: (len(n), sum(n) + FCS * len(n)) for m, n in sent.items()})

    def test_work_in_line_is_that_of_protected_frames_at_capable_members(self):
        """What is put on and taken off is as long as the scenario says; what comes in is as long as it was on the wire."""
        out = {m: sum(o and esp for o, _, _, esp in self.wire[m]) for m in MEMBERS[:2]}
        came = {m: [n - ETHERNET for o, ours, n, esp in self.wire[m] if not o and ours and esp] for m in MEMBERS[:2]}
        self.assertGreater(min(*out.values(), *map(len, came.values())), 10)
        none = {"nic2": (0, 0)}
        self.assertEqual(shares(self.run_, "encrypted in line"), {m: (n, n * (UP - ETHERNET - FCS)) for m, n in out.items()} | none)
        self.assertEqual(shares(self.run_, "decrypted in line"), {m: (len(n), sum(n)) for m, n in came.items()} | none)

    def test_packets_received_are_those_of_the_wires_without_what_was_taken_off(self):
        told = shares(self.run_, "packets received")
        for m in MEMBERS:
            came = [(n, esp) for out, ours, n, esp in self.wire[m] if not out and ours]
            opened = m != "nic2"
            self.assertEqual(told[m], (len(came), sum(DOWN - FCS if esp and opened else n for n, esp in came)), m)

    def test_jobs_of_the_team_are_the_protected_frames_of_the_member_that_cannot(self):
        out = [n for o, _, n, esp in self.wire["nic2"] if o and esp]
        came = [n - ETHERNET for o, ours, n, esp in self.wire["nic2"] if not o and ours and esp]
        encrypted, decrypted = (shares(self.run_, w, "server.team0.own") for w in ("encrypt", "decrypt"))
        self.assertEqual(list(map(sum, zip(*encrypted.values()))), [len(out), len(out) * (UP - ETHERNET - FCS)])
        self.assertEqual(list(map(sum, zip(*decrypted.values()))), [len(came), sum(came)])
        self.assertEqual(set(encrypted), {"nic0", "nic1"})

    def test_jobs_of_an_application_are_those_that_fell_due(self):
        """One each 150 us from 1 ms to 26 ms."""
        api = shares(self.run_, "encrypt", "server.team0.api")
        self.assertEqual(list(map(sum, zip(*api.values()))), [167, 167 * BUFFER])


class on_the_page(shares_test):
    def test_summary_and_page_say_the_same(self):
        run = self.run_scenario(PULLED, "--trace", "report")
        page = (run.directory / "report.html").read_text()
        for by, (count, octets) in shares(run, "encrypt", "server.team0.api").items():
            self.assertRegex(run.stdout, rf"(?m)^ .* {by} +{count} +\d+\.\d % +{octets // 1000} {octets % 1000:03} B")
            self.assertRegex(page, rf"<td>{by}</td><td class=\"n\">{count}</td>.*{octets // 1000} {octets % 1000:03} B</td>")
        row, = run.result()["saved_cycles"]
        said = f"{row['saved'] / 1e6:.1f} Mcycles saved"
        self.assertIn(said, run.stdout)
        self.assertIn(said, page)
        # A page is made from what lies there: a cycle that is no time is no result.
        stored = run.directory / "result.json"
        whole = stored.read_text()
        for wrong in ("", "x", "9" * 30):
            stored.write_text(re.sub(r'"cycle_ps": "\d+"', f'"cycle_ps": "{wrong}"', whole))
            done = subprocess.run([command.NICTEAM, "report", str(run.directory)], capture_output=True, text=True)
            self.assertGreater(done.returncode, 0, wrong)
            self.assertIn("is no time", done.stderr)


class by_counters(shares_test):
    """Engines and requesters count by themselves."""

    def engines(self, run, of, service):
        done = {}
        for w in run.result()["work"]:
            if w["of"] != of or "requester" not in w:
                continue
            for n, s in enumerate(w["shares"]):
                count, octets = done.get(n, (0, 0))
                done[n] = count + s["count"], octets + s["octets"]
        self.assertTrue(done)
        for n, amount in done.items():
            self.assertEqual(amount, (run.metric(f"{service}.engine_{n}.jobs"), run.metric(f"{service}.engine_{n}.octets")), n)
        for who in {w["requester"] for w in run.result()["work"] if w["of"] == of and "requester" in w}:
            asked = sum(w["count"] for w in run.result()["work"] if w.get("requester") == who)
            self.assertEqual(asked, run.metric(f"{who}.done") + run.metric(f"{who}.not_verified"))

    def test_of_a_team_and_of_the_window_alone(self):
        for words in ((), ("--set", "warm_up=9 ms")):
            with self.subTest(words=words):
                run = self.run_scenario(PULLED, *words, status=None)
                self.engines(run, "server.team0", "server.team0.sharing")
                nics = [f"server.pci0.{m}" for m in MEMBERS]
                self.assertEqual([s for s in shares(run, "frames sent").values()], [(run.metric(f"{n}.tx_frames"), run.metric(f"{n}.tx_bytes")) for n in nics])
                for work, counter in (("encrypted in line", "crypto_transmit.protected"), ("decrypted in line", "crypto.delivered_clear")):
                    self.assertEqual([c for c, _ in shares(run, work).values()][:2], [run.metric(f"{n}.{counter}") for n in nics[:2]])
                self.assertEqual(shares(run, "encrypted in line")["nic2"], (0, 0))

    def test_of_a_checksum_and_of_software(self):
        run = self.run_scenario(command.SOURCE / "scenarios/team/shared-checksum.toml")
        self.engines(run, "server.pool", "server.pool")
        digests = [w for w in run.result()["work"] if w["work"] == "CRC-32c"]
        self.assertTrue(digests)
        self.assertGreater({s["by"]: s["count"] for w in digests for s in w["shares"]}["software"], 0)

    def test_of_cards(self):
        run = self.run_scenario(command.SOURCE / "scenarios/team/four-accelerators.toml")
        self.engines(run, "server.pool", "server.pool")
        self.assertEqual(set(shares(run, "encrypt", "server.pool.load", "server.pool")), {"card0", "card1", "card2", "card3"})

    def test_a_run_without_engines_has_none(self):
        run = self.run_scenario(command.SOURCE / "scenarios/quickstart.toml")
        self.assertFalse({"work", "saved_cycles"} & set(run.result()))
        self.assertNotIn("Shares of work", run.stdout)


POOL = """
extends = "parts/host.toml"
duration = "30 ms"
{device}
[[crypto_service]]
name = "pool"
host = "server"
{engines}
[[crypto_load]]
name = "load"
service = "server.pool"
pace = "open"
gap = "400 us"
size = "1001 B"
start = "2 ms"
duration = "24 ms"
{load}
"""
CARD = '[[crypto_card]]\nname = "unit"\nbus = "server.pci0"\nengines = [{}]\ndigest_octets = 4\n'
NIC = ('[[nic]]\nname = "unit"\nbus = "server.pci0"\nidentity = "extended"\n[nic.crypto]\nenable = true\nengines = [{}]\n[[peer]]\nname = "far"\n'
       '[[link]]\nname = "lan"\na = "server.pci0.unit"\nb = "far"\n')
WITH, WITHOUT = 'devices = ["server.pci0.unit"]', 'devices = []\nsoftware = "another"'
# Cycles for an octet: models/host/costs.def. RFC 4303 and those of the algorithms: octets of IV, of what a cipher is padded to, of the ICV.
PER_OCTET = {"aes_byte": 23, "des3_byte": 116, "sha1_byte": 13, "md5_byte": 5, "galois_byte": 13}
SUITES = {("aes-cbc", "hmac-sha1-96"): ('"aes-128-round", "sha1"', "aes_byte", "sha1_byte", 16, 16),
          ("3des-cbc", "hmac-md5-96"): ('"3des-area", "md5"', "des3_byte", "md5_byte", 8, 8),
          ("aes-gcm-16", "null"): ('"aes-128-round", "ghash"', "aes_byte", "galois_byte", 8, 4)}
DISPATCH = 100                                     # the main loop takes up software's work

TEAM = """
extends = "parts/two-nic-team.toml"
duration = "26 ms"
[[cpu]]
name = "cpu0"
clock = "1 GHz"
{nics}
[[team]]
name = "team0"
{sharing}
"""
for path in (("server", "client"), ("client", "server")):
    TEAM += '[[sa]]\nname = "to_{1}"\nfrom = "{0}"\nto = "{1}"\ncipher = "aes-cbc"\n'.format(*path)
    TEAM += '[[policy]]\nname = "for_{1}"\nfrom = "{0}"\nto = "{1}"\nbundle = ["to_{1}"]\n'.format(*path)
    TEAM += '[[traffic]]\nname = "from_{0}"\nfrom = "{0}"\nto = "{1}"\npace = "frames"\nframes_per_second = 3000\nframe_size = "1200 B"\n'.format(*path)
CAPABLE = "".join(f'[[nic]]\nname = "{m}"\nidentity = "extended"\n[nic.crypto]\nenable = true\nengines = ["aes-128-round", "sha1"]\n' for m in MEMBERS[:2])


class cycles_saved(shares_test):
    def told(self, run):
        row, = run.result()["saved_cycles"]
        self.assertEqual(row["saved"], sum(p["cycles"] for p in row["software"]) - sum(p["cycles"] for p in row["asking"]))
        self.assertIn("CPU cycles saved against software", run.stdout)
        return row

    def busy(self, run):
        """Cycles: of the table of resources, ns of a CPU."""
        cpu, = [r for r in run.result()["resources"] if r["path"] == "server.cpu0"]
        return float(cpu["used"]) * 1000 / self.cycle

    def pair(self, load, engines, device):
        texts = [POOL.format(device=device.format(engines), engines=WITH, load=load), POOL.format(device="", engines=WITHOUT, load=load)]
        runs = [self.run_scenario(self.write("p.toml", text)) for text in texts]
        row = self.told(runs[0])
        self.cycle = int(row["cycle_ps"])
        self.assertNotIn("saved_cycles", runs[1].result(), "no device did anything")
        return row, runs

    def test_software_s_part_is_that_of_the_lengths(self):
        for (cipher, authentication), (engines, of_cipher, of_hash, iv, block) in SUITES.items():
            with self.subTest(cipher=cipher):
                row, (with_card, _) = self.pair(f'cipher = "{cipher}"\nauthentication = "{authentication}"', engines, CARD)
                jobs = sum(c for c, _ in shares(with_card, "encrypt", "server.pool.load", "server.pool").values())
                self.assertEqual(jobs, 60)
                text = -(-(1001 + 2) // block) * block          # padding, its length, next header
                octets = {of_cipher: text, of_hash: 8 + iv + text if authentication != "null" else None}
                got = {p["what"]: (p["times"], p["cycles"]) for p in row["software"]}
                self.assertEqual(got.pop("ipsec"), (jobs, 1000 * jobs))
                self.assertEqual(set(got), {of_cipher, of_hash})
                for what, n in octets.items():
                    self.assertEqual(got[what][1], PER_OCTET[what] * got[what][0])
                    if n:
                        self.assertEqual(got[what][0], n * jobs)

    def test_what_is_told_is_what_a_run_with_software_alone_takes_more(self):
        """To the cycle, beside what the main loop takes to take up software's work."""
        cases = [(f'cipher = "{c}"\nauthentication = "{a}"\ndirection = "{d}"', suite[0], CARD)
                 for (c, a), suite in SUITES.items() for d in ("encrypt", "decrypt")]
        cases += [('work = "crc32c"', '"sha1"', CARD), ('cipher = "aes-cbc"\ndirection = "alternate"', SUITES[("aes-cbc", "hmac-sha1-96")][0], NIC)]
        for load, engines, device in cases:
            with self.subTest(load=load, device=device[:8]):
                row, (offloaded, software) = self.pair(load, engines, device)
                jobs = software.metric("server.pool.load.done")
                more = self.busy(software) - self.busy(offloaded) - DISPATCH * jobs
                asking = sum(p["cycles"] for p in row["asking"])
                self.assertGreater(asking, 1000 * jobs)
                self.assertLessEqual(abs(more - row["saved"]), DISPATCH, "cycles: the driver's first piece of work")

    def test_in_line_a_team_s_cpu_saves_what_its_software_takes(self):
        """To the cycle, row by row; the CPU saves more: software is asked through the team's service, which copies and hands over."""
        runs = [self.run_scenario(self.write("t.toml", TEAM.format(nics=nics, sharing=sharing)))
                for nics, sharing in ((CAPABLE, ""), ("", 'sharing.software = "another"'))]
        row = self.told(runs[0])
        self.cycle = int(row["cycle_ps"])
        for p in row["software"]:
            self.assertEqual(p["cycles"], runs[1].metric(f"server.cpu0.cycles_{p['what']}"), p)
        more = self.busy(runs[1]) - self.busy(runs[0])
        self.assertTrue(row["saved"] <= more <= 1.08 * row["saved"], (row["saved"], more))


if __name__ == "__main__":
    unittest.main()
