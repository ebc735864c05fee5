// What contradicts itself, though each value alone is good.
#include <map>

#include <fmt/format.h>

#include "scenario/steps.h"

namespace nicteam::scenario {
namespace {

position place_of(const component& c, std::string_view key) {
    const setting* s = c.find(key);
    return s && s->given() ? s->at : c.at;
}

void check_links(const resolved& r, problems& found) {
    std::map<std::string, const setting*> plugged;
    for (const component* link : r.of_kind("link")) {
        if (link->given("a") && link->text("a") == link->text("b") && r.find(link->text("a"))) {
            found.add(place_of(*link, "b"), fmt::format("link.b = \"{}\": is the end a of {} as well", link->text("b"), link->name));
            continue;
        }
        for (const char* key : {"a", "b"}) {
            const setting* end = link->find(key);
            const component* c = end->given() ? r.find(end->value.text) : nullptr;
            if (!c || std::string_view(c->kind->name) == "repeater") continue;
            const auto [it, fresh] = plugged.emplace(c->path, end);
            if (!fresh)
                found.add(end->at,
                          fmt::format("link.{} = \"{}\": is plugged into a link already, {}", key, c->path, found.where(it->second->at)));
        }
    }
    for (const char* kind : {"peer", "repeater"})
        for (const component* c : r.of_kind(kind)) {
            bool linked = false;
            for (const component* link : r.of_kind("link")) linked |= link->text("a") == c->path || link->text("b") == c->path;
            if (!linked && !c->path.empty()) found.add(c->at, fmt::format("{}: {} is at the end of no link", kind, c->path));
        }
}

void check_slots(const resolved& r, problems& found) {
    for (const component* bus : r.of_kind("bus")) {
        std::map<std::int64_t, const component*> taken;
        unsigned devices = 0;
        for (const component& c : r.components) {
            if (c.parent != bus || !c.find("slot")) continue;
            if (++devices == 21) found.add(c.at, fmt::format("{}: is the 21st device on {}; allowed: 20", c.path, bus->path));
            if (!c.given("slot")) continue;
            const auto [it, fresh] = taken.emplace(c.integer("slot"), &c);
            if (!fresh)
                found.add(place_of(c, "slot"), fmt::format("{}.slot = {}: {} is in this slot already, {}", c.kind->name, c.integer("slot"),
                                                           it->second->path, found.where(place_of(*it->second, "slot"))));
        }
    }
}

void check_hosts(const resolved& r, problems& found) {
    for (const component* host : r.of_kind("host")) {
        bool cpu = false;
        const component* nic = nullptr;
        for (const component& c : r.components) {
            cpu |= c.parent == host && std::string_view(c.kind->name) == "cpu";
            if (!nic && c.parent && c.parent->parent == host && std::string_view(c.kind->name) == "nic") nic = &c;
        }
        if (nic && !cpu)
            found.add(host->at, fmt::format("host: {} has a nic, {}, but no cpu to drive it; add [[cpu]] with host = \"{}\"", host->path,
                                            nic->path, host->path));
    }
}

void check_times(const resolved& r, problems& found) {
    const std::int64_t duration = r.top.integer("duration"), warm_up = r.top.integer("warm_up");
    if (warm_up >= duration)
        found.add(place_of(r.top, r.top.given("warm_up") ? "warm_up" : "duration"),
                  fmt::format("warm_up = {}: leaves nothing of the duration, {}", r.top.find("warm_up")->value.text,
                              r.top.find("duration")->value.text));
    for (const component& c : r.components) {
        const setting *from = c.find("from"), *until = c.find("until");
        if (from && until && until->given() && until->value.integer <= from->value.integer)
            found.add(until->at, fmt::format("{} = {}: is not after {}.from = {}", label(c, *until), until->value.text, c.kind->name,
                                             from->value.text));
    }
}

}  // namespace

void check_topology(const resolved& r, problems& found) {
    check_links(r, found);
    check_slots(r, found);
    check_hosts(r, found);
    check_times(r, found);
}

}  // namespace nicteam::scenario
