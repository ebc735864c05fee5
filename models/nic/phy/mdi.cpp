#include "nic/phy/mdi.h"

namespace nicteam::nic {
namespace {

enum operation : unsigned { write_operation = 1, read_operation = 2 };
constexpr std::uint32_t data_bits = 0xFFFF, kept = 0x2FFF0000;       // of what software wrote
constexpr unsigned bytes = 4;

unsigned operation_of(std::uint32_t w) { return w >> 26 & 3; }
unsigned address_of(std::uint32_t w) { return w >> 21 & 31; }
unsigned number_of(std::uint32_t w) { return w >> 16 & 31; }

}  // namespace

management_interface::management_interface(chip& c, phy& p, std::function<wire::negotiated()> line, std::function<void(ps)> anew)
    : chip_(c), phy_(p), line_(std::move(line)), anew_(std::move(anew)) {}

void management_interface::show(std::uint32_t w, ps at) {
    word_ = w;
    shown_.set(at, w);
}

void management_interface::write_byte(unsigned i, std::uint8_t v, ps at) {
    if (busy_.seen(at)) {
        if (i == bytes - 1) chip_.count.refused_register.add();
        return;
    }
    const unsigned low = 8 * i;
    std::uint32_t w = (word_ & ~(std::uint32_t{0xFF} << low)) | std::uint32_t{v} << low;
    if (i == bytes - 1) {
        w &= ~ready;
        busy_.set(at, true);
        chip_.timers.set(mdi_timer, at + chip_.config.mdi_frame);
    }
    show(w, at);
}

void management_interface::reset(ps at) {
    chip_.timers.clear(mdi_timer);
    busy_.set(at, false);
    show(ready, at);
}

void management_interface::done(ps at) {
    const std::uint32_t w = word_;
    const unsigned number = number_of(w);
    const bool ours = address_of(w) == phy::address;         // of another one nobody pulls the line low: all ones
    std::uint32_t data = w & data_bits;
    bool refused = false, anew = false;
    switch (operation_of(w)) {
    case read_operation:
        data = ours ? phy_.read(number, line_()) : data_bits;
        refused = ours && !phy::has(number);
        break;
    case write_operation:
        if (!ours) break;
        switch (phy_.write(number, static_cast<std::uint16_t>(data))) {
        case phy::written::nothing_there: refused = true; break;
        case phy::written::begins_anew: anew = true; break;
        case phy::written::taken: break;
        }
        break;
    default: refused = true;
    }
    if (refused) chip_.count.refused_register.add();
    busy_.set(at, false);
    show((w & kept) | ready | data, at);
    if (w & interrupt_enable) chip_.irq.raise(at, mdi_cause);
    if (anew) anew_(at);
}

}  // namespace nicteam::nic
