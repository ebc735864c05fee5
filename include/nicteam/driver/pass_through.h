// An adapter that passes everything on to the one below, at a cost: the place where a virtual driver will sit.
#pragma once

#include <cstdint>
#include <string>

#include <systemc>

#include "nicteam/base/tables.h"
#include "nicteam/driver/adapter.h"

namespace nicteam::driver {

struct pass_through_config {
    std::uint64_t cycles = 0;                     // CPU cycles for each packet handed on, either way
};
extern const block_info pass_through_info;        // kind "pass_through"

class pass_through : public sc_core::sc_module, public adapter, private adapter_user {
public:
    pass_through(sc_core::sc_module_name, const pass_through_config&, adapter& below);

    const char* adapter_name() const override { return name(); }
    void bind(adapter_user& u) override { user_ = &u; }
    const capabilities& able() const override { return below_.able(); }
    void send(host::cpu&, const packet_list&, const send_how& = {}) override;
    void request(host::cpu&, control&) override;
    void submit(host::cpu&, job&) override;
    void give_back(host::cpu&, const packet_list&) override;
    void halt(host::cpu&, halt_reason) override;
    offload_port* offload() override { return below_.offload(); }

private:
    void sent(host::cpu&, const packet_list&, status) override;
    void received(host::cpu&, const packet_list&) override;
    void completed(host::cpu&, control&) override;
    void finished(host::cpu&, job&) override;
    void changed(host::cpu&, const link_state&) override;

    host::operation handing_on_;
    adapter& below_;
    adapter_user* user_ = nullptr;
};

}  // namespace nicteam::driver
