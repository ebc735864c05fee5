#include "scenario/notes/interrupt_notes.h"

#include <fmt/format.h>

namespace nicteam::scenario {

std::vector<std::string> interrupt_notes(const resolved& r, sim::session& session) {
    std::vector<std::string> notes;
    for (const component* host : r.of_kind("host"))
        for (const sim::bound_metric& m : session.metrics())
            if (m.path == host->path + ".interrupts.given_up" && m.as_counter && m.as_counter->value())
                notes.push_back(fmt::format("{}: nobody served {}, which {} given up: devices there are asked every "
                                            "interrupts.unserved_poll from then on", host->path,
                                            m.as_counter->value() == 1 ? "an interrupt line" : fmt::format("{} interrupt lines", m.as_counter->value()),
                                            m.as_counter->value() == 1 ? "was" : "were"));
    return notes;
}

}  // namespace nicteam::scenario
