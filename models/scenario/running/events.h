// Counts events for expectations: packets that pass a stage or end, states that a probe enters, bits that rise. Nothing is
// watched that no [[expect]] asks for.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "nicteam/scenario/pattern.h"
#include "nicteam/scenario/resolved.h"
#include "nicteam/sim/session.h"

namespace nicteam::scenario {

class event_watch : private sim::packet_observer {
public:
    struct seen {
        std::uint64_t total = 0;
        ps first = never, last = never;  // never: it did not happen
    };

    // After every other observer of probes is attached. `from`: what happened before is left out.
    event_watch(const resolved&, sim::session&, ps from);
    ~event_watch() override;
    const seen& of(const component& expect) const { return watched_.at(&expect).what; }
    void settle(ps now);  // before the counts are read

private:
    struct watched {
        path_pattern pattern;
        seen what;
    };
    struct state {
        std::uint64_t value;
        seen* who;
    };
    struct watched_probe : sim::probe_sink {
        void change(const sim::probe&, ps past, std::uint64_t v) override;
        event_watch* watch = nullptr;
        sim::probe* probe = nullptr;
        sim::probe_sink* next = nullptr;  // who listened before
        std::uint64_t value = 0;
        std::vector<state> states;
    };

    void born(trace_id, trace_id, const std::string&, std::uint32_t, ps) override {}
    void passed(trace_id, const stage_info& s, const std::string& where, ps at) override { packet(&s, s.name, where, at); }
    void ended(trace_id, const outcome_info& o, const std::string& where, ps at) override { packet(&o, o.name, where, at); }
    void crossed(trace_id, const std::string&, std::uint32_t, ps) override {}

    void listen(sim::probe&);
    void packet(const void* row, const char* name, const std::string& where, ps at);
    void note(seen&, ps at) const;

    ps from_;
    std::map<const component*, watched> watched_;
    std::deque<watched_probe> probes_;
    std::map<std::pair<const void*, const std::string*>, std::vector<seen*>> met_;
};

}  // namespace nicteam::scenario
