"""What the place of data and devices costs in time: closed forms in clocks of PCI, from docs/bus.md and docs/pci-bridge.md; and the tables of
docs/teaming.md, held to today's runs."""
import pathlib
import re
import sys
import unittest

import command

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import scenario_text as scene  # noqa: E402

CLOCK = 30_000                                           # ps
ENGINES = ["aes-128-round", "sha1"]
TABLES = (command.SOURCE / "docs" / "teaming.md").read_text()


def unit(name, bus="server.pci0", memory="64 KiB"):
    return scene.table("nic", name, bus=bus, identity="extended", memory=memory, crypto=dict(enable=True, engines=ENGINES))


def jobs(size, bus="pci0", port="", data=None, device=None, done_by="near"):
    """One application or device after one answer asks for the next."""
    behind = scene.table("pci_bridge", "io_port", bus="server.pci0", crossing=port) + scene.table("bus", "pci1", host="server", behind="server.pci0.io_port")
    where = f"server.{bus}"
    return (scene.keys(dict(schema=1, extends="parts/host.toml", duration="20 ms")) + scene.table("bus", "private", host="server") + (behind if port else "")
            + unit("near", where) + unit("far", where) + (scene.table("data_device", "camera", bus=where) if device else "")
            + scene.table("crypto_service", "pool", host="server", devices=[f"{where}.{done_by}"])
            + scene.table("crypto_load", "api", service="server.pool", size=f"{size} B", cipher="aes-cbc", data=data and f"{where}.{data}",
                          device=device and f"{where}.{device}"))


