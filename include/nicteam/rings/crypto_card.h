// The crypto card: a PCI device without a MAC behind the one face. Its window is BAR 0; INTA# is the face's. It may have memory of its own, BAR 1, for the octets
// of jobs (row A-41): the host writes and reads it word by word, another card by its own bus master, its own rings without the bus.
#pragma once

#include "nicteam/base/tables.h"
#include "nicteam/rings/ring_unit.h"
#include "nicteam/sim/agenda.h"

namespace nicteam::rings {

struct crypto_card_config {
    ring_unit_config unit;
    unsigned width = 0;               // choices "32|64": REQ64#
    std::uint32_t memory = 0;         // octets, a power of two; 0: none
};
extern const block_info crypto_card_info;     // kind "crypto_card"
extern const block_info crypto_card_engines_info;      // … and faults of its engines

// Why there can be no such card; empty when there can.
std::string refusal(const crypto_card_config&);

// The bus address of a card's memory, as firmware has set it.
std::uint64_t memory_of(const pci::device&);

class crypto_card : public pci::device, private pci::function, private sim::agenda_user {
public:
    // Throws std::invalid_argument with `refusal`.
    crypto_card(sc_core::sc_module_name, const crypto_card_config&, pci::bus&, int slot, pci::interrupt_sink* = nullptr,
                ipsec::payload_kind = ipsec::payload_kind::real);
    ~crypto_card() override;

    const ring_unit& unit() const { return unit_; }
    void watch(offload::work_observer& o) { unit_.watch(o); }

    // What its own memory has does not go by the bus: a word a clock.
    void start(pci::transfer&, ps act) override;
    void abandon(ps at) override;

private:
    std::uint32_t read(unsigned bar, std::uint32_t offset, unsigned size, ps at) override;
    void write(unsigned bar, std::uint32_t offset, unsigned size, std::uint32_t v, ps at) override;
    pci::answer respond(unsigned bar, std::uint32_t offset, bool write) override;
    void due(unsigned way, ps at) override;
    void ended(pci::transfer& t, pci::transfer_result r, ps at) override { unit_.ended(t, r, at); }
    void reset(pci::reset_kind, ps at) override;

    struct inside { pci::transfer* transfer = nullptr; std::uint32_t offset = 0; };
    bytes memory_;
    inside under_way_[2];             // reading, writing
    sim::agenda agenda_;
    ring_unit unit_;
};

}  // namespace nicteam::rings
