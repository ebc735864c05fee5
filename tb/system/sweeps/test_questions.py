"""The ready sweeps of scenarios/sweeps: each keeps to its closed forms at some of its points (at all of them: scripts/questions --sweeps), and ends
with 1 when a closed form is wrong. The last word says which: 2/3, every third one from the second on, or names; all without it."""
import html
import re
import sys
import tomllib
import unittest

from sweeping import SOURCE, Folder

FOLDER = SOURCE / "scenarios/sweeps"

# What stands instead of the sweep's own values, and texts of its closed forms with what they are not.
SOME = {
    "engines-vs-bus": (["cards=1,8", "crypto_card.engine_clock=120 ns,30 ns", "server.pool.load.size=1400 B"],
                       [("blocks * 12)", "blocks * 11)"), ("blocks * 12)", "blocks * 13)"), ("words_out + 11", "words_out + 160")]),
    "q01-idle-engines": (["idle=1,7", "server.own_server.rate=1 Mbps,200 Mbps", "server.team0.api.size=256 B,1400 B"],
                         [("blocks * 12)", "blocks * 13)"), ("blocks * 12)", "blocks * 10)"), ("words_back + 3 ", "words_back + 80 ")]),
    "q02-return-or-transmit": (["members=4", "capable=1", "server.pci0.nic*.crypto.period=15 ns,60 ns"],
                               [("1110 * (1 - share)", "1400 * (1 - share)"), ("1110 * (1 - share)", "740 * (1 - share)"),
                                ("(86 * 12)", "(86 * 14)"), ("4236) * 1.16", "3700) * 1.16")]),
    "q03-own-packets": (["own=20 %", "server.team0.api.size=1400 B", "server.team0.sharing.threshold=1,8,16", "sweep.replicates=6"],
                        [("s / 2 / (1 - load - load_of_jobs)", "s / (1 - load - load_of_jobs)"), ("s / 2 / (1 - load))", "s / (1 - load))"),
                         ("ln(100 *", "ln(30 *"), ("threshold * s_of_job", "(threshold - 1) * s_of_job"),
                         ("threshold * s_of_job", "(threshold + 1) * s_of_job"),
                         ("0.947405\"", "1.0\"")]),
    "q04-dispatch": (["server.pool.dispatch=round_robin,shortest_queue", "server.pci0.card1.engine_clock=9700 ps,40 ns"],
                     [("blocks * 48 *", "blocks * 52 *"), ("? 2 * slow", "? 1.8 * slow"), (": fast + slow", ": fast + 0.5 * slow")]),
    "q05-outage": (["phase=1,13,31"],
                   [("misses * interval + server", "misses * 0.9 * interval + server"),
                    ("interval * (1 - phase / 32)", "interval"), ("second - 1", "second - 2"), ("misses - 1) *", "misses - 0.5) *")]),
    "q06-false-alarms": (["lan0.loss_a_to_b=50 %,60 %", "server.team0.heartbeat_misses=2", "duration=1 s", "sweep.replicates=5"],
                         [(" + 1 / (1 - loss))", ")"), ("pow(loss, misses) * (1 - loss)", "pow(loss, misses + 1) * (1 - loss)")]),
    "q27-algorithms": (["server.pool.load.authentication=null,hmac-sha1-96", "server.pool.load.size=1400 B", "server.pci0.card0.engine_clock=60 ns"],
                       [("'3des-cbc' ? 48 : 12", "'3des-cbc' ? 48 : 14"), ("? 16 : cipher", "? 15 : cipher"), ("? 82 : 66", "? 96 : 66"),
                        ("max(cipher_clocks, hash_clocks)", "(cipher_clocks + hash_clocks)")]),
    "q28-mtu-cliff": (["suite=3des-cbc,aes-cbc", "carried=1438,1439,1446,1447"],
                      [("(carried + 2)", "carried"), ("behind / 1480", "behind / 1500"), ("? 16 : 12)", "? 16 : 16)"),
                       ("(pieces - 1) + 38", "(pieces - 1) + 18")]),
    "q29-lost-pieces": (["lan0.loss_a_to_b=30 %", "pieces=1,3", "sweep.replicates=6", 'sweep.baseline=["loss=30 %", "pieces=1"]'],
                        [("pow(1 - loss, pieces)", "pow(1 - loss, pieces + 1)"), ("pow(1 - loss, pieces)", "(1 - loss)")]),
    "q16-spraying": (["members=2", "sprayed.replay_window=32,64,128", "ahead=31,63,65,98"],
                     [("behind >= window ? 1 - 1 / members : 1\"", "behind >= window - 8 ? 1 - 1 / members : 1\""),
                      ("ahead % members == 0 ? ahead - 1 : ahead", "ahead - 2"),
                      ("ahead - floor(ahead / members)", "ahead - floor(ahead / members) + 1"), ("(members - 1) / 2 * gap", "members / 2 * gap"),
                      ("\"lines * of_a_line", "\"members * of_a_line")]),
    "q18-associations": (["sweep.replicates=3"],
                         [("* changes * installing", "* changes * 2 * installing"), ("+ installing\"", "\""),
                          ("1480 /", "2480 /"), ("1480 /", "900 /"), ("\"2 * 32\"", "\"32\""),
                          ("/ 32 + installing) / 1 s : 0", "/ 32 + 2 * installing) / 1 s : 0"), ("/ 32 + installing) / 1 s : 0", "/ 32) / 1 s : 0")]),
    "q19-places-on-the-chip": (["server.pci0.nic0.crypto.cache_entries=4", "offered=90 %,110 %", "sweep.replicates=6"],
                               [("'most_packets' ? best :", "'most_packets' ? 1.2 * best :"), ("? best : by_che", "? by_che : by_che"),
                                ("(1034 + 1020 + 982)", "(1034 + 982)"), ("255 * at_hand + 791", "255 * at_hand + 991"),
                                ("255 * at_hand + 791", "255 * at_hand + 491")]),
    "q21-hash": (["flows=32", "links=4", "sweep.replicates=8"],
                 [(": 1.3742)", ": 1.0)"), ("? links : die", "? 1 : die"), ("1 + sqrt(2 * ln(links)", "sqrt(2 * ln(links)")]),
    "q22-dead-link": (["offered=250 %", "sweep.replicates=6"],
                      [(": min(asked_for, rate)", ": asked_for / 3"), ("min(asked_for - rate, rate)", "asked_for - rate"),
                       ("asked_for / 2 :", "asked_for / 3 :")]),
    "q23-hot-swap": (["part=filling,filled,later", "sweep.replicates=4"],
                     [("all * rate / (rate + other)", "all / 2"), ("filled * other / 2 :", "filled * rate / 2 :"),
                      (": 20\"", ": 13\"")]),
    "q31-software": (["server.cpu0.clock=500 MHz,2 GHz", "server.pool.load.size=64 B,1400 B", "server.cpu0.cost_aes_byte=10,50"],
                     [("octet * 16 *", "octet * 17 *"), ("octet * 16 *", "octet * 14 *"), ("server.cpu0.cost_ipsec + ", "")]),
    "q12-feedback": (["fraction=25 %,100 %"],
                     [("of_cut_ones * (1 + 20", "of_cut_ones * (2 + 20"), ("of_cut_ones * (1 + 20", "of_cut_ones * (0.8 + 20"),
                      ("+ 2 * octets)", "+ octets)"), ("(pieces + 1) * 14", "(pieces + 1) * 40")]),
    "q12-host": (["pieces=3", "fraction=50 %,100 %"],
                 [("(1 + 2 * back) * (octets", "(1 + back) * (octets"), ("joined * 64 * (pieces", "joined * 200 * (pieces"), (" + 3 * octets * back", ""),
                  ("116 * (octets - 36)", "116 * octets"), ("90 % * 133333", "60 % * 133333"), ("90 % * 133333", "120 % * 133333"),
                  ("2 * of_cut_ones : 0", "9 * of_cut_ones : 0")]),
    "q13-depths": (["m=1,4", "p*.long*.frame_size=7484 B", "server.pci0.nic0.crypto.word=4"],
                   [("? m : 1) * octets", "? 1 : 1) * octets"), ("octets / x + 1518", "octets / x + 150"),
                    ("level_140)\"\naim = \"minimise\"\nequals = \"m\"", "level_140)\"\naim = \"minimise\"\nequals = \"1\""),
                    ("equals = \"room == 'too_little' ? 1", "equals = \"room == 'plenty' ? 1")]),
    "q14-lock-up": (["server.pci0.nic0.crypto.feedback_input=mux_120", "server.pci0.nic0.crypto.places=2"],
                    [("|| depth >= 8", "|| depth >= 2"), ("|| depth >= 8", "|| depth >= 9"), ("(full == 'drop' && depth >= 1)", "full == 'drop'"),
                     ("(first == 'feedback_first' && depth >= 1)", "first == 'feedback_first'"), ("bubble == 'kept' ||", "")]),
    "q15-contexts": (["server.pci0.nic0.crypto.contexts=4", "attacker.flood.frames_per_second=4000",
                      "server.pci0.nic0.crypto.reassembly_timeout=1 ms", "sweep.replicates=5"],
                     [("attack * timeout / 1 s", "attack * timeout / 2 s"), ("pow(taken, 4) / 24) / (1", "pow(taken, 4) / 6) / (1"),
                      ("1038 * 800 ns", "1038 * 600 ns"), ("pow(between, 2) / 2 + pow(between, 3) / 6", "pow(between, 2) / 2")]),
    "q25-bursts": (["masters=1,2,4", "burst=16,375", "overhead=3,16", "writes=0,1", "server.firmware.latency_timer=32"],
                   [("timer + 3 - overhead", "timer + 4 - overhead"), ("timer + 3 - overhead", "timer + 2 - overhead"), ("tenures * overhead", "overhead"),
                    ("(timer + overhead) + overhead", "(timer - overhead) + overhead"), ("equals = \"(masters - 1)", "equals = \"masters")]),
    "q25-commands": (["line=16,64", "multiple=2,8", "overhead=6"],
                     [("words / (words + overhead)", "words / (words + overhead - 1)"),
                      ("command == 1 ? line :", "command == 1 ? 2 * line :"),
                      ("min(multiple * line, 256)", "multiple * line"), ("ceil(octets / 4 / words)", "(octets / 4 / words)")]),
    "q25-lines": (["line=32,64", "timer=33,48", "overhead=3,6"],
                  [("? ceil(until_timer", "? floor(until_timer"), ("timer + 3 - overhead", "timer + 8 - overhead"),
                   ("ceil(words / at_a_time)", "ceil(379 / until_timer)"),
                   ("at_a_time + overhead + 8", "timer + 3 + 8")]),
    "q25-receive-fifo": (["masters=1,2,4", "timer=32,248", "depth=256,320,384"],
                         [("asks + wait * 30 / 80 + 2", "asks + wait * 30 / 80 - 64"), ("asks + wait * 30 / 80 + 2", "wait * 30 / 80 + 160"),
                          ("depth < needed", "depth < needed - 60"), ("(timer + 3) + 3", "(timer - 3) + 3")]),
    "q25-transmit-fifo": (["masters=1,2,4", "timer=136,248"],
                          [("held + 10 < first_wait ||", ""),
                           ("|| held + (last - before - 1) * boundary + 10 < first_wait + (last - before - 1) * (wait + turn)", ""),
                           ("(masters - 1) * (timer + 3)", "masters * (timer + 3)"), ("first + (before - 1) * boundary", "begin")]),
    "q32-interrupts": (["server.up.frames_per_second=16000", "server.pci0.nic0.driver.completion_interrupt=1,4,16"],
                       [('"per_second / each"', '"per_second / (each + 1)"'), ("max(2, each)", "max(2, each - 1)"),
                        ("(each - 1) * 1 s", "each * 1 s"), ("+ 3.8 us", "+ 0 us"),
                        ("per_second / each * (", "per_second / each * (40 + ")]),
    "q32-time": (["per_second=8000,20000", "count=6,64", "time=310 us,1024 us", "sweep.replicates=6"],
                 [("1 + floor(in_time))", "floor(in_time))"), ("? 6 - short", "? min(6, 1 + in_time)"), ("min(count, 1 + in_time)\"", "min(count, in_time)\""),
                  ("min(time, (count - 1) * 1 s", "min(time, (count + 1) * 1 s"), ("9.2 us :", "3 us :"),
                  ("(time + 1 s / per_second)", "(0.5 * time + 1 s / per_second)")]),
    "q26-setup-cost": (["server.pool.load.threads=1,16", "cards=1", "server.pool.load.size=256 B,4 KiB"],
                       [("25.1 us +", "32 us +"), ("buffer / 93.4 Mbps", "buffer / 100 Mbps"), ("blocks * 48", "blocks * 49"),
                        ("2 * host_time + 1700", "2 * host_time + 9000")]),
}


