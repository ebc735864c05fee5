// The transport (TCP) layer of source document 002, FIG. 2 (203), FIG. 3 (300), FIG. 6 (650), FIG. 7 (750): which connections are the host's, the
// device's, or on their way. A connection's state is in one place at every instant: the host's table, octets that are being written or have come back,
// or the device.
#pragma once

#include <unordered_map>

#include "nicteam/chimney/network_layer_212.h"
#include "nicteam/tcp/connection_table.h"
#include "nicteam/tcp/moved_octets.h"

namespace nicteam::chimney {

enum class place : std::uint8_t { host, going_down, device, coming_up, gone };
const char* to_text(place);

class transport_layer_210 {
public:
    // `out`: what the host's table has to send after a call.
    transport_layer_210(tcp::connection_table&, tcp::results& out, network_layer_212&, minidriver_210&, act_observer&);

    // A connection of the table is known under this name from now on. false: there is none of that handle.
    bool add(std::uint64_t name, state::handle in_host);
    place where(std::uint64_t name) const;
    state::handle in_host(std::uint64_t name) const;
    state::handle in_device(std::uint64_t name) const;
    const tcp::connection* in_table(std::uint64_t name) const;                  // until 318, and when it is back; else nullptr
    state::handle table_handle(std::uint64_t name) const;                       // likewise

    void request(ps now, journey_ref);                                          // 330
    std::function<void(ps, journey_ref)> completed;                             // 320
    // Those that run in the device come back. Told of each: its handle in the table, empty when it had come to its end.
    void terminate(ps now, const std::vector<std::uint64_t>& names);
    std::function<void(ps, std::uint64_t name, state::handle in_host)> returned;
    // 318: its state has left the table. `stayed`: the device has not taken it, it is in the table again.
    std::function<void(ps, std::uint64_t name, const tcp::moved_connection&)> left;
    std::function<void(ps, std::uint64_t name)> stayed;
    // What the device tells of one that it runs.
    std::function<void(ps, std::uint64_t name, const happening&)> happened;
    // The device wants to be rid of one (704).
    std::function<void(ps, std::uint64_t name, reason)> asked;

    // A segment that came up the host's own way. true: it has been forwarded, or waits. false: the table is to take it.
    bool take(ps now, const packet::ip_address& source, const packet::ip_address& destination, packet::octets segment);
    void changed(ps now, std::uint64_t name, const tcp::transport_cached&);     // 610
    bool forget(std::uint64_t name);                                            // false: it is in the device, or on its way
    std::size_t size() const { return by_target_.size(); }                      // connections that the device has

private:
    struct waiting_segment {
        packet::ip_address source, destination;
        bytes octets;
    };
    struct record {
        chimney::place where = place::host;
        state::handle in_host, device;
        std::shared_ptr<tcp::path> over;
        tcp::four_tuple ends;
        bytes constant, cached;                  // the host's own; they do not come back
        tcp::moved_connection written;           // until the device has confirmed it
        std::vector<waiting_segment> segments;
    };
    record* find(std::uint64_t name);
    const record* find(std::uint64_t name) const { return const_cast<transport_layer_210*>(this)->find(name); }
    void done(ps now, journey_ref);              // 316
    void confirmed(ps now, std::uint64_t name, status, const std::shared_ptr<journey_ref>&, const std::shared_ptr<std::size_t>& open);
    void back(ps now, journey_ref);              // 748
    void forward(ps now, std::uint64_t name, waiting_segment);
    void put_back(ps now, record&, tcp::moved_connection);
    static std::pair<std::uint32_t, std::uint32_t> key(state::handle h) { return {h.index, h.generation}; }

    struct tuple_hash {
        std::size_t operator()(const tcp::four_tuple& t) const { return tcp::keyed_hash({1, 2}, t); }
    };
    tcp::connection_table& table_;
    tcp::results& out_;
    network_layer_212& below_;
    minidriver_210& driver_;
    act_observer& observer_;
    std::unordered_map<std::uint64_t, record> records_;
    std::unordered_map<tcp::four_tuple, std::uint64_t, tuple_hash> away_;      // by its ends: those that are not in the table
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> by_target_;
};

}  // namespace nicteam::chimney
