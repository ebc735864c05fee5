#include "scenario/relations/security.h"

#include <algorithm>

#include "nicteam/packet/addresses.h"
#include "scenario/language/text_forms.h"
#include "scenario/relations/loads.h"
#include "scenario/relations/parts.h"
#include "scenario/relations/teams.h"

namespace nicteam::scenario {
namespace {

bool is(const component& c, std::string_view kind) { return c.kind->name == kind; }

}  // namespace

bool is_outside(const component& c) { return is(c, "peer") || is(c, "router"); }

packet::ip_address address_of(const std::string& path, const resolved& r, std::int64_t ip_version) {
    const component* c = r.find(path);
    if (c && is(*c, "host")) {
        c = first_interface(*c, r);
    }
    if (!c || !(is(*c, "nic") || is_team(*c) || is(*c, "peer") || is(*c, "router") || is(*c, "port"))) return packet::ipv4_address{0};      // told elsewhere
    const std::string& text = c->text(is(*c, "nic") || is_team(*c) ? "address" : "ip");
    const packet::ipv4_address four = packet::parse_ipv4(text.substr(0, text.find('/'))).value_or(0);
    return ip_version ? packet::ip_address(packet::documentation_address(four)) : packet::ip_address(four);
}

bool protects(const component& peer, const resolved& r) {
    if (!peer.list("interior_mtu").empty() || !peer.list("route_mtu").empty() || peer.integer("may_fragment")) return true;
    for (const component* p : r.of_kind("policy"))
        if (p->text("from") == peer.path && held_by_sender(*p)) return true;
    for (const component* sa : r.of_kind("sa"))
        if (sa->text("to") == peer.path) return true;
    const auto routers = r.of_kind("router");
    return std::any_of(routers.begin(), routers.end(), [&](const component* c) { return c->parent == &peer; });
}

bool has_policies(const component& host, const resolved& r) {
    const auto all = r.of_kind("policy");
    return std::any_of(all.begin(), all.end(), [&](const component* p) { return p->text("from") == host.path && held_by_sender(*p); });
}

bool held_by_sender(const component& policy) { return policy.text("held_by") != "receiver"; }

// Of a router that forwards for others, whose sources nobody knows; a host has nothing to hold against it.
bool for_everybody(const component& policy, const resolved& r) {
    const component* from = r.find(policy.text("from"));
    return from && is(*from, "router") && policy.text("source_prefix").empty();
}

bool held_by_receiver(const component& policy, const resolved& r) {
    return policy.text("held_by") != "sender" && host_of(r.find(policy.text("to"))) && !for_everybody(policy, r);
}

bool judges(const component& host, const resolved& r) {
    const auto policies = r.of_kind("policy"), nics = r.of_kind("nic"), teams = r.of_kind("team");
    return std::any_of(policies.begin(), policies.end(),
                       [&](const component* p) { return held_by_receiver(*p, r) && host_of(r.find(p->text("to"))) == &host; }) ||
           std::any_of(teams.begin(), teams.end(), [&](const component* t) { return t->parent == &host && has_engines(*t, r); }) ||
           std::any_of(nics.begin(), nics.end(), [&](const component* n) { return host_of(n) == &host && n->integer("crypto.enable"); });
}

const component* sender_of(const component& sa, const resolved& r) {
    const component* from = r.find(sa.text("from"));
    return from && is(*from, "host") ? first_interface(*from, r) : nullptr;
}

bool left_to_host(const component& sa, const resolved& r) {
    const component* nic = receiver_of(sa, r);
    return nic && (taken_off_by_cpu(sa) || has_engines(*nic, r));
}

bool put_on_by_cpu(const component& sa) {
    const std::string& by = sa.text("software");
    return by == "from" || by == "both";
}

bool put_on_by_card(const component& sa, const resolved& r) {
    const component* by = sa.given("put_on_by") ? r.find(sa.text("put_on_by")) : nullptr;
    return by && is(*by, "crypto_card");
}

bool taken_off_by_cpu(const component& sa) {
    const std::string& by = sa.text("software");
    return by == "to" || by == "both";
}

const component* receiver_of(const component& sa, const resolved& r) {
    const component* to = r.find(sa.text("to"));
    if (!to || is(*to, "nic") || is_team(*to)) return to;
    return is_outside(*to) ? nullptr : first_interface(*to, r);
}

packet::ip_address end_of(const component& c, const char* key, const resolved& r) { return address_of(c.text(key), r, c.integer("ip_version")); }

ipsec::association_parameters parameters_of(const component& sa, const resolved& r) {
    return ipsec::parameters_of(sa.configure<ipsec::association_config>(ipsec::association_info), sa.path, end_of(sa, "from", r), end_of(sa, "to", r));
}

// A sender looks back at nothing.
ipsec::association_parameters outbound_parameters_of(const component& sa, const resolved& r) {
    ipsec::association_parameters p = parameters_of(sa, r);
    p.replay_window = 0;
    return p;
}

bool has_prefixes(const component& policy) {
    for (const char* key : {"source_prefix", "destination_prefix"})
        if (const std::string& s = policy.text(key); !s.empty() && !form_of(key)->holds(s)) return false;
    return true;
}

ipsec::policy policy_of(const component& c, const resolved& r) {
    const std::int64_t six = c.integer("ip_version");
    const packet::ip_address from = address_of(c.text("from"), r, six), to = address_of(c.text("to"), r, six);
    ipsec::policy p = ipsec::policy_of(c.configure<ipsec::policy_config>(ipsec::policy_info), c.path, from, to);
    if (for_everybody(c, r)) p.which.source = {};
    return p;
}

ipsec::policy inbound_policy_of(const component& c, const resolved& r) {
    ipsec::policy p = policy_of(c, r);
    const component* host = host_of(r.find(c.text("to")));
    const auto elsewhere = [&](const std::string& name) {
        const component* sa = r.find(name);
        return !sa || host_of(r.find(sa->text("to"))) != host;
    };
    p.bundle.erase(std::remove_if(p.bundle.begin(), p.bundle.end(), elsewhere), p.bundle.end());
    if (p.action == ipsec::policy_action::protect && p.bundle.empty()) p.action = ipsec::policy_action::bypass;
    return p;
}

ipsec::payload_kind payload_of(const resolved& r) {
    return r.top.text("payload") == "timing-only" ? ipsec::payload_kind::timing_only : ipsec::payload_kind::real;
}

std::string esp_sa(const resolved& r) {
    std::string rows;
    if (payload_of(r) == ipsec::payload_kind::timing_only) return rows;
    for (const component* c : r.of_kind("sa"))
        if (const std::string row = ipsec::esp_sa_row(parameters_of(*c, r)); !row.empty()) rows += row + '\n';
    const auto seed = static_cast<std::uint64_t>(r.top.integer("seed"));
    for (const load& l : loads_of(r))                    // what their datagrams carry
        for (const bool inbound : {false, true})
            if (l.of->kind->name == std::string_view("remote_load") && (inbound ? secondary::decrypts(l.config) : secondary::encrypts(l.config)))
                if (const std::string row = ipsec::esp_sa_row(secondary::session_of(l.config, l.number, inbound, seed)); !row.empty()) rows += row + '\n';
    return rows;
}

}  // namespace nicteam::scenario
