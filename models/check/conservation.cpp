#include "nicteam/check/conservation.h"

#include <algorithm>

#include <fmt/format.h>

namespace nicteam::check {
namespace {

constexpr trace_id number_of(trace_id id) { return id & ((1ull << 40) - 1); }

bool bit(const std::vector<std::uint64_t>& v, trace_id n) { return n / 64 < v.size() && (v[n / 64] >> n % 64 & 1u); }

void set(std::vector<std::uint64_t>& v, trace_id n) {
    if (n / 64 >= v.size()) v.resize(n / 64 + 1 + v.size() / 2);
    v[n / 64] |= 1ull << n % 64;
}

}  // namespace

// Null for a number that no station gives.
conservation::history* conservation::of(trace_id id) {
    const std::uint64_t station = id >> 40;
    if (station >= most_stations || number_of(id) >= most_packets) return nullptr;
    if (station >= stations_.size()) stations_.resize(station + 1);
    return &stations_[station];
}

bool conservation::known(trace_id id) {
    const history* h = of(id);
    return h && bit(h->born, number_of(id));
}

bool conservation::over(trace_id id) const {
    const std::uint64_t station = id >> 40;
    return station < stations_.size() && bit(stations_[station].ended, number_of(id));
}

void conservation::breach(ps at, trace_id id, const std::string& what, const std::string& where) {
    breaches_.report(checker::conservation, at, fmt::format("packet {} {} in {}", id_text(id), what, where));
}

void conservation::born(trace_id id, trace_id parent, const std::string& where, std::uint32_t, ps at) {
    history* h = of(id);
    if (id == 0 || !h) return breach(at, id, "was born with a number that no station gives", where);
    if (bit(h->born, number_of(id))) return breach(at, id, "was born twice", where);
    if (parent && !known(parent)) breach(at, id, "comes from a packet that was never born, " + id_text(parent) + ",", where);
    set(h->born, number_of(id));
    ++born_;
    under_way_.insert(id, 0);
}

void conservation::passed(trace_id id, const stage_info& s, const std::string& where, ps at) {
    if (!known(id)) breach(at, id, fmt::format("passed {} but was never born,", s.name), where);
}

void conservation::ended(trace_id id, const outcome_info& o, const std::string& where, ps at) {
    if (!known(id)) return breach(at, id, fmt::format("ended as {} but was never born,", o.name), where);
    history* h = of(id);
    if (bit(h->ended, number_of(id))) return breach(at, id, fmt::format("ended a second time, as {},", o.name), where);
    set(h->ended, number_of(id));
    ++ended_;
    under_way_.erase(id);
}

void conservation::finish(ps end, sim::session& session, const place& last_place) {
    if (under_way_.size() != born_ - ended_)
        breaches_.report(checker::conservation, end,
                         fmt::format("{} packets were born, {} ended, but {} are under way", born_, ended_, under_way_.size()));
    report::id_table claimed;
    for (const sim::station& s : session.stations())
        s.claims([&](trace_id id) {
            if (id && claimed.find(id) == report::id_table::none) claimed.insert(id, 0);
        });
    std::vector<trace_id> vanished;
    under_way_.for_each([&](trace_id id, std::uint32_t) {
        if (claimed.find(id) == report::id_table::none) vanished.push_back(id);
    });
    std::sort(vanished.begin(), vanished.end());
    for (const trace_id id : vanished)
        breaches_.report(checker::conservation, end,
                         fmt::format("packet {} vanished: it has not ended and is nowhere{}", id_text(id),
                                     last_place ? ", last seen in " + last_place(id) : ""));
}

}  // namespace nicteam::check
