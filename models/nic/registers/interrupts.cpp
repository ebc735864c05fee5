#include "nic/registers/interrupts.h"

namespace nicteam::nic {
namespace {

constexpr std::uint8_t mask_all = 0x01, software_interrupt = 0x02, mask_bits = 0xFC;

// Mask byte bit for each cause; MDI and SWI have none, ER (1) and FCP (0) sit at 3 and 2.
std::uint8_t masked_causes(std::uint8_t mask) {
    return static_cast<std::uint8_t>((mask & 0xF0) | (mask & 0x08) >> 2 | (mask & 0x04) >> 2);
}

}  // namespace

void interrupts::reset(ps at) {
    stat_.set(at, 0);
    mask_.set(at, 0);
    drop_cna(at);
    fresh_ = 0;
    update(at);
}

void interrupts::raise(ps at, std::uint8_t causes) {
    if ((causes & fr_cause) && held_.seen(at)) causes |= cna_cause, drop_cna(at);
    if (at != fresh_at_) fresh_ = 0;
    fresh_at_ = at;
    fresh_ |= causes;
    stat_.set(at, stat_.latest() | causes);
    update(at);
}

void interrupts::release_cna(ps at) {
    if (!held_.latest()) return;
    drop_cna(at);
    raise(at, cna_cause);
}

void interrupts::acknowledge(ps at, std::uint8_t causes) {
    if (at == fresh_at_) causes &= static_cast<std::uint8_t>(~fresh_);
    if (!(stat_.latest() & causes)) return;
    stat_.set(at, static_cast<std::uint8_t>(stat_.latest() & ~causes));
    update(at);
}

void interrupts::write_mask(ps at, std::uint8_t v) {
    mask_.set(at, static_cast<std::uint8_t>(v & (masks_ ? mask_bits | mask_all : mask_all)));
    if (v & software_interrupt) raise(at, swi_cause);
    else update(at);
}

void interrupts::update(ps at) {
    const std::uint8_t mask = mask_.latest();
    const bool now = !(mask & mask_all) && (stat_.latest() & ~masked_causes(mask));
    if (now == line_.latest()) return;
    line_.set(at, now);
    // Causes, acknowledgements and masks of one instant come in any order. It is an assertion if the line was inactive before
    // the instant and is active after it.
    if (!line_.seen(at)) now ? assertions_->add() : assertions_->take_back();
    drive_(now, at);
}

}  // namespace nicteam::nic
