// Whether the books of a host can be believed. A descriptor, a pointer or a status word that crosses a bus other than it was (wrong data, an
// abort that nobody is told of behind a bridge, a posted write that is lost, an answer to somebody before) makes a device do what no software asked for, or
// software believe what no device did: packets are sent twice or never, stored where nobody looks. From then on the host is in doubt,
// and who lets go of a packet asks where it really is; if nobody has it, it ends there, with that reason. For observers only.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include "nicteam/base/frame.h"
#include "nicteam/base/tables.h"
#include "nicteam/base/time.h"

namespace nicteam::sim {

class session;
class station;

class doubt {
public:
    doubt(session& s, std::string host) : session_(s), host_(std::move(host)) {}

    void lies_behind(const std::string& bus, const std::string& above) { above_[bus] = above; }    // elaboration: a bridge
    void raise(const std::string& bus) { from_.insert(bus); }      // devices on it, and on those behind it, may be misled
    bool raised() const { return !from_.empty(); }
    bool reaches(std::string bus) const;

    // `last` has let go of the packet: it ends there unless somebody has it or it is over. Nothing without doubt.
    void settle(trace_id id, const station& last, const outcome_info& why, ps at) const {
        if (raised() && id) look_for(id, last, why, at);
    }
    // In doubt, and the packet is over, or in the hands of somebody outside the host: what is sent under its name is another.
    bool has_left(trace_id id) const { return raised() && id && left(id); }
    // In doubt, and the packet has ended.
    bool over(trace_id id) const { return raised() && id && ended(id); }

private:
    void look_for(trace_id, const station& last, const outcome_info&, ps at) const;
    bool left(trace_id) const;
    bool ended(trace_id) const;
    bool held(trace_id, const std::function<bool(const station&)>& by) const;

    session& session_;
    std::string host_;
    std::set<std::string> from_;
    std::map<std::string, std::string> above_;
};

}  // namespace nicteam::sim
