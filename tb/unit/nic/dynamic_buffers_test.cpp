// Dynamic TBDs: an array that software is still writing while the command unit reads it.
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::uint32_t block = 0x1000, array = 0x3000, buffers = 0x5000, last = 1u << 16;

std::vector<std::uint8_t> dynamic(bool extended) {
    auto c = rig::usual();
    c[7] |= 0x80;
    if (extended) c[6] &= static_cast<std::uint8_t>(~0x10);
    return c;
}

// A flexible block with a dynamic array; all TBDs not yet valid.
void prepare(rig& r, bool extended) {
    r.configure(dynamic(extended));
    r.block(block, 0x800C, 0);
    r.memory.write32(block + 8, array);
    r.memory.write32(block + 12, 0xFFE00000);
    for (unsigned i = 0; i < 16; ++i) r.memory.write32(array + 8 * i, 0);
    r.memory.write32(block + 16, 0);
    r.memory.write32(block + 24, 0);
}

std::uint32_t place(bool extended, unsigned i) { return extended ? i < 2 ? block + 16 + 8 * i : array + 8 * (i - 2) : array + 8 * i; }

void give(rig& r, bool extended, unsigned i, std::uint32_t address, std::uint32_t size) {
    r.memory.write32(place(extended, i) + 4, size);
    r.memory.write32(place(extended, i), address);
}

}  // namespace

TEST_CASE("dynamic TBDs: each is taken when it becomes valid and EL ends the frame") {
    for (const bool extended : {false, true}) {
        fresh_kernel k;
        rig r;
        prepare(r, extended);
        const bytes d = rig::payload(400);
        r.memory.poke(buffers, d.data(), d.size());
        r.scb(1, 0, block);
        for (unsigned i = 0; i < 4; ++i) {
            r.run(20 * microsecond);
            CHECK(r.cable.sent.empty());
            CHECK(r.cus() == 2);
            give(r, extended, i, buffers + 100 * i, 100 | (i == 3 ? last : 0));
        }
        r.run_until_idle();
        REQUIRE(r.cable.sent.size() == 1);
        const bytes& out = r.cable.sent[0].frame->data;
        REQUIRE(out.size() == 404);
        CHECK(std::equal(d.begin() + 12, d.end(), out.begin() + 12));
        CHECK(r.memory.read16(block) == 0xA000);
        CHECK(r.metric("tx_unsendable") == 0);
    }
}

TEST_CASE("dynamic TBDs: one that is not valid is read again after its clocks") {
    fresh_kernel k;
    nic::nic_config c;
    c.tbd_poll = 100;
    rig r(c);
    prepare(r, false);
    r.scb(1, 0, block);
    r.log.log.clear();
    r.run(50 * microsecond);
    unsigned reads = 0;
    for (std::size_t i = 1; i < r.own().size(); ++i) {
        const auto own = r.own();
        if (own[i].address != array || own[i - 1].address != array) continue;
        ++reads;
        CHECK(own[i].request - own[i - 1].last >= 100 * r.period());
        CHECK(own[i].request - own[i - 1].last <= 104 * r.period());
    }
    CHECK(reads > 10);
    r.write(0x08, 4, 0);
    r.run_until_idle();
    CHECK(r.cus() == 0);
}

TEST_CASE("dynamic TBDs: an array without end stops at the FIFO's size and without Configure they are refused") {
    for (const bool on : {true, false}) {
        fresh_kernel k;
        rig r;
        prepare(r, false);
        if (!on) r.configure(rig::usual());
        for (unsigned i = 0; i < 16; ++i) give(r, false, i, buffers, 400);
        r.scb(1, 0, block);
        r.run_until_idle();
        CHECK(r.cable.sent.empty());
        CHECK(r.memory.read16(block) == 0x8000);
        CHECK(r.metric("tx_unsendable") == 1);
        CHECK(r.metric("refused_command") == (on ? 0 : 1));
    }
}
