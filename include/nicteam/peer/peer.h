// An ideal end point on a wire: sends what its sources make, at exact times, counts and verifies what it receives, and answers
// ARP, ICMP echo and UDP echo as a host would, at no CPU cost.
//
// Sources take turns by the time since when they are ready; ties go to the responder, then round robin in the order in which
// they were added.
// A peer sends on while the link is down, like an application that does not know; the cable counts those frames.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <systemc>

#include "nicteam/base/tables.h"
#include "nicteam/packet/addresses.h"
#include "nicteam/packet/ip.h"
#include "nicteam/packet/traffic.h"
#include "nicteam/packet/traffic_payload.h"
#include "nicteam/peer/frame_source.h"
#include "nicteam/peer/replay.h"
#include "nicteam/sim/agenda.h"
#include "nicteam/wire/link.h"

namespace nicteam::tcp {
struct endpoint_config;
struct connections_config;
class stream_observer;
}

namespace nicteam::peer {

enum class wire_duplex : std::uint8_t { half, full };      // choices "half|full"

struct peer_config {
    std::string mac = "02:00:00:00:00:01";
    std::string ip = "192.0.2.1";
    bool promiscuous = false;
    bool answer_arp = true, answer_echo = true, answer_udp_echo = false;
    std::int64_t udp_echo_port = 7;
    ps response_time = 0;
    std::int64_t max_frame = 1518;
    bool autonegotiation = true;                 // false: its PHY is set to one mode
    wire_duplex duplex = wire_duplex::full;      // the best that it offers, or the mode that it is set to
    bool pause = false;                          // offered
    std::int64_t resequence = 0;                 // packets that may wait for their order; 0: there is no such buffer
    ps resequence_wait = millisecond;
};
extern const block_info peer_info;             // kind "peer"

class protection;
struct protection_config;
class endpoint;
class responder;
class receiver;
class in_order;
struct shared_medium;

class peer : public sc_core::sc_module, public wire::wire_end_point, private sim::agenda_user {
public:
    // Throws std::invalid_argument on an address that is none.
    peer(sc_core::sc_module_name, const peer_config&);
    ~peer() override;

    // During elaboration, before any traffic: what that passes on its way to the link.
    protection& protect(const protection_config&);
    bool sends_recording() const { return recorded_; }           // what is on the wire, or was last, is a recording's
    in_order* puts_in_order() { return in_order_.get(); }         // likewise
    protection* protected_by() { return protection_.get(); }      // null: nothing

    // During elaboration. `name` is the last step of the metrics' path.
    void add_traffic(const std::string& name, const packet::traffic_config&, const packet::traffic_addresses&);
    const replay& add_replay(const std::string& name, const replay_config&);
    void add_source(std::unique_ptr<frame_source>);
    // TCP, its metrics below "tcp"; once, behind protect(). Then connections that it opens, `name` as above, and ports at which it listens.
    void run_tcp(const tcp::endpoint_config&);
    void open_connections(const std::string& name, const tcp::connections_config&, std::uint16_t group, const packet::ip_address& to, const packet::mac_address&);
    void listen(std::uint16_t port);
    void watch_streams(tcp::stream_observer&);                    // of what has been opened and listens so far
    endpoint* connections() { return endpoint_.get(); }           // null: it has none

    const packet::mac_address& mac() const { return mac_; }
    packet::ipv4_address ip() const { return ip_; }
    // From here to another party: fills the own half.
    packet::traffic_addresses addresses_to(const packet::mac_address&, packet::ipv4_address, const packet::traffic_config&) const;

    wire::wire_sink& receiver() override;
    void plug(wire::wire_source&) override;
    const char* end_point_name() const override { return name(); }
    wire::phy_setting phy() const override;
    void start_of_simulation() override;

    // Only while simulating: a source became ready that was not.
    void poke();

private:
    void due(unsigned slot, ps at) override;
    bool choose(ps at);                          // the next frame of a source; false: none is ready
    void begin(ps at);
    void finish(ps at);
    void plan();
    // On a half-duplex link (models/peer/shared_medium.cpp).
    friend class receiver;
    void link_changed();
    void pause(std::uint16_t quanta, ps at);     // if that was agreed on
    void medium_changed();
    ps next_step() const;
    void tell_waiting(ps since);                 // the medium, what this station waits with
    void count_waiting(ps until);
    std::uint64_t waiting() const;               // frames in the queue
    void bring_queue_up(ps until);               // frames that came before that instant
    void collide(ps at);
    void jammed(ps at);

    peer_config config_;
    packet::mac_address mac_;
    packet::ipv4_address ip_;
    sim::station& station_;
    sim::capture_point& capture_;
    sim::agenda agenda_;
    std::unique_ptr<responder> responder_;
    std::unique_ptr<class receiver> receiver_;
    std::unique_ptr<in_order> in_order_;         // none: what comes goes on as it comes
    std::unique_ptr<shared_medium> medium_;      // none if it was never half duplex
    bool half_duplex_ = false;
    ps paused_from_ = 0, paused_until_ = 0;
    random_stream backoff_;
    std::vector<std::unique_ptr<frame_source>> sources_;
    std::unique_ptr<protection> protection_;
    std::unique_ptr<endpoint> endpoint_;         // none: it knows no TCP
    wire::wire_source* line_ = nullptr;
    outgoing current_;
    span octets_;
    std::size_t served_ = SIZE_MAX;              // the source that sent last; the first tie goes to source 0
    bool sending_ = false, recorded_ = false;
    ps free_at_ = 0;
    counter &sent_frames_, &sent_octets_, &collisions_, &lost_collisions_, &lost_arp_, &waited_, &pauses_;
    level& queue_;
};

}  // namespace nicteam::peer
