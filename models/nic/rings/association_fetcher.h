// Reads associations that 21a does not have at hand from where `install` found them in host memory, as the nic's master: behind what the line has to
// read and write, before the rings.
#pragma once

#include <optional>

#include "nic/chip.h"
#include "nic/rings/line_associations.h"
#include "nicteam/offload/association_source.h"

namespace nicteam::nic {

class association_fetcher final : public offload::association_source {
public:
    association_fetcher(const chip& c, offload::receive_block& in, const line_associations& where) : chip_(c), in_(in), where_(where) {}

    void fetch(state::handle, ps at) override;
    void forget() override { awaited_ = {}; next_.reset(); }
    bool owns(const pci::transfer& t) const { return &t == &transfer_; }
    void ended(pci::transfer_result, ps at);
    void reset() { forget(), busy_ = false; }        // the bus has forgotten its transfer

private:
    bool as_installed() const;

    const chip& chip_;
    offload::receive_block& in_;
    const line_associations& where_;
    pci::transfer transfer_;
    bytes read_;
    bool busy_ = false;                              // on the bus, whether somebody waits for it or not
    state::handle awaited_;
    std::optional<ps> next_;                         // it is to be asked for when the bus has done with the one before
};

}  // namespace nicteam::nic
