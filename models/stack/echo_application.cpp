#include "nicteam/host/costs.h"
#include "nicteam/sim/session.h"
#include "nicteam/stack/applications.h"

namespace nicteam::stack {
namespace {
constexpr parameter_info parameters[] = {
    {"port", quantity::count, "7", "1", "65535", nullptr, "UDP port at which it listens", "RFC 862", store<&echo_application_config::port>},
};
constexpr metric_info metrics[] = {
    {"echoed", "packets", "datagrams sent back"},
    {"dropped", "packets", "datagrams that found no room on the way back"},
};
constexpr outcome_info outcomes[] = {
    {"echoed", false, "an application took it and sent it back as a packet of its own"},
    {"echo_dropped", true, "the echo found no room", false, true},
};
}  // namespace

const block_info echo_application_info = {"echo", "an application that sends everything back (RFC 862)", parameters, metrics, {}, {}, {}, {}, outcomes};

struct echo_application::machinery {
    explicit machinery(echo_application& a)
        : station(sim::bind_station(a)), echoed(sim::bind_counter(a, metrics[0])), dropped(sim::bind_counter(a, metrics[1])) {}
    sim::station& station;
    counter &echoed, &dropped;
};

echo_application::echo_application(sc_core::sc_module_name name, socket& s) : sc_module(name), machinery_(std::make_unique<machinery>(*this)) { s.user(*this); }
echo_application::~echo_application() = default;

void echo_application::received(host::cpu& c, socket& s, const arrival& a) {
    machinery& m = *machinery_;
    c.spend(of(host::cost::application_receive));
    c.spend(of(host::cost::application_send));
    trace_id id = 0;
    if (m.station.watched()) {
        id = m.station.next_id();
        m.station.ended(a.id, outcomes[0], c.now());
        m.station.born(id, a.id, on_wire(s.headers(a.six) + a.data.size), c.now());
    }
    const sim::in_hand at_work(m.station, id);
    if (s.send(c, {a.from, a.from_port, a.six}, a.data, id, 0) == driver::status::done) {
        m.echoed.add();
        return;
    }
    m.dropped.add();
    m.station.ended(id, outcomes[1], c.now());
}

}  // namespace nicteam::stack
