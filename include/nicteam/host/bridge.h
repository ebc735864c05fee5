// The host bridge: target of DMA into memory, master of the CPUs' accesses to the bus. docs/cpu.md.
#pragma once

#include <cstdint>
#include <memory>

#include <systemc>

#include "nicteam/base/tables.h"
#include "nicteam/host/cpu_port.h"
#include "nicteam/host/memory_bank.h"
#include "nicteam/pci/bus.h"

namespace nicteam::host {

struct bridge_config {
    // towards memory, in PCI clocks unless said
    unsigned devsel = 1;              // choices "fast|medium|slow"
    unsigned read_wait = 8;           // before the first word of a read
    unsigned read_next_wait = 0;
    unsigned write_wait = 0;
    unsigned write_next_wait = 0;
    std::int64_t read_boundary = 4096;    // a read tenure ends at a multiple of this: prefetch does not go on; 0: none
    std::int64_t write_boundary = 4096;
    std::int64_t write_buffer = 0;    // bytes of posted DMA writes; 0: memory always keeps up
    unsigned width = 0;               // choices "32|64": answers REQ64# with ACK64#
    unsigned drain = 1;               // clocks per dword from that buffer into memory
    unsigned write_delay = 4;         // a word that passed is in memory this much later; reads by the CPU through the bridge push it
    // towards the bus
    unsigned cpu_writes = 4;          // entries of each CPU's posted write buffer
    unsigned outbound = 2;            // from the CPU's access to the bridge's decision to ask for the bus
    unsigned inbound = 2;             // from a read's data edge back to the CPU
    unsigned latency_timer = 64;
    unsigned retry_limit = 0;         // tenures of a CPU's access that are retried before it is given up; 0: never
    bool parity = false;              // parity error response: PERR# and SERR# for what it receives
    bool back_to_back = false;        // posted writes to one target follow without an idle clock
};
extern const block_info bridge_info;  // kind "bridge"

class host_bridge : public sc_core::sc_module, public cpu_port {
public:
    host_bridge(sc_core::sc_module_name, const bridge_config&, pci::bus&, memory_bank&);
    ~host_bridge() override;

    void connect(unsigned cpu, cpu_port_user&) override;
    bool post(unsigned cpu, const cpu_access&, ps at) override;
    void start(unsigned cpu, cpu_access&, ps at) override;

private:
    struct machinery;
    std::unique_ptr<machinery> machinery_;        // models/host/bridge.cpp
};

}  // namespace nicteam::host
