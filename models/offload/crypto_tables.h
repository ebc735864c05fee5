// The block's rows of the tables, and their instances in one block.
#pragma once

#include <vector>

#include "nicteam/offload/chip_link.h"
#include "nicteam/offload/crypto_config.h"
#include "nicteam/packet/reassembly.h"
#include "nicteam/sim/session.h"

namespace nicteam::offload {

// Throws std::invalid_argument with the first of check()'s problems.
const crypto_config& checked(const crypto_config&);
inline const std::vector<std::string>& transmit_engines_of(const crypto_config& c) { return c.transmit_engines.empty() ? c.engines : c.transmit_engines; }

// A lane from or to the chip of 21a; between the other two.
inline maybe_link lane_of_21a(const crypto_config& c, std::function<void(std::uint32_t)> passes) {
    if (c.chips < 2) return {};
    return chip_link{clock_domain(c.link_period), c.link_word, c.link_latency, c.crossing, std::move(passes)};
}
inline maybe_link lane_of_21a(const crypto_config& c, counter& words) {
    return lane_of_21a(c, [&words](std::uint32_t n) { words.add(n); });
}
inline maybe_link lane_past_21a(const crypto_config& c, counter& words) { return c.chips < 3 ? maybe_link{} : lane_of_21a(c, words); }

struct crypto_metrics {
    int end_of_list;     // the rows follow
#define counter_type counter&
#define level_type level&
#define CRYPTO_METRIC(name, unit, kind, meaning) kind##_type name;
#include "offload/crypto_metrics.def"
#undef CRYPTO_METRIC
#undef counter_type
#undef level_type
    std::vector<counter*> steps;             // of flow_chart(), in its order
    std::vector<counter*> drops;             // ipsec::drop_metrics
    explicit crypto_metrics(const sc_core::sc_object&);
    counter* of(packet::reassembly_step);      // null: it drops no fragment
};

// Indices into the tables of crypto_info.
enum class crypto_stage : unsigned { in_142, mux_130, mux_122, path_152, past_21a, engines_start, engines_done, fed_back, delivered_22b };
enum class crypto_outcome : unsigned { taken_off, joined, lost_142, lost_140, reassembly_refused, duplicate, unfit_for_140, cut_for_host, block_reset };
enum class crypto_probe : unsigned { mux_select, input_150, request_130, request_122, level_142, level_140, logic_21a, engines, packet_21a, logic_22b, contexts, association_cache, locked_up, count };

inline const stage_info& row(crypto_stage i) { return crypto_info.stages.rows[static_cast<unsigned>(i)]; }
inline const outcome_info& row(crypto_outcome i) { return crypto_info.outcomes.rows[static_cast<unsigned>(i)]; }
inline const probe_info& row(crypto_probe i) { return crypto_info.probes.rows[static_cast<unsigned>(i)]; }

}  // namespace nicteam::offload
