#include "scenario/security.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "nicteam/base/random_stream.h"
#include "nicteam/nic/nic.h"
#include "nicteam/offload/engine_set.h"
#include "nicteam/offload/receive_block.h"
#include "nicteam/offload/receive_record.h"
#include "nicteam/offload/transmit_block.h"
#include "nicteam/peer/protection.h"
#include "nicteam/stack/inbound_association.h"
#include "nicteam/stack/outbound_association.h"
#include "scenario/bundle_checks.h"
#include "scenario/contradiction.h"
#include "scenario/objections.h"
#include "scenario/key_checks.h"
#include "scenario/parts.h"
#include "scenario/ring_checks.h"
#include "scenario/software.h"
#include "scenario/steps.h"
#include "scenario/teams.h"
#include "scenario/values.h"

namespace nicteam::scenario {
namespace {

constexpr std::int64_t first_spi = 0x1000;
constexpr std::int64_t largest_buffer = 16'382;     // octets, even: SDM 6.4.3.1
constexpr std::int64_t least_packet = 576;         // that everybody takes: RFC 791, 3.1
constexpr std::int64_t longest_packet = 65'575;       // IPv6: header and 65,535 octets (RFC 8200, 3)
constexpr std::int64_t around_packet = 18;         // octets of Ethernet

setting* find(component& c, std::string_view key) { return const_cast<setting*>(c.find(key)); }
bool is(const component& c, std::string_view kind) { return c.kind->name == kind; }

// It puts associations on and takes them off at no cost.
bool is_outside(const component& c) { return is(c, "peer") || is(c, "router"); }

void make(setting& s, const std::string& text, std::int64_t number) {
    s.value.text = s.written = text;
    s.value.integer = number;
    s.from = origin::made;
}

std::string random_key(const resolved& r, const component& c, const char* purpose, std::size_t octets) {
    random_stream from(static_cast<std::uint64_t>(r.top.integer("seed")), c.name, purpose);
    std::string s = "0x";
    for (std::size_t n = 0; n < octets; ++n) s += fmt::format("{:02x}", from.below(256));
    return octets ? s : "";
}

// Of a peer, router or port, of a nic, of a host's first nic; 0.0.0.0 where nothing can be told yet.
packet::ip_address ip_of(const std::string& path, const resolved& r, std::int64_t six = 0) {
    const component* c = r.find(path);
    if (c && is(*c, "host")) {
        c = first_interface(*c, r);
    }
    if (!c || !(is(*c, "nic") || is_team(*c) || is(*c, "peer") || is(*c, "router") || is(*c, "port"))) return packet::ipv4_address{0};      // told elsewhere
    const std::string& text = c->text(is(*c, "nic") || is_team(*c) ? "address" : "ip");
    const packet::ipv4_address four = packet::parse_ipv4(text.substr(0, text.find('/'))).value_or(0);
    return six ? packet::ip_address(packet::documentation_address(four)) : packet::ip_address(four);
}

class checker {
public:
    checker(const resolved& r, problems& found) : r_(r), found_(found) {}

    void check() {
        for (const component* c : r_.of_kind("sa")) check_association(*c);
        for (const component* c : r_.of_kind("policy")) check_policy(*c);
        for (const component* c : r_.of_kind("peer")) {
            for (const char* key : {"interior_mtu", "route_mtu"})
                if (const std::string why = peer::problem_of(c->list(key)); !why.empty()) found_.add(place_of(*c, key), fmt::format("peer.{}: {}", key, why));
        }
        for (const component* c : r_.of_kind("router")) check_router(*c);
        for (const component* c : r_.of_kind("nic")) check_nic(*c);
    }

private:
    void check_router(const component& c) {
        for (const char* kind : {"nic", "team", "peer", "port"})
            for (const component* other : r_.of_kind(kind))
                if (other != c.parent && ip_of(other->path, r_) == ip_of(c.path, r_))
                    found_.add(place_of(c, "ip"), fmt::format("router.ip = {}: is the address of {} already", quoted(c.text("ip")), other->path));
    }

