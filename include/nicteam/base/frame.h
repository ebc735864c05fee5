// A frame on its way: destination address to FCS. Immutable once its octets may be read: a change is a new frame.
#pragma once

#include <cstdint>
#include <vector>

#include "nicteam/base/ref.h"

namespace nicteam {

using bytes = std::vector<std::uint8_t>;

// Names one packet for observers; 0 = nobody watches. Written by the model, read by observers only.
using trace_id = std::uint64_t;

class frame final : public counted {
public:
    bytes data;           // octets from destination address to FCS, in wire order
    trace_id id = 0;
    trace_id parent = 0;  // the frame that this one was made from (copy, fragment, damage)

    // From a pool; `data` is empty, its capacity kept from earlier use.
    static ref<frame> make();

    // The FCS is written only when somebody looks at it (a capture, a damaged wire, a receiver that keeps it).
    // false: the last four octets of `data` stand for a good FCS and are not yet computed.
    bool fcs_known = true;

    // On the wire before `data`, the start-of-frame delimiter among them. 8 are usual (IEEE 802.3 4.2.5); some MACs can be told others.
    std::uint8_t preamble_octets = usual_preamble;
    static constexpr std::uint8_t usual_preamble = 8;

private:
    friend struct frame_pool;
    ~frame() override = default;
    void recycle() override;
};

using frame_ref = ref<const frame>;

}  // namespace nicteam
