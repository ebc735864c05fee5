#include "nicteam/pci/target.h"

#include <stdexcept>

#include "nicteam/sim/session.h"

namespace nicteam::pci {

target::target(sc_core::sc_module_name name, target_user& user) : sc_module(name), user_(user) {
    socket.register_nb_transport_fw(this, &target::from_bus);
}
target::~target() = default;

tlm::tlm_sync_enum target::from_bus(payload& p, tlm::tlm_phase& phase, sc_core::sc_time&) {
    if (phase == PCI_ADDRESS) {
        pci_extension& e = extension_of(p);
        tenure_ = &p;
        const std::uint64_t address =
            is_configuration(e.command) && !(p.get_address() & type_1_configuration) ? p.get_address() & 0x7FF : p.get_address();
        access_ = {e.command, address, p.get_data_length(), p.get_data_ptr(), &e};
        e.answer = user_.decode(access_);
    } else if (phase == PCI_REPLAN) {
        access_.data = p.get_data_ptr();
        user_.planned(access_, sim::now());
    } else if (phase == PCI_END) {
        tenure_ = nullptr;
        access_.data = p.get_data_ptr();
        user_.ended(access_, sim::now());
    }
    return tlm::TLM_ACCEPTED;
}

void target::replan(access& a, const answer& changed, ps) {
    if (&a != &access_ || !tenure_) throw std::logic_error(std::string(name()) + ": no such access under way");
    extension_of(*tenure_).answer = changed;
    tlm::tlm_phase phase = PCI_REPLAN;
    sc_core::sc_time zero;
    socket->nb_transport_bw(*tenure_, phase, zero);
}

}  // namespace nicteam::pci
