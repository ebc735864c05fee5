// A NIC with the crypto block of source document 004: the receiver network interface 16b judges frames before they enter the block, and
// what leaves it goes, with its record, into the receive FIFO. In the place of the identity stage; a NIC without the block has none.
#pragma once

#include <optional>

#include "nic/chip.h"
#include "nic/mac/receiver.h"
#include "nicteam/offload/receive_block.h"

namespace nicteam::nic {

class crypto_receive : private offload::receive_block_user {
public:
    crypto_receive(chip&, receiver&, const offload::crypto_config&);

    // From the link.
    void begin(const frame_ref&, const span& octets);
    void replan(const span& octets);
    void end(const frame_ref&, wire::wire_end, ps at);
    void before_filter_changes(ps at);               // likewise of the receiver

    void room_again() { block_.room_again(); }       // in the receive FIFO
    // Of buffer 142, which fills when the FIFO is full or the block is slow: what flow control watches.
    std::uint32_t level(ps at) const { return block_.level_142(at); }
    ps reaches(std::uint32_t octets) const { return block_.reaches_142(octets); }
    void serve() { block_.serve(); }
    void reset(ps at) { block_.reset(at); }
    offload::receive_block& block() { return block_; }

private:
    bool has_room(std::uint32_t octets, ps at) const override;
    std::uint32_t may_hold(std::uint32_t octets, ps at) const override;
    void replans(const span& octets, ps at) override;
    void comes(const offload::delivered&, const span& octets, ps at) override;
    void came(const offload::delivered&, ps at) override;
    void changed_142(ps at) override { receiver_.sample_142(at); }
    const outcome_info* refuses(const frame&, wire::wire_end, ps at);      // none: it goes into the block
    bool is_ours(const frame&) const;                                      // by the filter as it is now

    chip& chip_;
    receiver& receiver_;
    offload::receive_block block_;
    const outcome_info* turned_away_ = nullptr;      // the frame that passes the MAC
    const frame* passing_ = nullptr;                 // it, unless it is turned away
    std::optional<bool> ours_;                       // by the filter as it was when its address passed, if that has changed since
    span octets_;                                    // its own, preamble included
    unsigned preamble_ = 0;                          // octets of it
    frame_ref stored_;                               // what passes into the FIFO: frame and record
};

}  // namespace nicteam::nic
