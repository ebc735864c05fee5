// Flexible receive frame descriptors: buffers from the list of receive buffer descriptors
// (docs/decisions/0016-receive-buffer-descriptors.md).
#include "nic/receive/receive_unit.h"

namespace nicteam::nic {

void receive_unit::lack_buffers(bool lack, ps at) {
    if (no_buffers_.latest() == lack) return;
    no_buffers_.set(at, lack);
    show(at);
}

void receive_unit::forget_buffers(ps at) {
    list_.clear();
    lack_buffers(false, at);
    pending_buffers_ = false;
    after_resume_ = after_resume::nothing;
}

void receive_unit::open_descriptor() {
    done_ = 0;
    truncated_ = early_told_ = false;
    extended_ = receiver_.form().extended;
    listed_ = descriptor_.flexible;
    own_ = descriptor_.header ? header_size_ : descriptor_.size;
    area_ = {address_ + (extended_ ? receive_descriptor::extended_data : receive_descriptor::data), own_, 0, false, descriptor_.header};
}

// The pointer of the first frame descriptor after RU start begins the list; later ones carry on with it.
void receive_unit::list_fetched(ps at) {
    if (!list_.begun()) list_.begin(base_, descriptor_.buffer, address_);
    lack_buffers(!list_.more(), at);
}

void receive_unit::list_done(ps at) {
    list_.done();
    lack_buffers(!list_.more(), at);
}

void receive_unit::fetch_buffer(ps act) {
    dma(phase::buffer, pci::command::memory_read_line, list_.next(), receive_buffer::bytes, rbd_, act);
}

void receive_unit::buffer_fetched(pci::transfer_result r, ps at) {
    switch (list_.fetched(rbd_, r == pci::transfer_result::done, chip_.loops.stop())) {
    case receive_buffer_list::found::buffer: {
        const receive_buffer& b = list_.used().back().buffer;
        area_ = {b.buffer, b.size, done_, true, false};
        break;
    }
    case receive_buffer_list::found::completed:
        chip_.loops.stopped({descriptor_stop::kind::receive_buffer, list_.last(), at});
        return no_buffer_found(at);
    case receive_buffer_list::found::refused: chip_.count.refused_descriptor.add(); [[fallthrough]];
    case receive_buffer_list::found::end: return no_buffer_found(at);
    }
    look(busy_until_);
}

void receive_unit::no_buffer_found(ps at) {
    if (done_) {                             // else look() finds that there is no room for the frame at all
        truncate(at);
        receiver_.sample(at);
    }
    look(busy_until_);
}

// A frame wants a buffer for its first byte and there is none: it waits in the FIFO, its descriptor is kept.
void receive_unit::starve(ps at) { starved(after_resume::kept_descriptor, at); }

void receive_unit::starved(after_resume then, ps at) {
    after_resume_ = then;
    lack_buffers(true, at);
    leave_ready(ru_state::no_resources, at);
}

// ---------------------------------------------------------------- RBD resume
bool receive_unit::resume_buffers(ps at) {
    if (!no_buffers_.latest()) return false;
    // While a frame goes to memory the command is remembered to its end.
    if (phase_ != phase::none || (have_ && done_ > 0)) pending_buffers_ = true;
    else read_again(at);
    return true;
}

void receive_unit::read_again(ps act) {
    pending_buffers_ = false;
    if (!no_buffers_.latest()) return have_ ? look(act) : void();
    chip_.timers.clear(receive_timer);
    dma(phase::again, pci::command::memory_read_line, list_.last(), receive_buffer::bytes, rbd_, act);
}

void receive_unit::read_again_done(pci::transfer_result r, ps at) {
    list_.again(rbd_, r == pci::transfer_result::done);
    pending_buffers_ = false;
    if (list_.begun()) lack_buffers(!list_.more(), at);       // else RU start came in between
    if (list_.more() && after_resume_ != after_resume::nothing) {
        have_ = after_resume_ == after_resume::kept_descriptor;
        if (!have_) address_ = base_ + descriptor_.link, linked_ = true;
        after_resume_ = after_resume::nothing;
        become(ru_state::ready, at);
    }
    if (state_.latest() != ru_state::ready) return;
    if (have_) look(busy_until_);
    else fetch(address_, busy_until_);
}

}  // namespace nicteam::nic
