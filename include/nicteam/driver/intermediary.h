// Intermediary layer 102 (source documents 000/001, FIG. 1): stacks above, adapters below, a binding table between them.
#pragma once

#include <cstdint>
#include <memory>

#include <systemc>

#include "nicteam/base/tables.h"
#include "nicteam/driver/adapter.h"

namespace nicteam::driver {

struct intermediary_config {};
extern const block_info intermediary_info;        // kind "intermediary"

// A protocol stack as the intermediary sees it. Completions name the adapter that they come from.
class protocol_user {
public:
    virtual ~protocol_user() = default;
    virtual void sent(host::cpu&, unsigned adapter, const packet_list&, status) = 0;
    virtual void received(host::cpu&, unsigned adapter, const packet_list&) = 0;     // give_back() each exactly once
    virtual void completed(host::cpu&, unsigned adapter, control&) = 0;
    virtual void finished(host::cpu&, unsigned adapter, job&) = 0;
    virtual void changed(host::cpu&, unsigned adapter, const link_state&) {}
};

// Which received frames a stack gets. The most exact binding wins: EtherType, then LLC, then everything else.
struct protocol {
    enum kind_type : std::uint8_t { ether_type, llc, everything_else };
    kind_type kind = ether_type;
    std::uint16_t value = 0;                      // the EtherType
};

constexpr unsigned any_adapter = ~0u;

class intermediary_102 : public sc_core::sc_module {
public:
    intermediary_102(sc_core::sc_module_name, const intermediary_config& = {});
    ~intermediary_102() override;

    // Elaboration. Adapters are numbered from 0. Throws std::logic_error when a protocol on an adapter is bound twice.
    unsigned attach(adapter&);
    void bind(protocol_user&, protocol, unsigned adapter = any_adapter);

    // Each call completes exactly once at `from`, with a status, perhaps before it returns. An adapter number that attach() did
    // not give is std::out_of_range; a request or job that is still under way is std::logic_error.
    unsigned adapters() const;
    const capabilities& able(unsigned adapter) const;
    void send(host::cpu&, protocol_user& from, unsigned adapter, const packet_list&, const send_how& = {});
    void request(host::cpu&, protocol_user& from, unsigned adapter, control&);
    void submit(host::cpu&, protocol_user& from, unsigned adapter, job&);
    void give_back(host::cpu&, unsigned adapter, const packet_list&);
    void halt(host::cpu&, unsigned adapter, halt_reason);
    offload_port* offload(unsigned adapter);      // nullptr: its device runs no connections

private:
    struct machinery;
    std::unique_ptr<machinery> machinery_;        // models/driver/intermediary.cpp
};

}  // namespace nicteam::driver
