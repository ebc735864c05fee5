// The driver of a crypto card: an adapter that carries no frames and does jobs. Its associations go in through the card's ring whenever
// there is one. changed() says when its card has gone or been reset, and when it takes jobs again.
#pragma once

#include <memory>

#include "nicteam/driver/unit_associations.h"

namespace nicteam::driver {

struct crypto_card_driver_config {
    unsigned command_ring = 64, completion_ring = 64;    // entries; fewer when the card has no such depth
    ps poll = microsecond;               // between looks at completions that are waited for
    ps timeout = 20 * millisecond;       // … before the card counts as dead
    bool early_interrupt = false;        // of ring_driver_config::early
};
extern const block_info crypto_card_driver_info;          // part "driver" of a crypto_card

class crypto_card_driver : public sc_core::sc_module, public adapter {
public:
    crypto_card_driver(sc_core::sc_module_name, const crypto_card_driver_config&, const host::place&);
    ~crypto_card_driver() override;

    // Elaboration: an association that it installs. The name by which jobs ask for it, whatever card is there. `numbers`: as of base_driver.
    state::handle hold(const ipsec::association_parameters&, std::uint64_t iv_seed, ipsec::payload_kind, ipsec::association* numbers = nullptr);
    const unit_associations& associations() const { return associations_; }

    const char* adapter_name() const override { return name(); }
    void bind(adapter_user& u) override { user_ = &u; }
    const capabilities& able() const override { return able_; }
    void send(host::cpu&, const packet_list&, const send_how& = {}) override;      // refused
    void request(host::cpu&, control&) override;                                   // refused, but for identify
    void submit(host::cpu&, job&) override;
    void give_back(host::cpu&, const packet_list&) override {}
    void halt(host::cpu&, halt_reason) override;

private:
    void ready(host::cpu&);
    void tell(host::cpu&, bool there);
    void operator_reset(host::cpu&);
    void revive(host::cpu&, host::cpu& home);      // a card that concludes nothing

    adapter_user* user_ = nullptr;
    capabilities able_;
    host::place place_;
    ring_driver ring_;
    unit_associations associations_;
    bool halted_ = false, told_gone_ = false;
    ps timeout_ = 0;
};

}  // namespace nicteam::driver
