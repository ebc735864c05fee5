#include "nicteam/check/snapshot.h"

#include <algorithm>
#include <stdexcept>

namespace nicteam::check {
namespace {

void settle_all(sim::session& s, ps now) {
    for (sim::bound_metric& m : s.metrics())
        if (m.settle) m.settle(now);
}

// The value below which the given share of the samples lies, from bucket counts: the same rule as histogram::percentile.
struct bucket_counts {
    const histogram& now;
    const histogram* before;
    std::uint64_t of(unsigned b) const { return now.counts()[b] - (before ? before->counts()[b] : 0); }
};

std::int64_t upper_edge(unsigned bucket) {
    if (bucket < 64) return bucket;
    const unsigned top = bucket / 32 + 4;
    const std::uint64_t low = static_cast<std::uint64_t>(32 + bucket % 32) << (top - 5);
    return static_cast<std::int64_t>(low + (1ull << (top - 5)) - 1);
}
std::int64_t lower_edge(unsigned bucket) { return bucket ? upper_edge(bucket - 1) + 1 : 0; }

void fill(report::metric_value& v, const histogram& now, const histogram* before) {
    v.total = now.count() - (before ? before->count() : 0);
    v.sum = now.sum() - (before ? before->sum() : 0);
    if (v.total == 0) return;
    if (!before || before->count() == 0) {
        v.least = now.least();
        v.greatest = now.greatest();
        v.p50 = now.percentile(50, 100);
        v.p90 = now.percentile(90, 100);
        v.p99 = now.percentile(99, 100);
        v.p999 = now.percentile(999, 1000);
        return;
    }
    const bucket_counts counts{now, before};
    const auto percentile = [&](unsigned num, unsigned den) {
        const auto rank = static_cast<std::uint64_t>((static_cast<__int128>(v.total) * num + den - 1) / den);
        std::uint64_t seen = 0;
        for (unsigned b = 0; b < histogram::buckets; ++b) {
            seen += counts.of(b);
            if (seen >= rank && seen > 0) return std::min(upper_edge(b), now.greatest());
        }
        return now.greatest();
    };
    unsigned first = 0;
    while (counts.of(first) == 0) ++first;
    v.least = std::max(lower_edge(first), now.least());
    v.p50 = percentile(50, 100);
    v.p90 = percentile(90, 100);
    v.p99 = percentile(99, 100);
    v.p999 = percentile(999, 1000);
    v.greatest = percentile(1, 1);
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
        const auto* before = since.taken_ ? &since.values_[i] : nullptr;
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
            fill(v, *m.as_histogram, before ? &std::get<histogram>(*before) : nullptr);
        }
        all.push_back(std::move(v));
    }
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return all;
}

}  // namespace nicteam::check
