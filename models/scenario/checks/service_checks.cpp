// Pools of engines that cannot be, and loads that nobody could do.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "nicteam/offload/engine_set.h"
#include "nicteam/rings/crypto_card.h"
#include "nicteam/rings/engine_set.h"
#include "nicteam/secondary/crypto_load.h"
#include "scenario/checks/remote_loads.h"
#include "scenario/checks/ring_checks.h"
#include "scenario/language/values.h"
#include "scenario/reading/steps.h"
#include "scenario/relations/loads.h"
#include "scenario/relations/parts.h"
#include "scenario/relations/place_of.h"
#include "scenario/relations/teams.h"

namespace nicteam::scenario {
namespace {

bool is(const component& c, std::string_view kind) { return c.kind->name == kind; }

std::string announced_names() {
    std::string all = "nothing, crc32c";
    for (unsigned k = 1; k <= static_cast<unsigned>(ipsec::cipher_kind::aes_gcm_16); ++k)
        all += std::string(", ") + ipsec::info(static_cast<ipsec::cipher_kind>(k)).name;
    for (unsigned k = 1; k <= static_cast<unsigned>(ipsec::authentication_kind::aes_gmac); ++k)
        all += std::string(", ") + ipsec::info(static_cast<ipsec::authentication_kind>(k)).name;
    return all;
}

class service_checker {
public:
    service_checker(const resolved& r, problems& found) : r_(r), found_(found) {}

    void check() {
        for (const component* c : r_.of_kind("crypto_service"))
            if (!c->path.empty()) check_service(*c);
        for (const component* c : r_.of_kind("team"))
            if (!c->path.empty()) check_numbers(*c, "sharing.", engines_of_service(*c, r_));
        for (const load& l : loads_of(r_))
            if (!l.of->path.empty() && l.service) check_load(l);
    }

private:
    void wrong(const component& c, const char* key, const std::string& why) {
        const setting& s = *c.find(key);
        found_.add(place_of(c, key), fmt::format("{}.{} of {} = {}: {}", c.kind->name, key, c.path, to_toml(*s.row, s.value), why));
    }

    void check_service(const component& c) {
        const auto& engines = c.list("devices");
        const bool software = c.text("software") != "never";
        if (engines.empty() && !software)
            wrong(c, "devices", "nobody would do a job; allowed: crypto_cards, nics with secondary use, or software = \"another\"");
        if (engines.size() + software > secondary::most_engines) wrong(c, "devices", fmt::format("a pool has at most {}", secondary::most_engines));
        for (const std::string& path : engines)
            if (const component* device = r_.find(path)) check_engine(c, *device);
        check_numbers(c, "", engines);
    }

    // `part`: of its keys.
    void check_numbers(const component& c, const std::string& part, const std::vector<std::string>& engines) {
        const std::size_t software = c.text(part + "software") != "never";
        if (const std::string why = secondary::rates_refused(c.list(part + "rates"), engines.size()); !why.empty())
            wrong(c, (part + "rates").c_str(), why + "; allowed: a rate for each engine, as in \"83 Mbps\"");
        for (const std::string& name : c.list(part + "announce"))
            if (const std::string all = announced_names(); (", " + all + ", ").find(", " + name + ", ") == std::string::npos)
                wrong(c, (part + "announce").c_str(), fmt::format("{} is no algorithm; allowed: {}", name, all));
        if (c.text(part + "dispatch") == "by_size" && c.integer(part + "large_engines") >= static_cast<std::int64_t>(engines.size() + software))
            wrong(c, (part + "large_engines").c_str(),
                  fmt::format("of {} engines none would be left for packets below size_threshold", engines.size() + software));
        if (c.integer(part + "given") > c.integer(part + "queue"))
            wrong(c, (part + "given").c_str(), fmt::format("more than the {} jobs that an engine may have (queue)", c.integer(part + "queue")));
        if (has_one_active(c) && c.given(part + "threshold") && c.integer(part + "threshold") > c.integer(part + "queue"))
            wrong(c, (part + "threshold").c_str(),
                  fmt::format("more than the {0} jobs that an engine may have (queue); allowed: 0 … {0}", c.integer(part + "queue")));
    }

    void check_engine(const component& c, const component& device) {
        const auto [it, fresh] = taken_.emplace(&device, &c);
        if (!fresh && it->second == &c) return wrong(c, "devices", fmt::format("{} stands in it twice", device.path));
        if (!fresh)
            return wrong(c, "devices",
                         fmt::format("{} is an engine of {} already, which has the numbers of its associations", device.path, it->second->path));
        if (host_of(&device) != c.parent) return wrong(c, "devices", fmt::format("{} is in another host than {}", device.path, c.path));
        if (!is(device, "nic")) return;
        if (!device.integer("crypto.enable")) wrong(c, "devices", fmt::format("{} has no crypto block; its [nic.crypto] wants enable = true", device.path));
        else if (!device.integer("crypto.secondary_use"))
            wrong(c, "devices", fmt::format("the rings of {} take no jobs; crypto.secondary_use = true lets them", device.path));
    }

    void check_load(const load& l) {
        const component &c = *l.of, &service = *l.service;
        const secondary::crypto_load_config& config = l.config;
        if (config.sizes == 1 && config.least_size > config.greatest_size)
            return wrong(c, "least_size", fmt::format("is above greatest_size = {} B", config.greatest_size));
        if (!is(c, "remote_load")) check_data(c, config);
        if (!uses_ipsec(config)) return check_digests(c, service);
        const auto p = secondary::session_of(config, l.number, false, 0);
        if (const std::string why = ipsec::pair_refusal(p.algorithms); !why.empty()) return wrong(c, "cipher", why);
        std::set<std::string> able;
        objection last;
        for (const std::string& path : engines_of_service(service, r_))
            if (const component* device = r_.find(path)) {
                const objection o = beyond(config, p, *device);
                if (o.why.empty()) able.insert(path);
                else last = o;
            }
        if (able.empty() && service.text(is_team(service) ? "sharing.software" : "software") == "never" && !last.why.empty())
            wrong(c, last.key, fmt::format("no engine of {} can do its jobs: {}", service.path, last.why));
    }

