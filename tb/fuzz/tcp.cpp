// Any octets as segments to a connection, between calls of its user: a clear outcome, an order among its numbers, no more kept than promised;
// and as parts of a state: refused, or a state that holds.
#include "fuzz/target.h"
#include "nicteam/tcp/connection.h"

using namespace nicteam;
using namespace nicteam::tcp;
using nicteam::fuzz::demand;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t octets) {
    fuzz::tape t(input, octets);
    runner by;
    const std::uint32_t how = t.octet();
    by.rules.sack = how & 1;
    by.rules.timestamps = how & 2;
    by.rules.window_scaling = how & 4;
    by.rules.cached.initial_receive_window = how & 8 ? 3000 : 200'000;
    by.rules.cached.flags = static_cast<std::uint8_t>(how >> 4 & 3);
    const packet::ip_address us(0xC0000201), them(0xC0000202);
    const auto over = std::make_shared<path>(path_constant{them, us});
    auto c = std::make_unique<connection>(by, over, 1111, 80, 1000);
    ps now = second;
    while (t.left()) {
        actions a;
        switch (t.below(10)) {
        case 0: c->open(now, a); break;
        case 1: c->send(now, bytes(t.word() % 5000, 7), a); break;
        case 2: c->send_urgent(now, bytes(t.octet(), 8), a); break;
        case 3: c->consume(now, t.word(), a); break;
        case 4:
            if (t.octet() & 1) c->close(now, a);
            else c->abandon(now, a);
            break;
        case 5:
            now = std::max(now, std::min(c->next_deadline(), now + t.octet() * second));
            c->on_timer(now, a);
            break;
        case 6: {
            auto m = c->take_out(now);
            bytes& part = t.octet() & 1 ? m.delegated : m.cached;
            if (!part.empty() && t.octet() & 1) part[t.word() % part.size()] ^= static_cast<std::uint8_t>(t.octet());
            c = std::make_unique<connection>(by, over, 1111, 80, 1000);
            c->put_in(now, std::move(m));
            break;
        }
        default: {
            segment_fields f;
            f.source_port = 80;
            f.destination_port = 1111;
            const auto& d = c->delegated();
            f.sequence = d.rcv_nxt + t.word() - 30'000;
            if (t.octet() & 3) f.sequence = d.rcv_nxt + t.octet();
            f.acknowledgement = t.octet() & 1 ? d.snd_una + t.word() : d.snd_max;
            f.flags = static_cast<std::uint8_t>(t.octet());
            f.window = static_cast<std::uint16_t>(t.word());
            f.urgent = static_cast<std::uint16_t>(t.octet());
            const bytes options = t.octets(4 * t.below(11)), text = t.octets(t.octet());
            bytes s = build_segment(f, packet::octets(options).first(options.size() / 4 * 4), text, them, us);
            if (!t.below(16)) s.resize(t.word() % (s.size() + 1));
            const auto v = segment_view::parse(s, them, us);
            if (c->state() == connection_state::closed && v.verdict == packet::transport_verdict::good && v.flags == flag::syn) c->open(now, v, a);
            else demand(*to_text(c->on_segment(now, v, a)), "a segment has an outcome");
        }
        }
        for (const bytes& s : a.segments) {
            demand(segment_view::parse(s, us, them).verdict == packet::transport_verdict::good, "what leaves is good");
            demand(s.size() <= 1480, "what leaves fits the path");
        }
        demand(a.segments.size() < 20'000, "one call sends no more than its queue holds");
        demand(at_or_before(c->delegated().snd_una, c->delegated().snd_max), "nothing is acknowledged that was not sent");
    }
    return 0;
}
