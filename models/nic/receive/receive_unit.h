// The receive unit: descriptors, the receive FIFO's bursts towards memory, status (SDM 6.4.3).
// receive_unit.cpp: commands and data; receive_unit_buffers.cpp: flexible mode; receive_unit_header.cpp: header descriptors;
// receive_unit_frame.cpp: the end of a frame; receive_unit_extension.cpp: extended descriptors; receive_unit_early.cpp: what software
// may know before.
#pragma once

#include "nic/chip.h"
#include "nic/edged.h"
#include "nic/mac/receiver.h"
#include "nic/receive/receive_buffer_list.h"
#include "nic/receive/receive_bundle.h"
#include "nic/receive/receive_descriptor.h"
#include "nicteam/sim/descriptor_shadow.h"

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
    bool resume_buffers(ps at);          // RBD resume
    bool load_header_size(std::uint32_t);                        // of header descriptors
    bool redirect(std::uint32_t pointer, ps at);                 // RX DMA redirect: the buffers behind the header that is in memory
    void early(std::uint32_t bytes) { early_ = bytes; }          // before a frame's end that request the early receive interrupt; 0: none
    std::uint32_t room_left(ps at) const;                        // in the present buffer, as of the words that passed the bus
    ru_state state(ps at) const { return state_.seen(at); }
    bool ready() const { return state_.latest() == ru_state::ready; }
    bool looks() const { return phase_ == phase::descriptor || pending_start_; }               // at its list, for where frames go
    bool no_buffers(ps at) const { return no_buffers_.seen(at); }   // flexible mode: the list of buffers has come to its end
    void reset(ps at, bool selective);

    // DMA of the receive channel.
    pci::attempt decide(const pci::transfer&, ps decision);
    void planned(const pci::transfer&, ps at);
    void ended(const pci::transfer&, pci::transfer_result, ps at);
    void forgotten(const pci::transfer&, std::uint32_t octets, ps at);
    void claim(const sim::station::claim& c) const { if (unsettled_.id) c(unsettled_.id); }
    void due(ps at);                     // timer
    void bundle_due(ps at) { bundle_.due(at); }
    void changed(ps at);                 // the FIFO's front may be ready

