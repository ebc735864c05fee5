#include "scenario/notes/flow_control.h"

#include <fmt/format.h>

#include "scenario/relations/link_duplex.h"

namespace nicteam::scenario {
namespace {

bool is(const component& c, const char* kind) { return std::string_view(c.kind->name) == kind; }

bool sends_pause(const component& nic) { return nic.integer("driver.flow_control"); }

bool takes_pause(const component& other) {
    if (is(other, "peer")) return other.integer("pause");
    return is(other, "nic") && other.text("identity") != "82557" && other.text("identity") != "82558";      // their PHYs offer none
}

}  // namespace

std::vector<std::string> flow_control_notes(const resolved& r, sim::session& s) {
    std::vector<std::string> notes;
    const auto count = [&](const std::string& path) -> std::uint64_t {
        for (const sim::bound_metric& m : s.metrics())
            if (m.path == path && m.as_counter) return m.as_counter->value();
        return 0;
    };
    for (const component* c : r.of_kind("nic")) {
        if (!sends_pause(*c)) continue;
        const std::uint64_t unheard = count(c->path + ".tx_pauses_unheard"), withheld = count(c->path + ".tx_pauses_withheld");
        const component* link = link_of(*c, r);
        const component* other = link ? other_end(*c, *link, r) : nullptr;
        const bool deaf = other && !takes_pause(*other);
        // An 82558's PHY offers none, but its Configure bits may take what comes.
        const bool takes_unasked = other && is(*other, "nic") && other->text("identity") == "82558" && sends_pause(*other);
        if (deaf && takes_unasked) {
            notes.push_back(
                fmt::format("{}: {} has not agreed to take PAUSE frames and takes them all the same: {} sent (tx_pauses_unheard)", c->path,
                            other->path, unheard));
            continue;
        }
        if (deaf || unheard)
            notes.push_back(fmt::format("{}: {} has not agreed to take PAUSE frames: {}", c->path, other ? other->path : "the other end",
                                        unheard ? fmt::format("{} stopped nobody (tx_pauses_unheard)", unheard) : "none was sent, and it would stop nobody"));
        if (withheld)
            notes.push_back(fmt::format("{}: {} PAUSE frames were asked for in half duplex, where there are none (tx_pauses_withheld)",
                                        c->path, withheld));
    }
    return notes;
}

}  // namespace nicteam::scenario
