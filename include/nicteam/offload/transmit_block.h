// The transmit side of the crypto block, put together: transmit FIFO → transmitter IP logic 22a → IPsec logic 21a → frame buffer. Source
// document 004, FIG. 4; docs/crypto-block.md. In front of it is whoever fills the FIFO, behind it the MAC 16a, whose the frame buffer is:
// an attempt that is repeated sends the octets that are there.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include <systemc>

#include "nicteam/base/frame.h"
#include "nicteam/base/span.h"
#include "nicteam/offload/crypto_config.h"
#include "nicteam/offload/transmit_protection.h"
#include "nicteam/sim/agenda.h"
#include "nicteam/sim/session.h"

namespace nicteam::offload {

class engine_bank;
class engine_health;
class receive_block;
class work_observer;

class transmit_block_user {
public:
    virtual ~transmit_block_user() = default;
    virtual void left_fifo(ps at) = 0;           // the oldest frame that was add()ed: its last word has
    // The first edge of the block from `edge` on at which the frame buffer has so much room; `never`: not before room_again().
    virtual ps room(std::uint32_t octets, ps edge) const = 0;
    // A frame is taken into the frame buffer: `octets` of its data come in these words; padding and FCS are the MAC's.
    virtual void comes(const ref<frame>&, std::uint32_t octets, const span& words, ps at) = 0;
};

class transmit_block : public sc_core::sc_module, private sim::agenda_user {
public:
    // `shares`: the receive side, asked for its engines when the configuration says that they are shared. Throws std::invalid_argument with the
    // first of check()'s problems.
    transmit_block(sc_core::sc_module_name, const crypto_config&, receive_block* shares, transmit_block_user&);
    ~transmit_block() override;

    // An outbound association, without a number. `iv_seed`: its IVs, if they are drawn.
    transmit_protection::added install(const ipsec::association_parameters&, std::uint64_t iv_seed = 0, ps at = 0,
                                       ipsec::payload_kind = ipsec::payload_kind::real);
    ipsec::association_table& associations();

    // For rings: the same with its engines, identifications of outer headers, whose engines they are, and that what is due at the present
    // instant has happened here.
    served_associations& known();
    packet::identification_source& identifications();
    engine_bank& engines();
    engine_health& health();
    void serve();
    void watch(work_observer&);                  // elaboration
    // A frame that a job made of a packet of the host, to be sent as it is, at the present instant: behind the frames that are whole in the FIFO
    // by then. There is room unless the one before is still waiting; `taken` is called when it is not any more.
    bool has_room_for_made() const;
    void add_made(bytes frame, trace_id of);
    void on_made_taken(std::function<void(ps)> taken);

    // A frame is whole in the transmit FIFO, at the present instant: `octets` of its data came from memory. With an order the association is
    // put on: the number is drawn now. Anything but `none`: it is refused, and the block knows nothing of it.
    transmit_refusal add(const ref<frame>&, std::uint32_t octets, const std::optional<protection_order>&, ipsec::outcome& why);
    void room_again();                           // in the frame buffer, at the present instant
    void show_frame_buffer(std::uint32_t octets, ps at);
    // What is inside goes; associations stay, and numbers that were drawn are a gap. What the owner counts as the host's goes without a word.
    void reset(ps at, trace_id hosts = 0);
    bool holds(trace_id) const;

private:
    void due(unsigned slot, ps at) override;
    struct machinery;
    std::unique_ptr<machinery> machinery_;       // models/offload/transmit_block.cpp
};

}  // namespace nicteam::offload
