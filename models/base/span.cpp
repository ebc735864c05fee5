#include "nicteam/base/span.h"

#include <algorithm>
#include <stdexcept>

namespace nicteam {

void span::append(run r) {
    if (r.units == 0) return;
    if (r.stride < 0 || (r.stride == 0 && r.units > 1)) throw std::logic_error("span: a run must move forward in time");
    if (!runs_.empty()) {
        run& back = runs_.back();
        if (r.first <= back.last()) throw std::logic_error("span: a run must be later than all before it");
        // What continues in step joins the last run, unit by unit: equal times give equal lists, and short ones.
        const ps gap = r.first - back.last();
        if (back.units == 1 || back.stride == gap) {
            const bool all = r.units == 1 || r.stride == gap;
            const std::uint32_t joined = all ? r.units : 1;
            back.stride = gap;
            back.units += joined;
            units_ += joined;
            if (all) return;
            r.first += r.stride;
            r.units -= joined;
        }
    }
    if (r.units == 1) r.stride = 0;
    runs_.push_back(r);
    units_ += r.units;
}

void span::cut(ps at) {
    while (!runs_.empty() && runs_.back().first > at) {
        units_ -= runs_.back().units;
        runs_.pop_back();
    }
    if (runs_.empty() || runs_.back().last() <= at) return;
    run& r = runs_.back();
    const auto keep = static_cast<std::uint32_t>((at - r.first) / r.stride + 1);
    units_ -= r.units - keep;
    r.units = keep;
    if (keep == 1) r.stride = 0;
}

std::uint64_t span::passed_by(ps t) const {
    std::uint64_t n = 0;
    for (const run& r : runs_) {
        if (r.first > t) break;
        if (r.last() <= t) {
            n += r.units;
            continue;
        }
        return n + static_cast<std::uint64_t>((t - r.first) / r.stride + 1);
    }
    return n;
}

std::uint64_t span::passed(ps t) const { return passed_by(t - 1); }

ps span::when(std::uint64_t unit) const {
    if (unit >= units_) return never;
    for (const run& r : runs_) {
        if (unit < r.units) return r.first + r.stride * static_cast<ps>(unit);
        unit -= r.units;
    }
    return never;
}

ps when_filled(const span& in, unsigned in_bytes, std::uint64_t bytes) {
    if (bytes == 0) throw std::logic_error("when_filled: no byte asked for");
    return in.when((bytes - 1) / in_bytes);
}

std::uint64_t first_starved(const span& in, unsigned in_bytes, const span& out, unsigned out_bytes, std::uint64_t bytes) {
    std::uint64_t unit = 0;
    for (const run& r : out.runs()) {
        for (std::uint32_t k = 0; k < r.units;) {
            const std::uint64_t need = std::min<std::uint64_t>((unit + 1) * out_bytes, bytes);
            const std::uint64_t source = (need - 1) / in_bytes;
            if (in.when(source) >= r.first + r.stride * static_cast<ps>(k)) return unit;
            // All units fed by the same source unit are later, hence fed too.
            const std::uint64_t fed = std::min<std::uint64_t>((source + 1) * in_bytes, bytes);
            std::uint64_t next = fed / out_bytes;
            if (fed == bytes) next = out.units();
            if (next <= unit) next = unit + 1;
            const std::uint64_t step = std::min<std::uint64_t>(next - unit, r.units - k);
            unit += step;
            k += static_cast<std::uint32_t>(step);
        }
    }
    return out.units();
}

}  // namespace nicteam
