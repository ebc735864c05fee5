// A frame on its way through the block.
#pragma once

#include "nicteam/offload/receive_block.h"

namespace nicteam::offload {

struct carried final : item {
    frame_ref arrived;            // as the MAC had it; of what was put together, the fragment that came last
    bool is_ip = false;           // else nothing in the block looks at it
    bool opened = false, reassembled = false, fed_back = false;
    std::size_t counted = 0;      // of its steps
    delivered result;             // made when 22b lets it go
    std::vector<delivered> pieces;               // … and what passes the outlet: it, or fragments of it

    bool needs_21a() const;                        // by its headers, as 16b sees them
    void look();                                   // what it is, when it is whole
    std::uint32_t frame_octets() const;            // of what it is now, with an FCS
    void make_frame();
    // Into pieces whose packets are no longer than this, IPv6 with that identification; false: it is not, or cannot be.
    bool cut(std::size_t longest, std::uint32_t identification);
};

}  // namespace nicteam::offload
