#include "nicteam/sim/doubt.h"

#include <algorithm>

#include "nicteam/sim/session.h"

namespace nicteam::sim {

bool doubt::reaches(std::string bus) const {
    while (!from_.count(bus)) {
        const auto up = above_.find(bus);
        if (up == above_.end()) return false;
        bus = up->second;
    }
    return true;
}

bool doubt::ended(trace_id id) const {
    const auto& observers = session_.observers();
    return std::any_of(observers.begin(), observers.end(), [id](const packet_observer* o) { return o->over(id); });
}

bool doubt::held(trace_id id, const std::function<bool(const station&)>& by) const {
    bool found = false;
    for (const station& s : session_.stations())
        if (by(s)) s.claims([&](trace_id held) { found |= held == id; });
    return found;
}

void doubt::look_for(trace_id id, const station& last, const outcome_info& why, ps at) const {
    if (!ended(id) && !held(id, [](const station&) { return true; })) last.ended(id, why, at);
}

bool doubt::left(trace_id id) const {
    return ended(id) || held(id, [this](const station& s) { return s.path.compare(0, host_.size() + 1, host_ + ".") != 0; });
}

}  // namespace nicteam::sim
