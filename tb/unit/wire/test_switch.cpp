// The switch with cables: closed forms to the picosecond, what it drops, what befalls it. Its decisions are held to a reference elsewhere.
#include <catch2/catch.hpp>

#include <map>
#include <memory>

#include "nicteam/wire/cable.h"
#include "nicteam/wire/ethernet_switch.h"
#include "nicteam/wire/pause.h"
#include "unit/wire/ends.h"

using namespace nicteam;
using namespace nicteam::test;
using namespace nicteam::wire;

namespace {

constexpr ps delay = 56'000, latency = 4'000'000;

// Ends 0 … n - 1 at ports 0 … n - 1; the station at end k has address 02:00:00:00:00:k.
struct star {
    explicit star(const std::vector<std::int64_t>& rates, switch_config c = {}) {
        c.ports = static_cast<std::int64_t>(rates.size());
        lan = std::make_unique<ethernet_switch>("lan", c);
        for (unsigned k = 0; k < rates.size(); ++k) {
            cable_config cc;
            cc.rate = rates[k];
            ends.push_back(std::make_unique<scripted_end>(("end" + std::to_string(k)).c_str()));
            cables.push_back(std::make_unique<cable>(("lan" + std::to_string(k)).c_str(), cc, *ends[k], lan->port(k)));
        }
    }
    // From the station at `from`, for that at `to` or, 255, for all.
    void send(unsigned from, unsigned to, ps at, std::size_t octets = 64, unsigned as = 256) {
        bytes f(octets - 4, static_cast<std::uint8_t>(octets));
        const auto put = [&](std::size_t where, unsigned who) {
            const std::uint8_t station[6] = {2, 0, 0, 0, 0, static_cast<std::uint8_t>(who)}, all[6] = {255, 255, 255, 255, 255, 255};
            std::copy_n(who == 255 ? all : station, 6, f.begin() + static_cast<std::ptrdiff_t>(where));
        };
        put(0, to);
        put(6, as == 256 ? from : as);
        ends[from]->add_octets(at, f);
    }
    std::uint64_t count(const std::string& m) { return counted_at(sim::session::current(), "lan." + m); }
    void fault(const std::string& path, const std::string& what, bool begin, ps at) {
        ends[0]->call(at, [=] {
            unsigned found = 0;
            for (const auto& f : sim::session::current().faults())
                if (f.path == path && f.info->name == what) f.act(begin, 0, at), ++found;
            if (found != 1) throw std::logic_error("no fault " + what + " at " + path);
        });
    }
    static void run(ps t = 10 * millisecond) { sc_core::sc_start(sim::to_sc_time(t)); }

    std::unique_ptr<ethernet_switch> lan;
    std::vector<std::unique_ptr<scripted_end>> ends;
    std::vector<std::unique_ptr<cable>> cables;
};

const std::int64_t fast = 100'000'000;
ps last_of(std::size_t octets, std::int64_t rate = fast) { return octets_time(static_cast<std::int64_t>(7 + octets), rate); }

}  // namespace

