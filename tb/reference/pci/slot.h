// Devices in slots: put in, taken out and reset while the bus works (docs/pci-bridge.md, "Hot-plug slots"; docs/bus.md). Registers that
// decide what they claim and whether they may be masters are written by configuration cycles on the bus.
#pragma once

#include <string>
#include <vector>

#include "reference/pci/master.h"
#include "reference/pci/target.h"

namespace reference::pci {

struct slot_setup {
    int device = 1;                          // IDSEL
    bool present = true;                     // when the run begins
    std::uint32_t window = 0x1000;           // bytes of its base address register, in memory space
    std::int64_t ready_after = 0;            // configuration cycles end in Retry up to so long after a power-up or RST#
    target_setup answers;                    // waits, pattern, boundary; window and device number do not count
    master_setup own;                        // latency timer and cache line do not count
    std::vector<std::int64_t> changes;       // out and in, or in and out, by turns
};

// What becomes of one slot, by time. Both its master and its target look at it.
class slot_state {
public:
    slot_state(const slot_setup&, const std::vector<std::int64_t>& rst, const pins&);

    // What happened strictly before the edge at t, and a configuration word that passes at it. Each edge, as often as one likes.
    void look(std::int64_t t);
    bool off() const { return off_; }
    bool ready(std::int64_t t) const { return t > ready_from_; }
    bool memory_at(std::uint64_t address) const { return !off_ && (command_ & 2u) && address - base_ < window_; }
    bool may_master() const { return !off_ && (command_ & 4u); }
    unsigned latency_timer() const { return latency_timer_; }
    unsigned cache_line() const { return cache_line_; }      // bytes
    // Work that arrived then and is still wanted: the device was there, and nothing happened to it until t.
    bool keeps(std::int64_t arrival, std::int64_t t, bool inclusive) const;

    void configured(unsigned reg) { register_ = static_cast<int>(reg); }      // a write to it is under way
    void configured_no_more() { register_ = -1; }

private:
    struct change { std::int64_t at; bool off_behind; };
    void write(unsigned reg, std::uint32_t v);

    std::vector<change> changes_;
    std::size_t seen_ = 0;
    bool off_from_start_ = false, off_ = false;
    std::uint64_t window_, base_ = 0;
    std::int64_t ready_after_, ready_from_ = -1, looked_ = -1;
    unsigned command_ = 0, latency_timer_ = 0, cache_line_ = 0;
    int register_ = -1;
    const pins& pins_;
};

class slot_target : public target {
public:
    slot_target(sc_core::sc_module_name, const target_setup&, pins&, rising_clock&, noise&, slot_state&);

private:
    bool claims(std::uint64_t address) const override;
    void plan(std::uint64_t address) override;
    void tenure_over() override;
    slot_state& state_;
};

class slot_master : public master {
public:
    // `own`: its entry in the setup, whose latency timer and cache line follow the registers.
    slot_master(sc_core::sc_module_name, const setup&, unsigned number, pins&, rising_clock&, noise&, std::string& log, slot_state&,
                master_setup& own);

private:
    void choose() override;
    bool may_work() const override { return state_.may_master(); }
    bool stops(const item&) const override;
    void each_edge() override;
    slot_state& state_;
    master_setup& own_;
};

// The masters and targets of the setup, then a master for each slot. `rst`: RST# falls and rises by turns; a fall at 0 is one from the
// beginning. The log as run() gives it.
std::string run_slots(setup, const std::vector<slot_setup>&, const std::vector<std::int64_t>& rst);

}  // namespace reference::pci