NUMBER, OF = map(int, sys.argv.pop().split("/")) if re.fullmatch(r"\d+/\d+", sys.argv[-1]) else (1, 1)
NAMES = [sys.argv.pop() for word in sys.argv[:0:-1] if word in SOME] or sorted(SOME)[NUMBER - 1::OF]


def words_of(text):
    """As a page has them, without stars."""
    return " ".join(re.sub(r"(\d) us\b", r"\1 µs", text).replace("* ", "").split())


class Questions(unittest.TestCase):
    def test_every_sweep_is_here(self):
        self.assertEqual(sorted(SOME), sorted(p.stem for p in FOLDER.glob("*.toml")))

    def test_every_description_has_a_question_and_its_closed_form(self):
        for file in FOLDER.glob("*.toml"):
            title, description = (tomllib.loads(file.read_text()).get(key, "") for key in ("title", "description"))
            with self.subTest(file.name):
                self.assertIn("?", title + description)
                self.assertRegex(description, r"(?m)^Closed form\b")


def a_sweep(name):
    def test(self):
        folder, (sets, wrong) = Folder(self), SOME[name]
        text = (FOLDER / f"{name}.toml").read_text().replace('"../parts/', f'"{SOURCE}/scenarios/parts/')
        words = [w for s in sets for w in ("--set", s)]
        folder.sweep(folder.scenario(text, name), "-o", "out", *words, seconds=600)
        page = (folder.path / "out/report.html").read_text()
        head = html.unescape(re.sub("<[^>]*>", " ", page[page.index("<header"):page.index("</header")]))
        self.assertIn(words_of(tomllib.loads(text)["description"]), words_of(head))
        for right, other in wrong:                       # the runs are there; most of them count
            self.assertEqual(text.count(right), 1, f"{name}: {right}")
            done = folder.sweep(folder.scenario(text.replace(right, other), name), "-o", "out", "--resume", *words, status=None, seconds=600)
            self.assertEqual(done.returncode, 1, f"{name}: {other} instead of {right} was not noticed\n{done.stdout}{done.stderr}")
            self.assertRegex(done.stderr, r"closed form")
    return test


for one in NAMES:
    setattr(Questions, f"test_{re.sub('[^a-z0-9]', '_', one)}", a_sweep(one))


if __name__ == "__main__":
    unittest.main()
