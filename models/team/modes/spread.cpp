#include "team/modes/spread.h"

namespace nicteam::team {

std::size_t spread_by_load::pick(const frame_view& f, const std::vector<unsigned>& usable, const members& all) {
    const auto earlier = [&](const member& a, const member& b) {           // (waiting + frame) / rate, across; a rate of 0 is never
        const auto left = static_cast<unsigned __int128>(a.waiting_octets + f.bytes) * static_cast<std::uint64_t>(b.rate);
        const auto right = static_cast<unsigned __int128>(b.waiting_octets + f.bytes) * static_cast<std::uint64_t>(a.rate);
        return left < right;
    };
    std::size_t best = turn_ % usable.size();
    for (std::size_t i = 1; i < usable.size(); ++i) {
        const std::size_t at = (turn_ + i) % usable.size();
        if (earlier(all[usable[at]], all[usable[best]])) best = at;
    }
    turn_ = best + 1;
    return best;
}

std::unique_ptr<spread> make_spread(const mode_config& c) {
    switch (c.balance) {
        case balance::round_robin: return std::make_unique<spread_in_turn>();
        case balance::load: return std::make_unique<spread_by_load>();
        case balance::hash: break;
    }
    return std::make_unique<spread_by_hash>(c.xmit_hash_policy);
}

}  // namespace nicteam::team
