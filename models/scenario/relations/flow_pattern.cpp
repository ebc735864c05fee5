#include "scenario/relations/flow_pattern.h"

#include <algorithm>

#include <fmt/format.h>

#include "scenario/language/values.h"

namespace nicteam::scenario {

flow_pattern::flow_pattern(const std::string& text, const resolved& r)
    : sender_(text.substr(0, text.find(between))), receiver_(text.substr(text.find(between) + 4)), from_(sender_, r), to_(receiver_, r) {}

std::string flow_pattern::lacking(const std::vector<std::string>& places) const {
    const auto none = [&](const path_pattern& wanted) {
        return std::none_of(places.begin(), places.end(), [&](const std::string& p) { return wanted.matches(p); });
    };
    for (const auto& [name, wanted] : {std::pair{&sender_, &from_}, std::pair{&receiver_, &to_}})
        if (none(*wanted)) return fmt::format("\"{}\" matches no component{}", *name, did_you_mean(*name, places));
    return "";
}

}  // namespace nicteam::scenario
