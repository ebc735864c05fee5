// A window of PCI addresses served by a base-protocol TLM-2.0 target.
#pragma once

#include <cstdint>
#include <memory>

#include <systemc>
#include <tlm_utils/simple_initiator_socket.h>

#include "nicteam/pci/bus.h"

namespace nicteam::pci {

struct to_base_protocol_config {
    std::uint64_t address = 0;        // first PCI address of the window; the target behind sees addresses from 0
    std::uint64_t size = 4096;        // bytes
    bool io = false;                  // I/O instead of memory space
    std::uint32_t longest_wait = 14;  // wait states before the first word; a target behind that needs more makes a retry
};

// Memory or I/O, every burst length. A write is forwarded when its tenure has ended, with the bytes that passed. A read is
// forwarded at the address phase, whole: what lies behind must not mind being read ahead. The annotated delay of a read
// becomes wait states, or retries until it is over; that of a write is ignored. An error response makes a target abort
// (read) or is counted (write). The target behind is called from a method and must not wait.
class to_base_protocol : public sc_core::sc_module {
public:
    tlm_utils::simple_initiator_socket<to_base_protocol> socket{"socket"};

    to_base_protocol(sc_core::sc_module_name, const to_base_protocol_config&, bus&);
    ~to_base_protocol() override;
    std::uint64_t write_errors() const;

private:
    struct machinery;
    std::unique_ptr<machinery> machinery_;       // models/pci/to_base_protocol.cpp
};

}  // namespace nicteam::pci
