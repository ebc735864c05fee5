// What a replay sends: the file's frames after selection, refusal, padding and new addresses.
#pragma once

#include <vector>

#include "nicteam/peer/replay.h"

namespace nicteam::peer {

enum replay_metric : unsigned { p_frames, p_octets, p_refused_long, p_refused_cut, p_refused_empty, p_padded, replay_metric_count };
extern const metric_info replay_metrics[replay_metric_count];

struct recorded {
    ps at = 0;                 // since the file's first frame that is sent
    bytes data;                // destination address to FCS
    bool fcs_known = false;
};

struct replay::content {
    std::vector<recorded> frames;
    ps round = 0;              // from one round's start to the next

    // `refused`, by replay_metric, is added to.
    content(const replay_config&, std::uint64_t* refused);
};

}  // namespace nicteam::peer
