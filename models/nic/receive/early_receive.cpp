#include "nic/receive/early_receive.h"

#include <algorithm>

namespace nicteam::nic {
namespace {

constexpr unsigned field_at = 12, header_octets = 14;                // Type/Length: bytes 13 and 14 of the frame
constexpr unsigned inner_at = 16;                                    // bytes 17 and 18
constexpr unsigned ip_type = 0x0800, ipx_type = 0x8137, largest_length = 1500;

unsigned big16(const bytes& b, unsigned at) { return static_cast<unsigned>(b[at] << 8 | b[at + 1]); }

}  // namespace

std::uint32_t early_receive_at(const bytes& frame, std::uint32_t ahead, bool types) {
    unsigned at = field_at;
    if (frame.size() < at + 2) return UINT32_MAX;
    unsigned length = big16(frame, at);
    if (types && (length == ip_type || length == ipx_type)) {
        at = inner_at;
        if (frame.size() < at + 2) return UINT32_MAX;
        length = big16(frame, at);
    }
    if (length == 0 || length > largest_length) return UINT32_MAX;
    const std::uint32_t end = header_octets + length;
    return std::max<std::uint32_t>(at + 2, end - std::min(end, ahead));
}

}  // namespace nicteam::nic
