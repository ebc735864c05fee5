// Associations and policies put where they are kept: at peers and routers, with drivers, teams, cards and stacks.
#include <fmt/format.h>

#include "nicteam/base/random_stream.h"
#include "nicteam/peer/gateway.h"
#include "nicteam/peer/protection.h"
#include "nicteam/stack/inbound_association.h"
#include "nicteam/stack/outbound_association.h"
#include "scenario/building/software.h"
#include "scenario/building/system.h"
#include "scenario/relations/parts.h"
#include "scenario/relations/security.h"
#include "scenario/relations/teams.h"

namespace nicteam::scenario {

// Those of peers are in their places when the run begins; a host's driver installs its own in its nic.
void system::install_security() {
    std::map<std::string, peer::gateway*> outside;       // of peers and of routers before them
    for (const component* c : r_.of_kind("peer"))
        if (protects(*c, r_)) outside[c->path] = &peers_.at(c->path)->protect(c->configure<peer::protection_config>(peer::protection_info)).security();
    for (const component* c : r_.of_kind("router")) {
        peer::protection& way = *peers_.at(c->parent->path)->protected_by();
        outside[c->path] = &way.add_router(c->path, c->configure<peer::router_config>(peer::router_info), scenario::address_of(c->path, r_));
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

// When its user adds it, and deletes it.
static void set_life(const component& sa, team::augmentation_layer_250& team, state::handle name) {
    if (sa.given("added")) team.adds(name, sa.integer("added"));
    if (sa.given("deleted")) team.deletes(name, sa.integer("deleted"));
}

// The host's driver keeps them, with all the numbers of those that send; or its stack does.
void system::hold_association(const component& sa) {
    const ipsec::association_parameters p = parameters_of(sa, r_);
    using direction = driver::base_driver::direction;
    if (const component* at = receiver_of(sa, r_); at && is_team(*at) && has_engines(*at, r_) && !taken_off_by_cpu(sa))
        received_as_[sa.path] =
            software_.at(host_of(at)->path)->teams.at(at->path)->sharing().associations().hold(p, 0, payload_of(r_), true, engines_for(*at, p, true, r_), true),
        set_life(sa, *software_.at(host_of(at)->path)->teams.at(at->path), received_as_[sa.path]);
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
        set_life(sa, *software.teams.at(nic->path), held.handle);
        held.put_on_now = &software.teams.at(nic->path)->puts_on(held.handle);
        secondary::pooled_associations& pool = software.teams.at(nic->path)->sharing().associations();
        if (sa.text("when_unable") == "cpu") {
            held.numbers = &pool.shared_copy(held.handle);
            held.lives = [&pool, name = held.handle] { return pool.lives(name); };
        }
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
