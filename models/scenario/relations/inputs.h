// Which keys name files that a run reads.
#pragma once

#include <string_view>

#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

// The component's own such key, given; else null.
inline const setting* input_of(const component& c) {
    constexpr struct { std::string_view kind; const char* key; } all[] = {{"replay", "file"}, {"nic", "eeprom"}, {"port", "replay"}};
    for (const auto& i : all)
        if (i.kind == c.kind->name) {
            const setting* s = c.find(i.key);
            return s->value.text.empty() ? nullptr : s;
        }
    return nullptr;
}
inline setting* input_of(component& c) { return const_cast<setting*>(input_of(static_cast<const component&>(c))); }

}  // namespace nicteam::scenario
