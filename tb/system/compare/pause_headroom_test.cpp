// The closed form of the room that PAUSE needs, against model and clocked reference: with just so much nothing is lost, with one byte less
// a frame is. The worst case is set up: on which byte of a frame the request falls, and a frame of the own that has just begun.
#include <iostream>

#include <catch2/catch.hpp>

#include "nicteam/bounds/pause.h"
#include "reference/nic/pause.h"
#include "system/compare/pause_model.h"

namespace {

using nicteam::bounds::pause_headroom;
using nicteam::bounds::pause_link;
using nicteam::test::pause_case;
using ps = std::int64_t;

constexpr ps octet = 80'000;
constexpr unsigned left_at[] = {512, 1024, 1280, 1536, 1792, 2048, 2304, 2560};      // SDM table 30

// The request falls on data byte `byte` of the second frame.
pause_case worst(const pause_link& l, unsigned threshold, unsigned byte, bool peer) {
    pause_case c;
    c.octet_period = octet;
    c.delay = l.delay;
    const ps period = (l.incoming + 20) * octet, begin = 1000 * octet;
    const ps asked = begin + l.delay + period + static_cast<ps>(byte == 0 ? 13 : 12 + byte) * octet;
    const ps quiet = asked + static_cast<ps>(l.outgoing + 200) * octet + 2 * l.delay + 3 * period;
    auto& s = c.stations[0];
    s.threshold = threshold;
    s.left = left_at[threshold];
    s.fifo_bytes = s.left + (l.incoming - 4) + byte + 1;
    s.delay = 65535;
    s.restart = true;
    s.stalls.push_back({0, quiet});
    if (l.outgoing) s.frames.push_back({asked - octet, l.outgoing});
    auto& other = c.stations[1];
    other.peer = peer;
    other.left = left_at[0];
    other.ignores = false;
    for (unsigned n = 0; n < 8 + 4000 / l.incoming; ++n) other.frames.push_back({peer ? begin : begin - 2 * octet, l.incoming});
    c.until = quiet + 12 * period;
    return c;
}

unsigned lost(const pause_case& c) {
    const std::string text = compare::run_pause(c);
    CHECK(text == reference::nic::run_pause(c));
    const std::string overruns = " overruns ";
    return static_cast<unsigned>(std::stoul(text.substr(text.find(overruns, text.find("station 0 pauses")) + overruns.size())));
}

// As bounds see it: both candidates for the byte.
unsigned worst_byte(const pause_link& l) {
    unsigned at = 0, most = 0;
    const ps period = l.incoming + 20, data = l.incoming - 4;
    const ps window = (l.outgoing ? l.outgoing + 92 : 73) + l.response + 2 * l.delay / octet;
    for (unsigned byte = 0; byte < data; ++byte) {
        unsigned frames = 0;
        while ((frames + 1) * period < (byte == 0 ? 13 : 12 + static_cast<ps>(byte)) + window) ++frames;
        const unsigned bytes = static_cast<unsigned>(data) - 1 - byte + frames * static_cast<unsigned>(data);
        if (bytes > most) most = bytes, at = byte;
    }
    CHECK(most == pause_headroom(l));
    return at;
}

}  // namespace

TEST_CASE("just enough room loses nothing and one byte less loses a frame") {
    unsigned enough = 0, too_little = 0;
    for (const bool peer : {true, false})
        for (const unsigned outgoing : {0u, 64u, 300u, 1000u})
            for (const ps delay : {0, 1, 63, 400})
                for (unsigned v = 0; v < 8; ++v) {
                    bool seen[2] = {};
                    for (unsigned incoming = 1518; incoming >= 64; --incoming) {
                        const pause_link l{octet, delay * octet, incoming, outgoing, peer ? 1u : 2u};
                        const std::uint64_t room = pause_headroom(l);
                        if (room != left_at[v] && room != left_at[v] + 1) continue;
                        const bool less = room > left_at[v];
                        if (std::exchange(seen[less], true)) continue;
                        INFO("peer " << peer << " outgoing " << outgoing << " delay " << delay << " threshold " << v << " incoming " << incoming << " room " << room);
                        CHECK((lost(worst(l, v, worst_byte(l), peer)) > 0) == less);
                        ++(less ? too_little : enough);
                        if (seen[0] && seen[1]) break;
                    }
                }
    std::cout << "headroom of PAUSE: " << enough << " links with just enough, " << too_little << " with a byte less\n";
    CHECK(enough > 40);
    CHECK(too_little > 40);
}

TEST_CASE("the closed form is the most over every byte that the request can fall on") {
    for (const unsigned outgoing : {0u, 64u, 1518u})
        for (const ps delay : {0, 7, 625})
            for (unsigned incoming = 64; incoming <= 1518; incoming += 97) worst_byte({octet, delay * octet, incoming, outgoing, 1});
    // A full-size frame of the own and full-size frames coming in: more than an 82559's whole FIFO. With nothing of the own: half of that.
    CHECK(pause_headroom({octet, 0, 1518, 1518, 1}) == 3087);
    CHECK(pause_headroom({octet, 0, 1518, 0, 1}) == 1574);
}
