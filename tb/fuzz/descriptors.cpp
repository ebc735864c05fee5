// Any memory image and any register writes: the controller goes its way, and after a software reset it works as if nothing had been.
#include "fuzz/target.h"
#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;
using nicteam::fuzz::demand;
using nicteam::fuzz::tape;

namespace {

constexpr std::uint32_t memory_bytes = 1 << 16;
constexpr unsigned most_acts = 96;
constexpr ps longest_wait = 100 * microsecond;

// Mostly within memory and aligned, now and then anywhere.
std::uint32_t place(tape& t) {
    const std::uint32_t how = t.octet();
    if (how < 0xE0) return (how & 31) * 0x400u;
    if (how < 0xF0) return memory_bytes - 16 + (how & 15);            // across the end of memory
    return how < 0xF8 ? t.word() : t.dword();
}

void act(rig& r, tape& t) {
    switch (t.octet() % 12) {
        case 0: {                                                     // any octets anywhere
            const std::uint32_t at = t.word();
            const auto b = t.octets(std::min(1 + t.octet(), memory_bytes - at));
            r.memory.poke(at, b.data(), b.size());
            break;
        }
        case 1: r.write(t.octet() & 63, 1 + (t.octet() & 3) % 3, t.dword()); break;
        case 2: r.read(t.octet() & 63, 1u << (t.octet() & 3) % 3); break;
        case 3: r.scb(t.octet() & 15, 0, place(t)); break;
        case 4: r.scb(0, t.octet() & 7, place(t)); break;
        case 5: {                                                     // a command block
            const std::uint32_t at = place(t) % (memory_bytes - 64);
            r.block(at, t.octet() << 8 | (t.octet() & 31), place(t));
            for (unsigned i = 8; i < 32; i += 4) r.memory.write32(at + i, i == 12 ? t.dword() : place(t));
            break;
        }
        case 6: {                                                     // a Configure block near to what a driver sets
            auto c = rig::usual();
            for (unsigned n = t.octet() & 3; n > 0; --n) c[t.octet() % c.size()] = static_cast<std::uint8_t>(t.octet());
            const std::uint32_t at = place(t) % (memory_bytes - 64);
            r.block(at, (t.octet() & 0xE0) << 8 | 2, place(t));
            r.memory.poke(at + 8, c.data(), c.size());
            break;
        }
        case 7: {                                                     // a receive frame descriptor
            const std::uint32_t at = place(t) % (memory_bytes - 64);
            r.descriptor(at, (t.octet() & 0xF8) << 8 | (t.octet() & 0x1F), place(t), t.word());
            r.memory.write32(at + 8, place(t));
            break;
        }
        case 8: {                                                     // a receive or transmit buffer descriptor
            const std::uint32_t at = place(t) % (memory_bytes - 64);
            for (unsigned i = 0; i < 16; i += 4) r.memory.write32(at + i, i == 4 || i == 8 ? place(t) : t.dword());
            break;
        }
        case 9: {                                                     // a frame
            bytes f = rig::payload(t.below(1600));
            if (t.octet() & 1 && !f.empty()) f[0] = static_cast<std::uint8_t>(t.octet());
            const unsigned how = t.octet();
            const auto octets = static_cast<std::uint32_t>(f.size());
            r.arrive(f, how & 4 ? wire::wire_end::bad_fcs : wire::wire_end::good, 0, (how & 3) == 3 && octets > 2 ? octets / 2 : 0);
            break;
        }
        case 10: r.run(longest_wait / 256 * (1 + t.octet())); break;
        default: r.ack(t.octet()); break;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t octets) {
    if (octets > 2048) return 0;
    tape t(input, octets);
    fresh_kernel k;
    rig r({}, memory_bytes);
    r.configure(rig::usual());
    for (unsigned n = 0; n < most_acts && t.left(); ++n) act(r, t);
    r.run(longest_wait);
    while (r.sender.busy()) r.run(longest_wait);
    r.write(0x08, 4, 0);                                              // software reset
    r.run(millisecond);
    demand(r.cus() == 0 && r.rus() == 0, "both units are idle after a software reset");
    r.configure(rig::usual(), 0x100);
    demand(r.memory.read16(0x100) == 0xA000, "Configure is executed after a software reset");
    const std::size_t sent = r.cable.sent.size();
    r.transmit_block(0x1000, rig::payload(100));
    r.descriptor(0x2000, 0x8000, 0);
    r.scb(1, 0, 0x1000);
    r.scb(0, 1, 0x2000);
    r.arrive(rig::payload(200));
    r.run_until_idle();
    demand(r.cable.sent.size() == sent + 1, "a frame is sent after a software reset");
    demand((r.memory.read16(0x2000) & 0xA000) == 0xA000, "a frame is received after a software reset");
    return 0;
}