TEST_CASE("a frame comes out one latency behind its last octet, at the rate of the port") {
    for (const std::int64_t in : {10'000'000, 100'000'000, 1'000'000'000})
        for (const std::int64_t out : {10'000'000, 100'000'000, 1'000'000'000})
            for (const std::size_t octets : {64, 65, 999, 1518}) {
                fresh_kernel k;
                star s({in, out, fast});
                s.send(1, 255, 0);                  // teaches
                s.send(0, 1, 1'000'000'000, octets);
                s.run();
                REQUIRE(s.ends[1]->got.size() == 1);
                const ps first = 1'000'000'000 + last_of(octets, in) + latency + 2 * delay;
                CHECK(s.ends[1]->got[0].first == first);
                CHECK(s.ends[1]->got[0].last == first + last_of(octets, out));
                CHECK(s.ends[1]->got[0].data.size() == octets);
                CHECK(s.ends[2]->got.size() == 1);  // what taught, and no more
            }
}

TEST_CASE("two senders at line rate share a port: every frame leaves, back to back, in order of arrival") {
    fresh_kernel k;
    star s({fast, fast, fast});
    s.send(2, 255, 0);
    constexpr unsigned n = 100;
    constexpr ps slot = 84 * 80'000;
    for (unsigned i = 0; i < n; ++i)
        for (const unsigned from : {0u, 1u}) s.send(from, 2, 1'000'000'000 + i * slot);      // at the very same instants
    s.run();
    REQUIRE(s.ends[2]->got.size() == 2 * n);
    for (unsigned i = 0; i < 2 * n; ++i) {
        CHECK(s.ends[2]->got[i].first == 1'000'000'000 + last_of(64) + latency + 2 * delay + i * slot);
        CHECK(s.ends[2]->got[i].data[11] == i % 2);          // ties by number of the port
    }
    CHECK(s.count("port_2.waited") == 2 * n - 1);
    CHECK(s.count("port_2.full") == 0);
    CHECK(s.count("forwarded") == 2 * n);
}

TEST_CASE("what comes faster than it leaves fills the queue and then is lost, so that the rest is the slow line's") {
    fresh_kernel k;
    switch_config c;
    c.queue = 10;
    star s({fast, 10'000'000}, c);
    s.send(1, 255, 0);
    constexpr unsigned n = 200;
    for (unsigned i = 0; i < n; ++i) s.send(0, 1, 1'000'000'000 + i * 84 * 80'000);
    s.run(50 * millisecond);
    // While n frames come, one leaves in ten times of one; ten wait at the end.
    const auto got = s.ends[1]->got.size();
    CHECK(got == (n - 1) / 10 + 1 + 10);
    CHECK(s.count("port_1.full") == n - got);
    for (std::size_t i = 1; i < got; ++i) CHECK(s.ends[1]->got[i].first - s.ends[1]->got[i - 1].first == 84 * 800'000);
}

TEST_CASE("all pairs at line rate at once: a switch has no limit but its lines") {
    fresh_kernel k;
    const std::vector<std::int64_t> rates(8, fast);
    star s(rates);
    for (unsigned p = 0; p < 8; ++p) s.send(p, 255, p * 100'000'000);
    constexpr unsigned n = 50;
    for (unsigned p = 0; p < 8; ++p)
        for (unsigned i = 0; i < n; ++i) s.send(p, p ^ 1, 1'000'000'000 + i * octets_time(1538, fast), 1518);
    s.run(20 * millisecond);
    for (unsigned p = 0; p < 8; ++p) {
        REQUIRE(s.ends[p]->got.size() == n + 7);
        for (unsigned i = 0; i < n; ++i)
            CHECK(s.ends[p]->got[7 + i].first == 1'000'000'000 + i * octets_time(1538, fast) + last_of(1518) + latency + 2 * delay);
        CHECK(s.count("port_" + std::to_string(p) + ".waited") == 0);
    }
}

TEST_CASE("what is not good is not sent on, and each sort is counted") {
    fresh_kernel k;
    star s({fast, fast});
    s.send(0, 255, 1'000'000'000, 2001);            // longer than it takes
    s.send(0, 255, 2'000'000'000);                  // cut
    s.ends[1]->call(2'003'000'000, [&] { s.cables[0]->set_link(false, 2'003'000'000); });
    s.ends[1]->call(2'100'000'000, [&] { s.cables[0]->set_link(true, 2'100'000'000); });
    s.send(0, 255, 3'000'000'000);                  // wrong bits
    for (const auto& f : k.session().faults())
        if (f.path == "lan0.a_to_b" && std::string(f.info->name) == "bit_errors")
            s.ends[0]->call(2'900'000'000, [act = f.act] { act(true, probability_one / 10, 2'900'000'000); });
    s.ends[1]->call(3'500'000'000, [&] {
        for (const auto& f : k.session().faults())
            if (f.path == "lan0.a_to_b" && std::string(f.info->name) == "bit_errors") f.act(false, probability_one / 10, 3'500'000'000);
    });
    bytes pause;
    const std::uint8_t source[6] = {2, 0, 0, 0, 0, 9};
    build_pause(pause, source, 100);
    s.ends[0]->add_octets(4'000'000'000, pause);
    s.ends[0]->add_octets(5'000'000'000, bytes(40, 2));     // too short
    s.send(0, 255, 6'000'000'000, 2000);
    s.run();
    CHECK(s.count("port_0.rx_long") == 1);
    CHECK(s.count("port_0.rx_cut") == 1);
    CHECK(s.count("port_0.rx_bad_fcs") == 1);
    CHECK(s.count("port_0.rx_control") == 1);
    CHECK(s.count("port_0.rx_short") == 1);
    CHECK(s.count("port_0.rx_frames") == 1);
    REQUIRE(s.ends[1]->got.size() == 1);
    CHECK(s.ends[1]->got[0].data.size() == 2000);
    CHECK(s.lan->table().size() == 1);              // the one that the good frame taught
}

TEST_CASE("a short preamble goes out whole") {
    fresh_kernel k;
    star s({fast, fast});
    s.send(0, 255, 1'000'000'000);
    s.ends[0]->preambles(3);
    s.run();
    REQUIRE(s.ends[1]->got.size() == 1);
    CHECK(s.ends[1]->got[0].preamble == 8);
    CHECK(s.ends[1]->got[0].octets == 72);
    CHECK(s.ends[1]->got[0].first == 1'000'000'000 + octets_time(3 + 64 - 1, fast) + latency + 2 * delay);
}

TEST_CASE("a station that says nothing is forgotten, and what is for it flooded again") {
    fresh_kernel k;
    switch_config c;
    c.ageing = 2 * millisecond;
    star s({fast, fast, fast}, c);
    s.send(1, 255, 0);
    s.send(0, 1, 1'900'000'000);                    // decided before 2 ms and a bit
    s.send(0, 1, 2'100'000'000);
    s.run();
    CHECK(s.ends[1]->got.size() == 2);
    CHECK(s.ends[2]->got.size() == 2);              // the broadcast, and the second
    CHECK(s.count("aged") == 2);
    CHECK(s.count("unknown") == 1);
    CHECK(s.lan->table().size() == 0);
}

TEST_CASE("a station that moves without a word is not found until it speaks") {
    fresh_kernel k;
    star s({fast, fast, fast});
    s.send(1, 255, 0);
    s.send(0, 1, 1'000'000'000);                    // to port 1, where it was
    s.send(2, 255, 2'000'000'000, 64, 1);           // from its new place
    s.send(0, 1, 3'000'000'000);
    s.send(1, 255, 4'000'000'000);                  // and back: a flap
    s.run();
    CHECK(s.count("moves") == 2);
    CHECK(s.ends[1]->got.size() == 2);              // the first frame and the broadcast from port 2
    CHECK(s.ends[2]->got.size() == 3);              // two broadcasts, and the frame behind its word
    CHECK(s.lan->table().where(0x020000000001) == 1u);
}

TEST_CASE("each copy of a flooded frame is a packet with a parent, and a frame for one keeps its name") {
    fresh_kernel k;
    star s({fast, fast, fast});
    s.send(0, 255, 1'000'000'000);
    s.ends[0]->name_all(77);
    s.send(1, 0, 2'000'000'000);
    s.ends[1]->name_all(88);
    k.session().settle_order();
    s.run();
    for (const unsigned p : {1u, 2u}) {
        REQUIRE(s.ends[p]->got.size() == 1);
        CHECK(s.ends[p]->got[0].parent == 77);
        CHECK(s.ends[p]->got[0].id != 77);
    }
    CHECK(s.ends[1]->got[0].id != s.ends[2]->got[0].id);
    REQUIRE(s.ends[0]->got.size() == 1);
    CHECK(s.ends[0]->got[0].id == 88);
}

TEST_CASE("power off takes links, frames and addresses, and leaves what is static") {
    fresh_kernel k;
    switch_config c;
    c.fixed = {{0x020000000007, 2}};
    star s({fast, fast, fast}, c);
    s.send(1, 255, 0);
    s.send(0, 1, 1'000'000'000);
    const ps whole = 1'000'000'000 + last_of(64) + delay, off = whole + 1'000'000, on = off + millisecond;       // it is in the switch
    s.fault("lan", "power_off", true, off);
    s.fault("lan", "power_off", false, on);
    s.send(0, 7, on + 100'000'000);
    s.run();
    CHECK(s.ends[1]->got.empty());
    CHECK(s.count("lost_power") == 1);
    CHECK(s.count("forgotten") == 1);               // the sender of the lost frame was not learned
    for (const auto& e : s.ends) CHECK(e->carrier == std::vector<std::pair<ps, bool>>{{off, false}, {on, true}});
    CHECK(s.ends[2]->got.size() == 2);              // the broadcast, and what is for the static address
    CHECK(s.count("forwarded") == 1);
}

TEST_CASE("power that is off for less than the latency takes what is in the switch all the same") {
    fresh_kernel k;
    star s({fast, fast});
    s.send(0, 255, 1'000'000'000);
    const ps whole = 1'000'000'000 + last_of(64) + delay;
    s.fault("lan", "power_off", true, whole + 1'000'000);
    s.fault("lan", "power_off", false, whole + 2'000'000);
    s.run();
    CHECK(s.ends[1]->got.empty());
    CHECK(s.count("lost_power") == 1);
}

TEST_CASE("a dead switch keeps its links up and forwards nothing") {
    fresh_kernel k;
    star s({fast, fast});
    s.fault("lan", "path_dead", true, 500'000'000);
    s.send(0, 255, 1'000'000'000);
    s.fault("lan", "path_dead", false, 1'500'000'000);
    s.send(0, 255, 2'000'000'000);
    s.run();
    CHECK(s.ends[1]->got.size() == 1);
    CHECK(s.ends[1]->carrier.empty());
    CHECK(s.count("port_0.rx_path_dead") == 1);
    CHECK(s.lan->table().size() == 1);
}

TEST_CASE("a group is one way: one copy of a broadcast, never back, and its other port when one is lost") {
    fresh_kernel k;
    switch_config c;
    c.groups = {{"team0", {0, 1}, port_choice_kind::source_mac}};
    star s({fast, fast, fast, fast}, c);
    s.send(0, 255, 0, 64, 9);                       // a team's address, by its first port
    for (unsigned i = 0; i < 8; ++i) s.send(2, 9, 1'000'000'000 + i * 100'000'000, 64, 20 + i);
    s.ends[3]->call(2'000'000'000, [&] { s.cables[0]->set_link(false, 2'000'000'000); });
    for (unsigned i = 0; i < 8; ++i) s.send(2, 9, 3'000'000'000 + i * 100'000'000, 64, 20 + i);
    s.send(3, 255, 5'000'000'000);
    s.run();
    CHECK(s.ends[0]->got.size() == 4);              // half of the sources, which differ in their last bit
    CHECK(s.ends[1]->got.size() == 4 + 8 + 1);
    CHECK(s.ends[2]->got.size() == 2);
    CHECK(s.count("moves") == 0);
    CHECK(s.count("forgotten") == 0);
    const filtering_database& t = s.lan->table();
    CHECK(t.where(0x020000000009) == 4u);           // the place of the group, behind the ports
    for (const auto& m : k.session().metrics())
        if (m.path == "lan.team0.members") {
            CHECK(m.as_level->value() == 1);
            CHECK(m.as_level->highest() == 2);
        }
}

TEST_CASE("what a switch cannot be is refused") {
    fresh_kernel k;
    switch_config c;
    c.groups = {{"a", {0, 1}}, {"b", {1}}};
    CHECK_THROWS_AS(ethernet_switch("x", c), std::invalid_argument);
    c.groups.clear();
    c.table_size = 1;
    c.fixed = {{0x020000000001, 0}, {0x020000000002, 0}};
    CHECK_THROWS_AS(ethernet_switch("y", c), std::length_error);
    c.fixed = {{0x030000000001, 0}};
    CHECK_THROWS_AS(ethernet_switch("z", c), std::invalid_argument);
    c.fixed.clear();
    c.latency = 0;
    CHECK_THROWS_AS(ethernet_switch("w", c), std::invalid_argument);
}
