// The command as a user meets it: exit status, messages, what a run leaves. Runs the built `nicteam`.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "unit/scenario/command.h"
#include "unit/scenario/mutants.h"
#include "source_dir.h"

using namespace nicteam::test;

TEST_CASE("usage errors end with status 2") {
    CHECK(tool("").status == 2);
    CHECK(tool("run").status == 2);
    CHECK(tool("frob").text == "nicteam: no command frob (nicteam --help)\n");
    CHECK(tool("rum x").text == "nicteam: no command rum; did you mean run? (nicteam --help)\n");
    CHECK(tool("x.toml").text == "nicteam: no command x.toml; did you mean nicteam run x.toml? (nicteam --help)\n");
    CHECK(tool("run x.toml --trace wav").text == "nicteam: --trace: wav is none of wave, pcap, txn, packets, report, all, none; did you mean wave?\n");
    const auto refused = [](const std::string& words) {
        const auto o = tool(words);
        CHECK(o.status == 2);
        CHECK(o.text.rfind("nicteam: ", 0) == 0);
        const std::size_t more = o.text.find(" (nicteam --help)\n");
        return o.text.substr(9, more == std::string::npos ? more : more - 9);
    };
    CHECK(refused("sweep x.toml --resum") == "sweep: no option --resum; did you mean --resume?");
    CHECK(refused("sweep --resum") == "sweep: no option --resum; did you mean --resume?");  // and not that a scenario is missing
    CHECK(refused("sweep x.toml --jbos 4") == "sweep: no option --jbos; did you mean --jobs?");
    CHECK(refused("sweep x.toml --sett=a=1") == "sweep: no option --sett; did you mean --set?");
    CHECK(refused("sweep x.toml -resume") == "sweep: no option -resume; did you mean --resume?");
    CHECK(refused("sweep x.toml -z") == "sweep: no option -z");
    CHECK(refused("sweep mrege out") == "sweep: takes one scenario; what is out to be? Did you mean sweep merge?\n");
    CHECK(refused("run x.toml --resume") == "run: no option --resume; sweep has it");
    CHECK(refused("validate x.toml --trace all") == "validate: no option --trace; run has it");
    CHECK(refused("list --out x") == "list: no option --out; run, sweep, compare have it");
    CHECK(refused("compare a b --confidnce 4") == "compare: no option --confidnce; did you mean --confidence?");
    CHECK(refused("report a --plian") == "report: no option --plian; did you mean --plain?");
    CHECK(refused("run x --reverse-constructio") == "run: no option --reverse-constructio");  // one of ours
    CHECK(refused("schema x") == "schema: what is x to be?");
    CHECK(refused("--verson") == "no option --verson; did you mean --version?");
    CHECK(refused("--resume sweep x") == "no option --resume; it stands behind sweep");
    CHECK(tool("--help").status == 0);
    CHECK(tool("--version").text.rfind("nicteam ", 0) == 0);
}

TEST_CASE("errors of a scenario end with status 2 and build nothing") {
    text_scenario s;
    const std::string file = s.file("bad.toml", "sead = 1\n");
    const auto o = tool("run " + file + " --out " + (s.directory() / "out").string());
    CHECK(o.status == 2);
    CHECK(o.text == file + ":1:1: error: sead: unknown key; did you mean seed?\n");
    CHECK_FALSE(fs::exists(s.directory() / "out"));
    CHECK(tool("validate " + file).status == 2);
    CHECK(tool("validate quickstrat").text.find("did you mean quickstart?") != std::string::npos);
}

TEST_CASE("every shipped scenario is without errors") {
    const auto o = tool("validate " NICTEAM_SOURCE_DIR "/scenarios/*.toml");
    INFO(o.text);
    CHECK(o.status == 0);
}

