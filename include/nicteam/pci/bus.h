// The bus: hidden arbitration, tenures as spans, no clock process, no kernel event while idle. docs/bus.md.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <systemc>

#include "nicteam/base/clock_domain.h"
#include "nicteam/base/tables.h"
#include "nicteam/pci/arbiter.h"
#include "nicteam/pci/initiator.h"
#include "nicteam/pci/reset_line.h"
#include "nicteam/pci/target.h"

namespace nicteam::pci {

struct bus_config {
    ps period = 30'000;                                // CLK
    ps phase = 0;
    unsigned arbiter = 0;                              // choices "round_robin|fixed"
    unsigned parking = 0;                              // choices "last|first|none": who holds GNT# when nobody asks
    unsigned m66en = 0;                                // choices "honoured|ignored": a device that is no 66 MHz device holds M66EN low
    unsigned width = 0;                                // choices "32|64": AD[63:32] and their like are there
};
extern const block_info bus_info;                      // kind "bus"
constexpr ps least_period_66_mhz = 15'000;             // PCI 2.2, 7.6.4.1
constexpr ps least_period_33_mhz = 30'000;             // PCI 2.2, 4.2.3.1; a shorter one needs M66EN (7.5.1)

// For observers: waveforms, checkers, statistics. Called in order of time, at the latest one clock after what is told.
class tenure_observer {
public:
    virtual ~tenure_observer() = default;
    // One tenure that has ended, its data complete; called one clock before its idle edge.
    virtual void tenure(const payload&, const pci_extension&) = 0;
    // GNT# of `master` (-1: of nobody) is sampled low from edge `from` on, all others high. Told only to those who follow
    // grants when they are attached: it takes a look at every edge of a tenure.
    virtual bool follows_grants() const { return false; }
    virtual void grant(int master, ps from) {}
    // REQ# of `master` was sampled low from `request` and is high again from `until` on, without a tenure.
    virtual void withdrawn(unsigned master, ps request, ps until) {}
    // SERR# of a bridge that tells of its other side, sampled low at this edge. (Those of a tenure: tenure_errors.)
    virtual void system_error(ps at) {}
};

class bus : public sc_core::sc_module {
public:
    bus(sc_core::sc_module_name, const bus_config&);
    ~bus() override;

    const clock_domain& clock() const;
    reset_line& rst();                                 // RST#; high from time 0 on unless somebody drives it

    // Elaboration. A master gets the next REQ#/GNT# pair unless `number` (0 … 31) says which; numbers may leave gaps.
    // Latency timer in clocks, set later by configuration. A target gets an IDSEL line when device is 0 … 20; -1: none.
    unsigned plug(initiator&, int number = -1);
    void plug(target&, int device = -1);

    void set_latency_timer(unsigned master, unsigned clocks);   // takes effect with the next address phase
    void set_cache_line(unsigned master, unsigned bytes);       // for write-and-invalidate: a tenure ends on a line

    void observe(tenure_observer&);
    // Told of each PERR# (serr false) and SERR#: bridges, which pass them on. `at`: the edge from which on they know of it, one clock
    // behind the idle edge of a tenure; of a SERR# without a tenure its own.
    void on_error(std::function<void(bool serr, ps at)>);
    void system_error(ps at);                          // a bridge asserts SERR#, sampled low at this edge
    void settle();                                     // on an idle bus: tells followers where GNT# has gone since the last tenure
    bool needs_66_mhz() const;                         // every device must be capable of it: status bit 5 (PCI 2.2, 7.5.1)
    bool wide() const;                                 // 64 bits of AD
    unsigned masters() const;                          // REQ#/GNT# pairs: the highest number in use + 1
    bool plugged(unsigned master) const;               // numbers may leave gaps
    std::string master_name(unsigned master) const;    // whose pair it is: "nic0", "bridge"
    unsigned latency_timer(unsigned master) const;
    // Edge from which REQ# is sampled low for the attempt that waits or is under way; `never`: there is none. It may still
    // move to an earlier edge, but not to one before the next.
    ps requested(unsigned master) const;

private:
    struct machinery;
    std::unique_ptr<machinery> machinery_;             // models/pci/bus.cpp
};

}  // namespace nicteam::pci
