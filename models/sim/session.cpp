#include "nicteam/sim/session.h"

#include <algorithm>
#include <stdexcept>

namespace nicteam::sim {
namespace {
session* innermost = nullptr;

template <class T>
void sort_by_path(std::deque<T>& d) {
    std::stable_sort(d.begin(), d.end(), [](const T& a, const T& b) { return a.path < b.path; });
}
}  // namespace

session::session(std::uint64_t seed) : seed_(seed), outer_(innermost) { innermost = this; }
session::~session() { innermost = outer_; }

session& session::current() {
    if (!innermost) throw std::logic_error("no session: make a nicteam::sim::session before the model");
    return *innermost;
}

counter& session::bind_counter(const std::string& path, const metric_info& i, std::function<void(ps)> settle) {
    counters_.emplace_back();
    metrics_.push_back({path, &i, &counters_.back(), nullptr, nullptr, std::move(settle)});
    return counters_.back();
}

level& session::bind_level(const std::string& path, const metric_info& i, std::function<void(ps)> settle) {
    levels_.emplace_back();
    metrics_.push_back({path, &i, nullptr, &levels_.back(), nullptr, std::move(settle)});
    return levels_.back();
}

histogram& session::bind_histogram(const std::string& path, const metric_info& i) {
    histograms_.emplace_back();
    metrics_.push_back({path, &i, nullptr, nullptr, &histograms_.back(), {}});
    return histograms_.back();
}

probe& session::bind_probe(const std::string& path, const probe_info& i) {
    probes_.emplace_back();
    probes_.back().path = path;
    probes_.back().info = &i;
    return probes_.back();
}

capture_point& session::bind_capture(const std::string& path, const capture_info& i) {
    captures_.emplace_back();
    captures_.back().path = path;
    captures_.back().info = &i;
    return captures_.back();
}

void session::bind_fault(const std::string& path, const fault_info& i, fault_port::action a) {
    faults_.push_back({path, &i, std::move(a)});
}

station& session::bind_station(const std::string& path) {
    stations_.emplace_back();
    stations_.back().path = path;
    stations_.back().observers = &observers_;
    return stations_.back();
}

doubt& session::doubt_of_host(const std::string& path) { return doubts_.try_emplace(path, *this, path).first->second; }

void session::settle_order() {
    // Components hold references into the deques: what is looked up by path is sorted through an index, never moved.
    std::vector<station*> order;
    for (station& s : stations_) order.push_back(&s);
    std::stable_sort(order.begin(), order.end(), [](const station* a, const station* b) { return a->path < b->path; });
    std::uint32_t number = 0;
    for (station* s : order) s->number = ++number;
    sort_by_path(metrics_);   // rows of pointers: safe to move
    sort_by_path(faults_);
}

std::vector<shadow::range>::const_iterator shadow::find(std::uint64_t address) const {
    const range* const r = ranges_.data() + latest_;
    if (latest_ >= ranges_.size() || r->end <= address || (latest_ > 0 && r[-1].end > address)) {
        const auto found = std::partition_point(ranges_.begin(), ranges_.end(), [address](const range& r) { return r.end <= address; });
        latest_ = static_cast<std::size_t>(found - ranges_.begin());
    }
    return ranges_.begin() + static_cast<std::ptrdiff_t>(latest_);
}

void shadow::mark(std::uint64_t address, std::uint32_t octets, trace_id id) {
    if (octets == 0) return;
    const std::uint64_t end = address + octets;
    const auto from = find(address);
    if (from != ranges_.end() && from->id == id && from->first <= address && end <= from->end) return;
    auto to = from;
    while (to != ranges_.end() && to->first < end) ++to;

    // What is left of the ranges in between, around the new one; neighbours of one id are one range.
    range pieces[3];
    std::size_t n = 0;
    const auto put = [&](const range& r) {
        if (n && pieces[n - 1].id == r.id && pieces[n - 1].end == r.first) pieces[n - 1].end = r.end;
        else pieces[n++] = r;
    };
    if (from != to && from->first < address) put({from->first, address, from->id});
    if (id) put({address, end, id});
    if (from != to && (to - 1)->end > end) put({end, (to - 1)->end, (to - 1)->id});

    const auto old = static_cast<std::size_t>(to - from), kept = std::min(old, n);
    const auto next = std::copy(pieces, pieces + kept, ranges_.begin() + (from - ranges_.cbegin()));
    if (n > kept) ranges_.insert(next, pieces + kept, pieces + n);
    else ranges_.erase(next, next + static_cast<std::ptrdiff_t>(old - kept));
}

trace_id shadow::at(std::uint64_t address) const {
    const auto r = find(address);
    return r != ranges_.end() && r->first <= address ? r->id : 0;
}

void shadow::each(std::uint64_t address, std::uint64_t octets, const std::function<void(trace_id, std::uint32_t)>& to) const {
    const std::uint64_t end = address + octets;
    for (auto r = find(address); r != ranges_.end() && r->first < end; ++r)
        to(r->id, static_cast<std::uint32_t>(std::min(r->end, end) - std::max(r->first, address)));
}

bool shadow::any(std::uint64_t address, std::uint64_t octets) const {
    const auto r = find(address);
    return octets && r != ranges_.end() && r->first < address + octets;
}

}  // namespace nicteam::sim
