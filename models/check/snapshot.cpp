#include "nicteam/check/snapshot.h"

#include <algorithm>
#include <stdexcept>

#include "nicteam/base/since_power_on.h"

namespace nicteam::check {
namespace {

void settle_all(sim::session& s, ps now) {
    for (sim::bound_metric& m : s.metrics())
        if (m.settle) m.settle(now);
}

}  // namespace

snapshot::snapshot(sim::session& s, ps now) : at_(now), taken_(true) {
    settle_all(s, now);
    for (const sim::bound_metric& m : s.metrics()) {
        if (m.as_counter) values_.emplace_back(*m.as_counter);
        else if (m.as_level) values_.emplace_back(*m.as_level);
        else values_.emplace_back(*m.as_histogram);
    }
}

std::vector<report::metric_value> difference(const snapshot& since, sim::session& s, ps now) {
    settle_all(s, now);
    if (since.taken_ && since.values_.size() != s.metrics().size()) throw std::logic_error("a metric was bound within the measuring window");
    std::vector<report::metric_value> all;
    std::size_t i = 0;
    for (const sim::bound_metric& m : s.metrics()) {
        const auto* before = since.taken_ && !since_power_on(*m.info) ? &since.values_[i] : nullptr;
        ++i;
        report::metric_value v;
        v.path = m.path;
        v.info = m.info;
        if (m.as_counter) {
            v.total = m.as_counter->value() - (before ? std::get<counter>(*before).value() : 0);
        } else if (m.as_level) {
            v.sum = m.as_level->integral(now) - (before ? std::get<level>(*before).integral(since.at_) : 0);
            v.greatest = m.as_level->highest();
            v.end = m.as_level->value();
        } else {
            v.take(before ? m.as_histogram->since(std::get<histogram>(*before)) : *m.as_histogram);
        }
        all.push_back(std::move(v));
    }
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return all;
}

}  // namespace nicteam::check
