// The transmit command: its buffers, one after the other, into the transmit FIFO (SDM 6.4.2.5).
#include "nic/registers/identities.h"
#include "nic/transmit/command_unit.h"

#include <algorithm>
#include <cstring>

#include "nic/mac/crc16.h"
#include "nicteam/packet/fcs.h"

namespace nicteam::nic {
namespace {

constexpr std::uint32_t no_array = 0xFFFFFFFF;
constexpr unsigned source_address = 6, address_octets = 6;

}  // namespace

void command_unit::transmit(ps at) {
    const ps next = at + chip_.clock();
    const bool extended = !chip_.setup.get(field::standard_tcb);
    tcb_ = transmit_block::of(cb_);
    assist_ = {};
    order_.reset();
    inside_ = {transmit_block::embedded, extended ? transmit_block::embedded_count : 0};
    delay_ = block_.delay;
    pieces_.clear();
    frame_bytes_ = 0;
    if (!block_.flexible) {
        if (tcb_.bytes) add_buffer({address_ + transmit_block::data, tcb_.bytes, true});
        return begin_frame(next);
    }
    // Flexible: bytes behind the block first (standard TCB only: an extended one has its first buffers there).
    if (growing_unasked() || (extended && tcb_.bytes)) return unsendable(next, true);
    if (tcb_.bytes) add_buffer({address_ + transmit_block::data, tcb_.bytes, false});
    gather(next);
}

bool command_unit::growing_unasked() const { return tcb_.tbds == transmit_block::dynamic && !chip_.setup.get(field::dynamic_tbd); }

// The TBDs in the block, then those of the array.
void command_unit::gather(ps act) {
    if (tcb_.tbds == transmit_block::dynamic) {
        dynamic_ = 0;
        return fetch_dynamic(act);
    }
    unsigned left = tcb_.tbds;
    for (unsigned i = 0; i < inside_.count && left; ++i, --left) {
        const transmit_buffer b = buffer_of(cb_ + inside_.at + i * transmit_buffer::bytes, true);
        add_buffer(b);
        if (b.last) left = 1;
    }
    if (left == 0) return begin_frame(act);
    if (tcb_.array == no_array) return unsendable(act, true);
    // The rest of the array in one burst (choice: all lengths are known before the first data burst).
    body_.resize(left * transmit_buffer::bytes);
    dma(phase::tbds, pci::command::memory_read_line, tcb_.array, left * transmit_buffer::bytes, body_.data(), act);
}

transmit_buffer command_unit::buffer_of(const std::uint8_t* b, bool inside) const {
    return block_.what == opcode::ipcb ? transmit_buffer::of_ipcb(b, inside) : transmit_buffer::of(b);
}

// One TBD after the other, as software may still be writing the next; the two inside an extended TCB come first.
void command_unit::fetch_dynamic(ps act) {
    std::uint32_t at = tcb_.array + (dynamic_ - inside_.count) * transmit_buffer::bytes;
    if (dynamic_ < inside_.count) at = address_ + inside_.at + dynamic_ * transmit_buffer::bytes;
    else if (tcb_.array == no_array) return unsendable(act, true);
    body_.resize(transmit_buffer::bytes);
    dma(phase::dynamic_tbd, pci::command::memory_read_line, at, transmit_buffer::bytes, body_.data(), act);
}

void command_unit::dynamic_fetched(ps at) {
    const transmit_buffer b = buffer_of(body_.data(), dynamic_ < inside_.count);
    if (b.address == 0) return fetch_dynamic(at + chip_.config.tbd_poll * chip_.clock());      // not yet valid
    ++dynamic_;
    add_buffer(b);
    const ps next = at + chip_.clock();
    if (b.last || frame_bytes_ > chip_.config.tx_fifo) return begin_frame(next);               // too long: no need to see its end
    fetch_dynamic(next);
}

void command_unit::add_buffer(const transmit_buffer& b) {
    if (b.size) pieces_.push_back({b.address, b.size});
    frame_bytes_ += b.size;
}

void command_unit::unsendable(ps act, bool malformed) {
    chip_.count.tx_unsendable.add();
    if (malformed) chip_.count.refused_command.add();
    if (!chip_.doubt.raised()) {               // else the driver sees to it: who knows whose octets these are
        if (!pieces_.empty()) chip_.station.ended(chip_.shadow.at(pieces_[0].address), row(tx_unsendable_outcome), act - chip_.clock());
        mark(0);
    }
    complete(command_block::complete, act);
}

void command_unit::mark(trace_id id) {
    if (!chip_.station.watched()) return;
    for (const piece& p : pieces_) chip_.shadow.mark(p.address, p.bytes, id);
}

void command_unit::begin_frame(ps act) {
    if (!chip_.setup.get(field::mac_enable) || !transmitter_.fits(frame_bytes_)) return unsendable(act, false);
    frame_ = frame::make();
    std::uint32_t octets = frame_bytes_ + assist_.ahead();
    if (!block_.no_crc) {
        const std::uint32_t crc = chip_.setup.get(field::crc16) ? crc16_octets : static_cast<std::uint32_t>(packet::fcs_octets);
        if (chip_.setup.get(field::padding)) octets = std::max(octets, wire::minimum_frame - crc);
        octets += crc;
    }
    frame_->data.resize(octets, info_of(chip_.config.identity).pad);
    crc16_ = !block_.no_crc && chip_.setup.get(field::crc16);
    frame_->fcs_known = block_.no_crc || crc16_;
    frame_->id = chip_.shadow.at(pieces_[0].address);
    // In doubt: what has been sent already, or is about to be, is sent again as another.
    const bool again = chip_.doubt.raised() && (chip_.doubt.has_left(frame_->id) || transmitter_.has(frame_->id));
    own_ = (!frame_->id || again) && chip_.station.watched();
    if (own_) {
        frame_->id = chip_.station.next_id();
        chip_.station.born(frame_->id, 0, octets, act - chip_.clock());
        mark(frame_->id);
    }
    untold_ = frame_->id;
    const std::uint32_t threshold = tcb_.threshold * transmit_block::threshold_unit;
    const bool whole = threshold == 0 || assist_.changes();      // a checksum is known when its last byte is (SDM B.2.3)
    transmitter_.open(frame_, frame_bytes_, whole ? frame_bytes_ : std::min(threshold, frame_bytes_));
    piece_ = 0;
    frame_done_ = piece_done_ = 0;
    next_piece(act);
}

// Requests the next burst at the first edge at which it is worth it; `room()` asks again when nothing is planned yet.
void command_unit::next_piece(ps earliest) {
    const piece& p = pieces_[piece_];
    const std::uint32_t left = p.bytes - piece_done_;
    phase_ = phase::data;
    const ps n = transmitter_.fifo().next_request(left, earliest);
    waits_for_room_ = n == never;
    if (waits_for_room_) return;
    dma(phase::data, pci::command::memory_read_multiple, p.address + piece_done_, left, frame_->data.data() + assist_.ahead() + frame_done_, n);
}

void command_unit::room(ps at) {
    if (phase_ == phase::data && waits_for_room_) next_piece(chip_.bus.clock().after(at));
}

void command_unit::finish_frame() {
    if (assist_.changes()) assist();
    if (!chip_.setup.get(field::source_from_memory) && frame_bytes_ >= source_address + address_octets)
        std::copy_n(chip_.filter.individual().begin(), address_octets, frame_->data.begin() + source_address);
    if (crc16_) put_crc16(*frame_);
}

void command_unit::piece_done(pci::transfer_result r, ps at) {
    const std::uint32_t burst = dma_.bytes;
    if (r != pci::transfer_result::done) transmitter_.give(frame_done_ + dma_.done, at);
    if (burst_into_) {
        std::copy_n(burst_into_->data.begin() + frame_done_, burst, frame_->data.begin() + frame_done_);
        burst_into_ = {};
    }
    frame_done_ += burst;
    piece_done_ += burst;
    if (dma_.attempts) chip_.station.crossed(frame_->id, chip_.bus.bus_path(), burst, at);       // else it was in memory of its own
    const ps next = at + chip_.clock();
    if (piece_done_ == pieces_[piece_].bytes) {
        piece_done_ = 0;
        if (++piece_ == pieces_.size()) {
            finish_frame();
            transmitter_.loaded(at);
            if (chip_.host_capture.on()) chip_.host_capture.take(frame_ref(frame_), at, sim::direction::out);
            // OK is always 1 for transmit; U: an underrun since the last status.
            chip_.latest.tx_status = static_cast<std::uint16_t>(command_block::complete | command_block::ok | (transmitter_.take_underrun() ? command_block::underrun : 0));
            if (transmitter_.crypto()) chip_.latest.tx_status = hand_on(at);
            frame_ = burst_into_ = {};
            return complete(chip_.latest.tx_status, next);
        }
    }
    next_piece(next);
}

}  // namespace nicteam::nic
