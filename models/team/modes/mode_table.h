// Which options a mode knows.
#pragma once

#include "nicteam/team/mode_config.h"

namespace nicteam::team {

constexpr unsigned mode_bit(mode_kind k) { return 1u << static_cast<unsigned>(k); }

struct mode_option {
    const char* key;
    unsigned modes;                               // mode_bit() of each that knows it
};
extern const table<mode_option> mode_options;     // every parameter but `mode`

bool knows(mode_kind, const std::string& key);    // true as well for keys that are no option of a mode

}  // namespace nicteam::team
