// A monolithic layer 250: it is the one user of its members' drivers (¶22).
#pragma once

#include <memory>
#include <vector>

#include "team/member_port.h"

namespace nicteam::team {

class direct_ports final : public member_port {
public:
    direct_ports(std::vector<driver::adapter*>, port_user&);

    const driver::capabilities& able(unsigned port) const override { return sides_[port]->adapter.able(); }
    void send(host::cpu& c, unsigned port, const driver::packet_list& l) override { sides_[port]->adapter.send(c, l); }
    void request(host::cpu& c, unsigned port, driver::control& r) override { sides_[port]->adapter.request(c, r); }
    void submit(host::cpu& c, unsigned port, driver::job& j) override { sides_[port]->adapter.submit(c, j); }
    void give_back(host::cpu& c, unsigned port, const driver::packet_list& l) override { sides_[port]->adapter.give_back(c, l); }
    void halt(host::cpu& c, unsigned port, driver::halt_reason r) override { sides_[port]->adapter.halt(c, r); }

private:
    struct side final : driver::adapter_user {
        side(driver::adapter& a, unsigned n, port_user& u) : adapter(a), port(n), user(u) { a.bind(*this); }
        void sent(host::cpu& c, const driver::packet_list& l, driver::status s) override { user.sent(c, port, l, s); }
        void received(host::cpu& c, const driver::packet_list& l) override { user.received(c, port, l); }
        void completed(host::cpu& c, driver::control& r) override { user.completed(c, port, r); }
        void finished(host::cpu& c, driver::job& j) override { user.finished(c, port, j); }
        void changed(host::cpu& c, const driver::link_state& s) override { user.changed(c, port, s); }
        driver::adapter& adapter;
        unsigned port;
        port_user& user;
    };
    std::vector<std::unique_ptr<side>> sides_;
};

inline direct_ports::direct_ports(std::vector<driver::adapter*> all, port_user& u) {
    for (unsigned n = 0; n < all.size(); ++n) sides_.push_back(std::make_unique<side>(*all[n], n, u));
}

}  // namespace nicteam::team
