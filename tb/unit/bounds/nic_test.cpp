#include <catch2/catch.hpp>

#include "nicteam/bounds/cpu.h"
#include "nicteam/bounds/ethernet.h"
#include "nicteam/bounds/nic.h"

using namespace nicteam;
using namespace nicteam::bounds;

namespace {
// (transmit + receive) clocks over the wire time of a frame, FCS counted, in tenths of a percent.
std::string share(std::int64_t transmit, std::int64_t receive, std::uint32_t bytes) {
    const ps wire = frame_spacing(100'000'000, bytes + 4);
    return fraction{static_cast<__int128>(transmit + receive) * 30'000 * 100, wire}.decimal(1);
}
}  // namespace

TEST_CASE("bus cost of a frame: whole frame in one burst") {
    const struct { std::uint32_t bytes; int transmit, receive; const char* share; } rows[] = {
        {60, 41, 33, "33.0"}, {252, 89, 81, "23.1"}, {508, 153, 145, "21.0"}, {1514, 405, 397, "19.6"}};
    for (const auto& r : rows) {
        INFO(r.bytes);
        CHECK(transmit_clocks(r.bytes) == r.transmit);
        CHECK(receive_clocks(r.bytes) == r.receive);
        CHECK(share(transmit_clocks(r.bytes), receive_clocks(r.bytes), r.bytes) == r.share);
    }
}

TEST_CASE("bus cost of a frame: bursts of 16 words add 3 clocks each") {
    frame_cost_options o;
    o.burst_words = 16;
    CHECK(transmit_clocks(1514, o) == 405 + 23 * 3);
    CHECK(receive_clocks(1514, o) == 397 + 23 * 3);
    CHECK(share(transmit_clocks(1514, o), receive_clocks(1514, o), 1514) == "22.9");
}

TEST_CASE("bus cost of reception with the default threshold of 64 bytes") {
    frame_cost_options o;
    o.burst_words = 16;
    const struct { std::uint32_t bytes; int receive; const char* share; } rows[] = {{60, 33, "33.0"}, {252, 90, "24.3"}, {508, 166, "22.5"}, {1514, 466, "21.2"}};
    for (const auto& r : rows) {
        INFO(r.bytes);
        CHECK(receive_clocks(r.bytes, o) == r.receive);
        CHECK(share(transmit_clocks(r.bytes), receive_clocks(r.bytes, o), r.bytes) == r.share);
    }
}

TEST_CASE("wait states of the host bridge add to each access") {
    frame_cost_options o;
    o.memory.first_wait = 8;
    CHECK(transmit_clocks(60, o) == 41 + 4 * 8);        // S bit, block, data, status
    CHECK(receive_clocks(60, o) == 33 + 4 * 8);
}

TEST_CASE("the receive FIFO survives 245.76 us of silence at 100 Mb/s") {
    CHECK(fifo_time(3072, 100'000'000) == 245'760'000);
    CHECK(fifo_time(3072, 10'000'000) == 2'457'600'000);
    CHECK(tolerated_gap(8, 100'000'000) == 640'000);
}

TEST_CASE("frames that fit on the bus") {
    CHECK(bus_frame_rate(30'000, 41).decimal(0) == "813008");
}

TEST_CASE("a CPU serves one packet after another") {
    const auto cycles = cycles_per_packet({{1, 1500}, {1514, 2}, {2, 100}});
    CHECK(cycles == 4728);
    CHECK(packet_rate(2'000, cycles).decimal(1) == "105753.0");
    CHECK(packet_rate(2'000, 4000, 2 * microsecond).decimal(0) == "100000");
}
