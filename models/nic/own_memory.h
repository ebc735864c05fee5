// Memory of a nic's own, in a window of its bus: other masters reach it as a target, the nic's own transfers without the bus, one word a clock,
// one after the other. Stands between controller and PCI shell of a nic that has such memory.
#pragma once

#include <cstdint>
#include <vector>

#include "nicteam/pci/device.h"
#include "nicteam/sim/agenda.h"

namespace nicteam::nic {

class own_memory final : public pci::function, public pci::services, private sim::agenda_user {
public:
    static constexpr unsigned window = 4;            // base address register

    own_memory(pci::services& bus, std::uint32_t octets);
    void attach(pci::function& core) { core_ = &core; }

    // As the bus sees the nic.
    std::uint32_t read(unsigned bar, std::uint32_t offset, unsigned size, ps at) override;
    void write(unsigned bar, std::uint32_t offset, unsigned size, std::uint32_t v, ps at) override;
    pci::answer respond(unsigned bar, std::uint32_t offset, bool write) override;
    bool configurable(ps at) const override { return core_->configurable(at); }
    pci::attempt decide(const pci::transfer& t, ps decision) override { return core_->decide(t, decision); }
    void planned(pci::transfer& t, ps at) override { core_->planned(t, at); }
    void attempt_ended(pci::transfer& t, pci::ending why, ps idle) override { core_->attempt_ended(t, why, idle); }
    void ended(pci::transfer& t, pci::transfer_result r, ps at) override { core_->ended(t, r, at); }
    void forgotten(const pci::transfer& t, std::uint32_t octets, ps at) override { core_->forgotten(t, octets, at); }
    void reset(pci::reset_kind, ps at) override;
    void power_written(ps at) override { core_->power_written(at); }

    // As the nic sees the bus.
    void start(pci::transfer&, ps act) override;
    void limit(pci::transfer&, ps from) override;    // nobody else waits for the memory: what is under way in it goes on
    void abandon(ps at) override;
    bool undecided(const pci::transfer& t) const override { return bus_.undecided(t); }
    void interrupt(bool asserted, ps at) override { bus_.interrupt(asserted, at); }
    void set_power_event(bool status) override { bus_.set_power_event(status); }
    const clock_domain& clock() const override { return bus_.clock(); }
    const pci::configuration_space& configuration() const override { return bus_.configuration(); }
    const std::string& bus_path() const override { return bus_.bus_path(); }

private:
    struct entry { pci::transfer* what = nullptr; std::uint32_t offset = 0; ps from = never; };       // from: the edge of its first word, if nobody is before it
    bool holds(const pci::transfer&, std::uint32_t& offset) const;
    void plan();
    void due(unsigned, ps at) override;
    void begin(ps at);
    void end(ps at);

    pci::services& bus_;
    pci::function* core_ = nullptr;
    bytes memory_;
    sim::agenda agenda_;
    std::vector<entry> waiting_;                     // in the order in which they came
    entry current_;
    pci::payload words_{nullptr};                    // when the words of the present one pass
    ps free_ = 0;
};

}  // namespace nicteam::nic
