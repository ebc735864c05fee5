#include "scenario/priorities.h"

#include <fmt/format.h>

#include "scenario/steps.h"

namespace nicteam::scenario {

void check_priorities(const resolved& r, problems& found) {
    for (const component* nic : r.of_kind("nic"))
        for (const priority_key& k : priority_keys) {
            const setting& s = *nic->find(fmt::format("driver.{}", k.key));
            if ((nic->text("identity") == "82557") == k.of_an_82557 || s.value.integer == k.off) continue;
            found.add(s.at, fmt::format("{} = {}: {}; allowed: {}, or another identity", label(*nic, s), s.value.integer, k.why, k.off));
        }
}

}  // namespace nicteam::scenario
