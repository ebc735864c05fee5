// Checksums left to a controller that inserts none, or has no blocks to ask it.
#include <fmt/format.h>

#include "scenario/reading/steps.h"

namespace nicteam::scenario {

void check_checksum_offload(const resolved& r, problems& found) {
    for (const component* c : r.of_kind("nic")) {
        const setting& on = *c->find("driver.checksum_offload");
        if (!on.value.integer) continue;
        const auto refuse = [&](const std::string& why) { found.add(on.given() ? on.at : c->at, fmt::format("{} = true: {}", label(*c, on), why)); };
        if (c->text("identity") != "82550")
            refuse(fmt::format("{} neither inserts nor verifies checksums; allowed: false, or identity = \"82550\"", c->text("identity")));
        else if (c->integer("driver.standard_tcb")) refuse("it wants extended transmit commands; allowed: false, or driver.standard_tcb = false");
    }
}

}  // namespace nicteam::scenario
