// Slots whose devices come and go while the host runs (PCI Hot-Plug Specification 1.1; Standard Hot-Plug Controller 1.0): the controller
// notices, sets up what was put in as firmware would have, and tells the driver.
//
// A device exists from elaboration and may be absent. What is put in is powered up, its registers as after power-up, and isolated until
// the controller sets it up: until then it answers no more than an empty slot. Firmware has set ranges aside for every slot, so it gets
// the addresses that it would have had from the start. What is taken out answers nothing any more: masters abort, reads give all
// ones, writes are lost.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <systemc>

#include "nicteam/base/metrics.h"
#include "nicteam/base/tables.h"
#include "nicteam/host/cpu_core.h"
#include "nicteam/pci/device.h"

namespace nicteam::host {

struct hot_plug_config {
    ps notice = 10 * microsecond;         // from the change in the slot to the interrupt
    ps power_good = 100 * microsecond;    // from the power-up to the first configuration cycle
};
extern const block_info hot_plug_info;    // kind "hot_plug"

// A driver. Both are called on the CPU that the slot's interrupts go to, as deferred work.
class hot_plug_user {
public:
    virtual ~hot_plug_user() = default;
    virtual void inserted(cpu&) = 0;      // its registers are set up
    virtual void removed(cpu&) = 0;
};

class hot_plug : public sc_core::sc_module {
public:
    hot_plug(sc_core::sc_module_name, const hot_plug_config&);
    ~hot_plug() override;

    // Elaboration. `bus`: its number in configuration cycles.
    void watch(pci::device&, unsigned bus, cpu_core& home);
    void tell(unsigned bus, unsigned device, hot_plug_user&);
    void remember();                      // firmware is done: what it wrote is what a device gets that is put in later
    // How a device is set up that firmware has not seen, within what is set aside for its slot.
    void on_new(std::function<void(cpu&, pci::device&)> f) { new_ = std::move(f); }
    bool occupied(unsigned bus, unsigned device) const;

private:
    struct slot;
    void changed(slot&, ps at);
    void notice(slot&, cpu&);
    void set_up(slot&, cpu&);
    hot_plug_user* user_of(const slot&) const;

    hot_plug_config config_;
    bool looking_ = false;                // firmware is done
    std::vector<std::unique_ptr<slot>> slots_;
    std::vector<std::pair<unsigned, hot_plug_user*>> users_;     // bus << 5 | device, and its driver
    std::function<void(cpu&, pci::device&)> new_;
    counter &insertions_, &removals_, &failed_;
};

}  // namespace nicteam::host
