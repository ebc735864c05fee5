#include <stdexcept>

#include "nicteam/host/costs.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/udp.h"
#include "nicteam/sim/session.h"
#include "nicteam/stack/applications.h"

namespace nicteam::stack {
namespace {
constexpr parameter_info parameters[] = {
    {"wait_for_room", quantity::flag, "true", nullptr, nullptr, nullptr, "an item that finds no room waits its turn; false: it is lost",
     "choice: nothing is lost inside the sender", store<&traffic_application_config::wait_for_room>},
};
constexpr metric_info metrics[] = {
    {"offered", "packets", "items that fell due"},
    {"offered_bytes", "B", "their frames' bytes, FCS included"},
    {"sent", "packets", "items whose sending completed as done"},
    {"lost", "packets", "items that found no room, were refused or failed"},
    {"waits", "packets", "items that had to wait for room"},
    {"answers", "packets", "items that came back as they had been sent"},
    {"answers_damaged", "packets", "items that came back with other payload"},
    {"round_trip", "ps", "from the mark of an item that came back to its arrival", metric_info::histogram},
};
constexpr outcome_info outcomes[] = {
    {"application_no_room", true, "the sender had no buffer left", false, true},
    {"application_refused", true, "the stack refused it: no route or too long"},
    {"answered", false, "came back to the application that had sent it"},
    {"answered_damaged", true, "came back to the application that had sent it, with other payload"},
    {"application_ignored", false, "came to a sender's socket and is no answer to what it sent"},
};
constexpr std::size_t fcs = 4;
}  // namespace

const block_info traffic_application_info = {
    "traffic_application", "an application that sends what a traffic pattern says", parameters, metrics, {}, {}, {}, {}, outcomes};

struct traffic_application::machinery {
    machinery(traffic_application& a, const traffic_application_config& c, host::cpu& p, socket& s, const packet::traffic_config& t,
              const packet::traffic_addresses& w)
        : config(c),
          cpu(p),
          socket(s),
          who(w),
          stream(static_cast<std::uint16_t>(t.stream)),
          source(t, sim::stream_of(a, "traffic")),
          station(sim::bind_station(a)),
          offered(sim::bind_counter(a, metrics[0])),
          offered_bytes(sim::bind_counter(a, metrics[1])),
          sent(sim::bind_counter(a, metrics[2])),
          lost(sim::bind_counter(a, metrics[3])),
          waits(sim::bind_counter(a, metrics[4])),
          answers(sim::bind_counter(a, metrics[5])),
          answers_damaged(sim::bind_counter(a, metrics[6])),
          round_trip(sim::bind_histogram(a, metrics[7])) {
        station.holding = [this](const sim::station::claim& c) {
            if (waiting) c(id);
        };
    }

    void plan(ps now) {
        next = source.next(now);
        if (next.at != never) cpu.post(std::max(next.at, now), [this](host::cpu& c) { fall_due(c); });
    }

    void fall_due(host::cpu& c) {
        offered.add();
        offered_bytes.add(next.octets);
        c.spend(of(host::cost::application_send));
        id = 0;
        if (station.watched()) {
            id = station.next_id();
            station.born(id, 0, next.octets, c.now());
        }
        try_to_send(c);
    }

    void try_to_send(host::cpu& c) {
        if (who.raw) {
            packet::build_traffic_frame(data, who, next.octets, stream, next.sequence, c.now());
        } else {
            data.resize(next.octets - fcs - socket.headers(who.six));
            packet::fill_payload(data.data(), data.size(), stream, static_cast<std::uint32_t>(next.sequence), c.now());
        }
        const sim::in_hand at_work(station, id);
        const driver::status s = socket.send(c, {who.destination_ip, who.destination_port, who.six}, data, id, next.sequence);
        if (s == driver::status::no_room && config.wait_for_room) {
            if (!waiting) waits.add();
            waiting = true;
            return;
        }
        waiting = false;
        if (s != driver::status::done) {
            lost.add();
            station.ended(id, outcomes[s == driver::status::no_room ? 0 : 1], c.now());
        }
        plan(c.now());
    }

    traffic_application_config config;
    host::cpu& cpu;
    stack::socket& socket;
    packet::traffic_addresses who;
    std::uint16_t stream;
    packet::traffic_source source;
    packet::departure next;
    trace_id id = 0;
    bool waiting = false;
    bytes data;
    sim::station& station;
    counter &offered, &offered_bytes, &sent, &lost, &waits, &answers, &answers_damaged;
    histogram& round_trip;
};

traffic_application::traffic_application(sc_core::sc_module_name name, const traffic_application_config& config, host::cpu& cpu, socket& s,
                                         const packet::traffic_config& traffic, const packet::traffic_addresses& who)
    : sc_module(name), machinery_(std::make_unique<machinery>(*this, config, cpu, s, traffic, who)) {
    s.user(*this);
}
traffic_application::~traffic_application() = default;

void traffic_application::start_of_simulation() { machinery_->plan(0); }

// What an echo service sends back. The mark in it says whose it is.
void traffic_application::received(host::cpu& c, socket&, const arrival& a) {
    machinery& m = *machinery_;
    packet::payload_fields f;
    const auto state = packet::check_payload(a.data, f);
    if (state == packet::payload_state::unmarked || (state == packet::payload_state::good && f.stream != m.stream))
        return m.station.ended(a.id, outcomes[4], c.now());
    const bool damaged = state == packet::payload_state::damaged;
    (damaged ? m.answers_damaged : m.answers).add();
    if (!damaged) m.round_trip.add(c.now() - f.at);
    m.station.ended(a.id, outcomes[damaged ? 3 : 2], c.now());
}

void traffic_application::sent(host::cpu&, socket&, std::uint64_t, driver::status s) {
    (s == driver::status::done ? machinery_->sent : machinery_->lost).add();
}

void traffic_application::room(host::cpu& c, socket&) {
    if (machinery_->waiting) machinery_->try_to_send(c);
}

}  // namespace nicteam::stack