TEST_CASE("the same scenario and seed leave the same files with tracing on or off and built in reverse") {
    text_scenario s;
    const std::string file = few_frames(s);
    const auto run = [&](const std::string& name, const std::string& more) {
        const auto o = tool("run " + file + " -q --out " + (s.directory() / name).string() + " " + more);
        INFO(o.text);
        REQUIRE(o.status == 0);
        return s.directory() / name;
    };
    const auto first = run("first", "--trace all");
    CHECK(files(first).size() == 8);
    same(first, run("second", "--trace all"));
    same(first, run("reverse", "--trace all --reverse-construction"));
    const auto none = run("none", "--trace none");
    CHECK((content(first / "result.json") == content(none / "result.json")));
    const auto other = run("seed", "--trace all --seed 7");
    CHECK((content(first / "result.json") != content(other / "result.json")));
}

TEST_CASE("the resolved scenario runs again to the same results") {
    text_scenario s;
    const std::string file = few_frames(s);
    const auto one = s.directory() / "one", two = s.directory() / "two";
    REQUIRE(tool("run " + file + " -q --set nic.driver.receive_ring=16 --out " + one.string()).status == 0);
    const auto o = tool("run " + (one / "config.resolved.toml").string() + " -q --out " + two.string());
    INFO(o.text);
    REQUIRE(o.status == 0);
    CHECK((content(one / "result.json") == content(two / "result.json")));
    CHECK((content(one / "wire.pcapng") == content(two / "wire.pcapng")));
}

TEST_CASE("an expectation that fails ends with status 1") {
    text_scenario s;
    const std::string expect = "[[expect]]\nmetric = \"client.down.frames\"\nequals = ";
    CHECK(tool("run " + few_frames(s, expect + "20\n") + " -q --out " + s.directory().string() + "/o").status == 0);
    CHECK(tool("run " + few_frames(s, expect + "21\n") + " -q --out " + s.directory().string() + "/o").status == 1);
}

TEST_CASE("an expectation of a flow is about what the tables of throughput and latency say") {
    text_scenario s;
    const std::string out = " -q --out " + (s.directory() / "o").string();
    const auto status_of = [&](const std::string& flow, const std::string& keys) {
        return tool("run " + few_frames(s, "[[expect]]\nflow = \"" + flow + "\"\n" + keys) + out).status;
    };
    const auto status = [&](const std::string& keys) { return status_of("client to server.sink_*", keys); };
    REQUIRE(status("equals = \"20 packets\"\n") == 0);
    const auto result = nlohmann::json::parse(content(s.directory() / "o" / "result.json"));
    nlohmann::json flow;
    for (const auto& f : result.at("flows"))
        if (f.at("to").get<std::string>().rfind("server.sink_", 0) == 0) flow = f;
    const auto exactly = [&](const std::string& of) {
        return "of = \"" + of + "\"\nequals = \"" + flow.at("latency_ps").at(of).get<std::string>() + " ps\"\n";
    };
    CHECK(flow.at("packets") == 20);
    CHECK(status(exactly("p50")) == 0);
    CHECK(status(exactly("p99")) == 0);
    CHECK(status("of = \"p99\"\nat_most = \"1 ns\"\n") == 1);
    // Of one stage behind the other, what the table of stages says; of more, the sum of them.
    std::string all = "equals = 20\n", first, last;
    std::int64_t sum = 0;
    for (const auto& stage : flow.at("stages")) {
        if (stage.at("from") == "born" || stage.at("to") == "end") continue;
        const std::string from = stage.at("from"), to = stage.at("to");
        const std::string named = "\n[[expect]]\nflow = \"client to server.sink_* from " + from + " to " + to + "\"\n";
        all += named + "equals = 20";
        for (const auto& [of, key] : {std::pair{"least", "min"}, {"p50", "p50"}, {"p99", "p99"}, {"greatest", "max"}})
            all += named + "of = \"" + of + "\"\nequals = \"" + stage.at(key).get<std::string>() + " ps\"";
        if (first.empty()) first = from;
        last = to, sum += std::stoll(stage.at("sum").get<std::string>());
    }
    CHECK(status(all) == 0);
    const auto way = [&](std::int64_t mean) {
        return status_of("client to server.* from " + first + " to " + last, "of = \"mean\"\nequals = \"" + std::to_string(mean) + " ps\"\n");
    };
    CHECK(way(sum / 20) == 0);
    CHECK(way(sum / 20 + 1) == 1);
    // The receiver's first octet is there before the wire's last: nobody goes that way.
    const char* back = "[[expect]]\nflow = \"client to server.* from wire_end to rx_first_octet\"\nof = \"mean\"\nat_least = \"0 ps\"\n";
    const auto o = tool("run " + few_frames(s, back) + " --out " + (s.directory() / "o").string());
    CHECK(o.status == 1);
    CHECK(o.text.find("no packets: they pass rx_first_octet before wire_end") != std::string::npos);
    CHECK(status("of = \"rate\"\nat_least = \"1 packets\"\n") == 0);
    CHECK(status("equals = 21\n") == 1);
    CHECK(status_of("server.up to server.*", "equals = 0\n") == 0);
    CHECK(status_of("server.up to server.*", "of = \"p99\"\nat_most = \"1 s\"\n") == 1);   // of none nothing is early
}

