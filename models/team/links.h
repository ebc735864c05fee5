// Links 206, 208 and 210 (FIG. 3): the layer uses its members' engines through their own drivers; and who asks the service on the team's behalf.
#pragma once

#include <string>

#include "team/lent_address.h"
#include "team/machinery.h"

namespace nicteam::team {

struct augmentation_layer_250::machinery::link final : secondary::engine {
    link(machinery& to, unsigned p, const port_setup& s) : m(to), port(p), name(s.name), holds(s.holds), digests(s.digests) {}

    const char* engine_name() const override { return name.c_str(); }
    state::handle hold(const secondary::pooled_associations::request& r) override { return holds(r); }
    bool offers(driver::job_service s) const override { return s == driver::job_service::ipsec || digests; }
    void submit(host::cpu&, driver::crypto_job&) override;
    void done(host::cpu&, driver::crypto_job&);
    void changed(host::cpu&);                    // of `change`
    void again(host::cpu&);                      // the member is there again

    machinery& m;
    unsigned port;
    std::string name;
    secondary::pooled_associations::holder holds;
    bool digests;
    driver::set_mac change;                      // of the member's address, for what it sends under another one's

private:
    bool as_destination(const driver::crypto_job& j) const {
        return j.transmit && m.config.outbound == outbound::transmits_as_destination && m.config.address_change == 0 && !m.own_work_of(j);
    }
    void go_on(host::cpu&);
    void give(host::cpu&, driver::crypto_job&);
    state::handle numbered_of(const driver::crypto_job&) const;  // the pool's name of what its number is of; nothing: it has none

    lent_address lent_;
    bool going_on_ = false;
};

struct augmentation_layer_250::machinery::asking final : sc_core::sc_module, secondary::requester {
    asking(sc_core::sc_module_name n, machinery& to) : sc_module(n), m(to) {}
    void finished(host::cpu& c, secondary::task& t) override { m.concluded(c, static_cast<work&>(t)); }
    machinery& m;
};

}  // namespace nicteam::team
