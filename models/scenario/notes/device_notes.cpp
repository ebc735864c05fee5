#include "scenario/notes/device_notes.h"

#include <fmt/format.h>

namespace nicteam::scenario {

std::vector<std::string> device_notes(const resolved& r) {
    std::vector<std::string> notes;
    for (const component* bus : r.of_kind("bus"))
        if (bus->given("behind") && bus->text("width") == "64")
            notes.push_back(fmt::format("{}: carries 32 bits: {} is a 32-bit bridge on both its sides and drives no ACK64#", bus->path, bus->text("behind")));
    return notes;
}

}  // namespace nicteam::scenario
