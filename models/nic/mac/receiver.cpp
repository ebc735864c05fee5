#include "nic/mac/receiver.h"

#include <utility>

#include "nic/mac/crc16.h"
#include "nic/mac/crypto_receive.h"
#include "nic/mac/flow_control.h"
#include "nic/registers/identities.h"

namespace nicteam::nic {
namespace {

constexpr unsigned request_steps = 16;           // (16 - v) units of the dual-port FIFO, SDM 6.4.2.3

span later(const span& s, ps by) {
    span out;
    for (run r : s.runs()) {
        r.first += by;
        out.append(r);
    }
    return out;
}

}  // namespace

receiver::receiver(chip& c) : chip_(c) { configured(); }

void receiver::configured() {
    receive_setup s;
    s.pci = chip_.bus.clock();
    keeps_filling_ = info_of(chip_.config.identity).keeps_filling;
    s.fifo_bytes = chip_.config.rx_fifo;
    s.threshold = (request_steps - chip_.setup.get(field::rx_fifo_limit)) * info_of(chip_.config.identity).fifo_limit_unit;
    s.discard_short = chip_.setup.get(field::discard_short);
    s.fcs_to_memory = chip_.setup.get(field::crc_to_memory);
    if (!crypto_) form_ = received_form::of(chip_.setup);      // what leaves the block is no frame of the wire any more
    plain_ = form_.plain();
    s.fcs_octets = form_.crc_octets();
    s.word_octets = form_.checksum_word ? received_form::word_octets : 0;
    s.whole_frame = chip_.config.rx_burst == rx_burst_mode::frame || offload_;     // nothing of a frame is with the host before it is known whose it is
    if (crypto_) s.fcs_octets = 0, s.fcs_to_memory = false;
    s.minimum_octets = wire::minimum_frame;
    path_.setup(s);
    if (configured_) configured_();
}

void receiver::arm_flow() { chip_.timers.set(flow_timer, std::max(crypto_ ? crypto_->reaches(watched_) : path_.reaches(watched_), sim::now())); }

void receiver::sample_142(ps at) {
    if (level_watched_) level_(crypto_->level(at), at);
    if (watched_) arm_flow();
}

// ---------------------------------------------------------------- the identity stage
void receiver::hears(bool on, ps at) {
    if (hears_ == on) return;
    hears_ = on;
    chip_.rx_active_probe.change(at, on);
}

void receiver::begin(const frame_ref& f, const span& octets) {
    if (chip_.setup.get(field::mac_enable)) hears(true, sim::now());
    if (crypto_) return crypto_->begin(f, octets);
    if (stage_time() == 0) return begins(f, octets, sim::now());
    delay({delayed::begins, sim::now() + stage_time(), f, later(octets, stage_time()), {}});
}

void receiver::replan(const span& octets) {
    if (crypto_) return crypto_->replan(octets);
    if (stage_time() == 0) {
        path_.replan(octets);
        arm();
        return changed_(sim::now());
    }
    delay({delayed::replanned, sim::now() + stage_time(), {}, later(octets, stage_time()), {}});
}

void receiver::end(const frame_ref& f, wire::wire_end how) {
    hears(false, sim::now());
    if (chip_.asleep && asleep_ && how == wire::wire_end::good) asleep_(*f, sim::now());
    if (crypto_) return crypto_->end(f, how, sim::now());
    if (stage_time() == 0) return ends(f, how, sim::now());
    delay({delayed::ends, sim::now() + stage_time(), f, {}, how});
}

void receiver::delay(delayed d) {
    stage_.push_back(std::move(d));
    chip_.timers.set(stage_timer, stage_.front().at);
}

void receiver::stage(ps at) {
    while (!stage_.empty() && stage_.front().at == at) {
        const delayed d = std::move(stage_.front());
        stage_.pop_front();
        switch (d.what) {
        case delayed::begins: begins(d.data, d.octets, at); break;
        case delayed::replanned:
            path_.replan(d.octets);
            arm();
            changed_(at);
            break;
        case delayed::ends: ends(d.data, d.how, at); break;
        }
    }
    chip_.timers.set(stage_timer, stage_.empty() ? never : stage_.front().at);
}

// ---------------------------------------------------------------- into the FIFO
void receiver::begins(const frame_ref& f, const span& octets, ps at) {
    turned_away_ = turns_away(*f);
    if (turned_away_) return;
    path_.begin(f, octets);
    if (!plain_) {
        path_.back().most = form_.data_octets(*f);
        if (const unsigned tag = form_.tag_octets(*f)) path_.strip(form_.without_tag(f), tag);
    }
    arm();
    changed_(at);
}

void receiver::replans(const span& octets, ps at) {
    if (turned_away_ || !path_.arriving()) return;
    path_.replan(octets);
    arm();
    changed_(at);
}

// Counted at the frame's beginning; the frame is on the wire until its end.
const outcome_info* receiver::turns_away(const frame& f) {
    if (chip_.asleep) {
        chip_.count.rx_asleep.add();
        return &row(rx_asleep_outcome);
    }
    if (!chip_.setup.get(field::mac_enable)) {
        chip_.count.rx_idle_drops.add();
        return &row(rx_idle_outcome);
    }
    return unit_ != unit_state::ready && !keeps_filling_ ? &discards(f) : nullptr;
}

// What does not find the receive unit ready never comes into the FIFO of an 82557 (SDM 6.4.3).
const outcome_info& receiver::discards(const frame& f) {
    const bool ours = f.data.size() >= path_.current().address_octets && chip_.filter.match(f.data.data(), chip_.setup) != address_match::none;
    const outcome_row why = !ours ? rx_unmatched_outcome : unit_ == unit_state::idle ? rx_idle_outcome : rx_no_resources_outcome;
    (why == rx_unmatched_outcome ? chip_.count.rx_unmatched : why == rx_idle_outcome ? chip_.count.rx_idle_drops : chip_.count.rx_no_resources).add();
    if (why == rx_no_resources_outcome) chip_.hardware.add(statistic::rx_resource);
    return row(why);
}

bool receiver::matches(receive_path::arrival& a) {
    if (a.match != receive_path::verdict::unknown) return a.match == receive_path::verdict::match;
    const unsigned address_octets = path_.current().address_octets;
    address_match m = address_match::none;
    if (a.length >= address_octets && a.data->data.size() >= address_octets) m = chip_.filter.match(a.data->data.data(), chip_.setup);
    // 16b has taken it, perhaps under an address that the nic has given away while it was in the block.
    if (crypto_ && m == address_match::none) m = address_match::individual;
    a.filter = static_cast<unsigned>(m);
    a.match = m == address_match::none ? receive_path::verdict::no_match : receive_path::verdict::match;
    return m != address_match::none;
}

bool receiver::keeps_overruns() const { return chip_.setup.get(field::pass_overruns) || chip_.setup.get(field::save_bad_frames); }

// SDM 6.4.3.1.2, table 52: an 82557 and an 82558 tell that a frame met a collision.
bool receiver::tells_collisions() const { return info_of(chip_.config.identity).generation <= 1; }

void receiver::heard(const frame_ref& f, ps first_octet, wire::wire_end how, ps at) {
    if (first_octet != never) chip_.station.passed(f->id, row(rx_first_octet_stage), first_octet);
    if (!chip_.wire_capture.on()) return;
    const char* comment = how == wire::wire_end::good ? nullptr : wire::is_part(how) ? "cut" : "bad FCS";
    chip_.wire_capture.take(f, first_octet == never ? at : first_octet, sim::direction::in, comment);
}

bool receiver::controls(const frame& f, ps at) { return control_ && is_mac_control(f) && control_(f, at); }

void receiver::ends(const frame_ref& f, wire::wire_end how, ps at) {
    if (turned_away_) {
        chip_.station.ended(f->id, how == wire::wire_end::collided ? row(rx_fragment_outcome) : *turned_away_, at);
        turned_away_ = nullptr;
        return;
    }
    if (!path_.arriving()) return;          // thrown away meanwhile
    if (form_.crc16 && !wire::is_part(how)) how = crc16_good(*f) ? wire::wire_end::good : wire::wire_end::bad_fcs;
    if (watched_ && !crypto_ && path_.reaches(watched_) <= at) reached(at);      // the byte that enters with the last octet
    path_.end(f, how);
    receive_path::arrival& a = path_.back();
    if (!plain_) form(a);
    if (!crypto_) {
        const ps first_octet = a.octets.when(a.preamble);
        heard(f, first_octet == never ? never : first_octet - stage_time(), how, at);      // at the MAC: before the stage
    }
    if (how == wire::wire_end::collided && tells_collisions() && !a.overrun && matches(a)) chip_.hardware.add(statistic::rx_collision_detect);
    const std::uint32_t octets = a.length;
    const bool tiny = octets < path_.current().address_octets, is_short = octets < path_.current().minimum_octets;
    if (how == wire::wire_end::good && !crypto_ && controls(*f, at) && a.taken == 0) {
        drop(chip_.station, chip_.count.rx_control, rx_control_outcome, at);
    } else if (!matches(a) && !tiny) {
        drop(chip_.station, chip_.count.rx_unmatched, rx_unmatched_outcome, at);
    } else if (is_short && (tiny || path_.current().discard_short)) {
        chip_.hardware.add(statistic::rx_short);
        drop(chip_.station, chip_.count.rx_short, rx_short_outcome, at);
    } else if (a.overrun && (path_.total(a) == 0 || (path_.current().whole_frame && a.taken == 0 && !keeps_overruns()))) {
        // Nothing of it ever came in, or nothing of it is asked for before its end, when it is known to be bad. Idle counts no resource errors, no-resources and suspended do (SDM 6.4.3).
        switch (unit_) {
        case unit_state::idle: drop(chip_.station, chip_.count.rx_idle_drops, rx_idle_outcome, at); break;
        case unit_state::waiting:
            chip_.hardware.add(statistic::rx_resource);
            drop(chip_.station, chip_.count.rx_no_resources, rx_no_resources_outcome, at);
            break;
        case unit_state::ready:
            chip_.hardware.add(statistic::rx_overrun);
            drop(chip_.station, chip_.count.rx_overruns, rx_overrun_outcome, at);
            break;
        }
    } else if (const outcome_info* elsewhere = offload_ && how == wire::wire_end::good && !a.overrun ? offload_(*f, at) : nullptr) {
        chip_.station.ended(f->id, *elsewhere, at);
        path_.drop_back();
    } else {
        chip_.station.passed(f->id, row(rx_in_fifo_stage), at);
        path_.settle();
        sample(at);
    }
    arm();
    changed_(at);
}

// What the frame is in memory, now that all of it is there.
void receiver::form(receive_path::arrival& a) {
    const frame_ref arrived = a.data;
    if (a.tag) a.data = form_.without_tag(arrived);
    if (form_.checksum_word) a.data = form_.with_checksum_word(arrived, a.data, a.most);
    if (a.data.get() != arrived.get()) a.arrived = arrived;
}

void receiver::drop(const sim::station& s, counter& c, outcome_row why, ps at) {
    c.add();
    const receive_path::arrival& a = path_.back();
    s.ended(a.data->id, row(a.how == wire::wire_end::collided ? rx_fragment_outcome : why), at);
    path_.drop_back();
}

void receiver::overrun(ps at) {
    path_.overrun(at);
    arm();
    changed_(at);
}

// Its destination address, once it is in.
inline void receiver::judge(receive_path::arrival& a, ps at) {
    if (a.match == receive_path::verdict::unknown && a.octets.when(a.preamble + path_.current().address_octets - 1) <= at) matches(a);
}

void receiver::before_filter_changes(ps at) {
    if (crypto_) crypto_->before_filter_changes(at);
    else if (path_.arriving()) judge(path_.back(), at);
}

void receiver::sample(ps at) {
    if (path_.arriving()) judge(path_.back(), at);
    const std::uint32_t level = path_.level(at + 1);
    chip_.count.rx_fifo.set(at, level);
    chip_.rx_level_probe.change(at, level);
    if (level_watched_ && !crypto_) level_(level, at);
    arm();
    if (crypto_) crypto_->room_again();
}

void receiver::claim(const sim::station::claim& c) const {
    for (const delayed& d : stage_)
        if (d.data) c(d.data->id);
    path_.for_each([&](const receive_path::arrival& a) { c(a.data->id); });
}

void receiver::reset(ps at, bool keep_front, trace_id unsettled) {
    const bool kept = keep_front;
    path_.for_each([&](const receive_path::arrival& a) {
        if (std::exchange(keep_front, false) || (unsettled && a.data->id == unsettled)) return;
        chip_.count.rx_aborted.add();
        chip_.station.ended(a.data->id, row(rx_aborted_outcome), at);
    });
    hears(false, at);
    path_.clear(kept);
    if (crypto_) crypto_->reset(at);
    sample(at);
}

}  // namespace nicteam::nic
