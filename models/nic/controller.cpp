#include "nic/controller.h"

#include <algorithm>

#include "nic/eeprom/eeprom_loader.h"
#include "nic/octets.h"
#include "nic/registers/identities.h"

namespace nicteam::nic {
namespace {

// SCB command byte (SDM 6.3.2).
constexpr std::uint8_t cuc_mask = 0xF0, ruc_mask = 0x07;
constexpr unsigned cuc_shift = 4, cus_shift = 6, rus_shift = 2;
enum cuc : unsigned { cuc_nop = 0, cuc_start = 1, cuc_resume = 2, cuc_load_dump = 4, cuc_dump = 5, cuc_base = 6, cuc_dump_reset = 7, cuc_static_resume = 10 };
enum ruc : unsigned {
    ruc_nop = 0, ruc_start = 1, ruc_resume = 2, ruc_redirect = 3, ruc_abort = 4, ruc_header_size = 5, ruc_base = 6, ruc_resume_buffers = 7,
};
enum port_function : unsigned { port_software_reset = 0, port_self_test = 1, port_selective_reset = 2, port_dump = 3, port_function_mask = 15 };
constexpr std::uint32_t rom_signature = 0x5A5A8255, self_test_passed = 0;     // SDM: a signature other than 0; its value is our choice

constexpr unsigned cus_of[] = {0, 1, 2};         // idle, suspended, active
constexpr unsigned rus_of[] = {0, 1, 2, 4};      // idle, suspended, no resources, ready
constexpr unsigned rus_no_buffers = 8;           // added in flexible mode
enum eeprom_pin : std::uint8_t { eeprom_clock = 1, eeprom_select = 2, eeprom_data_in = 4, eeprom_driven = 7, eeprom_data_out = 8 };
constexpr std::uint32_t dma_count_bits = 0x7F8, early_unit = 8;          // SDM 6.3.6, 6.3.7
constexpr unsigned deepest_sleep = 3;                                    // D3
constexpr std::int64_t fast_rate = 100'000'000;

std::uint16_t abilities_of(const nic_config& c) {
    using namespace wire;
    const unsigned modes = c.link_rate >= fast_rate ? unsigned{every_mode} : half_10 | full_10;
    return static_cast<std::uint16_t>(modes | (info_of(c.identity).pause ? unsigned{pause_frames} : 0u));
}

}  // namespace

controller::controller(const chip& c, eeprom_image image)
    : chip_(c), transmitter_(chip_, [this](std::uint64_t n) { return chip_.backoff.below(n); }), receiver_(chip_), flow_(chip_, transmitter_, receiver_), wake_(chip_, receiver_), cu_(chip_, transmitter_, receiver_), ru_(chip_, receiver_),
      phy_(abilities_of(c.config)), port_(chip_, phy_, receiver_, [this](bool up, ps at) { link_changed(up, at); }),
      mdi_(chip_, phy_, [this] { return port_.outcome(); }, [this](ps at) { port_.begin_anew(at); }),
      eeprom_(std::move(image), c.config.eeprom_programming), address_(individual_address(eeprom_.words())) {
    chip_.irq.bind([this](bool on, ps at) { chip_.bus.interrupt(on, at); }, chip_.count.interrupts, info_of(c.config.identity).generation > 0);
    report_.tag = report_channel;
    report_.priority = priority_of[report_channel];
    report_.data = report_bytes_;
    report_.command = pci::command::memory_write;
    chip_.filter.reset(address_);
    transmitter_.on_duplex([this](bool half) { port_.tell_carrier(half ? &transmitter_ : nullptr); });
    chip_.station.holding = [this](const sim::station::claim& c) {
        cu_.claim(c);
        transmitter_.claim(c);
        receiver_.claim(c);
        ru_.claim(c);
    };
    for (const csr& r : csr_map)
        for (unsigned i = 0; i < r.bytes && i < 4; ++i) stored_[r.offset + i] = static_cast<std::uint8_t>(r.reset >> 8 * i);
}

void controller::plug(wire::wire_source& s) {
    port_.plug(s);
    transmitter_.plug(port_.towards_line());
}

void controller::carry(const offload::crypto_config& c) {
    crypto_ = std::make_unique<crypto_receive>(chip_, receiver_, c);
    receiver_.carry(*crypto_);
    crypto_out_ = std::make_unique<crypto_transmit>(transmitter_, c, crypto_->block());
    transmitter_.carry(*crypto_out_);
    crypto_rings_ = std::make_unique<crypto_rings>(chip_, crypto_->block(), crypto_out_->block());
    chip_.irq.bind([this](bool on, ps at) { crypto_rings_->nic_interrupt(on, at); }, chip_.count.interrupts);
}

void controller::carry_chimney() {
    chimney_ = std::make_unique<chimney_unit>(chip_, transmitter_, receiver_);
    chip_.irq.bind([this](bool on, ps at) { chimney_->nic_interrupt(on, at); }, chip_.count.interrupts);
}

void controller::begin(bool cold) {
    if (cold) reset(pci::reset_kind::power_up, 0);
    if (port_.outcome().up) chip_.link_probe.change(0, 1);
}

void controller::link_changed(bool up, ps at) {
    if (up) {                                    // its rate and its duplex mode may be others
        transmitter_.configured();
        flow_.link_up();
    }
    chip_.link_probe.change(at, up);
    if (up && !std::exchange(link_was_up_, true)) chip_.count.link_at.add(static_cast<std::uint64_t>(at));
    if (!up) chip_.count.link_losses.add();
    wake_.link_changed(at);
}

// ---------------------------------------------------------------- registers
std::uint8_t controller::byte(unsigned offset, ps at) const {
    if (offset >= rx_dma_count && !register_at(offset)) return 0;
    switch (offset) {
    case scb_status:
        return late_cu_.shown(cu_status(at), at) | late_ru_.shown(ru_status(at), at);
    case scb_ack: return chip_.irq.status(at);
    case scb_command: return command_.seen(at);
    case scb_mask: return chip_.irq.mask(at);
    case eeprom_control: return static_cast<std::uint8_t>(eeprom_pins_ | (eeprom_.out(at) ? unsigned{eeprom_data_out} : 0u));
    case general_status: {
        const wire::negotiated s = port_.outcome();
        return static_cast<std::uint8_t>(s.up ? 1u | (s.rate >= fast_rate ? 2u : 0u) | (s.full_duplex ? 4u : 0u) : 0u);
    }
    case rx_dma_count: return static_cast<std::uint8_t>(ru_.room_left(at) & dma_count_bits);
    case rx_dma_count + 1: return static_cast<std::uint8_t>((ru_.room_left(at) & dma_count_bits) >> 8);
    case rx_dma_count + 2: case rx_dma_count + 3: return 0;
    case flow_command: return flow_.status(at);
    case pmdr: return wake_.status();
    case link_rate: return static_cast<std::uint8_t>(rate_word());
    case link_rate + 1: return static_cast<std::uint8_t>(rate_word() >> 8);
    case mdi: case mdi + 1: case mdi + 2: case mdi_latch: return mdi_.byte(offset - mdi, at);
    default: return offset < csr_bytes ? stored_[offset] : 0;
    }
}

std::uint8_t controller::cu_status(ps at) const { return static_cast<std::uint8_t>(cus_of[static_cast<unsigned>(cu_.state(at))] << cus_shift); }

std::uint8_t controller::ru_status(ps at) const {
    return static_cast<std::uint8_t>((rus_of[static_cast<unsigned>(ru_.state(at))] | (ru_.no_buffers(at) ? rus_no_buffers : 0u)) << rus_shift);
}

// What general_status has no bits for (csr_map.cpp).
unsigned controller::rate_word() const {
    if (chip_.config.identity != nic_identity::extended || !port_.outcome().up) return 0;
    std::int64_t mantissa = port_.outcome().rate;
    unsigned exponent = 0;
    for (; mantissa > 0xFFF; mantissa /= 10) ++exponent;
    return exponent << 12 | static_cast<unsigned>(mantissa);
}

std::uint32_t controller::read(unsigned bar, std::uint32_t offset, unsigned size, ps at) {
    std::uint32_t v = 0;
    if (bar == crypto_rings::window && crypto_rings_) return crypto_rings_->unit().read(offset, size, at);
    if (bar == chimney_unit::window && chimney_) return chimney_->unit().read(offset, size, at);
    if (bar > 1) return chip_.count.no_flash.add(), 0xFFFFFFFF;
    for (unsigned i = 0; i < size; ++i) v |= static_cast<std::uint32_t>(byte(offset + i, at)) << 8 * i;
    return v;
}

void controller::write(unsigned bar, std::uint32_t offset, unsigned size, std::uint32_t v, ps at) {
    if (bar == crypto_rings::window && crypto_rings_) return crypto_rings_->unit().write(offset, size, v, at);
    if (bar == chimney_unit::window && chimney_) return chimney_->unit().write(offset, size, v, at);
    if (bar > 1) return chip_.count.refused_register.add();
    chip_.timers.serve();                        // what the units do at this edge does not see the write
    for (unsigned i = 0; i < size; ++i) {
        const csr* r = register_at(offset + i);       // once for each register, whatever is written
        if ((!r || r->how == access::refused) && (i == 0 || register_at(offset + i - 1) != r)) chip_.count.refused_register.add();
    }
    // A command in the same write sees the other bytes: it comes last.
    for (unsigned i = 0; i < size; ++i)
        if (offset + i != scb_command) write_byte(offset + i, static_cast<std::uint8_t>(v >> 8 * i), at);
    if (offset <= scb_command && scb_command < offset + size) command(static_cast<std::uint8_t>(v >> 8 * (scb_command - offset)), at);
}

void controller::write_byte(unsigned offset, std::uint8_t v, ps at) {
    const csr* r = register_at(offset);
    if (!r || r->how == access::refused) return;
    if (r->how == access::stored || r->how == access::action) stored_[offset] = v;
    if (offset >= scb_pointer && offset < scb_pointer + 4) pointer_.set(at, get32(&stored_[scb_pointer]));
    switch (offset) {
    case scb_ack: chip_.irq.acknowledge(at, v); break;
    case scb_mask: chip_.irq.write_mask(at, v); break;
    case eeprom_control: drive_eeprom(v & eeprom_driven, at); break;
    case early_receive: ru_.early(v * early_unit); break;
    case flow_threshold: flow_.write_threshold(v); break;
    case flow_command: flow_.write_command(v, at); break;
    case pmdr: wake_.acknowledge(v); break;
    case port_latch: run_port(get32(&stored_[port]), at); break;
    case mdi: case mdi + 1: case mdi + 2: case mdi_latch: mdi_.write_byte(offset - mdi, v, at); break;
    default: break;
    }
}

// The EEPROM sees its pins at the edge of the write.
void controller::drive_eeprom(std::uint8_t pins, ps at) {
    const std::uint64_t ignored = eeprom_.ignored();
    if ((pins ^ eeprom_pins_) & eeprom_clock) {
        if ((pins | eeprom_pins_) & eeprom_select && at - eeprom_clocked_ < chip_.config.eeprom_half_clock) chip_.count.eeprom_too_fast.add();
        eeprom_clocked_ = at;
    }
    eeprom_pins_ = pins;
    eeprom_.drive(pins & eeprom_select, pins & eeprom_clock, pins & eeprom_data_in, at);
    if (eeprom_.ignored() != ignored) chip_.count.eeprom_ignored.add();
}

// ---------------------------------------------------------------- SCB commands
void controller::command(std::uint8_t v, ps at) {
    v &= cuc_mask | ruc_mask;
    if (v == 0) return;
    if (command_.seen(at) || at < ready_at_) return chip_.count.refused_scb.add();    // software must wait for 0
    command_.set(at, v);
    if (v & cuc_mask) chip_.timers.set(cu_accept_timer, at + chip_.config.cu_accept * chip_.clock());
    if (v & ruc_mask) chip_.timers.set(ru_accept_timer, at + chip_.config.ru_accept * chip_.clock());
}

void controller::accepted(std::uint8_t part, ps at) { command_.set(at, static_cast<std::uint8_t>(command_.latest() & ~part)); }

void controller::accept_cu(ps at) {
    const unsigned c = (command_.latest() & cuc_mask) >> cuc_shift;
    const bool was_active = cu_.active();
    bool ok = true;
    switch (c) {
    case cuc_nop: break;
    case cuc_start: ok = cu_.start(pointer_.seen(at), at); break;
    case cuc_resume: ok = cu_.resume(at); break;
    case cuc_static_resume: ok = info_of(chip_.config.identity).static_resume && cu_.static_resume(at); break;
    case cuc_load_dump: dump_address_ = pointer_.seen(at) & ~3u; break;
    case cuc_dump: ok = dump_counters(false, at); break;
    case cuc_dump_reset: ok = dump_counters(true, at); break;
    case cuc_base: ok = cu_.load_base(pointer_.seen(at), at); break;
    default: ok = false; break;
    }
    if (!ok) chip_.count.refused_scb.add();
    const bool late = ok && chip_.setup.get(field::late_scb);
    if (late && (c == cuc_dump || c == cuc_dump_reset)) late_cu_.hold(report_channel, cu_status(at), at);
    else if (late && !was_active && cu_.looks()) late_cu_.hold(command_channel, cu_status(at), at);
    else accepted(cuc_mask, at);
}

void controller::accept_ru(ps at) {
    const unsigned c = command_.latest() & ruc_mask;
    const bool was_ready = ru_.ready();
    bool ok = true;
    switch (c) {
    case ruc_nop: break;
    case ruc_start: ok = ru_.start(pointer_.seen(at), at); break;
    case ruc_resume: ok = ru_.resume(at); break;
    case ruc_redirect: ok = info_of(chip_.config.identity).generation > 0 && ru_.redirect(pointer_.seen(at), at); break;
    case ruc_abort: ok = ru_.abort(at); break;
    case ruc_header_size: ok = ru_.load_header_size(pointer_.seen(at)); break;
    case ruc_base: ok = ru_.load_base(pointer_.seen(at), at); break;
    case ruc_resume_buffers: ok = ru_.resume_buffers(at); break;
    default: ok = false; break;
    }
    if (!ok) chip_.count.refused_scb.add();
    if (chip_.setup.get(field::late_scb) && !was_ready && ru_.ready() && ru_.looks()) late_ru_.hold(receive_channel, ru_status(at), at);
    else accepted(ruc_mask, at);
}

// A transfer of this channel has ended: what it held of the SCB may be updated now.
void controller::update_late(unsigned channel, ps at) {
    if (late_cu_.waits_for(channel) && !(channel == command_channel && cu_.looks())) {
        late_cu_.release(at);
        accepted(cuc_mask, at);
    }
    if (late_ru_.waits_for(channel) && !ru_.looks()) {
        late_ru_.release(at);
        accepted(ruc_mask, at);
    }
}

bool controller::dump_counters(bool and_reset, ps at) {
    if (reporting_ != reporting::nothing) return false;
    reporting_ = reporting::counters;
    const unsigned asked = statistics::size(chip_.setup.get(field::standard_statistics), chip_.setup.get(field::tco_statistics));
    const unsigned n = std::min<unsigned>(asked, info_of(chip_.config.identity).counters);
    const unsigned bytes = chip_.hardware.dump(report_bytes_, n, and_reset ? statistics::dumped_and_reset : statistics::dumped);
    if (and_reset) chip_.hardware.reset();
    report(dump_address_, bytes, at);
    return true;
}

void controller::report(std::uint32_t address, std::uint32_t bytes, ps at) {
    report_.address = address;
    report_.bytes = bytes;
    report_.withdrawn = false;
    chip_.bus.start(report_, at);
}

// ---------------------------------------------------------------- resets
void controller::run_port(std::uint32_t v, ps at) {
    const std::uint32_t pointer = v & ~std::uint32_t{port_function_mask};
    switch (v & port_function_mask) {
    case port_software_reset: reset_units(false, at); break;
    case port_selective_reset: reset_units(true, at); break;
    case port_self_test:
        reset_units(true, at);
        reporting_ = reporting::self_test;
        self_test_address_ = pointer;
        ready_at_ = never;
        chip_.timers.set(self_test_timer, at + chip_.config.self_test);
        return;
    case port_dump:
        if (reporting_ != reporting::nothing) return chip_.count.refused_port.add();
        reporting_ = reporting::dump;
        internal_dump(report_bytes_, chip_.setup, chip_.filter, chip_.latest);
        put32(report_bytes_ + internal_dump_bytes, port_dumped);
        return report(pointer, internal_dump_bytes + 4, at);
    default: return chip_.count.refused_port.add();
    }
    ready_at_ = at + chip_.config.port_accept * chip_.clock();
}

// The result, and a full reset behind it (SDM 6.3.3.2). No interrupt.
void controller::self_test_done(ps at) {
    put32(report_bytes_, rom_signature);
    put32(report_bytes_ + 4, self_test_passed);
    report(self_test_address_, 8, chip_.bus.clock().after(at));
}

void controller::reset_units(bool selective, ps at) {
    chip_.bus.abandon(at);
    if (crypto_rings_) crypto_rings_->reset(at);
    if (chimney_) chimney_->reset(at);
    chip_.timers.clear(cu_accept_timer);
    chip_.timers.clear(ru_accept_timer);
    command_.set(at, 0);
    late_cu_.release(at);
    late_ru_.release(at);
    reporting_ = reporting::nothing;
    chip_.yield.clear();
    chip_.timers.clear(self_test_timer);
    transmitter_.reset(at, cu_.reset(at, selective));
    flow_.reset();                               // first: an emptied FIFO is no news for the other end
    ru_.reset(at, selective);
    chip_.irq.reset(at);
    for (const csr& r : csr_map)
        for (unsigned i = 0; i < r.bytes && i < 4; ++i) stored_[r.offset + i] = static_cast<std::uint8_t>(r.reset >> 8 * i);
    pointer_.set(at, get32(&stored_[scb_pointer]));
    drive_eeprom(0, at);
    mdi_.reset(at);
    if (selective) return;
    chip_.setup.reset();
    chip_.filter.reset(address_);
    chip_.hardware.reset();
    chip_.latest = {};
    dump_address_ = 0;
    chip_.yield.configured(chip_.setup);
    transmitter_.configured();
    receiver_.configured();
}

// Below D0 no frame is let in. In D3 the units are as after a selective reset: what wakes up is still configured.
void controller::power_written(ps at) {
    chip_.timers.serve();
    const unsigned state = chip_.bus.configuration().power_state();
    chip_.asleep = state != 0;
    if (state == deepest_sleep) reset_units(true, at);
    wake_.update();
}

void controller::reset(pci::reset_kind how, ps at) {
    chip_.timers.serve();
    if (how == pci::reset_kind::power_up) eeprom_.power_up();
    drive_eeprom(0, at);
    const loaded_eeprom l = load_eeprom(eeprom_, at, chip_.config.eeprom_load_clocks * chip_.clock());
    loaded_at_ = ready_at_ = l.done;
    address_ = individual_address(l.words);
    if (loaded_) loaded_(l.words);
    phy_.reset();
    phy_.power(how != pci::reset_kind::power_down);
    port_.begin_anew(at);
    reset_units(false, at);
    chip_.asleep = false;
    wake_.reset(how == pci::reset_kind::wake);
}

// ---------------------------------------------------------------- bus and time
pci::attempt controller::decide(const pci::transfer& t, ps decision) {
    switch (t.tag) {
    case receive_channel: return ru_.decide(t, decision);
    case command_channel: return cu_.decide(t, decision);
    default: return {t.command, t.bytes - t.done};
    }
}

void controller::planned(pci::transfer& t, ps at) {
    if (t.tag == receive_channel) ru_.planned(t, at);
    else if (t.tag == command_channel) cu_.planned(t, at);
}

void controller::attempt_ended(pci::transfer& t, pci::ending why, ps) {
    if (chip_.yield.on() && why == pci::ending::limited && t.tag < dma_yield::channels) chip_.yield.yielded(t.tag, t);
}

void controller::ended(pci::transfer& t, pci::transfer_result r, ps at) {
    switch (t.tag) {
    case receive_channel: ru_.ended(t, r, at); break;
    case command_channel: cu_.ended(r, at); break;
    case ring_channel: return chimney_ ? chimney_->ended(t, r, at) : crypto_rings_->ended(t, r, at);
    default:
        count_abort(chip_, r);
        if (std::exchange(reporting_, reporting::nothing) == reporting::self_test) {
            reset_units(false, at);
            ready_at_ = at + chip_.config.port_accept * chip_.clock();
        }
    }
    update_late(t.tag, at);
}

// A reset came while a status word was on its way: did the host hear of the packet?
void controller::forgotten(const pci::transfer& t, std::uint32_t octets, ps at) {
    if (t.tag == receive_channel) ru_.forgotten(t, octets, at);
    else if (t.tag == command_channel) cu_.forgotten(octets, at);
}

void controller::due(unsigned slot, ps at) {
    switch (slot) {
    case mac_step_timer: transmitter_.step(at); break;
    case stage_timer: receiver_.stage(at); break;
    case overrun_timer: receiver_.overrun(at); break;
    case cna_timer: chip_.irq.release_cna(at); break;
    case cu_accept_timer: accept_cu(at); break;
    case ru_accept_timer: accept_ru(at); break;
    case receive_timer: ru_.due(at); break;
    case mdi_timer: mdi_.done(at); break;
    case self_test_timer: self_test_done(at); break;
    case flow_timer: receiver_.reached(at); break;
    case restop_timer: flow_.resend(at); break;
    case low_priority_timer: cu_.low_priority_again(at); break;
    case wake_timer: wake_.happened(); break;
    case bundle_timer: ru_.bundle_due(at); break;
    default: break;
    }
}

}  // namespace nicteam::nic
