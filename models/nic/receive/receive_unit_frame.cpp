// The end of a frame: what becomes of it, and what the host is told (SDM 6.4.3.4: data, counts, status, interrupt).
#include "nic/receive/receive_unit.h"

#include <algorithm>
#include <utility>

namespace nicteam::nic {
namespace {

constexpr unsigned type_offset = 12;
constexpr unsigned largest_length = 1500;        // above: a type (IEEE 802.3 3.2.6)

}  // namespace

std::uint16_t receive_unit::status_of(const receive_path::arrival& a, bool truncated) const {
    unsigned s = rfd_complete;
    const std::uint32_t octets = a.length;
    const bool is_short = octets < path_.current().minimum_octets;
    const bool bad = a.how != wire::wire_end::good;
    if (a.overrun) s |= rfd_overrun;
    else if (is_short) s |= rfd_short;
    else if (bad) s |= rfd_crc;
    if (truncated) s |= rfd_no_room;
    if (a.how == wire::wire_end::collided && receiver_.tells_collisions()) s |= rfd_collision;
    if (!a.overrun && !is_short && !bad && !truncated) s |= rfd_ok;
    const bytes& d = a.data->data;
    if (chip_.setup.get(field::type_enable) && d.size() > type_offset + 1 && (d[type_offset] << 8 | d[type_offset + 1]) > static_cast<int>(largest_length)) s |= rfd_type;
    const auto m = static_cast<address_match>(a.filter);
    if (m == address_match::promiscuous) s |= rfd_no_match;
    if (m != address_match::individual) s |= rfd_not_individual;
    return static_cast<std::uint16_t>(s);
}

void receive_unit::judge(ps act) {
    receive_path::arrival& a = path_.front();
    const ps at = act - chip_.clock();
    const std::uint32_t octets = a.length;
    const bool is_short = octets < path_.current().minimum_octets;
    const bool bad = a.how != wire::wire_end::good;
    const bool too_long = octets > wire::maximum_frame && !chip_.setup.get(field::long_receive) && !receiver_.judged();
    if (room() == 0 && !more_buffers() && path_.whole_length(a) > done_) truncated_ = true;
    // One error each: overrun, then short, then CRC (SDM 6.3.2.2).
    bool keep = true;
    outcome_row why = rx_bad_fcs_outcome;
    const bool save = chip_.setup.get(field::save_bad_frames);
    if (a.overrun) {
        chip_.hardware.add(statistic::rx_overrun);
        chip_.count.rx_overruns.add();
        keep = save || chip_.setup.get(field::pass_overruns);
        why = rx_overrun_outcome;
    } else if (is_short) {
        chip_.hardware.add(statistic::rx_short);
        chip_.count.rx_short.add();
        keep = save || !path_.current().discard_short;
        why = rx_short_outcome;
    } else if (bad) {
        chip_.hardware.add(statistic::rx_crc);
        chip_.count.rx_crc_errors.add();
        keep = save;
    } else if (too_long) {
        chip_.count.rx_long.add();
        keep = save;
        why = rx_long_outcome;
    }
    if (!keep) {
        chip_.station.ended(a.data->id, row(a.how == wire::wire_end::collided ? rx_fragment_outcome : why), at);
        return reclaim(at);
    }
    chip_.station.passed(a.data->id, row(rx_dma_done_stage), at);
    status_ = status_of(a, truncated_);
    if (receiver_.form().described()) describe(a);
    chip_.latest.rx_status = status_;
    chip_.latest.rx_length = static_cast<std::uint16_t>(done_);
    if (area_.of_list) list_.close(done_ - area_.first);
    counted_ = 0;
    if (extended_) dma(phase::extension, pci::command::memory_write, address_ + receive_descriptor::extension_offset, sizeof extension_, extension_, act);
    else write_counts(act);
}

// Of the buffer descriptors in order, then of the frame descriptor.
void receive_unit::write_counts(ps act) {
    if (listed_ && counted_ < list_.used().size()) {
        const receive_buffer_list::entry& e = list_.used()[counted_++];
        put16(word_, e.word(counted_ == list_.used().size()));
        return dma(phase::buffer_count, pci::command::memory_write, e.address, 2, word_, act);
    }
    const std::uint32_t own = listed_ ? std::min(done_, own_) : done_;
    put16(word_, (own & 0x3FFFu) | receive_descriptor::count_filled | receive_descriptor::count_eof);
    dma(phase::count, pci::command::memory_write, address_ + receive_descriptor::count_offset, 2, word_, act);
}

// The frame was not worth its descriptor: the next one gets it.
void receive_unit::reclaim(ps at) {
    path_.pop();
    receiver_.sample(at);
    list_.rewind();
    forget_redirect(at);
    open_descriptor();
    const ps next = std::max(busy_until_, at + chip_.clock());
    if (pending_buffers_) return read_again(next);
    look(next);
}

// The device takes an aborted write for done (DS 4.2.1); the frame is lost all the same.
void receive_unit::status_written(pci::transfer_result r, ps at) {
    receive_path::arrival& a = path_.front();
    const trace_id id = a.data->id;
    const bool told = r == pci::transfer_result::done;
    if (status_ & rfd_ok) chip_.hardware.add(statistic::rx_good);
    if (told && status_ & rfd_ok) {
        chip_.count.rx_frames.add();
        chip_.count.rx_bytes.add(done_);
    }
    if (truncated_) chip_.count.rx_truncated.add();
    if (told) {
        if (listed_) descriptors_.mark(address_, receive_descriptor::bytes, id);
        chip_.station.passed(id, row(status_written_stage), at);
    } else {
        chip_.count.rx_untold.add();
        chip_.station.ended(id, row(rx_untold_outcome), at);
    }
    if (told && chip_.host_capture.on()) chip_.host_capture.take(a.arrived ? a.arrived : a.data, at, sim::direction::in, status_ & rfd_ok ? nullptr : "given to the host with an error");
    path_.pop();
    chip_.doubt.settle(id, chip_.station, row(rx_untold_outcome), at);
    receiver_.sample(at);
    have_ = false;
    bundle_.take(told ? id : 0, at);
    if (std::exchange(closing_, false)) {
        if (std::exchange(pending_start_, false)) fetch(address_, at + chip_.clock());
        return;
    }
    if (descriptor_.flexible) list_done(at);
    forget_redirect(at);
    if (descriptor_.end_of_list) leave_ready(ru_state::no_resources, at);
    else if (descriptor_.suspend) leave_ready(ru_state::suspended, at);
    else if (descriptor_.flexible && truncated_) starved(after_resume::next_descriptor, at);
    else return linked_ = true, fetch(base_ + descriptor_.link, at + chip_.clock());
    if (pending_buffers_) read_again(at + chip_.clock());
}

}  // namespace nicteam::nic
