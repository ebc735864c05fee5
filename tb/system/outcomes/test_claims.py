"""Boxes of FIG. 4, 5 and 6 and claims 1 to 25 of source document 000 (docs/claims.md): each has a test that exists, each box's counter is raised."""
import ast
import pathlib
import re
import sys
import unittest

import command

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "left_out"))
from steps import STEPS
PAGE = (command.SOURCE / "docs" / "claims.md").read_text()
FAILOVER = command.SOURCE / "scenarios" / "team-failover.toml"
HETEROGENEOUS = command.SOURCE / "scenarios" / "team" / "heterogeneous.toml"
NUMBERS = [*range(300, 342, 2), *range(350, 374, 2)]
ROWS = [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if re.match(r"\| \d", line)]
BOXES, CLAIMS = [r for r in ROWS if int(r[0]) >= 300], [r for r in ROWS if int(r[0]) < 300]
ALL = "server.team0.mode=alb"
CROWDED = ["server.team0.sharing.queue=1", "server.team0.sharing.given=1", "server.team0.sharing.threshold=1", "server.team0.api.gap=20 us"]


class claims_test(command.scenario_test):
    def counters(self, scenario, *sets):
        words = [w for s in ("warm_up=0 s", *sets) for w in ("--set", s)]
        run = self.run_scenario(scenario, *words, "--trace", "none", status=None)
        self.assertIn(run.status, (0, 1), run.stderr)
        self.assertEqual([c for c in run.result()["checks"] if c["breaches"]], [])
        found = {m["path"].split("team0.")[1]: int(m["value"]) for m in run.result()["metrics"] if ".team0." in m["path"] and m["kind"] == "counter"}
        return run, found


class page(claims_test):
    def test_every_number_and_every_claim_has_a_test_that_exists(self):
        self.assertEqual([int(r[0]) for r in BOXES], NUMBERS)
        self.assertEqual([int(r[0]) for r in CLAIMS], list(range(1, 26)))
        self.assertEqual(sorted(STEPS), NUMBERS, "each can be left out")
        self.assertEqual([r[0] for r in CLAIMS if not {int(n) for n in r[4].split(",")} <= set(STEPS)], [], "steps that nobody can leave out")
        there = set()
        for file in HERE.glob("test_*.py"):
            for c in ast.parse(file.read_text()).body:
                if isinstance(c, ast.ClassDef):
                    there |= {f"{file.stem}.{c.name}.{f.name}" for f in c.body if isinstance(f, ast.FunctionDef)}
        self.assertEqual(sorted(({r[3] for r in BOXES} | {r[2] for r in CLAIMS}) - there), [], "tests that are not there")

    def test_every_number_is_taken(self):
        taken = {}
        for scenario, *sets in ((HETEROGENEOUS,), (HETEROGENEOUS, "nic.crypto.secondary_use=false"), (FAILOVER,), (FAILOVER, ALL), (FAILOVER, *CROWDED)):
            for name, count in self.counters(scenario, *sets)[1].items():
                taken[name] = taken.get(name, 0) + count
        nobody = [f"nobody takes {number}: {what} ({counter})" for number, what, counter, *_ in BOXES if not taken.get(counter)]
        self.assertEqual(nobody, [])


class steps(claims_test):
    def test_the_team_presents_itself_once(self):
        _, n = self.counters(HETEROGENEOUS)
        self.assertEqual(n["presented_306"], 1)

    def test_who_lends_engines_decides_whether_sharing_goes_on(self):
        for sets, verified in (([], 1), (["nic.crypto.secondary_use=false"], 0)):
            _, n = self.counters(HETEROGENEOUS, *sets)
            self.assertEqual((n["verified_302"], n["terminated_304"]), (verified, 1 - verified))
            self.assertEqual(n["own.submitted"] > 0, verified == 1)

    def test_what_is_received_takes_each_step_once(self):
        """FIG. 5: what is encrypted goes one way or the other, and each comes out at 340; who opened it is known by its engines."""
        _, n = self.counters(HETEROGENEOUS)
        run, _ = self.counters(HETEROGENEOUS)
        self.assertEqual(n["received_322"], n["encrypted_324"] + n["plain_324"] + n["control_received"] + n["standby_copies"])
        self.assertEqual(n["encrypted_324"], n["capable_326"] + n["presented_332"])
        self.assertEqual(n["capable_326"], n["decrypted_328"])
        self.assertEqual(n["decrypted_328"], n["presented_330"])
        self.assertEqual(n["presented_332"], n["identified_334"])
        self.assertEqual(n["identified_334"], n["forwarded_336"])
        self.assertIn(n["forwarded_336"] - n["returned_338"], (0, 1), "one may be under way")
        self.assertEqual(n["presented_330"] + n["returned_338"], n["delivered_340"])
        opened = sum(int(m["value"]) for m in run.result()["metrics"] if m["path"] == "server.sink_9.received" and m["kind"] == "counter")
        arrived = sum(f["packets"] for f in run.result()["flows"] if f["from"] == "client" and f["to"].startswith("server.sink"))
        self.assertIn(n["delivered_340"] - max(opened, arrived), (0, 1))
        for name in ("decrypted_328", "forwarded_336", "returned_338"):
            self.assertGreater(n[name], 10, name)

    def test_work_of_an_application_loops_back_to_it(self):
        """358: each job comes back to who asked for it, opened or verified by the application itself."""
        run, n = self.counters(FAILOVER)
        self.assertGreater(n["api.submitted"], 150)
        self.assertIn(n["api.submitted"] - n["api.done"], range(3), "some may be under way")
        self.assertEqual(n["api.damaged"], 0)

    def test_modes_that_use_all_members_balance_over_all(self):
        _, n = self.counters(FAILOVER, ALL)
        self.assertEqual((n["interleaved_370"], n["balanced_372"]), (0, 0))
        jobs = n["sharing.engine_0.jobs"] + n["sharing.engine_1.jobs"]
        self.assertIn(n["balanced_362"] - jobs, range(3))
        self.assertGreater(min(n["sharing.engine_0.jobs"], n["sharing.engine_1.jobs"]), 20)

    def test_regular_traffic_leaves_by_the_primary(self):
        _, n = self.counters(FAILOVER, "first_cable.from=25999 us", "second_cable.from=25999 us")
        self.assertGreater(n["member0.sent_octets"], 80_000)
        self.assertEqual((n["member1.sent_octets"], n["member2.sent_octets"]), (0, 0))


if __name__ == "__main__":
    unittest.main()