    void check_nic(const component& c) {
        const setting& records = *c.find("driver.receive_records");
        if (!c.integer("crypto.enable") && records.value.integer)
            found_.add(place_of(c, "driver.receive_records"),
                       "nic.driver.receive_records = true: the nic has no crypto block that writes any; allowed: false, or crypto.enable = true");
        if (!c.integer("crypto.enable")) return;
        if (!records.value.integer)
            found_.add(place_of(c, "driver.receive_records"),
                       "nic.driver.receive_records = false: the crypto block writes a record behind each frame, which the driver must know");
        constexpr std::int64_t record = offload::receive_record::tail + offload::receive_record::entry * ipsec::deepest_nesting;
        if (c.integer("driver.receive_buffer") + record > largest_buffer)
            found_.add(place_of(c, "driver.receive_buffer"),
                       fmt::format("nic.driver.receive_buffer = {} B: with a record of {} octets behind each frame a buffer would be longer than its 14 bits; "
                                   "allowed: 64 B … {} B",
                                   c.integer("driver.receive_buffer"), record, largest_buffer - record));
        if (c.integer("driver.flow_control") && c.integer("crypto.buffer_142") == 0)
            found_.add(place_of(c, "driver.flow_control"),
                       "nic.driver.flow_control = true: without buffer 142 (crypto.buffer_142 = 0 B) nothing fills that a PAUSE could spare; allowed: false");
        for (const char* key : {"driver.crc_to_memory", "driver.save_bad"})
            if (c.integer(key))
                found_.add(place_of(c, key), fmt::format("nic.{} = true: nothing that is bad, and no FCS, passes the crypto block; allowed: false", key));
    }

    void check_association(const component& c) {
        if (!r_.find(c.text("from")) || !r_.find(c.text("to")) || c.path.empty()) return;      // told already
        const bool between_two = check_ends(c);
        if (!check_objections(c, r_, found_) || !between_two) return;
        const ipsec::association_parameters p = parameters_of(c, r_);
        const auto [it, fresh] = known_.emplace(std::tuple(p.spi, p.destination, p.protocol), &c);
        if (!fresh)
            return found_.add(place_of(c, "spi"), fmt::format("sa.spi = {}: {} to the same address has it already, {}", p.spi, it->second->path,
                                                              found_.where(it->second->at)));
        keys_.check(c, p);
        rings_.check(c, p);
        if (!is_outside(*r_.find(c.text("to")))) check_end(c, p, "to", receiver_of(c, r_), offload::way::in);
        if (!is_outside(*r_.find(c.text("from")))) check_end(c, p, "from", sender_of(c, r_), offload::way::out);
        for (const char* key : {"from", "to"})
            if (is_outside(*r_.find(c.text(key))) && (*key == 'f' ? put_on_by_cpu(c) : taken_off_by_cpu(c)))
                found_.add(place_of(c, "software"), fmt::format("sa.software = {}: {} is no host, and has no CPU to charge; allowed: ends that are hosts",
                                                                quoted(c.text("software")), c.text(key)));
    }

    // False: what it would protect never leaves where it is.
    bool check_ends(const component& c) {
        const component *from = r_.find(c.text("from")), *to = r_.find(c.text("to"));
        if (from != to && (!host_of(from) || host_of(from) != host_of(to))) return true;
        const setting &s = *c.find("to"), &other = *c.find("from");
        found_.add(blamed(s, other), fmt::format("sa.to of {} = {}{}: begins and ends at {}; allowed: two ends", c.path, quoted(s.written),
                                                 and_where(s, other, found_), c.text("from")));
        return false;
    }

    // A nic that takes it off, or puts it on.
    void check_end(const component& c, const ipsec::association_parameters& p, const char* key, const component* nic, offload::way way) {
        if (!nic) return found_.add(place_of(c, key), fmt::format("sa.{0} = \"{1}\": {1} has no nic", key, c.text(key)));
        const bool by_cpu = way == offload::way::in ? taken_off_by_cpu(c) : put_on_by_cpu(c);
        if (by_cpu || (way == offload::way::out && put_on_by_card(c, r_))) return;
        if (is_team(*nic)) return check_team(c, p, key, *nic, way);
        if (!nic->integer("crypto.enable"))
            return found_.add(place_of(c, key),
                              fmt::format("sa.{} = \"{}\": {} has no crypto block; its [nic.crypto] wants enable = true, or the association software = "
                                          "\"{}\", so that the host's CPU {}",
                                          key, c.text(key), nic->path, key, way == offload::way::in ? "takes it off" : "puts it on"));
        if (way == offload::way::out && !c.given("put_on_by") && nic->integer("driver.standard_tcb"))
            found_.add(place_of(c, key), fmt::format("sa.{} = \"{}\": the driver of {} names associations in extended command blocks; its "
                                                     "driver.standard_tcb wants false",
                                                     key, c.text(key), nic->path));
        check_engines(c, p, *nic, way);
        if (way == offload::way::in) check_window(c, *nic, found_);
        const std::int64_t places = nic->integer("crypto.associations");
        if (++installed_[{nic, way}] == places + 1)
            found_.add(c.at, fmt::format("sa: {}: all {} places for associations of {} are taken: its crypto.associations", c.path, places, nic->path));
    }

