// A transmit burst that must stop for want of room stops at a cache line if Configure byte 3 bit 2 is set (SDM 6.4.2.3).
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

// The data bursts of a frame of 1500 bytes that is fetched while another arrives, with DMA maxima on (Configure bytes 4 and 5).
struct two_ways {
    std::vector<tenure_record> transmit, receive;
};
two_ways yielding(unsigned line, bool align, unsigned maximum, std::uint32_t data, unsigned receive_maximum = 0) {
    fresh_kernel k;
    rig r;
    r.card.pci_device().registers().write(0x0C, 1, line);
    r.card.pci_device().registers().write(0x0D, 1, 0xF8);
    auto c = rig::usual();
    c[3] = static_cast<std::uint8_t>(align ? 6 : 2);
    c[4] = static_cast<std::uint8_t>(receive_maximum);
    c[5] = static_cast<std::uint8_t>(0x80 | maximum);
    r.configure(c);
    r.ring(0x10000, 2);
    r.scb(0, 1, 0x10000);
    r.run_until_idle();
    r.transmit_block(data - 16, rig::payload(1500, {2, 0, 0, 0, 0, 2}));
    r.log.log.clear();
    r.arrive(rig::payload(1514));
    r.run(30 * microsecond);
    r.scb(1, 0, data - 16);
    r.run_until_idle();
    REQUIRE(r.cable.sent.size() == 1);
    two_ways v;
    for (const tenure_record& t : r.own()) {
        if (t.command == pci::command::memory_read_multiple) v.transmit.push_back(t);
        if (t.command == pci::command::memory_write && t.address >= 0x10010) v.receive.push_back(t);
    }
    return v;
}

}  // namespace

TEST_CASE("read align: a transmit burst that has had its maximum yields at a cache line only") {
    for (const unsigned line : {8u, 16u})
        for (const unsigned maximum : {0u, 1u, 5u, 10u})
            for (const std::uint32_t data : {0x8000u, 0x8008u, 0x801Cu}) {
                INFO(line << " " << maximum << " " << data);
                std::uint32_t words = 0;
                const auto bursts = yielding(line, true, maximum, data).transmit;
                REQUIRE(bursts.size() >= 3);
                for (std::size_t i = 0; i < bursts.size(); ++i) {
                    words += bursts[i].words;
                    if (i + 1 == bursts.size()) break;
                    CHECK((bursts[i].address / 4 + bursts[i].words) % line == 0);
                    CHECK(bursts[i].words >= std::max(1u, 4 * maximum));
                    CHECK(bursts[i].why == pci::ending::limited);
                }
                CHECK(words == 375);
                // A burst from a line on whose maximum ends within a line ends with that line, not later.
                if (bursts.size() > 3) CHECK(bursts[1].words == (std::max(1u, 4 * maximum) + line - 1) / line * line);
                bool within = false;
                for (const tenure_record& t : yielding(line, false, maximum, data).transmit) within |= (t.address / 4 + t.words) % line != 0;
                CHECK(within);
            }
}

TEST_CASE("read align: a receive burst yields when it has had its maximum within a line too") {
    for (const unsigned maximum : {0u, 1u, 5u}) {
        const auto bursts = yielding(8, true, 40, 0x8000, maximum).receive;
        INFO(maximum);
        bool within = false;
        for (const tenure_record& t : bursts) within |= t.why == pci::ending::limited && (t.address / 4 + t.words) % 8 != 0;
        CHECK(within);
    }
}

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
