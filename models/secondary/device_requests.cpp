#include "secondary/device_requests.h"

#include <algorithm>
#include <utility>

#include "nicteam/host/costs.h"
#include "nicteam/ipsec/process.h"

namespace nicteam::secondary {
namespace {

constexpr std::uint32_t nobody = ~0u;
constexpr unsigned bar_0 = 0x10, bar_1 = 0x14;           // PCI 2.2, 6.1
constexpr std::uint32_t answered = data_device::places | data_device::numbers << 16;

}  // namespace

device_requests::device_requests(const sc_core::sc_object& owner, const host::place& p, crypto_service& s, driver::job_service work, unsigned places, std::uint32_t room,
                                 std::function<state::handle(bool)> session, bool found)
    : place_(p), service_(s), work_(work), room_(room), session_(std::move(session)), found_(found), by_(s.add_requester(owner, *this)) {
    for (unsigned n = 0; n < places; ++n) all_.push_back(std::make_unique<asked>());
    if (p.slots) p.slots->tell(p.bus, p.device, *this);
    p.cpu->attach(p.interrupts->line_of(p.bus, p.device), *this);
}

void device_requests::begin() {
    const auto first = [this](host::cpu& c) { find(c); };
    if (place_.boot) place_.boot->then(*place_.cpu, first);
    else place_.cpu->post(0, first);
}

void device_requests::find(host::cpu& c) {
    const unsigned device = place_.bus << 5 | place_.device;
    if (c.read_configuration(device, 0x00, 2) == 0xFFFF) return;                    // nobody there: PCI 2.2, 6.1
    registers_ = c.read_configuration(device, bar_0, 4) & ~0xFu;
    memory_ = c.read_configuration(device, bar_1, 4) & ~0xFu;
    c.write(registers_ + data_device::enable, 4, 1);
}

// What is to be done beside the device waits for the CPU's main loop.
bool device_requests::interrupt(host::cpu& c) {
    if (!registers_) return false;
    c.spend(host::of(host::cost::driver_interrupt));
    bool any = false;
    for (;;) {
        const std::uint32_t word = c.read(registers_ + data_device::request, 4);
        if (word == nobody || !(word & data_device::set)) return any;
        const std::uint32_t octets = c.read(registers_ + data_device::length, 4);
        c.write(registers_ + data_device::take, 4, 1);
        any = true;
        place_.cpu->post(c.now(), [this, word, octets](host::cpu& k) { submit(k, word, octets); });
    }
}

void device_requests::submit(host::cpu& c, std::uint32_t word, std::uint32_t octets) {
    const std::uint32_t n = word & data_device::places;
    if (n >= all_.size() || !octets || octets > room_) return;                      // no request: it went away while it was read
    asked& a = *all_[n];
    if (a.busy) {
        a.next = word;
        a.next_octets = octets;
        return;
    }
    c.spend(host::of(host::cost::driver_request));
    a.busy = true;
    a.word = word;
    task& t = a.task;
    t.service = work_;
    t.inbound = word & data_device::inbound;
    if (work_ == driver::job_service::ipsec) t.association = session_(t.inbound);
    if (!found_) t.allowed = 0;                          // the crypto API knows nobody for it
    t.in_device = true;
    t.source = memory_ + std::uint64_t{2} * n * room_;
    t.destination = t.source + room_;
    t.length = octets;
    t.room = room_;
    service_.submit(c, by_, t);
}

void device_requests::finished(host::cpu& c, task& t) {
    const auto at = std::find_if(all_.begin(), all_.end(), [&](const auto& a) { return &a->task == &t; });
    place_.cpu->post(c.now(), [this, &a = **at](host::cpu& k) { tell(k, a); });
}

void device_requests::tell(host::cpu& c, asked& a) {
    const task& t = a.task;
    a.busy = false;
    if (const std::uint32_t next = std::exchange(a.next, 0)) return submit(c, next, a.next_octets);
    if (!registers_) return;
    const bool good = t.result == driver::status::done && t.verdict == static_cast<std::uint8_t>(ipsec::outcome::done);
    c.write(registers_ + data_device::octets, 4, good ? t.written : 0);
    c.write(registers_ + data_device::value, 4, static_cast<std::uint32_t>(t.sequence));
    c.write(registers_ + data_device::done, 4, (a.word & answered) | (good ? data_device::set : 0));
}

}  // namespace nicteam::secondary