def port_clocks(crossing):
    """What the I/O port adds to a job whose data stays inside, from doorbell to the handler's look at the status. Tenures of one word take 3 clocks and
    those of 8 words from memory 18, of which the bridge answers in 10; a read of a nic that is retried comes again every 5 clocks and one of the CPU every
    4; what the bridge knows at an edge begins the clock after on a bus that is parked at it, and 4 clocks after on one that is not; an answer is seen by
    address edges strictly later."""
    def served(first, every, ready):
        return first + every * ((ready - first) // every + 1)

    def fetched(parked):
        outside = 4 + crossing + (1 if parked else 4)
        return served(0, 5, outside + 18 + crossing) + 10 - 18

    doorbell = 3 + crossing + 1
    acknowledged = 3 + crossing + 4 + 3                  # the write before the read, which does not pass it
    read = max(acknowledged + 1, 4 + 3 + crossing + 1)
    status = served(4, 4, read + 3 + crossing) - 4
    return doorbell + fetched(False) + fetched(True) + status


class latency(command.scenario_test):
    def job_time(self, **about):
        """The same for each job."""
        run = self.run_scenario(self.write("s.toml", jobs(**about)))
        time = run.metric("server.pool.api.job_time")
        self.assertEqual(time["min"], time["max"])
        self.assertGreater(run.metric("server.pool.api.done"), 50)
        self.assertEqual(run.metric("server.pool.api.damaged"), 0)
        return int(time["min"])

    def test_an_enclosure(self):
        """The port adds what it adds to entries and registers, to the clock, and nothing for data: the same at any size."""
        for size in (256, 1024, 1400):
            beside = self.job_time(size=size, device="camera")
            for crossing in (1, 2, 3, 4, 5, 8, 17):
                with self.subTest(size=size, crossing=crossing):
                    inside = self.job_time(size=size, device="camera", bus="pci1", port=crossing)
                    self.assertEqual(inside - beside, port_clocks(crossing) * CLOCK)

    def test_memories(self):
        """A private bus is as fast as the host's when that is idle. A peer's memory answers a read at once, the host's after 8 clocks; the nic's own needs no
        address phase and no turn-around, 2 clocks each way. Where the CPU writes words its submission does not fall on the same edges as else: less than a
        clock."""
        for size in (256, 512, 1024, 1400):
            with self.subTest(size=size):
                host, private = self.job_time(size=size), self.job_time(size=size, bus="private")
                peer, own = self.job_time(size=size, data="near", done_by="far"), self.job_time(size=size, data="near")
                self.assertEqual(private, host)
                self.assertEqual(peer - own, 4 * CLOCK)
                self.assertLess(abs(host - peer - 8 * CLOCK), CLOCK)

    def test_programmed_io(self):
        """What the CPU copies word by word takes its time: 4 clocks for a word that it writes, 7 for one that it reads."""
        def without_job(size):
            run = self.run_scenario(self.write("s.toml", scene.keys(dict(warm_up="0 ps")) + jobs(size=size, data="near").replace("20 ms", "200 ms")))
            return 200e9 / CLOCK / run.metric("server.pool.api.done") - int(run.metric("server.pool.api.job_time")["min"]) / CLOCK

        words = (1400 - 512) // 4
        self.assertAlmostEqual((without_job(1400) - without_job(512)) / (words * (4 + 7)), 1, delta=0.01)


class tables(command.scenario_test):
    """docs/teaming.md says what runs say: octets of each bus by how they grow, times of one job or packet on an idle machine."""

    def rows(self, heading):
        table = TABLES.split(f"| {heading} |")[1].split("\n\n")[0]
        return [[c.strip() for c in line.strip("|").split("|")] for line in table.splitlines()[2:]]

    def measured(self, make, counted, time_of):
        """Crossings of the host's bus and of the one that only some devices are on, time of the longer one."""
        grown, time = [], 0
        for size in (600, 1112):
            run = self.run_scenario(self.write("s.toml", make(size)), "--trace", "packets")
            n = run.metric(counted)
            octets = {m["path"]: int(m["value"]) for m in run.result()["metrics"] if m["path"].endswith(".octets") and m["path"].startswith("server.p")}
            self.assertEqual(n, 20)
            grown.append(octets)
            time = time_of(run)
        growth = {bus: (grown[1][bus] - grown[0][bus]) / (20 * 512) for bus in grown[1]}
        other = [bus for bus in ("server.pci1.octets", "server.private.octets") if bus in growth]
        return growth["server.pci0.octets"], max([growth[bus] for bus in other], default=0), time

    def agree(self, row, found):
        host, other, time = found
        said_host, said_other = (0 if cell == "–" else int(cell) for cell in row[1:3])
        self.assertLess(abs(host - said_host) + abs(other - said_other), 0.02, f"{row}: {found}")
        self.assertEqual(row[3], f"{time / 1e6:.2f} us", row[0])

    def test_jobs(self):
        ways = (dict(), dict(bus="private"), dict(data="near"), dict(data="near", done_by="far"), dict(device="camera"),
                dict(device="camera", bus="pci1", port=2))
        rows = self.rows("data of a job")
        self.assertEqual(len(rows), len(ways))
        for row, about in zip(rows, ways):
            with self.subTest(row[0]):
                def make(size):
                    count = scene.keys(dict(count=20))
                    return jobs(size=size, **about) + count
                self.agree(row, self.measured(make, "server.pool.api.done", lambda run: int(run.metric("server.pool.api.job_time")["max"])))

    def packet(self, size, bus="pci0", memory=None, cards=(), team=None, capable=1, software=False):
        where, port = f"server.{bus}", bus == "pci1"
        behind = scene.table("pci_bridge", "io_port", bus="server.pci0", read_bytes="256 B", multiple_prefetch=8, posted_bytes="256 B")
        behind += scene.table("bus", "pci1", host="server", behind="server.pci0.io_port")
        text = scene.keys(dict(schema=1, extends="parts/host.toml", duration="40 ms")) + scene.table("bus", "private", host="server") + (behind if port else "")
        for n in range(2):
            crypto = dict(crypto=dict(enable=True, engines=ENGINES)) if capable == n else {}
            text += scene.table("nic", f"nic{n}", bus=where, identity="extended", memory=memory, **crypto) + scene.link(f"lan{n}", f"{where}.nic{n}", "core")
        for card in cards:
            text += scene.table("crypto_card", "card", bus=f"server.{card}", engines=ENGINES)
        sharing = dict(software="last_resort") if software else None
        text += scene.client() + scene.table("team", "team0", host="server", members=[f"{where}.nic{n}" for n in range(2)], primary="nic0",
                                             cards=[f"server.{card}.card" for card in cards], sharing=sharing, **team or {})
        return (text + scene.table("sa", "out", **{"from": "server", "to": "client", "cipher": "aes-cbc"})
                + scene.table("policy", "all", **{"from": "server", "to": "client", "bundle": ["out"]})
                + scene.traffic("up", pace="frames", frames_per_second=1000, frame_size=f"{size} B", count=20))

    def on_the_wire(self, run):
        """From the team to the first octet on the wire: of the packet, or of what was made of it."""
        rows = {r["id"]: r for r in run.packets()}
        first = {}
        for r in rows.values():
            root = r
            while root["parent"] in rows:
                root = rows[root["parent"]]
            if r["wire_begin_ps"] and root["from"] == "server.up":
                first[root["id"]] = min(int(r["wire_begin_ps"]), first.get(root["id"], 1 << 62)) - int(root["delivered_308_ps"])
        self.assertEqual(len(first), 20)
        return sorted(first.values())[10]

    def test_packets(self):
        to_nic = dict(memory="128 KiB", team=dict(returned_to="nic_memory"))
        ways = (dict(capable=0), dict(), to_nic, dict(team=dict(outbound="transmit")), dict(capable=None, cards=["pci0"]),
                dict(capable=None, cards=["pci0"], memory="128 KiB", team=dict(returned_to="nic_memory")), dict(capable=None, cards=["private"]),
                dict(bus="pci1"), dict(bus="pci1", **to_nic), dict(capable=None, software=True))
        rows = self.rows("a packet that a team protects")
        self.assertEqual(len(rows), len(ways))
        for row, about in zip(rows, ways):
            with self.subTest(row[0]):
                self.agree(row, self.measured(lambda size: self.packet(size, **about), "client.opened", self.on_the_wire))


if __name__ == "__main__":
    unittest.main()
