// What a scenario can ask for, each asked for by a small one that must hold.
#include <algorithm>
#include <cstring>

#include <catch2/catch.hpp>

#include "unit/scenario/command.h"
#include "source_dir.h"

using namespace nicteam::test;
using namespace std::string_literals;

namespace {

outcome holds(text_scenario& s, const std::string& more, const std::string& arguments = "") {
    auto o = tool("run " + few_frames(s, more) + " --out " + (s.directory() / "o").string() + " " + arguments);
    INFO(o.text);
    CHECK(o.status == 0);
    return o;
}

// From power-on; else from the first traffic.
const char* const all_of_it = "--set \"warm_up=0 s\" ";

std::string expect(const std::string& what, const std::string& bound) { return "[[expect]]\n" + what + "\n" + bound + "\n"; }

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t n = 0;
    for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++n;
    return n;
}

// The times of a VCD, in its units.
std::vector<long long> times(const std::string& vcd) {
    std::vector<long long> all;
    for (std::size_t at = vcd.find("$enddefinitions"); (at = vcd.find("\n#", at)) != std::string::npos; ++at) all.push_back(std::stoll(vcd.substr(at + 2, 20)));
    return all;
}

}  // namespace

TEST_CASE("events are counted and timed") {
    text_scenario s;
    holds(s, expect("event = \"server.sink_9.delivered\"", "equals = 20") + expect("event = \"lan0.b_to_a.wire_end\"", "equals = \"21 times\"") +
                 expect("event = \"server.pci0.nic0.tx_active\"", "at_least = 10") +
                 expect("event = \"nic.ru_state.ready\"\nof = \"first\"", "at_most = \"500 us\"") +
                 expect("event = \"server.pci0.nic0.rx_first_octet\"\nof = \"first\"", "at_least = \"500 us\"\nat_most = \"510 us\"") +
                 expect("event = \"nic.rx_overrun\"", "equals = 0"),
          all_of_it);
    auto fails = [&](const std::string& e) {
        const auto o = tool("run " + few_frames(s, e) + " --out " + (s.directory() / "o").string() + " " + all_of_it);
        INFO(o.text);
        CHECK(o.status == 1);
        return o.text;
    };
    CHECK(fails(expect("event = \"nic.rx_overrun\"\nof = \"last\"", "at_most = \"2 ms\"")).find("measured never") != std::string::npos);
    fails(expect("event = \"server.pci0.nic0.ru_state.ready\"", "equals = 0"));
}

TEST_CASE("events before the measuring window are left out and a waveform changes nothing") {
    text_scenario s;
    const std::string e = expect("event = \"nic.tx_active\"", "equals = 0");
    holds(s, e + "[trace]\nwave = true\n", "--set \"warm_up=1800 us\"");
    const std::string all = expect("event = \"nic.ru_state.ready\"", "equals = 1");
    holds(s, all, all_of_it);
    holds(s, all, all_of_it + std::string("--trace all"));
    holds(s, expect("event = \"nic.ru_state.ready\"", "equals = 0"));
}

TEST_CASE("a checker that was to count and found nothing fails its expectation") {
    text_scenario s;
    const auto o = tool("run " + few_frames(s, "[check]\nconservation = \"count\"\n" + expect("metric = \"check.conservation_breaches\"", "at_least = 1")) +
                        " --out " + (s.directory() / "o").string());
    INFO(o.text);
    CHECK(o.status == 1);
    CHECK(o.text.find("FAILED  total of check.conservation_breaches at_least 1  measured 0 breaches") != std::string::npos);
}

