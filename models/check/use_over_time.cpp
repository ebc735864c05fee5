#include "check/use_over_time.h"

#include <algorithm>

namespace nicteam::check {
namespace {

sim::bound_metric* find(sim::session& s, const std::string& path) {
    for (sim::bound_metric& m : s.metrics())
        if (m.path == path) return &m;
    return nullptr;
}

std::int64_t count(const sim::bound_metric* m) { return m ? static_cast<std::int64_t>(m->as_counter->value()) : 0; }

}  // namespace

use_over_time::use_over_time(sim::session& s, const std::vector<watched_bus>& buses, const std::vector<watched_wire>& wires,
                             const std::vector<watched_cpu>& cpus) {
    for (const watched_bus& b : buses) add(s, b.bus->name(), b.bus->clock().period());
    for (const watched_cpu& c : cpus) add(s, c.path);
    for (const watched_wire& w : wires)
        for (const char* way : {".a_to_b", ".b_to_a"}) add(s, w.cable->name() + std::string(way));
    for (const watched_wire& w : wires) {
        const std::string contended = w.cable->name() + std::string(".contended");
        sim::bound_metric* m = find(s, contended);
        if (!m) continue;
        source one;
        one.path = contended, one.busy = m;
        all_.push_back(std::move(one));
    }
    for (const watched_wire& w : wires)
        if (!w.medium.empty() && !of(w.medium)) add(s, w.medium);
}

void use_over_time::add(sim::session& s, const std::string& path, ps idle_clock) {
    source x;
    x.path = path;
    x.busy = find(s, path + ".busy");
    if (!x.busy) return;
    x.idle_clock = idle_clock;
    x.contended = find(s, path + ".contended");
    if (idle_clock) x.tenures = find(s, path + ".tenures"), x.back_to_back = find(s, path + ".back_to_back");
    all_.push_back(std::move(x));
}

// As resources_of() counts them.
ps use_over_time::so_far(const source& x, ps at) {
    if (x.busy->settle) x.busy->settle(at);
    const std::int64_t tenures = count(x.tenures), follow = std::min(tenures, count(x.back_to_back));
    const ps busy = x.busy->as_level ? static_cast<ps>(x.busy->as_level->integral(at)) : static_cast<ps>(x.busy->as_counter->value());
    if (x.contended && x.contended->settle) x.contended->settle(at);
    return busy + count(x.contended) + (tenures - follow) * x.idle_clock;
}

void use_over_time::begin(ps from) {
    from_ = from;
    ends_.clear();
    for (source& x : all_) {
        x.before = so_far(x, from);
        x.used.clear();
    }
}

void use_over_time::sample(ps at, ps step) {
    step_ = step;
    if (at <= (ends_.empty() ? from_ : ends_.back())) return;
    ends_.push_back(at);
    for (source& x : all_) {
        const ps now = so_far(x, at);
        x.used.push_back(now - x.before);
        x.before = now;
    }
}

const std::vector<ps>* use_over_time::of(const std::string& path) const {
    const auto it = std::find_if(all_.begin(), all_.end(), [&](const source& x) { return x.path == path; });
    return it == all_.end() ? nullptr : &it->used;
}

void use_over_time::give(report::run_result& result, const std::vector<watched_wire>& wires) const {
    for (const bounds::resource& r : result.resources) {
        report::use_series u{r.path, step_, {}};
        for (std::size_t n = 0; n < ends_.size(); ++n) {
            ps used = INT64_MAX;
            if (const auto* own = of(r.path)) used = (*own)[n];
            for (const watched_wire& w : wires) {
                if (r.kind != "medium" || medium_of(w) != r.path || of(r.path)) continue;
                const std::string name = w.cable->name();
                const auto* contended = of(name + ".contended");
                used = std::min(used, (*of(name + ".a_to_b"))[n] + (*of(name + ".b_to_a"))[n] + (contended ? (*contended)[n] : 0));
            }
            const ps length = ends_[n] - (n ? ends_[n - 1] : from_);
            // What is told of late (the gap behind a frame, the last clock of a tenure) may belong to the interval before.
            if (used != INT64_MAX) u.use.push_back(static_cast<std::uint32_t>(static_cast<__int128>(used) * report::use_series::whole / length));
        }
        if (!u.use.empty()) result.use_over_time.push_back(std::move(u));
    }
}

}  // namespace nicteam::check
