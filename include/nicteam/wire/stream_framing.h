// The framing of QEMU's network back ends on a stream (`-netdev stream`, `-netdev socket`): the length of a frame in four octets, most
// significant first, then the frame from destination address to the last octet before the FCS. Source: QEMU, net/net.c and net/stream.c.
//
// Any octets may come: a length is believed up to a limit, a frame is kept up to another, and memory never grows beyond the two.
#pragma once

#include <cstdint>

#include "nicteam/base/frame.h"
#include "nicteam/packet/octets.h"

namespace nicteam::wire {

constexpr std::size_t stream_header = 4;

class stream_decoder {
public:
    enum class kind : std::uint8_t {
        none,       // more octets are needed
        frame,      // `data`
        empty,      // a length of 0
        too_long,   // longer than kept: passed over
        foreign,    // a length beyond belief: this is another framing, and where the next frame begins cannot be known
    };
    struct item {
        kind what = kind::none;
        std::uint32_t length = 0;
        bytes data;
    };

    // Frames of at most `kept` octets without FCS; lengths of at most `believed`.
    stream_decoder(std::size_t kept, std::size_t believed) : kept_(kept), believed_(believed) {}

    void feed(packet::octets);
    item next();                                   // what the octets so far hold, in order
    bool idle() const { return rest() == 0 && to_skip_ == 0; }      // between two frames
    void reset();

private:
    std::size_t rest() const { return buffer_.size() - at_; }
    std::size_t kept_, believed_;
    bytes buffer_;
    std::size_t at_ = 0;                           // of the first octet not looked at
    std::size_t to_skip_ = 0;                      // of a frame too long
    std::uint32_t skipped_ = 0;                    // its length; told when all of it has passed
};

// Appends header and frame.
void put_stream_frame(bytes& out, packet::octets without_fcs);

}  // namespace nicteam::wire
