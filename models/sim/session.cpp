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

void shadow::mark(std::uint64_t address, std::uint32_t octets, trace_id id) {
    const std::uint64_t end = address + octets;
    auto it = ranges_.upper_bound(address);
    if (it != ranges_.begin()) --it;
    while (it != ranges_.end() && it->first < end) {
        if (it->second.end <= address) {
            ++it;
            continue;
        }
        const range old = it->second;
        const std::uint64_t first = it->first;
        it = ranges_.erase(it);
        if (first < address) ranges_[first] = {address, old.id};
        if (old.end > end) it = ranges_.insert_or_assign(end, range{old.end, old.id}).first;
    }
    if (id && octets) ranges_[address] = {end, id};
}

trace_id shadow::at(std::uint64_t address) const {
    auto it = ranges_.upper_bound(address);
    if (it == ranges_.begin()) return 0;
    --it;
    return address < it->second.end ? it->second.id : 0;
}

}  // namespace nicteam::sim
