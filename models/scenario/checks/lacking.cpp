#include "scenario/language/lacking.h"

#include <fmt/format.h>

#include "scenario/checks/identities.h"
#include "scenario/reading/steps.h"

namespace nicteam::scenario {

// What was not asked for has been set to what there is (assign.cpp).
void check_lacking(const resolved& r, problems& found) {
    for (const component* nic : r.of_kind("nic")) {
        if (nic->text("identity") != "82557") continue;
        for (const lacking& l : of_an_82557) {
            const setting& s = *nic->find(fmt::format("driver.{}", l.key));
            if (s.given() && (s.value.integer != 0) != l.only)
                refuse_of_identity(*nic, s, fmt::format("{}", s.value.integer != 0), l.why, fmt::format("{}", l.only), but_an_82557(), found);
        }
    }
}

}  // namespace nicteam::scenario
