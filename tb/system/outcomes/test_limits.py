"""Doubling the resource that a run names as its limit raises throughput; doubling any other changes it by less than 2 %."""
import unittest

import command

# scenario: (what it is limited by, how to double that, how to double the others, the metric that counts what got through)
CASES = {
    "bus-limited.toml": ("server.pci0", ['bus.period="15 ns"'],
                         [['cpu.clock="10 GHz"'], ['nic.rx_fifo="128 KiB"'], ['link.rate="2 Gbps"', 'nic.link_rate="2 Gbps"']]),
    "cpu-limited.toml": ("server.cpu0", ['cpu.clock="200 MHz"'], [['bus.period="15 ns"'], ['nic.driver.receive_ring=128'], ['nic.driver.budget=128'], ['link.rate="200 Mbps"', 'nic.identity="extended"', 'nic.link_rate="200 Mbps"'],
                          ['nic.identity="extended"', 'nic.rx_fifo="6 KiB"']]),
    "line-rate-1518.toml": ("lan0", ['link.rate="200 Mbps"', 'nic.identity="extended"', 'nic.link_rate="200 Mbps"'],
                            [['cpu.clock="8 GHz"'], ['bus.period="15 ns"']]),
}


class limits(command.scenario_test):
    def throughput(self, scenario, sets):
        options = ["--trace", "none"] + [w for s in sets for w in ("--set", s)]
        run = self.run_scenario(command.SOURCE / "scenarios" / scenario, *options, status=None)
        self.assertIn(run.status, (0, 1), run.stderr)
        r = run.result()
        delivered = sum(f["packets"] for f in r["flows"])
        return delivered / (int(r["window"]["until_ps"]) - int(r["window"]["from_ps"])), r

    def test_doubling(self):
        for scenario, (limit, double, others) in CASES.items():
            with self.subTest(scenario):
                base, r = self.throughput(scenario, [])
                self.assertIn(limit, r["limit"]["highest"])
                more, _ = self.throughput(scenario, double)
                self.assertGreater(more, base * 1.05, f"{double} does not help")
                for other in others:
                    same, _ = self.throughput(scenario, other)
                    self.assertLess(abs(same / base - 1), 0.02, f"{other} changes what it should not")


if __name__ == "__main__":
    unittest.main()
