// What was asked of a device that it has not, and does without: lines for the notes of a run.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

// What the driver of an 82557 does whatever is asked: it has neither memory write and invalidate nor extended transmit commands (SDM 6.4.2.3).
struct forced {
    const char* key;
    const char* written;
    std::int64_t value;
    const char* why;
};
inline constexpr forced of_an_82557[] = {
    {"driver.write_and_invalidate", "false", 0, "an 82557 writes without invalidating"},
    {"driver.standard_tcb", "true", 1, "an 82557 has no other transmit commands"},
};

std::vector<std::string> device_notes(const resolved&);

}  // namespace nicteam::scenario
