#include "nicteam/check/mii_pins.h"

#include <algorithm>

#include "nicteam/packet/fcs.h"

namespace nicteam::check {
namespace {

constexpr unsigned jam_octets = 4;
constexpr std::uint8_t preamble = 0x55, delimiter = 0xD5;  // IEEE 802.3 4.2.5, 4.2.6; lower bit first
constexpr ps octet_at_100 = 80'000, octet_at_10 = 800'000;

bool about(ps measured, ps nominal) { return measured > nominal / 4 * 3 && measured < nominal / 4 * 5; }

}  // namespace

mii_pins::mii_pins(const std::string& nic, sim::capture_point& wire, sim::probe& tx_active, sim::probe& rx_active, report::waveform_writer& out)
    : nic_(nic), out_(out), wire_(wire), tx_active_(tx_active), rx_active_(rx_active) {
    const auto line = [&](const char* name, unsigned bits = 1) {
        const variable v = out_.add(nic_ + ".mii." + name, bits);
        out_.change(v, 0, 0);
        return v;
    };
    tx_.clock = line("TX_CLK"), tx_.enable = line("TX_EN"), tx_.data = line("TXD", 4);
    rx_.clock = line("RX_CLK"), rx_.enable = line("RX_DV"), rx_.data = line("RXD", 4);
    rx_er_ = line("RX_ER"), crs_ = line("CRS"), col_ = line("COL");
    wire_.sinks.push_back(this);
}

mii_pins::~mii_pins() { wire_.sinks.erase(std::remove(wire_.sinks.begin(), wire_.sinks.end(), this), wire_.sinks.end()); }

// From the time that the frame took; 0 at a rate that MII has not.
ps mii_pins::octet_time(std::size_t octets, ps at, ps now) {
    if (octets < 16) return octet_;  // too short to tell
    const ps measured = (now - at) / static_cast<ps>(octets - 1);
    for (const ps nominal : {octet_at_100, octet_at_10})
        if (about(measured, nominal)) return octet_ = nominal;
    return 0;
}

void mii_pins::nibble(const pins& p, ps at, ps half, unsigned value) {
    out_.change(p.clock, at, 1);
    out_.change(p.data, at, value);
    out_.change(p.clock, at + half / 2, 0);
}

void mii_pins::take(const sim::capture_point&, const frame_ref& f, ps at, sim::direction way, const char* comment) {
    const bytes& data = f->data;
    if (data.empty() || at == never) return;
    packet::ensure_fcs(*f);  // it is computed when somebody looks
    const ps octet = octet_time(data.size(), at, sim::now()), half = octet / 2;
    if (octet == 0) {
        ++faster_;
        return;
    }
    const pins& p = way == sim::direction::out ? tx_ : rx_;
    ps edge = at - octet * (f->preamble_octets + 1);  // drives the first nibble
    const ps from = edge;
    out_.change(p.enable, edge, 1);
    const auto send = [&](std::uint8_t v) {
        nibble(p, edge, half, v & 15u);
        nibble(p, edge + half, half, v >> 4);
        edge += octet;
    };
    for (unsigned n = 1; n < f->preamble_octets; ++n) send(preamble);
    send(delimiter);
    for (const std::uint8_t v : data) send(v);
    nibble(p, edge, half, 0);  // samples the last nibble
    out_.change(p.enable, edge, 0);
    carrier_.push_back({from, edge});
    if (way != sim::direction::out || !comment || std::string(comment) != "collision") return;
    out_.change(col_, edge - octet * jam_octets, 1);
    out_.change(col_, edge, 0);
}

// A frame that has not ended began with its direction's activity; its first nibble is driven an octet earlier.
ps mii_pins::settle(ps now, bool last) {
    ps safe = last ? now : now - octet_at_10;
    for (const activity* a : {&tx_active_, &rx_active_})
        if (a->since != never) safe = std::min(safe, a->since - octet_at_10);
    safe = std::max<ps>(0, safe);
    std::sort(carrier_.begin(), carrier_.end(), [](const busy& a, const busy& b) { return a.from < b.from; });
    std::size_t n = 0;
    while (n < carrier_.size()) {  // one rise and fall for all that overlap
        busy all = carrier_[n];
        std::size_t next = n + 1;
        for (; next < carrier_.size() && carrier_[next].from <= all.until; ++next) all.until = std::max(all.until, carrier_[next].until);
        if (all.until >= safe && !last) break;  // more may come that overlaps it
        out_.change(crs_, all.from, 1);
        out_.change(crs_, all.until, 0);
        n = next;
    }
    carrier_.erase(carrier_.begin(), carrier_.begin() + static_cast<std::ptrdiff_t>(n));
    // What is held back here is drawn later, at its own time.
    return carrier_.empty() ? safe : std::min(safe, carrier_.front().from);
}

}  // namespace nicteam::check
