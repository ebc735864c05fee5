// Configure bits of the address filter meet each other, and Multicast Setup replaces the table (SDM 6.4.2.3, 6.4.2.4).
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

using mac = std::array<std::uint8_t, 6>;
constexpr mac own{2, 0, 0, 0, 0, 1}, other{2, 0, 0, 0, 0, 9}, broadcast{255, 255, 255, 255, 255, 255}, group{1, 0, 0x5E, 0, 0, 1}, far_group{1, 0, 0x5E, 0, 0, 0xFB};
constexpr std::uint32_t at = 0x10000;

unsigned status_of_one_to(rig& r, const mac& to) {
    r.ring(at, 2);
    r.scb(0, 4);
    r.scb(0, 1, at);
    r.arrive(rig::payload(60, to));
    r.run_until_idle();
    return r.memory.read16(at);
}
void set_groups(rig& r, const std::vector<mac>& groups) {
    r.block(0x1000, 0x8003, 0);
    r.memory.write16(0x1008, static_cast<unsigned>(6 * groups.size()));
    for (std::size_t i = 0; i < groups.size(); ++i) r.memory.poke(0x100A + 6 * i, groups[i].data(), 6);
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
}

}  // namespace

TEST_CASE("destination: promiscuous mode and broadcast disable and multicast all in all combinations") {
    for (unsigned bits = 0; bits < 8; ++bits) {
        const bool promiscuous = bits & 1, no_broadcast = bits & 2, all_groups = bits & 4;
        const unsigned by_mode = promiscuous ? 0xA026 : 0;
        struct row { mac to; unsigned status; };
        for (const row& w : {row{own, 0xA020}, row{other, by_mode}, row{broadcast, no_broadcast ? by_mode : 0xA022}, row{group, all_groups ? 0xA022 : by_mode}}) {
            fresh_kernel k;
            rig r;
            auto c = rig::usual();
            c[15] = static_cast<std::uint8_t>(0x48 | promiscuous | no_broadcast << 1);
            c[21] = static_cast<std::uint8_t>(0x05 | all_groups << 3);
            r.configure(c);
            INFO("promiscuous " << promiscuous << ", no broadcast " << no_broadcast << ", all groups " << all_groups << ", to " << unsigned{w.to[0]} << " … " << unsigned{w.to[5]});
            CHECK(status_of_one_to(r, w.to) == w.status);
        }
    }
}

TEST_CASE("destination: each multicast setup replaces the table and an empty one clears it") {
    fresh_kernel k;
    rig r;
    r.configure(rig::usual());
    set_groups(r, {group, far_group});
    CHECK(status_of_one_to(r, group) == 0xA022);
    CHECK(status_of_one_to(r, far_group) == 0xA022);
    set_groups(r, {far_group});
    CHECK(status_of_one_to(r, group) == 0);
    CHECK(status_of_one_to(r, far_group) == 0xA022);
    set_groups(r, {});
    CHECK(status_of_one_to(r, far_group) == 0);
}
