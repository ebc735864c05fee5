// Transmit blocks of forms that are not there are refused, and the unit goes on (docs/decisions/0023).
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

TEST_CASE("transmit: a malformed flexible block is refused and counted and the next one is sent") {
    struct row { const char* name; bool extended; std::uint32_t array; unsigned immediate, buffers; };
    for (const row& w : {row{"dynamic array that Configure does not allow", false, 0x3000, 0, 0xFF}, row{"immediate data in an extended block", true, 0x3000, 14, 1},
                         row{"buffers and no array", false, 0xFFFFFFFF, 14, 1}, row{"a third buffer and no array", true, 0xFFFFFFFF, 0, 3}}) {
        fresh_kernel k;
        rig r;
        auto c = rig::usual();
        c[6] = w.extended ? 0x22 : 0x32;
        r.configure(c);
        r.block(0x1000, 0x000C, 0x2000);
        r.memory.write32(0x1008, w.array);
        r.memory.write32(0x100C, w.immediate | 0xE0u << 16 | w.buffers << 24);
        for (unsigned i = 0; i < 2; ++i) {
            r.memory.write32(0x1010 + 8 * i, 0x4000);
            r.memory.write32(0x1014 + 8 * i, 64);
        }
        r.memory.write32(0x3000, 0x4000);
        r.memory.write32(0x3004, 64 | 1u << 16);
        r.transmit_block(0x2000, rig::payload(100));
        r.scb(1, 0, 0x1000);
        r.run_until_idle();
        INFO(w.name);
        CHECK(r.memory.read16(0x1000) == 0x8000);
        CHECK(r.memory.read16(0x2000) == 0xA000);
        CHECK(r.metric("refused_command") == 1);
        CHECK(r.metric("tx_unsendable") == 1);
        CHECK(r.cable.sent.size() == 1);
    }
}
