// One connection, with a peer that the test plays segment by segment. Sequence numbers of a test are relative: 0 is the SYN of either side.
#pragma once

#include <deque>
#include <stdexcept>
#include <string>

#include "nicteam/tcp/connection.h"

namespace nicteam::tcp::test {

constexpr sequence ours = 0xFFFFFF00, theirs = 5000;      // ours wraps early
const packet::ip_address us(0xC0000201), them(0xC0000202);

inline bytes text_of(std::size_t n, std::size_t from = 0) {
    bytes b(n);
    for (std::size_t k = 0; k < n; ++k) b[k] = static_cast<std::uint8_t>(((from + k) * 2654435761u) >> 13);
    return b;
}

struct seen {
    std::uint32_t seq, ack;                                // relative
    std::uint8_t flags;
    std::uint16_t window, urgent;
    bytes text;
    options_read options;
    bool is(std::uint8_t f) const { return (flags & ~flag::psh) == f; }
};

// What the peer says.
struct said {
    std::uint8_t flags = flag::ack;
    std::uint32_t seq = 1, ack = 1;
    bytes text{};
    std::uint32_t window = 65535;
    std::uint16_t urgent = 0;
    bytes options{};
};

class bench {
public:
    explicit bench(tcp_rules r = plain()) : over(std::make_shared<path>(path_constant{them, us}, path_cached{1500})) {
        by.rules = r;
        by.steps = &steps;
        c = std::make_unique<connection>(by, over, 1111, 80, ours, 0);
    }
    // Nothing but the MSS option, no Nagle, ACKs at once: a test turns on what it is about.
    static tcp_rules plain() {
        tcp_rules r;
        r.window_scaling = r.sack = r.timestamps = false;
        r.delayed_acknowledgements = false;
        r.cached.flags = 0;
        r.send_capacity = 1 << 20;
        return r;
    }
    static bytes mss(std::uint16_t v) { return {2, 4, static_cast<std::uint8_t>(v >> 8), static_cast<std::uint8_t>(v)}; }

    // Active open, answered: established; nothing is left in `sent`.
    void establish(std::uint16_t peer_mss = 1000, std::uint32_t window = 65535, bytes more = {}) {
        c->open(now, out);
        bytes o = mss(peer_mss);
        o.insert(o.end(), more.begin(), more.end());
        give({flag::syn | flag::ack, 0, 1, {}, window, 0, o});
        take();
    }
    bytes octets(const said& s) const {
        segment_fields f;
        f.source_port = 80;
        f.destination_port = 1111;
        f.sequence = theirs + s.seq;
        f.acknowledgement = ours + s.ack;
        f.flags = s.flags;
        f.window = static_cast<std::uint16_t>(s.window);
        f.urgent = s.urgent;
        return build_segment(f, s.options, s.text, them, us);
    }
    fate give(const said& s) {
        const bytes b = octets(s);
        return c->on_segment(now, segment_view::parse(b, them, us), out);
    }
    // Everything sent since the last call.
    std::vector<seen> take() {
        std::vector<seen> v;
        for (const bytes& b : out.segments) {
            const auto s = segment_view::parse(b, us, them);
            if (s.verdict != packet::transport_verdict::good) throw std::runtime_error("a segment of ours is not good");
            const bytes text(s.text.data, s.text.data + s.text.size);
            v.push_back({s.sequence - ours, s.acknowledgement - theirs, s.flags, s.window, s.urgent, text, options_read::parse(s.options)});
        }
        out.segments.clear();
        return v;
    }
    std::uint32_t events() {
        const std::uint32_t e = out.events;
        out.events = 0;
        return e;
    }
    // To the instant of the next timer, which runs; false: none.
    bool next_timer() {
        const ps at = c->next_deadline();
        if (at == never) return false;
        now = std::max(now, at);
        c->on_timer(now, out);
        return true;
    }
    void run_until(ps t) {
        while (c->next_deadline() <= t) next_timer();
        now = t;
    }
    void send(std::size_t n) { c->send(now, text_of(n), out); }
    const transport_delegated& d() const { return c->delegated(); }

    runner by;
    step_sums steps;
    std::shared_ptr<path> over;
    std::unique_ptr<connection> c;
    actions out;
    ps now = second;
};

}  // namespace nicteam::tcp::test
