// The PCI side of a nic as its rings see it: the same master, behind the line's transfers, and one of the two that drive INTA#.
#pragma once

#include "nic/chip.h"

namespace nicteam::nic {

class shared_services final : public pci::services {
public:
    explicit shared_services(pci::services& nic) : nic_(nic) {}

    void start(pci::transfer& t, ps act) override {
        t.tag = ring_channel;
        t.priority += priority_of[ring_channel];         // its own order behind all of the line's
        nic_.start(t, act);
    }
    void interrupt(bool asserted, ps at) override { drive(rings_ = asserted, at); }
    void nic_interrupt(bool asserted, ps at) { drive(line_ = asserted, at); }

    void limit(pci::transfer& t, ps from) override { nic_.limit(t, from); }
    void abandon(ps) override {}                         // the nic's to say
    bool undecided(const pci::transfer& t) const override { return nic_.undecided(t); }
    void set_power_event(bool) override {}
    const clock_domain& clock() const override { return nic_.clock(); }
    const pci::configuration_space& configuration() const override { return nic_.configuration(); }
    const std::string& bus_path() const override { return nic_.bus_path(); }

private:
    void drive(bool, ps at) { nic_.interrupt(rings_ || line_, at); }

    pci::services& nic_;
    bool rings_ = false, line_ = false;
};

}  // namespace nicteam::nic
