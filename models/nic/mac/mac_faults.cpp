#include "nic/mac/mac_faults.h"

#include "nic/controller.h"

namespace nicteam::nic {

void bind_mac_faults(const sc_core::sc_object& nic, controller& c) {
    for (unsigned n = mac_dead_fault; n < nic_faults; ++n)
        sim::bind_fault(nic, nic_fault_rows[n], [&c, n](bool begin, std::int64_t, ps at) { c.fault(static_cast<mac_fault>(n), begin, at); });
}

void controller::fault(mac_fault which, bool begin, ps at) {
    mac_faults& f = chip_.faults;
    f.any = true;
    switch (which) {
    case mac_dead_fault: f.dead.set(begin, at); break;
    case transmit_dead_fault: f.transmit_dead.set(begin, at); break;
    case receive_dead_fault: f.receive_dead.set(begin, at); break;
    case transmit_hung_fault:
        if (f.hung.change(begin)) transmitter_.hang(begin, at);
        break;
    case nic_faults: break;
    }
}

}  // namespace nicteam::nic
