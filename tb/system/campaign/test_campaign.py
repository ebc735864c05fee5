"""Random time lines of faults over shipped scenarios: whatever goes wrong, every rule holds and every packet and job is accounted for.
NICTEAM_CAMPAIGN="first count" looks at other seeds: "1 1000" at a thousand."""
import os
import pathlib
import unittest

import campaign
import time_lines

SCENARIOS = pathlib.Path(os.environ["NICTEAM_SOURCE_DIR"]) / "scenarios"
BASES = ["eight-nics", "hot-plug", "crypto/crypto-card", "crypto/process-and-transmit", "behind-a-bridge", "crypto/sent-back-to-the-nic", "inline-esp",
         "crypto/three-chips", "quickstart", "crypto/algorithms", "crypto/host-software", "half-duplex", "team/heterogeneous", "team/secondary-use",
         "team/switches-in-a-row", "team/borrowed-address"]


class shipped(campaign.campaign):
    def setUp(self):
        super().setUp()
        self.machines = {}

    def look(self, seed):
        base = SCENARIOS / f"{BASES[seed % len(BASES)]}.toml"
        if base not in self.machines:
            self.machines[base] = self.machine(base)
        m = self.machines[base]
        faults = time_lines.drawn(m, seed)
        scenario = self.folder / f"seed{seed}.toml"
        scenario.write_text(time_lines.text_of(base, m, faults, seed))
        return self.look_at(m, faults, scenario)[0], [scenario]

    def test_time_lines(self):
        self.look_at_all("1 48", self.look)


if __name__ == "__main__":
    unittest.main()
