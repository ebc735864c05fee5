"""Engines that run with the host's CPUs or asynchronously to them, one CPU or several (A-113): what they make is the same, how much is their own clock's."""
import itertools
import sys
import unittest

import command

sys.path.append(str(command.SOURCE / "tb" / "system"))
import scenario_text as s

ENGINE = [30, 15, 60, 29.996, 31.004, 47.3, 97.1]                  # ns; 30 ns are the bus's, others share no period with it, or with a CPU
BUS, CPU = ["33 MHz", "25 MHz", "31.3 MHz"], ["500 MHz", "1 GHz", "733 MHz", "66.7 MHz"]
JOB_CLOCKS = 12                                                    # of aes-128-round for a block of 16 octets
SIZE = 1400
SAME = 8 + 16 + 16                                                 # ESP header, IV, first block; behind that a packet says when it was born
FULL = 0.98                                                        # of the closed form at 97.1 ns on a bus of 25 MHz


def base(duration, engine, bus, cpu, cpus, payload, warm_up="0 ps"):
    text = s.top(duration, warm_up, extends="parts/host.toml").replace('"timing-only"', f'"{payload}"') + s.table("bus", "pci0", period=bus)
    text += "".join(s.table("cpu", f"cpu{n}", host="server", clock=cpu) for n in range(cpus))
    capable = dict(identity="extended", crypto=dict(enable=True, engines=["aes-128-round", "sha1"], period=f"{engine} ns"))
    text += s.several(3, lambda n: s.member(n, **(capable if n else {}))) + s.client(ports=4)
    return text + s.team(3, address="192.0.2.1/24", mode="active_backup", primary="nic0", miimon="100 us")


class clocks(command.scenario_test):
    def esp(self, engine=30, bus="33 MHz", cpu="500 MHz", cpus=1):
        """Length and first octets of what left: encrypted by a backup; behind the change of the active member, by that one in line."""
        text = base("30 ms", engine, bus, cpu, cpus, "real")
        text += s.table("sa", "out", **{"from": "server", "to": "client", "cipher": "aes-cbc", "authentication": "hmac-sha1-96"})
        text += s.table("policy", "all", **{"from": "server", "to": "client", "bundle": ["out"]})
        text += s.traffic("up", pace="frames", frames_per_second=1000, frame_size="900 B", start="1 ms", count=25)
        text += s.table("capture", "wire", at="client.port") + s.fault("lan0", "link_down", 13.6)
        run = self.run_scenario(self.write("s.toml", text), "--trace", "pcap")
        self.assertEqual((run.metric("client.opened"), run.metric("client.not_opened"), run.metric("server.team0.returned_320")), (25, 0, 13))
        data, at, packets = (run.directory / "wire.pcapng").read_bytes(), 0, []
        while at < len(data):
            kind, size = (int.from_bytes(data[at + k:at + k + 4], "little") for k in (0, 4))
            frame = data[at + 28:at + 28 + int.from_bytes(data[at + 20:at + 24], "little")] if kind == 6 else b""
            if frame[12:14] == b"\x08\x00" and frame[23] == 50:
                packets.append((len(frame), frame[34:34 + SAME].hex()))
            at += size
        self.assertEqual(len(packets), 25)
        return packets, run

    def test_packets_are_the_same_whatever_the_clocks(self):
        expected, _ = self.esp()
        self.assertEqual(len(set(expected)), 25)
        for engine, bus, cpu in itertools.product(ENGINE, BUS[1:], CPU[1:3]):
            with self.subTest(engine=engine, bus=bus, cpu=cpu):
                self.assertEqual(self.esp(engine, bus, cpu)[0], expected)

    def test_several_cpus(self):
        expected, _ = self.esp()
        for cpus in 2, 3, 4:
            for engine, cpu in ((30, "500 MHz"), (47.3, "733 MHz")):
                with self.subTest(cpus=cpus, engine=engine, cpu=cpu):
                    packets, run = self.esp(engine, cpu=cpu, cpus=cpus)
                    self.assertEqual(packets, expected)
                    taken = [run.metric(f"server.cpu{n}.interrupts") for n in range(cpus)]
                    self.assertEqual(sum(n > 0 for n in taken), min(cpus, 3), "each nic has a line of its own")

    def done(self, *clocks, cpus=1):
        """Jobs of both engines in 20 ms, with more to do than they can."""
        text = base("24 ms", *clocks, cpus, "timing-only", "4 ms") + s.load(size=SIZE, threads=16, start="1 ms")
        run = self.run_scenario(self.write("s.toml", text), "--trace", "none")
        self.assertEqual(run.metric("server.team0.api.damaged"), 0)
        return run.metric("server.team0.api.done")

    def test_throughput_is_that_of_the_engines_clock(self):
        """As many as fit, two more for those that the window cuts, while engines are what limits: the ratio of clocks is nowhere in it."""
        for engine, bus, cpu in itertools.product((97.1, 120, 173.9, 239.996), BUS, CPU[:3]):
            for cpus in (1, 2) if cpu == CPU[0] else (1,):
                with self.subTest(engine=engine, bus=bus, cpu=cpu, cpus=cpus):
                    bound = 2 * 20e6 / (JOB_CLOCKS * -(-(SIZE + 2) // 16) * engine)
                    done = self.done(engine, bus, cpu, cpus=cpus)
                    self.assertLessEqual(done, bound + 2)
                    self.assertGreater(done, FULL * bound - 2)

    def test_with_the_bus_or_beside_it(self):
        """Engines 4 and 4.0001 times as slow as the bus do as much: nothing waits for clocks that meet."""
        counts = {self.done(engine, "33 MHz", "500 MHz") for engine in (119.996, 120, 120.004)}
        self.assertLessEqual(max(counts) - min(counts), 2)


if __name__ == "__main__":
    unittest.main()
