"""The judge of the campaign sees what it is there for: books of a good run, each made wrong in one place."""
import os
import pathlib
import subprocess
import tempfile
import unittest

import judge

NICTEAM = os.environ["NICTEAM"]
SCENARIOS = pathlib.Path(os.environ["NICTEAM_SOURCE_DIR"]) / "scenarios"


class judged(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="nicteam-judge-")
        cls.directory = pathlib.Path(cls.folder.name) / "run"
        subprocess.run([NICTEAM, "run", str(SCENARIOS / "crypto/crypto-card.toml"), "-q", "--out", str(cls.directory), "--trace", "packets", "--set",
                        "warm_up=0 ps"], capture_output=True, check=False)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def said_of(self, change):
        r = judge.run(self.directory)
        change(r)
        return "\n".join(judge.breaches(r))

    def packet(self, r, fate):
        return next(p for p in r.packets if p["fate"] == fate)

    def flood(self, r, *fates):
        p = self.packet(r, "arrived")
        p.update(fate="goes_on", outcome="flooded")
        r.packets += [{**p, "id": f"88:{n}", "parent": p["id"], "fate": fate, "outcome": "rx_unmatched"} for n, fate in enumerate(fates)]

    def test_a_good_run_is_good(self):
        self.assertEqual(self.said_of(lambda r: None), "")
        self.assertEqual(judge.unfinished(judge.run(self.directory)), {})

    def test_packets(self):
        for what, change in [("twice", lambda r: r.packets.append(self.packet(r, "arrived"))),
                             ("ended before it was born", lambda r: self.packet(r, "arrived").update(ended_ps="1")),
                             ("arrived, , at", lambda r: self.packet(r, "arrived").update(outcome="")),
                             ("goes on, and there is no copy", lambda r: self.packet(r, "arrived").update(fate="goes_on")),
                             ("is a parent and is not there", lambda r: self.packet(r, "arrived").update(parent="77:1")),
                             ("are lost by the result", lambda r: r.packets.remove(self.packet(r, "lost"))),
                             ("nowhere, its copies are", lambda r: self.packet(r, "arrived").update(fate="passed_over", parent="")),
                             ("2 copies are lost", lambda r: self.flood(r, "lost", "lost")),
                             ("1 copies are lost", lambda r: self.flood(r, "lost", "arrived")),
                             ("are held by the result", lambda r: r.result["held"].append({"where": "nic0", "packets": 1}))]:
            self.assertIn(what, self.said_of(change))

    def test_checkers_and_jobs(self):
        rings, back = "server.pci0.card.driver.rings.", "server.stack.sent_back"
        for what, change in [("checker conservation: 1", lambda r: r.result["checks"][0].update(breaches=1)),
                             ("commands concluded of", lambda r: r.counters.update({rings + "unknown": 1})),
                             ("completions of nothing", lambda r: r.counters.update({rings + "stray": 1})),
                             ("came back", lambda r: r.counters.update({back: 1}))]:
            self.assertIn(what, self.said_of(change))
        r = judge.run(self.directory)
        r.counters[rings + "executed"] -= 2
        self.assertEqual(judge.unfinished(r), {rings[:-1]: 2})


if __name__ == "__main__":
    unittest.main()
