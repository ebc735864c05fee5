// The receive unit: descriptors, the receive FIFO's bursts towards memory, status (SDM 6.4.3).
#pragma once

#include "nic/chip.h"
#include "nic/edged.h"
#include "nic/receive_descriptor.h"
#include "nic/receiver.h"

namespace nicteam::nic {

enum class ru_state : std::uint8_t { idle, suspended, no_resources, ready };

class receive_unit {
public:
    receive_unit(chip&, receiver&);

    // SCB commands, accepted at `at`. False: refused.
    bool start(std::uint32_t offset, ps at);
    bool resume(ps at);
    bool abort(ps at);
    bool load_base(std::uint32_t, ps at);
    ru_state state(ps at) const { return state_.seen(at); }
    void reset(ps at, bool selective);

    // DMA of the receive channel.
    pci::attempt decide(const pci::transfer&, ps decision);
    void planned(const pci::transfer&, ps at);
    void ended(const pci::transfer&, pci::transfer_result, ps at);
    void due(ps at);                     // timer
    void changed(ps at);                 // the FIFO's front may be ready

private:
    enum class phase : std::uint8_t { none, descriptor, data, count, status };

    void become(ru_state, ps at);
    void leave_ready(ru_state, ps at);
    void dma(phase, pci::command, std::uint32_t address, std::uint32_t bytes, std::uint8_t* data, ps act);
    void fetch(std::uint32_t address, ps act);
    void fetched(ps at);
    void look(ps earliest);              // plans the next thing to do for the front frame
    void act(ps at);
    void start_burst(ps act);
    void burst_ended(pci::transfer_result, ps at);
    void judge(ps act);                  // the whole frame is in memory
    void reclaim(ps at);
    std::uint16_t status_of(const receive_path::arrival&, bool truncated) const;
    void status_written(ps at);
    std::uint32_t address() const { return address_ + receive_descriptor::data + done_; }
    std::uint32_t room() const { return descriptor_.size - done_; }
    bool burst_next(ps earliest, ps& when);
    bool final(const receive_path::arrival&) const;
    pci::transfer& dma_now() { return transfers_[present_]; }
    bool untouched() { return dma_now().attempts == 0 && !dma_now().under_way; }
    bool give_up();

    chip& chip_;
    receiver& receiver_;
    receive_path& path_;
    std::array<pci::transfer, 4> transfers_;
    unsigned present_ = 0;               // the others are free, or given up before their first tenure: decide() answers nothing
    std::array<bool, 4> given_up_{};
    ps act_ = never;                     // edge at which the present burst is requested
    phase phase_ = phase::none;
    edged<ru_state> state_{ru_state::idle};
    std::uint32_t base_ = 0;
    std::uint32_t address_ = 0;          // of the present descriptor
    receive_descriptor descriptor_{};
    bool have_ = false;                  // the descriptor is fetched and unused
    bool aborting_ = false;              // the DMA under way is of no more use
    bool pending_start_ = false;
    std::uint32_t done_ = 0;             // frame bytes in memory
    bool truncated_ = false;
    std::uint16_t status_ = 0;
    ps busy_until_ = 0;                  // idle edge of the latest tenure of this channel
    std::uint8_t rfd_[receive_descriptor::bytes] = {};
    std::uint8_t word_[4] = {};
    frame_ref source_;                   // what the burst under way reads from; the link may replace the front frame's
};

}  // namespace nicteam::nic