TEST_CASE("an expectation on samples does not hold when there are none") {
    text_scenario s;
    const auto judged = [&](const std::string& more) {       // nothing is sent to the client
        const std::string base = "schema = 1\nextends = \"" NICTEAM_SOURCE_DIR "/scenarios/line-rate-64.toml\"\nduration = \"2100 us\"\n";
        return tool("run " + s.file("none.toml", base + more) + " --trace none --out " + (s.directory() / "o").string()).text;
    };
    for (const char* bound : {"of = \"p99\"\nat_most = \"1 ns\"", "of = \"mean\"\nat_most = \"1 ns\"", "of = \"greatest\"\nequals = \"0 ns\"",
                              "of = \"least\"\nat_least = \"0 ns\""}) {
        const std::string text = judged(expect("metric = \"client.latency\"", bound));
        INFO(text);
        CHECK(text.find("measured no samples\n") != std::string::npos);
        CHECK(text.find("held    least") == std::string::npos);
    }
    std::string text = judged(expect("metric = \"client.latency\"", "equals = 0") +
                              expect("metric = \"server.sink_9.latency\"\nof = \"p99\"", "at_most = \"1 ms\""));
    INFO(text);
    text.erase(std::unique(text.begin(), text.end(), [](char a, char b) { return a == ' ' && b == ' '; }), text.end());      // columns
    CHECK(text.find("held total of client.latency equals 0 ") != std::string::npos);
    CHECK(text.find("held p99 of server.sink_9.latency") != std::string::npos);
}

TEST_CASE("a message names no component where there is none") {
    text_scenario s;
    const auto o = tool("run " + few_frames(s, "[[traffic]]\nfrom = \"client\"\nto = \"server\"\npace = \"rate\"\n") + " --out " +
                        (s.directory() / "o").string());
    INFO(o.text);
    CHECK(o.status == 2);
    CHECK(o.text.find(": : ") == std::string::npos);
}

TEST_CASE("events that are none and bounds that do not fit are errors") {
    text_scenario s;
    const auto error = [&](const std::string& e) { return s.errors(std::string(small) + e); };
    CHECK(error(expect("event = \"server.pci0.nic0.ru_state.redy\"", "equals = 0")) ==
          "s.toml:19:9: error: expect.event = \"server.pci0.nic0.ru_state.redy\": matches no event; did you mean ready?\n");
    CHECK(error(expect("event = \"nic.rx_overrun\"\nof = \"mean\"", "equals = 0")) ==
          "s.toml:20:6: error: expect.of = \"mean\": events are counted; allowed: total, first, last\n");
    CHECK(error(expect("event = \"nic.rx_overrun\"", "equals = \"5 us\"")).find("s.toml:20:10: error: expect.equals = \"5 us\"") == 0);
    CHECK(error(expect("metric = \"nic.rx_frames\"\nof = \"first\"", "equals = 0")).find("rx_frames is a counter") != std::string::npos);
}

TEST_CASE("the waveform keeps to its scopes and its time window") {
    text_scenario s;
    const auto vcd = [&](const std::string& trace) {
        holds(s, "[trace]\nwave = true\n" + trace);
        return content(s.directory() / "o" / "wave.vcd");
    };
    const std::string all = vcd(""), nic = vcd("scopes = [\"server.pci0.nic0\"]\n"), one = vcd("scopes = [\"nic.cu_state\"]\n");
    CHECK(all.find(" FRAME_n ") != std::string::npos);
    CHECK(nic.find("cu_state") != std::string::npos);
    CHECK(nic.find(" FRAME_n ") == std::string::npos);
    CHECK(count(nic, "$var ") > 1);
    CHECK(count(one, "$var ") == 1);
    const auto window = times(vcd("from = \"600 us\"\nuntil = \"700 us\"\n"));
    REQUIRE(window.size() > 10);
    for (const long long t : window) CHECK((t == 0 || (t >= 600'000'000 && t <= 700'000'000)));
    CHECK(times(all).back() > 700'000'000);
}

TEST_CASE("a capture keeps to its time window") {
    text_scenario s;
    const auto packets = [&](const std::string& window) {
        holds(s, "[[capture]]\nname = \"part\"\nat = \"lan0.*.wire\"\n" + window);
        const std::string file = content(s.directory() / "o" / "part.pcapng");
        std::size_t n = 0;
        for (std::size_t at = 0; at + 8 <= file.size();) {
            std::uint32_t kind, length;
            std::memcpy(&kind, file.data() + at, 4);
            std::memcpy(&length, file.data() + at + 4, 4);
            n += kind == 6;
            at += length;
        }
        return n;
    };
    const std::size_t all = packets(""), first = packets("until = \"800 us\"\n"), rest = packets("from = \"800 us\"\n");
    CHECK(all > 30);
    CHECK(first > 0);
    CHECK(rest > 0);
    CHECK(first + rest == all);
}

