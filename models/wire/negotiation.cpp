#include "nicteam/wire/negotiation.h"

namespace nicteam::wire {
namespace {

using role = phy_setting::role;

struct mode {
    std::uint16_t bit;
    std::int64_t rate;
    bool full_duplex;
};
// Highest priority first (annex 28B.3; 100BASE-T4 is not there).
constexpr mode modes[] = {
    {full_100, 100'000'000, true},
    {half_100, 100'000'000, false},
    {full_10, 10'000'000, true},
    {half_10, 10'000'000, false},
};

constexpr unsigned found = half_10 | half_100;       // by parallel detection: only half duplex

const mode* best(unsigned abilities, std::int64_t rate) {
    for (const mode& m : modes)
        if (abilities & m.bit && m.rate <= rate) return &m;
    return nullptr;
}

bool has_rate(unsigned abilities, std::int64_t rate) {
    for (const mode& m : modes)
        if (abilities & m.bit && m.rate == rate) return true;
    return false;
}

}  // namespace

negotiated resolve(const phy_setting& self, const phy_setting& other, std::int64_t rate) {
    negotiated n;
    n.full_duplex = false;
    if (self.how == role::silent || other.how == role::silent) return n;
    const bool both = self.how == role::negotiates && other.how == role::negotiates;
    if (both) {
        n.partner_negotiates = true;
        n.partner = other.abilities;
    }
    const bool both_pause = self.abilities & other.abilities & pause_frames;
    if (rate != modes[0].rate && rate != modes[2].rate) {
        n.up = n.full_duplex = true;
        n.rate = rate;
        n.pause = both && both_pause;
        return n;
    }
    const mode* m = nullptr;
    if (both) {
        m = best(self.abilities & other.abilities, rate);
        n.full_duplex = m && m->full_duplex;
        n.pause = n.full_duplex && both_pause;
    } else if (self.how == role::forced) {
        m = best(self.abilities, rate);
        if (m && !has_rate(other.abilities & (other.how == role::forced ? +every_mode : found), m->rate)) m = nullptr;
        n.full_duplex = m && m->full_duplex;
    } else {
        m = best(other.abilities, rate);
        if (m && !has_rate(self.abilities & found, m->rate)) m = nullptr;
    }
    n.up = m;
    n.rate = m ? m->rate : 0;
    return n;
}

}  // namespace nicteam::wire
