#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <random>

#include "nicteam/report/vcd_writer.h"
#include "unit/report/scratch.h"
#include "unit/report/vcd_text.h"

using namespace nicteam;
using nicteam::test::content_of;
using nicteam::test::scratch;
using nicteam::test::changes_of;
using report::vcd_writer;

namespace {
const char* const states[] = {"idle", "busy", "done", nullptr};
}

TEST_CASE("The header has scopes and kinds of variables and the dump only changes") {
    scratch dir;
    report::waveform_options o;
    o.comment = "nicteam test";
    vcd_writer w(dir / "w.vcd", o);
    const auto b = w.add("host.bus.AD", 32), a = w.add("host.cpu.depth", 4), t = w.add_text("host.bus.state", states), z = w.add("top", 1);
    w.change(b, 0, 0xA5);
    w.change(t, 0, 1);
    w.change(z, 10, 1);
    w.change(b, 10, 0xA5);        // no change
    w.change_z(b, 20);
    w.change(a, 20, 0x1F);        // only its four bits
    w.change(t, 30, 9);           // no such state
    w.close(100);
    CHECK(content_of(dir / "w.vcd") ==
          "$comment\n  nicteam test\n$end\n$timescale 1 ps $end\n$var wire 1 ! top $end\n$scope module host $end\n$scope module bus $end\n"
          "$var wire 32 \" AD [31:0] $end\n$var string 1 # state $end\n$upscope $end\n$scope module cpu $end\n$var wire 4 $ depth [3:0] "
          "$end\n"
          "$upscope $end\n$upscope $end\n$enddefinitions $end\n#0\n$dumpvars\nx!\nb10100101 \"\nsbusy #\nbx $\n$end\n#10\n1!\n#20\nbz "
          "\"\nb1111 $\n#30\nsunknown #\n#100\n");
}

TEST_CASE("Late and unordered reports give the bytes of ordered ones") {
    scratch dir;
    std::mt19937 random(7);
    struct one { ps at; unsigned which; std::uint64_t value; };
    std::vector<one> all;
    for (unsigned v = 0; v < 12; ++v) {
        ps t = 0;
        for (int i = 0; i < 3000; ++i) all.push_back({t += random() % 50, v, random() % 256});
    }
    std::stable_sort(all.begin(), all.end(), [](const one& a, const one& b) { return a.at < b.at; });
    const auto write = [&](const std::string& name, bool shuffled, std::size_t hold) {
        report::waveform_options o;
        o.hold = hold;
        std::vector<std::vector<one>> late(12);      // what each source has not yet told
        ps now = 0;
        vcd_writer* out = nullptr;
        std::vector<vcd_writer::variable> v;
        const auto tell = [&](unsigned k) { for (const one& x : late[k]) out->change(v[x.which], x.at, x.value); late[k].clear(); };
        o.settle = [&] { for (unsigned k = 0; k < 12; ++k) tell(k); return now; };
        bool full = false;
        o.full = [&] { full = true; };
        vcd_writer w(dir / name, o);
        out = &w;
        for (unsigned k = 0; k < 12; ++k) v.push_back(w.add("s.v" + std::to_string(k), 8));
        for (const one& x : all) {
            now = x.at;
            late[x.which].push_back(x);
            if (!shuffled || random() % 20 == 0) tell(x.which);
            if (full) w.drain();
            full = false;
        }
        w.close(200'000);
        CHECK(w.late() == 0);
        return content_of(dir / name);
    };
    const std::string ordered = write("a", false, 1u << 20);
    CHECK(write("b", true, 1u << 20) == ordered);
    CHECK(write("c", true, 500) == ordered);
    CHECK(write("d", false, 500) == ordered);
}

TEST_CASE("A window holds the state at its beginning and nothing behind its end") {
    scratch dir;
    report::waveform_options o;
    o.from = 100;
    o.until = 200;
    vcd_writer w(dir / "w", o);
    const auto a = w.add("s.a", 8), b = w.add("s.b", 1);
    w.change(a, 0, 1);
    w.change(a, 100, 2);
    w.change(b, 150, 1);
    w.change(a, 200, 3);
    w.close(500);
    const auto c = changes_of(content_of(dir / "w"));
    CHECK(c == std::map<std::string, std::vector<std::pair<long long, std::string>>>{{"s.a", {{100, "10"}}}, {"s.b", {{100, "x"}, {150, "1"}}}});
    CHECK(content_of(dir / "w").find("#200\n") != std::string::npos);
}

TEST_CASE("A clock is drawn between changes and through idle time") {
    scratch dir;
    report::waveform_options o;
    o.from = 40;
    vcd_writer w(dir / "w", o);
    const auto a = w.add("s.a", 1);
    w.add_clock("s.CLK", 30, 5);
    w.change(a, 0, 0);
    w.change(a, 65, 1);
    w.close(100);
    const auto c = changes_of(content_of(dir / "w"));
    CHECK(c.at("s.CLK") == std::vector<std::pair<long long, std::string>>{{40, "1"}, {50, "0"}, {65, "1"}, {80, "0"}, {95, "1"}});
    CHECK(c.at("s.a") == std::vector<std::pair<long long, std::string>>{{40, "0"}, {65, "1"}});
}

TEST_CASE("What comes too late is drawn late and counted") {
    scratch dir;
    report::waveform_options o;
    o.hold = 8;
    vcd_writer w(dir / "w", o);
    const auto a = w.add("s.a", 32), b = w.add("s.b", 1);
    for (unsigned i = 0; i < 100; ++i) w.change(a, 10 * i, i);
    w.change(b, 5, 1);
    w.close(2000);
    CHECK(w.late() == 1);
}

TEST_CASE("GTKWave's converters bring a waveform back unchanged") {
    if (!nicteam::test::have("vcd2fst") || !nicteam::test::have("fst2vcd")) {
        WARN("skipped: vcd2fst or fst2vcd is not installed");
        return;
    }
    scratch dir;
    report::waveform_options o;
    vcd_writer w(dir / "w.vcd", o);
    std::vector<vcd_writer::variable> v;
    for (unsigned i = 0; i < 200; ++i) v.push_back(w.add("top.unit" + std::to_string(i % 7) + ".v" + std::to_string(i), 1 + i % 40));
    const auto text = w.add_text("top.unit3.state", states);
    w.add_clock("top.CLK", 30'000, 0);
    std::mt19937_64 random(3);
    for (ps t = 0; t < 3'000'000; t += 10'000) {
        for (int n = 0; n < 5; ++n) {
            const auto which = v[random() % v.size()];
            if (random() % 5) w.change(which, t, random());
            else w.change_z(which, t);
        }
        w.change(text, t, random() % 3);
    }
    w.close(3'000'000);
    REQUIRE(std::system(("cd " + dir.path().string() + " && vcd2fst w.vcd w.fst >/dev/null 2>&1 && fst2vcd w.fst > back.vcd 2>/dev/null").c_str()) == 0);
    const auto ours = changes_of(content_of(dir / "w.vcd")), back = changes_of(content_of(dir / "back.vcd"));
    CHECK(ours.size() == 202);
    CHECK(ours == back);
}

TEST_CASE("A waveform on a full disk fails when it is closed") {
    vcd_writer w("/dev/full", {});
    const auto a = w.add("s.a", 32);
    for (unsigned i = 0; i < 100'000; ++i) w.change(a, i, i);
    CHECK_THROWS_AS(w.close(200'000), report::write_error);
}
