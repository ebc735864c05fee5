// TCP at a peer, at no CPU cost: connections of its applications over its own IP. What it sends leaves with the responder's answers.
#pragma once

#include <deque>
#include <map>
#include <memory>

#include "nicteam/packet/arp.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/icmp_error.h"
#include "nicteam/peer/peer.h"
#include "nicteam/tcp/connection_table.h"
#include "nicteam/tcp/connections.h"
#include "nicteam/tcp/endpoint.h"
#include "peer/responder.h"

namespace nicteam::peer {

class endpoint final : private tcp::stream_calls {
public:
    // `path` names its metrics: "client.tcp".
    endpoint(const std::string& path, const tcp::endpoint_config&, const packet::mac_address&, packet::ipv4_address, responder&, sim::agenda&, unsigned slot);

    void protect_with(protection& p) { protection_ = &p; }
    void open(const std::string& path, const tcp::connections_config&, std::uint16_t group, const packet::ip_address& to, const packet::mac_address&);
    void listen(const std::string& path, std::uint16_t port);

    void watch(tcp::stream_observer&);

    // A whole datagram of protocol 6 for this station; what it answers is ready then.
    void take(const packet::mac_address& from, const packet::ip_view&, ps at, ps ready);
    void told(const packet::icmp_error&, ps at);
    void learn(const packet::arp_message&);
    void on_time(ps at);                         // its slot is due
    void plan(ps now);

private:
    struct user {
        tcp::opening_end* opens = nullptr;
        tcp::listening_end* listens = nullptr;
    };

    state::handle connect(const packet::ip_address& to, std::uint16_t port) override;
    std::size_t room(state::handle) const override;
    void send(state::handle, packet::octets) override;
    packet::octets readable(state::handle) const override;
    void consume(state::handle, std::size_t) override;
    bool peer_closed(state::handle) const override;
    void close(state::handle) override;
    void abort(state::handle) override;
    void release(state::handle) override;
    bytes& scratch() override { return scratch_; }

    template <class F>
    void use(state::handle, F&&);
    std::shared_ptr<tcp::path> path_between(const packet::ip_address& local, const packet::ip_address& remote);
    std::uint32_t path_mtu(const tcp::path_constant&) const;
    void follow(tcp::results&);
    void tell();
    void send_one(const tcp::results::outgoing&);
    user& user_of(state::handle);
    static packet::ip_address key(const packet::ip_address& a);      // whom neighbours are known by

    tcp::endpoint_config config_;
    packet::mac_address mac_;
    packet::ipv4_address ip_;
    responder& out_;
    sim::agenda& agenda_;
    unsigned slot_;
    protection* protection_ = nullptr;
    tcp::endpoint_counters counters_;
    tcp::runner runner_;
    std::map<packet::ip_address, std::shared_ptr<tcp::neighbor>> neighbours_;
    std::map<packet::ip_address, std::shared_ptr<tcp::path>> paths_;      // by the other end
    tcp::connection_table table_;
    std::vector<std::unique_ptr<tcp::opening_end>> opening_;
    std::map<std::uint16_t, std::unique_ptr<tcp::listening_end>> listening_;
    std::vector<user> users_;                    // by index of the handle
    std::deque<tcp::results::happened> news_;
    bytes scratch_;
    tcp::opening_end* at_work_ = nullptr;        // whose call it is
    bool telling_ = false;
    std::uint16_t next_port_;
    ps now_ = 0, ready_ = 0;                     // of the call under way
};

}  // namespace nicteam::peer
