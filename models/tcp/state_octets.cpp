#include "tcp/state_octets.h"

#include "nicteam/tcp/scoreboard.h"
#include "tcp/moved_times.h"

namespace nicteam::tcp {
namespace {

using state::part;
using state::part_reader;
using state::part_writer;

constexpr auto transport = state::layer::connection;
constexpr std::uint32_t most_possible_window = 1u << 30;     // RFC 7323, 2.3

// One list of fields serves both ways: the visitor writes or reads.
struct writing {
    part_writer& w;
    ps now;
    void operator()(std::uint8_t v) { w.u8(v); }
    void operator()(std::uint16_t v) { w.u16(v); }
    void operator()(std::uint32_t v) { w.u32(v); }
    void span(ps v) { w.u64(static_cast<std::uint64_t>(v)); }
    void ahead(ps v) { write_ahead(w, v, now); }
    void back(ps v) { write_back(w, v, now); }
};
constexpr ps longest = ps{1} << 62, longest_timeout = ps{1} << 50;
struct reading {
    part_reader& r;
    ps now;
    bool& good;
    void operator()(std::uint8_t& v) { v = r.u8(); }
    void operator()(std::uint16_t& v) { v = r.u16(); }
    void operator()(std::uint32_t& v) { v = r.u32(); }
    void span(ps& v) { v = within(static_cast<ps>(r.u64())); }
    void ahead(ps& v) {
        const ps left = static_cast<ps>(r.u64());
        v = left == never ? never : now + within(left);
    }
    void back(ps& v) { v = now - within(static_cast<ps>(r.u64())); }
    // 53 days: further off is no time of a connection, and would overflow.
    ps within(ps v) {
        if (v > -longest && v < longest) return v;
        good = false;
        return 0;
    }
};

template <class Fields, class C>
void fields(Fields&& f, C& c, const transport_constant*) {
    f(c.remote_port), f(c.local_port), f(c.flags), f(c.send_scale), f(c.receive_scale), f(c.remote_mss);
}

template <class Fields, class C>
void fields(Fields&& f, C& c, const transport_cached*) {
    f(c.flags), f.span(c.keep_alive_interval), f(c.keep_alive_probes), f.span(c.keep_alive_delta), f(c.effective_mss), f(c.initial_receive_window);
    f(c.indicate_octets), f(c.type_of_service), f(c.traffic_class), f(c.flow_label);
}

template <class Fields, class D>
void fields(Fields&& f, D& d, const transport_delegated*) {
    f(d.flags), f(d.rcv_nxt), f(d.rcv_wnd), f(d.snd_una), f(d.snd_nxt), f(d.snd_wnd), f(d.snd_wl1), f(d.snd_wl2), f(d.snd_max), f(d.max_win), f(d.cwnd);
    f(d.ssthresh), f.span(d.srtt), f.span(d.rtt_var), f(d.ts_recent), f.back(d.ts_recent_at), f(d.dup_ack_count);
    f(d.keep_alive_probe_count), f.ahead(d.keep_alive_at), f(d.retransmit_count), f.ahead(d.retransmit_at);
    auto& x = d.further;
    f(x.iss), f(x.irs), f(x.rcv_adv), f(x.last_ack_sent), f(x.fin_at), f(x.snd_up), f(x.rcv_up), f(x.recover), f(x.high_rxt);
    f(x.timed), f.back(x.timed_at), f.span(x.rto), f(x.counted_octets), f(x.timestamp_offset), f(x.limited_octets), f(x.segments_unacknowledged);
    f(x.window_probes), f(x.probe_backoff), f(x.challenges), f.back(x.challenges_since);
    f.ahead(x.delayed_ack_at), f.ahead(x.persist_at), f.ahead(x.last_wait_at), f.back(x.last_sent_at);
}

bool possible(const transport_delegated& d) {
    const auto& x = d.further;
    if (d.flags & ~delegated_flag::all) return false;
    if (after(d.snd_una, d.snd_nxt) || after(d.snd_nxt, d.snd_max) || before(d.snd_una, x.iss)) return false;
    for (const ps t : {d.srtt, d.rtt_var, x.rto - 1})
        if (t < 0 || t > longest_timeout) return false;
    if (x.probe_backoff > most_probe_doublings || d.cwnd > most_possible_window) return false;
    sequence at = d.snd_una;
    for (const sack_block& b : x.scoreboard) {
        if (!after(b.begin, at) || !after(b.end, b.begin) || after(b.end, d.snd_max)) return false;
        at = b.end;
    }
    return true;
}

}  // namespace

void write_state(const transport_constant& c, bytes& out) {
    part_writer w(out, transport, part::constant, format_version);
    fields(writing{w, 0}, c, &c);
    w.finish();
}

void write_state(const transport_cached& c, bytes& out) {
    part_writer w(out, transport, part::cached, format_version);
    fields(writing{w, 0}, c, &c);
    w.finish();
}

void write_state(const transport_delegated& d, ps now, bytes& out) {
    part_writer w(out, transport, part::delegated, format_version);
    w.u8(static_cast<std::uint8_t>(d.state));
    fields(writing{w, now}, d, &d);
    w.u16(static_cast<std::uint16_t>(d.further.scoreboard.size()));
    for (const sack_block& b : d.further.scoreboard) w.u32(b.begin), w.u32(b.end);
    w.finish();
}

bool read_state(transport_constant& c, const std::uint8_t* from, std::size_t n) {
    part_reader r(from, n, transport, part::constant, format_version);
    bool good = true;
    fields(reading{r, 0, good}, c, &c);
    return good && r.finished() && c.flags <= 7 && c.send_scale <= most_window_scale && c.receive_scale <= most_window_scale && c.remote_mss >= 8;
}

bool read_state(transport_cached& c, const std::uint8_t* from, std::size_t n) {
    part_reader r(from, n, transport, part::cached, format_version);
    bool good = true;
    fields(reading{r, 0, good}, c, &c);
    return good && r.finished() && c.flags <= 3 && c.keep_alive_interval > 0 && c.keep_alive_delta > 0 && c.effective_mss >= 8 &&
           c.initial_receive_window <= most_possible_window && c.flow_label < 1u << 20;
}

bool read_state(transport_delegated& d, ps now, const std::uint8_t* from, std::size_t n) {
    part_reader r(from, n, transport, part::delegated, format_version);
    const std::uint8_t s = r.u8();
    bool good = true;
    fields(reading{r, now, good}, d, &d);
    const std::size_t blocks = r.u16();
    if (s > static_cast<std::uint8_t>(connection_state::time_wait) || blocks > scoreboard::most_blocks || r.left() != 8 * blocks) return false;
    d.state = static_cast<connection_state>(s);
    d.further.scoreboard.resize(blocks);
    for (sack_block& b : d.further.scoreboard) b.begin = r.u32(), b.end = r.u32();
    return good && r.finished() && possible(d);
}

}  // namespace nicteam::tcp
