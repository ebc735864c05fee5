// Two peers on a cable, and what was counted.
#pragma once

#include <memory>

#include "nicteam/packet/fcs.h"
#include "nicteam/peer/peer.h"
#include "nicteam/wire/cable.h"
#include "unit/fresh_kernel.h"

namespace nicteam::test {

inline peer::peer_config at(const char* mac, const char* ip) {
    peer::peer_config c;
    c.mac = mac;
    c.ip = ip;
    return c;
}

struct two_peers {
    explicit two_peers(wire::cable_config c = {}, bool reversed = false, std::uint64_t seed = 1,
                       peer::peer_config a_config = at("02:00:00:00:00:0a", "192.0.2.10"),
                       peer::peer_config b_config = at("02:00:00:00:00:0b", "192.0.2.11"))
        : kernel(seed) {
        if (reversed) lan = std::make_unique<wire::cable>("lan", c);
        if (reversed) b = std::make_unique<peer::peer>("b", b_config);
        a = std::make_unique<peer::peer>("a", a_config);
        if (!reversed) b = std::make_unique<peer::peer>("b", b_config);
        if (!reversed) lan = std::make_unique<wire::cable>("lan", c);
        lan->connect(*a, *b);
    }
    void a_sends(const packet::traffic_config& t, const char* name = "load") { a->add_traffic(name, t, a->addresses_to(b->mac(), b->ip(), t)); }
    void run(ps until) {
        kernel.session().settle_order();
        sc_core::sc_start(sim::to_sc_time(until));
    }
    std::uint64_t count(const std::string& path) {
        for (const auto& m : kernel.session().metrics())
            if (m.path == path) return m.as_counter->value();
        throw std::logic_error("no metric " + path);
    }
    const histogram& samples(const std::string& path) {
        for (const auto& m : kernel.session().metrics())
            if (m.path == path) return *m.as_histogram;
        throw std::logic_error("no metric " + path);
    }

    fresh_kernel kernel;
    std::unique_ptr<peer::peer> a, b;
    std::unique_ptr<wire::cable> lan;
};

// Frames at a capture point, in order.
struct recorder : sim::capture_sink {
    struct item { ps at; bytes data; sim::direction way; std::string comment; };
    std::vector<item> items;
    void take(const sim::capture_point&, const frame_ref& f, ps t, sim::direction d, const char* comment) override {
        packet::ensure_fcs(*f);
        items.push_back({t, f->data, d, comment ? comment : ""});
    }
    void attach(sim::session& s, const std::string& path) {
        for (auto& c : s.captures())
            if (c.path == path) return c.sinks.push_back(this);
        throw std::logic_error("no capture point " + path);
    }
};

// Sends given frames at given times.
class script : public peer::frame_source {
public:
    void add(ps t, bytes without_fcs) {
        auto f = frame::make();
        f->data = std::move(without_fcs);
        packet::append_lazy_fcs(*f);
        frames_.push_back({t, f});
    }
    ps ready() const override { return next_ < frames_.size() ? frames_[next_].first : never; }
    peer::outgoing take(ps) override { return {frames_[next_++].second}; }

private:
    std::vector<std::pair<ps, ref<frame>>> frames_;
    std::size_t next_ = 0;
};

}  // namespace nicteam::test
