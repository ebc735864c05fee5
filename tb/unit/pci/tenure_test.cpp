// Closed forms of a tenure on the real bus: event offsets, N + 3, every way to end.
#include <catch2/catch.hpp>

#include <sstream>
#include <string>

#include "unit/pci/workbench.h"

using nicteam::test::relative;
using nicteam::test::run_text;

namespace {

// The first tenure of one master that does `item`, with `target` answering at address 0.
std::string first(const std::string& item, const std::string& target, const std::string& master = "timer=255 line=0") {
    const std::string text =
        run_text("bus until=30000000\nmaster " + master + "\nitem " + item + "\ntarget base=0 size=65536 " + target + "\n");
    return relative(text.substr(0, text.find('\n')));
}
std::string n(unsigned v) { return std::to_string(v); }

}  // namespace

TEST_CASE("First write data at the DEVSEL edge: fast medium slow subtractive") {
    for (unsigned d = 1; d <= 4; ++d)
        CHECK(first("command=7 bytes=4", "devsel=" + n(d)) == "data " + n(d) + "+0*1 idle " + n(d + 1) + " done 1 completed");
}

TEST_CASE("First read data at the later of DEVSEL and the turnaround") {
    for (unsigned d = 1; d <= 4; ++d) {
        const unsigned e = d < 2 ? 2 : d;
        CHECK(first("command=6 bytes=4", "devsel=" + n(d)) == "data " + n(e) + "+0*1 idle " + n(e + 1) + " done 1 completed");
    }
}

TEST_CASE("Next data one clock later each and idle one clock after the last") {
    CHECK(first("command=7 bytes=32", "") == "data 2+1*8 idle 10 done 8 completed");
    CHECK(first("command=6 bytes=32", "") == "data 2+1*8 idle 10 done 8 completed");
}

TEST_CASE("Wait states delay the first and the later words") {
    CHECK(first("command=7 bytes=16", "first=3 next=2") == "data 5+3*4 idle 15 done 4 completed");
    CHECK(first("command=6 bytes=16", "devsel=1 first=1 next=1") == "data 3+2*4 idle 10 done 4 completed");
}

