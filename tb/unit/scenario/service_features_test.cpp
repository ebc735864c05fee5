// What [[crypto_service]] and [[crypto_load]] can ask for, each asked for by a small scenario that must hold.
#include <catch2/catch.hpp>

#include "unit/scenario/command.h"

using namespace nicteam::test;

namespace {

const std::string cards = "[[crypto_card]]\nname = \"card0\"\nbus = \"server.pci0\"\n[[crypto_card]]\nname = \"card1\"\nbus = \"server.pci0\"\n";
std::string pool(const std::string& more = "") {
    return cards + "[[crypto_service]]\nname = \"pool\"\nhost = \"server\"\ndevices = [\"server.pci0.card0\", \"server.pci0.card1\"]\n" + more;
}
std::string load(const std::string& more = "", const std::string& name = "load") {
    return "[[crypto_load]]\nname = \"" + name + "\"\nservice = \"server.pool\"\n" + more;
}
std::string expect(const std::string& what, const std::string& bound) { return "[[expect]]\nmetric = \"server.pool." + what + "\"\n" + bound + "\n"; }
const std::string good = expect("load.damaged", "equals = 0") + expect("load.not_done", "equals = 0") + expect("load.failed", "equals = 0");

outcome holds(text_scenario& s, const std::string& more) {
    auto o = tool("run " + few_frames(s, more) + " --out " + (s.directory() / "o").string());
    INFO(more);
    INFO(o.text);
    CHECK(o.status == 0);
    return o;
}

// A counter or the mean of a histogram, in the whole run.
double measured(text_scenario& s, const std::string& more, const std::string& path, const char* what) {
    holds(s, more);
    const std::string json = content(s.directory() / "o" / "result.json");
    const std::size_t at = json.find("\"" + path + "\"");
    REQUIRE(at != std::string::npos);
    const std::size_t value = json.find(std::string("\"") + what + "\"", at);
    REQUIRE(value != std::string::npos);
    return std::stod(json.substr(json.find_first_of("0123456789", value + std::string(what).size() + 2), 24));
}

}  // namespace

TEST_CASE("jobs are encrypted, decrypted, or both, of one size or many, by whoever asks") {
    text_scenario s;
    for (const char* direction : {"encrypt", "decrypt", "alternate"})
        holds(s, pool() + load("threads = 3\nsizes = \"uniform\"\nleast_size = \"1 B\"\ngreatest_size = \"1400 B\"\ndirection = \"" +
                std::string(direction) + "\"\n") +
                     good +
                     expect("load.done", "at_least = 10") + expect("engine_*.jobs", "at_least = 3"));
    holds(s, pool() + load() + load("cipher = \"aes-cbc\"\nauthentication = \"null\"\n", "other") + good + expect("load.done", "at_least = 3") +
            expect("other.done", "at_least = 5"));
}

TEST_CASE("a load ends with its count or its duration, and an open one loses what finds no place") {
    text_scenario s;
    holds(s, pool() + load("count = 7\nthreads = 2\n") + expect("load.submitted", "equals = 7") + expect("load.done", "equals = 7"));
    holds(s, pool() + load("pace = \"open\"\ngap = \"100 us\"\nduration = \"350 us\"\n") + expect("load.due", "equals = 4"));
    holds(s, pool() + load("pace = \"open\"\ngap = \"1 us\"\nplaces = 2\ncount = 50\n") + expect("load.due", "equals = 50") + expect("load.lost",
            "at_least = 30"));
    const std::string ten = "pace = \"open\"\ngap = \"20 us\"\nplaces = 200\nsize = \"64 B\"\nstart = \"1 ms\"\nduration = \"1 ms\"\n";
    holds(s, pool() + load(ten) + expect("load.due", "equals = 50"));
    const double random = measured(s, pool() + load(ten + "arrivals = \"poisson\"\n"), "server.pool.load.due", "value");
    CHECK(random != 50);
    CHECK(random > 25);
    CHECK(random < 85);
}

