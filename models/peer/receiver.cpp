#include "peer/receiver.h"

#include <algorithm>

#include "nicteam/packet/arp.h"
#include "nicteam/packet/fcs.h"
#include "nicteam/packet/icmp.h"
#include "nicteam/packet/transport.h"
#include "nicteam/packet/udp.h"
#include "nicteam/peer/protection.h"
#include "nicteam/wire/pause.h"
#include "peer/endpoint.h"
#include "peer/framing.h"
#include "peer/in_order.h"

namespace nicteam::peer {

using namespace packet;

receiver::receiver(peer& owner, const peer_config& c, responder& r, sim::station& s, const sim::capture_point& p)
    : owner_(owner), config_(c), responder_(r), station_(s), capture_(p), latency_(sim::bind_histogram(owner, peer_metrics[m_latency])) {
    for (unsigned m = m_frames; m < m_latency; ++m) counters_[m] = &sim::bind_counter(owner, peer_metrics[m]);
}

void receiver::link(bool, ps) {
    owner_.link_changed();
    owner_.poke();
}

void receiver::end(const frame_ref& f, wire::wire_end quality) {
    const ps at = sim::now();
    if (carrier_) carrier_->carrier(false, at);
    if (capture_.on() && !f->data.empty()) {
        const char* comment = wire::is_part(quality) ? "cut" : quality == wire::wire_end::bad_fcs ? "bad FCS" : nullptr;
        capture_.take(f, octets_.when(f->preamble_octets), sim::direction::in, comment);
    }
    if (quality == wire::wire_end::good) {
        if (const auto quanta = wire::pause_of(f->data, owner_.mac().data())) {
            station_.ended(f->id, peer_outcomes[o_control], at);
            return owner_.pause(*quanta, at);
        }
    }
    peer_outcome what = judge(*f, quality);
    if (what == o_delivered) {
        count(m_frames).add();
        count(m_octets).add(f->data.size());
        if (in_order* buffer = owner_.puts_in_order()) return buffer->take(f, at);
        what = look(octets(f->data).first(f->data.size() - fcs_octets), at);
    } else {
        static constexpr peer_metric metric[] = {m_frames, m_bad_fcs, m_cut, m_short, m_long, m_filtered};
        count(metric[what]).add();
    }
    station_.ended(f->id, peer_outcomes[quality == wire::wire_end::collided ? o_fragment : what], at);
}

void receiver::arrived(const frame_ref& f, ps at) { station_.ended(f->id, peer_outcomes[look(octets(f->data).first(f->data.size() - fcs_octets), at)], at); }

// A short frame with a bad FCS counts as bad_fcs: a peer does not guess at collisions.
peer_outcome receiver::judge(const frame& f, wire::wire_end quality) {
    if (wire::is_part(quality)) return o_cut;
    if (quality == wire::wire_end::bad_fcs || !check_fcs(f)) return o_bad_fcs;
    if (f.data.size() < wire::minimum_frame) return o_short;
    if (f.data.size() > static_cast<std::size_t>(config_.max_frame)) return o_long;
    if (config_.promiscuous || f.data[0] & 1) return o_delivered;
    return std::equal(owner_.mac().begin(), owner_.mac().end(), f.data.begin()) ? o_delivered : o_filtered;
}

peer_outcome receiver::look(octets data, ps at) {
    protection* p = owner_.protected_by();
    if (!p || !std::equal(owner_.mac().begin(), owner_.mac().end(), data.data)) {
        take(data, at);
        return o_delivered;
    }
    std::vector<bytes> reached;
    std::deque<ref<frame>> back;
    const gateway::refusal why = p->receive(data, at, reached, back);
    for (const bytes& f : reached) take(f, at);
    for (const ref<frame>& f : back) responder_.send(f, at + octet_time_ + config_.response_time);
    if (!back.empty()) owner_.poke();
    static constexpr peer_outcome outcome[] = {o_delivered, o_not_opened, o_not_authentic, o_replayed};
    return outcome[static_cast<unsigned>(why)];
}

void receiver::put_together(octets data, octets piece, ps at) {
    if (pieces_.add(piece, at) != reassembly_step::complete) return;
    count(m_reassembled).add();
    const bytes datagram = std::move(pieces_.result().datagram);
    take(with_addresses(data, datagram), at);
}

void receiver::take(octets data, ps at) {
    const auto ethernet = ethernet_view::parse(data);
    if (!ethernet) return;
    if (ethernet->ether_type == ether_type::experimental) verify(ethernet->payload, at);
    if (ethernet->ether_type == ether_type::arp)
        if (const auto arp = arp_message::parse(ethernet->payload); arp && arp->operation == arp_operation::reply) count(m_answers_seen).add();
    if (endpoint* e = owner_.connections()) connected(*e, *ethernet, at);
    if (ethernet->ether_type == ether_type::ipv4) {
        if (const auto ip = ipv4_view::parse(ethernet->payload)) {
            if (ip->is_fragment() && ip->checksum_good && ip->destination == owner_.ip()) return put_together(data, ethernet->payload, at);
            bool good = ip->checksum_good;
            if (const auto udp = udp_view::parse(*ip)) {
                good = good && (ip->is_fragment() || udp->checksum_good);
                verify(udp->payload, at);
            } else if (const auto echo = ip->protocol == ip_protocol::icmp ? icmp_echo::parse(ip->payload) : std::nullopt) {
                good = good && (ip->is_fragment() || echo->checksum_good);
                if (echo->reply) count(m_answers_seen).add();
            }
            if (!good) count(m_bad_checksum).add();
        }
    }
    if (ethernet->ether_type == ether_type::ipv6)
        if (const auto ip = ip_view::parse(ethernet->payload)) {
            if (ip->is_fragment() && ip->destination == ip_address(documentation_address(owner_.ip()))) return put_together(data, ip->packet, at);
            const auto udp = transport_view::of(*ip);
            if (udp.verdict == transport_verdict::bad_checksum) count(m_bad_checksum).add();
            if (ip->protocol == ip_protocol::udp) verify(udp.payload, at);
        }
    // Ready strictly after now: whoever looks at this very instant sees no answer yet, in any order.
    switch (responder_.consider(*ethernet, at + octet_time_ + config_.response_time)) {
        case responder::answer::none: return;
        case responder::answer::arp: count(m_arp_replies).add(); break;
        case responder::answer::echo: count(m_echo_replies).add(); break;
        case responder::answer::udp_echo: count(m_udp_echoes).add(); break;
    }
    owner_.poke();
}

// What concerns its connections: segments, what routers tell of them, who is where.
void receiver::connected(endpoint& e, const ethernet_view& frame, ps at) {
    if (frame.ether_type == ether_type::arp) {
        if (const auto m = arp_message::parse(frame.payload)) e.learn(*m);
        return;
    }
    const auto v = frame.ether_type == ether_type::ipv4 || frame.ether_type == ether_type::ipv6 ? ip_view::parse(frame.payload) : std::nullopt;
    if (!v || !v->checksum_good || v->is_fragment()) return;
    if (v->destination != ip_address(owner_.ip()) && v->destination != ip_address(documentation_address(owner_.ip()))) return;
    if (v->protocol == ip_protocol::tcp) e.take(frame.source, *v, at, at + octet_time_ + config_.response_time);
    if (const auto wrong = icmp_error::parse(*v)) e.told(*wrong, at);
    owner_.poke();
}

void receiver::verify(octets payload, ps at) {
    payload_fields f;
    const payload_state state = check_payload(payload, f);
    if (state == payload_state::unmarked) return;
    if (state == payload_state::damaged) {
        count(m_payload_damaged).add();
        return;
    }
    count(m_verified).add();
    count(m_verified_octets).add(payload.size);
    latency_.add(at - f.at);
    stream_state& s = streams_[f.stream];
    const auto ahead = static_cast<std::int32_t>(f.sequence - s.next);   // sequence numbers wrap
    if (ahead >= 0) {
        count(m_skipped).add(static_cast<std::uint64_t>(ahead));
        const auto fresh = std::min<std::uint32_t>(static_cast<std::uint32_t>(ahead) + 1, stream_state::window);
        for (std::uint32_t k = 0; k < fresh; ++k) s.forget(f.sequence - k);
        s.test_and_set(f.sequence);
        s.next = f.sequence + 1;
    } else if (static_cast<std::uint32_t>(-static_cast<std::int64_t>(ahead)) <= stream_state::window && s.test_and_set(f.sequence)) {
        count(m_duplicates).add();
    } else {
        count(m_out_of_order).add();
    }
}

bool receiver::stream_state::test_and_set(std::uint32_t sequence) {
    std::uint64_t& word = seen[sequence % window / 64];
    const std::uint64_t bit = std::uint64_t{1} << sequence % 64;
    const bool was = word & bit;
    word |= bit;
    return was;
}

void receiver::stream_state::forget(std::uint32_t sequence) { seen[sequence % window / 64] &= ~(std::uint64_t{1} << sequence % 64); }

}  // namespace nicteam::peer
