// What goes wrong on the bus on purpose: one address or data phase in so many.
#pragma once

#include <cstdint>

#include "reference/pci/pins.h"
#include "reference/pci/setup.h"

namespace reference::pci {

struct noise {
    explicit noise(const setup& s) : of(s) {}
    const setup& of;
    std::uint64_t addresses = 0, words = 0;      // address phases begun, data phases completed

    bool wrong_address() { return ++addresses, of.wrong_address && addresses % of.wrong_address == 0; }

    // Word k of a tenure before which `before` data phases had completed. `lane`: AD[7:0] carries a byte that is asked for.
    struct hit { bool flip = false, parity = false; bool wrong() const { return flip != parity; } };
    hit at(std::uint64_t before, std::uint32_t k, bool lane) const {
        const std::uint64_t n = before + k + 1;
        return {of.wrong_bit && n % of.wrong_bit == 0 && lane, of.wrong_parity && n % of.wrong_parity == 0};
    }
};

// Looks whether what was received at one edge had the parity that comes at the next.
class parity_check {
public:
    void received(const half& h, std::uint32_t lanes) {
        pending_ = true;
        expected_ = odd(h.ad.value() & lanes) != odd(h.cbe.value());
    }
    bool wrong(const half& h) {
        const bool bad = pending_ && h.par.value() != expected_;
        pending_ = false;
        return bad;
    }

private:
    bool pending_ = false, expected_ = false;
};

}  // namespace reference::pci
