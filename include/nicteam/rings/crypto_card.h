// The crypto card: a PCI device without a MAC behind the one face. Its window is BAR 0; INTA# is the face's.
#pragma once

#include "nicteam/base/tables.h"
#include "nicteam/rings/ring_unit.h"

namespace nicteam::rings {

struct crypto_card_config {
    ring_unit_config unit;
    unsigned width = 0;               // choices "32|64": REQ64#
};
extern const block_info crypto_card_info;     // kind "crypto_card"
extern const block_info crypto_card_engines_info;      // … and faults of its engines

// Why there can be no such card; empty when there can.
std::string refusal(const crypto_card_config&);

class crypto_card : public pci::device, private pci::function {
public:
    // Throws std::invalid_argument with `refusal`.
    crypto_card(sc_core::sc_module_name, const crypto_card_config&, pci::bus&, int slot, pci::interrupt_sink* = nullptr,
                ipsec::payload_kind = ipsec::payload_kind::real);
    ~crypto_card() override;

    const ring_unit& unit() const { return unit_; }

private:
    std::uint32_t read(unsigned, std::uint32_t offset, unsigned size, ps at) override { return unit_.read(offset, size, at); }
    void write(unsigned, std::uint32_t offset, unsigned size, std::uint32_t v, ps at) override { unit_.write(offset, size, v, at); }
    void ended(pci::transfer& t, pci::transfer_result r, ps at) override { unit_.ended(t, r, at); }
    void reset(pci::reset_kind, ps at) override { unit_.reset(at); }

    ring_unit unit_;
};

}  // namespace nicteam::rings