private:
    // redirect: no DMA, it is software's turn.
    enum class phase : std::uint8_t { none, descriptor, data, extension, buffer, buffer_count, count, status, again, redirect };
    enum class after_resume : std::uint8_t { nothing, kept_descriptor, next_descriptor };
    struct area {                        // where the frame's bytes from `first` on go
        std::uint32_t address = 0, bytes = 0, first = 0;
        bool of_list = false;            // a buffer, not the frame descriptor's own
        bool header = false;             // of the frame descriptor's own: the part in front of its data
    };

    void become(ru_state, ps at);
    void lack_buffers(bool, ps at);
    void show(ps at);
    void leave_ready(ru_state, ps at);
    void dma(phase, pci::command, std::uint32_t address, std::uint32_t bytes, std::uint8_t* data, ps act);
    void fetch(std::uint32_t address, ps act);
    void fetched(ps at);
    void refuse_descriptor(ps at);
    bool been_here() const;              // a link led to a descriptor that is complete: docs/decisions/0092
    void look(ps earliest);              // plans the next thing to do for the front frame
    void act(ps at);
    void start_burst(ps act);
    void mark_in_doubt(const receive_path::arrival&, std::uint32_t octets, ps act);
    void burst_ended(pci::transfer_result, ps at);
    void judge(ps act);                  // the whole frame is in memory
    void reclaim(ps at);
    std::uint16_t status_of(const receive_path::arrival&, bool truncated) const;
    void status_written(pci::transfer_result, ps at);
    void open_descriptor();
    void next_data(ps act);
    void truncate(ps at);
    void write_counts(ps act);
    void describe(const receive_path::arrival&);     // receive_unit_extension.cpp: what an 82550 says of it besides
    std::uint32_t address() const { return area_.address + (done_ - area_.first); }
    std::uint32_t room() const { return area_.bytes - (done_ - area_.first); }
    bool burst_next(ps earliest, ps& when);
    bool final(const receive_path::arrival&) const;
    pci::transfer& dma_now() { return transfers_[present_]; }
    bool order_is_void() { return path_.empty() || path_.front().number != ordered_; }      // its frame was dropped at its end
    bool untouched() { return dma_now().attempts == 0 && !dma_now().under_way; }
    bool give_up();

    // Flexible mode.
    bool more_buffers() const { return listed_ && list_.more(); }
    bool starving() const { return listed_ && done_ == 0 && !truncated_; }
    void forget_buffers(ps at);
    void list_fetched(ps at);
    void list_done(ps at);
    void fetch_buffer(ps act);
    void buffer_fetched(pci::transfer_result, ps at);
    void no_buffer_found(ps at);
    bool header_done(ps at);             // true: software's turn
    std::uint32_t early_at() const;      // bytes of the front frame in memory that request it; UINT32_MAX: none
    void watch_early();
    void tell_early(ps at);              // if enough of it is in memory
    void forget_redirect(ps at);
    void keep_room_left(ps at);
    void starve(ps at);
    void starved(after_resume, ps at);
    void read_again(ps act);
    void read_again_done(pci::transfer_result, ps at);

    chip& chip_;
    receiver& receiver_;
    receive_path& path_;
    receive_bundle bundle_{chip_};
    std::array<pci::transfer, 4> transfers_;
    unsigned present_ = 0;               // the others are free, or given up before their first tenure: decide() answers nothing
    std::array<bool, 4> given_up_{};
    std::uint64_t ordered_ = 0;          // for which arrival
    ps act_ = never;                     // edge at which the present burst is requested
    phase phase_ = phase::none;
    edged<ru_state> state_{ru_state::idle};
    std::uint32_t base_ = 0;
    std::uint32_t header_size_ = 0;      // 0: not loaded
    std::uint32_t early_ = 0;            // bytes before a frame's end; 0: no early receive interrupt
    bool early_told_ = false;            // of the present frame
    std::uint32_t address_ = 0;          // of the present descriptor
    bool linked_ = false;                // it was found by a link, not by a start
    receive_descriptor descriptor_{};
    bool have_ = false;                  // the descriptor is fetched and unused
    bool aborting_ = false;              // the DMA under way is of no more use since
    ps aborted_at_ = never;
    bool closing_ = false;               // aborted, but the status word of a frame that is stored is on its way
    bool pending_start_ = false;
    area area_;
    std::uint32_t own_ = 0;              // bytes of the frame descriptor's own areas that the frame may fill
    bool listed_ = false;                // behind them it goes to buffers of the list
    receive_buffer_list list_;
    edged<bool> no_buffers_{false};
    bool pending_buffers_ = false;       // RBD resume came while a frame went to memory
    after_resume after_resume_ = after_resume::nothing;   // why RBD resume makes the unit ready again
    ps stopped_at_ = -1;                 // by software: at that edge the room is still what it was
    std::uint32_t room_then_ = 0;
    std::size_t counted_ = 0;            // buffers whose count is written
    std::uint32_t done_ = 0;             // frame bytes in memory
    bool truncated_ = false;
    std::uint16_t status_ = 0;
    ps busy_until_ = 0;                  // idle edge of the latest tenure of this channel
    std::uint8_t rfd_[receive_descriptor::bytes] = {};
    std::uint8_t rbd_[receive_buffer::bytes] = {};
    std::uint8_t word_[4] = {};
    bool extended_ = false;              // the present descriptor has room for more than 16 bytes
    std::uint8_t extension_[receive_descriptor::extension_bytes] = {};
    // A frame whose status word was on its way when a reset came.
    struct unsettled_frame {
        const pci::transfer* by = nullptr;
        trace_id id = 0;
        std::uint32_t bytes = 0, descriptor = 0;
        bool good = false, listed = false;
    } unsettled_;
    sim::shadow& descriptors_{sim::descriptors_of(chip_.bus.bus_path())};     // flexible mode
    frame_ref source_;                   // what the burst under way reads from; the link may replace the front frame's
};

}  // namespace nicteam::nic
