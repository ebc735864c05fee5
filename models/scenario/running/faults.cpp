#include "scenario/running/faults.h"

#include <limits>

#include <fmt/format.h>

#include "nicteam/scenario/pattern.h"
#include "scenario/building/build_error.h"
#include "scenario/language/values.h"

namespace nicteam::scenario {

fault_time_line::fault_time_line(sc_core::sc_module_name name, const resolved& r, sim::session& session)
    : sc_module(name), faults_(collect(r, session)), counts_(faults_.size()), agenda_("agenda", *this, static_cast<unsigned>(2 * faults_.size())) {
    for (std::size_t n = 0; n < faults_.size(); ++n) {
        agenda_.set(static_cast<unsigned>(2 * n), faults_[n].from);
        agenda_.set(static_cast<unsigned>(2 * n + 1), faults_[n].until);
    }
}

std::vector<fault_time_line::fault> fault_time_line::collect(const resolved& r, sim::session& session) {
    std::vector<fault> all;
    for (const component* c : r.of_kind("fault")) {
        fault f{{}, 0, c->integer("from"), never, never, 1};
        if (c->given("for")) f.until = f.from + c->integer("for");
        if (c->given("every")) {
            f.every = c->integer("every");
            f.times = c->given("times") ? static_cast<std::uint64_t>(c->integer("times")) : std::numeric_limits<std::uint64_t>::max();
        }
        const path_pattern at(c->text("at"), r);
        for (sim::fault_port& port : session.faults())
            if (c->text("what") == port.info->name && at.matches(port.path)) f.ports.push_back(&port);
        // A component's fault may be bound within it: the target of a nic is its device.
        if (f.ports.empty())
            for (sim::fault_port& port : session.faults())
                if (const component* owner = r.owner_of(port.path); owner && c->text("what") == port.info->name && at.matches(owner->path))
                    f.ports.push_back(&port);
        if (f.ports.empty())
            throw build_error(c->find("at")->at,
                              fmt::format("fault.at = \"{}\": {} befalls nothing there", c->text("at"), c->text("what")));
        std::string why;
        const char* unit = f.ports[0]->info->unit;
        if (c->given("amount") && !parse_in_unit(quantity_of_unit(unit), unit, c->text("amount"), f.amount, why))
            throw build_error(c->find("amount")->at, fmt::format("fault.amount = \"{}\": {}", c->text("amount"), why));
        all.push_back(std::move(f));
    }
    return all;
}

void fault_time_line::due(unsigned slot, ps at) {
    const fault& f = faults_[slot / 2];
    for (sim::fault_port* port : f.ports) port->act(slot % 2 == 0, f.amount, at);
    if (++counts_[slot / 2].of[slot % 2] < f.times) agenda_.set(slot, at + f.every);
}

}  // namespace nicteam::scenario
