#include "nicteam/secondary/data_device.h"

#include <algorithm>

#include "nicteam/pci/fault_gate.h"
#include "nicteam/sim/session.h"

namespace nicteam::secondary {
namespace {

constexpr metric_info metrics[] = {
    {"requests", "jobs", "jobs that it asked for"},
    {"answers", "jobs", "of these, those that its host told it the end of"},
};

constexpr std::uint32_t window = 32, least_memory = 4'096;
constexpr unsigned memory_bar = 1;

std::uint32_t memory_for(std::uint64_t octets) {
    std::uint32_t n = least_memory;
    while (n < octets) n *= 2;
    return n;
}

pci::configuration_space header(std::uint32_t memory) {
    pci::configuration_space c;
    c.declare(0x00, 2, 0x1AF4);               // a vendor identity that virtual devices use
    c.declare(0x02, 2, 0x0DA7);
    c.declare(0x04, 2, 0, 0x0142);            // memory space, parity response, SERR# enable: PCI 2.2, 6.2.2
    c.declare(0x06, 2, 0x02A0, 0, 0xF900);    // 66 MHz, fast back-to-back, DEVSEL# medium; error bits cleared by 1: PCI 2.2, 6.2.3
    c.declare(0x09, 3, 0x018000);             // class: other mass storage controller: PCI 2.2, appendix D
    c.declare(0x0C, 1, 0, 0xFF);
    c.declare(0x0D, 1, 0, 0xFF);
    c.declare_bar(0, window, false);
    c.declare_bar(memory_bar, memory, false, true);
    c.declare(0x3C, 1, 0, 0xFF);
    c.declare(0x3D, 1, 1);                    // INTA#
    return c;
}

}  // namespace

const block_info data_device_info = {
    "data_device", "a PCI device that is no nic: data in its own memory, which it wants worked on", {}, metrics, {}, pci::device_faults, {}, {}, {}};

data_device::data_device(sc_core::sc_module_name name, unsigned p, std::uint32_t r, pci::bus& b, int slot, pci::interrupt_sink* s)
    : device(name, b, slot, header(memory_for(std::uint64_t{2} * p * r)), s), room_(r), memory_(memory_for(std::uint64_t{2} * p * r)), open_(p),
      requests_(sim::bind_counter(*this, metrics[0])), answers_(sim::bind_counter(*this, metrics[1])) {
    attach(*this);
}
data_device::~data_device() = default;

void data_device::ask(unsigned place, bool in, const bytes& packet, ps at) {
    if (!present()) return;
    std::copy(packet.begin(), packet.end(), memory_.begin() + static_cast<std::ptrdiff_t>(std::size_t{2} * place * room_));
    number_ = (number_ + 1) & numbers;
    open_.at(place) = set | number_;
    asked_.push_back({set | (in ? inbound : 0) | number_ << 16 | place, static_cast<std::uint32_t>(packet.size()), at});
    requests_.add();
    drive(at);
}

void data_device::result(unsigned place, std::uint32_t n, bytes& to) const {
    const auto from = memory_.begin() + static_cast<std::ptrdiff_t>((std::size_t{2} * place + 1) * room_);
    to.assign(from, from + std::min(n, room_));
}

std::uint32_t data_device::register_at(std::uint32_t offset, ps at) const {
    const bool any = !asked_.empty() && asked_.front().at < at;
    switch (offset) {
        case request: return any ? asked_.front().word : 0;
        case length: return any ? asked_.front().octets : 0;
        case octets: return octets_;
        case value: return value_;
        case room: return room_;
        case enable: return enabled_;
        default: return 0;
    }
}

std::uint32_t data_device::read(unsigned bar, std::uint32_t offset, unsigned size, ps at) {
    if (bar != memory_bar) return register_at(offset & ~3u, at) >> (8 * (offset & 3u)) & (size >= 4 ? ~0u : (1u << (8 * size)) - 1);
    std::uint32_t v = 0;
    for (unsigned n = 0; n < size; ++n) v |= static_cast<std::uint32_t>(memory_.at(offset + n)) << 8 * n;
    return v;
}

void data_device::write(unsigned bar, std::uint32_t offset, unsigned size, std::uint32_t v, ps at) {
    if (bar == memory_bar) {
        for (unsigned n = 0; n < size; ++n) memory_.at(offset + n) = static_cast<std::uint8_t>(v >> 8 * n);
        return;
    }
    if (size != 4) return;
    if (offset == octets) octets_ = v;
    if (offset == value) value_ = v;
    if (offset == done) conclude(v, at);
    if (offset == enable) enabled_ = v & 1u, drive(at);
    if (offset != take || asked_.empty() || asked_.front().at >= at) return;
    asked_.pop_front();
    drive(at);
}

void data_device::conclude(std::uint32_t v, ps at) {
    const std::uint32_t place = v & places;
    if (place >= open_.size() || open_[place] != (set | (v >> 16 & numbers))) return;
    open_[place] = 0;
    answers_.add();
    if (user_) user_->concluded({place, (v & set) != 0, octets_, value_}, at);
}

pci::answer data_device::respond(unsigned bar, std::uint32_t offset, bool write) {
    return bar == memory_bar ? pci::answer{} : function::respond(bar, offset, write);
}

void data_device::reset(pci::reset_kind how, ps at) {
    if (how == pci::reset_kind::power_up) std::fill(memory_.begin(), memory_.end(), std::uint8_t{0});
    asked_.clear();
    std::fill(open_.begin(), open_.end(), 0);
    octets_ = value_ = 0;
    enabled_ = false;
    drive(at);
    if (user_) user_->forgotten(at);
}

}  // namespace nicteam::secondary