TEST_CASE("an application's own time is between its jobs, octet by octet") {
    text_scenario s;
    const auto jobs = [&](const std::string& more) { return measured(s, pool() + load("count = 0\nsize = \"16 B\"\nduration = \"1 ms\"\n" + more),
            "server.pool.load.done", "value"); };
    const double free = jobs("");
    CHECK(free > 20);
    for (const char* key : {"before = \"100 us\"\n", "after = \"100 us\"\n", "before_octet = \"6250 ns\"\n", "after_octet = \"6250 ns\"\n"}) {
        INFO(key);
        const double slow = jobs(key), period = 1'000 / free + 100;
        CHECK(slow >= static_cast<int>(1'000 / period) - 1);
        CHECK(slow <= static_cast<int>(1'000 / period) + 2);
    }
    CHECK(jobs("before = \"100 us\"\ncost = \"exponential\"\n") != jobs("before = \"100 us\"\n"));
}

TEST_CASE("each policy and its options change who works") {
    text_scenario s;
    const auto first = [&](const std::string& how, const std::string& more = "") {
        return measured(s, pool("dispatch = " + how) + load("start = \"200 us\"\nthreads = 4\ncount = 24\nsize = \"256 B\"\n" + more) + good +
                expect("load.done", "equals = 24"),
                        "server.pool.engine_0.jobs", "value");
    };
    CHECK(first("\"round_robin\"\n") == 12);
    CHECK(first("\"spill_over\"\n") == 24);
    CHECK(first("\"spill_over\"\nqueue = 1\ngiven = 1\n") < 20);
    CHECK(first("\"proportional\"\nrates = [\"30 Mbps\", \"10 Mbps\"]\n") == 18);
    CHECK(first("\"burst\"\nburst = 10\n") == 14);       // 10, 10 to the other, 4
    CHECK(first("\"by_size\"\n") == 24);
    CHECK(first("\"by_size\"\n" "size_threshold = \"300 B\"\n") == 0);
    CHECK(first("\"shortest_queue\"\n") > 8);
    CHECK(first("\"first_idle\"\n") > 8);
    CHECK(first("\"expected_end\"\n") > 8);
    const double random = first("\"random\"\n");
    CHECK(random > 4);
    CHECK(random < 20);
    text_scenario large;
    holds(large, cards + "[[crypto_card]]\nname = \"card2\"\nbus = \"server.pci0\"\n[[crypto_service]]\nname = \"pool\"\nhost = \"server\"\n"
                 "devices = [\"server.pci0.card0\", \"server.pci0.card1\", \"server.pci0.card2\"]\ndispatch = \"by_size\"\nlarge_engines = 2\n" +
                     load("threads = 6\ncount = 12\nsize = \"256 B\"\n") + expect("engine_0.jobs", "at_least = 3") + expect("engine_1.jobs", "at_least = 3") +
                     expect("engine_2.jobs", "equals = 0"));
}

TEST_CASE("too many that wait find no room, and the service's own work costs the CPU") {
    text_scenario s;
    holds(s, pool("dispatch = \"first_idle\"\nwaiting = 1\n") + load("pace = \"open\"\ngap = \"1 us\"\ncount = 20\n") + expect("load.no_room", "equals = 17"));
    const auto time = [&](const std::string& more) {
        return measured(s, pool(more) + load("size = \"64 B\"\n" "count = 5\n") + expect("load.done", "equals = 5"), "server.pool.load.job_time", "mean") / 1e6;
    };
    const double base = time("");
    // 500 MHz; taking in is before the job's own time begins
    CHECK(time("finish_cycles = 50200\n") - base == Approx(100).margin(1));
    const auto due = [&](const std::string& more) {
        return measured(s, pool(more) + load("size = \"16 B\"\nduration = \"1 ms\"\n"), "server.pool.load.due", "value");
    };
    CHECK(due("submit_cycles = 50300\n") < due("") / 2);
}

TEST_CASE("an engine that is gone is left alone, and software does jobs when it is wanted") {
    text_scenario s;
    const std::string pulled = "[[fault]]\nat = \"server.pci0.card*\"\nwhat = \"removed\"\nfrom = \"500 us\"\nfor = \"400 us\"\n";
    holds(s, pool("software = \"last_resort\"\nretry = \"50 us\"\n") + load("threads = 2\nsize = \"64 B\"\nstart = \"600 us\"\n") + pulled + good +
                 expect("engine_2.jobs", "at_least = 3") + expect("engine_0.jobs", "at_least = 3") + expect("engines_lost", "at_least = 4"));
    holds(s, pool("software = \"another\"\n") + load("threads = 6\nsize = \"64 B\"\n") + good + expect("engine_2.jobs", "at_least = 3"));
    holds(s, pool("retry = \"10 ms\"\n") + load("pace = \"open\"\nstart = \"600 us\"\nsize = \"64 B\"\n") + pulled + expect("load.not_done", "at_least = 10") +
                 expect("load.done", "equals = 0"));
}
