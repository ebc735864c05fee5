#include <catch2/catch.hpp>

#include <map>

#include <memory>

#include "nicteam/wire/cable.h"
#include "nicteam/wire/pause.h"
#include "nicteam/wire/repeater.h"
#include "unit/wire/ends.h"

using namespace nicteam;
using namespace nicteam::test;
using namespace nicteam::wire;

namespace {

struct star {
    star(unsigned n, repeater_config r, cable_config c, bool reversed = false) {
        if (!reversed) hub = std::make_unique<repeater>("hub", r);
        for (unsigned i = 0; i < n; ++i) {
            const unsigned k = reversed ? n - 1 - i : i;
            ends[k] = std::make_unique<scripted_end>(("end" + std::to_string(k)).c_str());
        }
        if (reversed) hub = std::make_unique<repeater>("hub", r);
        for (unsigned i = 0; i < n; ++i) {
            const unsigned k = reversed ? n - 1 - i : i;
            cables[k] = std::make_unique<cable>(("lan" + std::to_string(k)).c_str(), c, *ends[k], hub->port(k));
        }
    }
    std::unique_ptr<repeater> hub;
    std::map<unsigned, std::unique_ptr<scripted_end>> ends;
    std::map<unsigned, std::unique_ptr<cable>> cables;
};

repeater_config ports(std::int64_t n) {
    repeater_config r;
    r.ports = n;
    return r;
}

}  // namespace

TEST_CASE("every other end sees every frame one latency and two delays later") {
    fresh_kernel k;
    star s(4, ports(8), cable_config{});
    s.ends[0]->add(1'000'000, 64);
    s.ends[0]->add(7'720'000, 1518);
    sc_core::sc_start(sc_core::sc_time(1, sc_core::SC_MS));
    CHECK(s.ends[0]->got.empty());
    for (unsigned i = 1; i < 4; ++i) {
        REQUIRE(s.ends[i]->got.size() == 2);
        CHECK(s.ends[i]->got[0].first == 1'000'000 + 2 * 56'000 + 460'000);
        CHECK(s.ends[i]->got[1].first == 7'720'000 + 2 * 56'000 + 460'000);
        CHECK(s.ends[i]->got[1].data.size() == 1518);
        CHECK(s.ends[i]->got[1].quality == wire_end::good);
    }
}

TEST_CASE("a MAC control frame ends at a full-duplex repeater and is counted") {
    fresh_kernel k;
    star s(3, ports(8), cable_config{});
    bytes pause;
    const std::uint8_t source[6] = {2, 0, 0, 0, 0, 9};
    build_pause(pause, source, 1000);
    s.ends[0]->add_octets(1'000'000, pause);
    s.ends[0]->add(8'000'000, 64);
    sc_core::sc_start(sc_core::sc_time(1, sc_core::SC_MS));
    for (unsigned i = 1; i < 3; ++i) {
        REQUIRE(s.ends[i]->got.size() == 1);
        CHECK(s.ends[i]->got[0].first == 8'000'000 + 2 * 56'000 + 460'000);
    }
    for (const auto& m : sim::session::current().metrics())
        if (m.path == "hub.control") CHECK(m.as_counter->value() == 1);
}

TEST_CASE("frames that meet at a port go out one after the other without loss") {
    const auto run = [](bool reversed) {
        fresh_kernel k;
        star s(3, ports(3), cable_config{}, reversed);
        for (int i = 0; i < 100; ++i) {
            s.ends[0]->add(i * 13'440'000, 64);
            s.ends[1]->add(i * 13'440'000, 64);   // at the very same instant
        }
        sc_core::sc_start(sc_core::sc_time(3, sc_core::SC_MS));
        CHECK(s.ends[0]->got.size() == 100);
        CHECK(s.ends[1]->got.size() == 100);
        REQUIRE(s.ends[2]->got.size() == 200);
        for (std::size_t i = 0; i < 200; ++i)
            CHECK(s.ends[2]->got[i].first == static_cast<ps>(i) * 6'720'000 + 2 * 56'000 + 460'000);
        CHECK(counted_at(k.session(), "hub.waited") == 100);
        CHECK(counted_at(k.session(), "hub.full") == 0);
        return s.ends[2]->got;
    };
    CHECK(run(false) == run(true));
}

TEST_CASE("a port whose queue is full loses frames and counts them") {
    fresh_kernel k;
    repeater_config r = ports(3);
    r.queue = 5;
    star s(3, r, cable_config{});
    for (int i = 0; i < 100; ++i) {
        s.ends[0]->add(i * 6'720'000, 64);
        s.ends[1]->add(i * 6'720'000, 64);
    }
    sc_core::sc_start(sc_core::sc_time(5, sc_core::SC_MS));
    const auto full = counted_at(k.session(), "hub.full");
    CHECK(full > 80);
    CHECK(s.ends[2]->got.size() + full == 200);
}

TEST_CASE("a frame cut on its way in is cut on every way out") {
    fresh_kernel k;
    star s(3, ports(3), cable_config{});
    s.ends[0]->add(1'000'000, 64);
    s.ends[2]->call(3'000'000, [&] { s.cables[0]->set_link(false, 3'000'000); });
    sc_core::sc_start(sc_core::sc_time(1, sc_core::SC_MS));
    for (unsigned i = 1; i < 3; ++i) {
        REQUIRE(s.ends[i]->got.size() == 1);
        const heard& h = s.ends[i]->got[0];
        CHECK(h.quality == wire_end::cut);
        CHECK(h.octets == (3'000'000 - 1'000'000 - 56'000) / 80'000 + 1);
        CHECK(h.data.size() == h.octets - 8);
    }
}

TEST_CASE("links of different rates are refused at a repeater") {
    fresh_kernel k;
    repeater hub("hub", ports(2));
    scripted_end a("a"), b("b");
    cable_config slow;
    slow.rate = 10'000'000;
    cable x("x", cable_config{}, a, hub.next_port()), y("y", slow, b, hub.next_port());
    CHECK_THROWS_WITH(hub.next_port(), Catch::Contains("all 2 ports are taken"));
    CHECK_THROWS_WITH(hub.start_of_simulation(), Catch::Contains("cannot join links of 100 Mbps and 10 Mbps"));
}
