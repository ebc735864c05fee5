#include "check/around.h"

#include <algorithm>

namespace nicteam::check {
namespace {

constexpr ps most_steps = 160, least_aside = 6;      // of a picture; on each side of the silences, which take half of it at most

}  // namespace

stretch stretch_around(const std::vector<report::gap>& gaps, ps fault, ps decided, ps begin, ps end) {
    stretch s;
    ps low = fault, high = decided == never ? 0 : decided, usual = 0, shortest = never, middle = 0, cost = -1;
    for (const report::gap& g : gaps) {
        low = std::min(low, g.last);
        high = std::max(high, g.over() ? g.first : end);
        usual = std::max(usual, g.usual);
        const ps length = (g.over() ? g.first : end) - g.last;
        if (length > 2 * g.usual) shortest = std::min(shortest, length);
        if (g.cost() > cost) cost = g.cost(), middle = g.last + g.usual / 2;
    }
    if (gaps.empty() || begin >= end) return s;
    const ps span = std::max(high - low, ps{1});
    if (!usual) usual = span / 16 + 1;
    // In frames of the slowest flow. One alone would be none or two where frames waver.
    ps frames = 1;
    if (shortest != never) frames = std::max({shortest / 8 / usual, std::min(shortest / 2 / usual, ps{2}), ps{1}});
    frames = std::max(frames, (span / (most_steps / 2) + usual - 1) / usual);
    const ps step = frames * usual;
    const ps aside = std::max(least_aside * step, span / 4);
    // The edges lie so that the last frame before the silence stands in the middle between two of them, or what is usual of one.
    const ps earliest = std::max(low - aside, begin), latest = std::min(std::max(high, low) + aside, end);
    const ps back = (middle - earliest) / step;
    s.steps = {middle - back * step, step};
    s.count = static_cast<std::size_t>(std::max((latest - s.steps.from) / step, ps{0}));
    return s;
}

std::vector<std::uint64_t> octets_in(const stretch& s, const std::vector<arrived>& all) {
    std::vector<std::uint64_t> octets(s.count);
    for (const arrived& a : all) {
        if (a.at < s.steps.from) continue;
        const auto n = static_cast<std::size_t>((a.at - s.steps.from) / s.steps.step);
        if (n >= s.count) break;
        octets[n] += a.octets;
    }
    return octets;
}

}  // namespace nicteam::check