TEST_CASE("From FRAME to the earliest next FRAME takes N plus 3 clocks") {
    // Two parked back-to-back tenures would need REQ# in between: two masters take turns instead.
    for (unsigned words : {4u, 8u, 16u, 32u, 64u}) {
        for (const char* command : {"6", "7"}) {
            const std::string item = std::string("item command=") + command + " bytes=" + n(4 * words) + "\n";
            const std::string text =
                run_text("bus until=30000000\nmaster timer=255\n" + item + "master timer=255\n" + item + "target base=0 size=65536\n");
            const auto field = [&](std::size_t line, unsigned number) {
                std::istringstream in(line ? text.substr(text.find('\n') + 1) : text);
                std::string s;
                for (unsigned i = 0; i <= number; ++i) in >> s;
                return std::stoll(s);
            };
            CHECK((field(1, 5) - field(0, 5)) / 30'000 == words + 3);
        }
    }
}

TEST_CASE("A retry with FRAME low and high") {
    CHECK(first("command=7 bytes=16", "pattern=r.") == "data - idle 4 done 0 retry");
    CHECK(first("command=7 bytes=4", "pattern=r.") == "data - idle 3 done 0 retry");
    CHECK(first("command=6 bytes=16", "pattern=r. first=3") == "data - idle 7 done 0 retry");
}

TEST_CASE("A disconnect with data with FRAME low and high") {
    CHECK(first("command=7 bytes=32", "boundary=16") == "data 2+1*4 idle 7 done 4 disconnect");
    CHECK(first("command=7 bytes=16", "boundary=16") == "data 2+1*4 idle 6 done 4 completed");
}

TEST_CASE("A disconnect without data comes one data phase later") {
    CHECK(first("command=7 bytes=32", "boundary=16 with_data=0") == "data 2+1*4 idle 8 done 4 disconnect");
    CHECK(first("command=7 bytes=32", "boundary=16 with_data=0 next=2") == "data 2+3*4 idle 16 done 4 disconnect");
    CHECK(first("command=7 bytes=20", "boundary=16 with_data=0") == "data 2+1*4 idle 7 done 4 disconnect");
    CHECK(first("command=7 bytes=16", "boundary=16 with_data=0") == "data 2+1*4 idle 6 done 4 completed");
}

TEST_CASE("A target abort before and after data") {
    CHECK(first("command=7 bytes=16", "pattern=a") == "data - idle 5 done 0 target_abort");
    CHECK(first("command=7 bytes=4", "pattern=a") == "data - idle 4 done 0 target_abort");
    CHECK(first("command=7 bytes=16", "pattern=b abort_words=2") == "data 2+1*2 idle 6 done 2 target_abort");
    CHECK(first("command=7 bytes=12", "pattern=b abort_words=2") == "data 2+1*2 idle 5 done 2 target_abort");
}

TEST_CASE("A master abort at plus 6 for one word and plus 7 for more") {
    CHECK(first("command=6 bytes=4 address=0x100000", "") == "data - idle 6 done 0 master_abort");
    CHECK(first("command=6 bytes=8 address=0x100000", "") == "data - idle 7 done 0 master_abort");
    CHECK(first("command=6 bytes=8 address=0x100000 limit=4", "") == "data - idle 6 done 0 master_abort");
    CHECK(first("command=6 bytes=8 address=0x100000 limit=5", "") == "data - idle 7 done 0 master_abort");
}

TEST_CASE("A limit ends with the first data phase after the deciding edge") {
    CHECK(first("command=7 bytes=64 limit=0", "") == "data 2+0*1 idle 3 done 1 limited");
    CHECK(first("command=7 bytes=64 limit=4", "") == "data 2+1*4 idle 6 done 4 limited");
    CHECK(first("command=7 bytes=64 limit=16", "") == "data 2+1*16 idle 18 done 16 completed");
}

TEST_CASE("Bytes at odd addresses take the words that they touch") {
    CHECK(first("command=7 address=3 bytes=2", "") == "data 2+1*2 idle 4 done 2 completed");
}

TEST_CASE("The latency timer ends a tenure only when GNT is gone") {
    // Nobody else asks: with parking at the last master GNT# stays; with parking nowhere or elsewhere it goes at once.
    const std::string work = "master timer=8 line=0\nitem command=7 bytes=128\ntarget base=0 size=65536\n";
    const auto line = [](const std::string& t) { return relative(t.substr(0, t.find('\n'))); };
    CHECK(line(run_text("bus until=30000000\n" + work)) == "data 2+1*32 idle 34 done 32 completed");
    CHECK(line(run_text("bus until=30000000 parking=none\n" + work)) == "data 2+1*8 idle 10 done 8 latency_timer");
    // One who asks: REQ# low at A + 1 or at A + 20, with the timer long over.
    const auto other = [&](int when) {
        return line(run_text("bus until=30000000\nmaster timer=8 line=0\nitem command=7 bytes=128\nmaster\nitem arrival=" +
                             std::to_string(30'000 * (1 + when - 1)) + " command=7\ntarget base=0 size=65536\n"));
    };
    CHECK(other(1) == "data 2+1*8 idle 10 done 8 latency_timer");
    CHECK(other(20) == "data 2+1*21 idle 23 done 21 latency_timer");
}

TEST_CASE("A latency timer of 0 leaves one word when GNT is gone at once") {
    const std::string text =
        run_text("bus until=30000000 parking=none\nmaster timer=0\nitem command=7 bytes=8\ntarget base=0 size=65536 devsel=1\n");
    CHECK(relative(text.substr(0, text.find('\n'))) == "data 1+1*2 idle 3 done 2 completed");
    const std::string three =
        run_text("bus until=30000000 parking=none\nmaster timer=0\nitem command=7 bytes=12\ntarget base=0 size=65536\n");
    CHECK(relative(three.substr(0, three.find('\n'))) == "data 2+0*1 idle 3 done 1 latency_timer");
}

TEST_CASE("Write-and-invalidate runs to the end of its line") {
    const std::string text =
        run_text("bus until=30000000 parking=none\nmaster timer=3 line=32\nitem command=0xF bytes=256\ntarget base=0 size=65536\n");
    CHECK(relative(text.substr(0, text.find('\n'))) == "data 2+1*8 idle 10 done 8 latency_timer");
    const std::string longer =
        run_text("bus until=30000000 parking=none\nmaster timer=9 line=32\nitem command=0xF bytes=256\ntarget base=0 size=65536\n");
    CHECK(relative(longer.substr(0, longer.find('\n'))) == "data 2+1*16 idle 18 done 16 latency_timer");
    CHECK(first("command=0xF bytes=256 limit=3", "", "timer=255 line=32") == "data 2+1*8 idle 10 done 8 limited");
    CHECK(first("command=7 bytes=256 limit=3", "", "timer=255 line=32") == "data 2+1*3 idle 5 done 3 limited");
}

TEST_CASE("What is left of a line goes on as a memory write and a retry repeats its command") {
    const std::string text =
        run_text("bus until=30000000\nmaster line=32\nitem command=0xF bytes=64\ntarget base=0 size=65536 boundary=16 pattern=r..\n");
    std::istringstream in(text);
    std::string commands;
    for (std::string line; std::getline(in, line);) commands += line[2];
    CHECK(commands == "FF7FF7");    // retry, 16 of the line, a retry … each on its place: see the pattern
}