TEST_CASE("a capture that holds too few frames to sort them says so") {
    text_scenario s;
    const auto note = [&](const std::string& hold) {
        return holds(s, "[[capture]]\nname = \"both\"\nat = \"lan0.*.wire\"\n" + hold, "--set \"server.up.frame_size=1300 B\"")
                   .text.find("both.pcapng: ") != std::string::npos;
    };
    CHECK(note("hold = 1\n"));
    CHECK_FALSE(note(""));
}

TEST_CASE("a link damages and loses and doubles and reorders as it is told") {
    text_scenario s;
    const auto link = [&](const std::string& key, const std::string& metric, const std::string& ratio = "0.2") {
        holds(s, expect("metric = \"" + metric + "\"", "at_least = 1"),
              "--set traffic.count=100 --set \"duration=4 ms\" --set lan0." + key + "_b_to_a=" + ratio);
    };
    for (const char* key : {"loss_b_to_a", "duplication_b_to_a", "reordering_b_to_a", "bit_error_ratio_b_to_a", "loss_a_to_b", "duplication_a_to_b",
                            "reordering_a_to_b", "bit_error_ratio_a_to_b"}) {       // one direction each, the other unharmed
        const std::string text = key, kind = text.substr(0, text.size() - 7), way = text.substr(text.size() - 6), other = way == "a_to_b" ? "b_to_a" : "a_to_b";
        const std::string metric = kind == "loss" ? "lost" : kind == "duplication" ? "duplicated" : kind == "reordering" ? "reordered" : "damaged";
        holds(s,
              expect("metric = \"lan0." + way + "." + metric + "\"", "at_least = 1") +
                  expect("metric = \"lan0." + other + "." + metric + "\"", "equals = 0"),
              "--set traffic.count=100 --set \"duration=4 ms\" --set lan0." + text + (kind == "bit_error_ratio" ? "=1e-4" : "=0.2"));
    }
    link("loss", "lan0.b_to_a.lost");
    link("duplication", "lan0.b_to_a.duplicated");
    link("reordering", "lan0.b_to_a.reordered");
    link("bit_error_ratio", "lan0.b_to_a.damaged", "1e-4");
    link("bit_error_ratio", "server.pci0.nic0.rx_crc_errors", "1e-4");
}

TEST_CASE("raw frames go either way without an internet header") {
    text_scenario s;
    holds(s, expect("metric = \"server.sink_raw.received\"", "equals = 20") + expect("metric = \"client.verified\"", "equals = 20"),
          "--set traffic.protocol=raw");
}

TEST_CASE("raw frames go either way in Ethernet II or in LLC and SNAP") {
    text_scenario s;
    const auto first_frame = [&](const std::string& set) {      // the octets behind the addresses of the first frame on the wire
        holds(s, expect("metric = \"server.sink_raw.received\"", "equals = 20") +
                     expect("metric = \"client.verified\"", "equals = 20"),
              "--set traffic.protocol=raw " + set);
        const std::string file = content(s.directory() / "o" / "wire.pcapng");
        return file.substr(file.find("\x02\x00\x00\x00\x00"s) + 12, 10);
    };
    CHECK(first_frame("").substr(0, 4) == "\x88\xB5NT");
    CHECK(first_frame("--set traffic.framing=llc_snap").substr(2) == "\xAA\xAA\x03\x00\x00\x00\x88\xB5"s);
}

