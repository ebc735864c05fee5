// A PCI device: configuration space, base address registers, one master, one INTA#. What it does is its `function`.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <systemc>

#include "nicteam/pci/bus.h"
#include "nicteam/pci/configuration_space.h"

namespace nicteam::pci {

// power_down: nothing is driven any more, what was under way is thrown away; the next is power_up.
// wake: from D3 to D0, like bus, but what belongs to power events stays (PCI Power Management 1.1, 5.4.1).
enum class reset_kind : std::uint8_t { power_up, bus, power_down, wake };

// What a device core implements. It never waits; `at` is the edge of the data phase, effects show from the next edge on.
class function {
public:
    virtual ~function() = default;
    // One data phase in a base address window; `size` bytes (1, 2, 3 or 4) at `offset`. Reads see what happened strictly
    // before `at`.
    virtual std::uint32_t read(unsigned bar, std::uint32_t offset, unsigned size, ps at) = 0;
    virtual void write(unsigned bar, std::uint32_t offset, unsigned size, std::uint32_t v, ps at) = 0;
    // Wait states and burst length for an access to this window; a burst never runs beyond the window.
    virtual answer respond(unsigned bar, std::uint32_t offset, bool write) { answer a; a.words = 1; a.how = stop::with_data; return a; }
    // Whether configuration cycles are served at this address edge; else they are answered with Retry (PCI 2.2, 6.1: not before a
    // device has what it needs to identify itself).
    virtual bool configurable(ps at) const { return true; }
    virtual attempt decide(const transfer& t, ps decision) { return {t.command, t.bytes - t.done}; }
    virtual void planned(transfer&, ps at) {}
    virtual void attempt_ended(transfer&, ending, ps idle) {}
    virtual void ended(transfer&, transfer_result, ps at) = 0;
    virtual void forgotten(const transfer&, std::uint32_t octets, ps at) {}      // as initiator_user has it
    virtual void reset(reset_kind, ps at) = 0;
    // Power state or power event bits were written; not for what ends in a reset. Below D0 nothing is mastered and INTA# is not driven.
    virtual void power_written(ps at) {}
};

// Who looks after a slot: what is put in claims nothing until this one has it connected.
class presence_user {
public:
    virtual ~presence_user() = default;
    virtual void about_to_go() {}                 // its registers are still as they were
    virtual void presence_changed(ps at) = 0;
};

// INTA# of the slots of a bus: level, active while asserted, open drain.
class interrupt_sink {
public:
    virtual ~interrupt_sink() = default;
    // Driven at edge `at`, seen strictly later: of several calls at one instant the last counts.
    virtual void drive(unsigned device, bool asserted, ps at) = 0;
};

// What a device core may ask for.
class services {
public:
    virtual ~services() = default;
    virtual void start(transfer&, ps act) = 0;    // held back while the command register's bus master bit is 0
    virtual void limit(transfer&, ps from) = 0;
    virtual void abandon(ps at) = 0;              // forget all transfers: software reset
    virtual bool undecided(const transfer&) const = 0;   // behind abandon(): octets of it may pass yet; forgotten() tells
    virtual void interrupt(bool asserted, ps at) = 0;
    virtual void set_power_event(bool status) = 0;     // PME_Status
    virtual const clock_domain& clock() const = 0;
    virtual const configuration_space& configuration() const = 0;
    virtual const std::string& bus_path() const = 0;   // names the address space for shadows
};

// A device binds the faults of fault_gate.h on its own path: list device_faults in the block's table.
//
// It may be absent. Put in, it is powered up: its registers and its core are as after power-up. Taken out, it claims nothing from
// the next edge on. A tenure under way ends as on the bus it must: as master at the next word, as target as it was planned, its words
// all ones and nothing written (the switches of a slot open on an idle bus: PCI Hot-Plug 1.1, 2.2).
class device : public sc_core::sc_module, public services {
public:
    // The core is bound later by attach(); both live as long as the simulation.
    // `slot`: IDSEL line 0 … 20. `pair`: its REQ#/GNT# pair, -1 for slot + 1 (pair 0 is left to the host bridge), so that
    // nothing depends on the order of construction. Throws std::invalid_argument when the bus is too fast for it: status bit 5.
    device(sc_core::sc_module_name, bus&, int slot, configuration_space, interrupt_sink* = nullptr, int pair = -1);
    ~device() override;
    void attach(function&);

    // Backdoor for firmware at time 0, before any transfer is started: no bus cycle, no time. Latency timer and cache line
    // reach the bus by themselves.
    configuration_space& registers();
    int slot() const;

    // What its master side can, from elaboration on: REQ64#; tenures without an idle clock, to the target of the one before or,
    // with command bit 9, to any.
    void set_wide(bool);
    void set_back_to_back(bool);
    void leave_out();                             // elaboration: not in its slot when the run begins
    void set_present(bool, ps at);
    bool present() const;
    void connect(ps at);                          // the switches of its slot close; nothing if they are, or nobody is there
    void on_presence(presence_user&);             // elaboration; one

    void start(transfer&, ps act) override;
    void limit(transfer&, ps from) override;
    void abandon(ps at) override;
    bool undecided(const transfer&) const override;
    void interrupt(bool asserted, ps at) override;
    void set_power_event(bool status) override;
    const clock_domain& clock() const override;
    const configuration_space& configuration() const override;
    const std::string& bus_path() const override;

private:
    struct machinery;
    std::unique_ptr<machinery> machinery_;        // models/pci/device.cpp
};

}  // namespace nicteam::pci
