// Two connections and a line between them that loses, doubles, delays and damages by a seed; an application at each end that sends a stream
// without a period, checks what it gets octet by octet, and closes. What passes the first end's plug can be captured.
#pragma once

#include <functional>
#include <queue>

#include "nicteam/base/random_stream.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/pcapng_writer.h"
#include "nicteam/tcp/connection.h"
#include "unit/tcp/octet_at.h"

namespace nicteam::tcp::test {

struct line {
    ps delay = 5 * millisecond;
    std::int64_t rate = 100'000'000;                      // b/s
    std::int64_t loss = 0, doubled = 0, late = 0, damaged = 0;      // per mille
    ps late_by = 12 * millisecond;
};

class two_ends {
public:
    struct end {
        runner by;
        std::shared_ptr<path> over;
        std::unique_ptr<connection> c;
        std::uint64_t to_send = 0, sent = 0, got = 0;
        std::uint64_t seed = 0;
        std::uint32_t events = 0;
        bool closes = true;
        std::size_t reads_at_once = SIZE_MAX;             // octets an application takes after each call
        ps wire_free = 0;
        std::uint64_t text_segments = 0;
    };
    end e[2];
    line way[2];                                          // from end k
    bool moves = false;                                   // after each call each connection goes to a fresh object
    std::function<bool(unsigned from, const segment_view&)> loses;          // beside `loss`
    std::uint64_t lost_text = 0, wrong_octets = 0, segments = 0, unexplained = 0;
    ps now = second;
    std::uint64_t fingerprint = 1469598103934665603u;     // of every segment and its time
    std::unique_ptr<packet::pcapng_writer> capture;

    two_ends(std::uint64_t seed, const tcp_rules& a, const tcp_rules& b, unsigned version = 4, std::uint32_t mtu = 1500) : dice_(seed, "two_ends", "line") {
        const packet::ip_address v4[2] = {packet::ip_address(0xC0000201), packet::ip_address(0xC0000202)};
        for (unsigned k = 0; k < 2; ++k) address_[k] = version == 4 ? v4[k] : packet::ip_address(packet::documentation_address(v4[k].v4()));
        for (unsigned k = 0; k < 2; ++k) {
            e[k].by.rules = k ? b : a;
            e[k].over = std::make_shared<path>(path_constant{address_[1 - k], address_[k]}, path_cached{mtu});
            e[k].seed = seed + k;
            const auto iss = static_cast<sequence>(dice_.next());
            e[k].c = std::make_unique<connection>(e[k].by, e[k].over, port(k), port(1 - k), iss, static_cast<std::uint32_t>(dice_.next()));
        }
    }
    void record(const std::string& file) {
        capture = std::make_unique<packet::pcapng_writer>(file, "nicteam");
        packet::capture_interface i;
        i.name = "line";
        i.speed = 100'000'000;
        i.fcs_octets = 0;
        capture->add_interface(i);
    }
    void open(unsigned k) {
        call(k, [&](connection& c, actions& a) { c.open(now, a); });
    }
    bool over() const { return e[0].c->state() == connection_state::closed && e[1].c->state() == connection_state::closed; }
    // Until both are closed, or nothing is left to happen. false: the limit came first.
    bool run(ps limit) {
        while (!over()) {
            const ps timer = std::min(e[0].c->next_deadline(), e[1].c->next_deadline());
            const ps arrival = under_way_.empty() ? never : under_way_.top().at;
            const ps next = std::min(timer, arrival);
            if (next == never || next > limit) return false;
            now = std::max(now, next);
            if (arrival <= timer) arrive();
            else for (unsigned k = 0; k < 2; ++k)
                if (e[k].c->next_deadline() <= now) call(k, [&](connection& c, actions& a) { c.on_timer(now, a); });
        }
        for (unsigned k = 0; k < 2; ++k) {
            e[k].reads_at_once = SIZE_MAX;                // what a slow application has not read yet
            application(k);
        }
        return true;
    }
    bool all_there() const { return !wrong_octets && e[0].got == e[1].to_send && e[1].got == e[0].to_send; }

    template <class F>
    void call(unsigned k, F&& f) {
        actions a;
        f(*e[k].c, a);
        settle(k, a);
        application(k);
    }

private:
    struct flying {
        ps at;
        std::uint64_t order;
        unsigned to;
        bytes segment;
        bool dropped;
        bool operator<(const flying& o) const { return at != o.at ? at > o.at : order > o.order; }
    };
    static std::uint16_t port(unsigned k) { return k ? 40001 : 40000; }

