// The register side of the unit: what its host reads and writes.
#include "nicteam/rings/ring_unit.h"

namespace nicteam::rings {
namespace {

bool power_of_two(std::uint32_t n) { return n && (n & (n - 1)) == 0; }
bool good_size(std::uint32_t n, std::uint32_t depth) { return n >= 2 && n <= depth && power_of_two(n); }

}  // namespace

std::uint32_t ring_unit::read(std::uint32_t offset, unsigned size, ps at) {
    if (size != 4) return 0;
    const capability& able = processor_.able();
    switch (offset) {
        case reg::format.offset: return format_version;
        case reg::ciphers.offset: return processor_.associations().ciphers();
        case reg::authentications.offset: return processor_.associations().authentications();
        case reg::associations.offset: return able.associations;
        case reg::uses.offset: return able.uses;
        case reg::command_depth.offset: return able.command_depth;
        case reg::completion_depth.offset: return able.completion_depth;
        case reg::longest_job.offset: return able.longest_job;
        case reg::command_base_low.offset: return command_low_;
        case reg::command_base_high.offset: return command_high_;
        case reg::command_size.offset: return command_size_;
        case reg::command_head.offset: return head_.seen(at);
        case reg::command_tail.offset: return tail_.seen(at);
        case reg::completion_base_low.offset: return completion_low_;
        case reg::completion_base_high.offset: return completion_high_;
        case reg::completion_size.offset: return completion_size_;
        case reg::completion_tail.offset: return completion_tail_.seen(at);
        case reg::completion_head.offset: return completion_head_.seen(at);
        case reg::status.offset: return status_.seen(at);
        case reg::interrupt_enable.offset: return interrupt_enable_;
        case reg::identifications.offset: return identifications_;
        case reg::early.offset: return early_;
        default: return 0;
    }
}

void ring_unit::write(std::uint32_t offset, unsigned size, std::uint32_t v, ps at) {
    if (size != 4) return;
    const register_row* row = register_at(offset);
    if (!row || row->access == register_access::read_only) return;
    if (row->access == register_access::read_write && status_.seen(at) & status_running) return;
    switch (offset) {
        case reg::command_base_low.offset: command_low_ = v; break;
        case reg::command_base_high.offset: command_high_ = v; break;
        case reg::command_size.offset: command_size_ = v; break;
        case reg::completion_base_low.offset: completion_low_ = v; break;
        case reg::completion_base_high.offset: completion_high_ = v; break;
        case reg::completion_size.offset: completion_size_ = v; break;
        case reg::identifications.offset: identifications_ = v; break;
        case reg::early.offset: early_ = v & 1; break;
        case reg::command_tail.offset: return ring_bell(v, at);
        case reg::completion_head.offset: return make_room(v, at);
        case reg::control.offset: return control(v, at);
        case reg::status.offset: return change_status(status_.latest() & ~(v & (status_completion | status_refused)), at);
        case reg::interrupt_enable.offset:
            interrupt_enable_ = v & status_interrupts;
            return change_status(status_.latest(), at);
        default: break;
    }
}

void ring_unit::control(std::uint32_t bits, ps at) {
    if (resetting_) return;
    if (bits & control_reset) return wake(slot_reset, at);
    const std::uint32_t status = status_.seen(at);
    if (bits & control_run && !(status & (status_running | status_dead))) start(at);
    if (bits & control_abort && status & status_running && tail_.seen(at) != completion_tail_.seen(at)) {
        abort_until_.set(at, tail_.seen(at));
        set_status(status_aborting, at);
        wake(slot_abort, at);
    }
}

bool ring_unit::rings_are_good() const {
    const std::uint32_t first = identifications_ & 0xFFFF, count = identifications_ >> 16;
    return good_size(command_size_, processor_.able().command_depth) && good_size(completion_size_, processor_.able().completion_depth) &&
           command_low_ % entry_octets == 0 && completion_low_ % entry_octets == 0 && first + (count ? count : 65'536 - first) <= 65'536 &&
           (count || first == 0);
}

void ring_unit::start(ps at) {
    if (!rings_are_good()) return set_status(status_refused, at);
    const std::uint32_t count = identifications_ >> 16;
    processor_.use_identifications({static_cast<std::uint16_t>(identifications_), count ? count : 65'536});
    for (auto* r : {&head_, &tail_, &completion_tail_, &completion_head_}) r->set(at, 0);
    left_behind_.clear();                            // this write has had the bus behind them
    set_status(status_running, at);
}

void ring_unit::ring_bell(std::uint32_t v, ps at) {
    const std::uint32_t posted = v - tail_.latest(), waiting = tail_.latest() - head_.seen(at);
    if (!(status_.seen(at) & status_running) || posted > command_size_ - waiting) return set_status(status_refused, at);
    tail_.set(at, v);
    wake(slot_fetch, at);
}

void ring_unit::make_room(std::uint32_t v, ps at) {
    const std::uint32_t read = v - completion_head_.latest(), unread = completion_tail_.seen(at) - completion_head_.latest();
    if (!(status_.seen(at) & status_running) || read > unread) return set_status(status_refused, at);
    completion_head_.set(at, v);
    wake(slot_fetch, at);
}

void ring_unit::tell(ps at) { change_status((status_.latest() | status_completion) + (early_ << 16), at); }

void ring_unit::set_status(std::uint32_t bits, ps at) { change_status(status_.latest() | bits, at); }

void ring_unit::change_status(std::uint32_t v, ps at) {
    status_.set(at, v);
    const bool on = v & interrupt_enable_;
    if (on == asserted_) return;
    asserted_ = on;
    bus_.interrupt(on, at);
}

}  // namespace nicteam::rings
