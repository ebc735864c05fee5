// Answers requests as a host's protocol stack would: ARP, ICMP echo, UDP echo.
#pragma once

#include <algorithm>
#include <deque>

#include "nicteam/packet/ethernet.h"
#include "nicteam/peer/frame_source.h"
#include "nicteam/peer/peer.h"

namespace nicteam::peer {

class responder : public frame_source {
public:
    enum class answer : std::uint8_t { none, arp, echo, udp_echo };

    responder(const peer_config& c, const packet::mac_address& mac, packet::ipv4_address ip) : config_(c), mac_(mac), ip_(ip) {}

    void protect_with(protection& p) { protection_ = &p; }      // what it answers passes that
    // A good frame for this station; the answer is ready at `ready`.
    answer consider(const packet::ethernet_view&, ps ready);
    // As it is, not before what is here already.
    void send(const ref<frame>& f, ps ready) { queue_.push_back({queue_.empty() ? ready : std::max(ready, queue_.back().ready), f}); }
    // A frame without FCS: padded, and through what stands before the link.
    void pass(const ref<frame>&, ps ready);

    ps ready() const override { return queue_.empty() ? never : queue_.front().ready; }
    outgoing take(ps now) override;
    ps made(ps) const override { return ready(); }
    ps next_arrival() const override { return arrived_ < queue_.size() ? queue_[arrived_].ready : never; }
    void arrive() override { ++arrived_; }
    std::uint64_t waiting() const override { return arrived_; }

private:
    struct answer_to_send { ps ready; ref<frame> data; };
    answer to_arp(const packet::ethernet_view&, ps ready);
    answer to_ip(const packet::ethernet_view&, ps ready);

    const peer_config& config_;
    protection* protection_ = nullptr;
    packet::mac_address mac_;
    packet::ipv4_address ip_;
    std::deque<answer_to_send> queue_;           // in order of time
    std::size_t arrived_ = 0;                    // of these, ready by now
};

}  // namespace nicteam::peer
