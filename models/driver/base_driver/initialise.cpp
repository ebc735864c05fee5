#include "driver/base_driver/machinery.h"

namespace nicteam::driver {
using namespace i82559;

bool base_driver::machinery::accepted(host::cpu& c) {
    for (unsigned n = 0; command_pending && n < config.accept_polls; ++n) {
        count(driver_metric::acceptance_polls);
        if (read(c, scb_command, 1) == 0) command_pending = false;
    }
    if (command_pending) count(driver_metric::hung_commands);
    return !command_pending;
}

void base_driver::machinery::command(host::cpu& c, unsigned code) {
    command_pending = true;
    write(c, scb_command, 1, code);
}

void base_driver::machinery::command(host::cpu& c, unsigned code, std::uint32_t pointer) {
    write(c, scb_pointer, 4, pointer);
    command(c, code);
}

unsigned base_driver::machinery::mask_bits() const { return mask_early | mask_pause | (config.interrupt_when_idle ? 0u : mask_cna); }

bool base_driver::machinery::find_device(host::cpu& c) {
    const unsigned device = place.bus << 5 | place.device;
    if (c.read_configuration(device, 0x00, 2) == 0xFFFF) return false;          // nobody there: PCI 2.2, 6.1
    bar = c.read_configuration(device, 0x10, 4) & ~0xFu;
    return bar != 0;
}

void base_driver::machinery::initialise(host::cpu& c) {
    if (!find_device(c)) {
        count(driver_metric::failed_start);
        halted = true;
        return;
    }
    write(c, port, 4, port_software_reset);
    home().wait_until(c.now() + config.reset_time);
    write(c, scb_mask, 1, mask_all);                                            // a reset leaves interrupts enabled
    command(c, cu_load_base, 0);
    accepted(c);
    command(c, ru_load_base, 0);
    accepted(c);
    command(c, cu_load_dump_address, static_cast<std::uint32_t>(dump_area));
    accepted(c);
    if (command_pending) {
        count(driver_metric::failed_start);
        halted = true;
        return;
    }
    c.catch_up();
    lay_out_blocks(c.now());
    lay_out_list(c.now());
    append_address(c, nullptr);
    append_configure(c, nullptr);
    kick(c);
    // Interrupts stay masked: the two blocks are awaited here.
    for (unsigned n = 0; used && n < config.accept_polls; ++n) {
        home().wait_until(c.now() + microsecond);
        reap(c);
    }
    if (used) {
        count(driver_metric::failed_start);
        halted = true;
        return;
    }
    accepted(c);
    start_receiver(c);
    accepted(c);
    write(c, scb_ack, 1, 0xFF);
    write(c, scb_mask, 1, mask_bits());
    ready = true;
    look_at_link(c);
}

void base_driver::machinery::look_at_link(host::cpu& c) {
    if (halted) return;
    const std::uint32_t v = read(c, general_status, 1);                         // bit 0 link, 1 100 Mb/s, 2 full duplex
    const std::int64_t rate = v & 1u ? (v & 2u ? 100'000'000 : 10'000'000) : 0;
    if (rate != able.link_rate || !able.link_rate) {
        able.link_rate = rate;
        if (user) user->changed(c, {rate != 0, rate, (v & 4u) != 0, c.now()});
    }
    c.post(c.now() + config.link_poll, [this](host::cpu& k) { look_at_link(k); });
}

}  // namespace nicteam::driver
