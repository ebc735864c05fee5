#include "command_list.h"
#include "receive_ring.h"
#include "registers.h"

namespace qemu_oracle {
namespace {

class story {
public:
    explicit story(std::uint64_t seed) : a(seed), commands(a), ring(a), other(a), eeprom(a) {}

    sequence written() {
        begin();
        const std::uint32_t kind = a.roll(0, 3);   // mostly commands, mostly frames, all
        for (std::uint32_t n = a.roll(3, 18); n > 0; --n) {
            act(kind);
            if (a.one_in(8)) a.mask(masks());
            if (a.one_in(3)) a.acknowledge(a.one_in(2) ? 0xFF : static_cast<std::uint8_t>(a.roll(0, 255)));
        }
        if (a.one_in(6)) ring.exhausted();
        ring.finish();
        ring.counted();
        dump();
        return a.s;
    }

private:
    // Masks gate the pin only; M gates all; SI asks for an interrupt.
    std::uint8_t masks() { return static_cast<std::uint8_t>((a.one_in(2) ? a.roll(0, 15) << 4 : 0) | (a.one_in(5) ? 2 : 0) | (a.one_in(3) ? 1 : 0)); }

    void bases() {
        constexpr std::uint32_t places[] = {0, window_base, 0x000F'0000, 0xFFF0'0000};
        a.cu_offset = places[a.roll(0, 3)];
        a.ru_offset = places[a.roll(0, 3)];
        a.tell("CU base %08X, RU base %08X", a.cu_offset, a.ru_offset);
        a.command(cu_base, a.cu_offset);
        a.command(ru_base, a.ru_offset);
    }

    // As a driver does it after a software reset.
    void begin() {
        a.hash = 0;
        ring.begin();
        bases();
        a.tell("counters at %08X, counted from 0", counters_at);
        a.command(cu_dump_address, counters_at);
        a.count(dump_and_reset_act);
        a.command(cu_dump_and_reset, 0);
        a.poke(counters_at, octets(0x100, 0));
        a.mask(masks());
        commands.set_up();
        a.acknowledge(0xFF);
    }

    void dump() {
        a.tell("dump counters");
        const bool reset = a.one_in(2);
        a.count(reset ? dump_and_reset_act : dump_act);
        a.command(reset ? cu_dump_and_reset : cu_dump, 0);
    }

    void act(std::uint32_t kind) {
        switch (a.roll(0, 31)) {
            case 0: return reset(true);
            case 1:
                if (a.one_in(2) && ring.exhausted()) {        // frames that nobody takes, and a new beginning
                    a.count(on_after_exhaustion);
                    return reset(true);
                }
                return reset(false);
            case 2: case 3: case 4: return other.read_some();
            case 5: case 6: return other.use_mdi();
            case 7: case 8: return other.use_configuration_space();
            case 9: return eeprom.act();
            case 10:
                if (commands.idle()) {
                    a.cu_offset = a.one_in(2) ? window_base : 0;
                    a.tell("CU base %08X", a.cu_offset);
                    a.count(cu_base_anew);
                    commands.forget();
                    a.command(cu_base, a.cu_offset);
                }
                return;
            case 11:
                if (!ring.ready()) {
                    a.ru_offset = a.one_in(2) ? window_base : 0;
                    a.tell("RU base %08X", a.ru_offset);
                    a.count(ru_base_anew);
                    ring.moved();
                    a.command(ru_base, a.ru_offset);
                }
                return;
            case 12: return reset_at_work();
            default:
                if (a.roll(0, 4) < (kind == 0 ? 5u : kind)) commands.act();
                else ring.act();
        }
    }

    // A list, a frame, or both, and the reset in the middle of it.
    void reset_at_work() {
        const bool frame = ring.ready() && a.one_in(2), list = !frame || a.one_in(2);
        a.acknowledge(0xFF);
        a.count(qemu_oracle::reset_at_work);
        if (list) {
            a.tell("left at work:");
            a.leave(a.roll(1, 80'000));
            commands.act();
        }
        if (frame) {
            a.tell("left at work:");
            a.leave(a.roll(1, 60'000));
            ring.deliver();
        }
        // QEMU has done all of it by now, and the model a part: what came of it is wiped, requests for interrupts included.
        const bool software = list || a.one_in(2);      // set-up blocks of the list: only a software reset forgets them
        write_port(software);
        a.s.steps.push_back({step::after_cut, 0, 0, 0, {}});
        a.write(scb_acknowledge, 1, 0xFF);
        a.poke(window_base, octets(window_size, 0));
        a.poke(buffers_at, a.noise(buffers_size));
        reset_done(software);
        if (software) return;
        ring.begin();
        a.command(cu_dump_and_reset, 0);
        a.poke(counters_at, octets(0x100, 0));
        a.acknowledge(0xFF);
    }

    void reset(bool software) {
        a.acknowledge(0xFF);
        ring.finish();
        write_port(software);
        reset_done(software);
    }

    void write_port(bool software) {
        a.tell(software ? "software reset" : "selective reset");
        a.count(software ? software_reset : selective_reset);
        a.write_dword(port, software ? 0 : 2);
    }

    void reset_done(bool software) {
        commands.forget();
        ring.forget();
        other.was_reset();
        a.forget(0xFFFF);
        a.masks = 0;
        a.si_written = false;
        a.observe();
        if (software) begin();
    }

    author a;
    command_list commands;
    receive_ring ring;
    registers other;
    eeprom_driver eeprom;
};

}  // namespace

sequence make_sequence(std::uint64_t seed) { return story(seed).written(); }

}  // namespace qemu_oracle