TEST_CASE("faults befall what the time line says when it says") {
    text_scenario s;
    const auto run = [&](const std::string& at, const std::string& what, const std::string& amount, const std::string& metric,
                         const std::string& bound) {
        const std::string when = amount.empty() ? "from = \"500 us\"\nfor = \"300 us\"\n" : amount;
        const std::string more =
            "[[fault]]\nat = \"" + at + "\"\nwhat = \"" + what + "\"\n" + when + "[[expect]]\nmetric = \"" + metric + "\"\n" + bound;
        const auto o = tool("run " + few_frames(s, more) + " --out " + (s.directory() / "o").string());
        INFO(o.text);
        CHECK(o.status == 0);
    };
    run("lan0", "link_down", "", "lan0.b_to_a.lost_link_down", "at_least = 5\n");
    run("lan0.b_to_a", "bit_errors", "amount = \"1e-2\"\n", "server.pci0.nic0.rx_crc_errors", "at_least = 5\n");
    run("lan0.b_to_a", "bit_errors", "amount = \"1e-2\"\n", "client.bad_fcs", "equals = 0\n");
    run("lan0", "bit_errors", "amount = \"1e-2\"\n", "client.bad_fcs", "at_least = 1\n");
    run("server.cpu0", "stall", "", "server.cpu0.stalled", "at_least = \"250 us\"\n");
    run("server.pci0.nic0", "endless_retry", "", "server.pci0.retries", "at_least = 5\n");
    run("server.pci0.bridge", "target_abort", "", "server.pci0.nic0.target_aborts", "at_least = 1\n");
    run("server.pci0.bridge", "master_abort", "", "server.pci0.nic0.master_aborts", "at_least = 1\n");
}

TEST_CASE("a capture file that is none or cut short is a scenario error") {
    text_scenario s;
    const std::string replay = "[[replay]]\nname = \"r\"\npeer = \"client\"\nfile = \"x.pcapng\"\n";
    const std::string whole = content(NICTEAM_SOURCE_DIR "/scenarios/captures/web-and-ping.pcapng");
    s.file("x.pcapng", "this is no capture");
    auto o = tool("validate " + few_frames(s, replay));
    CHECK(o.status == 2);
    CHECK(o.text.find("few.toml:24:8: error: replay.file = \"x.pcapng\": ") != std::string::npos);
    s.file("x.pcapng", whole.substr(0, whole.size() - 10));
    CHECK(tool("validate " + few_frames(s, replay)).status == 2);
    fs::remove(s.directory() / "x.pcapng");
    CHECK(tool("validate " + few_frames(s, replay)).status == 2);
    s.file("x.pcapng", whole);
    CHECK(tool("validate " + few_frames(s, replay)).status == 0);
}

