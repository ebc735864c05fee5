#include "nicteam/check/admission.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "check/seen_packet.h"

namespace nicteam::check {

unsigned openings::of(trace_id id) const {
    const auto it = opened_.find(id);
    return it == opened_.end() ? 0 : it->second;
}

void openings::born(trace_id id, trace_id parent, const std::string&, std::uint32_t, ps) {
    if (!parent) return;
    child_of_[parent] = id;
    if (const unsigned n = of(parent)) opened_[id] = n;
}

void openings::ended(trace_id id, const outcome_info& o, const std::string&, ps) {
    const auto child = child_of_.find(id);
    if (child != child_of_.end()) {
        if (std::string_view(o.name) == "taken_off") opened_[child->second] = of(id) + 1;
        child_of_.erase(child);
    }
    opened_.erase(id);
}

void admission::rises(packet::octets datagram, trace_id id, ps at) {
    const auto s = see_packet(datagram);
    if (!s) return;
    const auto which = std::find_if(policies_.begin(), policies_.end(), [&](const ipsec::policy& p) { return meant(p.which, *s); });
    if (which == policies_.end() || which->action != ipsec::policy_action::protect || openings_.of(id)) return;
    breaches_.report(checker::admission, at,
                     fmt::format("packet {} rose above IPsec in {} as it came: {}; policy {} protects it", id_text(id), host_, s->text(), which->name));
}

}  // namespace nicteam::check
