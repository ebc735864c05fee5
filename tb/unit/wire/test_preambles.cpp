// Preambles of any length: a cable carries them as they are, a repeater sends whole ones.
#include <catch2/catch.hpp>

#include <map>
#include <memory>

#include "nicteam/wire/cable.h"
#include "nicteam/wire/repeater.h"
#include "unit/wire/ends.h"

using namespace nicteam;
using namespace nicteam::test;
using namespace nicteam::wire;

namespace {

constexpr ps octet = 80'000, delay = 56'000, latency = 460'000;
constexpr unsigned lengths[] = {2, 4, 8, 16};      // with the delimiter

struct star {
    star(unsigned n, bool half_duplex) {
        repeater_config r;
        r.ports = n;
        r.half_duplex = half_duplex;
        hub = std::make_unique<repeater>("hub", r);
        for (unsigned i = 0; i < n; ++i) {
            ends[i] = std::make_unique<scripted_end>(("end" + std::to_string(i)).c_str());
            cables[i] = std::make_unique<cable>(("lan" + std::to_string(i)).c_str(), cable_config{}, *ends[i], hub->port(i));
        }
    }
    void run() { sc_core::sc_start(sc_core::sc_time(1, sc_core::SC_MS)); }
    std::unique_ptr<repeater> hub;
    std::map<unsigned, std::unique_ptr<scripted_end>> ends;
    std::map<unsigned, std::unique_ptr<cable>> cables;
};

}  // namespace

TEST_CASE("a cable carries a preamble of any length as it is") {
    for (const unsigned p : lengths) {
        fresh_kernel k;
        scripted_end a("a"), b("b");
        cable c("lan", cable_config{}, a, b);
        a.add(1'000'000, 64);
        a.preambles(p);
        sc_core::sc_start(sc_core::sc_time(1, sc_core::SC_MS));
        REQUIRE(b.got.size() == 1);
        CHECK(b.got[0].preamble == p);
        CHECK(b.got[0].octets == p + 64);
        CHECK(b.got[0].first == 1'000'000 + delay);
        CHECK(b.got[0].last == 1'000'000 + delay + static_cast<ps>(p + 63) * octet);
    }
}

TEST_CASE("a frame that is damaged or cut or comes twice keeps its preamble") {
    for (const unsigned p : lengths) {
        fresh_kernel k;
        scripted_end a("a"), b("b");
        cable_config config;
        config.a_to_b.duplication = 1'000'000'000'000'000'000;
        config.a_to_b.bit_error_ratio = 10'000'000'000'000'000;
        cable c("lan", config, a, b);
        a.add(1'000'000, 200);
        a.add(60'000'000, 200);
        a.preambles(p);
        // The link goes when 5 octets of the second frame's data have arrived.
        a.call(60'000'000 + delay + static_cast<ps>(p + 4) * octet, [&] { c.set_link(false, sim::now()); });
        sc_core::sc_start(sc_core::sc_time(1, sc_core::SC_MS));
        REQUIRE(b.got.size() == 3);
        for (const heard& h : b.got) {
            CHECK(h.preamble == p);
            CHECK(h.octets == p + h.data.size());
        }
        CHECK(b.got[0].quality == wire_end::bad_fcs);
        CHECK(b.got[1].first >= b.got[0].last + 13 * octet);       // the copy, one gap behind
        CHECK(b.got[2].quality == wire_end::cut);
        CHECK(b.got[2].data.size() == 5);
    }
}

TEST_CASE("a repeater sends what is missing of a preamble first and passes a long one as it is") {
    for (const bool half_duplex : {false, true})
        for (const unsigned n : {2u, 4u})
            for (const unsigned p : lengths)
                for (const trace_id id : {0u, 17u}) {
                    fresh_kernel k;
                    star s(n, half_duplex);
                    s.ends[0]->add(1'000'000, 200);
                    s.ends[0]->add(40'000'000, 64);
                    s.ends[0]->preambles(p);
                    s.ends[0]->name_all(id);
                    s.run();
                    const unsigned sent = std::max(p, 8u);
                    INFO("half " << half_duplex << ", ports " << n << ", preamble " << p << ", id " << id);
                    for (unsigned i = 1; i < n; ++i) {
                        REQUIRE(s.ends[i]->got.size() == 2);
                        const heard& h = s.ends[i]->got[0];
                        CHECK(h.first == 1'000'000 + 2 * delay + latency);
                        CHECK(h.preamble == sent);
                        CHECK(h.octets == sent + 200);
                        CHECK(h.last == h.first + static_cast<ps>(sent + 199) * octet);
                        CHECK(h.data.size() == 200);
                        CHECK(h.quality == wire_end::good);
                        if (n == 2 && !half_duplex) CHECK(h.id == id);
                    }
                }
}

TEST_CASE("a frame with a short preamble that is cut leaves a repeater cut at the same octet") {
    for (const bool half_duplex : {false, true}) {
        fresh_kernel k;
        star s(3, half_duplex);
        s.ends[0]->add(1'000'000, 200);
        s.ends[0]->preambles(2);
        s.ends[0]->call(1'000'000 + delay + 51 * octet, [&] { s.cables[0]->set_link(false, sim::now()); });      // the hub has 50 octets of it
        s.run();
        for (unsigned i = 1; i < 3; ++i) {
            REQUIRE(s.ends[i]->got.size() == 1);
            CHECK(s.ends[i]->got[0].quality == wire_end::cut);
            CHECK(s.ends[i]->got[0].data.size() == 50);
            CHECK(s.ends[i]->got[0].octets == 58);
        }
    }
}

TEST_CASE("short preambles that meet in a half-duplex repeater are whole ones with a jam behind") {
    fresh_kernel k;
    star s(3, true);
    s.ends[0]->add(1'000'000, 100);
    s.ends[1]->add(1'000'000 + 30 * octet, 100);
    s.ends[0]->preambles(2);
    s.ends[1]->preambles(2);
    s.run();
    REQUIRE(s.ends[2]->got.size() == 1);
    const heard& h = s.ends[2]->got[0];
    CHECK(h.preamble == 8);
    CHECK(h.octets == 8 + h.data.size());
    CHECK(h.quality == wire_end::cut);
    CHECK(h.first == 1'000'000 + 2 * delay + latency);
    CHECK(h.last >= h.first + (30 + 101) * octet);               // until both are silent
}