TEST_CASE("a directory that cannot be written ends with status 2 before the run") {
    text_scenario s;
    s.file("file", "not a directory");
    const auto o = tool("run " + few_frames(s) + " --out " + (s.directory() / "file" / "out").string());
    CHECK(o.status == 2);
    CHECK(o.text.rfind("nicteam: cannot make ", 0) == 0);
}

TEST_CASE("files that cannot be finished are left out with status 3 and no half of one is there") {
    text_scenario s;
    const auto out = s.directory() / "out";
    // A limit on file sizes stands for a full disk: writes beyond it fail.
    const auto o = shell("trap '' XFSZ; ulimit -f 8; " NICTEAM_COMMAND " run " + few_frames(s) +
                         " -q --trace all --set trace.clock=true --out " + out.string());
    INFO(o.text);
    CHECK(o.status == 3);
    for (const char* file : {"wave.vcd", "trace.json", "wire.pcapng", "result.json"}) {
        CHECK(o.text.find("nicteam: " + (out / file).string() + ": ") != std::string::npos);
        CHECK_FALSE(fs::exists(out / file));
    }
    for (const auto& e : fs::recursive_directory_iterator(out)) CHECK(e.path().extension() != ".part");
    CHECK(fs::exists(out / "run.json"));
}

TEST_CASE("what cannot be printed is said and ends with status 3") {
    text_scenario s;
    const std::string run = "run " + few_frames(s) + " --out " + (s.directory() / "o").string();
    for (const std::string& words : {std::string("list"), std::string("explain nic.slot"), "validate " + few_frames(s), std::string("--help"),
                                     std::string("--version"), std::string("run --help"), run, run + " --format json"}) {
        INFO(words);
        auto o = shell("{ " NICTEAM_COMMAND " " + words + " >/dev/full; }");
        CHECK(o.status == 3);
        CHECK(o.text == "nicteam: standard output: No space left on device\n");
        o = shell("{ " NICTEAM_COMMAND " " + words + " >&-; }");
        CHECK(o.status == 3);
        CHECK(o.text == "nicteam: standard output: Bad file descriptor\n");
    }
    CHECK(fs::exists(s.directory() / "o" / "result.json"));
    CHECK(shell("{ " NICTEAM_COMMAND " " + run + " -q >/dev/full; }").status == 0);  // has nothing to print
    // An expectation that fails, an unknown name: still the worse of the two.
    const std::string failing = few_frames(s, "[[expect]]\nmetric = \"client.down.frames\"\nequals = 21\n");
    CHECK(shell("{ " NICTEAM_COMMAND " run " + failing + " --out " + (s.directory() / "o").string() + " >/dev/full; }").status == 3);
}

TEST_CASE("an interrupt closes the files and ends with status 130") {
    text_scenario s;
    const auto out = s.directory() / "out";
    const auto o = shell("timeout --preserve-status -s INT 2 " NICTEAM_COMMAND " run " + few_frames(s) +
                         " --until \"100000 s\" --set traffic.count=0 --out " + out.string());
    INFO(o.text);
    CHECK(o.status == 130);
    CHECK(content(out / "result.json").find("\"interrupted\": true") != std::string::npos);
    CHECK(fs::exists(out / "wire.pcapng"));
}

TEST_CASE("what validates can be built and run") {
    text_scenario s;
    mutants all(42);
    int runs = 0;
    for (int n = 0; n < 5000 && runs < 20; ++n) {
        const std::string text = all.next_words();
        if (!s.read(text).found.none()) continue;
        ++runs;
        const auto o = tool("run -q " + s.file("s.toml", text) + " --until \"60 us\" --out " + (s.directory() / "o").string());
        CAPTURE(n, text, o.text);
        CHECK((o.status == 0 || o.status == 1));
    }
    CHECK(runs == 20);
}

