#include "scenario/notes/detector_notes.h"

#include <fmt/format.h>

namespace nicteam::scenario {
namespace {

// Media sense that takes the drivers' word, and drivers that look more seldom.
std::string word_comes_late(const component& team, const resolved& r) {
    if (!team.integer("miimon") || !team.integer("use_carrier")) return "";
    std::string who, latest;
    ps late = team.integer("miimon");
    for (const std::string& path : team.list("members")) {
        const component* nic = r.find(path);
        if (!nic || nic->kind->name != std::string("nic") || nic->integer("driver.link_poll") <= team.integer("miimon")) continue;
        who += (who.empty() ? "" : ", ") + nic->name;
        if (nic->integer("driver.link_poll") > late) late = nic->integer("driver.link_poll");
    }
    if (who.empty()) return "";
    return fmt::format("{}: media sense takes the drivers' word (use_carrier), and that of {} looks at the link every {} at most (driver.link_poll): "
                       "a lost link may be known so late, whatever miimon says",
                       team.path, who, format_quantity(quantity::time, late));
}

}  // namespace

std::vector<std::string> detector_notes(const resolved& r) {
    std::vector<std::string> notes;
    for (const component* team : r.of_kind("team"))
        if (std::string n = word_comes_late(*team, r); !n.empty()) notes.push_back(std::move(n));
    return notes;
}

}  // namespace nicteam::scenario
