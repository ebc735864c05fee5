// Names for the rows of the cable's table.
#pragma once

#include "nicteam/wire/cable.h"

namespace nicteam::wire {

enum cable_metric : unsigned {
    m_frames, m_octets, m_busy, m_arrived, m_damaged, m_duplicated, m_reordered, m_cut, m_lost, m_lost_link_down, m_lost_oversize, m_lost_queue,
    cable_metric_count
};
extern const metric_info cable_metrics[cable_metric_count];

enum cable_stage : unsigned { s_wire_begin, s_wire_end, cable_stage_count };
extern const stage_info cable_stages[cable_stage_count];

enum class fate : unsigned { lost, link_down, oversize, queue, fragment, count };
extern const outcome_info cable_outcomes[static_cast<unsigned>(fate::count)];

}  // namespace nicteam::wire
