#include <algorithm>

#include "nicteam/host/costs.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/icmp.h"
#include "nicteam/packet/ipv4.h"
#include "nicteam/sim/session.h"
#include "nicteam/stack/applications.h"

namespace nicteam::stack {
namespace {
using c = ping_application_config;
constexpr parameter_info parameters[] = {
    {"to", quantity::text, nullptr, nullptr, nullptr, nullptr, "whom it asks", "given by the author of the scenario", store<&c::to>},
    {"start", quantity::time, "0 ps", "0 ps", nullptr, nullptr, "when the first request is due", "given by the author of the scenario",
     store<&c::start>},
    {"interval", quantity::time, "1 s", "1 us", "100000 s", nullptr, "from request to request", "as ping(8) does", store<&c::interval>},
    {"count", quantity::count, "0", "0", nullptr, nullptr, "requests in all; 0: no limit", "given by the author of the scenario",
     store<&c::count>},
    {"data", quantity::size, "56 B", "18 B", "61000 B", nullptr,
     "octets of data in a request: a mark and a pattern that the answer is held to", "as ping(8) does; most: the pattern's",
     store<&c::data>},
};
constexpr metric_info metrics[] = {
    {"requests", "packets", "echo requests handed to the stack"},
    {"not_sent", "packets", "requests that the stack did not take: no buffer, no route, too long"},
    {"answers", "packets", "echo replies with the data as sent"},
    {"answers_damaged", "packets", "echo replies with other data"},
    {"round_trip", "ps", "from the making of a request to its answer", metric_info::histogram},
};
constexpr outcome_info outcomes[] = {
    {"ping_answered", false, "an echo reply came back to who had asked"},
    {"ping_damaged", true, "an echo reply came back with other data than was sent"},
    {"ping_not_sent", true, "the stack did not take an echo request", false, true},
};
constexpr std::size_t headers = packet::ethernet_header + packet::ipv4_header + packet::icmp_echo_header;
}  // namespace

const block_info ping_application_info = {
    "ping", "an application that sends ICMP echo requests and times the answers", parameters, metrics, {}, {}, {}, {}, outcomes};

struct ping_application::machinery {
    machinery(ping_application& a, const ping_application_config& c, host::cpu& p, socket& s, ipv4_address to)
        : config(c), cpu(p), socket(s), to(to), station(sim::bind_station(a)), requests(sim::bind_counter(a, metrics[0])),
          not_sent(sim::bind_counter(a, metrics[1])), answers(sim::bind_counter(a, metrics[2])), answers_damaged(sim::bind_counter(a, metrics[3])),
          round_trip(sim::bind_histogram(a, metrics[4])) {}

    void plan(ps at) {
        if (config.count && sequence >= static_cast<std::uint64_t>(config.count)) return;
        cpu.post(at, [this, at](host::cpu& c) {
            ask(c);
            plan(std::max(at + config.interval, c.now()));
        });
    }

    void ask(host::cpu& c) {
        c.spend(of(host::cost::application_send));
        data.resize(static_cast<std::size_t>(config.data));
        const auto number = static_cast<std::uint16_t>(sequence++);
        packet::fill_payload(data.data(), data.size(), 0, number, c.now());
        trace_id id = 0;
        if (station.watched()) {
            id = station.next_id();
            station.born(id, 0, on_wire(headers + data.size()), c.now());
        }
        const sim::in_hand at_work(station, id);
        if (socket.send(c, {to, number}, data, id, number) == driver::status::done) return requests.add();
        not_sent.add();
        station.ended(id, outcomes[2], c.now());
    }

    ping_application_config config;
    host::cpu& cpu;
    stack::socket& socket;
    ipv4_address to;
    std::uint64_t sequence = 0;
    bytes data;
    sim::station& station;
    counter &requests, &not_sent, &answers, &answers_damaged;
    histogram& round_trip;
};

ping_application::ping_application(sc_core::sc_module_name name, const ping_application_config& config, host::cpu& cpu, socket& s,
                                   ipv4_address to)
    : sc_module(name), machinery_(std::make_unique<machinery>(*this, config, cpu, s, to)) {
    s.user(*this);
}
ping_application::~ping_application() = default;

void ping_application::start_of_simulation() { machinery_->plan(machinery_->config.start); }

void ping_application::received(host::cpu& c, socket&, const arrival& a) {
    machinery& m = *machinery_;
    c.spend(of(host::cost::application_receive));
    packet::payload_fields f;
    const bool good =
        packet::check_payload(a.data, f) == packet::payload_state::good && f.sequence == a.to_port && a.data.size == m.data.size();
    (good ? m.answers : m.answers_damaged).add();
    if (good) m.round_trip.add(c.now() - f.at);
    m.station.ended(a.id, outcomes[good ? 0 : 1], c.now());
}

}  // namespace nicteam::stack
