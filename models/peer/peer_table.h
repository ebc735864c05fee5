// Names for the rows of the peer's table.
#pragma once

#include "nicteam/base/tables.h"

namespace nicteam::peer {

enum peer_metric : unsigned {
    m_sent_frames, m_sent_octets, m_collisions, m_lost_collisions, m_lost_arp, m_waited, m_queue, m_pauses, m_frames, m_octets, m_bad_fcs, m_cut, m_short, m_long, m_filtered, m_reassembled, m_bad_checksum,
    m_arp_replies, m_echo_replies, m_udp_echoes, m_answers_seen,
    m_verified, m_verified_octets, m_payload_damaged, m_skipped, m_out_of_order, m_duplicates, m_latency, m_resequenced, m_gaps_given_up, m_resequencing, peer_metric_count
};
extern const metric_info peer_metrics[peer_metric_count];

enum peer_outcome : unsigned { o_delivered, o_bad_fcs, o_cut, o_short, o_long, o_filtered, o_control, o_fragment, o_max_collisions, o_late_collision,
                               o_not_opened, o_not_authentic, o_replayed, peer_outcome_count };
extern const outcome_info peer_outcomes[peer_outcome_count];

}  // namespace nicteam::peer
