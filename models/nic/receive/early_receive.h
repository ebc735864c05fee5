// When a frame requests the early receive interrupt (SDM 6.3.7). Plain C++.
#pragma once

#include <cstdint>

#include "nicteam/base/frame.h"

namespace nicteam::nic {

// So many bytes of the frame in memory: `ahead` less than its end by its length field, but the field itself at least. UINT32_MAX: no
// such interrupt, as the field is no length. types: IP and IPX frames too, whose length stands in their header.
std::uint32_t early_receive_at(const bytes& frame, std::uint32_t ahead, bool types);

}  // namespace nicteam::nic
