#include "bridge_errors.h"

namespace nicteam::pci {
namespace {

// Status registers (bridge specification 1.1, 3.2.4.4 and 3.2.4.6). Bit 14 of the secondary one says that SERR# was received.
constexpr std::uint16_t master_data_parity_error = 0x0100, system_error_bit = 0x4000, detected_parity_error = 0x8000;

}  // namespace

bridge_errors::bridge_errors(bridge_header& h, bus& primary, bus& secondary, unsigned crossing)
    : header_(h), primary_(primary), crossing_(crossing) {
    secondary.on_error([this](bool serr, ps at) {
        if (serr) secondary_serr(at);
    });
}

bool bridge_errors::responds(bridge_side s) const {
    return s == bridge_side::primary ? header_.space.parity_response_enabled() : header_.secondary_parity_response();
}
void bridge_errors::raise(bridge_side s, std::uint16_t status) {
    if (s == bridge_side::primary) header_.space.raise_status(status);
    else header_.raise_secondary_status(status);
}

bool bridge_errors::written(bridge_side s) {
    raise(s, detected_parity_error);
    return responds(s);
}
bool bridge_errors::read(bridge_side s) {
    if (!written(s)) return false;
    raise(s, master_data_parity_error);
    return true;
}

bool bridge_errors::perr(bridge_side s, bool alone, ps known) {
    if (!responds(s)) return false;
    raise(s, master_data_parity_error);
    const bool both = responds(bridge_side::primary) && responds(bridge_side::secondary);
    if (alone && both) system_error(s, known);
    return true;
}

bool bridge_errors::address(bridge_side s, ps known) {
    raise(s, detected_parity_error);
    if (!responds(s) || !header_.space.serr_enabled()) return false;
    if (s == bridge_side::secondary) {
        system_error(s, known);
        return false;
    }
    raise(s, system_error_bit);
    return true;
}

void bridge_errors::write_lost(bridge_side s, bool target_abort, ps known) {
    if (target_abort || header_.aborts_as_errors()) system_error(s, known);
}
void bridge_errors::discarded(bridge_side s, ps known) {
    header_.discarded();
    if (header_.discard_is_error()) system_error(s, known);
}

void bridge_errors::secondary_serr(ps at) {
    raise(bridge_side::secondary, system_error_bit);
    if (header_.forwards_serr()) system_error(bridge_side::secondary, at);
}

// Decided at the edge at which its own side knows, `crossing` clocks later where it comes from the other.
void bridge_errors::system_error(bridge_side from, ps known) {
    if (!header_.space.serr_enabled()) return;
    raise(bridge_side::primary, system_error_bit);
    const ps decided = from == bridge_side::primary ? known : primary_.clock().after(known, crossing_);
    const ps at = decided + primary_.clock().period();
    if (at == latest_) return;
    latest_ = at;
    primary_.system_error(at);
}

}  // namespace nicteam::pci