TEST_CASE("identity stages and a pass-through adapter delay by what they cost") {
    text_scenario s;
    const auto first = [&](const std::string& more, const std::string& set) {
        // The latency of the first frame from its birth at the client to the application.
        holds(s, more, set + " --set traffic.count=1");
        const std::string json = content(s.directory() / "o" / "result.json");
        const std::size_t at = json.find("\"server.sink_9.latency\"");
        REQUIRE(at != std::string::npos);
        const std::size_t most = json.find("\"max\"", at);
        INFO(json.substr(at, 300));
        REQUIRE(most != std::string::npos);
        return std::stoll(json.substr(json.find_first_of("0123456789", most + 5), 20));
    };
    const std::string shim = "[[pass_through]]\nname = \"shim\"\nnic = \"server.pci0.nic0\"\n";
    const long long plain = first("", "");
    CHECK(first(shim, "") == plain);
    CHECK(first(shim, "--set pass_through.cycles=1000") == plain + 1000 * 2000);  // 500 MHz
    CHECK(first("", "--set nic.rx_stage_clocks=10") == plain + 10 * 30'000);
}

TEST_CASE("other masters than nics load the bus or wait for a driver") {
    text_scenario s;
    holds(s, "[[background]]\nname = \"disk\"\nbus = \"server.pci0\"\nkind = \"disk\"\ninterval = \"10 us\"\n" +
                 expect("metric = \"server.pci0.disk.octets\"", "at_least = \"50 KiB\""));
    holds(s, "[[crypto_card]]\nname = \"card\"\nbus = \"server.pci0\"\n" + expect("metric = \"server.pci0.card.executed\"", "equals = 0"));
    holds(s, "[[copy_engine]]\nname = \"copier\"\nbus = \"server.pci0\"\n" + expect("metric = \"server.pci0.copier.copies\"", "equals = 0"));
}

TEST_CASE("a background master loses what its backlog cannot hold") {
    text_scenario s;
    const std::string disk = "[[background]]\nname = \"disk\"\nbus = \"server.pci0\"\nkind = \"disk\"\ninterval = \"10 us\"\n";
    const std::string many = "--set \"server.pci0.disk.interval=500 ns\" --set server.pci0.disk.backlog=";
    holds(s, disk + expect("metric = \"server.pci0.disk.lost\"", "equals = 0"));
    holds(s, disk + expect("metric = \"server.pci0.disk.lost\"", "at_least = 100"), many + "1");
}

TEST_CASE("a peer echoes the port that it is told") {
    text_scenario s;
    const auto echoes = [&](const std::string& set, const std::string& bound) {
        holds(s, expect("metric = \"client.udp_echoes\"", bound), "--set client.answer_udp_echo=true " + set);
    };
    echoes("", "equals = 0");                     // port 7, and the traffic goes to port 9
    echoes("--set client.udp_echo_port=9", "at_least = 10");
}

TEST_CASE("the table of packets stops at its limit and says so") {
    text_scenario s;
    const auto lines = [&](const std::string& set) {
        const auto o = holds(s, "", "--trace packets " + set);
        const std::string csv = content(s.directory() / "o" / "packets.csv");
        return std::make_pair(static_cast<std::size_t>(std::count(csv.begin(), csv.end(), '\n')), o.text.find("packets.csv") != std::string::npos);
    };
    CHECK(lines("").first > 40);
    CHECK(lines("--set trace.packet_limit=5").first == 6);
}

TEST_CASE("each operation costs the CPU what it is told") {
    text_scenario s;
    struct row { const char* key; const char* more; const char* set; };
    const row rows[] = {
        {"cost_interrupt_entry", "", ""}, {"cost_interrupt_exit", "", ""}, {"cost_dispatch", "", ""}, {"cost_driver_interrupt", "", ""}, {"cost_driver_send", "", ""},
        {"cost_driver_send_piece", "", ""}, {"cost_driver_reap", "", ""}, {"cost_driver_receive", "", ""}, {"cost_intermediary", "", ""}, {"cost_arp", "", ""},
        {"cost_ip_send", "", ""}, {"cost_ip_receive", "", ""}, {"cost_udp_send", "", ""}, {"cost_udp_receive", "", ""}, {"cost_application_send", "", ""},
        {"cost_application_receive", "", ""}, {"cost_checksum_byte", "", ""}, {"cost_copy_byte", "", ""}, {"cost_verify_byte", "", ""},
        {"cost_raw_send", "", "--set traffic.protocol=raw"}, {"cost_raw_receive", "", "--set traffic.protocol=raw"},
        {"cost_lock_acquire", "[[cpu]]\nname = \"cpu1\"\nhost = \"server\"\n", ""}, {"cost_lock_release", "[[cpu]]\nname = \"cpu1\"\nhost = \"server\"\n", ""},
    };
    for (const row& r : rows) {
        INFO(r.key);
        const std::string cycles = "cycles_" + std::string(r.key).substr(5);
        const std::string at = "metric = \"server.cpu0." + cycles + "\"";
        holds(s, r.more + expect(at, "equals = 0"), std::string(r.set) + " --set cpu." + r.key + "=0");
        holds(s, r.more + expect(at, "at_least = 7"), std::string(r.set) + " --set cpu." + r.key + "=7");
    }
}

TEST_CASE("a host pings a peer and times the answers") {
    text_scenario s;
    const std::string pings = "[[ping]]\nname = \"pings\"\nfrom = \"server\"\nto = \"client\"\ninterval = \"100 us\"\ncount = 5\ndata = \"100 B\"\n";
    holds(s, pings + expect("metric = \"server.pings.requests\"", "equals = 5") + expect("metric = \"server.pings.answers\"", "equals = 5") +
                 expect("metric = \"server.pings.answers_damaged\"", "equals = 0") + expect("metric = \"client.echo_replies\"", "equals = 5") +
                 // Two frames of 146 octets with preamble, and the way through the machine twice.
                 expect("metric = \"server.pings.round_trip\"\nof = \"least\"", "at_least = \"24 us\"\nat_most = \"60 us\""),
          all_of_it);
    holds(s, pings + expect("metric = \"server.pings.answers\"", "equals = 0"), all_of_it + "--set lan0.loss_b_to_a=1"s);
}

TEST_CASE("a host echoes the port that it is told and no other") {
    text_scenario s;
    const std::string asks =
        "[[traffic]]\nname = \"asks\"\nfrom = \"server\"\nto = \"east\"\npace = \"frames\"\nframes_per_second = 10000\ncount = "
        "3\ndestination_port = 70\nstart = \"2 ms\"\n";
    const std::string east = "[[host]]\nname = \"east\"\n[[cpu]]\nname = \"cpu9\"\nhost = \"east\"\n[[bus]]\nname = \"pci9\"\nhost = \"east\"\n";
    const std::string nic = "[[nic]]\nname = \"nic9\"\nbus = \"east.pci9\"\n[[repeater]]\nname = \"hub\"\n[[link]]\nname = \"lan0\"\nb = \"hub\"\n"
                            "[[link]]\nname = \"lan8\"\na = \"client\"\nb = \"hub\"\n[[link]]\nname = \"lan9\"\na = \"east.pci9.nic9\"\nb = \"hub\"\n";
    const std::string echo = "[[echo]]\nname = \"echoes\"\nhost = \"east\"\nport = ";
    holds(s,
          east + nic + asks + echo + "70\n" + expect("metric = \"east.echoes.echoed\"", "equals = 3") +
              expect("metric = \"server.asks.answers\"", "equals = 3") +
              expect("metric = \"server.asks.round_trip\"\nof = \"least\"",
                     "at_least = \"250 us\"\nat_most = \"500 us\""),  // 1,518 octets, twice on the wire
          "--set \"duration=10 ms\"");
    holds(s,
          east + nic + asks + echo + "71\n" + expect("metric = \"east.echoes.echoed\"", "equals = 0") +
              expect("metric = \"east.sink_70.received\"", "equals = 3") + expect("metric = \"server.asks.answers\"", "equals = 0"),
          "--set \"duration=10 ms\"");
    const auto bare =
        tool("validate " +
             few_frames(s, east + "[[echo]]\nname = \"e\"\nhost = \"east\"\n[[ping]]\nname = \"p\"\nfrom = \"east\"\nto = \"client\"\n"));
    CHECK(bare.text.find("echo.host = \"east\": east has no nic") != std::string::npos);
    CHECK(bare.text.find("ping.from = \"east\": east has no nic") != std::string::npos);
    const auto taken = tool("validate " + few_frames(s, "[[echo]]\nname = \"e\"\nhost = \"server\"\n[[echo]]\nname = \"f\"\nhost = \"server\"\n"));
    CHECK(taken.text.find("echo: server.f: UDP port 7 on server is taken by server.e") != std::string::npos);
}

TEST_CASE("a waveform ends at its limit and the run goes on") {
    text_scenario s;
    const auto whole = [&](const std::string& limit) {
        const auto o = holds(s, "[trace]\nwave = true\nclock = true\n" + expect("metric = \"server.sink_9.received\"", "equals = 20"),
                             "--set 'trace.wave_limit=\"" + limit + "\"'");
        return std::make_pair(fs::file_size(s.directory() / "o" / "wave.vcd"), o.text.find("wave.vcd ends at ") != std::string::npos);
    };
    const auto [all, not_cut] = whole("1 GiB");
    const auto [some, cut] = whole("64 KiB");
    CHECK_FALSE(not_cut);
    CHECK(cut);
    CHECK(some < all);
}
