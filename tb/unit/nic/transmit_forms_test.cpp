// Transmit blocks of every form: simplified and flexible, standard and extended, with and without bytes behind the block (SDM 6.4.2.5).
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::uint32_t block = 0x1000, array = 0x3000, none = 0xFFFFFFFF;

struct form {
    const char* name;
    bool extended, flexible;
    unsigned behind;                     // bytes behind the block by its count
    std::vector<unsigned> sizes;         // of the buffers: embedded ones first
    unsigned count;                      // TBD count
    std::uint32_t pointer;
    unsigned octets;                     // of the frame; 0: it cannot be sent
};

std::uint16_t send(rig& r, const form& f, const bytes& d) {
    auto c = rig::usual();
    c[6] = f.extended ? 0x22 : 0x32;
    r.configure(c);
    r.block(block, f.flexible ? 0x800C : 0x8004, 0);
    r.memory.write32(block + 8, f.pointer);
    r.memory.write32(block + 12, f.behind | 0xE0u << 16 | f.count << 24);
    r.memory.poke(block + 16, d.data(), f.behind);
    std::uint32_t done = f.behind;
    for (unsigned i = 0; i < f.sizes.size(); ++i) {
        const std::uint32_t to = 0x5000 + i * 0x400, t = f.extended ? i < 2 ? block + 16 + 8 * i : array + 8 * (i - 2) : array + 8 * i;
        r.memory.poke(to, d.data() + done, f.sizes[i]);
        r.memory.write32(t, to);
        r.memory.write32(t + 4, f.sizes[i]);
        done += f.sizes[i];
    }
    r.scb(1, 0, block);
    r.run_until_idle();
    return r.memory.read16(block);
}

}  // namespace

TEST_CASE("transmit forms: simplified and flexible and standard and extended blocks send what their counts say") {
    const std::vector<form> forms{
        {"simplified", false, false, 100, {}, 0, none, 100},
        {"simplified takes no notice of a count of buffers", false, false, 100, {}, 7, none, 100},
        {"simplified takes no notice of an array", false, false, 100, {}, 2, array, 100},
        {"simplified while blocks are extended: its data begin in the part that is fetched", true, false, 100, {}, 0, none, 100},
        {"simplified of the longest frame that fits", false, false, 3072, {}, 0, none, 3072},
        {"simplified without data", false, false, 0, {}, 0, none, 0},
        {"flexible of bytes behind the block alone", false, true, 100, {}, 0, none, 100},
        {"flexible without anything", false, true, 0, {}, 0, array, 0},
        {"flexible of one buffer", false, true, 0, {80}, 1, array, 80},
        {"flexible of both", false, true, 14, {70, 30}, 2, array, 114},
        {"flexible with an empty buffer between", false, true, 14, {70, 0, 30}, 3, array, 114},
        {"flexible of empty buffers", false, true, 0, {0, 0}, 2, array, 0},
        {"flexible with a count below its buffers", false, true, 0, {64, 64, 64}, 2, array, 128},
        {"extended of one buffer", true, true, 0, {90}, 1, none, 90},
        {"extended of two buffers needs no array", true, true, 0, {90, 30}, 2, none, 120},
        {"extended with a count of one takes the first", true, true, 0, {90, 30}, 1, none, 90},
        {"extended of five", true, true, 0, {20, 30, 40, 50, 60}, 5, array, 200},
        {"extended with an empty first buffer", true, true, 0, {0, 90}, 2, none, 90},
        {"extended without a buffer", true, true, 0, {}, 0, none, 0},
    };
    for (const form& f : forms) {
        fresh_kernel k;
        rig r;
        const bytes d = rig::payload(3100);
        INFO(f.name);
        CHECK(send(r, f, d) == (f.octets ? 0xA000 : 0x8000));
        REQUIRE(r.cable.sent.size() == (f.octets ? 1 : 0));
        CHECK(r.metric("tx_unsendable") == !f.octets);
        CHECK(r.metric("refused_command") == 0);
        if (!f.octets) continue;
        CHECK(r.cable.sent[0].frame->data.size() == std::max(60u, f.octets) + 4);
        CHECK(std::equal(d.begin(), d.begin() + f.octets, r.cable.sent[0].frame->data.begin()));
    }
}
