"""The checkers that are on in every run say so to the user when their rule is broken: by a device that reaches into packet buffers."""
import re
import unittest

import command


def intruder(writes, check=""):
    """A device that reads, or writes, through the memory in which the host keeps its packets, burst after burst."""
    return f"""
extends = "parts/one-nic.toml"
duration = "3 ms"
[[background]]
name = "intruder"
bus = "server.pci0"
kind = "video"
arrivals = "regular"
interval = "10 us"
burst = "1 KiB"
window_address = 0
window_size = "128 KiB"
over_software = true
write_share = "{1 if writes else 0}"
[[traffic]]
name = "down"
from = "client"
to = "server"
frame_size = "1518 B"
pace = "line_rate"
{check}"""


def counted(*checkers):
    """Breaches are counted instead, which a scenario may only ask for if it expects some."""
    return "[check]\n" + "".join(f'{c} = "count"\n' for c in checkers) + "".join(
        f'[[expect]]\nmetric = "check.{c}_breaches"\nat_least = 1\n' for c in checkers)


class checkers(command.scenario_test):
    def stopped(self, text, checker, what):
        """Status 3, the packet named on stderr, the breach in summary and result, and all files whole."""
        run = self.run_scenario(self.write("intruder.toml", text), "--trace", "all", status=3)
        reason = re.fullmatch(rf"nicteam: a checker stopped the run: {checker}: at (.* ms: packet \d+:\d+ .*)\n", run.stderr)
        self.assertTrue(reason, run.stderr)
        self.assertIn(what, reason[1])
        self.assertIn(f"Check {checker}: ", run.stdout)
        self.assertIn(" ".join(reason[1].split()), " ".join(run.stdout.split()))
        self.assertNotIn("counted only", run.stdout.split(f"Check {checker}: ")[1].split("\n\n")[0])
        self.assertGreaterEqual({c["name"]: c["breaches"] for c in run.result()["checks"]}[checker], 1)
        for file in ("wave.vcd", "packets.csv", "run.json"):
            self.assertTrue((run.directory / file).exists(), file)
        self.assertEqual(list(run.directory.glob("*.part")), [])
        return run

    def test_a_body_that_is_read_twice_ends_the_run(self):
        run = self.stopped(intruder(writes=False), "crossings", "crossed too often over the buses of server")
        self.assertLess(int(run.result()["end_ps"]), 3 * 10**9, "at the first breach")

    def test_a_packet_that_is_overwritten_ends_the_run(self):
        self.stopped(intruder(True, counted("crossings")), "conservation", "vanished: it has not ended and is nowhere")

    def test_breaches_are_counted_when_the_scenario_asks(self):
        run = self.run_scenario(self.write("counted.toml", intruder(True, counted("crossings", "conservation"))), "--trace", "none")
        self.assertEqual(run.result()["end_ps"], str(3 * 10**9))
        for c in run.result()["checks"]:
            self.assertEqual(run.metric(f'check.{c["name"]}_breaches'), c["breaches"])
            self.assertIn(f'Check {c["name"]}: {c["breaches"]} breach{"" if c["breaches"] == 1 else "es"}\n  counted only, as the scenario asks\n', run.stdout)

    def test_without_the_intruder_there_is_none(self):
        run = self.run_scenario(self.write("alone.toml", intruder(True)), "--trace", "none", "--set", "background.window_address=4194304")
        self.assertEqual([c["breaches"] for c in run.result()["checks"]], [0, 0])
        self.assertNotIn("Check ", run.stdout)


if __name__ == "__main__":
    unittest.main()
