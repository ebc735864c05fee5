// What a bus counts and shows: metrics, probes, observers. Nothing here decides anything.
#pragma once

#include <vector>

#include "nicteam/pci/bus.h"
#include "nicteam/sim/session.h"

namespace nicteam::pci {

extern const metric_info bus_metrics[18];
extern const probe_info bus_probes[2];

class bus_books {
public:
    bus_books(const sc_core::sc_object& owner, ps period);

    void conflict() { conflicts_.add(); }
    void parity_error(bool serr) { (serr ? serr_ : perr_).add(); }
    void system_error(ps at) {
        for (tenure_observer* o : observers_) o->system_error(at);
    }
    void withdrawn(unsigned master, ps request, ps until);
    void begin(const pci_extension&);                       // at the address edge
    void end(const payload&, const pci_extension&);         // one clock before idle: settles what passed
    void granted(int master, ps from);
    bool grants_followed() const { return !followers_.empty(); }
    void observe(tenure_observer&);

private:
    void settle(ps);                                        // up to here: words under way, the end of the latest tenure
    void idle_by(ps);

    ps period_;
    counter &tenures_, &words_, &octets_, &overhead_, &retries_, &disconnects_, &timeouts_, &limited_, &master_aborts_, &target_aborts_,
        &withdrawals_, &conflicts_, &wide_, &back_to_back_, &perr_, &serr_;
    histogram& wait_;
    level& busy_;
    sim::probe &state_, &master_;

    std::vector<tenure_observer*> observers_, followers_;   // all of them; those who follow grants
    const pci_extension* under_way_ = nullptr;
    std::uint64_t counted_words_ = 0, counted_clocks_ = 0;  // of the tenure under way
    ps idle_ = never;                                       // a tenure has ended, its idle edge not yet reached
    int told_ = -2;
};

}  // namespace nicteam::pci
