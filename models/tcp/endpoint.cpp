#include "nicteam/tcp/endpoint.h"

namespace nicteam::tcp {
namespace {

using c = endpoint_config;
constexpr parameter_info parameters[] = {
    {"window_scaling", quantity::flag, "true", nullptr, nullptr, nullptr, "its SYNs offer window scaling", "RFC 7323, 2", store<&c::window_scaling>},
    {"sack", quantity::flag, "true", nullptr, nullptr, nullptr, "its SYNs offer selective acknowledgements", "RFC 2018", store<&c::sack>},
    {"timestamps", quantity::flag, "true", nullptr, nullptr, nullptr, "its SYNs offer timestamps", "RFC 7323, 3", store<&c::timestamps>},
    {"nagle", quantity::flag, "true", nullptr, nullptr, nullptr, "a small segment waits while others are unacknowledged", "RFC 9293, 3.7.4", store<&c::nagle>},
    {"keep_alive", quantity::flag, "false", nullptr, nullptr, nullptr, "silent connections are probed", "RFC 9293, 3.8.4: off by default", store<&c::keep_alive>},
    {"keep_alive_interval", quantity::time, "7200 s", "1 us", "1000000 s", nullptr, "silence before the first probe", "RFC 9293, 3.8.4: two hours at least by default",
     store<&c::keep_alive_interval>},
    {"keep_alive_delta", quantity::time, "75 s", "1 us", "100000 s", nullptr, "between probes without an answer", "Linux: tcp_keepalive_intvl", store<&c::keep_alive_delta>},
    {"keep_alive_probes", quantity::count, "9", "1", "255", nullptr, "probes without an answer before the connection is given up", "Linux: tcp_keepalive_probes",
     store<&c::keep_alive_probes>},
    {"delayed_acknowledgement", quantity::time, "200 ms", "0 ps", "499 ms", nullptr,
     "how long an acknowledgement may wait for another segment or for data to go with; 0: none waits", "RFC 9293, 3.8.6.3: below 0.5 s", store<&c::delayed_acknowledgement>},
    {"receive_window", quantity::size, "65535 B", "536 B", "1 GiB", nullptr, "octets of a connection that may wait for its application; more than 65535 needs window_scaling on both ends",
     "RFC 9293, 3.8.6", store<&c::receive_window>},
    {"send_queue", quantity::size, "65535 B", "536 B", "1 GiB", nullptr, "octets of a connection that are not acknowledged or not yet sent", "choice: as receive_window",
     store<&c::send_queue>},
    {"least_timeout", quantity::time, "1 s", "1 us", "60 s", nullptr, "shortest retransmission timeout; Linux has 200 ms", "RFC 6298 (2.4)", store<&c::least_timeout>},
    {"first_timeout", quantity::time, "1 s", "1 us", "60 s", nullptr, "retransmission timeout before a round trip has been measured", "RFC 6298 (2.1)", store<&c::first_timeout>},
    {"maximum_segment_lifetime", quantity::time, "120 s", "1 us", "1000 s", nullptr, "TIME-WAIT lasts twice as long; Linux waits 60 s in all", "RFC 9293, 3.4.2",
     store<&c::maximum_segment_lifetime>},
    {"syn_retries", quantity::count, "6", "0", "255", nullptr, "SYNs sent again before opening fails", "RFC 9293, 3.8.3: three minutes at least", store<&c::syn_retries>},
    {"data_retries", quantity::count, "15", "1", "255", nullptr, "times that data is sent again before the connection is given up", "RFC 9293, 3.8.3: 100 s at least; Linux: tcp_retries2",
     store<&c::data_retries>},
    {"backlog", quantity::count, "128", "1", "1000000", nullptr, "connections of a listener that are not yet open or not yet taken; further SYNs are dropped", "Linux before 5.4: somaxconn",
     store<&c::backlog>},
    {"most_connections", quantity::count, "65536", "1", "4000000", nullptr, "connections in all, those in TIME-WAIT among them", "choice: one for each port", store<&c::most_connections>},
};

constexpr metric_info rows[] = {
    {"segments_sent", "segments", "segments sent"},
    {"segments_received", "segments", "segments received"},
    {"octets_sent", "B", "octets of text in them, those sent again too"},
    {"octets_received", "B", "octets of text of which its connections have taken all or a part"},
    {"retransmissions", "segments", "segments sent again"},
    {"out_of_order", "segments", "segments with text that came before its turn"},
    {"resets_sent", "segments", "segments with RST sent"},
    {"opened", "connections", "connections that its applications opened"},
    {"accepted", "connections", "connections that others opened and its applications took"},
    {"established", "connections", "of those, handshakes completed"},
    {"closed", "connections", "connections that are gone, for whatever reason"},
    {"refused", "connections", "of those, answered with RST when they were to be opened"},
    {"reset", "connections", "of those, ended by the other end's RST"},
    {"timed_out", "connections", "of those, given up without an answer"},
    {"bad", "segments", "segments dropped: no header of TCP, or a wrong checksum"},
    {"outside", "segments", "segments of a connection that it did not take: outside its window, too old, or perhaps somebody else's (RFC 5961)"},
    {"no_connection", "segments", "segments for no connection: answered with RST, or a SYN dropped because the backlog or the table is full"},
};

}  // namespace

const block_info endpoint_info = {"tcp", "TCP: RFC 9293, docs/tcp.md", parameters, rows, {}, {}, {}, {}, {}};

tcp_rules rules_of(const endpoint_config& e) {
    tcp_rules r;
    r.window_scaling = e.window_scaling;
    r.sack = e.sack;
    r.timestamps = e.timestamps;
    r.send_capacity = e.send_queue;
    r.delayed_acknowledgements = e.delayed_acknowledgement > 0;
    r.delayed_acknowledgement = e.delayed_acknowledgement;
    r.timeout.least = e.least_timeout;
    r.timeout.initial = e.first_timeout;
    r.timeout.granularity = std::min(r.timeout.granularity, e.least_timeout);
    r.least_probe = std::min(r.least_probe, e.least_timeout);
    r.maximum_segment_lifetime = e.maximum_segment_lifetime;
    r.syn_retries = static_cast<std::uint8_t>(e.syn_retries);
    r.data_retries = static_cast<std::uint8_t>(e.data_retries);
    r.cached.flags = static_cast<std::uint8_t>((e.nagle ? cached_flag::nagle : 0) | (e.keep_alive ? cached_flag::keep_alive : 0));
    r.cached.keep_alive_interval = e.keep_alive_interval;
    r.cached.keep_alive_delta = e.keep_alive_delta;
    r.cached.keep_alive_probes = static_cast<std::uint8_t>(e.keep_alive_probes);
    r.cached.initial_receive_window = e.receive_window;
    return r;
}

endpoint_counters::endpoint_counters(const std::function<counter&(const metric_info&)>& bind) {
    static_assert(std::size(rows) == metrics);
    for (unsigned m = 0; m < metrics; ++m) counters_[m] = &bind(rows[m]);
}

void endpoint_counters::count(step s, std::uint64_t times) {
    steps_[static_cast<std::size_t>(s)] += times;
    if (s == step::retransmission) counters_[m_retransmissions]->add(times);
    if (s == step::out_of_order) counters_[m_out_of_order]->add(times);
}

std::array<std::uint64_t, step_kinds> endpoint_counters::take_steps() { return std::exchange(steps_, {}); }

void endpoint_counters::opened(bool actively) { counters_[actively ? m_opened : m_accepted]->add(); }

void endpoint_counters::happened(std::uint32_t events) {
    if (events & event::connected) counters_[m_established]->add();
    if (events & event::closed) counters_[m_closed]->add();
    if (events & event::refused) counters_[m_refused]->add();
    if (events & event::was_reset) counters_[m_reset]->add();
    if (events & event::timed_out) counters_[m_timed_out]->add();
}

void endpoint_counters::sent(packet::octets segment) {
    counters_[m_segments_sent]->add();
    constexpr std::size_t data_offset_at = 12, flags_at = 13;
    counters_[m_octets_sent]->add(segment.size - segment.data[data_offset_at] / 16 * 4u);
    if (segment.data[flags_at] & flag::rst) counters_[m_resets_sent]->add();
}

void endpoint_counters::received(packet::octets segment, fate f) {
    counters_[m_segments_received]->add();
    switch (f) {
        case fate::bad_length: case fate::bad_checksum: return counters_[m_bad]->add();
        case fate::no_connection: return counters_[m_no_connection]->add();
        case fate::outside_window: case fate::old_timestamp: case fate::no_timestamp: case fate::challenged: case fate::no_acknowledgement:
        case fate::wrong_acknowledgement: case fate::not_wanted: return counters_[m_outside]->add();
        case fate::taken: case fate::repeated_syn: case fate::reset: case fate::back_to_listen: break;
    }
    constexpr std::size_t data_offset_at = 12;
    counters_[m_octets_received]->add(segment.size - segment.data[data_offset_at] / 16 * 4u);
}

}  // namespace nicteam::tcp
