// The one face in a nic with the crypto block (docs/crypto-face.md): its registers in a window of their own, its rings behind the nic's
// master, its jobs on the line's engines and associations.
#pragma once

#include "nic/rings/association_fetcher.h"
#include "nic/rings/line_associations.h"
#include "nic/rings/shared_services.h"
#include "nicteam/rings/ring_unit.h"

namespace nicteam::nic {

class crypto_rings : public sc_core::sc_module, private rings::transmitter {
public:
    static constexpr unsigned window = 3;            // base address register

    crypto_rings(const chip&, offload::receive_block&, offload::transmit_block&);

    rings::ring_unit& unit() { return unit_; }
    void ended(pci::transfer& t, pci::transfer_result r, ps at) { fetcher_.owns(t) ? fetcher_.ended(r, at) : unit_.ended(t, r, at); }
    void reset(ps at) { fetcher_.reset(), unit_.reset(at); }
    void nic_interrupt(bool asserted, ps at) { services_.nic_interrupt(asserted, at); }

private:
    bool take(const bytes& frame, const rings::job& made_of, ps at) override;

    const chip& chip_;
    offload::transmit_block& out_;
    shared_services services_;
    line_associations associations_;
    line_engines engines_;
    association_fetcher fetcher_;
    rings::ring_unit unit_;
};

}  // namespace nicteam::nic
