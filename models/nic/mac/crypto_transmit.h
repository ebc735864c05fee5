// A NIC with the crypto block of source document 004, transmit side: the command unit fills the transmit FIFO, from where whole frames go
// through the block; behind it the MAC 16a has the frame buffer for its FIFO.
#pragma once

#include "nic/chip.h"
#include "nic/transmit/transmit_path.h"
#include "nicteam/offload/transmit_block.h"

namespace nicteam::nic {

class transmitter;

class crypto_transmit : private offload::transmit_block_user {
public:
    crypto_transmit(transmitter&, const offload::crypto_config&, offload::receive_block&);

    transmit_path& fifo() { return fifo_; }
    unsigned frames() const { return config_.frame_buffer_frames; }       // in the frame buffer
    // Takes for the FIFO what Configure says of one; what is left is the frame buffer's.
    transmit_setup configured(const transmit_setup&);
    void discard(ps at) { fifo_.discard(at); }       // the frame that was loaded last
    void room_again() { block_.room_again(); }       // in the frame buffer
    void show(std::uint32_t level, ps at) { block_.show_frame_buffer(level, at); }
    void reset(ps at, trace_id hosts);
    const transmit_frame* incomplete() const { return fifo_.incomplete(); }       // not the block's yet
    bool holds(trace_id id) const { return block_.holds(id) || (incomplete() && incomplete()->data->id == id); }
    offload::transmit_block& block() { return block_; }

private:
    void left_fifo(ps at) override;
    ps room(std::uint32_t octets, ps edge) const override;
    void comes(const ref<frame>&, std::uint32_t octets, const span& words, ps at) override;

    transmitter& transmitter_;
    offload::crypto_config config_;
    transmit_path fifo_;
    offload::transmit_block block_;
};

// Octets of a frame that must be in the frame buffer before its first preamble octet, so that the rest, a word at each edge of `block`, is
// never late.
std::uint32_t certain_from(std::uint32_t octets, unsigned word_octets, ps block, ps octet, unsigned preamble_octets);

}  // namespace nicteam::nic
