#include "nic/mac/flow_control.h"

#include <algorithm>

#include "nicteam/nic/flow_control.h"
#include "nicteam/packet/fcs.h"
#include "nicteam/wire/medium_access.h"
#include "nicteam/wire/pause.h"
#include "nic/crossing.h"
#include "nic/mac/crypto_receive.h"
#include "nic/mac/priority_flow_control.h"
#include "nic/registers/csr_map.h"
#include "nic/registers/identities.h"

namespace nicteam::nic {
namespace {

enum flow_bit : std::uint8_t { xon_bit = 1, xoff_bit = 2, full_bit = 4, paused_bit = 8, paused_low_bit = 16 };      // of 1Ah
constexpr std::uint32_t left_at[pause_thresholds] = {512, 1024, 1280, 1536, 1792, 2048, 2304, 2560};
constexpr unsigned threshold_mask = pause_thresholds - 1;
constexpr unsigned restop_unit = 32;     // slot times: the lower 5 bits of the delay do not count (SDM 6.6.2.3)
constexpr unsigned restop_ahead = 27;    // slot times before the pause would end

}  // namespace

bool has_flow_control(nic_identity i) { return csr_at(flow_threshold, info_of(i).generation); }

std::uint32_t pause_threshold(unsigned bits) { return left_at[bits & threshold_mask]; }

bool is_mac_control(const frame& f) { return wire::is_mac_control(f.data); }

flow_control::flow_control(chip& c, transmitter& out, receiver& in) : chip_(c), out_(out), in_(in) {
    in_.on_level([this](ps at) { reached(at); }, [this](std::uint32_t n, ps at) { level(n, at); });
    in_.on_configured([this] { configured(); });
    in_.on_control([this](const frame& f, ps at) { return received(f, at); });
    out_.on_pause_sent([this](std::uint16_t quanta, ps at) { sent(quanta, at); });
}

bool flow_control::there() const { return has_flow_control(chip_.config.identity); }

bool flow_control::asked() const { return chip_.setup.get(field::flow_restop) || chip_.setup.get(field::flow_restart); }

std::uint16_t flow_control::delay() const {
    return static_cast<std::uint16_t>(chip_.setup.get(field::flow_delay_low) | chip_.setup.get(field::flow_delay_high) << 8);
}

// A FIFO no larger than the threshold is full with its first byte. Where the crypto block is, buffer 142 is what fills (source document 004, 26).
void flow_control::watch() {
    const std::uint32_t size = chip_.config.crypto.enable ? chip_.config.crypto.buffer_142 : chip_.config.rx_fifo, left = pause_threshold(threshold_);
    limit_ = asked() && size ? size > left ? size - left : 1 : 0;
    in_.watch(full_ ? 0 : limit_, full_);
}

// In half duplex the FIFO is watched as well: what cannot be said then is counted, and said when the link is full duplex again.
void flow_control::configured() {
    if (!asked()) full_ = told_ = false;
    if (out_.half_duplex()) {
        software_off_ = told_ = false;
        chip_.timers.clear(restop_timer);
    } else if (full_ && !std::exchange(told_, true)) {
        ask(delay(), sim::now());
    }
    watch();
}

void flow_control::link_up() {
    told_ = false;
    configured();
    if (software_off_ && !told_) ask(delay(), sim::now());
}

void flow_control::reset() {
    threshold_ = 0;
    full_ = told_ = software_off_ = false;
    chip_.timers.clear(restop_timer);
    watch();
}

// ---------------------------------------------------------------- what comes in
// A control frame that is not understood is counted; whether memory sees one is byte 19 bit 5.
bool flow_control::received(const frame& f, ps at) {
    if (out_.half_duplex() || !there()) return false;
    if (const auto quanta = wire::pause_of(f.data, chip_.filter.individual().data())) {
        chip_.hardware.add(statistic::rx_pause);
        chip_.count.rx_pauses.add();
        const bool low = is_pause_low(chip_.setup, f.data);
        if (low) chip_.count.rx_low_pauses.add();
        if (!chip_.setup.get(field::flow_ignore)) {
            out_.pause(*quanta, low, at);
            chip_.irq.raise(at, fcp_cause);
        }
    } else if (wire::control_opcode(f.data) != wire::pause_opcode) {
        chip_.hardware.add(statistic::rx_unsupported_control);
        chip_.count.rx_unsupported_control.add();
    }
    return chip_.setup.get(field::flow_reject);
}

// ---------------------------------------------------------------- what goes out
void flow_control::ask(std::uint16_t quanta, ps at) {
    if (out_.half_duplex()) return chip_.count.tx_pauses_withheld.add();
    out_.send_pause(quanta, at);
}

void flow_control::reached(ps at) {
    full_ = true;
    watch();
    told_ = !out_.half_duplex();
    ask(delay(), at);
}

void flow_control::level(std::uint32_t bytes, ps at) {
    if (bytes >= limit_) return;
    full_ = false;
    watch();
    const bool told = std::exchange(told_, false);
    if (software_off_) return;                   // it stays off, and goes on being said
    chip_.timers.clear(restop_timer);
    if (told && chip_.setup.get(field::flow_restart) && delay() >= restop_unit) ask(0, at);
    else out_.withdraw_pause();
}

void flow_control::sent(std::uint16_t quanta, ps at) {
    chip_.hardware.add(statistic::tx_pause);
    chip_.count.tx_pauses.add();
    if (!out_.link()->outcome().pause && !chip_.setup.get(field::loopback)) chip_.count.tx_pauses_unheard.add();
    if (quanta == 0 || !(full_ || software_off_) || out_.half_duplex() || !chip_.setup.get(field::flow_restop)) return;
    const unsigned counted = quanta / restop_unit * restop_unit;
    const ps slot = wire::slot_octets * out_.path().current().octet.period();
    chip_.timers.set(restop_timer, at + (counted ? (counted - restop_ahead) * slot : 0));
}

void flow_control::resend(ps at) {
    if (full_ || software_off_) ask(delay(), at);
}

// ---------------------------------------------------------------- registers
std::uint8_t flow_control::status(ps at) const {
    std::uint8_t v = 0;
    if (software_off_) v |= xoff_bit;
    if (full_ && !out_.half_duplex()) v |= full_bit;
    if (out_.paused(at)) v |= paused_bit;
    if (out_.paused_low(at)) v |= paused_low_bit;
    return v;
}

void flow_control::write_threshold(std::uint8_t v) {
    threshold_ = v & threshold_mask;
    watch();
}

// XON takes back what software said. While the FIFO is full the other end stays stopped, and ReStop goes on.
void flow_control::write_command(std::uint8_t v, ps at) {
    const bool on = v & xon_bit, off = (v & xoff_bit) && !on;
    if (out_.half_duplex()) {
        if (on || off) chip_.count.tx_pauses_withheld.add();
        return;
    }
    const bool was = std::exchange(software_off_, off);
    if (off && !was) return ask(delay(), at);
    if (!on || full_) return;
    chip_.timers.clear(restop_timer);
    ask(0, at);
}

// ---------------------------------------------------------------- the transmitter's part
// One that begins at this very instant goes as it was.
void transmitter::send_pause(std::uint16_t quanta, ps at) {
    chip_.timers.serve();
    quanta_ = quanta;
    path_.send_control(path_.current().octet.after(at, edges_to_cross));
    arm();
}

void transmitter::withdraw_pause() {
    chip_.timers.serve();
    path_.withdraw_control();
    arm();
}

// Seen by the MAC's transmit side two octet edges later: well within the 512 bit times that annex 31B allows.
// Either kind overrides whatever came before (SDM 6.6.3.1).
void transmitter::pause(std::uint16_t quanta, bool low, ps at) {
    const clock_domain& octet = path_.current().octet;
    const ps from = octet.after(at, edges_to_cross), until = from + quanta * wire::slot_octets * octet.period();
    path_.pause(from, low ? from : until, at);
    if (low_.take(from, low ? until : from, at)) paused_low_(at);
    arm();
}

// It is nobody's packet: no lifeline.
void transmitter::begin_control(ps at) {
    control_ = frame::make();
    wire::build_pause(control_->data, chip_.filter.individual().data(), quanta_);
    packet::append_lazy_fcs(*control_);
    control_->preamble_octets = static_cast<std::uint8_t>(path_.preamble_octets());
    chip_.tx_active_probe.change(at, 1);
    if (out_) out_->begin(frame_ref(control_), path_.octets());
}

void transmitter::end_control(ps at) {
    const ref<frame> f = std::exchange(control_, {});
    chip_.tx_active_probe.change(at, 0);
    const bool whole = at == path_.octets().last();
    if (chip_.wire_capture.on()) chip_.wire_capture.take(frame_ref(f), path_.octets().when(f->preamble_octets), sim::direction::out);
    if (!out_) return;
    const auto quanta = static_cast<std::uint16_t>(wire::word_at(f->data, wire::pause_quanta_offset));
    if (!whole) {
        span octets = path_.octets();
        octets.cut(at);
        out_->replan(octets);
        f->data.resize(octets.units() > f->preamble_octets ? octets.units() - f->preamble_octets : 0);
    }
    out_->end(frame_ref(f), whole ? wire::wire_end::good : wire::wire_end::cut);
    if (whole) pause_sent_(quanta, at);
}

// ---------------------------------------------------------------- the receiver's part
void receiver::watch(std::uint32_t bytes, bool level) {
    watched_ = bytes;
    level_watched_ = level;
    if (!watched_) chip_.timers.clear(flow_timer);
    arm();
    if (crypto_) sample_142(sim::now());
}

// What leaves buffer 142 at this instant has left.
void receiver::reached(ps at) {
    if (crypto_) crypto_->serve();
    if (crypto_ && (!watched_ || crypto_->reaches(watched_) > at)) return watched_ ? arm_flow() : void();
    if (!crypto_ && path_.arriving()) {
        receive_path::arrival& a = path_.back();
        const ps known = a.octets.when(a.preamble + path_.current().address_octets - 1);
        if (known == never) return;
        if (at <= known) return chip_.timers.set(flow_timer, known + 1);
        if (!matches(a)) return arm();                    // what is not for us does not count
    }
    reached_(at);
}

}  // namespace nicteam::nic