TEST_CASE("an empty file is an error") {
    const auto o = tool("run /dev/null");
    CHECK(o.status == 2);
    CHECK(o.text.rfind("/dev/null:1:1: error: the scenario is empty: it wants at least a [[host]]", 0) == 0);
}

TEST_CASE("another word for a trace names the trace") {
    CHECK(tool("run x.toml --trace vcd").text == "nicteam: --trace: vcd is none of wave, pcap, txn, packets, report, all, none; did you mean wave?\n");
    CHECK(tool("run x.toml --trace txm").text.find("did you mean txn?") != std::string::npos);
    CHECK(tool("run x.toml --trace txm").status == 2);
}

TEST_CASE("every exit status is explain's and validate's as well") {
    CHECK(tool("explain nic.slot").status == 0);
    CHECK(tool("explain nic.slut").status == 2);
    CHECK(tool("explain ''").text == "nicteam: \"\" is no name; `nicteam explain scenario` shows where to begin\n");
    CHECK(tool("list " NICTEAM_SOURCE_DIR "/scenarios").status == 0);
    CHECK(tool("list /nowhere").status == 2);
}

TEST_CASE("the summary comes as JSON when asked") {
    text_scenario s;
    const auto o = shell(std::string(NICTEAM_COMMAND) + " run " + few_frames(s) + " --format json --out " + (s.directory() / "o").string() + " 2>/dev/null");
    CHECK(o.status == 0);
    CHECK(o.text.front() == '{');
    CHECK(o.text.substr(o.text.size() - 2) == "}\n");
    CHECK(o.text.find('\n') == o.text.size() - 1);
    CHECK(tool("run x.toml --format xml").status == 2);
}

TEST_CASE("a base at an absolute path is named in the resolved scenario") {
    text_scenario s;
    const std::string file = few_frames(s);  // extends a part by its whole path
    REQUIRE(shell("cd " + s.directory().string() + " && " NICTEAM_COMMAND " run -q few.toml --out o").status == 0);
    const std::string resolved = content(s.directory() / "o" / "config.resolved.toml");
    CHECK(resolved.find("scenarios/parts/one-nic.toml:") != std::string::npos);
    CHECK(resolved.find("  # :") == std::string::npos);
}

TEST_CASE("a directory that was used keeps nothing of the run before") {
    text_scenario s;
    const auto out = s.directory() / "o";
    s.file("x.pcapng", content(NICTEAM_SOURCE_DIR "/scenarios/captures/web-and-ping.pcapng"));
    const std::string replay = "[[replay]]\nname = \"r\"\npeer = \"client\"\nfile = \"x.pcapng\"\n[[capture]]\nname = \"other\"\nat = \"client.port\"\n";
    REQUIRE(tool("run -q " + few_frames(s, replay) + " --out " + out.string()).status == 0);
    CHECK(fs::exists(out / "inputs" / "x.pcapng"));
    CHECK(fs::exists(out / "other.pcapng"));
    s.file("o/notes.txt", "mine");
    // Its resolved scenario runs again from where it lies, into the same place.
    REQUIRE(tool("run -q " + (out / "config.resolved.toml").string() + " --out " + out.string()).status == 0);
    CHECK(fs::exists(out / "inputs" / "x.pcapng"));
    // A run without them that can write next to nothing.
    const auto o = shell("trap '' XFSZ; ulimit -f 8; " NICTEAM_COMMAND " run " + few_frames(s) +
                         " -q --trace all --set trace.clock=true --out " + out.string());
    CHECK(o.status == 3);
    CHECK_FALSE(fs::exists(out / "inputs"));
    CHECK_FALSE(fs::exists(out / "other.pcapng"));
    CHECK_FALSE(fs::exists(out / "config.resolved.toml"));
    CHECK(fs::exists(out / "notes.txt"));
}
