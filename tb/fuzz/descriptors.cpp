// Any memory image and any register writes: the controller goes its way, and after a software reset it works as if nothing had been.
#include "fuzz/target.h"
#include "nicteam/wire/pause.h"
#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;
using nicteam::fuzz::demand;
using nicteam::fuzz::tape;

namespace {

constexpr std::uint32_t memory_bytes = 1 << 16;
constexpr unsigned most_acts = 96;
constexpr ps longest_wait = 100 * microsecond;

// Which controller at which link. An input that ends with the mark and two octets says so; any other is of an 82559 in full duplex
// that gets no PAUSE frames, and all of it are acts.
struct setting {
    static constexpr std::uint8_t mark = 0xC5;
    static constexpr std::size_t octets = 3;
    bool given = false;
    nic::nic_identity identity = nic::nic_identity::i82559;
    bool half = false;
    unsigned threshold = 7;                                           // of priority flow control
    nic::loop_mode loops = nic::loop_mode::as_chip;

    setting(const std::uint8_t* input, std::size_t n) {
        if (n < octets || input[n - octets] != mark) return;
        constexpr nic::nic_identity all[] = {nic::nic_identity::i82557, nic::nic_identity::i82558, nic::nic_identity::i82559,
                                             nic::nic_identity::i82550, nic::nic_identity::extended};
        given = true;
        identity = all[input[n - 2] % std::size(all)];
        half = input[n - 1] & 1;
        threshold = input[n - 1] >> 1 & 7;
        loops = input[n - 1] & 16 ? nic::loop_mode::stop : nic::loop_mode::as_chip;
    }
    std::vector<std::uint8_t> configure() const {
        auto c = rig::usual();
        if (identity == nic::nic_identity::i82557) c[3] = 0, c[7] &= 0xBF;      // as it knows them; else it does not say OK
        else c[18] = static_cast<std::uint8_t>((c[18] & 0x8F) | threshold << 4);
        return c;
    }
};

// A MAC control frame for everybody: mostly PAUSE, now and then another opcode, with a priority at either place.
void pause(rig& r, tape& t) {
    const std::uint8_t source[6] = {2, 0, 0, 0, 0, 9};
    const std::uint32_t how = t.octet();
    bytes f;
    wire::build_pause(f, source, static_cast<std::uint16_t>(how & 1 ? t.word() : t.octet()));
    if ((how & 6) == 6) f[14] = static_cast<std::uint8_t>(t.octet());
    f[how & 8 ? 31 : 19] = static_cast<std::uint8_t>(how >> 5);
    r.arrive(f, how & 16 ? wire::wire_end::bad_fcs : wire::wire_end::good);
}

// Mostly within memory and aligned, now and then anywhere.
std::uint32_t place(tape& t) {
    const std::uint32_t how = t.octet();
    if (how < 0xE0) return (how & 31) * 0x400u;
    if (how < 0xF0) return memory_bytes - 16 + (how & 15);            // across the end of memory
    return how < 0xF8 ? t.word() : t.dword();
}

void act(rig& r, tape& t, bool pauses) {
    switch (t.octet() % (pauses ? 13 : 12)) {
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
        case 12: pause(r, t); break;
        default: r.ack(t.octet()); break;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t octets) {
    if (octets > 2048) return 0;
    const setting s(input, octets);
    tape t(input, s.given ? octets - setting::octets : octets);
    fresh_kernel k;
    nic::nic_config c;
    c.identity = s.identity;
    c.descriptor_loops = s.loops;
    rig r(c, memory_bytes);
    r.cable.full_duplex = !s.half;
    r.configure(s.configure());
    for (unsigned n = 0; n < most_acts && t.left(); ++n) act(r, t, s.given);
    r.run(longest_wait);
    while (r.sender.busy()) r.run(longest_wait);
    r.write(0x08, 4, 0);                                              // software reset
    r.run(millisecond);
    demand(r.cus() == 0 && r.rus() == 0, "both units are idle after a software reset");
    r.configure(s.configure(), 0x100);
    demand(r.memory.read16(0x100) == 0xA000, "Configure is executed after a software reset");
    const std::size_t sent = r.cable.sent.size();
    r.transmit_block(0x1000, rig::payload(100));
    r.descriptor(0x2000, 0x8000, 0);
    r.scb(1, 0, 0x1000);
    r.scb(0, 1, 0x2000);
    if (s.half) r.run_until_idle();                                   // the sender does not defer
    r.arrive(rig::payload(200));
    r.run_until_idle();
    demand(r.cable.sent.size() == sent + 1, "a frame is sent after a software reset");
    demand((r.memory.read16(0x2000) & 0xA000) == 0xA000, "a frame is received after a software reset");
    return 0;
}
