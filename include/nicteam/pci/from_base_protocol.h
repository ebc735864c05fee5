// A base-protocol TLM-2.0 initiator becomes a PCI master: b_transport blocks its thread until the last word has passed.
#pragma once

#include <memory>

#include <systemc>
#include <tlm_utils/simple_target_socket.h>

#include "nicteam/pci/bus.h"

namespace nicteam::pci {

// Byte enables and streaming are refused (TLM_BYTE_ENABLE_ERROR_RESPONSE, TLM_BURST_ERROR_RESPONSE). A master or target
// abort gives TLM_ADDRESS_ERROR_RESPONSE, TLM_GENERIC_ERROR_RESPONSE. Several threads may call; they are served in turn.
// The annotated delay is waited for first, and comes back as zero. Returns one clock before the idle edge.
class from_base_protocol : public sc_core::sc_module {
public:
    tlm_utils::simple_target_socket<from_base_protocol> socket{"socket"};

    from_base_protocol(sc_core::sc_module_name, bus&, int pair = -1);
    ~from_base_protocol() override;

private:
    void b_transport(tlm::tlm_generic_payload&, sc_core::sc_time&);
    struct machinery;
    std::unique_ptr<machinery> machinery_;       // models/pci/from_base_protocol.cpp
};

}  // namespace nicteam::pci