    void check_data(const component& c, const secondary::crypto_load_config& config) {
        if (const component* card = c.text("data").empty() ? nullptr : r_.find(c.text("data"))) check_memory_of(c, *card, config);
        if (const component* device = c.text("device").empty() ? nullptr : r_.find(c.text("device"))) check_device(c, *device);
    }

    // Data in the memory of a card or a nic: it has room for it.
    void check_memory_of(const component& c, const component& card, const secondary::crypto_load_config& config) {
        std::size_t& taken = taken_of_.try_emplace(&card, taken_by_team(card, r_)).first->second;
        taken += secondary::data_octets(config);
        if (host_of(&card) == host_of(&c) && taken > static_cast<std::size_t>(card.integer("memory")))
            return wrong(c, "data", fmt::format("{} B are wanted of its memory, which has {} B ({}.memory)", taken, card.integer("memory"), card.kind->name));
        check_place(c, "data", card);
    }

    // A device asks: of one load, whose data is nowhere else and for which no CPU does anything of its own.
    void check_device(const component& c, const component& device) {
        const auto [it, fresh] = asks_.emplace(&device, &c);
        if (!fresh) return wrong(c, "device", fmt::format("it asks for {} already", it->second->path));
        if (!c.text("data").empty()) return wrong(c, "data", "its data lies in the memory of its device; allowed: only one of data and device");
        for (const char* key : {"before", "after", "before_octet", "after_octet"})
            if (c.integer(key)) return wrong(c, key, "a device's jobs take no time of an application; allowed: 0 ps with device");
        check_place(c, "device", device);
    }

    // Data in a device's memory: the engines are on its bus.
    void check_place(const component& c, const char* key, const component& device) {
        const component& service = *c.parent;
        if (host_of(&device) != host_of(&c)) return wrong(c, key, "is in another host");
        if (service.text(is_team(service) ? "sharing.software" : "software") != "never")
            return wrong(c, key, fmt::format("software of {} works on memory of the host only; allowed: software = \"never\"", service.path));
        for (const std::string& path : engines_of_service(service, r_))
            if (const component* unit = r_.find(path); unit && unit->parent != device.parent)
                return wrong(c, key, fmt::format("{} is on {}, and this on {}; allowed: all on one bus", path, unit->parent->path, device.parent->path));
    }

    void check_digests(const component& c, const component& service) {
        const auto all = engines_of_service(service, r_);
        const bool any = std::any_of(all.begin(), all.end(), [&](const std::string& path) {
            const component* d = r_.find(path);
            return d && d->integer(is(*d, "nic") ? "crypto.digest_octets" : "digest_octets");
        });
        if (!any && service.text(is_team(service) ? "sharing.software" : "software") == "never")
            wrong(c, "work",
                  fmt::format("no engine of {} offers it; allowed: a crypto_card with digest_octets above 0, a nic with crypto.digest_octets, or software",
                              service.path));
    }

    struct objection {
        const char* key = "cipher";
        std::string why{};  // "": none
    };

    // Why this engine does none of its jobs.
    objection beyond(const secondary::crypto_load_config& load, const ipsec::association_parameters& p, const component& device) const {
        if (is(device, "nic")) return beyond_nic(load, p, device);
        const auto card = device.configure<rings::crypto_card_config>(rings::crypto_card_info);
        if (!rings::refusal(card).empty()) return {};            // told with the card
        const offload::engine_set engines(card.unit.engines, static_cast<offload::coupling>(card.unit.coupling));
        if (!rings::serving(engines, p))
            return {"cipher", fmt::format("{} has no engines for {} with {}, both ways (its engines)", device.path, ipsec::info(p.algorithms.cipher).name,
                               ipsec::info(p.algorithms.authentication).name)};
        return too_long(load, device, card.unit.able.longest_job);
    }

    static objection beyond_nic(const secondary::crypto_load_config& load, const ipsec::association_parameters& p, const component& nic) {
        if (!nic.integer("crypto.enable") || !nic.integer("crypto.secondary_use")) return {"cipher", fmt::format("the rings of {} take no jobs", nic.path)};
        if (!serves(nic, p, true) || !serves(nic, p, false))
            return {"cipher", fmt::format("{} has no engines for {} with {}, both ways (its crypto.engines)", nic.path, ipsec::info(p.algorithms.cipher).name,
                               ipsec::info(p.algorithms.authentication).name)};
        return too_long(load, nic, nic.integer("crypto.longest_job"));
    }

    static objection too_long(const secondary::crypto_load_config& load, const component& device, std::int64_t most) {
        if (secondary::longest_packet(load) <= most) return {};
        return {load.sizes == 0 ? "size" : "greatest_size",
                fmt::format("{} takes packets of {} B at most, and one here has up to {} B with what IPsec adds (its longest_job)", device.path, most,
                            secondary::longest_packet(load))};
    }

    const resolved& r_;
    problems& found_;
    std::map<const component*, const component*> taken_;
    std::map<const component*, const component*> asks_;          // device: its load
    std::map<const component*, std::size_t> taken_of_;           // octets of cards' memories
};

}  // namespace

void check_services(const resolved& r, problems& found) {
    service_checker(r, found).check();
    check_remote_loads(r, found);
}

}  // namespace nicteam::scenario
