#include "scenario/running/events.h"

#include <fmt/format.h>

namespace nicteam::scenario {

event_watch::event_watch(const resolved& r, sim::session& session, ps from) : from_(from) {
    for (const component* c : r.of_kind("expect"))
        if (c->given("event")) watched_.emplace(c, watched{path_pattern(c->text("event"), r), {}});
    if (watched_.empty()) return;
    for (sim::probe& p : session.probes()) listen(p);
    session.observe(this);
}

event_watch::~event_watch() {
    for (watched_probe& w : probes_)
        if (w.probe->sink == &w) w.probe->sink = w.next;
}

void event_watch::listen(sim::probe& p) {
    watched_probe w;
    const auto look_for = [&](const std::string& path, std::uint64_t value) {
        for (auto& [expect, e] : watched_)
            if (e.pattern.matches(path)) w.states.push_back({value, &e.what});
    };
    if (p.info->bits == 1) look_for(p.path, 1);
    if (p.info->bits == 0)
        for (std::uint64_t n = 0; p.info->states && p.info->states[n]; ++n) look_for(p.path + "." + p.info->states[n], n);
    if (w.states.empty()) return;
    w.watch = this;
    w.probe = &p;
    w.next = p.sink;
    probes_.push_back(std::move(w));
    p.sink = &probes_.back();
}

void event_watch::watched_probe::change(const sim::probe& p, ps past, std::uint64_t v) {
    if (next) next->change(p, past, v);
    if (v == value) return;
    value = v;
    for (const state& s : states)
        if (s.value == v) watch->note(*s.who, past);
}

void event_watch::packet(const void* row, const char* name, const std::string& where, ps at) {
    const auto [it, fresh] = met_.try_emplace({row, &where});
    if (fresh)
        for (auto& [expect, e] : watched_)
            if (e.pattern.matches(where + "." + name)) it->second.push_back(&e.what);
    for (seen* s : it->second) note(*s, at);
}

// Reports of several components may come out of order.
void event_watch::note(seen& s, ps at) const {
    if (at < from_) return;
    ++s.total;
    if (s.first == never || at < s.first) s.first = at;
    if (s.last == never || at > s.last) s.last = at;
}

void event_watch::settle(ps now) {
    for (watched_probe& w : probes_)
        if (w.probe->settle) w.probe->settle(now);
}

}  // namespace nicteam::scenario