    void settle(unsigned k, actions& a) {
        e[k].events |= a.events;
        for (bytes& s : a.segments) put_on_line(k, std::move(s));
        if (!moves || e[k].c->state() == connection_state::closed) return;
        auto fresh = std::make_unique<connection>(e[k].by, e[k].over, port(k), port(1 - k), 0, 0);
        if (!fresh->put_in(now, e[k].c->take_out(now))) throw std::runtime_error("a state that was taken out cannot be put in");
        e[k].c = std::move(fresh);
    }
    void application(unsigned k) {
        end& x = e[k];
        for (bool more = true; more;) {
            more = false;
            const std::size_t n = std::min(x.c->received().size(), x.reads_at_once);
            for (std::size_t i = 0; i < n; ++i) wrong_octets += x.c->received().data()[i] != octet_at(e[1 - k].seed, x.got + i);
            actions a;
            if (n) {
                x.got += n;
                x.c->consume(now, n, a);
                settle(k, a);
                more = x.reads_at_once == SIZE_MAX;
            }
            const std::size_t room = std::min<std::uint64_t>(x.c->room_to_send(), x.to_send - x.sent);
            if (room) {
                bytes text(std::min<std::size_t>(room, 20'000));
                for (std::size_t i = 0; i < text.size(); ++i) text[i] = octet_at(x.seed, x.sent + i);
                actions b;
                x.sent += x.c->send(now, text, b);
                settle(k, b);
                more = true;
            }
        }
        const auto s = x.c->state();
        if (x.closes && x.sent == x.to_send && (s == connection_state::established || s == connection_state::close_wait)) {
            actions a;
            x.c->close(now, a);
            settle(k, a);
        }
    }
    void put_on_line(unsigned k, bytes segment) {
        const line& w = way[k];
        end& x = e[k];
        const auto v = segment_view::parse(segment, address_[k], address_[1 - k]);
        ++segments;
        for (const std::uint8_t o : segment) fingerprint = (fingerprint ^ o) * 1099511628211u;
        fingerprint = (fingerprint ^ static_cast<std::uint64_t>(now)) * 1099511628211u;
        bool dropped = dice_.below(1000) < static_cast<std::uint64_t>(w.loss) || (loses && loses(k, v));
        if (v.text.size || v.has(flag::fin)) explain(k, v, dropped);
        if (dropped) lost_text += v.text.size ? 1 : 0;
        const ps begin = std::max(now, x.wire_free);
        x.wire_free = begin + static_cast<ps>((segment.size() + 58) * 8) * (second / w.rate);
        if (capture && k == 0) show(0, x.wire_free, segment);
        ps arrival = x.wire_free + w.delay;
        if (dice_.below(1000) < static_cast<std::uint64_t>(w.late)) arrival += static_cast<ps>(dice_.below(static_cast<std::uint64_t>(w.late_by)));
        if (dice_.below(1000) < static_cast<std::uint64_t>(w.doubled))
            under_way_.push({arrival + static_cast<ps>(dice_.below(3 * millisecond)), order_++, 1 - k, segment, dropped});
        if (dice_.below(1000) < static_cast<std::uint64_t>(w.damaged)) segment[dice_.below(segment.size())] ^= static_cast<std::uint8_t>(1 + dice_.below(255));
        under_way_.push({arrival, order_++, 1 - k, std::move(segment), dropped});
    }
    // What is sent twice must have been lost.
    void explain(unsigned k, const segment_view& v, bool dropped) {
        const sequence end = v.end();
        auto& first = sent_to_[k];
        auto& lost = lost_[k];
        if (known_[k] && before(v.sequence, first)) {
            const auto covers = [&](const sack_block& b) { return at_or_before(b.begin, v.sequence) && at_or_after(b.end, end); };
            const auto hit = std::find_if(lost.begin(), lost.end(), covers);
            if (hit == lost.end()) ++unexplained;
            else if (!dropped) lost.erase(hit);
        }
        if (dropped && (!known_[k] || at_or_after(v.sequence, first))) lost.push_back({v.sequence, end});
        if (!known_[k] || after(end, first)) first = end;
        known_[k] = true;
    }
    void arrive() {
        flying f = under_way_.top();
        under_way_.pop();
        if (capture && f.to == 0) show(1, now, f.segment);
        if (f.dropped) return;
        const auto v = segment_view::parse(f.segment, address_[1 - f.to], address_[f.to]);
        connection& c = *e[f.to].c;
        const bool fresh = c.state() == connection_state::closed && c.delegated().snd_max == c.delegated().further.iss;
        if (fresh && v.verdict == packet::transport_verdict::good && v.flags == flag::syn) call(f.to, [&](connection& x, actions& a) { x.open(now, v, a); });
        else call(f.to, [&](connection& x, actions& a) { x.on_segment(now, v, a); });
    }
    void show(unsigned from, ps at, const bytes& segment) {
        const packet::mac_address mac[2] = {{2, 0, 0, 0, 0, 1}, {2, 0, 0, 0, 0, 2}};
        bytes f;
        packet::append_ethernet(f, mac[1 - from], mac[from], address_[0].version == 4 ? packet::ether_type::ipv4 : packet::ether_type::ipv6);
        packet::ip_fields ip;
        ip.source = address_[from];
        ip.destination = address_[1 - from];
        ip.protocol = packet::ip_protocol::tcp;
        ip.identification = e[from].over->next_identification();
        packet::append_ip(f, ip, segment.size());
        f.insert(f.end(), segment.begin(), segment.end());
        shown_.push_back({at, order_++, 0, std::move(f), false});
    }

public:
    // In the order of their times.
    void write_capture() {
        std::sort(shown_.begin(), shown_.end(), [](const flying& a, const flying& b) { return b < a; });
        for (const flying& f : shown_) capture->packet(0, f.at, f.segment, packet::packet_direction::unknown);
        if (!capture->close()) throw std::runtime_error(capture->error());
        capture.reset();
    }

private:
    packet::ip_address address_[2];
    random_stream dice_;
    std::priority_queue<flying> under_way_;
    std::vector<flying> shown_;
    std::uint64_t order_ = 0;
    bool known_[2] = {};
    sequence sent_to_[2] = {};
    std::vector<sack_block> lost_[2];
};

}  // namespace nicteam::tcp::test
