#include <stdexcept>

#include "host/cpu_core.h"

namespace nicteam::host {
namespace {
std::uint32_t ones(unsigned size) { return size >= 4 ? 0xFFFF'FFFFu : (1u << 8 * size) - 1; }
}  // namespace

void cpu_core::route(const address_window& w) {
    machinery_->windows.push_back(w);
    if (std::find(machinery_->ports.begin(), machinery_->ports.end(), w.port) != machinery_->ports.end()) return;
    machinery_->ports.push_back(w.port);
    w.port->connect(machinery_->number, *this);
}

const address_window* cpu_core::machinery::memory_window(std::uint64_t address) const {
    for (const address_window& w : windows)
        if (address >= w.memory_first && address <= w.memory_last) return &w;
    return nullptr;
}

void cpu_core::machinery::resume(ps at) {
    const ps edge = clock.at_or_after(at);
    if (edge > sim::now()) sc_core::wait(sim::to_sc_time(edge - sim::now()));
    local = sim::now();
}

// A stalling access: no interrupt is taken within. Nobody there: all ones, as a master abort gives.
std::uint32_t cpu_core::machinery::access(const address_window* w, cpu_access a) {
    if ((a.bytes != 1 && a.bytes != 2 && a.bytes != 4) || a.address % a.bytes)
        throw std::logic_error(std::string(core.name()) + ": an access must be of 1, 2 or 4 bytes, aligned");
    run_to_local();
    count(cpu_metric::reads);
    if (!w) {
        count(cpu_metric::aborts);
        return ones(a.bytes);
    }
    const ps from = local;
    done_at = never;
    show(cpu_state::reading);
    w->port->start(number, a, local);
    while (done_at == never || sim::now() < done_at) sc_core::wait(done);
    local = sim::now();
    show(depth ? cpu_state::interrupt : cpu_state::busy);
    count(cpu_metric::read_stall, static_cast<std::uint64_t>(local - from));
    if (!a.good) count(cpu_metric::aborts);
    return a.good ? a.data & ones(a.bytes) : ones(a.bytes);
}

void cpu_core::finished(cpu_access&, ps at) {
    machinery_->done_at = machinery_->clock.at_or_after(at);
    machinery_->done.notify(sim::to_sc_time(machinery_->done_at - sim::now()));
}

void cpu_core::room(ps at) {
    if (!machinery_->wants_room) return;
    machinery_->wants_room = false;
    machinery_->done_at = machinery_->clock.after(at);
    machinery_->done.notify(sim::to_sc_time(machinery_->done_at - sim::now()));
}

std::uint32_t cpu_core::read(std::uint64_t address, unsigned size) {
    return machinery_->access(machinery_->memory_window(address), {pci::command::memory_read, address, size, 0, true});
}

void cpu_core::write(std::uint64_t address, unsigned size, std::uint32_t v) {
    machinery& m = *machinery_;
    if ((size != 1 && size != 2 && size != 4) || address % size)
        throw std::logic_error(std::string(name()) + ": an access must be of 1, 2 or 4 bytes, aligned");
    m.run_to_local();
    m.count(cpu_metric::writes);
    const address_window* w = m.memory_window(address);
    if (!w) {
        m.count(cpu_metric::aborts);
        return;
    }
    const ps from = m.local;
    const cpu_access a{pci::command::memory_write, address, size, v, true};
    for (;;) {
        m.done_at = never;
        if (w->port->post(m.number, a, m.local)) break;
        m.wants_room = true;
        while (m.done_at == never || sim::now() < m.done_at) sc_core::wait(m.done);
        m.local = sim::now();
    }
    m.count(cpu_metric::write_stall, static_cast<std::uint64_t>(m.local - from));
}

std::uint32_t cpu_core::read_io(std::uint32_t port, unsigned size) {
    for (const address_window& w : machinery_->windows)
        if (port >= w.io_first && port <= w.io_last) return machinery_->access(&w, {pci::command::io_read, port, size, 0, true});
    return machinery_->access(nullptr, {pci::command::io_read, port, size, 0, true});
}

void cpu_core::write_io(std::uint32_t port, unsigned size, std::uint32_t v) {
    const address_window* to = nullptr;
    for (const address_window& w : machinery_->windows)
        if (port >= w.io_first && port <= w.io_last) to = &w;
    machinery_->access(to, {pci::command::io_write, port, size, v, true});
}

// A register of a device: a cycle of type 0 on a bus of the host's own bridges, else of type 1.
const address_window* cpu_core::machinery::configuration_window(unsigned device, unsigned reg, std::uint64_t& address) const {
    address = (device & 31u) << 11 | reg;
    for (const address_window& w : windows) {
        if (w.bus != device >> 5) continue;
        if (w.behind) address |= pci::type_1_configuration | w.bus << 16;
        return &w;
    }
    return nullptr;
}

std::uint32_t cpu_core::read_configuration(unsigned device, unsigned reg, unsigned size) {
    std::uint64_t address;
    const address_window* to = machinery_->configuration_window(device, reg, address);
    return machinery_->access(to, {pci::command::configuration_read, address, size, 0, true});
}

void cpu_core::write_configuration(unsigned device, unsigned reg, unsigned size, std::uint32_t v) {
    std::uint64_t address;
    const address_window* to = machinery_->configuration_window(device, reg, address);
    machinery_->access(to, {pci::command::configuration_write, address, size, v, true});
}

}  // namespace nicteam::host
