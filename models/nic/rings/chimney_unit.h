// The Offload Target of a nic (docs/offload.md): its registers in a window of their own, its rings behind the nic's master, its segments at the MAC: what
// is for one of its connections leaves the receive FIFO when it is whole, what they send goes into the transmit FIFO between the host's frames.
#pragma once

#include "nic/mac/receiver.h"
#include "nic/mac/transmitter.h"
#include "nic/rings/shared_services.h"
#include "nicteam/rings/offload_unit.h"

namespace nicteam::nic {

class chimney_unit : public sc_core::sc_module, private rings::offload_line {
public:
    static constexpr unsigned window = 5;            // base address register

    chimney_unit(chip&, transmitter&, receiver&);

    rings::offload_unit& unit() { return unit_; }
    void ended(pci::transfer& t, pci::transfer_result r, ps at) { unit_.ended(t, r, at); }
    void reset(ps at) { unit_.reset(at); }
    void nic_interrupt(bool asserted, ps at) { services_.nic_interrupt(asserted, at); }

private:
    packet::mac_address own_address() const override { return chip_.filter.individual(); }
    ps room_for(std::uint32_t octets, ps at) override { return transmitter_.room_for_made(octets, at); }
    void take(const bytes& frame, ps at) override;

    chip& chip_;
    transmitter& transmitter_;
    sim::station& station_;                          // where its frames are born
    shared_services services_;
    rings::offload_unit unit_;
};

}  // namespace nicteam::nic
