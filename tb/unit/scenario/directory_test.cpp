// What becomes of a directory for results, of what is in it already, and of a run that is told to stop.
#include <chrono>
#include <csignal>
#include <thread>

#include <fcntl.h>

#include <catch2/catch.hpp>

#include "unit/scenario/command.h"
#include "source_dir.h"

using namespace nicteam::test;

namespace {

std::string replay(const std::string& file) { return "[[replay]]\nname = \"r\"\npeer = \"client\"\nfile = \"" + file + "\"\n"; }
const char* const recorded = NICTEAM_SOURCE_DIR "/scenarios/captures/web-and-ping.pcapng";

// Starts the command, signals it after a while, and waits. The status as a shell shows it.
int signalled(const std::vector<std::string>& words, int signal, std::chrono::microseconds after) {
    std::vector<char*> argv;
    for (const std::string& w : words) argv.push_back(const_cast<char*>(w.c_str()));
    argv.push_back(nullptr);
    std::fflush(nullptr);
    int begun[2];  // its end closes where the command begins
    REQUIRE(pipe2(begun, O_CLOEXEC) == 0);
    const pid_t child = fork();
    if (child == 0) {
        if (!std::freopen("/dev/null", "w", stdout) || !std::freopen("/dev/null", "w", stderr)) _exit(126);
        execv(argv[0], argv.data());
        _exit(127);
    }
    close(begun[1]);
    char none;
    CHECK(read(begun[0], &none, 1) == 0);
    close(begun[0]);
    std::this_thread::sleep_for(after);
    kill(child, signal);
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

TEST_CASE("a run that is refused touches nothing in its directory") {
    text_scenario s;
    const auto out = s.directory() / "o", before = s.directory() / "before";
    REQUIRE(tool("run -q " + few_frames(s) + " --trace all --out " + out.string()).status == 0);
    fs::copy(out, before, fs::copy_options::recursive);
    s.file("x.pcapng", "no capture");
    for (const std::string& more : {replay("x.pcapng"), std::string("[[expect]]\nmetric = \"nic.nothing\"\nequals = 1\n"), std::string("nonsense")}) {
        const auto o = tool("run " + few_frames(s, more) + " --out " + out.string());
        INFO(o.text);
        CHECK(o.status == 2);
        same(before, out);
        CHECK(fs::exists(out / "run.json"));
    }
    // What only the build notices, too: nothing has been made.
    CHECK(tool("run " + few_frames(s, "nonsense") + " --out " + (s.directory() / "new" / "one").string()).status == 2);
    CHECK_FALSE(fs::exists(s.directory() / "new"));
}

TEST_CASE("a run neither deletes nor overwrites what it reads") {
    text_scenario s;
    const auto a = s.directory() / "a";
    REQUIRE(tool("run -q " + few_frames(s) + " --out " + a.string()).status == 0);
    const std::string wire = content(a / "wire.pcapng");
    auto o = tool("run -q " + few_frames(s, replay("a/wire.pcapng")) + " --out " + a.string());
    CHECK(o.status == 2);
    CHECK(o.text == "nicteam: " + (a / "wire.pcapng").string() + " is read by this run, which would write over it; choose another --out\n");
    CHECK((content(a / "wire.pcapng") == wire));
    // Not written: it stays although the earlier run left it.
    o = tool("run -q " + few_frames(s, replay("a/wire.pcapng")) + " --trace none --out " + a.string());
    INFO(o.text);
    CHECK(o.status == 0);
    CHECK((content(a / "wire.pcapng") == wire));
    CHECK((content(a / "inputs" / "wire.pcapng") == wire));
}

TEST_CASE("files that no run left are neither deleted nor overwritten") {
    text_scenario s;
    const auto out = s.directory() / "o";
    s.file("o/wave.vcd", "mine");
    s.file("o/notes.txt", "mine");
    const std::string run = "run -q " + few_frames(s) + " --out " + out.string();
    auto o = tool(run + " --trace wave");
    CHECK(o.status == 2);
    CHECK(o.text == "nicteam: " + (out / "wave.vcd").string() + " is there and is not from an earlier run (" + out.string() +
                        " has no run.json of one); choose another --out, or move it away\n");
    CHECK(tool(run).status == 0);  // it leaves no waveform
    CHECK(tool(run).status == 0);
    CHECK(tool(run + " --trace wave").status == 2);
    CHECK(content(out / "wave.vcd") == "mine");
    fs::remove(out / "wave.vcd");
    CHECK(tool(run + " --trace wave").status == 0);
    CHECK(tool(run + " --trace none").status == 0);
    CHECK_FALSE(fs::exists(out / "wave.vcd"));
    CHECK(content(out / "notes.txt") == "mine");
}

TEST_CASE("two scenarios cannot leave their results in one directory") {
    text_scenario s;
    const std::string file = few_frames(s);
    const auto o = tool("run " + file + " " + file + " --out " + (s.directory() / "o").string());
    CHECK(o.status == 2);
    CHECK(o.text.find("a scenario before leaves its results in ") != std::string::npos);
    CHECK_FALSE(fs::exists(s.directory() / "o"));
}

TEST_CASE("two replays of files with one name keep both") {
    text_scenario s;
    const std::string whole = content(recorded);
    s.file("a/x.pcapng", whole);
    REQUIRE(tool("run -q " + few_frames(s) + " --out " + (s.directory() / "b").string()).status == 0);
    fs::rename(s.directory() / "b" / "wire.pcapng", s.directory() / "b" / "x.pcapng");
    const std::string more = replay("a/x.pcapng") + "[[replay]]\nname = \"q\"\npeer = \"client\"\nfile = \"b/x.pcapng\"\n";
    const auto out = s.directory() / "o";
    REQUIRE(tool("run -q " + few_frames(s, more) + " --out " + out.string()).status == 0);
    CHECK((content(out / "inputs" / "x.pcapng") == whole));
    CHECK((content(out / "inputs" / "2-x.pcapng") == content(s.directory() / "b" / "x.pcapng")));
    REQUIRE(tool("run -q " + (out / "config.resolved.toml").string() + " --out " + (s.directory() / "again").string()).status == 0);
    CHECK((content(out / "result.json") == content(s.directory() / "again" / "result.json")));
}

TEST_CASE("a signal at any moment ends with status 130 and leaves no half") {
    const std::string shipped = NICTEAM_SOURCE_DIR "/scenarios/eight-nics.toml";
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
        for (int ms = 4; ms < 30; ms += 2) {
            text_scenario s;
            const auto out = s.directory() / "o";
            const int status = signalled({NICTEAM_COMMAND, "run", shipped, "-q", "--trace", "all", "--out", out.string()}, signal,
                                         std::chrono::milliseconds(ms));
            CAPTURE(signal, ms);
            // Before the command listens the system ends it: nothing has begun.
            CHECK((status == 130 || status == 0 || (status == 128 + signal && !fs::exists(out))));
            if (!fs::exists(out)) continue;
            for (const auto& e : fs::directory_iterator(out)) CHECK(e.path().extension() != ".part");
            CHECK((fs::exists(out / "result.json") && fs::exists(out / "run.json")));
        }
}

TEST_CASE("a signal to the command alone reaches the run that it waits for") {
    text_scenario s;
    const std::string one = few_frames(s), two = s.file("two.toml", content(one));
    const auto out = s.directory() / "o";
    CHECK(signalled({NICTEAM_COMMAND, "run", one, two, "-q", "--until", "100000 s", "--set", "traffic.count=0", "--out", out.string()}, SIGTERM,
                    std::chrono::milliseconds(300)) == 130);
    CHECK(fs::exists(out / "few" / "result.json"));
    CHECK_FALSE(fs::exists(out / "two"));
}

TEST_CASE("a reader that leaves is no fault") {
    text_scenario s;
    const std::string one = few_frames(s), two = s.file("two.toml", content(one)), out = (s.directory() / "o").string();
    for (const std::string& words : {"run " + one + " " + two + " --out " + out, "run " + one + " --out " + out + "1",
                                     std::string("explain nic"), std::string("list")}) {
        const std::string left = (s.directory() / "left").string();        // the reader is gone before the first word is written
        const auto o = shell("exec 3>&1; rm -f " + left + "; { while [ ! -e " + left + " ]; do sleep 0.01; done; " NICTEAM_COMMAND " " + words +
                             "; echo \"status $?\" >&3; } | { exec <&-; touch " + left + "; }");
        INFO(words);
        CHECK(o.text == "status 141\n");
    }
    for (const char* name : {"o/few", "o/two", "o1"}) CHECK(fs::exists(s.directory() / name / "run.json"));
}

TEST_CASE("the option --until shortens any run and says what it cut off") {
    text_scenario s;
    const auto out = s.directory() / "o";
    const std::string late = "[[fault]]\nname = \"late\"\nat = \"lan0\"\nwhat = \"link_down\"\nfrom = \"1500 us\"\n";
    auto o = tool("run " + few_frames(s, late) + " --until \"1 ms\" --out " + out.string());
    INFO(o.text);
    CHECK(o.status == 0);
    CHECK(o.text.find("fault late begins at 1500 us: the run ends before, at 1 ms") != std::string::npos);
    CHECK(content(out / "result.json").find("\"end_ps\": \"1000000000\"") != std::string::npos);
    const std::string kept = content(out / "config.resolved.toml");
    CHECK(kept.find("duration = \"2 ms\"  # few.toml:3") != std::string::npos);
    CHECK(kept.find("until = \"1 ms\"  # --until") != std::string::npos);
    REQUIRE(tool("run -q " + (out / "config.resolved.toml").string() + " --out " + (s.directory() / "again").string()).status == 0);
    CHECK((content(out / "result.json") == content(s.directory() / "again" / "result.json")));
    // Before all traffic and before a warm-up that is given.
    CHECK(tool("run -q " + few_frames(s, late) + " --until \"100 us\" --out " + out.string()).status == 0);
    CHECK(tool("run -q " + few_frames(s, late) + " --set \"warm_up=700 us\" --until \"600 us\" --out " + out.string()).status == 0);
    CHECK(tool("run -q " + few_frames(s, late) + " --set \"duration=1 ms\" --out " + out.string()).status == 2);
}

TEST_CASE("what --trace asked for is in the resolved scenario") {
    text_scenario s;
    const auto out = s.directory() / "o", again = s.directory() / "again";
    REQUIRE(tool("run -q " + few_frames(s) + " --trace all --seed 3 --out " + out.string()).status == 0);
    const std::string kept = content(out / "config.resolved.toml");
    CHECK(kept.find("wave = true  # --trace\nwave_format = \"vcd\"  # default\n"
                    "pcap = true  # --trace\ntxn = true  # --trace\npackets = true  # --trace\n") != std::string::npos);
    CHECK(kept.find("seed = 3  # --seed\n") != std::string::npos);
    REQUIRE(tool("run -q " + (out / "config.resolved.toml").string() + " --out " + again.string()).status == 0);
    CHECK(fs::exists(again / "wave.vcd"));
    CHECK((content(out / "packets.csv") == content(again / "packets.csv")));
    REQUIRE(tool("run -q " + few_frames(s) + " --trace none --out " + out.string()).status == 0);
    CHECK(content(out / "config.resolved.toml").find("pcap = false  # --trace\n") != std::string::npos);
}
