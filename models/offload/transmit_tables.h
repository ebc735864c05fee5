// The transmit side's rows of the tables, and their instances in one block.
#pragma once

#include "nicteam/offload/crypto_config.h"
#include "nicteam/offload/transmit_protection.h"
#include "nicteam/sim/session.h"

namespace nicteam::offload {

struct transmit_metrics {
    int end_of_list;     // the rows follow
#define counter_type counter&
#define level_type level&
#define TRANSMIT_METRIC(name, unit, kind, meaning) kind##_type name##_;
#include "offload/transmit_metrics.def"
#undef TRANSMIT_METRIC
#undef counter_type
#undef level_type
    explicit transmit_metrics(const sc_core::sc_object&);
    counter& of(transmit_refusal);       // not `none`
};

// Indices into the tables of crypto_transmit_info.
enum class transmit_stage : unsigned { whole_in_fifo, packaged_22a, engines_start, engines_done, frame_buffer };
enum class transmit_outcome : unsigned { put_on, not_protected, block_reset };
enum class transmit_probe : unsigned { fifo_frames, logic_22a, logic_21a, engines, packet_21a, frame_buffer, count };

inline const stage_info& row(transmit_stage i) { return crypto_transmit_info.stages.rows[static_cast<unsigned>(i)]; }
inline const outcome_info& row(transmit_outcome i) { return crypto_transmit_info.outcomes.rows[static_cast<unsigned>(i)]; }
inline const probe_info& row(transmit_probe i) { return crypto_transmit_info.probes.rows[static_cast<unsigned>(i)]; }

}  // namespace nicteam::offload
