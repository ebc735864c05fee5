"""What a sweep leaves: the same figures in every table, the same as single runs give, and marks on what went wrong."""
import csv
import io
import json
import math
import sqlite3
import statistics
import subprocess
import unittest

from sweeping import GRID, NICTEAM, TINY, Folder


class Tables(unittest.TestCase):
    def setUp(self):
        self.folder = Folder(self)

    def test_csv_and_database_carry_the_same_figures_in_real_columns(self):
        self.folder.sweep(self.folder.scenario(GRID), "-o", "out", "-q")
        connection = sqlite3.connect(self.folder.path / "out" / "results.sqlite")
        for name in ("runs", "points"):
            with open(self.folder.path / "out" / f"{name}.csv", newline="") as file:
                heading, *rows = csv.reader(file)
            columns = [(c[1], c[2]) for c in connection.execute(f"PRAGMA table_info({name})")]
            units = dict(connection.execute('SELECT "column", unit FROM units WHERE "table" = ?', (name,)))
            self.assertEqual(heading, [c + (f" [{units[c]}]" if units[c] else "") for c, _ in columns])
            stored = list(connection.execute(f"SELECT * FROM {name}"))
            self.assertEqual(len(stored), len(rows))
            for theirs, ours in zip(stored, rows):
                for (column, kind), a, b in zip(columns, theirs, ours):
                    if kind == "TEXT":
                        self.assertEqual(a, b)
                    else:
                        self.assertEqual(a, None if b == "" else float(b) if kind == "REAL" else int(b), column)
        connection.close()

    def test_a_run_of_the_sweep_is_the_same_run_alone(self):
        file = self.folder.scenario(GRID)
        self.folder.sweep(file, "-o", "out", "-q")
        for row in self.folder.table("out")[::5]:
            offered, octets = round(float(row["offered"])), round(float(row["octets [B]"]))
            subprocess.run([NICTEAM, "run", file, "-q", "-o", "alone", "--seed", row["seed"], "--set", f"server.up.frames_per_second={offered}",
                            "--set", f"server.up.frame_size={octets} B"], cwd=self.folder.path, check=True)
            result = json.loads((self.folder.path / "alone" / "result.json").read_text())
            frames = next(m for m in result["metrics"] if m["path"] == "client.frames")
            self.assertEqual(float(row["client.frames [frames]"]), float(frames["value"]))

    def test_metrics_by_a_pattern_are_each_in_their_unit(self):
        """Without a property: what is counted whole, of levels and samples the mean; how many samples there are has no unit of theirs."""
        text = TINY + '[sweep]\nmetrics = ["client.*", "total(client.latency)", "mean(client.latency)", "server.pci0.nic0.tx_fifo"]\n' + \
            '[[vary]]\nkey = "server.up.frame_size"\nvalues = ["256 B"]\n'
        file = self.folder.scenario(text)
        self.folder.sweep(file, "-o", "out", "-q")
        row, = self.folder.table("out")
        subprocess.run([NICTEAM, "run", file, "-q", "-o", "alone", "--seed", row["seed"]], cwd=self.folder.path, check=True)
        metrics = {m["path"]: m for m in json.loads((self.folder.path / "alone" / "result.json").read_text())["metrics"]}
        self.assertEqual(float(row["client.frames [frames]"]), float(metrics["client.frames"]["value"]))
        self.assertAlmostEqual(float(row["mean(client.latency) [s]"]) * 1e12, float(metrics["client.latency"]["mean"]), delta=1)
        self.assertEqual(float(row["client.latency [samples]"]), float(metrics["client.latency"]["count"]))
        self.assertIn("mean(client.queue) [frames]", row)
        self.assertFalse([name for name in row if "[ps]" in name or name == "client.queue [frames]"])
        with sqlite3.connect(self.folder.path / "out" / "results.sqlite") as connection:
            means = dict(connection.execute('SELECT "column", meaning FROM units WHERE "table" = \'runs\' AND role = \'metric\''))
        self.assertEqual((means["client.frames"], means["mean(client.queue)"]), ("total(client.frames)", "mean(client.queue)"))

    def test_two_that_are_as_full_are_both_named(self):
        """Both directions of a cable at 99 % and more, as the summary of a run has them; with less, or more than there is, on one:
        the fuller one alone."""
        text = TINY.replace('arrivals = "poisson"\nframes_per_second = 20000\nframe_size = "256 B"',
                            'frames_per_second = 12200\nframe_size = "1000 B"') + """
[[traffic]]
name = "down"
from = "client"
to = "server"
pace = "frames"
frames_per_second = 1
frame_size = "1000 B"
[[vary]]
key = "client.down.frames_per_second"
values = [6000, 12200, 14000]
"""
        self.folder.sweep(self.folder.scenario(text), "-o", "out", "-q", "--set", "warm_up=500 us")
        for name in ("runs", "points"):
            self.assertEqual([row["limited_by"] for row in self.folder.table("out", name)], ["lan0.a_to_b", "lan0.a_to_b, lan0.b_to_a", "lan0.b_to_a"])

    def test_points_by_name_what_they_leave_alone_and_figures_that_some_do_not_have(self):
        text = TINY + """
[sweep]
method = "list"
metrics = ["rate(client.frames)"]
[[point]]
name = "small"
set = ["server.up.frame_size=64 B"]
[[point]]
name = "fast"
set = ["server.up.frames_per_second=50000", "server.pci0.period=66 MHz"]
[[point]]
set = ["server.pci0.period=40 ns"]
[[figure]]
name = "odd"
as = "rate(client.frames) / (server.up.frame_size / 64 B - 1)"
at_most = "rate(client.frames) / 9"
[[figure]]
name = "of_odd"
as = "2 * odd"
[[figure]]
name = "bus"
as = "rate(client.octets)"
at_most = "9 Mbps"
within = "1 %"
[[expect]]
name = "many"
metric = "client.frames"
at_least = "50 frames"
"""
        done = self.folder.sweep(self.folder.scenario(text), "-o", "out", "--set", "sweep.replicates=2", status=1)
        points, runs = self.folder.table("out", "points"), self.folder.table("out")
        of_points = [(p["name"], p["broken"], p["failed"], float(p["server.up.frame_size [B]"]), float(p["server.up.frames_per_second"]),
                      round(float(p["server.pci0.period [Hz]"]))) for p in points]
        self.assertEqual(of_points, [("small", "2", "0", 64, 20000, 33333333), ("fast", "0", "0", 256, 50000, 66666667), ("", "2", "0", 256, 20000, 25000000)])
        self.assertEqual([r["name"] for r in runs], ["small"] * 2 + ["fast"] * 2 + [""] * 2)
        self.assertEqual([(r["odd"] == "", r["of_odd"] == "") for r in runs], [(True, True)] * 2 + [(False, False)] * 4)
        for p in points[1:]:  # a closed form with a metric in it is a mean as well
            forms = [float(r["odd_at_most"]) for r in runs if r["point"] == p["point"]]
            self.assertNotEqual(*forms)
            self.assertAlmostEqual(float(p["odd_at_most"]), statistics.mean(forms))
        self.assertIn("rate(client.frames) [frames/s]", runs[0])
        said = done.stderr.splitlines()
        note = 'note: point 0, replicate 0, and 1 more run: figure odd is left empty: "rate(client.frames) / (server.up.frame_size / 64 B - 1)", column 21: '
        self.assertIn(note + "/ gives no number", said)
        bus = [line for line in said if "bus = " in line]
        self.assertEqual(len(bus), 6)  # each once
        self.assertRegex(bus[2], r"point 1, replicate 0: bus = [0-9.]+ Mbps is above its closed form, 9 Mbps$")
        self.assertIn("  2 held, 4 broken: an expectation did not hold; ", done.stdout)
        self.assertRegex(done.stdout, r"  broken: point 0 \(small\), replicate 0: many \(measured \d+ frames\)\n")

    def test_a_figure_of_the_time_between_two_stages_is_that_of_the_rows_of_packets(self):
        figures = "".join(f'[[figure]]\nname = "{name}"\nas = "{of}(server.up to client from {stages})"\nunit = "{unit}"\n' for name, of, stages, unit in
                          [("own", "mean", "host_post to wire_begin", "ps"), ("worst", "greatest", "host_post to wire_begin", "ps"),
                           ("reaped", "total", "nic_tx_fetch to driver_reaped", ""), ("back", "mean", "wire_tx to driver_reaped", "ps")])
        text = '[sweep]\nkeep = "files"\n[trace]\npackets = true\n[[vary]]\nkey = "server.up.frame_size"\nvalues = ["64 B", "1000 B"]\n'
        done = self.folder.sweep(self.folder.scenario(TINY + text + figures), "-o", "out")
        for run in self.folder.table("out"):
            with next((self.folder.path / "out").glob(f"**/*{run['identity']}*/packets.csv")).open() as file:
                mine = [r for r in csv.DictReader(file) if (r["from"], r["to"], r["fate"]) == ("server.up", "client", "arrived")]
            took = [int(r["wire_begin_ps"]) - int(r["host_post_ps"]) for r in mine]
            reaped = [r for r in mine if r["driver_reaped_ps"]]
            self.assertEqual([int(run[f]) for f in ("own [ps]", "worst [ps]", "reaped")], [int(statistics.mean(took)), max(took), len(reaped)])
            self.assertTrue(len(reaped) < len(mine) if run["point"] == "1" else took)
        # With one cable no completion of 64 octets comes behind their last one, nor is that a zero.
        self.assertEqual(self.folder.table("out")[0]["back [ps]"], "")
        self.assertIn("point 0, replicate 0: figure back is left empty: ", done.stderr)
        self.assertIn("they pass driver_reaped before wire_tx\n", done.stderr)

    def test_the_database_has_the_configuration_of_each_run_as_it_can_be_run(self):
        file = self.folder.scenario(GRID)
        self.folder.sweep(file, "-o", "out", "-q", "--set", "server.up.frame_size=64 B,300 B", "--set", "server.up.frames_per_second=15000")
        connection = sqlite3.connect(self.folder.path / "out" / "results.sqlite")
        texts = dict(connection.execute("SELECT identity, text FROM configurations"))
        changes = connection.execute("SELECT count(*) FROM configuration_changes").fetchone()[0]
        connection.close()
        runs = self.folder.table("out")
        self.assertEqual(set(texts), {r["identity"] for r in runs})
        self.assertEqual(len(runs), 4)
        self.assertLessEqual(changes, 3 * len(runs))        # the size, the seed, and what follows: not whole texts
        self.folder.scenario(texts[runs[3]["identity"]], "again")
        subprocess.run([NICTEAM, "run", "again.toml", "-q", "-o", "alone"], cwd=self.folder.path, check=True)
        result = json.loads((self.folder.path / "alone" / "result.json").read_text())
        self.assertEqual(str(result["seed"]), runs[3]["seed"])
        frames = next(m for m in result["metrics"] if m["path"] == "client.frames")
        self.assertEqual(float(runs[3]["client.frames [frames]"]), float(frames["value"]))
        self.assertIn('frame_size = "300 B"', texts[runs[3]["identity"]])

    def test_flows_have_packets_and_latency(self):
        text = TINY + '\n[sweep]\nmetrics = ["server.* to client"]\n' + "".join(
            f'[[figure]]\nname = "{of}"\nas = "{of}(server.up to client)"\n' for of in ("total", "mean", "p50", "p99"))
        file = self.folder.scenario(text)
        self.folder.sweep(file, "-o", "out", "-q", "--set", "server.up.frame_size=64 B,1000 B")
        for row in self.folder.table("out"):
            subprocess.run([NICTEAM, "run", file, "-q", "-o", "alone", "--seed", row["seed"], "--set",
                            f"server.up.frame_size={round(float(row['server.up.frame_size [B]']))} B"], cwd=self.folder.path, check=True)
            flows = json.loads((self.folder.path / "alone" / "result.json").read_text())["flows"]
            flow = next(f for f in flows if (f["from"], f["to"]) == ("server.up", "client"))
            self.assertEqual(float(row["total"]), flow["packets"])
            self.assertEqual(float(row["server.up to client [packets]"]), flow["packets"])
            for of in "mean", "p50", "p99":
                self.assertAlmostEqual(float(row[f"{of} [s]"]) * 1e12, float(flow["latency_ps"][of]), delta=2)

    def test_without_figures_there_are_the_usual_ones(self):
        file = self.folder.scenario(TINY + '\n[[traffic]]\nname = "down"\nfrom = "client"\nto = "server"\n'
                                    'pace = "frames"\nframes_per_second = 9000\nframe_size = "700 B"\n')
        self.folder.sweep(file, "-o", "out", "-q", "--set", "server.up.frame_size=64 B,1000 B", "--set", "sweep.metrics=throughput(server.up to client)")
        row = self.folder.table("out")[1]
        subprocess.run([NICTEAM, "run", file, "-q", "-o", "alone", "--set", "server.up.frame_size=1000 B"], cwd=self.folder.path, check=True)
        result = json.loads((self.folder.path / "alone" / "result.json").read_text())
        flows = result["flows"]
        self.assertGreater(len(flows), 1)
        packets = sum(f["packets"] for f in flows)
        expected = {"throughput [Mbps]": sum(float(f["bits_per_second"]) for f in flows) / 1e6,
                    "latency_mean [us]": sum(float(f["latency_ps"]["sum"]) for f in flows) / packets / 1e6,
                    "latency_p99 [us]": max(float(f["latency_ps"]["p99"]) for f in flows) / 1e6,
                    "use_of_limit [%]": 100 * max(r["use"] for r in result["resources"]),
                    "throughput(server.up to client) [bps]": next(
                        float(f["bits_per_second"]) for f in flows if (f["from"], f["to"]) == ("server.up", "client"))}
        for column, value in expected.items():
            self.assertAlmostEqual(float(row[column]), value, delta=1e-5 * value, msg=column)
        faulty = self.folder.scenario(TINY + '[[figure]]\nname = "f"\nas = "p98(flows)"\n[[figure]]\nname = "g"\nas = "throughput(server)"\n'
                                      '[[figure]]\nname = "h"\nas = "use(server.pcio)"\n[[figure]]\nname = "i"\nas = "share(flows)"\n', "faulty")
        said = self.folder.sweep(faulty, "-o", "no", "--set", "server.up.frame_size=64 B,1000 B", status=2).stderr
        for message in ("there is no function p98", "throughput(server): is no flow", "use(server.pcio): there is no such resource; did you mean server.pci0?",
                        "share(flows): flows have throughput, total, rate, mean,"):
            self.assertIn(message, said)

    def test_points_are_means_of_their_runs_with_students_interval(self):
        self.folder.sweep(self.folder.scenario(GRID), "-o", "out", "-q", "--set", "sweep.replicates=3")
        runs, points = self.folder.table("out"), self.folder.table("out", "points")
        for p in points:
            values = [float(r["arrived"]) for r in runs if r["point"] == p["point"]]
            self.assertEqual(len(values), 3)
            self.assertAlmostEqual(float(p["arrived"]), statistics.mean(values))
            self.assertAlmostEqual(float(p["arrived_half_width"]), 4.302653 * statistics.stdev(values) / math.sqrt(3), delta=1e-5 * max(values))

    def test_points_are_compared_with_the_baseline_in_pairs_or_by_welch(self):
        text = GRID.replace("replicates = 2", 'replicates = 3\nbaseline = ["offered=5000", "octets=64 B"]').replace("steps = 4", "steps = 2")
        for seeds in ("common", "own"):
            self.folder.sweep(self.folder.scenario(text), "-o", seeds, "-q", "--set", f"sweep.seeds={seeds}")
            of_point = {}
            for r in self.folder.table(seeds):
                of_point.setdefault(r["point"], []).append([float(r["arrived"]), float(r["bus_use [%]"])])
            points = self.folder.table(seeds, "points")
            self.assertEqual(([p["baseline"] for p in points], {len(v) for v in of_point.values()}), (["1"] + ["0"] * (len(points) - 1), {3}))
            self.assertEqual((points[0]["arrived_vs_baseline"], points[0]["arrived_vs_baseline_half_width"]), ("", ""))
            for p in points[1:]:
                for n, column in enumerate(("arrived_vs_baseline{}", "bus_use_vs_baseline{} [%]")):
                    here, base = ([v[n] for v in of_point[q]] for q in (p["point"], "0"))
                    half, scale = float(p[column.format("_half_width")]), max(here)
                    self.assertAlmostEqual(float(p[column.format("")]), statistics.mean(here) - statistics.mean(base), delta=1e-9 * scale)
                    if seeds == "common":
                        pairs = [a - b for a, b in zip(here, base)]
                        self.assertAlmostEqual(half, 4.302653 * statistics.stdev(pairs) / math.sqrt(3), delta=1e-5 * scale)
                    else:  # between 2 and 4 degrees of freedom
                        error = math.sqrt((statistics.variance(here) + statistics.variance(base)) / 3)
                        self.assertTrue(2.7764 * error <= half <= 4.3027 * error, (half, error))

    def test_the_front_is_of_points_that_nobody_dominates(self):
        self.folder.sweep(self.folder.scenario(GRID), "-o", "out", "-q")
        points = self.folder.table("out", "points")
        for p in points:
            def better(q, p=p):
                more, less = float(q["arrived"]) - float(p["arrived"]), float(q["bus_use [%]"]) - float(p["bus_use [%]"])
                return more >= 0 and less <= 0 and (more > 0 or less < 0)
            self.assertEqual(int(p["dominated_by [points]"]), sum(better(q) for q in points))
        self.assertTrue(any(p["dominated_by [points]"] == "0" for p in points))
        self.assertTrue(any(p["dominated_by [points]"] != "0" for p in points))

    def test_constraints_leave_points_out(self):
        self.folder.sweep(self.folder.scenario(GRID), "-o", "out", "-q")
        seen = {(round(float(p["offered"])), round(float(p["octets [B]"]))) for p in self.folder.table("out", "points")}
        every = {(f, b) for f in (5000, 10000, 15000, 20000) for b in (64, 256, 1000)}
        self.assertEqual(seen, {(f, b) for f, b in every if f * b * 8 < 80e6})

    def test_values_on_the_command_line_vary_and_stand_for_those_of_the_file(self):
        self.folder.sweep(self.folder.scenario(GRID), "-o", "out", "-q", "--set", "server.up.frame_size=64 B,128 B",
                          "--set", "server.up.frames_per_second=7000")
        points = self.folder.table("out", "points")
        self.assertEqual([p["server.up.frame_size [B]"] for p in points], ["64", "128"])
        self.folder.sweep(self.folder.scenario(TINY, "plain"), "-o", "plain", "-q", "--set", "server.pci0.period=30 ns,40 ns", "--set", "sweep.replicates=2",
                          "--set", "sweep.metrics=client.frames")
        self.assertEqual([r["server.pci0.period [s]"] for r in self.folder.table("plain")], ["3e-08"] * 2 + ["4e-08"] * 2)

    def test_a_run_that_breaks_an_expectation_is_kept_and_marked_and_stops_nothing(self):
        text = GRID + '\n[[expect]]\nname = "enough"\nmetric = "client.frames"\nat_least = "15 frames"\n'
        done = self.folder.sweep(self.folder.scenario(text), "-o", "out", "--set", "server.up.frame_size=64 B,1517 B,128 B", "--set", "sweep.constraints=[]",
                                 "--set", "client.max_frame=1000 B", status=1)
        runs = self.folder.table("out")
        self.assertEqual(len(runs), 4 * 3 * 2)
        for r in runs:
            few = int(r["client.frames [frames]"])
            self.assertEqual((r["status"], r["why"]), ("held", "") if few >= 15 else ("broken", f"enough (measured {few} frames)"), r)
            self.assertNotEqual(r["arrived"], "")
        broken = sum(r["status"] == "broken" for r in runs)
        self.assertGreaterEqual(broken, 8)       # no frame of 1517 B is one for a peer that takes 1000 B
        self.assertGreaterEqual(len(runs) - broken, 4)
        self.assertIn(f"{broken} broken", done.stdout + done.stderr)

    def test_a_run_that_takes_too_long_fails_alone(self):
        text = GRID.replace("[sweep]\n", '[sweep]\ntime_limit = "400 ms"\n')
        self.folder.sweep(self.folder.scenario(text), "-o", "out", "--set", "duration=2 ms,20 s", "--set", "server.up.frame_size=64 B",
                          "--set", "server.up.frames_per_second=5000", status=4)
        rows = self.folder.table("out")
        self.assertEqual([r["status"] for r in rows], ["held", "held", "failed", "failed"])
        self.assertEqual(rows[2]["why"], "longer than time_limit, 0.4 s")
        self.assertEqual(rows[2]["arrived"], "")

    def test_a_closed_form_that_is_exceeded_ends_with_1_and_says_where(self):
        text = GRID.replace('at_most = "1"', 'at_most = "server.up.frames_per_second / 1000000"')
        done = self.folder.sweep(self.folder.scenario(text), "-o", "out", status=1)
        self.assertIn("bus_use = ", done.stderr)
        self.assertIn("is above its closed form", done.stderr)

    def test_close_to_the_closed_form_where_it_counts(self):
        text = TINY.replace('arrivals = "poisson"\n', "") + """
[sweep]
[[vary]]
key = "server.up.frames_per_second"
values = [1000, 20000]
[[figure]]
name = "arrived"
as = "rate(client.frames)"
at_most = "server.up.frames_per_second + 2000"
within = "25 %"
"""
        self.folder.sweep(self.folder.scenario(text), "-o", "all", status=1)
        self.folder.sweep(self.folder.scenario(text + 'close_where = "server.up.frames_per_second > 9000"\n'), "-o", "some")

    def test_the_mean_of_a_points_runs_meets_its_closed_form_with_its_whole_interval(self):
        text = TINY + """
[sweep]
replicates = 6
[[vary]]
key = "server.up.frames_per_second"
values = [20000]
[[figure]]
name = "arrived"
as = "rate(client.frames)"
[[figure]]
name = "errors"
as = "arrived / 2"
equals = "server.up.frames_per_second / 2"
within = "WITHIN %"
"""
        self.folder.sweep(self.folder.scenario(text.replace("WITHIN", "60")), "-o", "out")
        runs = [float(r["arrived"]) / 20000 - 1 for r in self.folder.table("out")]
        point = self.folder.table("out", "points")[0]
        self.assertAlmostEqual(float(point["errors"]), float(point["arrived"]) / 2)
        self.assertEqual(point["errors_equals"], "10000")
        need = 100 * (abs(statistics.mean(runs)) + 2.5706 * statistics.stdev(runs) / len(runs) ** 0.5)        # Student, 5 degrees of freedom
        self.assertGreater(need, 100 * abs(statistics.mean(runs)) + 1)
        self.folder.sweep(self.folder.scenario(text.replace("WITHIN", f"{need + 0.01:.3f}")), "-o", "out", "--resume")
        done = self.folder.sweep(self.folder.scenario(text.replace("WITHIN", f"{need - 0.01:.3f}")), "-o", "out", "--resume", status=1)
        self.assertIn("point 0: errors is ", done.stderr)
        self.assertIn("in the mean of 6 runs, its closed form 10000: ", done.stderr)


if __name__ == "__main__":
    unittest.main()
