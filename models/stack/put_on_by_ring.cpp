#include "stack/put_on_by_ring.h"

#include <algorithm>
#include <utility>

#include "nicteam/ipsec/protect.h"

namespace nicteam::stack {
namespace {

constexpr metric_info metric_rows[] = {
    {"handed_to_rings", "packets", "handed to the ring of a nic or of a crypto card to be protected"},
    {"sent_by_rings", "packets", "of these, those that the nic's ring protected and sent on"},
    {"put_on_by_rings", "packets", "of these, those that came back protected, to be sent"},
    {"not_put_on_by_rings", "packets", "of these, those that a ring did not do: dropped"},
    {"with_lost_rings", "packets", "of these, those that were to be sent on by a unit that is gone: whether they were, nobody can say"},
};
constexpr outcome_info outcome_rows[] = {
    {"put_on_by_ring", false, "a ring put IPsec on: it goes on as what came out", true},
    {"not_put_on_by_ring", true, "handed to a ring to be protected, and not done"},
    {"with_lost_ring", true, "handed to a ring to be protected and sent, whose unit is gone: whether it was sent, nobody can say"},
};

}  // namespace

const block_info stack_rings_info = {"stack", "IPsec put on by rings for the host", {}, metric_rows, {}, {}, {}, {}, outcome_rows};

put_on_by_ring::put_on_by_ring(const sc_core::sc_object& stack, protocol_stack_100::machinery& m) : m_(m) {
    for (unsigned n = 0; n < metrics; ++n) counters_[n] = &sim::bind_counter(stack, metric_rows[n]);
    for (unsigned n = 0; n < places; ++n) all_.push_back(std::make_unique<traveller>());
}

void put_on_by_ring::end(trace_id id, outcome o, ps at) const { m_.station.ended(id, outcome_rows[static_cast<unsigned>(o)], at); }

void put_on_by_ring::claim(const sim::station::claim& c) const {
    for (const auto& t : all_)
        if (t->packet) c(t->packet->packet.id);
    for (const waiting& w : queue_) c(w.packet->packet.id);
}

void put_on_by_ring::send(host::cpu& c, unsigned adapter, buffer& b) {
    queue_.push_back({&b, adapter});
    hand_over(c);
}

// A submission may be answered at once, and software may send more while it is made.
void put_on_by_ring::hand_over(host::cpu& c) {
    if (std::exchange(handing_over_, true)) return;
    while (!queue_.empty() && !full_ && under_way_ < places) {
        const waiting next = queue_.front();
        queue_.pop_front();
        traveller& t = **std::find_if(all_.begin(), all_.end(), [](const auto& one) { return !one->packet; });
        const by_ring& to = *next.packet->ring;
        buffer& b = *next.packet;
        const auto header = static_cast<std::uint32_t>(packet::ethernet_header);
        t.packet = &b;
        t.adapter = next.adapter;
        ++under_way_;
        t.job.association = to.handle;
        t.job.inbound = false;
        t.job.transmit = to.transmits;
        t.job.id = b.packet.id;
        t.job.source = to.transmits ? b.address : b.address + header;
        t.job.length = to.transmits ? b.packet.bytes : b.packet.bytes - header;
        t.job.destination = to.transmits ? 0 : b.address + header;
        t.job.room = to.transmits ? 0 : b.room - header;
        counters_[m_handed]->add();
        m_.stack.submit(c, *this, to.adapter, t.job);
    }
    handing_over_ = false;
}

void put_on_by_ring::finished(host::cpu& c, driver::job& j) {
    traveller& t = **std::find_if(all_.begin(), all_.end(), [&](const auto& one) { return &one->job == &j; });
    buffer& b = *std::exchange(t.packet, nullptr);
    const driver::crypto_job done = t.job;
    const unsigned adapter = t.adapter;
    --under_way_;
    full_ = done.result == driver::status::no_room && under_way_ > 0;      // the ring has others' entries; one of ours will come back
    if (full_) {
        queue_.push_front({&b, adapter});
        return;
    }
    if (done.result == driver::status::done && done.verdict == static_cast<std::uint8_t>(ipsec::outcome::done)) {
        if (!done.transmit) returned(c, done, adapter, b);
        else {
            counters_[m_sent]->add();
            end(b.packet.id, outcome::put_on, c.now());
            m_.complete(c, b, driver::status::done);
        }
    } else {
        counters_[done.unknown ? m_unknown : m_not_done]->add();
        end(b.packet.id, done.unknown ? outcome::unknown : outcome::not_put_on, c.now());
        m_.complete(c, b, done.result == driver::status::not_done ? driver::status::not_done : driver::status::failed);
    }
    hand_over(c);
}

void put_on_by_ring::returned(host::cpu& c, const driver::crypto_job& j, unsigned adapter, buffer& b) {
    counters_[m_returned]->add();
    const trace_id before = b.packet.id;
    b.packet.bytes = b.packet.pieces[0].bytes = static_cast<std::uint32_t>(packet::ethernet_header) + j.octets;
    b.packet.id = m_.made_of(before, on_wire(b.packet.bytes), c.now());
    end(before, outcome::put_on, c.now());
    const std::uint64_t type_at = b.address + packet::ethernet_header - 2;
    std::uint8_t octets[3];                       // EtherType, and the version of what came out
    m_.ram.read(type_at, octets, sizeof octets, c.now());
    packet::put16(octets, octets[2] >> 4 == 6 ? packet::ether_type::ipv6 : packet::ether_type::ipv4);
    m_.ram.write(type_at, octets, 2, c.now());
    m_.posted(b.packet.id, c.now());
    m_.outlets.at(adapter)->send(c, b);
}

}  // namespace nicteam::stack
