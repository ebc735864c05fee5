// The receiving half of a peer: counts, checks, verifies generated payload, hands requests to the responder.
#pragma once

#include <array>
#include <map>

#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/fcs.h"
#include "nicteam/packet/reassembly.h"
#include "nicteam/packet/traffic_payload.h"
#include "nicteam/peer/peer.h"
#include "nicteam/peer/protection.h"
#include "peer/peer_table.h"
#include "peer/responder.h"

namespace nicteam::peer {

class receiver : public wire::wire_sink {
public:
    receiver(peer&, const peer_config&, responder&, sim::station&, const sim::capture_point&);

    void begin(const frame_ref& f, const span& octets) override {
        octets_ = octets;
        if (protection* p = owner_.protected_by()) p->foresee(packet::octets(f->data).first(f->data.size() - packet::fcs_octets));
        if (carrier_) carrier_->carrier(true, octets.first());
    }
    void replan(const span& octets) override { octets_ = octets; }
    void end(const frame_ref& arrived, wire::wire_end) override;
    void link(bool, ps) override;
    void arrived(const frame_ref&, ps at);       // good, for this station, and in its turn
    void tell_carrier(wire::carrier_listener* l) { carrier_ = l; }     // half duplex
    void set_line(const wire::wire_source& s) { octet_time_ = wire::octets_time(1, s.bits_per_second()); }

private:
    // Which of a stream's newest sequence numbers have come.
    struct stream_state {
        static constexpr std::uint32_t window = 1024;
        std::uint32_t next = 0;
        std::array<std::uint64_t, window / 64> seen{};
        bool test_and_set(std::uint32_t sequence);
        void forget(std::uint32_t sequence);
    };

    peer_outcome judge(const frame& f, wire::wire_end);
    peer_outcome look(packet::octets frame, ps at);      // how it ends
    void take(packet::octets frame, ps at);      // behind its routers and associations
    void put_together(packet::octets frame, packet::octets piece, ps at);
    void verify(packet::octets payload, ps at);
    void connected(endpoint&, const packet::ethernet_view&, ps at);
    counter& count(peer_metric m) { return *counters_[m]; }

    peer& owner_;
    const peer_config& config_;
    responder& responder_;
    sim::station& station_;
    const sim::capture_point& capture_;
    std::array<counter*, peer_metric_count> counters_{};
    histogram& latency_;
    std::map<std::uint16_t, stream_state> streams_;
    packet::reassembler pieces_;
    span octets_;
    ps octet_time_ = 0;
    wire::carrier_listener* carrier_ = nullptr;
};

}  // namespace nicteam::peer
