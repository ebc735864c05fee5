// The clocked FIFOs by themselves: wire times to the nanosecond, thresholds, underrun and overrun by hand.
#include <catch2/catch.hpp>

#include "reference/nic/fifos.h"

using nicteam::test::receive_case;
using nicteam::test::transmit_case;

namespace {

std::string line_of(const std::string& text, const std::string& start) {
    const std::size_t at = ("\n" + text).find("\n" + start);
    return at == std::string::npos ? "" : text.substr(at, text.find('\n', at) - at);
}
std::int64_t time_in(const std::string& line, std::size_t field) {
    std::size_t at = 0;
    while (field-- > 0) at = line.find(' ', at) + 1;
    return std::stoll(line.substr(at));
}

}  // namespace

TEST_CASE("back-to-back frames leave at line rate") {
    for (unsigned length : {60u, 124u, 1514u}) {
        transmit_case c;
        c.frames.assign(3, {0, {length}});
        const std::string t = reference::nic::run_transmit(c);
        // Frame, FCS, preamble and gap: L + 20 octets with L including the FCS.
        CHECK(time_in(line_of(t, "start 2"), 2) - time_in(line_of(t, "start 1"), 2) == (length + 4 + 20) * 80'000);
    }
}

TEST_CASE("a transmission starts two octet edges after the threshold is reached") {
    transmit_case c;
    c.threshold = 8;
    c.frames = {{0, {256}}};
    const std::string t = reference::nic::run_transmit(c);
    // Requested at 0, address at 1, words at 3 … 66: byte 63 comes with word 15 at edge 18 = 540 ns; octet edges after it: 560, 640.
    CHECK(line_of(t, "burst 0") == "burst 0 frame 0 request 0 address 30000 bytes 256 first 90000 last 1980000 idle 2010000");
    CHECK(line_of(t, "start 0") == "start 0 640000");
    CHECK(line_of(t, "end 0") == "end 0 " + std::to_string(640'000 + (8 + 256 + 4 - 1) * 80'000) + " good");
}

TEST_CASE("a starved transmission jams and starts again from the whole frame") {
    transmit_case c;
    c.threshold = 1;
    c.retry = 1;
    c.frames = {{0, {64, 64}}};
    c.bus.grant = {1, 1000};
    const std::string t = reference::nic::run_transmit(c);
    const std::int64_t start = time_in(line_of(t, "start 0"), 2);
    CHECK(line_of(t, "underrun 0") == "underrun 0 " + std::to_string(start + (8 + 64) * 80'000) + " byte 64");
    CHECK(line_of(t, "end 0") == "end 0 " + std::to_string(start + (8 + 64 + 3) * 80'000) + " retry");
    CHECK(t.find(" good\n") != std::string::npos);
    c.retry = 0;
    CHECK(reference::nic::run_transmit(c).find(" given_up\n") != std::string::npos);
}

TEST_CASE("the first receive burst is asked for when 64 bytes are seen") {
    receive_case c;
    c.frames = {{0, 128}};
    const std::string t = reference::nic::run_receive(c);
    // Byte 63 enters with data octet 67 at 75 octets = 6000 ns, which is seen at the first edge later than 6030.
    CHECK(time_in(line_of(t, "burst 0"), 5) == 6'060'000);
    CHECK(line_of(t, "frame 0") == "frame 0 eof " + std::to_string((8 + 127) * 80'000) + " bytes 124");
}

TEST_CASE("a starved receive FIFO overruns at the byte after its last") {
    receive_case c;
    c.frames = {{0, 1518}, {1538 * 80'000, 1518}, {2 * 1538 * 80'000, 1518}};
    c.bus.grant = {100'000};
    const std::string t = reference::nic::run_receive(c);
    // 3072 bytes: two frames of 1514 and 44 bytes of the third.
    const std::int64_t full = (2 * 1538 + 8 + 44 + 4) * 80'000;
    CHECK(line_of(t, "frame 2") ==
          "frame 2 eof " + std::to_string((2 * 1538 + 8 + 1517) * 80'000) + " bytes 44 overrun 44 " + std::to_string(full));
}
