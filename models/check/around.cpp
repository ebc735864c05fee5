#include "check/around.h"

#include <algorithm>

namespace nicteam::check {
namespace {

constexpr ps most_steps = 240, least_aside = 6;      // of a picture; usual spacings on each side of the silences

}  // namespace

stretch stretch_around(const std::vector<report::gap>& gaps, ps fault, ps decided, ps begin, ps end) {
    stretch s;
    ps low = fault, high = decided == never ? 0 : decided, usual = 0, cost = -1;
    const report::gap* worst = nullptr;
    for (const report::gap& g : gaps) {
        low = std::min(low, g.last);
        high = std::max(high, g.over() ? g.first : end);
        usual = std::max(usual, g.usual);
        if (g.cost() > cost) cost = g.cost(), worst = &g;
    }
    if (!worst || begin >= end) return s;
    const ps span = std::max(high - low, ps{1});
    const ps aside = std::max({least_aside * usual, span / 4, ps{1}});
    const ps earliest = std::max(low - aside, begin), latest = std::min(std::max(high, low) + aside, end);
    const ps longest = (latest - earliest) / most_steps + 1, silent = (worst->over() ? worst->first - 1 : end) - worst->last;
    const ps step = silent >= longest ? silent / (silent / longest + (silent % longest != 0)) : longest;
    s.steps = {worst->last - (worst->last - earliest) / step * step, step};
    s.count = static_cast<std::size_t>(std::max((latest - s.steps.from) / step, ps{0}));
    return s;
}

std::vector<std::uint64_t> octets_in(const stretch& s, const std::vector<arrived>& all, ps usual) {
    std::vector<std::uint64_t> octets(s.count);
    const ps until = s.steps.from + static_cast<ps>(s.count) * s.steps.step;
    const auto silence_before = [&](std::size_t n) { return n == 0 || n >= all.size() || all[n].at - all[n - 1].at > 2 * usual; };
    for (std::size_t n = 0; n < all.size() && s.count; ++n) {
        const arrived& a = all[n];
        ps begin = a.at, end = a.at;
        if (!silence_before(n)) begin = all[n - 1].at;
        else if (silence_before(n + 1)) end = a.at + std::max(usual, ps{1});                 // one by itself
        else continue;                                                                       // it ends the silence: what comes behind it has a spacing
        const ps took = std::max(end - begin, ps{1});
        const auto by = [&](ps t) { return static_cast<std::uint64_t>(static_cast<__int128>(a.octets) * (std::clamp(t, begin, begin + took) - begin) / took); };
        if (begin + took <= s.steps.from) continue;
        if (begin >= until) break;
        ps from = std::max(begin, s.steps.from);
        for (auto k = static_cast<std::size_t>((from - s.steps.from) / s.steps.step); k < s.count && from < begin + took; ++k) {
            const ps next = s.steps.from + static_cast<ps>(k + 1) * s.steps.step;
            octets[k] += by(next) - by(from);
            from = next;
        }
    }
    return octets;
}

}  // namespace nicteam::check
