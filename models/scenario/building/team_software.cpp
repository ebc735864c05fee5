// A host's teams: their members' drivers and cards become one adapter.
#include <algorithm>

#include "nicteam/sim/within.h"
#include "nicteam/team/mode_config.h"
#include "nicteam/team/monitor_config.h"
#include "scenario/building/software.h"
#include "scenario/relations/parts.h"
#include "scenario/relations/place_of.h"
#include "scenario/relations/security.h"
#include "scenario/relations/teams.h"

namespace nicteam::scenario {

using request = secondary::pooled_associations::request;

// Behind drivers and cards.
void system::load_teams(const component& host) {
    host_software& software = *software_.at(host.path);
    host::host& h = *hosts_.at(host.path);
    for (const component* t : r_.of_kind("team")) {
        if (t->parent != &host) continue;
        team::team_setup setup;
        setup.config = t->configure<team::team_config>(team::team_info);
        setup.sharing = t->configure<secondary::crypto_service_config>(secondary::crypto_service_info, "sharing");
        setup.rehoming = t->configure<team::rehoming_config>(team::rehoming_info, "rehoming");
        const bool monolithic = t->text("layer") == "monolithic";
        const auto mode = t->configure<team::mode_config>(team::mode_info);
        for (const component* n : members_of(*t, r_)) {
            team::port_setup port;
            port.name = "member" + std::to_string(setup.members.size());
            port.adapter = monolithic ? 0 : software.adapters.at(n->path);
            port.direct = software.tops.at(n->path);
            if (n->integer("crypto.enable"))
                port.holds = [d = software.driver_of.at(n->path), everywhere = setup.rehoming.policy == team::rehoming_kind::pre_install](const request& q) {
                    using direction = driver::base_driver::direction;
                    return d->hold(q.parameters, q.iv_seed, q.payload, q.receives ? direction::receives : direction::sends, &q.numbers,
                                   everywhere || !q.moves);
                };
            port.digests = n->integer("crypto.digest_octets") != 0;
            if (n->integer("memory")) port.memory = memory_of(n->path);
            port.primary = n->name == mode.primary;
            port.priority = team::priority_of(mode, static_cast<unsigned>(setup.members.size()));
            port.permanent = packet::parse_mac(n->text("driver.mac")).value_or(packet::mac_address{});
            setup.members.push_back(std::move(port));
        }
        for (const component* card : cards_of(*t, r_)) {
            team::port_setup port;
            port.name = "card" + std::to_string(setup.cards.size());
            port.adapter = software.cards.at(card->path);
            port.direct = software.card_driver_of.at(card->path);
            port.digests = card->integer("digest_octets") != 0;
            port.holds = [d = software.card_driver_of.at(card->path)](const request& q) { return d->hold(q.parameters, q.iv_seed, q.payload, &q.numbers); };
            setup.cards.push_back(std::move(port));
        }
        const std::string& address = t->text("address");
        setup.address = packet::parse_ipv4(address.substr(0, address.find('/'))).value_or(0);
        auto monitors = t->configure<team::monitor_config>(team::monitor_info);
        monitors.mode = mode.mode;
        monitors.own_ip = setup.address;
        setup.groups = team::groups_of(monitors, mode);
        setup.monitors = team::make_monitors(monitors);
        auto with_interval = mode;
        with_interval.monitor_interval = team::monitor_interval(monitors);
        setup.mode = team::make_mode(with_interval, random_stream(static_cast<std::uint64_t>(r_.top.integer("seed")), t->path, "mode"));
        if (!setup.mode->single_active()) {                                                  // ¶42, ¶48: no member is to be spared
            setup.sharing.threshold = setup.sharing.queue;
            if (!t->given("sharing.order")) setup.sharing.order = static_cast<unsigned>(secondary::loading::all_alike);
        }
        setup.mac = setup.members.front().permanent;
        const component* first = members_of(*t, r_).front();
        const sim::within parent(h);
        auto& made = software.teams[t->path] = std::make_unique<team::augmentation_layer_250>(
            t->name.c_str(), std::move(setup), h.place_of(buses_.at(first->parent->path).second, static_cast<unsigned>(first->integer("slot"))),
            *software.intermediary);
        software.adapters[t->path] = software.intermediary->attach(made->nic_driver());
    }
}

const team::augmentation_layer_250& system::team_at(const std::string& path) const {
    return *software_.at(host_of(r_.find(path))->path)->teams.at(path);
}

}  // namespace nicteam::scenario
