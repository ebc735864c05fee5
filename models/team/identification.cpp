// 300 to 306: who the members are, whether any lends its engines; and requests of the user and of the layer itself.
#include <algorithm>

#include <fmt/format.h>

#include "nicteam/driver/path_change.h"
#include "team/links.h"
#include "team/rehomer.h"

namespace nicteam::team {
namespace {

constexpr std::uint16_t nobody = 0xFFFF;

// "8086:1229", "8086:1229:08": vendor, device, revision in hexadecimal.
bool accepted(const std::vector<std::string>& accepts, const driver::identify& i) {
    const std::string device = fmt::format("{:04x}:{:04x}", i.vendor, i.device), whole = fmt::format("{}:{:02x}", device, i.revision);
    return accepts.empty() || std::any_of(accepts.begin(), accepts.end(), [&](const std::string& a) { return a == device || a == whole; });
}

}  // namespace

void augmentation_layer_250::machinery::identify(host::cpu& c, unsigned port) {
    identity& i = *identities[port];
    if (i.under_way || i.known) return;
    i.under_way = true;
    ports->request(c, port, i.asked);
}

void augmentation_layer_250::machinery::identified(host::cpu& c, unsigned port) {
    identity& i = *identities[port];
    i.under_way = false;
    i.known = i.asked.result == driver::status::done && i.asked.vendor != nobody;
    if (!i.known) return;                               // asked again when its driver tells of a link
    i.refused = !accepted(config.accepts, i.asked);
    count(i.refused ? step::refused_300 : step::identified_300);
    if (look_at_engines(port)) service->reconsider(c);
    verify(c);
    judge_members(c);
}

// 302: does anybody lend engines that encrypt? 304: if not, members that can protect what they send go on doing so, and nobody else's is.
void augmentation_layer_250::machinery::verify(host::cpu&) {
    const bool any = may_work.any_lends(engine_rights::encrypts);
    bool all_known = true;
    for (unsigned n = 0; n < members_count(); ++n) all_known &= identities[n]->known;
    if (any && !sharing) count(step::verified_302);
    if (!any && (sharing || (all_known && !terminated))) count(step::terminated_304);
    sharing = any;
    terminated = !any && all_known;
}

void augmentation_layer_250::machinery::set_address(host::cpu& c, unsigned member) {
    if (address_set[member] || address_under_way[member] || addresses[member]->mac == mac_address{}) return;
    address_under_way[member] = true;
    asked_address[member] = addresses[member]->mac;
    ports->request(c, member, *addresses[member]);
}

void augmentation_layer_250::machinery::set_groups(host::cpu& c, unsigned member) {
    if (filters[member]->multicast.empty() || filter_set[member] || filter_under_way[member]) return;
    filter_under_way[member] = true;
    ports->request(c, member, *filters[member]);
}

std::vector<mac_address> augmentation_layer_250::machinery::heard_by(unsigned member) const {
    std::vector<mac_address> all = setup.groups;
    if (config.second_filter && unit_of(member) >= 0)
        for (unsigned n = 0; n < members_count(); ++n)
            if (n != member) all.push_back(members[n].permanent);
    return all;
}

// Of a path to the unit that has the association; a filter to all members.
void augmentation_layer_250::machinery::request(host::cpu& c, driver::control& r) {
    auto s = std::make_unique<spread>();
    s->original = &r;
    for (unsigned n = 0; n < port_count(); ++n) {
        std::unique_ptr<driver::control> copy;
        if (const auto* p = dynamic_cast<driver::path_change*>(&r)) {
            const state::handle there = unit_of(n) < 0 ? state::handle{} : pool().in_unit(p->association, static_cast<unsigned>(unit_of(n)));
            if (!there) continue;
            auto mine = std::make_unique<driver::path_change>();
            mine->association = there;
            mine->path_mtu = p->path_mtu;
            copy = std::move(mine);
        } else if (const auto* f = dynamic_cast<driver::set_filter*>(&r); f && n < members.size()) {
            auto mine = std::make_unique<driver::set_filter>();
            mine->promiscuous = f->promiscuous, mine->broadcast = f->broadcast, mine->all_multicast = f->all_multicast;
            mine->multicast = f->multicast;
            const auto more = heard_by(n);
            mine->multicast.insert(mine->multicast.end(), more.begin(), more.end());
            copy = std::move(mine);
        }
        if (copy) s->copies.emplace_back(n, std::move(copy));
    }
    if (s->copies.empty()) {
        r.result = driver::status::refused;
        r.detail = "unknown kind of request";
        if (above.user()) above.user()->completed(c, r);
        return;
    }
    spread& all = *s;
    const std::size_t copies = all.copies.size();
    all.open = static_cast<unsigned>(copies);
    spreads.push_back(std::move(s));
    for (std::size_t n = 0; n < copies; ++n) ports->request(c, all.copies[n].first, *all.copies[n].second);      // behind the last one it may be gone
}

void augmentation_layer_250::machinery::completed(host::cpu& c, unsigned port, driver::control& r) {
    if (&r == &identities[port]->asked) return identified(c, port);
    if (rehoming && rehoming->completed(c, r)) return;
    if (port < members.size() && &r == addresses[port].get()) {
        address_under_way[port] = false;
        address_set[port] = r.result == driver::status::done && asked_address[port] == addresses[port]->mac;
        if (r.result == driver::status::done && !address_set[port]) set_address(c, port);      // another one is wanted meanwhile
        return;
    }
    if (links[port] && &r == &links[port]->change) return links[port]->changed(c);
    if (port < members.size() && &r == filters[port].get()) {
        filter_under_way[port] = false;
        filter_set[port] = r.result == driver::status::done;
        return;
    }
    if (port < members.size() && &r == looks[port].get()) {
        look_under_way[port] = false;
        return;
    }
    const auto at = std::find_if(spreads.begin(), spreads.end(), [&](const auto& s) {
        return std::any_of(s->copies.begin(), s->copies.end(), [&](const auto& one) { return one.second.get() == &r; });
    });
    spread& all = **at;
    if (r.result == driver::status::done) all.done = true;
    else all.original->detail = r.detail;
    if (--all.open) return;
    driver::control& original = *all.original;
    original.result = all.done ? driver::status::done : driver::status::failed;
    const std::unique_ptr<spread> finished = std::move(*at);
    spreads.erase(at);
    if (above.user()) above.user()->completed(c, original);
}

}  // namespace nicteam::team
