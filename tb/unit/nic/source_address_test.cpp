// The source address comes from memory or is inserted: Configure byte 10 bit 3 (SDM 6.4.2.3).
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

TEST_CASE("source address: from memory or inserted") {
    using mac = std::array<std::uint8_t, 6>;
    constexpr mac eeprom{2, 0, 0, 0, 0, 1}, mine{2, 1, 2, 3, 4, 5};
    struct row { const char* name; bool from_memory, ia_setup; unsigned octets; bool inserted; };
    for (const row& w : {row{"from memory", true, false, 100, false}, row{"inserted", false, false, 100, true}, row{"inserted after IA setup", false, true, 100, true},
                         row{"from memory after IA setup", true, true, 100, false}, row{"a frame that has just both addresses", false, false, 12, true},
                         row{"a frame that ends before", false, false, 11, false}}) {
        fresh_kernel k;
        rig r;
        auto c = rig::usual();
        c[10] = w.from_memory ? 0x2E : 0x26;
        r.configure(c);
        if (w.ia_setup) {
            r.block(0x1000, 0x8001, 0);
            r.memory.poke(0x1008, mine.data(), mine.size());
            r.scb(1, 0, 0x1000);
            r.run_until_idle();
        }
        bytes d = rig::payload(w.octets);
        r.transmit_block(0x1000, d);
        r.scb(1, 0, 0x1000);
        r.run_until_idle();
        INFO(w.name);
        CHECK(std::equal(d.begin(), d.end(), r.memory.at(0x1010)));      // memory keeps its own
        if (w.inserted) std::copy_n((w.ia_setup ? mine : eeprom).begin(), 6, d.begin() + 6);
        d.resize(std::max<std::size_t>(60, d.size()), 0);
        REQUIRE(r.cable.sent.size() == 1);
        const frame_ref sent = r.cable.sent[0].frame;
        packet::ensure_fcs(*sent);
        REQUIRE(sent->data.size() == d.size() + 4);
        CHECK(std::equal(d.begin(), d.end(), sent->data.begin()));
        CHECK(packet::check_fcs(*sent));
    }
}
