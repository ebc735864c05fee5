#include "scenario/running/watch_security.h"

#include <functional>

#include "nicteam/offload/receive_block.h"
#include "nicteam/peer/router.h"
#include "scenario/relations/parts.h"
#include "scenario/relations/security.h"

namespace nicteam::scenario {
namespace {

using checks = std::function<check::security_checks&()>;

sim::capture_point* point(sim::session& s, const std::string& path) {
    for (sim::capture_point& p : s.captures())
        if (p.path == path) return &p;
    return nullptr;
}

packet::ipv4_address ip_of(const component& c) { return packet::parse_ipv4(c.text("ip")).value_or(0); }

// What stands between a peer, or a router, and the peer's link: gateways that put their own protection around, and routers that tell hosts.
void add_what_is_behind(const component& c, const resolved& r, check::secrecy& clear) {
    const bool of_peer = std::string_view(c.kind->name) == "peer";
    const component& peer = of_peer ? c : *c.parent;
    const auto add_router = [&](packet::ipv4_address ip) {
        const packet::ipv4_address from = peer::told_from(ip, ip_of(peer));
        clear.add_router_behind(from, packet::documentation_address(from));
    };
    if (of_peer)
        for (std::size_t n = c.list("route_mtu").size(); n; --n) add_router(ip_of(peer));
    bool behind = of_peer;
    for (const component* g : r.of_kind("router")) {
        if (g->parent != &peer) continue;
        if (behind) {
            add_router(ip_of(*g));
            for (const component* sa : r.of_kind("sa"))
                if (sa->text("from") == g->path) clear.add(parameters_of(*sa, r));
        }
        behind = behind || g == &c;
    }
}

// What leaves a peer, a router by its peer's link, or any nic of a host.
void watch_sender(const component& c, const resolved& r, system& built, sim::session& s, const checks& all) {
    check::security_checks::sender* sender = nullptr;
    const auto found = [&]() -> check::security_checks::sender& { return sender ? *sender : *(sender = &all().of_sender(c.path)); };
    for (const component* p : r.of_kind("policy"))
        if (p->text("from") == c.path && held_by_sender(*p)) found().clear.add(policy_of(*p, r));
    for (const component* sa : r.of_kind("sa"))
        if (sa->text("from") == c.path) {
            const ipsec::association_parameters p = parameters_of(*sa, r);
            found().clear.add(p);
            found().used.add(p);
        }
    if (!sender) return;
    for (const component* t : r.of_kind("team"))
        if (t->parent == &c && t->text("mode") == "broadcast") sender->used.takes_copies();
    if (std::string_view(c.kind->name) != "host") add_what_is_behind(c, r, sender->clear);
    const std::string& outside = std::string_view(c.kind->name) == "router" ? c.parent->path : c.path;
    if (peer::peer* from = built.peer_at(outside)) {
        if (sim::capture_point* at = point(s, outside + ".port")) all().watch(*sender, *at, [from] { return from->sends_recording(); });
        return;
    }
    for (const component* n : r.of_kind("nic"))
        if (sim::capture_point* at = host_of(n) == &c ? point(s, n->path + ".wire") : nullptr) all().watch(*sender, *at);
}

void watch_receiver(const component& host, const resolved& r, system& built, const checks& all) {
    stack::protocol_stack_100* stack = built.stack_of(host.path);
    check::admission* to = nullptr;
    for (const component* p : r.of_kind("policy")) {
        if (!stack || !held_by_receiver(*p, r) || host_of(r.find(p->text("to"))) != &host) continue;
        if (!to) stack->watch(*(to = &all().of_receiver(host.path)));
        to->add(inbound_policy_of(*p, r));
    }
}

}  // namespace

void watch_security(const resolved& r, system& built, sim::session& s, const checks& all) {
    for (const char* kind : {"host", "peer", "router"})
        for (const component* c : r.of_kind(kind)) watch_sender(*c, r, built, s, all);
    for (const component* c : r.of_kind("host")) watch_receiver(*c, r, built, all);
    for (const component* n : r.of_kind("nic"))
        if (offload::receive_block* block = n->integer("crypto.enable") ? built.crypto_of(n->path) : nullptr) block->watch(all().of_block(n->path + ".crypto"));
}

}  // namespace nicteam::scenario
