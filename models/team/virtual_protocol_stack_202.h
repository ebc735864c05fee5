// Virtual protocol stack 202: towards the intermediary and the base drivers below it, it is a protocol stack that every frame of the members
// is for.
#pragma once

#include <map>
#include <vector>

#include "nicteam/driver/intermediary.h"
#include "team/member_port.h"

namespace nicteam::team {

class virtual_protocol_stack_202 final : public member_port, private driver::protocol_user {
public:
    // `adapters`: number at the intermediary of each port. The first `members` of them carry frames.
    virtual_protocol_stack_202(driver::intermediary_102&, std::vector<unsigned> adapters, unsigned members, port_user&);

    const driver::capabilities& able(unsigned port) const override { return below_.able(adapters_[port]); }
    void send(host::cpu&, unsigned port, const driver::packet_list&) override;
    void request(host::cpu&, unsigned port, driver::control&) override;
    void submit(host::cpu&, unsigned port, driver::job&) override;
    void give_back(host::cpu&, unsigned port, const driver::packet_list&) override;
    void halt(host::cpu&, unsigned port, driver::halt_reason) override;

private:
    unsigned port_of(unsigned adapter) const { return ports_.at(adapter); }
    void sent(host::cpu&, unsigned adapter, const driver::packet_list&, driver::status) override;
    void received(host::cpu&, unsigned adapter, const driver::packet_list&) override;
    void completed(host::cpu&, unsigned adapter, driver::control&) override;
    void finished(host::cpu&, unsigned adapter, driver::job&) override;
    void changed(host::cpu&, unsigned adapter, const driver::link_state&) override;

    driver::intermediary_102& below_;
    std::vector<unsigned> adapters_;
    std::map<unsigned, unsigned> ports_;          // by adapter
    port_user& user_;
};

}  // namespace nicteam::team
