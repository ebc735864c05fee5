// What comes in and goes out at a port: octets, frames, queues.
#include <catch2/catch.hpp>

#include "unit/wire/port_bench.h"

using namespace nicteam;
using namespace nicteam::test;
using namespace nicteam::test::port_at_socket;
using namespace nicteam::wire;

TEST_CASE("what comes in begins at the next octet edge, in order, padded if it must be") {
    folder f;
    fresh_kernel k;
    bench b(at(f / "s"));
    b.port->open();
    const int s = stranger(f / "s");
    b.run(1'000'030);
    b.look();
    say(s, framed(60, 1));
    say(s, framed(42, 2));
    b.run(50);
    b.look();
    b.run(millisecond);
    REQUIRE(b.end->got.size() == 2);
    CHECK(b.end->got[0].first == 13 * octet);      // the first edge after 1,000,080 ps
    CHECK(b.end->got[1].first == 13 * octet + (8 + 64 + 12) * octet);
    CHECK(b.end->got[0].data.size() == 64);
    CHECK(b.end->got[1].data[41] == 2);
    CHECK(b.end->got[1].data[42] == 0);
    CHECK(b.count("received") == 2);
    CHECK(b.count("received_octets") == 128);
    CHECK(b.count("padded") == 1);
    CHECK(b.count("attached") == 1);
    close(s);
}

TEST_CASE("what comes in on an edge takes effect at the one behind it") {
    folder f;
    fresh_kernel k;
    bench b(at(f / "s"));
    b.port->open();
    const int s = stranger(f / "s");
    say(s, framed(60));
    b.run(10 * octet);
    b.look();
    b.run(millisecond);
    REQUIRE(b.end->got.size() == 1);
    CHECK(b.end->got[0].first == 11 * octet);
    close(s);
}

TEST_CASE("frames that go out are framed without FCS in their order") {
    folder f;
    fresh_kernel k;
    bench b(at(f / "s"));
    b.port->open();
    b.end->add(microsecond, 64);                   // nobody is there yet
    b.end->add(100 * microsecond, 64);
    b.end->add(200 * microsecond, 100);
    b.run(50 * microsecond);
    const int s = stranger(f / "s");
    b.look();
    b.run(millisecond);
    const std::string out = all_from(s);
    REQUIRE(out.size() == 4 + 60 + 4 + 96);
    CHECK(out.substr(0, 4) == std::string("\0\0\0\x3c", 4));
    CHECK(static_cast<std::uint8_t>(out[4]) == 17);
    CHECK(out.substr(64, 4) == std::string("\0\0\0\x60", 4));
    CHECK(b.count("unheard") == 1);
    CHECK(b.count("sent") == 2);
    CHECK(b.count("sent_octets") == 164);
    close(s);
}

TEST_CASE("hostile lengths are refused and counted by their kind and the frames between them arrive") {
    folder f;
    fresh_kernel k;
    bench b(at(f / "s"));
    b.port->open();
    const int s = stranger(f / "s");
    for (int n = 0; n < 3; ++n) say(s, framed(0));
    say(s, framed(13));
    say(s, framed(14));
    say(s, framed(1515));
    say(s, framed(1514));
    say(s, {0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3});
    b.run(octet);
    b.look();
    b.run(millisecond);
    CHECK(b.count("refused_empty") == 3);
    CHECK(b.count("refused_short") == 1);
    CHECK(b.count("refused_long") == 1);
    CHECK(b.count("refused_framing") == 1);
    CHECK(b.count("refused_partial") == 0);
    CHECK(b.count("detached") == 1);
    REQUIRE(b.end->got.size() == 2);
    CHECK(b.end->got[0].data.size() == 64);
    CHECK(b.end->got[1].data.size() == 1518);
    char c;
    CHECK(recv(s, &c, 1, 0) == 0);                 // the connection was closed
    close(s);
    const int again = stranger(f / "s");           // and another is taken
    say(again, framed(60));
    b.look();
    b.run(millisecond);
    CHECK(b.end->got.size() == 3);
    CHECK(b.count("attached") == 2);
    close(again);
}

TEST_CASE("how long a length is believed is a key") {
    for (const std::int64_t longest_length : {2000, 1518}) {
        folder f;
        fresh_kernel k;
        external_port_config c = at(f / "s");
        c.longest_length = longest_length;
        bench b(c);
        b.port->open();
        const int s = stranger(f / "s");
        say(s, framed(1800));
        b.run(octet);
        b.look();
        b.run(2 * octet);
        CHECK(b.count("refused_long") == (longest_length == 2000 ? 1 : 0));
        CHECK(b.count("refused_framing") == (longest_length == 2000 ? 0 : 1));
        close(s);
    }
}

TEST_CASE("a full input queue stops the reading and loses nothing") {
    folder f;
    fresh_kernel k;
    external_port_config c = at(f / "s");
    c.input_queue = 4;
    bench b(c);
    b.port->open();
    const int s = stranger(f / "s");
    for (int n = 0; n < 50; ++n) say(s, framed(60));
    b.run(octet);
    b.look();
    std::vector<pollfd> watched;
    b.port->live()->watch(watched);
    CHECK(watched.empty());                        // not read, and no busy waiting either
    b.run(4 * 84 * octet);
    CHECK(b.end->got.size() <= 4);
    for (int n = 0; n < 100; ++n) {
        b.look();
        b.run(84 * octet);
    }
    CHECK(b.end->got.size() == 50);
    close(s);
}

TEST_CASE("a peer that does not read loses what is beyond the output queue and the model goes on") {
    folder f;
    fresh_kernel k;
    external_port_config c = at(f / "s");
    c.output_queue = 10;
    bench b(c);
    b.port->open();
    const int s = stranger(f / "s");
    constexpr unsigned frames = 2000;
    for (unsigned n = 0; n < frames; ++n) b.end->add(millisecond + n * 130 * microsecond, 1518);
    b.look();
    b.run(second);
    const std::uint64_t dropped = b.count("dropped");
    CHECK(dropped > 100);
    CHECK(b.count("sent") + dropped == frames);
    std::string out;                               // whole frames, in order: the first ones
    for (std::string more = all_from(s); !more.empty(); more = all_from(s)) {
        out += more;
        b.look();
    }
    CHECK(out.size() == b.count("sent") * (4 + 1514));
    close(s);
    b.look();
    b.run(millisecond);
    CHECK(b.count("abandoned") == 0);
}