    // One of its units has to be able to, for all of it.
    void check_team(const component& c, const ipsec::association_parameters& p, const char* key, const component& team, offload::way way) {
        const bool in = way == offload::way::in;
        for (const char* ring : {"put_on_by", "sent_back_to"})
            if (c.given(ring))
                found_.add(place_of(c, ring), fmt::format("sa.{} = \"{}\": {} chooses who does the work; allowed: left out", ring, c.text(ring), team.path));
        const std::string by_host = fmt::format("or the association software = \"{}\", so that the host's CPU {}", key, in ? "takes it off" : "puts it on");
        if (!has_engines(team, r_))
            return found_.add(place_of(c, key),
                              fmt::format("sa.{} = \"{}\": {} has no engines; one of its members wants a crypto block ([nic.crypto] enable = true), {}",
                                                            key, c.text(key), team.path, by_host));
        if (!units_for(team, p, in, r_) && team.text("sharing.software") == "never")
            found_.add(place_of(c, "cipher"),
                       fmt::format("sa.cipher = \"{}\": {}: no unit of {} has engines for it and {}; one of them wants such, {}", c.text("cipher"), c.path,
                                   team.path, c.text("authentication"), by_host));
        if (in)
            for (const component* u : units_of(team, r_)) check_window(c, *u, found_);
    }

    void check_engines(const component& c, const ipsec::association_parameters& p, const component& nic, offload::way way) {
        const auto config = nic.configure<offload::crypto_config>(offload::crypto_info, "crypto");
        if (!offload::check(config).empty()) return;             // told with the nic
        const bool own = way == offload::way::out && !config.transmit_engines.empty();
        const auto check_list = [&](const char* list, const char* why) {
            const auto& cores = list == std::string_view("engines") ? config.engines : config.transmit_engines;
            const auto with = offload::engine_set(cores, config.coupling).serving(p, way);
            if (with.refused.empty()) return;
            const setting &cipher = *c.find("cipher"), &engines = *nic.find("crypto." + std::string(list));
            const position at = came_later(engines, cipher) ? engines.at : place_of(c, cipher.given() ? "cipher" : "authentication");
            const bool in = way == offload::way::in, both = in ? put_on_by_cpu(c) : taken_off_by_cpu(c);
            found_.add(at, fmt::format("sa: {}: {}: {} (crypto.{}{}); or software = \"{}\", so that the host's CPU {}", c.path, nic.path, with.refused, list,
                                       why, both ? "both" : in ? "to" : "from", in ? "takes it off" : "puts it on"));
        };
        check_list(own ? "transmit_engines" : "engines", "");
        if (way == offload::way::in && offload::over_152(config.feedback_input) && !config.transmit_engines.empty())
            check_list("transmit_engines", ", which take it off over path 152");
    }

    void check_policy(const component& c) {
        check_bundle(c, r_, found_);
        const component* to = r_.find(c.text("to"));
        if (c.text("held_by") == "receiver" && to && !host_of(to))
            found_.add(place_of(c, "held_by"),
                       fmt::format("policy.held_by = \"receiver\": {} is no host, and takes what comes; allowed: both, sender", to->path));
    }

