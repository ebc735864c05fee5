// A transmit burst that must stop for want of room stops at a cache line if Configure byte 3 bit 2 is set (SDM 6.4.2.3).
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

TEST_CASE("read align: a burst cut by a full FIFO ends at a cache line") {
    struct row { const char* name; unsigned line, byte3; std::uint32_t offset, cut_words; };
    // 1100 of 3072 bytes are free when the second frame is asked for: 275 words.
    for (const row& w : {row{"off", 8, 0, 8, 275}, row{"on", 8, 4, 8, 270}, row{"on from a line", 8, 4, 0, 272}, row{"on with lines of 16", 16, 4, 8, 270},
                         row{"on without a cache line size", 0, 4, 8, 275}, row{"the bits beside it", 8, 0x0B, 8, 275}}) {
        fresh_kernel k;
        rig r;
        r.card.pci_device().registers().write(0x0C, 1, w.line);
        auto c = rig::usual();
        c[3] = static_cast<std::uint8_t>(w.byte3);
        r.configure(c);
        const bytes first = rig::payload(1972), second = rig::payload(1972, {2, 0, 0, 0, 0, 2}, 3);
        const std::uint32_t data = 0x8000 + w.offset;
        r.transmit_block(0x1000, first, 0x0004, data - 16);
        r.transmit_block(data - 16, second);
        r.log.log.clear();
        r.scb(1, 0, 0x1000);
        r.run_until_idle();
        std::vector<tenure_record> bursts;
        for (const tenure_record& t : r.own())
            if (t.command == pci::command::memory_read_multiple && t.address >= data) bursts.push_back(t);
        INFO(w.name);
        REQUIRE(bursts.size() >= 2);
        CHECK(bursts[0].words == w.cut_words);
        REQUIRE(r.cable.sent.size() == 2);
        CHECK(std::equal(second.begin(), second.end(), r.cable.sent[1].frame->data.begin()));
    }
}
