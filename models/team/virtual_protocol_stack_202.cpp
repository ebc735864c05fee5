#include "team/virtual_protocol_stack_202.h"

namespace nicteam::team {

virtual_protocol_stack_202::virtual_protocol_stack_202(driver::intermediary_102& below, std::vector<unsigned> adapters, unsigned members, port_user& u)
    : below_(below), adapters_(std::move(adapters)), user_(u) {
    for (unsigned n = 0; n < adapters_.size(); ++n) ports_[adapters_[n]] = n;
    for (unsigned n = 0; n < members; ++n) below_.bind(*this, {driver::protocol::everything_else}, adapters_[n]);
}

void virtual_protocol_stack_202::send(host::cpu& c, unsigned port, const driver::packet_list& l) { below_.send(c, *this, adapters_[port], l); }
void virtual_protocol_stack_202::request(host::cpu& c, unsigned port, driver::control& r) { below_.request(c, *this, adapters_[port], r); }
void virtual_protocol_stack_202::submit(host::cpu& c, unsigned port, driver::job& j) { below_.submit(c, *this, adapters_[port], j); }
void virtual_protocol_stack_202::give_back(host::cpu& c, unsigned port, const driver::packet_list& l) { below_.give_back(c, adapters_[port], l); }
void virtual_protocol_stack_202::halt(host::cpu& c, unsigned port, driver::halt_reason r) { below_.halt(c, adapters_[port], r); }

void virtual_protocol_stack_202::sent(host::cpu& c, unsigned adapter, const driver::packet_list& l, driver::status s) { user_.sent(c, port_of(adapter), l, s); }
void virtual_protocol_stack_202::received(host::cpu& c, unsigned adapter, const driver::packet_list& l) { user_.received(c, port_of(adapter), l); }
void virtual_protocol_stack_202::completed(host::cpu& c, unsigned adapter, driver::control& r) { user_.completed(c, port_of(adapter), r); }
void virtual_protocol_stack_202::finished(host::cpu& c, unsigned adapter, driver::job& j) { user_.finished(c, port_of(adapter), j); }
void virtual_protocol_stack_202::changed(host::cpu& c, unsigned adapter, const driver::link_state& s) {
    if (const auto p = ports_.find(adapter); p != ports_.end()) user_.changed(c, p->second, s);      // the intermediary tells every user of every adapter
}

}  // namespace nicteam::team
