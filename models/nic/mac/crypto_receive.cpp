#include "nic/mac/crypto_receive.h"

#include "nic/mac/flow_control.h"
#include "nicteam/packet/fcs.h"

namespace nicteam::nic {
namespace {

// The frame alone, without the preamble.
span behind(unsigned preamble, const span& octets) {
    span out;
    std::uint64_t skip = preamble;
    for (run r : octets.runs()) {
        const std::uint64_t gone = std::min<std::uint64_t>(skip, r.units);
        skip -= gone;
        r.first += r.stride * static_cast<ps>(gone);
        r.units -= static_cast<std::uint32_t>(gone);
        out.append(r);
    }
    return out;
}

}  // namespace

crypto_receive::crypto_receive(chip& c, receiver& r, const offload::crypto_config& config) : chip_(c), receiver_(r), block_("crypto", config, *this) {}

// ---------------------------------------------------------------- 16b: what goes into the block
void crypto_receive::begin(const frame_ref& f, const span& octets) {
    turned_away_ = receiver_.turns_away(*f);
    passing_ = nullptr;
    if (turned_away_) return;
    passing_ = f.get();
    ours_.reset();
    octets_ = octets;
    preamble_ = f->preamble_octets;
    block_.begin(f, behind(preamble_, octets));
}

void crypto_receive::replan(const span& octets) {
    octets_ = octets;
    if (!turned_away_ && block_.arriving()) block_.replan(behind(preamble_, octets));
}

void crypto_receive::end(const frame_ref& f, wire::wire_end how, ps at) {
    if (turned_away_) {
        chip_.station.ended(f->id, how == wire::wire_end::collided ? row(rx_fragment_outcome) : *turned_away_, at);
        turned_away_ = nullptr;
        return;
    }
    passing_ = nullptr;
    if (!block_.arriving()) return;              // thrown away meanwhile
    receiver_.heard(f, octets_.when(preamble_), how, at);
    const outcome_info* why = refuses(*f, how, at);
    block_.end(f, why == nullptr);
    if (why) chip_.station.ended(f->id, how == wire::wire_end::collided ? row(rx_fragment_outcome) : *why, at);
}

bool crypto_receive::is_ours(const frame& f) const { return chip_.filter.match(f.data.data(), chip_.setup) != address_match::none; }

void crypto_receive::before_filter_changes(ps at) {
    const unsigned address_octets = receiver_.path().current().address_octets;
    if (!passing_ || ours_ || passing_->data.size() < address_octets) return;
    if (octets_.when(preamble_ + address_octets - 1) <= at) ours_ = is_ours(*passing_);
}

// In the order in which a receive unit judges (SDM 6.3.2.2). Nothing that is bad, short or too long comes into the block, whatever Configure says
// of saving it.
const outcome_info* crypto_receive::refuses(const frame& f, wire::wire_end how, ps at) {
    const std::size_t octets = f.data.size();
    const bool good = how == wire::wire_end::good, tiny = octets < receiver_.path().current().address_octets;
    if (good && receiver_.controls(f, at)) {
        chip_.count.rx_control.add();
        return &row(rx_control_outcome);
    }
    if (!tiny && !(ours_ ? *ours_ : is_ours(f))) {
        chip_.count.rx_unmatched.add();
        return &row(rx_unmatched_outcome);
    }
    if (octets < wire::minimum_frame) {
        chip_.hardware.add(statistic::rx_short);
        chip_.count.rx_short.add();
        return &row(rx_short_outcome);
    }
    if (!good) {
        chip_.hardware.add(statistic::rx_crc);
        chip_.count.rx_crc_errors.add();
        return &row(rx_bad_fcs_outcome);
    }
    if (octets > wire::maximum_frame && !chip_.setup.get(field::long_receive)) {
        chip_.count.rx_long.add();
        return &row(rx_long_outcome);
    }
    return nullptr;
}

// ---------------------------------------------------------------- behind the block: the receive FIFO
// What is longer than the FIFO is let in when nothing else is there, and then as far as there is room.
bool crypto_receive::has_room(std::uint32_t octets, ps at) const {
    const receive_path& p = receiver_.path();
    return p.empty() || p.level(at) + octets <= p.current().fifo_bytes;
}

// A receive unit that waits for whole frames would wait for one that never fits.
std::uint32_t crypto_receive::may_hold(std::uint32_t octets, ps at) const {
    receive_path& p = receiver_.path();
    if (octets <= p.current().fifo_bytes || p.current().whole_frame || (stored_ && !p.arriving())) return octets;
    return (stored_ ? p.entered(p.back(), at) : 0) + p.current().fifo_bytes - std::min(p.level(at), p.current().fifo_bytes);
}

void crypto_receive::replans(const span& octets, ps at) { receiver_.replans(octets, at); }

void crypto_receive::comes(const offload::delivered& d, const span& octets, ps at) {
    const ref<frame> f = frame::make();
    f->data.assign(d.frame->data.begin(), d.frame->data.end() - packet::fcs_octets);
    const auto own = static_cast<std::uint32_t>(f->data.size());
    d.record.append_to(f->data);
    f->id = d.frame->id;
    f->parent = d.frame->parent;
    f->preamble_octets = 0;
    stored_ = frame_ref(f);
    receiver_.begins(stored_, octets, at);
    if (!receiver_.path().arriving()) return;    // turned away by now
    receiver_.path().back().own = own;           // the record is nobody's
    receiver_.path().back().arrived = d.frame;
}

void crypto_receive::came(const offload::delivered&, ps at) { receiver_.ends(std::exchange(stored_, frame_ref()), wire::wire_end::good, at); }

}  // namespace nicteam::nic
