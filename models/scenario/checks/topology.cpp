// What contradicts itself, though each value alone is good.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "scenario/language/values.h"
#include "scenario/reading/steps.h"
#include "scenario/relations/parts.h"
#include "scenario/relations/place_of.h"
#include "scenario/relations/teams.h"

namespace nicteam::scenario {
namespace {

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
            if (!c || std::string_view(c->kind->name) == "repeater" || std::string_view(c->kind->name) == "switch") continue;
            const auto [it, fresh] = plugged.emplace(c->path, end);
            if (!fresh)
                found.add(end->at,
                          fmt::format("link.{} = \"{}\": is plugged into a link already, {}", key, c->path, found.where(it->second->at)));
        }
    }
    for (const component* link : r.of_kind("link"))
        for (const auto& [one, other] : {std::pair("a", "b"), std::pair("b", "a")}) {
            const component *port = r.find(link->text(one)), *hub = r.find(link->text(other));
            if (port && hub && std::string_view(port->kind->name) == "port" && std::string_view(hub->kind->name) == "repeater" && hub->text("duplex") == "half")
                found.add(place_of(*link, one), fmt::format("link.{} = \"{}\": a port is full duplex, and {} is not", one, port->path, hub->path));
        }
    for (const char* kind : {"peer", "repeater", "switch", "port"})
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
        if (host->path.empty()) continue;
        for (const auto& [kind, what] : {std::pair("cpu", "nobody runs its software"), std::pair("bus", "nothing can be plugged in")}) {
            bool there = false;
            for (const component* c : r.of_kind(kind)) there |= c->text("host") == host->path;
            if (!there)
                found.add(host->at, fmt::format("host: {0} has no {1}: {2}; add [[{1}]] with host = \"{0}\"", host->path, kind, what));
        }
        const component* first = nullptr;
        for (const component* c : r.of_kind("cpu")) {
            if (c->text("host") != host->path) continue;
            if (!first) first = c;
            else if (c->integer("clock") != first->integer("clock"))
                found.add(place_of(*c, "clock"), fmt::format("cpu.clock = {}: differs from {}'s; allowed: the CPUs of a host have one clock",
                                                             c->find("clock")->value.text, first->path));
        }
    }
}

void check_repeaters(const resolved& r, problems& found) {
    for (const component* repeater : r.of_kind("repeater")) {
        const std::int64_t ports = repeater->integer("ports");
        std::int64_t used = 0;
        const component* first = nullptr;
        for (const component* link : r.of_kind("link"))
            for (const char* key : {"a", "b"}) {
                if (repeater->path.empty() || link->text(key) != repeater->path) continue;
                if (++used == ports + 1)
                    found.add(place_of(*link, key),
                              fmt::format("link.{} = \"{}\": all {} ports of it are taken (repeater.ports)", key, repeater->path, ports));
                if (!first) first = link;
                if (link->integer("rate") != first->integer("rate"))
                    found.add(place_of(*link, "rate"), fmt::format("link.rate = {}: {} joins links of one rate, and that of {} is {}",
                                                                   link->find("rate")->value.text, repeater->path, first->path,
                                                                   first->find("rate")->value.text));
            }
    }
}

// A PCI-to-PCI bridge leads to one bus of the same host, and from every bus there is a way up to the host.
void check_bridges(const resolved& r, problems& found) {
    std::map<std::string, const component*> led_to;
    for (const component* bus : r.of_kind("bus")) {
        const component* bridge = bus->given("behind") ? r.find(bus->text("behind")) : nullptr;
        if (!bridge || std::string_view(bridge->kind->name) != "pci_bridge") continue;
        const position at = place_of(*bus, "behind");
        if (host_of(bridge) != host_of(bus)) found.add(at, fmt::format("bus.behind = \"{}\": belongs to another host", bridge->path));
        const auto [it, fresh] = led_to.emplace(bridge->path, bus);
        if (!fresh) found.add(at, fmt::format("bus.behind = \"{}\": leads to {} already", bridge->path, it->second->path));
        std::size_t steps = 0;
        const component* up = bus;
        while (up && up->given("behind") && steps++ < r.components.size()) {
            const component* over = r.find(up->text("behind"));
            up = over && over->kind == bridge->kind ? over->parent : nullptr;      // what else it may be told of is an error of its own
        }
        if (up && up->given("behind")) found.add(at, fmt::format("bus.behind = \"{}\": is itself behind {}", bridge->path, bus->path));
        for (const setting& s : bus->settings)
            if (s.from == origin::file && std::string_view(s.section->name) == "bridge")
                found.add(s.at, fmt::format("bus.bridge.{}: {} is behind {}, not behind the host's own bridge", s.row->name, bus->path, bridge->path));
    }
    for (const component* bridge : r.of_kind("pci_bridge"))
        if (!bridge->path.empty() && !led_to.count(bridge->path))
            found.add(bridge->at, fmt::format("pci_bridge: no bus is behind {0}; add a [[bus]] with behind = \"{0}\"", bridge->path));
}