    const resolved& r_;
    problems& found_;
    std::map<std::tuple<std::uint32_t, packet::ip_address, ipsec::security_protocol>, const component*> known_;
    std::map<std::pair<const component*, offload::way>, std::int64_t> installed_;
    ring_checks rings_{r_, found_};
    key_checks keys_{found_};
};

}  // namespace

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

packet::ip_address end_of(const component& c, const char* key, const resolved& r) { return ip_of(c.text(key), r, c.integer("ip_version")); }

ipsec::association_parameters parameters_of(const component& sa, const resolved& r) {
    return ipsec::parameters_of(sa.configure<ipsec::association_config>(ipsec::association_info), sa.path, end_of(sa, "from", r), end_of(sa, "to", r));
}

// A sender looks back at nothing.
ipsec::association_parameters outbound_parameters_of(const component& sa, const resolved& r) {
    ipsec::association_parameters p = parameters_of(sa, r);
    p.replay_window = 0;
    return p;
}

ipsec::policy policy_of(const component& c, const resolved& r) {
    const std::int64_t six = c.integer("ip_version");
    const packet::ip_address from = ip_of(c.text("from"), r, six), to = ip_of(c.text("to"), r, six);
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
    return rows;
}

void assign_security(resolved& r) {
    std::set<std::int64_t> taken;
    for (const component* c : r.of_kind("sa"))
        if (c->given("spi")) taken.insert(c->integer("spi"));
    for (component& c : r.components) {
        if (is(c, "nic")) {
            if (setting* s = find(c, "driver.receive_records"); s && !s->given() && c.integer("crypto.enable")) make(*s, "true", 1);
            if (setting* s = find(c, "crypto.longest_to_host"); s && !s->given() && c.integer("crypto.enable")) {
                const bool flexible = c.integer("driver.receive_mode") == 1;
                const std::int64_t room = c.integer("driver.receive_buffer") * (flexible ? c.integer("driver.receive_buffers") : 1) - around_packet;
                if (room >= least_packet && room < longest_packet) make(*s, fmt::format("{} B", room), room);
            }
        }
        if (!is(c, "sa")) continue;
        if (setting* s = find(c, "spi"); !s->given()) {
            std::int64_t spi = first_spi;
            while (!taken.insert(spi).second) ++spi;
            make(*s, std::to_string(spi), spi);
        }
        const auto config = c.configure<ipsec::association_config>(ipsec::association_info);
        const bool esp = config.protocol == 0;
        if (setting* s = find(c, "key"); !s->given() && esp) make(*s, random_key(r, c, "key", ipsec::cipher_key_octets(config.cipher)), 0);
        if (setting* s = find(c, "authentication_key"); !s->given())
            make(*s, random_key(r, c, "authentication_key", ipsec::authentication_key_octets(config.authentication)), 0);
    }
}

void check_security(const resolved& r, problems& found) {
    checker(r, found).check();
    check_team_places(r, found);
}

// Those of peers are in their places when the run begins; a host's driver installs its own in its nic.
void system::install_security() {
    std::map<std::string, peer::gateway*> outside;       // of peers and of routers before them
    for (const component* c : r_.of_kind("peer"))
        if (protects(*c, r_)) outside[c->path] = &peers_.at(c->path)->protect(c->configure<peer::protection_config>(peer::protection_info)).security();
    for (const component* c : r_.of_kind("router")) {
        peer::protection& way = *peers_.at(c->parent->path)->protected_by();
        outside[c->path] = &way.add_router(c->path, c->configure<peer::router_config>(peer::router_info), ip_of(c->path, r_));
    }
    const auto hold = [](const component& c, const std::string& why) {
        if (!why.empty()) throw build_error(c.at, fmt::format("sa: {}: {}", c.path, why));
    };
    for (const component* c : r_.of_kind("sa")) {
        const ipsec::association_parameters p = parameters_of(*c, r_);
        if (!receiver_of(*c, r_)) hold(*c, outside.at(c->text("to"))->add_inbound(p, payload_of(r_)));
        if (const auto from = outside.find(c->text("from")); from != outside.end()) hold(*c, from->second->add(outbound_parameters_of(*c, r_), payload_of(r_)));
    }
    for (const component* c : r_.of_kind("policy"))
        if (const auto from = outside.find(c->text("from")); from != outside.end() && held_by_sender(*c)) from->second->add(policy_of(*c, r_));
}

// Software, the last of a team's engines, can do all there is.
static std::uint64_t engines_for(const component& team, const ipsec::association_parameters& p, bool in, const resolved& r) {
    return units_for(team, p, in, r) | std::uint64_t{1} << units_of(team, r).size();
}

// The host's driver keeps them, with all the numbers of those that send; or its stack does.
void system::hold_association(const component& sa) {
    const ipsec::association_parameters p = parameters_of(sa, r_);
    using direction = driver::base_driver::direction;
    if (const component* at = receiver_of(sa, r_); at && is_team(*at) && has_engines(*at, r_) && !taken_off_by_cpu(sa))
        received_as_[sa.path] =
            software_.at(host_of(at)->path)->teams.at(at->path)->sharing().associations().hold(p, 0, payload_of(r_), true, engines_for(*at, p, true, r_), true);
    else if (const component* nic = receiver_of(sa, r_); nic && has_engines(*nic, r_) && !taken_off_by_cpu(sa))
        received_as_[sa.path] = software_.at(host_of(nic)->path)->driver_of.at(nic->path)->hold(p, 0, payload_of(r_), direction::receives);
    const component* nic = sender_of(sa, r_);
    if (!nic) return;
    const std::uint64_t iv_seed = random_stream(static_cast<std::uint64_t>(r_.top.integer("seed")), sa.path, "iv").next();
    host_software& software = *software_.at(host_of(nic)->path);
    const ipsec::association_parameters out = outbound_parameters_of(sa, r_);
    if (put_on_by_cpu(sa)) {
        if (has_policies(*host_of(nic), r_)) software.stack->protect(out, iv_seed, payload_of(r_));
        return;
    }
    stack::outbound_association held{out, {}, software.adapters.at(nic->path), {}};
    if (is_team(*nic)) {
        held.handle = software.teams.at(nic->path)->sharing().associations().hold(out, iv_seed, payload_of(r_), false, engines_for(*nic, out, false, r_), true);
    } else if (put_on_by_card(sa, r_)) {
        const std::string& card = sa.text("put_on_by");
        held.ring = {software.cards.at(card), software.card_driver_of.at(card)->hold(out, iv_seed, payload_of(r_)), false};
    } else {
        held.handle = software.driver_of.at(nic->path)->hold(out, iv_seed, payload_of(r_), direction::sends);
        if (sa.given("put_on_by")) held.ring = {held.adapter, held.handle, true};
    }
    if (has_policies(*host_of(nic), r_)) software.stack->protect(held);
}

// What the block leaves to its host, the host's CPU does.
void system::load_security() {
    for (const component* c : r_.of_kind("sa")) hold_association(*c);
    for (const component* c : r_.of_kind("policy"))
        if (const auto it = software_.find(c->text("from")); it != software_.end() && it->second->stack && held_by_sender(*c))
            it->second->stack->protect(policy_of(*c, r_));
    for (const component* c : r_.of_kind("sa"))
        if (left_to_host(*c, r_)) load_taking_off(*c);
    load_judgement();
}

// By the CPU, or by a ring that it hands packets to.
void system::load_taking_off(const component& sa) {
    host_software& software = *software_.at(host_of(receiver_of(sa, r_))->path);
    const ipsec::association_parameters p = parameters_of(sa, r_);
    if (const component* at = receiver_of(sa, r_); is_team(*at) && !taken_off_by_cpu(sa))
        return software.stack->send_back(p, payload_of(r_), software.adapters.at(at->path), received_as_.at(sa.path));      // its units open what the CPU joins
    if (!sa.given("sent_back_to")) return software.stack->take_off(p, payload_of(r_));
    const std::string& ring = sa.text("sent_back_to");
    const auto card = software.card_driver_of.find(ring);
    if (card == software.card_driver_of.end()) return software.stack->send_back(p, payload_of(r_), software.adapters.at(ring), received_as_.at(sa.path));
    software.stack->send_back(p, payload_of(r_), software.cards.at(ring), card->second->hold(p, 0, payload_of(r_)));
}

// What hosts ask of what they receive.
void system::load_judgement() {
    for (const auto& [path, software] : software_)
        if (software->stack && judges(*r_.find(path), r_)) software->stack->judge();
    for (const component* c : r_.of_kind("sa")) {
        const component* nic = receiver_of(*c, r_);
        if (!nic || !has_engines(*nic, r_) || taken_off_by_cpu(*c)) continue;
        host_software& software = *software_.at(host_of(nic)->path);
        software.stack->judge(stack::inbound_association{c->path, received_as_.at(c->path), software.adapters.at(nic->path)});
    }
    for (const component* c : r_.of_kind("policy"))
        if (held_by_receiver(*c, r_))
            if (auto& stack = software_.at(host_of(r_.find(c->text("to")))->path)->stack) stack->judge(inbound_policy_of(*c, r_));
}

}  // namespace nicteam::scenario
