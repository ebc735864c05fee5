#include "nicteam/pci/fault_gate.h"

#include "nicteam/sim/session.h"

namespace nicteam::pci {

fault_gate::fault_gate(const sc_core::sc_object& owner) {
    sim::fault_flag* flags[] = {&master_abort_, &target_abort_, &endless_retry_};
    for (unsigned i = 0; i < 3; ++i) {
        sim::bind_fault(owner, target_fault_rows[i], [f = flags[i]](bool begin, std::int64_t, ps at) { f->set(begin, at); });
    }
}

bool fault_gate::apply(answer& a, ps address) const {
    const bool abort = target_abort_.on(address);
    if (!abort && !endless_retry_.on(address)) return false;
    a.how = abort ? stop::abort : stop::retry;
    a.words = 0;
    return true;
}

}  // namespace nicteam::pci
