"""What a user reads of a run: repeaters' copies, media that all share, errors that nobody reports, exit statuses."""
import decimal
import re
import subprocess
import unittest

from command import NICTEAM, SOURCE, scenario_test

PARITY = """
schema = 1
extends = "parts/host.toml"
duration = "4 ms"
[[nic]]
name = "nic0"
bus = "server.pci0"
[[peer]]
name = "client"
[[link]]
name = "lan0"
a = "server.pci0.nic0"
b = "client"
[[traffic]]
name = "down"
from = "client"
to = "server"
pace = "rate"
rate = "10 Mbps"
[[fault]]
name = "wrong_parity"
at = "server.pci0"
what = "data_parity"
from = "2 ms"
amount = 5
"""
FAILS = """
[[expect]]
metric = "client.frames"
equals = 12345
"""


def report(directory):
    return subprocess.run([NICTEAM, "report", str(directory)], capture_output=True, text=True)


class surface(scenario_test):
    def section(self, text, name):
        return text.split(f"\n{name}\n", 1)[1].split("\n\n", 1)[0]

    def test_copies_for_others_are_no_arrivals_and_no_losses(self):
        run = self.run_scenario(SOURCE / "scenarios/half-duplex.toml")
        result = run.result()
        flows = {(f["from"], f["to"]): f["packets"] for f in result["flows"]}
        self.assertIn(("blue", "green"), flows)
        for overheard in (("blue", "red"), ("red", "green"), ("server.from_server", "blue")):
            self.assertNotIn(overheard, flows)
        over = {(p["where"], p["from"]): p["packets"] for p in result["passed_over"]}
        self.assertEqual(over["red", "blue"], flows["blue", "green"])
        self.assertEqual(over["server.pci0.nic0", "blue"], flows["blue", "green"])
        self.assertNotIn("rx_unmatched", {loss["reason"] for loss in result["losses"]})
        self.assertIn("passed over by", self.section(run.stdout, "Losses"))

    def test_what_an_expectation_measured_is_exact_and_readable(self):
        """In the unit in which one would say it, digit by digit what the metric is."""
        run = self.run_scenario(self.write("busy.toml", f'extends = "{SOURCE}/scenarios/half-duplex.toml"\n[[expect]]\nmetric = "lan0.a_to_b.busy"\n'
                                           'equals = "1 ps"\n'), status=1)
        busy = run.metric("lan0.a_to_b.busy")
        amount, unit = re.search(r"measured ([0-9.]+) (us|ms|s)\b", run.stdout[run.stdout.index("FAILED"):]).groups()
        self.assertEqual(decimal.Decimal(amount) * {"us": 10**6, "ms": 10**9, "s": 10**12}[unit], busy)
        self.assertLess(decimal.Decimal(amount), 1000)

    def test_half_duplex_is_one_medium_that_all_share(self):
        run = self.run_scenario(SOURCE / "scenarios/half-duplex.toml")
        media = [r for r in run.result()["resources"] if r["kind"] in ("wire", "medium")]
        self.assertEqual([(m["path"], m["kind"]) for m in media], [("hub", "medium")])
        one_station = [int(run.metric(f"lan{n}.a_to_b.busy")) + int(run.metric(f"lan{n}.b_to_a.busy")) for n in range(4)]
        carries = media[0]["use"] * 59e9 - int(run.metric("hub.contended"))              # besides the time in which all hold back
        self.assertAlmostEqual(carries, min(one_station), delta=1e9)                     # what a station sends and hears, but for its collisions
        full = self.run_scenario(SOURCE / "scenarios/half-duplex.toml", "--set", "hub.duplex=full", status=None)
        self.assertEqual(sum(r["kind"] == "wire" for r in full.result()["resources"]), 8)

    def test_a_saturated_medium_limits_the_run(self):
        run = self.run_scenario(SOURCE / "scenarios/half-duplex.toml", "--set", "traffic.rate=60 Mbps", status=None)
        self.assertEqual(run.result()["limit"].get("highest"), "hub")
        self.assertIn("hub (medium)", self.section(run.stdout, "What limited the run"))

    def test_wrong_parity_is_counted_and_who_stays_silent_is_named(self):
        scenario = self.write("parity.toml", PARITY)
        silent = self.run_scenario(scenario)
        self.assertIn("firmware.error_reporting = false", self.section(silent.stdout, "Notes"))
        told = self.run_scenario(scenario, "--set", "host.firmware.error_reporting=true", status=None)
        errors = {e["path"]: e["count"] for e in told.result()["errors"]}
        self.assertGreater(errors["server.pci0.perr"], 0)
        self.assertGreater(errors["server.pci0.bridge.nmi"], 0)
        self.assertNotIn("error_reporting", told.stdout)

    def test_who_is_taken_out_twice_is_noted(self):
        out = 'at = "server.pci0.nic0"\nwhat = "removed"\n'
        run = self.run_scenario(self.write("twice.toml", PARITY.replace('at = "server.pci0"\nwhat = "data_parity"\nfrom = "2 ms"\namount = 5',
                                                                       f'{out}from = "2 ms"\nfor = "1 ms"\n[[fault]]\nname = "again"\n{out}from = "2500 us"')))
        self.assertIn("wrong_parity and again overlap", " ".join(self.section(run.stdout, "Notes").split()))
        for present, what in (("true", "inserted"), ("false", "removed")):
            text = PARITY.replace('at = "server.pci0"\nwhat = "data_parity"', f'at = "server.pci0.nic0"\nwhat = "{what}"').replace("amount = 5\n", "")
            run = self.run_scenario(self.write("nothing.toml", text.replace('name = "nic0"', f'name = "nic0"\npresent = {present}')))
            self.assertIn("wrong_parity changes nothing", " ".join(self.section(run.stdout, "Notes").split()))

    def test_use_over_time_adds_up_to_the_use(self):
        for scenario in ("quickstart", "half-duplex", "behind-a-bridge"):
            run = self.run_scenario(SOURCE / f"scenarios/{scenario}.toml", "--trace", "report")
            result = run.result()
            window = int(result["window"]["until_ps"]) - int(result["window"]["from_ps"])
            for r in result["resources"]:
                step, use = int(r["over_time"]["step_ps"]), r["over_time"]["use"]
                self.assertEqual(len(use), -(-window // step))
                self.assertLessEqual(len(use), 100)
                mean = sum(u * min(step, window - n * step) for n, u in enumerate(use)) / window
                self.assertAlmostEqual(mean, r["use"], delta=0.01, msg=r["path"])
            self.assertIn("Use of each resource over simulated time", (run.directory / "report.html").read_text())

    def test_what_no_interface_reaches_is_noted(self):
        file = self.write("far.toml", """schema = 1
duration = "2 ms"
extends = "parts/one-nic.toml"
[[peer]]
name = "client"
ip = "10.9.9.9"
[[traffic]]
name = "lost"
from = "server"
to = "client"
count = 7
[[expect]]
name = "nothing_arrives"
metric = "client.frames"
equals = 0
[[expect]]
metric = "nic.rx_frames"
equals = 0
""")
        made = self.run_scenario(file, "--trace", "report")
        self.assertIn("7 packets went to an address that no interface reaches", " ".join(made.stdout.split()))
        # Names that were given are shown, those that were made are not.
        self.assertRegex(made.stdout, r"held +nothing_arrives +total of client.frames")
        self.assertNotIn("expect2", made.stdout)
        self.assertIn("nothing_arrives", (made.directory / "report.html").read_text())

    def test_what_is_wrong_with_a_base_is_told_once(self):
        self.write("base.toml", 'schema = 1\nextends = "parts/one-nic.toml"\n[[nic]]\nname = "nic0"\nrecieve = 4\n')
        files = [self.write(f"{n}.toml", 'schema = 1\nextends = "base.toml"\n') for n in "abc"]
        done = subprocess.run([NICTEAM, "validate", *map(str, files)], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr.count("recieve: unknown key"), 1)
        self.assertIn(f"{files[2]}: error: one that is told above already", done.stderr)

    def test_what_was_meant(self):
        def said(*words):
            done = subprocess.run([NICTEAM, *words], capture_output=True, text=True)
            self.assertEqual(done.returncode, 2, done.stdout)
            return done.stderr
        self.assertIn("did you mean nicteam run quickstart?", said("quickstart"))
        self.assertIn("repeater.duplex", said("explain", "nic.duplex"))
        self.assertIn("peer.duplex", said("explain", "nic.duplex"))
        self.assertIn("duplex is a key of [[repeater]] and of [[peer]]", said("validate", "quickstart", "--set", "nic.duplex=half"))

    def test_a_directory_does_not_hide_a_scenario_of_its_name(self):
        (self.folder / "quickstart").mkdir()
        done = subprocess.run([NICTEAM, "validate", "quickstart"], capture_output=True, text=True, cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        (self.folder / "other").mkdir()
        done = subprocess.run([NICTEAM, "validate", "other"], capture_output=True, text=True, cwd=self.folder)
        self.assertIn("it is a directory", done.stderr)

    def test_report_ends_with_the_status_of_the_run(self):
        good = self.run_scenario(self.write("good.toml", PARITY))
        bad = self.run_scenario(self.write("bad.toml", PARITY + FAILS), status=1)
        self.assertEqual(report(good.directory).returncode, 0)
        done = report(bad.directory)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("FAILED", done.stdout)

    def test_a_wire_whose_link_is_down_is_not_used(self):
        cut = PARITY.replace('at = "server.pci0"\nwhat = "data_parity"', 'at = "lan0"\nwhat = "link_down"').replace("amount = 5\n", "")
        run = self.run_scenario(self.write("cut.toml", cut))
        busy, whole = int(run.metric("lan0.b_to_a.busy")), int(self.run_scenario(self.write("whole.toml", PARITY)).metric("lan0.b_to_a.busy"))
        self.assertGreater(run.metric("lan0.b_to_a.lost_link_down"), 0)
        self.assertLess(busy, 0.5 * whole)


if __name__ == "__main__":
    unittest.main()
