// How the layer reaches its members: through the intermediary 102, as FIG. 2 shows, or the drivers directly (¶22: other configurations of
// similar effect). Ports are members by their place, and behind them units without a link.
#pragma once

#include "nicteam/driver/adapter.h"

namespace nicteam::team {

class port_user {
public:
    virtual ~port_user() = default;
    virtual void sent(host::cpu&, unsigned port, const driver::packet_list&, driver::status) = 0;
    virtual void received(host::cpu&, unsigned port, const driver::packet_list&) = 0;
    virtual void completed(host::cpu&, unsigned port, driver::control&) = 0;
    virtual void finished(host::cpu&, unsigned port, driver::job&) = 0;
    virtual void changed(host::cpu&, unsigned port, const driver::link_state&) = 0;
};

class member_port {
public:
    virtual ~member_port() = default;
    virtual const driver::capabilities& able(unsigned port) const = 0;
    virtual void send(host::cpu&, unsigned port, const driver::packet_list&) = 0;
    virtual void request(host::cpu&, unsigned port, driver::control&) = 0;
    virtual void submit(host::cpu&, unsigned port, driver::job&) = 0;         // links 206, 208, 210
    virtual void give_back(host::cpu&, unsigned port, const driver::packet_list&) = 0;
    virtual void halt(host::cpu&, unsigned port, driver::halt_reason) = 0;
};

}  // namespace nicteam::team
