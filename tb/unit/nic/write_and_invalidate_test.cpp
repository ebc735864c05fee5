// When receive data go by memory write and invalidate, and where bursts end at cache lines (SDM 4.2.2, Configure byte 3).
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr pci::command mw = pci::command::memory_write, mwi = pci::command::memory_write_and_invalidate;
constexpr std::uint32_t at = 0x10000;
constexpr unsigned mwi_on = 1, type_on = 2, read_align = 4, line_end = 8;        // Configure byte 3

struct burst {
    pci::command command;
    std::uint32_t words;
    bool operator==(const burst& o) const { return command == o.command && words == o.words; }
};
std::ostream& operator<<(std::ostream& to, const burst& b) { return to << name_of(b.command) << ' ' << b.words; }

struct row {
    const char* name;
    unsigned line;                           // dwords written to the cache line size register
    unsigned command;                        // PCI command register
    unsigned byte3;
    std::uint32_t data;                      // address of the first byte
    unsigned room, octets;
    std::vector<burst> bursts;
    std::uint32_t disconnect = UINT32_MAX;   // the target ends bursts after as many words
    unsigned retries = 0;
};

// The tenures that carry this frame's data.
std::vector<burst> bursts_of(const row& w) {
    fresh_kernel k;
    nic::nic_config n;
    n.identity = nic::nic_identity::extended;
    n.rx_burst = nic::rx_burst_mode::frame;
    rig r(n);
    r.card.pci_device().registers().write(0x0C, 1, w.line);
    r.card.pci_device().registers().write(0x04, 2, w.command);
    auto c = rig::usual();
    c[3] = static_cast<std::uint8_t>(w.byte3);
    r.configure(c);
    r.descriptor(w.data - 16, 0x8000, 0, w.room);
    r.scb(0, 1, w.data - 16);
    r.run_until_idle();
    r.log.log.clear();
    r.memory.burst_words = w.disconnect;
    r.memory.retries = w.retries;
    const bytes d = rig::payload(w.octets);
    r.arrive(d);
    r.run_until_idle();
    const unsigned stored = std::min(w.room, w.octets);
    CHECK(r.memory.read16(w.data - 4) == (0xC000 | stored));
    CHECK(std::equal(d.begin(), d.begin() + stored, r.memory.at(w.data)));
    std::vector<burst> v;
    for (const tenure_record& t : r.own())
        if (t.address >= w.data) v.push_back({t.command, t.words});
    return v;
}

constexpr unsigned all_on = 0x17, no_mwi = 0x07;

}  // namespace

TEST_CASE("memory write and invalidate: only if every condition holds") {
    const std::vector<row> rows{
        {"all hold", 8, all_on, mwi_on, at, 1520, 150, {{mwi, 32}, {mw, 6}}},
        {"all hold with lines of 16", 16, all_on, mwi_on, at, 1520, 150, {{mwi, 32}, {mw, 6}}},
        {"whole lines only", 8, all_on, mwi_on, at, 1520, 128, {{mwi, 32}}},
        {"command bit 4 is clear", 8, no_mwi, mwi_on, at, 1520, 150, {{mw, 38}}},
        {"Configure byte 3 bit 0 is clear", 8, all_on, type_on, at, 1520, 150, {{mw, 38}}},
        {"no cache line size", 0, all_on, mwi_on, at, 1520, 150, {{mw, 38}}},
        {"a cache line size that does not stick", 4, all_on, mwi_on, at, 1520, 150, {{mw, 38}}},
        {"the address is not at a line", 8, all_on, mwi_on, at + 16, 1520, 150, {{mw, 38}}},
        {"the address is at half a line", 16, all_on, mwi_on, at + 32, 1520, 150, {{mw, 38}}},
        {"less than a line of data", 16, all_on, mwi_on, at, 1520, 60, {{mw, 15}}},
        {"less than a line of buffer", 8, all_on, mwi_on, at, 28, 150, {{mw, 7}}},
        {"a buffer that ends within a line", 8, all_on, mwi_on, at, 100, 150, {{mwi, 24}, {mw, 1}}},
        {"a retry does not change the command", 8, all_on, mwi_on, at, 1520, 150, {{mwi, 0}, {mwi, 0}, {mwi, 32}, {mw, 6}}, UINT32_MAX, 2},
        {"a disconnect within a line goes on by memory write", 8, all_on, mwi_on, at, 1520, 150, {{mwi, 10}, {mw, 10}, {mw, 10}, {mw, 8}}, 10},
        {"a disconnect at a line goes on as before", 8, all_on, mwi_on, at, 1520, 150, {{mwi, 16}, {mwi, 16}, {mw, 6}}, 16},
    };
    for (const row& w : rows) {
        INFO(w.name);
        CHECK(bursts_of(w) == w.bursts);
    }
}

TEST_CASE("terminate on line: receive bursts end at cache lines") {
    const std::vector<row> rows{
        {"off", 8, all_on, 0, at + 16, 1520, 150, {{mw, 38}}},
        {"on", 8, all_on, line_end, at + 16, 1520, 150, {{mw, 4}, {mw, 8}, {mw, 8}, {mw, 8}, {mw, 8}, {mw, 2}}},
        {"on with lines of 16", 16, all_on, line_end, at + 16, 1520, 150, {{mw, 12}, {mw, 16}, {mw, 10}}},
        {"on without a cache line size", 0, all_on, line_end, at + 16, 1520, 150, {{mw, 38}}},
        {"the first burst reaches a line and then whole lines are invalidated", 8, all_on, line_end | mwi_on, at + 16, 1520, 150, {{mw, 4}, {mwi, 32}, {mw, 2}}},
        {"read align has no part in it", 8, all_on, read_align, at + 16, 1520, 150, {{mw, 38}}},
    };
    for (const row& w : rows) {
        INFO(w.name);
        CHECK(bursts_of(w) == w.bursts);
    }
}

TEST_CASE("memory write and invalidate: not while less than a line is in the FIFO") {
    for (const unsigned limit : {8u, 15u}) {             // a burst at 64 bytes, at 8 bytes
        fresh_kernel k;
        rig r;
        r.card.pci_device().registers().write(0x0C, 1, 8);
        auto c = rig::usual();
        c[1] = static_cast<std::uint8_t>(limit);
        c[3] = mwi_on;
        c[7] &= 0xFE;                                    // do not wait for 64 octets
        r.configure(c);
        r.descriptor(at - 16, 0x8000, 0);
        r.scb(0, 1, at - 16);
        r.arrive(rig::payload(400));
        r.run_until_idle();
        unsigned invalidated = 0;
        for (const tenure_record& t : r.own()) {
            if (t.command != mwi) continue;
            ++invalidated;
            CHECK(t.address % 32 == 0);
            CHECK(t.words % 8 == 0);
        }
        CHECK((invalidated > 0) == (limit == 8));
    }
}
