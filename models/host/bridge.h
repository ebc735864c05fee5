// The two sides of the host bridge.
#pragma once

#include <array>
#include <deque>
#include <vector>

#include "nicteam/host/bridge.h"
#include "nicteam/pci/fault_gate.h"
#include "nicteam/pci/initiator.h"
#include "nicteam/pci/target.h"
#include "nicteam/sim/agenda.h"
#include "nicteam/sim/session.h"

namespace nicteam::host {

// DMA into memory: a PCI target.
class memory_side : public pci::target_user {
public:
    memory_side(const sc_core::sc_object& owner, const bridge_config&, const clock_domain&, memory_bank&);
    bool claims(pci::command, std::uint64_t address) const override;
    pci::answer decode(pci::access&) override;
    void ended(pci::access&, ps at) override;
    bool parity_error(const pci::access&, std::uint32_t) override { return config_.parity; }
    bool address_parity_error(unsigned master, ps) override { return master != 0 && config_.parity; }      // 0 is its own
    ps last_posted() const { return last_posted_; }   // the latest posted word is in memory then

private:
    ps drain_time(unsigned word_bytes) const { return config_.drain * (word_bytes / 4) * clock_.period(); }
    std::uint64_t words_that_fit(ps first, unsigned word_bytes, std::uint64_t most) const;

    const bridge_config& config_;
    const clock_domain& clock_;
    memory_bank& memory_;
    pci::fault_gate gate_;
    open_burst burst_;
    bool open_ = false;
    ps last_posted_ = -1;
    ps drained_ = -1;                                 // the last word in the write buffer is out of it then
    counter &read_bursts_, &write_bursts_, &read_bytes_, &written_bytes_, &full_;
};

// Accesses by CPUs: a PCI master. Each CPU has a queue of its own, so that no two compete for one entry.
class cpu_side : public pci::initiator_user, private sim::agenda_user {
public:
    cpu_side(const sc_core::sc_object& owner, const bridge_config&, const clock_domain&, const memory_side&);
    void bind(pci::initiator& i) { initiator_ = &i; }
    void connect(unsigned cpu, cpu_port_user&);
    bool post(unsigned cpu, const cpu_access&, ps at);
    void start(unsigned cpu, cpu_access&, ps at);

private:
    struct entry { cpu_access access; cpu_access* waiting = nullptr; ps asked = 0, ready = never; };
    struct queue {
        cpu_port_user* user = nullptr;
        std::vector<entry> entries;                   // a ring: posted writes and at most one stalling access
        unsigned first = 0, used = 0, writes = 0;
        bool wants_room = false;
        entry& front() { return entries[first]; }
    };
    void append(queue&, const entry&);
    void pick(ps at);
    pci::attempt decide(const pci::transfer&, ps decision) override;
    void ended(pci::transfer&, pci::transfer_result, ps at) override;
    bool parity_error(const pci::transfer*, std::uint32_t) override { return config_.parity; }
    void due(unsigned slot, ps at) override;

    const bridge_config& config_;
    const clock_domain& clock_;
    const memory_side& memory_;
    sim::agenda agenda_;
    pci::initiator* initiator_ = nullptr;
    std::vector<queue> queues_;
    queue* current_ = nullptr;                        // whose front is on the bus
    pci::transfer transfer_;
    std::array<std::uint8_t, 4> bytes_{};
    bool giving_up_ = false;                          // the one on the bus has been withdrawn
    counter &reads_, &writes_, &retries_, &aborts_, &given_up_;
};

}  // namespace nicteam::host
