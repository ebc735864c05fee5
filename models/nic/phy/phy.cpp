#include "nic/phy/phy.h"

namespace nicteam::nic {
namespace {

using wire::ability;

constexpr std::uint16_t selector = 0x0001;                // IEEE 802.3, annex 28A
constexpr std::uint16_t modes_and_pause = 0x07E0;         // of register 4
constexpr std::uint16_t acknowledge = 0x4000;             // of register 5
constexpr std::int64_t fast_rate = 100'000'000;

// number, reset value, writable bits, of them self-clearing, meaning, source
constexpr phy_register rows[] = {
    {0, 0x3000, 0xFF80, 0x8200,
     "control: reset 15, loopback 14, 100 Mb/s 13, autonegotiation 12, power down 11, isolate 10, restart autonegotiation 9, full duplex 8, collision test 7",
     "IEEE 802.3 22.2.4.1; 82555 reset value"},
    {1, 0x0009, 0, 0, "status: abilities 14:11, autonegotiation complete 5, link 2 (low until read once it was lost); autonegotiation 3, extended registers 0",
     "IEEE 802.3 22.2.4.2; 82555"},
    {2, 0x02A8, 0, 0, "identifier, upper half", "82555"},
    {3, 0x0154, 0, 0, "identifier, lower half", "82555"},
    {4, selector, 0x2000 | modes_and_pause, 0, "advertisement: remote fault 13, pause 10, modes 9:5; counts from the next start of autonegotiation",
     "IEEE 802.3 28.2.4.1.3"},
    {5, 0, 0, 0, "link partner: the word that it sent; its rate in half duplex if it was found by parallel detection", "IEEE 802.3 28.2.4.1.4, 28.2.3.1"},
    {6, 0, 0, 0, "expansion: a word was received 1 (until read), the partner negotiates 0", "IEEE 802.3 28.2.4.1.5"},
    {16, 0, 0, 0, "status: 100 Mb/s 1, full duplex 0", "82555"},
    {27, 0, 0x0007, 0, "what the LED pins show", "82555"},
};

const phy_register* row_of(unsigned number) {
    for (const phy_register& r : rows)
        if (r.number == number) return &r;
    return nullptr;
}

}  // namespace

const table<phy_register> phy_registers = rows;

bool phy::has(unsigned number) { return row_of(number); }

void phy::reset() {
    for (const phy_register& r : rows) registers_[r.number] = r.reset;
    registers_[phy_advertisement] = static_cast<std::uint16_t>(selector | abilities_);
    // 100BASE-TX full 14, half 13, 10BASE-T full 12, half 11: the modes of register 4 in another order.
    unsigned modes = 0;
    if (abilities_ & wire::full_100) modes |= 0x4000;
    if (abilities_ & wire::half_100) modes |= 0x2000;
    if (abilities_ & wire::full_10) modes |= 0x1000;
    if (abilities_ & wire::half_10) modes |= 0x0800;
    registers_[phy_status] = static_cast<std::uint16_t>(registers_[phy_status] | modes);
    offered_ = abilities_;
    lost_ = page_received_ = false;
}

std::uint16_t phy::read(unsigned number, const wire::negotiated& line) {
    if (!has(number)) return 0;
    std::uint16_t v = registers_[number];
    switch (number) {
    case phy_status:
        if (line.up && registers_[phy_control] & phy_negotiate) v |= 0x0020;
        if (line.up && !lost_) v |= 0x0004;
        lost_ = false;
        break;
    case phy_partner:
        if (!line.up) break;
        if (line.partner_negotiates) v = static_cast<std::uint16_t>(acknowledge | line.partner | selector);
        else if (registers_[phy_control] & phy_negotiate) v = line.rate >= fast_rate ? wire::half_100 : wire::half_10;
        break;
    case phy_expansion:
        if (line.up && line.partner_negotiates) v |= 0x0001;
        if (page_received_) v |= 0x0002;
        page_received_ = false;
        break;
    case phy_82555_status:
        if (line.up) v = static_cast<std::uint16_t>((line.rate >= fast_rate ? 2 : 0) | (line.full_duplex ? 1 : 0));
        break;
    default: break;
    }
    return v;
}

phy::written phy::write(unsigned number, std::uint16_t v) {
    const phy_register* r = row_of(number);
    if (!r || !r->writable) return written::nothing_there;
    const wire::phy_setting before = setting();
    const std::uint16_t asked = v & r->writable;
    registers_[number] = static_cast<std::uint16_t>((registers_[number] & ~r->writable) | (asked & ~r->self_clearing));
    if (number != phy_control) return written::taken;
    if (asked & phy_reset) {
        reset();
        return written::begins_anew;
    }
    if (asked & phy_negotiate && (asked & phy_restart || before.how != wire::phy_setting::role::negotiates)) offered_ = registers_[phy_advertisement] & modes_and_pause;
    return setting() != before || (asked & phy_negotiate && asked & phy_restart) ? written::begins_anew : written::taken;
}

void phy::changed(const wire::negotiated& line) {
    lost_ = true;                                // it was down, or is
    if (line.up && line.partner_negotiates) page_received_ = true;
}

wire::phy_setting phy::setting() const {
    using role = wire::phy_setting::role;
    const unsigned c = registers_[phy_control];
    if (!powered_ || c & (phy_power_down | phy_loopback)) return {role::silent, 0};
    if (c & phy_negotiate) return {role::negotiates, offered_};
    const ability mode = c & phy_fast ? (c & phy_full_duplex ? wire::full_100 : wire::half_100) : (c & phy_full_duplex ? wire::full_10 : wire::half_10);
    return {role::forced, mode};
}

}  // namespace nicteam::nic
