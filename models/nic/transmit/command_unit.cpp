#include "nic/transmit/command_unit.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "nic/registers/identities.h"

namespace nicteam::nic {
namespace {

constexpr unsigned address_octets = 6;
constexpr std::uint16_t count_mask = 0x3FFF;
constexpr std::uint8_t configure_count_mask = 0x3F;
constexpr unsigned configure_least = 8;

}  // namespace

command_unit::command_unit(chip& c, transmitter& t, receiver& r) : chip_(c), transmitter_(t), receiver_(r) {
    dma_.tag = command_channel;
    dma_.priority = priority_of[command_channel];
    body_.reserve(4096);
    transmitter_.on_room([this](ps at) { room(at); });
    transmitter_.on_paused_low([this](ps at) { paused_low(at); });
    transmitter_.on_copy([this](const frame& before, const ref<frame>& copy) {
        if (frame_.get() != &before) return;
        if (!waits_for_room_ && !burst_into_) burst_into_ = frame_;
        frame_ = copy;
        mark(copy->id);
    });
}

void command_unit::become(cu_state s, ps at) {
    if (state_.latest() == s) return;
    state_.set(at, s);
    chip_.cu_probe.change(at, static_cast<std::uint64_t>(s));
}

unsigned command_unit::block_bytes() const {
    return chip_.setup.get(field::standard_tcb) ? command_block::standard_bytes : command_block::extended_bytes;
}

void command_unit::dma(phase p, pci::command c, std::uint32_t address, std::uint32_t bytes, std::uint8_t* data, ps act) {
    phase_ = p;
    dma_.address = address;
    dma_.bytes = bytes;
    dma_.data = data;
    dma_.command = c;
    dma_.withdrawn = false;
    dma_.priority = priority_of[command_channel];
    if (chip_.yield.on()) chip_.yield.wants(command_channel, act, chip_.bus);
    chip_.bus.start(dma_, act);
}

// ---------------------------------------------------------------- SCB commands
bool command_unit::start(std::uint32_t offset, ps at) {
    if (state_.latest() == cu_state::active) return false;
    become(cu_state::active, at);
    take_back(at);
    resume_pending_ = false;
    if (phase_ == phase::suspend_bit) {      // a resume is still looking: the start wins when it is done
        restart_ = true;
        restart_offset_ = offset;
    } else {
        fetch(offset, at);
    }
    return true;
}

bool command_unit::resume(ps at) {
    if (state_.latest() != cu_state::idle) take_back(at);
    switch (state_.latest()) {
    case cu_state::idle: return false;       // ignored (SDM 6.4.1)
    case cu_state::active: resume_pending_ = true; return true;
    case cu_state::suspended:
        if (phase_ == phase::suspend_bit) resume_pending_ = true;
        else reread(at);
        return true;
    }
    return false;
}

bool command_unit::static_resume(ps at) {
    if (state_.latest() != cu_state::suspended || phase_ == phase::suspend_bit) return false;
    return resume(at);
}

bool command_unit::load_base(std::uint32_t v, ps) {
    if (state_.latest() != cu_state::idle) return false;
    base_ = v;
    return true;
}

trace_id command_unit::reset(ps at, bool selective) {
    if (untold_ && (own_ || !transmitter_.waits(untold_))) mark(untold_ = 0);
    if (phase_ == phase::status && chip_.bus.undecided(dma_)) unsettled_ = untold_;
    phase_ = phase::none;
    resume_pending_ = restart_ = waits_for_room_ = false;
    delay_ = 0;
    chip_.timers.clear(cna_timer);
    chip_.timers.clear(low_priority_timer);
    frame_ = burst_into_ = {};
    if (!selective) base_ = 0;
    become(cu_state::idle, at);
    return std::exchange(untold_, 0);
}

// The host took the packet for sent, and it never will be; or it still has it.
void command_unit::forgotten(std::uint32_t octets, ps at) {
    const trace_id id = std::exchange(unsettled_, 0);
    if (octets && id) chip_.station.ended(id, row(tx_reset_outcome), at);
}

// ---------------------------------------------------------------- blocks
void command_unit::fetch(std::uint32_t offset, ps act) {
    linked_ = false;
    address_ = base_ + offset;
    dma(phase::block, pci::command::memory_read_line, address_, block_bytes(), cb_, act);
}

void command_unit::follow(ps act) {
    fetch(block_.link, act);
    linked_ = true;
}

bool command_unit::been_here() const { return linked_ && chip_.loops.stop() && (get16(cb_) & command_block::complete); }

void command_unit::stop_in_loop(ps at) {
    chip_.loops.stopped({descriptor_stop::kind::command_block, address_, at});
    phase_ = phase::none;
    resume_pending_ = false;
    become(cu_state::idle, at);
    not_active(at);
}

pci::attempt command_unit::decide(const pci::transfer& t, ps decision) {
    if (phase_ != phase::data) return {t.command, t.bytes - t.done};
    // One burst as far as there is room now; what is left of the buffer is requested anew.
    const std::uint32_t first = frame_done_ + t.done;
    const std::uint32_t left = pieces_[piece_].bytes - piece_done_ - t.done;
    std::uint32_t n = transmitter_.fifo().take(decision, first, left);
    const unsigned line = chip_.bus.configuration().cache_line_bytes();
    if (n < left && line && chip_.setup.get(field::read_align)) {
        const std::uint32_t over = static_cast<std::uint32_t>((t.address + t.done + n) % line);
        if (over < n) n = transmitter_.fifo().take(decision, first, n - over);
    }
    dma_.bytes = t.done + n;
    if (first == 0) chip_.station.passed(frame_->id, row(tx_fetch_stage), decision);
    return {t.command, n};
}

void command_unit::planned(const pci::transfer& t, ps) {
    if (phase_ != phase::data) return;
    transmitter_.planned(t, frame_done_ + t.done);
    if (chip_.yield.on()) chip_.yield.bursts(command_channel, dma_, chip_.bus);
}

void command_unit::ended(pci::transfer_result r, ps at) {
    count_abort(chip_, r);
    if (chip_.yield.on()) chip_.yield.wants(command_channel, never, chip_.bus);
    // Nobody drives AD: all ones (PCI 2.2, 3.3.3.1).
    if (r != pci::transfer_result::done && phase_ != phase::status && phase_ != phase::report) std::memset(dma_.data + dma_.done, 0xFF, dma_.bytes - dma_.done);
    const ps next = at + chip_.clock();
    switch (phase_) {
    case phase::none:
    case phase::held: break;
    case phase::block:
        if (r == pci::transfer_result::done && been_here()) return stop_in_loop(at);
        block_ = command_block::of(cb_);
        execute(at);
        break;
    case phase::body: execute_body(at); break;
    case phase::report: complete(command_block::complete | command_block::ok, next); break;
    case phase::tbds:
        for (std::size_t i = 0; i + transmit_buffer::bytes <= body_.size(); i += transmit_buffer::bytes) {
            const transmit_buffer b = buffer_of(body_.data() + i, false);
            add_buffer(b);
            if (b.last) break;
        }
        begin_frame(next);
        break;
    case phase::dynamic_tbd: dynamic_fetched(at); break;
    case phase::data: piece_done(r, at); break;
    case phase::status:
        if (r != pci::transfer_result::done && untold_) mark(0);          // the host never hears of it
        completed(at);
        break;
    case phase::suspend_bit: reread_done(at); break;
    }
}

// Bytes of the body that a command needs before it can act.
std::uint32_t command_unit::body_bytes() const {
    const std::uint8_t* b = cb_ + command_block::body;
    switch (block_.what) {
    case opcode::configure: return std::clamp<unsigned>(b[0] & configure_count_mask, configure_least, configuration::bytes);
    case opcode::multicast_setup: return 2u + (get16(b) & count_mask) / address_octets * address_octets;
    case opcode::load_microcode: return chip_.config.microcode_dwords * 4;
    default: return 0;
    }
}

void command_unit::execute(ps at) {
    if (held_low(at)) return;
    const ps next = at + chip_.clock();
    switch (block_.what) {
    case opcode::nop: return complete(command_block::complete | command_block::ok, next);
    case opcode::ia_setup: {
        address_filter::mac m;
        std::copy_n(cb_ + command_block::body, m.size(), m.begin());
        receiver_.before_filter_changes(at);
        chip_.filter.set_individual(m);
        return complete(command_block::complete | command_block::ok, next);
    }
    case opcode::configure:
    case opcode::load_microcode:
    case opcode::multicast_setup: {
        // What the fetch did not bring goes through transmit DMA to the MAC.
        const std::uint32_t need = body_bytes(), have = block_bytes() - command_block::body;
        body_.assign(cb_ + command_block::body, cb_ + block_bytes());
        body_.resize(need > have ? need : have);
        if (need > have)
            return dma(phase::body, pci::command::memory_read_multiple, address_ + block_bytes(), need - have, body_.data() + have, next);
        return execute_body(at);
    }
    case opcode::transmit: return transmit(at);
    case opcode::ipcb: return transmit_ipcb(at);
    case opcode::through_block: return transmit_through_block(at);
    case opcode::lend: return lend(next);
    case opcode::dump:
        body_.resize(internal_dump_bytes);
        internal_dump(body_.data(), chip_.setup, chip_.filter, chip_.latest);
        return dma(phase::report, pci::command::memory_write, base_ + get32(cb_ + command_block::body), internal_dump_bytes, body_.data(), next);
    case opcode::diagnose: return complete(command_block::complete | command_block::ok, next);      // F clear: it passed
    default: return refuse(next);
    }
}

void command_unit::execute_body(ps at) {
    const std::uint32_t n = body_bytes();
    receiver_.before_filter_changes(at);
    if (block_.what == opcode::configure) {
        const unsigned refused = chip_.setup.load(body_.data(), n);
        chip_.count.refused_configuration.add(refused);
        chip_.yield.configured(chip_.setup);
        transmitter_.configured();
        receiver_.configured();
        if (refused) return complete(command_block::complete, at + chip_.clock());
    } else if (block_.what == opcode::load_microcode) {
        chip_.count.microcode_loads.add();         // taken and never run: the units are as they are
    } else {
        chip_.filter.clear_multicast();
        for (std::uint32_t i = 2; i + address_octets <= n; i += address_octets) chip_.filter.add_multicast(body_.data() + i);
    }
    complete(command_block::complete | command_block::ok, at + chip_.clock());
}

void command_unit::refuse(ps act) {
    chip_.count.refused_command.add();
    complete(command_block::complete, act);
}

// ---------------------------------------------------------------- the end of a block
void command_unit::complete(std::uint16_t status, ps act) {
    put16(word_, status);
    dma(phase::status, pci::command::memory_write, address_, 2, word_, act);
}

void command_unit::completed(ps at) {
    chip_.count.command_blocks.add();
    phase_ = phase::none;
    untold_ = 0;
    if (block_.interrupt || not_sent()) chip_.irq.raise(at, cx_cause);
    const bool idle_only = chip_.setup.get(field::ci_interrupt);
    if (block_.end_of_list) {
        become(cu_state::idle, at);
        not_active(at);
    } else if (block_.suspend && !resume_pending_) {
        become(cu_state::suspended, at);
        if (!idle_only) not_active(at);
    } else if (block_.suspend) {
        reread(at + chip_.clock());
    } else {
        follow(at + chip_.clock());
    }
}

// A transmit block that is complete without OK has told nobody else (TNO, SDM 6.3.2).
bool command_unit::not_sent() const {
    return (block_.what == opcode::transmit || block_.what == opcode::through_block) && !(get16(word_) & command_block::ok) && chip_.setup.get(field::tno_interrupt);
}

void command_unit::not_active(ps at) {
    if (delay_ == 0) return chip_.irq.raise(at, cna_cause);
    chip_.irq.hold_cna(at);
    chip_.timers.set(cna_timer, at + static_cast<ps>(delay_) * chip_.config.cid_unit * chip_.clock());
}

void command_unit::take_back(ps at) {
    chip_.irq.drop_cna(at);
    chip_.timers.clear(cna_timer);
}

// A resume looks at the S bit of the block before again; clear: the saved link is followed (SDM 6.4.1).
void command_unit::reread(ps act) {
    resume_pending_ = false;
    dma(phase::suspend_bit, pci::command::memory_read, address_, 4, word_, act);
}

void command_unit::reread_done(ps at) {
    phase_ = phase::none;
    const ps next = at + chip_.clock();
    if (restart_) {
        restart_ = false;
        return fetch(restart_offset_, next);
    }
    if (!(get32(word_) & command_block::suspend_bit)) {
        become(cu_state::active, at);
        return follow(next);
    }
    if (resume_pending_) return reread(next);
    if (state_.latest() == cu_state::active) {
        become(cu_state::suspended, at);
        if (!chip_.setup.get(field::ci_interrupt)) not_active(at);
    }
}

}  // namespace nicteam::nic
