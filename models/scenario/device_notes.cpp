#include "scenario/device_notes.h"

#include <fmt/format.h>

#include "scenario/steps.h"

namespace nicteam::scenario {

std::vector<std::string> device_notes(const resolved& r) {
    std::vector<std::string> notes;
    for (const component* bus : r.of_kind("bus"))
        if (bus->given("behind") && bus->text("width") == "64")
            notes.push_back(fmt::format("{}: carries 32 bits: {} is a 32-bit bridge on both its sides and drives no ACK64#", bus->path, bus->text("behind")));
    for (const component* nic : r.of_kind("nic")) {
        if (nic->text("identity") != "82557") continue;
        for (const forced& f : of_an_82557)
            if (const setting& s = *nic->find(f.key); s.given() && s.value.integer != f.value)
                notes.push_back(fmt::format("{}: {} = {} is not used: {}", nic->path, f.key, s.written, f.why));
    }
    return notes;
}

}  // namespace nicteam::scenario
