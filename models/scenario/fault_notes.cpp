#include "scenario/fault_notes.h"

#include <algorithm>

#include <fmt/format.h>

#include "nicteam/pci/parity.h"
#include "nicteam/scenario/pattern.h"

namespace nicteam::scenario {
namespace {

bool of_parity(const component& fault) {
    return std::any_of(std::begin(pci::parity_fault_rows), std::end(pci::parity_fault_rows), [&](const fault_info& f) { return fault.text("what") == f.name; });
}

}  // namespace

std::vector<std::string> fault_notes(const resolved& r) {
    std::vector<std::string> notes;
    for (const component* bus : r.of_kind("bus")) {
        const component* host = r.find(bus->text("host"));
        if (!host || host->integer("firmware.error_reporting")) continue;
        for (const component* f : r.of_kind("fault"))
            if (of_parity(*f) && path_pattern(f->text("at"), r).matches(bus->path)) {
                notes.push_back(fmt::format("{}: nobody reports the wrong parity of {}: {}.firmware.error_reporting = false, as after a reset", bus->path, f->name, host->path));
                break;
            }
    }
    return notes;
}

}  // namespace nicteam::scenario
