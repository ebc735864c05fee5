#include "nic/registers/wake_up.h"

#include <algorithm>

#include "nic/registers/identities.h"

namespace nicteam::nic {
namespace {

enum pmdr_bit : std::uint8_t { link_bit = 0x80, magic_bit = 0x40, pme_bit = 0x01 };
constexpr unsigned since_generation = 2;
constexpr std::size_t address_octets = 6, repeats = 16, magic_octets = address_octets * (1 + repeats);

}  // namespace

bool is_magic(const frame& f, const address_filter::mac& address) {
    const auto end = f.data.end();
    for (auto at = f.data.begin(); static_cast<std::size_t>(end - at) >= magic_octets; ++at) {
        if (!std::all_of(at, at + address_octets, [](std::uint8_t b) { return b == 0xFF; })) continue;
        bool all = true;
        for (std::size_t n = 1; all && n <= repeats; ++n) all = std::equal(address.begin(), address.end(), at + static_cast<std::ptrdiff_t>(n * address_octets));
        if (all) return true;
    }
    return false;
}

wake_up::wake_up(chip& c, receiver& r) : chip_(c) {
    r.on_asleep([this](const frame& f, ps at) {
        if (!chip_.setup.get(field::mac_enable) || chip_.setup.get(field::magic_disable) || f.data.size() < magic_octets) return;
        if (chip_.filter.match(f.data.data(), chip_.setup) != address_match::none && is_magic(f, chip_.filter.individual())) event(magic_bit, at);
    });
}

void wake_up::link_changed(ps at) {
    if (chip_.setup.get(field::link_wake)) event(link_bit, at);
}

// Shows behind the edge that sees it: never at an edge, where software looks.
void wake_up::event(std::uint8_t why, ps at) {
    if (info_of(chip_.config.identity).generation < since_generation) return;
    fresh_ |= why;
    if (chip_.timers.planned(wake_timer) == never) chip_.timers.set(wake_timer, chip_.bus.clock().at_or_after(at) + 1);
}

void wake_up::happened() {
    events_ |= std::exchange(fresh_, std::uint8_t{0});
    chip_.bus.set_power_event(true);
    update();
}

void wake_up::update() {
    const pci::configuration_space& c = chip_.bus.configuration();
    const bool was = std::exchange(pme_, c.power_event_enabled() && c.power_event());
    if (pme_ && !was) chip_.count.pme.add();
}

void wake_up::reset(bool keeps_events) {
    chip_.timers.clear(wake_timer);
    fresh_ = 0;
    if (!keeps_events) events_ = 0;
    update();
}

std::uint8_t wake_up::status() const { return static_cast<std::uint8_t>(events_ | (chip_.bus.configuration().power_event() ? pme_bit : pmdr_bit{})); }

void wake_up::acknowledge(std::uint8_t v) {
    events_ = static_cast<std::uint8_t>(events_ & ~v);
    if (v & pme_bit) chip_.bus.set_power_event(false);
    update();
}

}  // namespace nicteam::nic
