#include "scenario/running/watched_parts.h"

#include <map>
#include <string>

#include <fmt/format.h>

#include "nicteam/offload/crypto_config.h"
#include "nicteam/offload/engine_cores.h"
#include "nicteam/offload/engine_use.h"
#include "nicteam/rings/crypto_card.h"

namespace nicteam::scenario {
namespace {

using parts = std::vector<check::watched_part>;

void add_lanes(const component& nic, const offload::crypto_config& c, parts& all) {
    const auto add = [&](const char* lane) {
        all.push_back({nic.path + '.' + lane, "link", "words", 1, c.link_period, fmt::format("of {} octets", c.link_word)});
    };
    if (c.chips < 2) return;
    for (const char* lane : {"crypto.link_to_21a", "crypto.link_from_21a", "crypto_transmit.link_to_21a", "crypto_transmit.link_from_21a"}) add(lane);
    if (c.chips > 2) add("crypto.link_past_21a");
}

// Those of one kind together: who has which is a matter of associations.
void add_engines(const std::string& block, const std::vector<std::string>& names, ps period, parts& all) {
    std::map<offload::core_kind, std::map<std::string, unsigned>> of_kind;
    for (const std::string& name : names)
        if (const offload::engine_core* core = offload::core_named(name)) ++of_kind[core->kind][name];
    for (const auto& [kind, cores] : of_kind) {
        unsigned many = 0;
        std::string what;
        for (const auto& [name, n] : cores) {
            many += n;
            what += fmt::format("{}{} {}", what.empty() ? "" : ", ", n, name);
        }
        const char* metric = offload::engine_use_info.metrics.rows[static_cast<std::size_t>(kind)].name;
        all.push_back({fmt::format("{}.{}", block, metric), "engine", "clocks", many, period, what});
    }
}

}  // namespace

std::vector<check::watched_part> watched_parts(const resolved& r) {
    parts all;
    for (const component* nic : r.of_kind("nic")) {
        if (!nic->integer("crypto.enable")) continue;
        const auto c = nic->configure<offload::crypto_config>(offload::crypto_info, "crypto");
        add_lanes(*nic, c, all);
        add_engines(nic->path + ".crypto", c.engines, c.period, all);
        if (!c.engines_shared) add_engines(nic->path + ".crypto_transmit", c.transmit_engines.empty() ? c.engines : c.transmit_engines, c.period, all);
    }
    for (const component* card : r.of_kind("crypto_card")) {
        const auto c = card->configure<rings::crypto_card_config>(rings::crypto_card_info);
        add_engines(card->path, c.unit.engines, c.unit.engine_period, all);
    }
    return all;
}

}  // namespace nicteam::scenario
