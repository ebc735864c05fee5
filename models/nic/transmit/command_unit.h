// The command unit: fetches command blocks, executes them, writes their status (SDM 6.4.1, 6.4.2).
#pragma once

#include <optional>
#include <vector>

#include "nic/chip.h"
#include "nic/edged.h"
#include "nic/mac/receiver.h"
#include "nic/mac/transmitter.h"
#include "nic/transmit/command_block.h"
#include "nic/transmit/packet_assist.h"
#include "nicteam/offload/transmit_protection.h"

namespace nicteam::nic {

enum class cu_state : std::uint8_t { idle, suspended, active };

class command_unit {
public:
    command_unit(chip&, transmitter&, receiver&);

    // SCB commands, accepted at `at`. False: refused.
    bool start(std::uint32_t offset, ps at);
    bool resume(ps at);
    bool static_resume(ps at);
    bool load_base(std::uint32_t, ps at);
    cu_state state(ps at) const { return state_.seen(at); }
    bool active() const { return state_.latest() == cu_state::active; }
    bool looks() const { return phase_ == phase::block || phase_ == phase::suspend_bit; }      // at its list, for what to do next
    trace_id reset(ps at, bool selective);       // the packet that goes back to the host: it heard nothing of it, no wire has it

    // DMA of the command channel.
    pci::attempt decide(const pci::transfer&, ps decision);
    void planned(const pci::transfer&, ps at);
    void ended(pci::transfer_result, ps at);
    void forgotten(std::uint32_t octets, ps at);
    void room(ps at);                    // the transmit FIFO has room again
    void low_priority_again(ps at) { execute(at); }      // timer: of phase held
    void claim(const sim::station::claim& c) const { if (frame_) c(frame_->id); }

private:
    enum class phase : std::uint8_t { none, held, block, body, report, tbds, dynamic_tbd, data, status, suspend_bit };
    struct piece { std::uint32_t address, bytes; };

    void become(cu_state, ps at);
    bool not_sent() const;
    void not_active(ps at);              // requests CNA, at once or held back
    void take_back(ps at);               // a start or resume came first
    void dma(phase, pci::command, std::uint32_t address, std::uint32_t bytes, std::uint8_t* data, ps act);
    void fetch(std::uint32_t offset, ps act);
    void follow(ps act);                 // the link of the present block
    bool been_here() const;              // the link led to a block that is complete: docs/decisions/0092
    void stop_in_loop(ps at);
    void execute(ps at);
    void execute_body(ps at);
    void complete(std::uint16_t status, ps act);
    void completed(ps at);
    void reread(ps act);
    void reread_done(ps at);
    void refuse(ps act);

    // command_unit_transmit.cpp
    void transmit(ps at);
    bool growing_unasked() const;        // a dynamic array, and Configure knows of none
    void gather(ps act);
    transmit_buffer buffer_of(const std::uint8_t*, bool inside) const;
    void add_buffer(const transmit_buffer&);
    void fetch_dynamic(ps act);
    void dynamic_fetched(ps at);
    void begin_frame(ps at);
    void unsendable(ps act, bool malformed);
    void next_piece(ps earliest);
    void piece_done(pci::transfer_result, ps at);
    void mark(trace_id);                 // the buffers of the present block
    void finish_frame();                 // its last byte has come

    // nic/mac/priority_flow_control.cpp
    bool held_low(ps at);                // a block of the low priority queue, by a received flow control frame
    void paused_low(ps at);              // that pause has begun, or is over sooner or later than it was

    // command_unit_ipcb.cpp
    void transmit_ipcb(ps at);
    void assist();

    // command_unit_crypto.cpp
    void transmit_through_block(ps at);
    void lend(ps act);                   // sequence numbers to an association
    std::uint16_t hand_on(ps at);        // the frame, to the crypto block: status of its command block

    unsigned block_bytes() const;
    std::uint32_t body_bytes() const;    // of the block, from its body offset on

    chip& chip_;
    transmitter& transmitter_;
    receiver& receiver_;
    pci::transfer dma_;
    phase phase_ = phase::none;
    edged<cu_state> state_{cu_state::idle};
    std::uint32_t base_ = 0;
    std::uint32_t address_ = 0;          // of the present block
    command_block block_{};
    bool linked_ = false;                // it was found by a link, not by a start
    bool resume_pending_ = false, restart_ = false;
    std::uint32_t restart_offset_ = 0;
    unsigned delay_ = 0;                 // CID of the latest transmit block
    std::uint8_t cb_[command_block::extended_bytes] = {};
    std::uint8_t word_[4] = {};
    std::vector<std::uint8_t> body_;     // configure bytes, multicast list, TBD array

    // The frame under way.
    transmit_block tcb_{};
    struct { unsigned at, count; } inside_{};   // TBDs in the block itself; the array pointer is for the next one
    unsigned dynamic_ = 0;               // TBDs of a dynamic array that are known
    packet_assist assist_{};             // of an IPCB or a block of the crypto block
    std::optional<offload::protection_order> order_;     // of the latter
    std::vector<piece> pieces_;
    ref<frame> frame_;                   // while it loads
    ref<frame> burst_into_;              // set if that changed during a burst: where the burst goes
    trace_id untold_ = 0;                // the packet of the present block, until the host hears that it is complete
    bool own_ = false;                   // no software made it: the host does not have it after a reset
    trace_id unsettled_ = 0;             // the present block's packet through a reset that met its status word on the way
    std::size_t piece_ = 0;
    std::uint32_t frame_bytes_ = 0, frame_done_ = 0, piece_done_ = 0;
    bool waits_for_room_ = false;
    bool crc16_ = false;                 // inserted instead of the FCS
};

}  // namespace nicteam::nic
