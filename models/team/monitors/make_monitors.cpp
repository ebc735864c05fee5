#include <algorithm>

#include "team/monitors/monitors.h"

namespace nicteam::team {

ps monitor_interval(const monitor_config& c) { return c.miimon; }

std::vector<std::unique_ptr<monitor>> make_monitors(const monitor_config& c) {
    std::vector<std::unique_ptr<monitor>> out;
    if (c.miimon) out.push_back(make_media(c));
    return out;
}

std::vector<team_problem> problems_of(const monitor_config& c, const mode_config&, const std::vector<std::string>& given, const std::vector<described_member>&) {
    std::vector<team_problem> out;
    const auto is_given = [&](const char* key) { return std::find(given.begin(), given.end(), key) != given.end(); };
    for (const char* key : {"updelay", "downdelay", "use_carrier"})
        if (!c.miimon && is_given(key)) out.push_back({key, "it is of media sense, which is off: `miimon` is 0"});
    return out;
}

}  // namespace nicteam::team