// Who sends and who takes on a host: a nic must be there, and no two want one socket.
void check_traffic(const resolved& r, problems& found) {
    std::map<std::string, std::string> sockets;  // "server udp 9" and whose it is
    const auto open = [&](const component& t, const char* key, const component& host, const std::string& port, const std::string& whose) {
        const auto [it, fresh] = sockets.emplace(host.path + " " + port, whose);
        if (!fresh && it->second != whose)
            found.add(place_of(t, key), fmt::format("{}: {}: {} on {} is taken by {}", t.kind->name, t.path, port, host.path, it->second));
    };
    const auto reachable = [&](const component& host) {
        for (const component* nic : r.of_kind("nic"))
            if (host_of(nic) == &host) return true;
        return false;
    };
    for (const component* e : r.of_kind("echo")) {
        if (!e->parent) continue;
        if (!reachable(*e->parent)) found.add(place_of(*e, "host"), fmt::format("echo.host = \"{0}\": {0} has no nic", e->parent->path));
        open(*e, "port", *e->parent, fmt::format("UDP port {}", e->integer("port")), e->path);
    }
    for (const component* p : r.of_kind("ping"))
        if (p->parent && !reachable(*p->parent)) found.add(place_of(*p, "from"), fmt::format("ping.from = \"{0}\": {0} has no nic", p->parent->path));
    for (const component* t : r.of_kind("connections")) {
        const component *from = r.find(t->text("from")), *to = r.find(t->text("to"));
        for (const char* key : {"from", "to"})
            if (const component *end = r.find(t->text(key)), *host = host_of(end); host && !reachable(*host))
                found.add(place_of(*t, key), fmt::format("connections.{} = \"{}\": {} has no nic", key, end->path, host->path));
        if (from && to && (from == to || from == host_of(to)))
            found.add(place_of(*t, "to"), fmt::format("connections.to = \"{}\": is who opens them", to->path));
    }
    for (const component* t : r.of_kind("traffic")) {
        const bool raw = t->text("protocol") == "raw";
        for (const char* key : {"from", "to"}) {
            const component* end = r.find(t->text(key));
            const component* host = host_of(end);
            if (!host) continue;
            if (!reachable(*host)) {
                found.add(place_of(*t, key), fmt::format("traffic.{} = \"{}\": {} has no nic", key, end->path, host->path));
                continue;
            }
            const bool sends = *key == 'f';
            const char* port = sends ? "source_port" : "destination_port";
            if (!raw) open(*t, port, *host, fmt::format("UDP port {}", t->integer(port)), sends ? t->path : echo_for(*t, r) ? echo_for(*t, r)->path : "a sink");
        }
        if (const component *from = r.find(t->text("from")), *to = r.find(t->text("to")); from && t->given("to") && from == to)
            found.add(place_of(*t, "to"), fmt::format("traffic.to = \"{}\": is the sender itself", to->path));
    }
}

// Results go into out/NAME: one step of a path, as a component's name is, though "-" and more may be in it.
void check_name(const resolved& r, problems& found) {
    const std::string& name = r.name();
    if (name.find_first_not_of('.') != std::string::npos && name.find('/') == std::string::npos &&
        std::none_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; })) return;
    if (name.empty()) return;                    // as if left out
    found.add(place_of(r.top, "name"),
              fmt::format("name = {}: is no name: results go into a directory called so; allowed: no \"/\", not dots alone", quoted(name)));
}

void check_times(const resolved& r, problems& found) {
    if (const setting& s = *r.top.find("duration"); s.given() && s.refused) return;      // nothing can be held against it
    const std::int64_t duration = r.top.integer("duration"), warm_up = r.top.integer("warm_up");
    if (warm_up >= duration)
        found.add(place_of(r.top, r.top.given("warm_up") ? "warm_up" : "duration"),
                  fmt::format("warm_up = {}: leaves nothing of the duration, {}", r.top.find("warm_up")->value.text,
                              r.top.find("duration")->value.text));
    // --until may shorten the run; the scenario itself must have room for all that it has in it.
    const std::int64_t end = std::max(duration, r.end());
    for (const component& c : r.components) {
        for (const char* key : {"start", "from"})
            if (const setting* s = c.find(key); s && s->row->kind == quantity::time && s->value.integer >= end)
                found.add(s->given() ? s->at : c.at,
                          fmt::format("{} of {} = {}: is not before the end of the run, {}", label(c, *s), c.path, s->value.text,
                                      format_quantity(quantity::time, end)));
        const setting *from = c.find("from"), *until = c.find("until");
        if (from && until && until->given() && until->value.integer <= from->value.integer)
            found.add(until->at, fmt::format("{} = {}: is not after {}.from = {}", label(c, *until), until->value.text, c.kind->name,
                                             from->value.text));
    }
}

}  // namespace

void check_topology(const resolved& r, problems& found) {
    check_teams(r, found);
    check_links(r, found);
    check_slots(r, found);
    check_hosts(r, found);
    check_repeaters(r, found);
    check_bridges(r, found);
    check_traffic(r, found);
    check_name(r, found);
    check_times(r, found);
}

}  // namespace nicteam::scenario
