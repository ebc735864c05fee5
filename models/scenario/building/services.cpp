// [[crypto_service]] and [[crypto_load]]: pools of engines, and who asks them.
#include <map>
#include <utility>

#include "nicteam/sim/within.h"
#include "scenario/building/software.h"
#include "scenario/relations/loads.h"
#include "scenario/relations/parts.h"
#include "scenario/relations/security.h"
#include "scenario/relations/teams.h"

namespace nicteam::scenario {

// All engines of a service are there before the first load opens its session.
void system::load_services() {
    std::map<std::string, secondary::crypto_service*> by_path;
    for (const component* c : r_.of_kind("crypto_service")) {
        host_software& software = *software_.at(c->parent->path);
        host::host& h = *hosts_.at(c->parent->path);
        const sim::within parent(h);
        software.services.push_back(std::make_unique<secondary::crypto_service>(
            c->name.c_str(), c->configure<secondary::crypto_service_config>(secondary::crypto_service_info), h.cpu(), h.ram()));
        secondary::crypto_service& service = *software.services.back();
        by_path[c->path] = &service;
        for (const std::string& device : c->list("devices")) {
            using request = secondary::pooled_associations::request;
            using direction = driver::base_driver::direction;
            const auto card = software.card_driver_of.find(device);
            if (card != software.card_driver_of.end()) {
                software.engines.push_back(std::make_unique<secondary::adapter_engine>(
                    device, *software.intermediary, software.cards.at(device),
                    [d = card->second](const request& r) { return d->hold(r.parameters, r.iv_seed, r.payload, &r.numbers); },
                    r_.find(device)->integer("digest_octets") != 0));
            } else {
                software.engines.push_back(std::make_unique<secondary::adapter_engine>(
                    device, *software.intermediary, software.adapters.at(device), [d = software.driver_of.at(device)](const request& r) {
                        return d->hold(r.parameters, r.iv_seed, r.payload, r.receives ? direction::receives : direction::sends, &r.numbers);
                    },
                    r_.find(device)->integer("crypto.digest_octets") != 0));
            }
            service.add(*software.engines.back());
        }
        service.complete();
    }
    for (const auto& [path, software] : software_)
        for (const auto& [name, team] : software->teams) by_path[name] = &team->sharing();
    std::map<std::string, std::uint64_t> taken;          // of cards' memories
    for (const load& l : loads_of(r_)) {
        if (std::string_view(l.of->kind->name) == "remote_load") continue;
        const component* c = l.of;
        const component& host = *host_of(c);
        host_software& software = *software_.at(host.path);
        host::host& h = *hosts_.at(host.path);
        secondary::crypto_service& service = *by_path.at(c->parent->path);
        const sim::within parent(is_team(*c->parent) ? static_cast<sc_core::sc_module&>(*software.teams.at(c->parent->path)) : service);
        if (const component* device = c->text("device").empty() ? nullptr : r_.find(c->text("device"))) {
            software.device_loads.push_back(std::make_unique<secondary::device_load>(
                c->name.c_str(), l.config, payload_of(r_), l.number, service, dynamic_cast<secondary::data_device&>(*devices_.at(device->path)),
                h.place_of(buses_.at(device->parent->path).second, static_cast<unsigned>(device->integer("slot")))));
            continue;
        }
        software.crypto_loads.push_back(
            std::make_unique<secondary::crypto_load>(c->name.c_str(), l.config, payload_of(r_), l.number, service, h.cpu(), h.ram()));
        if (const std::string& card = c->text("data"); !card.empty()) {
            std::uint64_t& from = taken.try_emplace(card, taken_by_team(*r_.find(card), r_)).first->second;
            const std::uint64_t offset = std::exchange(from, from + secondary::data_octets(l.config));
            software.crypto_loads.back()->keep_data_at([at = memory_of(card), offset] { return at() + offset; });
        }
    }
    load_job_servers(by_path);
}

std::function<std::uint64_t()> system::memory_of(const std::string& device) const {
    if (const auto n = nics_.find(device); n != nics_.end()) return [d = &n->second->pci_device()] { return nic::memory_of(*d); };
    return [d = devices_.at(device).get()] { return rings::memory_of(*d); };
}

std::vector<secondary::crypto_service*> system::services() const {
    std::vector<secondary::crypto_service*> all;
    for (const auto& [path, software] : software_) {
        for (const auto& one : software->services) all.push_back(one.get());
        for (const auto& [name, team] : software->teams) all.push_back(&team->sharing());
    }
    return all;
}

}  // namespace nicteam::scenario
