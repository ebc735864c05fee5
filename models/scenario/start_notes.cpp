#include "scenario/start_notes.h"

#include <fmt/format.h>

namespace nicteam::scenario {

std::vector<std::string> start_notes(const resolved& r, sim::session& s) {
    std::vector<std::string> notes;
    if (r.top.text("start") != "cold") return notes;
    const auto at = [&](const std::string& path) -> std::string {
        for (const sim::bound_metric& m : s.metrics())
            if (m.path == path && m.as_counter && m.as_counter->value())
                return format_quantity(quantity::time, static_cast<ps>(m.as_counter->value()) / microsecond * microsecond);
        return {};
    };
    for (const component* c : r.of_kind("nic")) {
        const std::string ready = at(c->path + ".driver.ready_at"), up = at(c->path + ".link_at"), seen = at(c->path + ".driver.link_at");
        notes.push_back(fmt::format("{}: {}; {}{}", c->path, ready.empty() ? "never became ready" : "ready at " + ready, up.empty() ? "its link never came up" : "link up at " + up,
                                    up.empty() ? "" : seen.empty() ? ", which its driver has not seen" : ", seen by its driver at " + seen));
    }
    return notes;
}

}  // namespace nicteam::scenario
