#include <utility>

#include "driver/base_driver/machinery.h"

namespace nicteam::driver {
using namespace i82559;

constexpr std::uint32_t nobody = 0xFF;            // of a byte that nobody answers for; no command of this driver

bool base_driver::machinery::accepted(host::cpu& c) {
    unsigned absent = 0;
    for (unsigned n = 0; command_pending && n < config.accept_polls && absent < config.absent_polls; ++n) {
        count(driver_metric::acceptance_polls);
        const std::uint32_t v = read(c, scb_command, 1);
        if (v == 0) command_pending = false;
        absent = v == nobody ? absent + 1 : 0;
    }
    if (command_pending) count(driver_metric::hung_commands);
    return !command_pending;
}

// Pending only when the write is posted: an interrupt that comes before it still sees the byte as it was.
void base_driver::machinery::command(host::cpu& c, unsigned code) {
    write(c, scb_command, 1, code);
    command_pending = true;
    ++commands;
}

// Nobody tells a CPU that a write which it had posted met an abort (PCI 2.2, 3.3.3.1), and a unit that starts at another pointer writes where others read:
// the command goes out behind a pointer that has been seen to be there.
bool base_driver::machinery::command(host::cpu& c, unsigned code, std::uint32_t pointer) {
    for (unsigned n = 0; n < config.absent_polls; ++n) {
        if (n) count(driver_metric::told_again);
        write(c, scb_pointer, 4, pointer);
        if (read(c, scb_pointer, 4) != pointer) continue;
        command(c, code);
        return true;
    }
    return false;
}

unsigned base_driver::machinery::mask_bits() const { return mask_early | mask_pause | (config.interrupt_when_idle ? 0u : mask_cna); }

// All ones: nobody answered (PCI 2.2, 6.1).
std::uint32_t base_driver::machinery::configuration(host::cpu& c, unsigned reg, unsigned size) {
    const std::uint32_t none = size == 4 ? no_answer : (1u << 8 * size) - 1;
    std::uint32_t v = none;
    for (unsigned n = 0; v == none && n < config.absent_polls; ++n) v = c.read_configuration(place.bus << 5 | place.device, reg, size);
    return v;
}

bool base_driver::machinery::find_device(host::cpu& c) {
    if (configuration(c, 0x00, 2) == 0xFFFF) return false;
    const std::uint32_t base = configuration(c, 0x10, 4);
    if (base == no_answer) return false;
    bar = base & ~0xFu;
    return bar != 0;
}

void base_driver::machinery::initialise(host::cpu& c) {
    if (halted || down) return;
    if (place.slots && !place.slots->occupied(place.bus, place.device)) {
        halted = true;                            // until something is put in
        return tell_gone(c);
    }
    if (!find_device(c) || (config.bring_up == 1 && !power_on(c)) || !bring_up(c)) {
        count(driver_metric::failed_start);
        halted = failed_to_start = true;
        tell_gone(c);
        return try_later(c, life);
    }
    began(c.now());
    look_at_link(c, life);
}

// As after a reset that failed, unless somebody has halted or set up the driver meanwhile.
void base_driver::machinery::try_later(host::cpu& c, unsigned of) {
    if (!config.transmit_timeout) return;
    home().post(c.now() + config.transmit_timeout, [this, of](host::cpu& k) {
        if (of == life && failed_to_start) start_again(k);
    });
}

void base_driver::machinery::began(ps at) {
    ready = true;
    able.checksums = offloads();
    engines_are_back();
    ready_probe.change(at, 1);
    if (!std::exchange(was_ready, true)) count(driver_metric::ready_at, static_cast<std::uint64_t>(at));
}

// As at the start of the run; what users still hold of the old ring comes back to the new one.
void base_driver::machinery::start_again(host::cpu& c) {
    if (!halted) halt(c, halt_reason::removed);
    if (down) return;
    halted = failed_to_start = false;
    ++life;
    revision = -1;
    command_pending = polling = false;
    events = 0;
    link_known = false;
    initialise(c);
}

// Interrupts are masked afterwards: a reset leaves them enabled.
void base_driver::machinery::reset(host::cpu& c, std::uint32_t function) {
    write(c, port, 4, function);
    const ps over = c.now() + config.reset_time;
    if (revision < 0) revision = static_cast<int>(configuration(c, 0x08, 1));     // meanwhile
    c.wait_until(over);
    write(c, scb_mask, 1, mask_all);
    command_pending = false;
}

bool base_driver::machinery::bring_up(host::cpu& c) {
    reset(c, port_software_reset);
    // One behind the other: a command takes the pointer that stands there when it is accepted, which must still be its own.
    const auto taken = [&](unsigned code, std::uint64_t pointer) {
        return command(c, code, static_cast<std::uint32_t>(pointer)) && accepted(c);
    };
    if (!taken(cu_load_base, 0) || !taken(ru_load_base, 0) || !taken(cu_load_dump_address, dump_area)) return false;
    c.catch_up();
    receiver_stopped = true;
    events = 0;                                   // of before the reset
    while (drain(c)) {}                           // it answers, so it was reset: memory says what it had done by then
    reap(c, true);
    notified_list.clear();
    lay_out_blocks(c.now());
    lay_out_list(c.now());
    append_address(c, nullptr);
    append_configure(c, nullptr);
    if (!filter.multicast.empty()) append_multicast(c, nullptr);
    kick(c);
    // Interrupts stay masked: the blocks are awaited here.
    for (const ps until = c.now() + config.block_timeout; used && c.now() < until;) {
        c.wait_until(c.now() + config.block_poll);
        reap(c);
    }
    if (used) return false;
    if (!install_associations(c)) return false;      // before anything comes or goes that they are for
    if (chimney && !chimney->start(c)) return false;
    accepted(c);
    start_receiver(c);
    accepted(c);
    write(c, scb_ack, 1, 0xFF);
    if (config.flow_control) write(c, flow_threshold, 1, config.flow_control_threshold);
    write(c, scb_mask, 1, mask_bits());
    if (rings) rings->listen(c);
    if (chimney) chimney->listen(c);
    return true;
}

}  // namespace nicteam::driver
