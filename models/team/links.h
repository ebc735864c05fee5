// Links 206, 208 and 210 (FIG. 3): the layer uses its members' engines through their own drivers; and who asks the service on the team's behalf.
#pragma once

#include <string>

#include "team/machinery.h"

namespace nicteam::team {

struct augmentation_layer_250::machinery::link final : secondary::engine {
    link(machinery& to, unsigned p, const port_setup& s) : m(to), port(p), name(s.name), holds(s.holds) {}

    const char* engine_name() const override { return name.c_str(); }
    state::handle hold(const secondary::pooled_associations::request& r) override { return holds(r); }
    void submit(host::cpu& c, driver::crypto_job& j) override {
        const bool carries = port < m.members.size() && m.members[port].usable && m.setup.mode->carries(port);
        if (!m.setup.mode->single_active()) m.count(step::balanced_362);
        else m.count(carries ? step::interleaved_370 : step::balanced_372);
        m.ports->submit(c, port, j);
    }
    void done(host::cpu& c, driver::crypto_job& j) { user_->finished(c, *this, j); }

    machinery& m;
    unsigned port;
    std::string name;
    secondary::pooled_associations::holder holds;
};

struct augmentation_layer_250::machinery::asking final : sc_core::sc_module, secondary::requester {
    asking(sc_core::sc_module_name n, machinery& to) : sc_module(n), m(to) {}
    void finished(host::cpu& c, secondary::task& t) override { m.concluded(c, static_cast<work&>(t)); }
    machinery& m;
};

}  // namespace nicteam::team
