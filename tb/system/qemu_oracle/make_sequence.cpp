#include "command_list.h"
#include "receive_ring.h"

namespace qemu_oracle {

sequence make_sequence(std::uint64_t seed) {
    author a(seed);
    constexpr std::uint32_t bases[] = {0, window_base, 0x000F'0000, 0xFFF0'0000};
    a.cu_offset = bases[a.roll(0, 3)];
    a.ru_offset = bases[a.roll(0, 3)];
    a.tell("CU base %08X, RU base %08X, counters at %08X, counted from 0", a.cu_offset, a.ru_offset, counters_at);
    a.command(cu_base, a.cu_offset);
    a.command(ru_base, a.ru_offset);
    a.command(cu_dump_address, counters_at);
    a.command(cu_dump_and_reset, 0);
    a.poke(counters_at, octets(0x100, 0));
    // Masks gate the pin only; M gates all; SI asks for an interrupt.
    const auto random_masks = [&a] { return static_cast<std::uint8_t>((a.one_in(2) ? a.roll(0, 15) << 4 : 0) | (a.one_in(5) ? 2 : 0) | (a.one_in(3) ? 1 : 0)); };
    a.mask(random_masks());

    command_list commands(a);
    receive_ring ring(a);
    commands.set_up();
    a.acknowledge(0xFF);
    const std::uint32_t kind = a.roll(0, 2);   // mostly commands, mostly frames, both
    for (std::uint32_t n = a.roll(2, 14); n > 0; --n) {
        if (a.roll(0, 4) < (kind == 0 ? 5u : kind == 1 ? 1u : 3u)) commands.act();
        else ring.act();
        if (a.one_in(8)) a.mask(random_masks());
        if (a.one_in(3)) a.acknowledge(a.one_in(2) ? 0xFF : static_cast<std::uint8_t>(a.roll(0, 255)));
    }
    if (a.one_in(4)) ring.last_act();
    ring.finish();
    a.tell("dump counters");
    a.command(a.one_in(2) ? cu_dump : cu_dump_and_reset, 0);
    return a.s;
}

}  // namespace qemu_oracle
