"""The external port with a peer in Python at its socket: what it answers, what it leaves, and that its record gives the same run."""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import unittest

import command
from station import arp, is_arp_reply, is_echo_reply, is_udp, ping, station, udp

SCENARIO = """
schema = 1
duration = "%s"
warm_up = "0 ps"
[[host]]
name = "server"
[[cpu]]
name = "cpu0"
host = "server"
[[bus]]
name = "pci0"
host = "server"
[[nic]]
name = "nic0"
bus = "server.pci0"
mac = "02:00:00:00:00:01"
address = "192.0.2.1/24"
[[link]]
name = "lan0"
a = "server.pci0.nic0"
b = "guest"
[[port]]
name = "guest"
socket = "%s"
mac = "02:00:00:00:00:02"
ip = "192.0.2.2"
%s
[[echo]]
name = "echo7"
host = "server"
[[capture]]
name = "wire"
at = "lan0.*.wire"
[[capture]]
name = "end"
at = "guest.port"
"""
ASKS = """
[[traffic]]
name = "asks"
from = "server"
to = "guest"
pace = "frames"
frames_per_second = 20
frame_size = "128 B"
destination_port = 9
start = "200 ms"
"""


class external_port(command.scenario_test):
    def setUp(self):
        super().setUp()
        self.path = self.folder / "s"

    def scenario(self, duration, port="", more=""):
        return self.write("live.toml", SCENARIO % (duration, self.path, port) + more)

    def start(self, scenario, *options):
        """The command, running; its results will be in `out`."""
        self.out = self.folder / "live"
        running = subprocess.Popen([command.NICTEAM, "run", str(scenario), "--out", str(self.out), *options], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        self.addCleanup(lambda: (running.kill(), running.stdout.close(), running.stderr.close(), running.wait()))
        return running

    def station(self, **options):
        s = station(self.path, **options)
        self.addCleanup(s.close)
        return s

    def end(self, running, status=0):
        stdout, stderr = running.communicate(timeout=60)
        self.assertEqual(running.returncode, status, stdout + stderr)
        done = subprocess.CompletedProcess([], running.returncode, stdout, stderr)
        return command.outcome(self.out, done)

    def check_replay(self, live, scenario, *options):
        """Without the port: the same octets in all files but run.json."""
        again = self.run_scenario(scenario, "--set", f"guest.replay={live.directory}/inputs/guest.record.pcapng", *options, status=live.status)
        a, b = live.files(), again.files()
        self.assertEqual(sorted(a), sorted(b))
        for name in a:
            self.assertTrue(a[name] == b[name], f"{name} differs")
        self.assertFalse(self.path.exists())
        return again

    def test_a_peer_asks_and_is_answered_and_the_record_gives_the_same_run(self):
        scenario = self.scenario("1500 ms", more=ASKS)
        running = self.start(scenario, "--trace", "all")
        s = self.station()
        time.sleep(0.1)                                      # the driver is up after 1 ms of simulated time
        s.send(arp(1))
        self.assertIsNotNone(s.next(is_arp_reply))
        for n, size in enumerate((0, 1, 56, 1400)):
            data = bytes(range(256)) * 6
            s.send(ping(n, data[:size]))
            self.assertIsNotNone(s.next(is_echo_reply(n, data[:size])), f"ping of {size} octets")
        s.send(udp(5000, 7, b"hello model"))
        self.assertIsNotNone(s.next(is_udp(7, 5000, b"hello model")))
        asked = s.next(is_udp(9000, 9))                      # and the other way
        self.assertIsNotNone(asked)
        s.send(udp(9, 9000, asked[42:]))
        for _ in s.frames(20):                               # to the end of the run
            pass
        live = self.end(running)
        self.assertEqual(live.metric("server.stack.echo_replies"), 4)
        self.assertEqual(live.metric("server.echo7.echoed"), 1)
        self.assertEqual(live.metric("guest.received"), 7)
        self.assertEqual(live.metric("guest.padded"), 4)          # ARP, two pings, a datagram
        self.assertEqual(live.metric("guest.attached"), 1)
        self.assertEqual(live.metric("server.asks.answers"), 1)
        self.assertEqual([c["breaches"] for c in live.result()["checks"]], [0] * len(live.result()["checks"]))
        again = self.check_replay(live, scenario, "--trace", "all")
        # The kept configuration is that of the replay: it runs as it lies there.
        kept = self.run_scenario(live.directory / "config.resolved.toml")
        for name in ("result.json", "wire.pcapng", "end.pcapng", "packets.csv", "wave.vcd"):
            self.assertTrue(live.files()[name] == kept.files()[name], name)
        self.assertNotIn("greatest_lag_ps", json.loads((again.directory / "run.json").read_text()))

    def test_simulated_time_goes_with_the_wall_clock(self):
        for pace, simulated in ((1, 1.5), (0.25, 0.3), (8, 6)):
            with self.subTest(pace=pace):
                running = self.start(self.scenario(f"{int(simulated * 1000)} ms"), "--set", f"pace={pace}")
                s = self.station()
                began = time.monotonic()
                for _ in s.frames(60):
                    pass
                took = time.monotonic() - began
                live = self.end(running)
                wanted = simulated / pace
                self.assertGreater(took, 0.97 * wanted)      # never ahead of the clock
                self.assertLess(took, wanted + 3)            # a machine with other things to do may be late
                facts = json.loads((live.directory / "run.json").read_text())
                self.assertGreaterEqual(int(facts["greatest_lag_ps"]), int(facts["mean_lag_ps"]))
                self.assertEqual(int(facts["simulated_ps"]), int(simulated * 1e12))

    def test_an_answer_takes_wall_clock_time_as_it_takes_simulated_time(self):
        running = self.start(self.scenario("3 s"))
        s = self.station()
        time.sleep(0.2)
        times = []
        for n in range(20):
            began = time.monotonic()
            s.send(ping(n, b"x" * 56))
            self.assertIsNotNone(s.next(is_echo_reply(n, b"x" * 56)))
            times.append(time.monotonic() - began)
        self.assertLess(sorted(times)[10], 0.05)             # the run waits in poll() and wakes up when something comes
        running.send_signal(signal.SIGINT)
        self.end(running, 130)

    def test_an_interrupted_run_leaves_files_that_can_be_read_and_its_record_can_be_replayed(self):
        scenario = self.scenario("1000 s")
        running = self.start(scenario)
        s = self.station()
        time.sleep(0.2)
        s.send(ping(1, b"one"))
        self.assertIsNotNone(s.next(is_echo_reply(1, b"one")))
        began = time.monotonic()
        running.send_signal(signal.SIGINT)
        live = self.end(running, 130)
        self.assertLess(time.monotonic() - began, 5)
        self.assertTrue(live.result()["interrupted"])
        self.assertFalse(self.path.exists())
        self.assertNotIn(".part", " ".join(live.files()))
        again = self.run_scenario(live.directory / "config.resolved.toml")      # as long as the run was
        for name in ("wire.pcapng", "end.pcapng", "inputs/guest.record.pcapng"):
            self.assertTrue(live.files()[name] == again.files()[name], name)
        for part in ("end_ps", "window", "metrics", "flows", "losses"):
            self.assertEqual(live.result()[part], again.result()[part], part)

    def test_a_record_that_cannot_grow_is_told_at_once_and_the_run_goes_on(self):
        self.out = self.folder / "live"                       # a file size limit stands for a full disk
        words = [command.NICTEAM, "run", self.scenario("1000 s"), "-q", "--trace", "none", "--out", self.out]
        running = subprocess.Popen(["bash", "-c", 'ulimit -f 100; exec "$0" "$@"', *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(lambda: (running.kill(), running.stdout.close(), running.stderr.close(), running.wait()))
        s = self.station()
        record = self.out / "inputs/guest.record.pcapng"
        for n in range(150):                                  # 150 KB, and no more than 100 can be written
            s.send(ping(n, b"x" * 1000))
            self.assertIsNotNone(s.next(is_echo_reply(n, b"x" * 1000)))
        self.assertEqual(running.stderr.readline(), f"nicteam: {record}: cannot be written: File too large; it is left out\n")
        self.assertEqual(list(record.parent.iterdir()), [])   # gives its room back
        s.send(ping(999, b"still there"))
        self.assertIsNotNone(s.next(is_echo_reply(999, b"still there")))
        running.send_signal(signal.SIGINT)
        live = self.end(running, 3)
        self.assertGreaterEqual(live.metric("guest.received"), 151)
        facts = json.loads((self.out / "run.json").read_text())
        self.assertEqual([f["file"] for f in facts["not_written"]], ["inputs/guest.record.pcapng"])
        self.assertNotIn("record.pcapng", (self.out / "config.resolved.toml").read_text())

    def test_hostile_octets_disconnects_and_reconnects(self):
        scenario = self.scenario("1 s")
        running = self.start(scenario)
        s = self.station()
        time.sleep(0.1)
        s.send(b"", b"", b"x" * 5, b"y" * 3000)
        s.send(arp(1))
        self.assertIsNotNone(s.next(is_arp_reply))
        s.socket.sendall(b"\0\0\0\x40" + b"z" * 10)         # ends within a frame
        s.close()
        s = self.station()
        s.socket.sendall(b"GET / HTTP/1.1\r\n\r\n")           # another protocol: a length of 1,195,725,856
        self.assertEqual(list(s.frames(10)), [])              # closed
        s = self.station()
        s.send(ping(1, b"still there"))
        self.assertIsNotNone(s.next(is_echo_reply(1, b"still there")))
        s.socket.sendall(b"\0\0\0\0" * 10000)
        for _ in s.frames(20):
            pass
        live = self.end(running)
        expected = {"refused_empty": 10002, "refused_short": 1, "refused_long": 1, "refused_partial": 1, "refused_framing": 1, "attached": 3}
        self.assertEqual({k: live.metric(f"guest.{k}") for k in expected}, expected)
        shown = {e["path"] for e in live.result()["errors"]}      # what the summary has under "Faults and errors"
        self.assertLessEqual({f"guest.{k}" for k in expected if k != "attached"}, shown)
        self.check_replay(live, scenario)

    def test_a_peer_that_does_not_read_loses_frames_with_a_reason(self):
        traffic = ASKS.replace("frames_per_second = 20", "frames_per_second = 4000").replace("128 B", "1518 B").replace("200 ms", "100 ms")
        scenario = self.scenario("600 ms", "output_queue = 16\nlongest_length = \"64 KiB\"\nretry = \"1 s\"", traffic)
        running = self.start(scenario)
        s = self.station()
        s.send(arp(2, to=b"\xff" * 6))
        self.assertIsNotNone(s.next(lambda f: len(f) > 1000))  # it knows the way, and this is the last that is read
        live = self.end(running)                              # the run does not wait for it
        self.assertGreater(live.metric("guest.dropped"), 100)
        losses = {l["reason"]: l for l in live.result()["losses"]}
        self.assertIn("not_read", losses)
        self.check_replay(live, scenario)

    def test_two_stations_and_a_host_meet_at_a_repeater(self):
        text = (SCENARIO % ("2 s", self.path, "")).replace('b = "guest"', 'b = "hub"') + f"""
[[repeater]]
name = "hub"
[[link]]
name = "lan1"
a = "hub"
b = "guest"
[[link]]
name = "lan2"
a = "hub"
b = "other"
[[port]]
name = "other"
socket = "{self.path}2"
"""
        scenario = self.write("hub.toml", text)
        running = self.start(scenario)
        s, t = self.station(), station(f"{self.path}2")       # it begins when both are there
        self.addCleanup(t.close)
        time.sleep(0.1)
        s.send(arp(1))
        self.assertIsNotNone(t.next(lambda f: f == arp(1).ljust(60, b"\0")), "the other station hears the broadcast")
        self.assertIsNotNone(s.next(is_arp_reply))
        self.assertIsNotNone(t.next(is_arp_reply), "a repeater tells everybody")
        for _ in s.frames(20):
            pass
        live = self.end(running)
        again = self.run_scenario(scenario, "--set", f"guest.replay={self.out}/inputs/guest.record.pcapng", "--set",
                                  f"other.replay={self.out}/inputs/other.record.pcapng")
        self.assertEqual([n for n, octets in live.files().items() if again.files()[n] != octets], [])

    def test_the_port_connects_and_waits_for_a_listener(self):
        scenario = self.scenario("500 ms", 'role = "connect"')
        running = self.start(scenario)
        time.sleep(0.3)                                       # nobody listens yet
        self.assertIsNone(running.poll())
        s = self.station(listen=True)
        s.accept()
        for _ in s.frames(20):
            pass
        live = self.end(running)
        self.assertEqual(live.metric("guest.attached"), 1)
        self.path.unlink()

    def test_who_comes_and_who_leaves_is_told_while_the_run_lives(self):
        for quiet in (False, True):
            running = self.start(self.scenario("1000 s"), *["-q"] * quiet)
            s = self.station()
            if not quiet:
                self.assertIn("listens at", running.stderr.readline())
                self.assertRegex(running.stderr.readline(), "^nicteam: guest: somebody is there, at .*s\n$")
                self.assertIn("the run begins", running.stderr.readline())
            s.close()
            if not quiet:
                self.assertRegex(running.stderr.readline(), "^nicteam: guest: whoever was there has left, at .*s; frames are lost until somebody comes\n$")
                again = self.station()
                self.assertRegex(running.stderr.readline(), "^nicteam: guest: somebody is there, at .*s\n$")
                again.close()
            time.sleep(0.2)
            running.send_signal(signal.SIGINT)
            told = self.end(running, 130).stderr
            self.assertEqual("guest:" in told, not quiet, told)

    def test_a_run_that_nobody_joins_can_be_interrupted_and_leaves_nothing(self):
        for role in ("listen", "connect"):
            running = self.start(self.scenario("500 ms", f'role = "{role}"'))
            self.assertIn(str(self.path), running.stderr.readline())
            running.send_signal(signal.SIGINT)
            running.communicate(timeout=20)
            self.assertEqual(running.returncode, 130)
            self.assertFalse(self.out.exists())
            self.assertFalse(self.path.exists())

    def test_a_run_that_need_not_wait_begins_alone(self):
        scenario = self.scenario("300 ms", "wait = false", ASKS)
        running = self.start(scenario)
        live = self.end(running)
        self.assertGreater(live.metric("guest.unheard"), 0)
        self.assertEqual(live.metric("guest.attached"), 0)
        self.check_replay(live, scenario)

    def test_the_first_frame_of_a_quick_station_is_not_lost(self):
        scenario = self.scenario("400 ms")
        for more, begin in (((), 1), (("--set", "traffic_start=30 ms"), 30), (("--set", "guest.start=2 ms"), 2)):
            running = self.start(scenario, *more)
            s = self.station()
            s.send(arp(1))                                   # at once: no driver is up yet
            self.assertIsNotNone(s.next(is_arp_reply), more)
            for _ in s.frames(20):
                pass
            live = self.end(running)
            self.assertEqual(live.metric("guest.received"), 1)
            with open(live.directory / "inputs/guest.record.pcapng", "rb") as f:
                told = [int(t) for t in re.findall(rb"(\d+) ps(?!:)", f.read())]
            self.assertEqual(len(told), 1)
            self.assertGreaterEqual(told[0], begin * 1_000_000_000)
            self.assertLess(told[0], (begin + 100) * 1_000_000_000)
            self.check_replay(live, scenario, *more)

    def test_another_run_at_the_same_socket_does_not_take_the_place_of_the_station(self):
        scenario = self.scenario("300 ms")
        running = self.start(scenario)
        self.assertIn(str(self.path), running.stderr.readline())
        there = os.stat(self.path).st_ino
        def second():
            done = subprocess.run([command.NICTEAM, "run", str(scenario), "--out", str(self.folder / "second")], capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("somebody listens there already", done.stderr)
            self.assertEqual(os.stat(self.path).st_ino, there)
        second()
        time.sleep(0.2)
        self.assertIsNone(running.poll())
        s = self.station()
        s.send(arp(1))
        self.assertIsNotNone(s.next(is_arp_reply))
        second()                                             # somebody is attached now
        for _ in s.frames(20):
            pass
        live = self.end(running)
        self.assertEqual((live.metric("guest.attached"), live.metric("guest.received")), (1, 1))

    def test_validate_does_not_touch_the_socket(self):
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(self.path))
        listener.listen(1)
        for role in ("listen", "connect"):
            done = subprocess.run([command.NICTEAM, "validate", str(self.scenario("1 s", f'role = "{role}"'))], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
        listener.settimeout(0.2)
        self.assertRaises((TimeoutError, socket.timeout), listener.accept)
        busy = self.run_scenario(self.scenario("1 s"), status=2)
        self.assertIn('error: port.socket = ', busy.stderr)
        self.assertIn("somebody listens there already", busy.stderr)
        listener.close()

    def test_what_is_wrong_with_a_port_is_told_before_the_run(self):
        def errors(port, more=""):
            text = (SCENARIO % ("1 s", self.path, port)).replace(f'socket = "{self.path}"\n', "") + more
            done = subprocess.run([command.NICTEAM, "validate", str(self.write("x.toml", text))], capture_output=True, text=True)
            self.assertEqual(done.returncode, 2, done.stdout)
            return done.stderr
        self.assertIn("wants a socket, or a record to replay", errors(""))
        self.assertIn("a path has at most 107 characters", errors(f'socket = "{"x" * 120}"'))
        self.assertIn("replay: ", errors('replay = "nowhere.pcapng"'))
        self.assertIn('role = "dial": is no choice', errors('socket = "s"\nrole = "dial"'))
        again = '[[link]]\nname = "lan1"\na = "guest"\nb = "other"\n[[port]]\nname = "other"\nsocket = "t"\n'
        self.assertIn('link.a = "guest": is plugged into a link already', errors('socket = "s"', again))
        half = '[[repeater]]\nname = "hub"\nduplex = "half"\n[[link]]\nname = "lan1"\na = "hub"\nb = "other"\n[[port]]\nname = "other"\nsocket = "t"\n'
        self.assertIn('link.b = "other": a port is full duplex, and hub is not', errors('socket = "s"', half))
        self.assertIn("port: other is at the end of no link", errors('socket = "s"', '[[port]]\nname = "other"\nsocket = "t"\n'))


if __name__ == "__main__":
    unittest.main()
