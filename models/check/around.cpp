#include "check/around.h"

#include <algorithm>

namespace nicteam::check {
namespace {

constexpr ps most_steps = 160, least_aside = 6;      // of a picture; on each side of the silences, which take half of it at most

}  // namespace

stretch stretch_around(const std::vector<report::gap>& gaps, ps fault, ps decided, ps begin, ps end) {
    stretch s;
    ps low = fault, high = decided == never ? 0 : decided, usual = 0, shortest = never, edge = 0, cost = -1;
    for (const report::gap& g : gaps) {
        low = std::min(low, g.last);
        high = std::max(high, g.over() ? g.first : end);
        usual = std::max(usual, g.usual);
        const ps length = (g.over() ? g.first : end) - g.last;
        if (length > 2 * g.usual) shortest = std::min(shortest, length);
        if (g.cost() > cost) cost = g.cost(), edge = g.last;
    }
    if (gaps.empty() || begin >= end) return s;
    const ps span = std::max(high - low, ps{1});
    if (!usual) usual = span / 16 + 1;
    // In frames of the slowest flow.
    ps frames = 1;
    if (shortest != never) frames = std::max({shortest / 8 / usual, std::min(shortest / 2 / usual, ps{2}), ps{1}});
    frames = std::max(frames, (span / (most_steps / 2) + usual - 1) / usual);
    const ps step = frames * usual;
    const ps aside = std::max(least_aside * step, span / 4);
    const ps earliest = std::max(low - aside, begin), latest = std::min(std::max(high, low) + aside, end);
    const ps back = (edge - earliest) / step;
    s.steps = {edge - back * step, step};
    s.count = static_cast<std::size_t>(std::max((latest - s.steps.from) / step, ps{0}));
    return s;
}

std::vector<std::uint64_t> octets_in(const stretch& s, const std::vector<arrived>& all, ps usual) {
    std::vector<std::uint64_t> octets(s.count);
    const ps until = s.steps.from + static_cast<ps>(s.count) * s.steps.step;
    for (std::size_t n = 0; n < all.size() && s.count; ++n) {
        const arrived& a = all[n];
        const ps took = std::max(std::min(n ? a.at - all[n - 1].at : usual, usual), ps{1}), begin = a.at - took;
        const auto by = [&](ps t) { return static_cast<std::uint64_t>(static_cast<__int128>(a.octets) * (std::clamp(t, begin, a.at) - begin) / took); };
        if (a.at <= s.steps.from) continue;
        if (begin >= until) break;
        ps from = std::max(begin, s.steps.from);
        for (auto k = static_cast<std::size_t>((from - s.steps.from) / s.steps.step); k < s.count && from < a.at; ++k) {
            const ps next = s.steps.from + static_cast<ps>(k + 1) * s.steps.step;
            octets[k] += by(next) - by(from);
            from = next;
        }
    }
    return octets;
}

}  // namespace nicteam::check
