// Each kind of access of the NIC with its PCI command, its address and its words (SDM 4.2).
#include <functional>

#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr pci::command mr = pci::command::memory_read, mrl = pci::command::memory_read_line, mrm = pci::command::memory_read_multiple,
                       mw = pci::command::memory_write;
constexpr std::uint32_t at = 0x10000, block = 0x1000, el = 0x8000, s = 0x4000, flexible = 8;

struct access {
    pci::command command;
    std::uint64_t address;
    std::uint32_t words;
    bool operator==(const access& o) const { return command == o.command && address == o.address && words == o.words; }
};
std::ostream& operator<<(std::ostream& to, const access& a) { return to << name_of(a.command) << ' ' << a.address << ' ' << a.words; }

std::vector<access> accesses(const rig& r) {
    std::vector<access> v;
    for (const tenure_record& t : r.own()) v.push_back({t.command, t.address, t.words});
    return v;
}

void start(rig& r) {
    r.scb(1, 0, block);
    r.run_until_idle();
}
void put_buffers(rig& r, std::uint32_t to, unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
        r.memory.write32(to + 8 * i, 0x4000 + 0x100 * i);
        r.memory.write32(to + 8 * i + 4, 64);
    }
}

struct row {
    const char* name;
    unsigned byte6;                                      // of Configure
    std::function<void(rig&)> prepare, act;
    std::vector<access> expected;
};

}  // namespace

TEST_CASE("bus commands: every kind of access") {
    const auto none = [](rig&) {};
    const std::vector<row> rows{
        {"a command block without body", 0x32, [](rig& r) { r.block(block, el, 0); }, start, {{mrl, block, 4}, {mw, block, 1}}},
        {"an extended command block", 0x22, [](rig& r) { r.block(block, el, 0); }, start, {{mrl, block, 8}, {mw, block, 1}}},
        {"IA setup has its body in the block", 0x32, [](rig& r) { r.block(block, el | 1, 0); }, start, {{mrl, block, 4}, {mw, block, 1}}},
        {"Configure", 0x32,
         [](rig& r) {
             const auto c = rig::usual();
             r.block(block, el | 2, 0);
             r.memory.poke(block + 8, c.data(), c.size());
         },
         start, {{mrl, block, 4}, {mrm, block + 16, 4}, {mw, block, 1}}},
        {"Configure in an extended block fetches less behind it", 0x22,
         [](rig& r) {
             auto c = rig::usual();
             c[0] = 26;
             r.block(block, el | 2, 0);
             r.memory.poke(block + 8, c.data(), c.size());
         },
         start, {{mrl, block, 8}, {mrm, block + 32, 1}, {mw, block, 1}}},
        {"multicast setup", 0x32,
         [](rig& r) {
             r.block(block, el | 3, 0);
             r.memory.write16(block + 8, 12);
         },
         start, {{mrl, block, 4}, {mrm, block + 16, 2}, {mw, block, 1}}},
        {"transmit with its data behind the block", 0x32, [](rig& r) { r.transmit_block(block, rig::payload(100)); }, start,
         {{mrl, block, 4}, {mrm, block + 16, 25}, {mw, block, 1}}},
        {"transmit with an array of buffers", 0x32,
         [](rig& r) {
             r.block(block, el | flexible | 4, 0);
             r.memory.write32(block + 8, 0x3000);
             r.memory.write32(block + 12, 2u << 24 | 0xE0u << 16);
             put_buffers(r, 0x3000, 2);
         },
         start, {{mrl, block, 4}, {mrl, 0x3000, 4}, {mrm, 0x4000, 16}, {mrm, 0x4100, 16}, {mw, block, 1}}},
        {"transmit with two buffers in an extended block and a third in the array", 0x22,
         [](rig& r) {
             r.block(block, el | flexible | 4, 0);
             r.memory.write32(block + 8, 0x3000);
             r.memory.write32(block + 12, 3u << 24 | 0xE0u << 16);
             put_buffers(r, block + 16, 2);
             put_buffers(r, 0x3000, 1);
         },
         start, {{mrl, block, 8}, {mrl, 0x3000, 2}, {mrm, 0x4000, 16}, {mrm, 0x4100, 16}, {mrm, 0x4000, 16}, {mw, block, 1}}},
        {"CU resume reads the S bit again", 0x32,
         [](rig& r) {
             r.block(block, s, block);
             start(r);
         },
         [](rig& r) {
             r.scb(2, 0);
             r.run_until_idle();
         },
         {{mr, block, 1}}},
        {"dump of 16 counters", 0x32, [](rig& r) { r.scb(4, 0, 0x6000); },
         [](rig& r) {
             r.scb(5, 0);
             r.run_until_idle();
         },
         {{mw, 0x6000, 17}}},
        {"dump of 20 counters with reset", 0x36, [](rig& r) { r.scb(4, 0, 0x6000); },
         [](rig& r) {
             r.scb(7, 0);
             r.run_until_idle();
         },
         {{mw, 0x6000, 21}}},
        {"RU start", 0x32, [](rig& r) { r.ring(at, 2); },
         [](rig& r) {
             r.scb(0, 1, at);
             r.run_until_idle();
         },
         {{mrl, at, 4}}},
        {"a frame is received", 0x32,
         [](rig& r) {
             r.ring(at, 2);
             r.scb(0, 1, at);
             r.run_until_idle();
         },
         [](rig& r) {
             r.arrive(rig::payload(60));
             r.run_until_idle();
         },
         {{mw, at + 16, 15}, {mw, at + 12, 1}, {mw, at, 1}, {mrl, at + 2048, 4}}},
        {"a frame is received into a list of buffers", 0x32,
         [](rig& r) {
             r.descriptor(at, el | flexible, 0, 0);
             r.memory.write32(at + 8, 0x3000);
             r.memory.write32(0x3004, 0x3010);
             r.memory.write32(0x3008, 0x4000);
             r.memory.write32(0x300C, 512);
             r.memory.write32(0x3010, 0);
             r.scb(0, 1, at);
             r.run_until_idle();
         },
         [](rig& r) {
             r.arrive(rig::payload(60));
             r.run_until_idle();
         },
         {{mrl, 0x3000, 4}, {mw, 0x4000, 15}, {mw, 0x3000, 1}, {mw, at + 12, 1}, {mw, at, 1}}},
        {"nothing is asked for without a reason", 0x32, none, [](rig& r) { r.run(microsecond * 100); }, {}},
    };
    for (const row& w : rows) {
        fresh_kernel k;
        rig r;
        auto c = rig::usual();
        c[6] = static_cast<std::uint8_t>(w.byte6);
        r.configure(c);
        w.prepare(r);
        r.log.log.clear();
        w.act(r);
        INFO(w.name);
        CHECK(accesses(r) == w.expected);
    }
}
