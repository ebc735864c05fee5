"""How sweeps are described, and what is said of one that cannot be: before the first run, with the place."""
import subprocess
import unittest

from sweeping import GRID, NICTEAM, TINY, Folder


class Described(unittest.TestCase):
    def setUp(self):
        self.folder = Folder(self)

    def points(self, sweep, *words):
        done = self.folder.sweep(self.folder.scenario(TINY + sweep), "--dry-run", "-q", *words)
        return [line.split(None, 1)[1].strip() for line in done.stdout.splitlines()[:-1]]

    def refused(self, sweep, *words):
        done = self.folder.sweep(self.folder.scenario(TINY + sweep), "-o", "out", *words, status=2)
        self.assertFalse((self.folder.path / "out").exists())
        return done.stderr

    def test_words_of_sweeps_are_explained(self):
        words = ("detection", "decision", "outage", "broken", "half_width", "dominated_by", "front", "vary", "derive", "point", "figure.within", "sweep.seeds")
        for word in words:
            done = subprocess.run([NICTEAM, "explain", word], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertRegex(done.stdout, r"sweep|figure|points?\b", word)

    def test_each_method(self):
        axes = '[[vary]]\nkey = "server.up.frame_size"\nvalues = ["64 B", "128 B"]\n[[vary]]\nkey = "server.up.frames_per_second"\nvalues = [1000, 2000]\n'
        self.assertEqual(len(self.points(axes)), 4)
        self.assertEqual(self.points('[sweep]\nmethod = "zip"\n' + axes), ["server.up.frame_size=64 B  server.up.frames_per_second=1000",
                                                                       "server.up.frame_size=128 B  server.up.frames_per_second=2000"])
        self.assertEqual(self.points('[sweep]\nmethod = "list"\n[[point]]\nset = ["server.up.frame_size=70 B"]\n[[point]]\nset = ["duration=1 ms"]\n'),
                         ["server.up.frame_size=70 B", "duration=1 ms"])
        ranged = '[[vary]]\nkey = "server.up.frame_size"\nfrom = "64 B"\nto = "1518 B"\n'
        for method in ("random", "latin_hypercube", "sobol"):
            drawn = self.points(f'[sweep]\nmethod = "{method}"\npoints = 16\n' + ranged)
            self.assertEqual(len(set(drawn)), 16)
            again, other = (self.points(f'[sweep]\nmethod = "{method}"\npoints = 16\n' f'design_seed = {n}\n' + ranged) for n in (1, 2))
            self.assertEqual(drawn, again)
            self.assertEqual(drawn == other, method == "sobol")   # which draws nothing
        self.assertEqual(self.points('[sweep]\nmethod = "sobol"\npoints = 3\n' + ranged), [f"server.up.frame_size={n} B" for n in (64, 791, 1155)])

    def test_derived_parameters_baseline_and_logarithmic_steps(self):
        text = """[sweep]
baseline = ["server.up.frame_size=64 B"]
[[vary]]
key = "server.up.frame_size"
from = "64 B"
to = "1024 B"
steps = 5
scale = "logarithmic"
[[derive]]
key = "server.up.frames_per_second"
as = "floor(1 Mbps / server.up.frame_size / 1 Hz)"
"""
        self.assertEqual(self.points(text), ["baseline  server.up.frame_size=64 B  server.up.frames_per_second=1953",
                                         "server.up.frame_size=128 B  server.up.frames_per_second=976",
                                         "server.up.frame_size=256 B  server.up.frames_per_second=488",
                                         "server.up.frame_size=512 B  server.up.frames_per_second=244",
                                         "server.up.frame_size=1024 B  server.up.frames_per_second=122"])

    def test_one_value_written_in_several_ways_is_one_point(self):
        """Two orders, a time and a frequency of one clock, a unit in digits, what the baseline leaves as the scenario has it: one point, one text, and what
        compares the sweep with itself finds each point once."""
        text = """[sweep]
baseline = ["server.pci0.period = 30 ns", "server.up.frame_size=64 B"]
[[vary]]
key = "server.up.frame_size"
values = ["64 B", "1 KiB", "1024 B"]
[[vary]]
key = "server.pci0.period"
values = ["33 MHz", "33.3333333333333 MHz", "40 ns", "25 MHz"]
"""
        of = "server.up.frame_size={}  server.pci0.period={}"
        self.assertEqual(self.points(text), ["baseline  " + of.format("64 B", "33 MHz"), of.format("64 B", "40 ns"), of.format("1 KiB", "33 MHz"),
                                             of.format("1 KiB", "40 ns")])
        alone = text.replace('"server.pci0.period = 30 ns", ', "")
        self.assertEqual(len(self.points(alone)), 4)
        file = self.folder.scenario(TINY + text)
        self.folder.sweep(file, "-o", "out", "-q")
        self.assertEqual([row["point"] for row in self.folder.table("out", "points")], ["0", "1", "2", "3"])
        self.assertEqual(len({row["identity"] for row in self.folder.table("out")}), 4)
        same = subprocess.run([NICTEAM, "compare", "out", "out"], cwd=self.folder.path, capture_output=True, text=True)
        self.assertEqual((same.returncode, same.stderr), (0, ""))

    def test_variables_of_the_sweep_alone(self):
        text = """[[vary]]
name = "load"
values = [1, 2]
[[derive]]
name = "each"
as = "load * 1000"
[[derive]]
key = "server.up.frames_per_second"
as = "each"
"""
        self.assertEqual(self.points(text), [f"load={n}  each={n}000  server.up.frames_per_second={n}000" for n in (1, 2)])
        self.assertEqual(self.points(text, "--set", "load=7"), ["load=7  each=7000  server.up.frames_per_second=7000"])
        self.assertEqual(len(self.points(text, "--set", "load=3,4,5")), 3)

    def test_what_cannot_be_is_told_with_its_place_before_anything_runs(self):
        vary = '[[vary]]\nkey = "server.up.frame_size"\nvalues = ["64 B", "128 B"]\n'
        says = {
            '[[vary]]\nkey = "server.up.frame_sise"\nvalues = ["64 B"]\n':
                "tiny.toml:17:10: error: vary.values: unknown key frame_sise; did you mean frame_size?",
            '[[vary]]\nkey = "server.up.frame_size"\nvalues = ["64 B", "9 us"]\n': "tiny.toml:17:10: error: vary.values: server.up.frame_size = 9 us: ",
            '[[vary]]\nkey = "server.up.frame_size"\nfrom = "64 B"\nto = "9 us"\nsteps = 3\n':
                "tiny.toml:15:1: error: vary: from \"64 B\" to \"9 us\": a size and a time",
            '[[vary]]\nkey = "server.up.frame_size"\nfrom = "64 B"\nto = "99 KiB"\nsteps = 3\n': "vary.to: server.up.frame_size = 99 KiB: is out of range",
            '[[vary]]\nkey = "server.up.frame_size"\nfrom = "64 B"\n': "wants both `from` and `to`",
            '[[vary]]\nkey = "server.up.frame_size"\nfrom = "64 B"\nto = "80 B"\n': 'wants `steps` with method = "grid"',
            '[[vary]]\nvalues = [1]\n': "vary: wants a `key`, or, for a variable of the sweep alone, a `name`",
            '[[vary]]\nname = "duration"\nvalues = [1]\n': "vary: duration is a parameter of the scenario: write it as `key`",
            vary + '[[figure]]\nname = "f"\nas = "1"\nequals = "1"\n': "figure.equals: wants `within`",
            '[[vary]]\nkey = "server.up.frame_size"\n': "wants `values`, or `from` and `to`",
            '[sweep]\nconstraints = ["server.up.frame_size > 9 KiB"]\n' + vary: "no point is left: constraints refuse all 2",
            '[sweep]\nconstraints = [""]\n' + vary: 'sweep.constraints = "", column 1: is empty',
            '[sweep]\nconstraints = ["server.up.frame_size"]\n' + vary: "is a size, and neither true nor false",
            '[sweep]\nconstraints = ["server.up.size > 3"]\n' + vary: "server.up.size: unknown key size",
            '[sweep]\nmethod = "latin_hypercube"\n' + vary: "want `points`: how many",
            "[sweep]\n": "nothing varies",
            '[sweep]\nmethod = "gird"\n' + vary: "did you mean grid?",
            '[sweep]\nbaseline = ["server.up.frame_size"]\n' + vary: "is no KEY=VALUE",
            vary + '[[figure]]\nname = "f"\nas = "rate(client.frame)"\n': "rate(client.frame): matches no metric; did you mean client.frames?",
            vary + '[[figure]]\nname = "f"\nas = "outage(server.team)"\n': "outage(server.team): there is no such team",
            vary + '[[figure]]\nname = "f"\nas = "p99(client.frames)"\n': "p99(client.frames): ",
            vary + '[[figure]]\nname = "f"\nas = "p99(server.up to client from hostpost to wire_end)"\n':
                '"hostpost" is no stage of this scenario; did you mean host_post?',
            vary + '[[figure]]\nname = "f"\nas = "p99(server.up to client from wire_end to host_post)"\n': 'did you mean "from host_post to wire_end"?',
            vary + '[[figure]]\nname = "f"\nas = "throughput(server.up to client from host_post to wire_end)"\n': "is of all that arrived; stages have times",
            vary + '[[figure]]\nname = "f"\nas = "1 +"\n': 'figure.as = "1 +", column 4: ends where a value was expected',
            vary + '[[figure]]\nname = "f"\nas = "1"\nwhere = "1 < 2"\n': "figure.where: wants at_most, at_least or equals",
            vary + '[[figure]]\nname = "f"\nas = "1"\nwithin = "5 %"\n': "figure.within: wants at_most, at_least or equals",
            vary + '[[derive]]\nkey = "traffic.frame_size"\nas = "64 B"\n': "derive: traffic.frame_size varies already",
            vary + vary: "vary: server.up.frame_size varies already",
            vary + '[[derive]]\nname = "n"\nas = "1"\n[[derive]]\nname = "n"\nas = "2"\n': "there is a derive at n already",
            vary + '[[derive]]\nname = "status"\nas = "1"\n': "would have two columns status: choose another name",
            vary + '[[figure]]\nname = "f"\nas = "rate(client.frames)"\nunit = "Mbps"\n':
                'tiny.toml:21:8: error: figure.unit = "Mbps": does not go with a plain number, which figure f is',
            vary + '[[figure]]\nname = "f"\nas = "rate(client.frames) + 1 B"\n': "+ takes two of one kind",
            vary + '[[figure]]\nname = "f"\nas = "mean(server.up to client)"\nat_most = "1 B"\n': 'figure.at_most = "1 B": is a size, the figure is a time',
            vary + '[[figure]]\nname = "f"\nas = "1"\nat_most = "1 / 0"\n': 'error: figure.at_most = "1 / 0", column 3: / gives no number',
            '[sweep]\nbaseline = ["server.up.frame_size=64 B"]\nconstraints = ["server.up.frame_size > 9 KiB"]\n' + vary: "no point is left",
            '[sweep]\nmetrics = ["client.octet"]\n' + vary: "did you mean client.octets?",
        }
        for sweep, message in says.items():
            with self.subTest(sweep):
                self.assertIn(message, self.refused(sweep))

    def test_all_that_is_wrong_is_told_at_once_by_validate_as_well(self):
        text = """
[sweep]
constraints = ["octest > 3 B", "octets"]
metrics = ["client.octet"]
[[vary]]
name = "octets"
key = "server.up.frame_size"
values = ["64 B", "3"]
[[derive]]
name = "n"
as = "n + 1"
[[derive]]
key = "server.up.frames_per_second"
as = "64 B"
[[figure]]
name = "f"
as = "use(server.pci0) + rate(client.frame)"
[[figure]]
name = "g"
as = "octetz / 8"
"""
        said = self.refused(text)
        file = self.folder.scenario(TINY + text)
        self.assertEqual([line.replace(file, "F").replace(": error", "", 1) for line in said.splitlines()], [
            'F:17:15: sweep.constraints = "octest > 3 B", column 1: octest: is no parameter and no variable of the sweep; did you mean octets?',
            'F:17:15: sweep.constraints = "octets", column 1: is a size, and neither true nor false',
            'F:18:11: sweep.metrics = "client.octet": client.octet: matches no metric; did you mean client.octets?',
            "F:22:10: vary.values: server.up.frame_size = 3: needs a unit: B, KiB, MiB, GiB; allowed: 64 B … 61000 B",
            'F:25:6: derive.as = "n + 1", column 1: n has no value yet: a [[derive]] knows those before it, and not itself',
            'F:28:6: derive.as = "64 B": server.up.frames_per_second is a plain number; it would be a size',
            'F:31:6: figure.as = "use(server.pci0) + rate(client.frame)", column 20: rate(client.frame): matches no metric; did you mean client.frames?',
            'F:34:6: figure.as = "octetz / 8", column 1: octetz: is no figure, parameter or variable of the sweep, and no metric; did you mean octets?'])
        validate = subprocess.run([NICTEAM, "validate", file], capture_output=True, text=True)
        self.assertEqual((validate.returncode, validate.stderr), (2, said))
        # Nobody varies anything: that is for the command line.
        right = self.folder.scenario(TINY + '[[figure]]\nname = "f"\nas = "use(server.pci0)"\n')
        self.assertEqual(subprocess.run([NICTEAM, "validate", right], capture_output=True, text=True).stdout, f"{right}: no errors\n")

    def test_one_mistake_hides_no_other(self):
        """A doubled figure, two empty constraints beside a wrong one, a range without units, two wrong settings of one baseline: each once, with its place."""
        text = """
[sweep]
constraints = ["", " ", "octest > 3"]
baseline = ["octets=64 B", "servr.up.frame_size=64 B", "duration=2", "server.pci0.nic0.driver.transmit_ring=8"]
[[vary]]
name = "octets"
key = "server.up.frame_size"
values = ["64 B", "128 B"]
[[vary]]
key = "server.pci0.nic0.driver.transmit_ring"
from = 2
to = 3
steps = 2
[[vary]]
key = "warm_up"
from = "1 us"
to = "9 us"
steps = 1
[[vary]]
key = "traffic_start"
from = 1
to = 9
steps = 3
[[vary]]
key = "seed"
values = [1, 2]
[[figure]]
name = "f"
as = "1"
[[figure]]
name = "f"
as = "nix"
"""
        said = self.refused(text)
        file = self.folder.scenario(TINY + text)
        own = "server.pci0.nic0.driver.transmit_ring"
        self.assertEqual([line.replace(file, "F").replace(": error", "", 1) for line in said.splitlines()], [
            'F:17:15: sweep.constraints = "", column 1: is empty',
            'F:17:15: sweep.constraints = " ", column 2: ends where a value was expected',
            'F:18:12: sweep.baseline: "servr.up.frame_size = 64 B": matches nothing in this scenario; did you mean server.up.frame_size?',
            "F:18:12: sweep.baseline: duration = 2: needs a unit: ps, ns, us, ms, s; allowed: 1 ns … 1000000 s",
            f"F:25:8: vary.from: {own} = 2: is out of range; allowed: 4 … 1024; and so with 3",
            "F:32:9: vary.steps: 1 leaves out `to`, 9 us; from 1 us to 9 us takes 2 or more, `values` one",
            "F:35:8: vary.from: traffic_start = 1: needs a unit: ps, ns, us, ms, s; allowed: at least 0 ps; and so with 9",
            "F:39:7: vary.key: seed is no parameter of points: `replicates` of [sweep] runs each point with several seeds, "
            "of which the scenario's is the first",
            'F:45:8: figure.name = "f": there is a figure at f already, F:41:1',
            'F:46:6: figure.as = "nix", column 1: total(nix): matches no metric'])
        self.assertEqual(subprocess.run([NICTEAM, "validate", file], capture_output=True, text=True).stderr, said)
        # What is wrong with the scenario itself comes alone: half a system would only bring errors that are none.
        self.assertEqual(len(self.refused("[[hots]]\n" + text).splitlines()), 2)
        self.assertIn("--set seed=1,2: error: seed is no parameter of points", self.refused(text, "--set", "seed=1,2"))

    def test_what_a_derived_value_is_at_some_points_is_known_before_any_runs(self):
        ring = "server.pci0.nic0.driver.transmit_ring"
        text = f"""[[vary]]
name = "octets"
key = "server.up.frame_size"
values = ["64 B", "128 B", "256 B"]
[[vary]]
name = "n"
values = [1, 2]
[[derive]]
key = "{ring}"
as = "floor(octets / 40 B)"
[[derive]]
key = "server.up.frames_per_second"
as = "octets == 128 B && n == 2 ? 1 us : 10000"
[[derive]]
name = "least"
as = "min(1, 1 / (n - 1))"
"""
        self.assertEqual([line.split("error: ")[1] for line in self.refused(text).splitlines()], [
            f'derive.as = "floor(octets / 40 B)": {ring} = 1: is out of range; allowed: 4 … 1024; so at octets = 64 B, n = 2',
            'derive.as = "octets == 128 B && n == 2 ? 1 us : 10000": server.up.frames_per_second is a plain number; it would be a time; '
            "so at octets = 128 B, n = 2",
            'derive.as = "min(1, 1 / (n - 1))", column 10: / gives no number; so at 3 of 6 points, first at octets = 64 B, n = 1'])

    def test_names_stand_for_keys_and_variables_have_values_at_every_point(self):
        text = """[[vary]]
name = "octets"
key = "server.up.frame_size"
values = ["64 B", "128 B"]
[[vary]]
name = "load"
values = [1, 2]
[[derive]]
key = "server.up.frames_per_second"
as = "load * 1000"
"""
        self.assertEqual(self.points('[sweep]\nbaseline = ["octets=80 B", "load=3"]\n' + text, "--set", "octets=70 B,90 B", "--set", "load=1"),
                         ["baseline  octets=80 B  load=3  server.up.frames_per_second=3000",
                          "octets=70 B  load=1  server.up.frames_per_second=1000", "octets=90 B  load=1  server.up.frames_per_second=1000"])
        self.assertEqual(self.points(text, "--set", "octets=70 B", "--set", "load=1"), ["load=1  server.up.frames_per_second=1000"])
        self.assertIn('tiny.toml:16:12: error: sweep.baseline: has no value for load, which is a variable of the sweep alone: "load=…"',
                      self.refused('[sweep]\nbaseline = ["octets=80 B"]\n' + text))
        self.assertIn("sweep.baseline: octest: is no parameter and no variable of the sweep; did you mean octets?",
                      self.refused('[sweep]\nbaseline = ["octest=80 B", "load=1"]\n' + text))

    def test_a_value_counts_together_with_what_is_derived_from_it(self):
        text = '[[vary]]\nkey = "warm_up"\nvalues = ["500 us", "3 ms"]\n'
        self.assertIn("vary.values: warm_up = 3 ms: leaves nothing of the duration, 2 ms", self.refused(text))
        text += '[[derive]]\nkey = "duration"\nas = "warm_up + 1 ms"\n'
        self.assertEqual(len(self.points(text)), 2)
        self.assertIn('derive.as = "2": server.pci0.nic0.driver.transmit_ring = 2: is out of range; allowed: 4 … 1024',
                      self.refused(text + '[[derive]]\nkey = "server.pci0.nic0.driver.transmit_ring"\nas = "2"\n'))

    def test_ranges_of_the_command(self):
        of_file = """[[vary]]
name = "offered"
key = "server.up.frames_per_second"
from = 5000
to = 20000
steps = 4
[[vary]]
key = "server.up.frame_size"
from = "64 B"
to = "1 KiB"
scale = "logarithmic"
steps = 3
"""
        def tables(out, *words):
            self.folder.sweep(file, "-q", "-o", out, *words)
            return self.folder.octets(out)
        file = self.folder.scenario(TINY + of_file)
        words = ("--set", "offered=5000..20000 in 4", "--set", "server.up.frame_size=64 B..1KiB in 3 log")
        self.assertEqual(tables("command", *words), tables("file"))
        file = self.folder.scenario(TINY + '[sweep]\nmethod = "sobol"\npoints = 5\n' + of_file.replace("steps = 4\n", "").replace("steps = 3\n", ""))
        words = ("--set", "offered=5000..20000", "--set", "server.up.frame_size='64 B..1 KiB log'")
        self.assertEqual(tables("sampled by command", *words), tables("sampled"))
        self.assertEqual(self.points('[[vary]]\nname = "idle"\nvalues = [1]\n', "--set", "idle=-4..4 in 3"), ["idle=-4", "idle=0", "idle=4"])
        self.assertEqual(self.points("", "--set", "title=1..4,2", "--set", "server.up.frame_size=300 B"), ["title=1..4", "title=2"])  # words have dots
        how = 'a range is FROM..TO in STEPS, with log behind it for steps of one ratio, as in "10 MHz..33 MHz in 5"'
        for text, wrong in (
                ("10 MHz..33 MHz", 'wants a number of steps, as in "10 MHz..33 MHz in 5": any value of a range is for the methods random, latin_hypercube'),
                ("10 MHz..33 MHz in 1", "in 1: leaves out 33 MHz; from 10 MHz to 33 MHz takes 2 steps or more"),
                ("10 MHz..33 s in 2", 'from "10 MHz" to "33 s": a frequency and a time'),
                ("10 MHz..", f"ends behind its dots; {how}"),
                ("10 MHz.. in 4", f'has no number between its dots and "in"; {how}'),
                ("10 MHz...33 MHz in 2", f"has more than two dots; {how}"),
                ("10 MHz..33 MHz in", f'ends behind "in"; {how}'),
                ("10 MHz..33 MHz in 0", f"in 0: is no number of steps from 1 to 1000000; {how}"),
                ("10 MHz..33 MHz in x", f"in x: is no number of steps from 1 to 1000000; {how}"),
                ("10 MHz..33 MHz in 3 lin", f'"lin" is no word of a range; {how}'),
                ("10 MHz..33 MHz/5", '"33 MHz/5": "MHz/5" is no unit'),
                ("10 MHz..5 GHz in 3", "server.pci0.period = 5 GHz: is out of range; allowed: 1 ns … 1 us"),
                ("10 MHz..33 MHz in 2,40 MHz", "a range stands by itself, and not among other values"),
                ("10..33 in 3", "server.pci0.period = 10: needs a unit"),
                ("0 MHz..33 MHz in 3 log", 'from "0 MHz" to "33 MHz": a logarithmic scale begins above 0')):
            self.assertIn(f"--set bus.clock={text}: error: {wrong}", self.refused("", "--set", f"bus.clock={text}"))
        self.assertIn("bus.clocj=10 MHz..33 MHz in 2: error: matches nothing in this scenario; did you mean bus.clock?",
                      self.refused("", "--set", "bus.clocj=10 MHz..33 MHz in 2"))
        run = subprocess.run([NICTEAM, "run", file, "--set", "bus.clock=10 MHz..33 MHz in 2"], cwd=self.folder.path, capture_output=True, text=True)
        self.assertIn('nicteam sweep takes ranges, as "1 us..5 us in 5"', run.stderr)

    def test_words_of_the_command(self):
        for marks in ('"{}","{}"', "'{}', '{}'"):
            self.assertEqual(self.points("", "--set", "server.pci0.period=" + marks.format("25 MHz", "33 MHz")),
                             ["server.pci0.period=25 MHz", "server.pci0.period=33 MHz"])
        file = self.folder.scenario(GRID)
        self.assertIn("did you mean line-rate-1518?", self.folder.sweep("line-rate-1519", status=2).stderr)
        for words, message in ((("--shard", "4/4"), "--shard 4/4: is no i/n"), (("--shard", "x"), "--shard x: is no i/n"), (("-j", "0"), "--jobs"),
                               (("--retry-failed",), "--retry-failed: wants --resume")):
            self.assertIn(message, self.folder.sweep(file, *words, status=2).stderr)
        for word in ("--shard=0/2", "--set=duration=1 ms", "--resume"):
            said = self.folder.sweep("merge", "out", word, status=2).stderr
            self.assertIn(f"sweep merge: takes no {word.split('=')[0]}: it runs nothing", said)
        self.folder.sweep(file, "--crypto-worker", "on", "--transform-cache", "off", "--dry-run", "-q", "-o", "out")
        self.assertIn("auto,on,off", self.folder.sweep(file, "--crypto-worker", "maybe", status=None).stderr.replace(" ", ""))
        self.assertIn("sweep merge: wants the DIRECTORY", self.folder.sweep("merge", status=2).stderr)

    def test_a_file_where_a_directory_has_to_be(self):
        file = self.folder.scenario(GRID)
        (self.folder.path / "file").write_text("mine")
        for words in ((), ("--dry-run",)):
            self.assertIn("file is a file, and no directory\n", self.folder.sweep(file, "-o", "file/x", *words, status=2).stderr)
            said = self.folder.sweep(file, "-o", "file", *words, status=2).stderr
            self.assertEqual(said, "nicteam: file: is a file, and no directory; name one with --out\n")
        self.assertEqual((self.folder.path / "file").read_text(), "mine")


if __name__ == "__main__":
    unittest.main()
