// Values that must differ from component to component and were left out: slots, MAC and IPv4 addresses. In scenario order.
#include <cstring>
#include <map>
#include <set>

#include <fmt/format.h>

#include "nicteam/base/random_stream.h"
#include "scenario/language/lacking.h"
#include "scenario/language/values.h"
#include "scenario/reading/steps.h"
#include "scenario/relations/networks.h"
#include "scenario/relations/teams.h"

namespace nicteam::scenario {
namespace {

setting* find(component& c, std::string_view key) { return const_cast<setting*>(c.find(key)); }

void make(setting& s, const std::string& text, std::int64_t number) {
    s.value.text = text;
    s.value.integer = number;
    s.written = text;
    s.from = origin::made;
}

void assign_slots(resolved& r) {
    std::map<const component*, std::set<std::int64_t>> taken;
    for (const component& c : r.components)
        if (const setting* s = c.find("slot"); s && s->given()) taken[c.parent].insert(s->value.integer);
    for (component& c : r.components) {
        setting* s = find(c, "slot");
        if (!s || s->given()) continue;
        std::int64_t slot = 1;
        while (!taken[c.parent].insert(slot).second) ++slot;
        make(*s, std::to_string(slot), slot);
    }
}

// A cold start is the times of power-up, wherever the scenario does not say otherwise.
void assign_cold(resolved& r) {
    if (r.top.text("start") != "cold") return;
    constexpr ps after_the_links = 3 * second;      // and after the drivers' first look at them
    if (setting* s = find(r.top, "traffic_start"); !s->given()) make(*s, "3 s", after_the_links);
    constexpr std::int64_t timed = 1, full = 1;     // places in the lists of choices
    for (component& c : r.components) {
        if (setting* s = find(c, "negotiation"); s && !s->given()) make(*s, "timed", timed);
        if (setting* s = find(c, "driver.bring_up"); s && !s->given()) make(*s, "full", full);
    }
}

// The kept configuration says what is used.
void assign_identity(resolved& r) {
    for (component& c : r.components) {
        if (const setting* identity = c.find("identity"); !identity || identity->value.text != "82557") continue;
        for (const lacking& l : of_an_82557)
            if (setting* s = find(c, fmt::format("driver.{}", l.key)); s && !s->given() && (s->value.integer != 0) != l.only)
                make(*s, l.only ? "true" : "false", l.only);
    }
}

bool sends(const component& c) {
    const std::string_view kind = c.kind->name;
    return kind == "traffic" || kind == "connections" || kind == "replay" || kind == "ping" || kind == "crypto_load" || kind == "remote_load";
}

void assign_starts(resolved& r) {
    const setting& begin = *r.top.find("traffic_start");
    for (component& c : r.components) {
        if (!sends(c) && std::string_view(c.kind->name) != "port") continue;
        if (setting* s = find(c, "start"); s && !s->given()) make(*s, begin.value.text, begin.value.integer);
    }
}

// What is measured begins with the first traffic: the silence before it would only dilute every rate and utilisation.
void assign_window(resolved& r) {
    setting* warm_up = find(r.top, "warm_up");
    if (warm_up->given()) return;
    const setting* first = nullptr;
    for (component& c : r.components) {
        if (!sends(c)) continue;
        if (const setting* s = find(c, "start"); s && (!first || s->value.integer < first->value.integer)) first = s;
    }
    if (first && first->value.integer < r.end()) make(*warm_up, first->value.text, first->value.integer);
}

// Each traffic has a UDP port of its own.
void assign_ports(resolved& r) {
    std::set<std::int64_t> taken;
    for (const component* c : r.of_kind("traffic"))
        if (c->given("source_port")) taken.insert(c->integer("source_port"));
    for (component& c : r.components) {
        if (std::string_view(c.kind->name) != "traffic" || c.given("source_port")) continue;
        setting& s = *find(c, "source_port");
        std::int64_t port = s.value.integer;
        if (c.text("ports") == "drawn") {
            random_stream from(static_cast<std::uint64_t>(r.top.integer("seed")), c.path, "port");
            do port = from.between(1024, 65535);
            while (taken.count(port) && taken.size() < 60'000);
        }
        while (!taken.insert(port).second) ++port;
        make(s, std::to_string(port), port);
    }
}

// The first of a component's pattern (one {} for 1, 2, 3 …) that nobody has.
template <class Pattern>
void assign_text(resolved& r, problems& found, std::initializer_list<const char*> keys, Pattern pattern) {
    std::map<std::string, const component*> taken;
    const auto bare = [](const std::string& s) { return s.substr(0, s.find('/')); };
    const auto each = [&](auto&& f) {
        for (component& c : r.components)
            for (const char* key : keys)
                if (const char* dot = std::strchr(key, '.');
                    std::string_view(c.kind->name) == std::string_view(key, static_cast<std::size_t>(dot - key)))
                    if (setting* s = find(c, dot + 1)) f(c, *s);
    };
    each([&](component& c, setting& s) {
        if (!s.given() || s.value.text.empty()) return;
        const auto [it, fresh] = taken.emplace(bare(s.value.text), &c);
        if (!fresh)
            found.add(s.at, fmt::format("{} = {}: is the address of {} already", label(c, s), quoted(s.value.text), it->second->path));
    });
    each([&](component& c, setting& s) {
        if (s.given() || pattern(c).empty()) return;
        for (int n = 1; n < 255; ++n) {
            const std::string text = fmt::format(fmt::runtime(pattern(c)), n);
            if (!taken.emplace(bare(text), &c).second) continue;
            const bool with_prefix = std::string_view(s.row->name) == "address";
            make(s, with_prefix ? text : bare(text), 0);
            return;
        }
        found.add(c.at, fmt::format("{}: all of 254 are taken", label(c, s)));
    });
}

// Its team has an address instead.
bool is_member(const component& c, const resolved& r) { return std::string_view(c.kind->name) == "nic" && team_of(c, r); }

}  // namespace

void assign(resolved& r, problems& found) {
    assign_slots(r);
    assign_ports(r);
    assign_cold(r);
    assign_identity(r);
    assign_starts(r);
    assign_window(r);
    assign_text(r, found, {"nic.mac", "peer.mac", "port.mac", "switch.mac"}, [](const component& c) {
        return std::string(std::string_view(c.kind->name) == "switch" ? "02:00:00:00:01:{:02x}" : "02:00:00:00:00:{:02x}");
    });
    for (component& c : r.components) {  // the address that the driver sets up is the EEPROM's
        setting* s = find(c, "driver.mac");
        if (s && !s->given()) make(*s, c.text("mac"), 0);
    }
    assign_security(r);
    const auto networks = networks_of(r);
    assign_text(r, found, {"nic.address", "team.address", "peer.ip", "port.ip"},
                [&](const component& c) { return is_member(c, r) ? std::string() : networks.at(&c) + "/24"; });
    for (component& c : r.components)        // a bump in the wire has its peer's
        if (setting* s = find(c, "ip"); s && !s->given() && c.parent) make(*s, c.parent->text("ip"), 0);
}

}  // namespace nicteam::scenario
