#include "nicteam/team/augmentation_layer_250.h"

#include <stdexcept>

#include "nicteam/sim/within.h"
#include "team/direct_ports.h"
#include "team/links.h"
#include "team/machinery.h"
#include "team/rehomer.h"
#include "team/virtual_protocol_stack_202.h"

namespace nicteam::team {
namespace {

constexpr metric_info port_metrics[] = {
    {"sent_octets", "B", "octets of regular traffic that the member's driver took"},
};

}  // namespace

const block_info team_member_info = {"team", "what a team counts of each member", {}, port_metrics, {}, {}, {}, {}, {}};

std::uint64_t take_memory(host::memory& m, const team_config& c, unsigned members) {
    return m.allocate(std::size_t{c.buffers} * room + std::size_t{c.control_buffers} * members * control_room, 32);
}

augmentation_layer_250::machinery::machinery(augmentation_layer_250& l, team_setup s, const host::place& p, driver::intermediary_102& intermediary)
    : layer(l), setup(std::move(s)), config(setup.config), one_active(setup.mode->single_active()), home(p), ram(*p.ram), above(*this, l.name()), station(sim::bind_station(l)),
      active_probe(sim::bind_probe(l, team_info.probes.rows[0])), usable_probe(sim::bind_probe(l, team_info.probes.rows[1])),
      borrowing_probe(sim::bind_probe(l, team_info.probes.rows[2])),
      costs{{"team_send", config.cost_send, "a packet delivered to 204", "parameter of the team"},
            {"team_check", config.cost_check, "314, asked of the member", "parameter of the team"},
            {"team_mask", config.cost_mask, "314, by the transmission mask", "parameter of the team"},
            {"team_repackage", config.cost_repackage, "202 repackages it", "parameter of the team"},
            {"team_receive", config.cost_receive, "a packet that a member received", "parameter of the team"},
            {"team_identify", config.cost_identify, "334, an encrypted packet is recognised", "parameter of the team"}} {
    if (setup.members.empty() || setup.members.size() > most_members)
        throw std::invalid_argument(std::string(l.name()) + ": has " + std::to_string(setup.members.size()) + " members; allowed: 1 … 8");
    for (unsigned n = 0; n < step_count; ++n) steps[n] = &sim::bind_counter(l, team_info.metrics.rows[n]);
    for (unsigned n = 0; n < team_metric_count; ++n) counters[n] = &sim::bind_counter(l, team_info.metrics.rows[step_count + n]);
    std::vector<unsigned> adapters;
    std::vector<driver::adapter*> direct;
    const auto add = [&](const port_setup& one) {
        adapters.push_back(one.adapter);
        direct.push_back(one.direct);
        identities.push_back(std::make_unique<identity>());
        engines.emplace_back();
        links.push_back(one.holds ? std::make_unique<link>(*this, static_cast<unsigned>(links.size()), one) : nullptr);
        units.push_back(one.holds ? static_cast<int>(service->add(*links.back())) : -1);
    };
    {
        const sim::within here(l);
        service = std::make_unique<secondary::crypto_service>("sharing", setup.sharing, *home.cpu, ram);
    }
    for (const port_setup& one : setup.members) add(one);
    for (const port_setup& one : setup.cards) add(one);
    service->complete();
    service->permit([this](const secondary::task& t) { return rights_of(t); });
    for (const port_setup& one : setup.members)
        sent_octets.push_back(&sim::session::current().bind_counter(std::string(l.name()) + "." + one.name + "." + port_metrics[0].name, port_metrics[0]));
    const sim::within below(l);
    own_asking = std::make_unique<asking>("own", *this);
    users_asking = std::make_unique<asking>("users", *this);
    if (auto policy = make_rehoming(setup.rehoming)) rehoming = std::make_unique<rehomer>("rehoming", *this, setup.rehoming, std::move(policy));
    own_number = service->add_requester(*own_asking, *own_asking);
    users_number = service->add_requester(*users_asking, *users_asking);
    const auto count_of = static_cast<unsigned>(setup.members.size());
    if (config.layer == 0) ports = std::make_unique<virtual_protocol_stack_202>(intermediary, adapters, count_of, *this);
    else ports = std::make_unique<direct_ports>(direct, *this);
    waiting.resize(count_of);
    address_under_way.resize(count_of);
    address_set.resize(count_of);
    asked_address.resize(count_of);
    filter_under_way.resize(count_of);
    filter_set.resize(count_of);
    look_under_way.resize(count_of);
    own_work.resize(count_of);
    for (const port_setup& one : setup.members) {
        member m;
        m.permanent = m.address = one.permanent;
        m.priority = one.priority;
        m.primary = one.primary;
        members.push_back(m);
        addresses.push_back(std::make_unique<driver::set_mac>());
        filters.push_back(std::make_unique<driver::set_filter>());
        looks.push_back(std::make_unique<driver::link_look>());
    }
    for (unsigned n = 0; n < count_of; ++n) filters[n]->multicast = heard_by(n);
    lay_out();
    station.holding = [this](const sim::station::claim& k) { claim(k); };
    for (unsigned n = 0; n < port_count(); ++n) look_at_engines(n);
    bind_operator();
    able.mac = setup.mac;
    able.protects = true;
    able.services = {"set_filter", "path_change", "process_and_return"};
    for (unsigned n = 0; n < count_of; ++n) able.transmit_pieces = std::min(n ? able.transmit_pieces : ~0u, ports->able(n).transmit_pieces);
}

augmentation_layer_250::machinery::~machinery() = default;

void augmentation_layer_250::machinery::claim(const sim::station::claim& c) const {
    for (const auto& k : carriers)
        if (k->in_use) c(k->packet.id);
    for (const auto& w : works)
        if (w->in_use) c(w->id);
    if (rehoming) rehoming->claim(c);
}

augmentation_layer_250::augmentation_layer_250(sc_core::sc_module_name name, team_setup s, const host::place& home, driver::intermediary_102& intermediary)
    : sc_module(name), machinery_(std::make_unique<machinery>(*this, std::move(s), home, intermediary)) {}
augmentation_layer_250::~augmentation_layer_250() = default;

driver::adapter& augmentation_layer_250::nic_driver() { return machinery_->above; }
secondary::crypto_service& augmentation_layer_250::sharing() { return *machinery_->service; }

const bool& augmentation_layer_250::puts_on(state::handle name) {
    std::deque<bool>& all = machinery_->puts_on;
    if (name.index >= all.size()) all.resize(name.index + 1, true);
    return all[name.index];
}

const history& augmentation_layer_250::told() const { return machinery_->story.told(); }
bool augmentation_layer_250::single_active() const { return machinery_->setup.mode->single_active(); }

// Behind the drivers of its members, which start at the same time.
void augmentation_layer_250::start_of_simulation() {
    machinery& m = *machinery_;
    m.home.cpu->post(0, [&m](host::cpu& c) { m.begin(c); });
    if (!m.rehoming) return;                     // all members have all associations for ever
    for (const auto& u : m.of_users) m.home.cpu->post(u.at, [&m, u](host::cpu& c) { m.rehoming->of_user(c, u.name, u.lives); });
}

}  // namespace nicteam::team
