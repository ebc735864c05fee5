#include <catch2/catch.hpp>

#include "nicteam/packet/pcapng_writer.h"
#include "peer/file_order.h"
#include "unit/packet/scratch_file.h"
#include "unit/peer/two_peers.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

packet::capture_record at(std::uint64_t seconds, ps fraction = 0) {
    packet::capture_record r;
    r.seconds = seconds;
    r.fraction = fraction;
    return r;
}

// A file with frames at these microseconds, replayed by a peer.
struct replayed {
    std::vector<ps> sent;
    std::string note;
};
replayed replay_of(const std::vector<ps>& microseconds, peer::replay_timing timing) {
    const scratch_file path("order.pcapng");
    packet::pcapng_writer w(path.name, "test");
    w.add_interface({});
    for (const ps t : microseconds) w.packet(0, t * microsecond, bytes(60), packet::packet_direction::unknown);
    REQUIRE(w.close());
    peer::replay_config c;
    c.file = path.name;
    c.timing = timing;
    two_peers net;
    recorder seen;
    seen.attach(net.kernel.session(), "a.port");
    const peer::replay& made = net.a->add_replay("file", c);
    net.run(second);
    replayed r{{}, made.note_on_times()};
    for (const auto& i : seen.items)
        if (i.way == sim::direction::out) r.sent.push_back(i.at - 8 * 80'000);
    return r;
}

}  // namespace

TEST_CASE("a file whose times go forward has nothing to note") {
    peer::file_order order;
    CHECK(order.due(at(1'700'000'000, 5), 1) == 0);
    CHECK(order.due(at(1'700'000'000, 5), 2) == 0);                    // the same instant is no step back
    CHECK(order.due(at(1'700'000'001, 4), 4) == second - 1);
    CHECK(order.note() == "");
}

TEST_CASE("times that run backwards are counted and the first is named with its times") {
    peer::file_order order;
    CHECK(order.due(at(100), 2) == 0);
    CHECK(order.due(at(103), 3) == 3 * second);
    CHECK(order.due(at(101, second / 2), 5) == 3 * second);
    CHECK(order.due(at(99), 6) == 3 * second);
    CHECK(order.due(at(104), 7) == 4 * second);
    CHECK(order.note() == "times run backwards at 2 of 5 frames, first at frame 5 (at 1500 ms, behind frame 3 at 3 s, counted from the first that is sent); "
                          "such a frame is due together with the one before it");
}

TEST_CASE("times beyond all reason are counted as well") {
    peer::file_order order;
    CHECK(order.due(at(std::uint64_t{1} << 63), 1) == 0);
    CHECK(order.due(at(0), 2) == 0);
    CHECK(order.due(at((std::uint64_t{1} << 63) + 107 * 86'400), 3) == 0);
    CHECK(order.due(at((std::uint64_t{1} << 63) + 1), 4) == second);
    CHECK(order.note().find("first at frame 2 (more than 106 days before the first, behind frame 1 at 0 ps") != std::string::npos);
    CHECK(order.note().find("; 1 of 4 frames, first frame 3, have times more than 106 days behind the first; such a frame is due") != std::string::npos);
}

TEST_CASE("a replay sends frames in the order of the file whatever their times and notes it") {
    const auto back = replay_of({0, 300, 100, 400}, peer::replay_timing::file);
    const ps frame = 84 * 80'000;                                      // octets of 100 Mb/s, with preamble and gap
    CHECK(back.sent == std::vector<ps>{0, 300 * microsecond, 300 * microsecond + frame, 400 * microsecond});
    CHECK(back.note.find("times run backwards at 1 of 4 frames, first at frame 3 (at 100 us, behind frame 2 at 300 us") == 0);
    CHECK(replay_of({0, 300, 400}, peer::replay_timing::file).note == "");
    CHECK(replay_of({0, 300, 100}, peer::replay_timing::scaled).note != "");
    CHECK(replay_of({0, 300, 100}, peer::replay_timing::fast).note == "");         // times do not matter
}
