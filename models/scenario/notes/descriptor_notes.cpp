#include "scenario/notes/descriptor_notes.h"

#include <fmt/format.h>

#include "nicteam/base/units.h"

namespace nicteam::scenario {
namespace {

struct names {
    const char *unit, *descriptor;
};
constexpr names names_of[] = {{"command unit", "command block"}, {"receive unit", "receive frame descriptor"}, {"receive unit", "receive buffer descriptor"}};

}  // namespace

std::string descriptor_note(const std::string& path, std::uint64_t stops, const nic::descriptor_stop& first) {
    const names& n = names_of[static_cast<unsigned>(first.what)];
    return fmt::format("{}: its {} stopped at {}: a link led to the {} at {:08X}h, which it had completed and nobody had handed over again{}", path,
                       n.unit, format_quantity(quantity::time, first.at), n.descriptor, first.address,
                       stops > 1 ? fmt::format("; {} such stops in all", stops) : "");
}

std::vector<std::string> descriptor_notes(const resolved& r, sim::session& s, const std::function<const nic::nic*(const std::string&)>& of) {
    std::vector<std::string> notes;
    for (const component* c : r.of_kind("nic")) {
        const nic::nic* n = of(c->path);
        if (!n || !n->first_descriptor_stop()) continue;
        for (const sim::bound_metric& m : s.metrics())
            if (m.as_counter && m.path == c->path + ".descriptor_stops")
                notes.push_back(descriptor_note(c->path, m.as_counter->value(), *n->first_descriptor_stop()));
    }
    return notes;
}

}  // namespace nicteam::scenario
