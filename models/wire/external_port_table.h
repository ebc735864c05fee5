// Names for the rows of the port's table.
#pragma once

#include "nicteam/base/tables.h"

namespace nicteam::wire {

enum port_metric : unsigned {
    p_received, p_received_octets, p_padded, p_sent, p_sent_octets, p_bad_fcs, p_cut, p_long, p_unheard,
    p_attached, p_detached, p_refused_empty, p_refused_short, p_refused_long, p_refused_partial, p_refused_framing, p_dropped,
    p_abandoned, port_metric_count
};
extern const metric_info port_metrics[port_metric_count];

enum port_outcome : unsigned { po_left, po_bad_fcs, po_cut, po_long, po_unheard, po_dropped, po_fragment, port_outcome_count };
extern const outcome_info port_outcomes[port_outcome_count];

}  // namespace nicteam::wire
