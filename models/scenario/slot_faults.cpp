// Faults of slots: nothing is taken out of an empty one, nothing put into a full one, nothing taken out twice. No model is built.
#include <algorithm>

#include <fmt/format.h>

#include "nicteam/base/time.h"
#include "nicteam/scenario/pattern.h"
#include "scenario/steps.h"
#include "scenario/values.h"

namespace nicteam::scenario {
namespace {

struct absence {
    const component* fault;
    ps from, until;
};

}  // namespace

void check_slot_faults(const resolved& r, problems& found) {
    for (const component& device : r.components) {
        const setting* present = device.find("present");
        if (!present || device.path.empty()) continue;
        const bool there = present->value.integer != 0;
        std::vector<absence> before;
        for (const component* f : r.of_kind("fault")) {
            const std::string& what = f->text("what");
            if ((what != "removed" && what != "inserted") || !f->given("at") || !path_pattern(f->text("at"), r).matches(device.path)) continue;
            const setting& at = *f->find("what");
            if (there != (what == "removed")) {
                found.add(at.at, there ? fmt::format("fault.what = \"inserted\": {} is in its slot from the start (present = true)", device.path)
                                       : fmt::format("fault.what = \"removed\": the slot of {} is empty from the start (present = false); what `inserted` put in "
                                                     "goes when that ends", device.path));
                continue;
            }
            const absence a{f, f->integer("from"), f->given("for") ? f->integer("from") + f->integer("for") : never};
            const auto twice = std::find_if(before.begin(), before.end(), [&](const absence& b) { return a.from <= b.until && b.from <= a.until; });
            if (twice != before.end())
                found.add(at.at, fmt::format("fault.what = \"{}\": {} of {} is {} already by {}, {}", what, f->name, device.path, what, twice->fault->name,
                                             found.where(twice->fault->find("what")->at)));
            before.push_back(a);
        }
    }
}

}  // namespace nicteam::scenario
