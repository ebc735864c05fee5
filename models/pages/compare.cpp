#include "nicteam/pages/compare.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "nicteam/sweep/stored.h"
#include "pages/comparison.h"
#include "pages/tables.h"

namespace nicteam::pages {

std::size_t comparison::differing() const {
    const auto one = [](const difference& d) { return d.differs(); };
    const auto count = [&](const std::vector<difference>& all) { return std::count_if(all.begin(), all.end(), one); };
    return static_cast<std::size_t>(count(overall) + count(single));
}

std::size_t comparison::not_judged() const {
    const auto open = [](const difference& d) { return std::isnan(d.interval.half_width) && d.a != d.b; };
    return static_cast<std::size_t>(std::count_if(overall.begin(), overall.end(), open) + std::count_if(single.begin(), single.end(), open));
}

int status_of(const comparison& c) { return c.worse || c.differs() ? 1 : !c.compared && c.not_judged() ? 4 : 0; }

std::string conclusion(const comparison& c) {
    const std::size_t open = c.not_judged();
    std::string s = !c.worse ? "" : c.kind == "sweep" ? "B does not keep what A keeps. " : "B breaks an expectation that A keeps. ";
    if (!c.compared) return s + (open ? "Not judged: " + c.why_not : "What both tell is the same");
    s += c.differs() ? fmt::format("They differ in {} of {} comparison{}", c.differing(), c.compared, c.compared == 1 ? "" : "s")
                     : fmt::format("Nothing of what was judged shows that they differ ({} comparison{})", c.compared, c.compared == 1 ? "" : "s");
    if (open) s += fmt::format("; {} {} not judged: {}", open, open == 1 ? "value is" : "values are", c.why_not);
    return s;
}

double corrected(double confidence, std::size_t comparisons) { return 1 - (1 - confidence) / static_cast<double>(std::max<std::size_t>(comparisons, 1)); }

std::string between_text(double x, const std::string& unit) { return shown(x, unit == "%" ? "points" : unit); }

std::string change_text(const difference& d) {
    const double by = d.b - d.a;
    std::string text = (by > 0 ? "+" : "") + between_text(by, d.unit);
    if (d.a != 0 && std::isfinite(by / d.a)) text += fmt::format(" ({:+.3g}\u00a0%)", 100 * by / std::abs(d.a));
    return text;
}

std::string verdict_text(const difference& d) {
    if (std::isnan(d.interval.half_width)) return d.a == d.b ? "same" : "not judged";
    if (!d.stands_out()) return "no";
    if (!d.differs()) return "by itself only";
    const bool more = d.b > d.a;
    return d.wanted == 0 ? more ? "B is more" : "B is less" : (d.wanted > 0) == more ? "B is better" : "B is worse";
}

comparison compare(const std::string& a, const std::string& b, double confidence) {
    const bool sweep_a = sweep::is_sweep(a), sweep_b = sweep::is_sweep(b);
    if (sweep_a != sweep_b) throw not_comparable(fmt::format("{} is a sweep, {} is none", sweep_a ? a : b, sweep_a ? b : a));
    return sweep_a ? compare_sweeps(a, b, confidence) : compare_runs(a, b, confidence);
}

}  // namespace nicteam::pages
