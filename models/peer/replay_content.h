// What a replay sends: the file's frames after selection, refusal, padding and new addresses.
#pragma once

#include <string>
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

// A record that is not sent, or not as it is, and before which of the frames that are sent its turn comes.
struct turned_down { std::size_t before; replay_metric why; };

struct replay::content {
    std::vector<recorded> frames;
    std::vector<turned_down> others;
    ps round = 0;              // from one round's start to the next

    std::string note_on_times; // "": they go forward, or do not matter

    explicit content(const replay_config&);
};

}  // namespace nicteam::peer
