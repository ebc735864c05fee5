// TCP of a host: its connections, run by whichever CPU calls. What they send waits here for buffers, in order; what their steps cost is charged as it
// leaves. No time passes inside a connection. A connection keeps its handle here wherever it runs: in the table, or through a chimney in a device.
#pragma once

#include <deque>
#include <map>

#include "nicteam/stack/streams.h"
#include "nicteam/tcp/connection_table.h"
#include "nicteam/tcp/endpoint.h"
#include "stack/chimney.h"
#include "stack/machinery.h"

namespace nicteam::stack {

class transport final : public sc_core::sc_module, public streams, private completion_user {
public:
    transport(sc_core::sc_module_name, const tcp::endpoint_config&, const chimney_config&, protocol_stack_100::machinery&);

    bool listen(std::uint16_t port, stream_user&) override;
    state::handle connect(host::cpu&, const destination&, stream_user&) override;
    std::size_t room(state::handle) const override;
    void send(host::cpu&, state::handle, packet::octets) override;
    packet::octets readable(state::handle) const override;
    void consume(host::cpu&, state::handle, std::size_t) override;
    bool peer_closed(state::handle) const override;
    void close(host::cpu&, state::handle) override;
    void abort(host::cpu&, state::handle) override;
    void release(host::cpu&, state::handle) override;

    // The payload of a datagram of protocol 6.
    void take(host::cpu&, const packet::ip_address& source, const packet::ip_address& destination, packet::octets segment, trace_id);
    // "Too big" that quotes a segment; true: believed.
    bool told(host::cpu&, const packet::path_told&);
    void look_at_paths();                        // policies have learned that one is shorter
    void learned(host::cpu&, unsigned interface, ipv4_address next_hop, const driver::mac_address&);

private:
    struct ends {
        packet::ip_address local, remote;
        bool operator<(const ends& o) const { return local != o.local ? local < o.local : remote < o.remote; }
    };
    using segment = tcp::results::outgoing;
    struct shaft;
    struct stream {
        state::handle in_table;                  // none: it is away, or gone
        stream_user* user = nullptr;
        shaft* by = nullptr;              // a chimney knows it …
        std::uint64_t name = 0;                  // … by this name
        std::uint64_t octets = 0;                // handed over and consumed
        bool refused = false, told_closed = false;
    };
    // One adapter whose device runs connections.
    struct shaft final : chimney_user {
        shaft(transport& t, unsigned interface, driver::offload_port& p)
            : owner(t), over(("chimney_" + std::to_string(interface)).c_str(), p, t.table_, t.out_, *this) {}
        transport& owner;
        std::map<std::uint64_t, state::handle> streams;        // by name
        chimney_over over;
        void answered(host::cpu& c) override { owner.follow(c, owner.out_), owner.tell(c); }
        void moved(std::uint64_t name, chimney::place p, chimney::refusal f) override { owner.moved(*this, name, p, f); }
        void happened(std::uint64_t name, std::uint32_t events) override;
    };

    std::shared_ptr<tcp::path> path_between(const packet::ip_address& local, const packet::ip_address& remote);
    std::uint32_t path_mtu(const packet::ip_address& local, const packet::ip_address& remote, const protocol_stack_100::machinery::ports& = {}) const;
    void shorten(const segment&, const protocol_stack_100::machinery::ports&);
    template <class F, class G>
    void use(host::cpu&, state::handle, F&& in_table, G&& through_chimney);
    state::handle opened(state::handle in_table, stream_user*);
    void consider(host::cpu&, state::handle);    // whether it goes into a device now
    void moved(shaft&, std::uint64_t name, chimney::place, chimney::refusal);
    shaft* way_into_device(const tcp::connection&, unsigned& interface, ipv4_address& hop);
    void follow(host::cpu&, tcp::results&);      // what a call of the table's has left to do
    void charge(host::cpu&);
    void leave(host::cpu&);
    bool send_one(host::cpu&, const segment&);
    void tell(host::cpu&);
    void tell_later(host::cpu&);
    void plan(host::cpu&);
    void complete(host::cpu&, std::uint64_t, driver::status) override {}
    void room(host::cpu& c) override { leave(c); }

    protocol_stack_100::machinery& stack_;
    tcp::endpoint_config config_;
    tcp::endpoint_counters counters_;
    tcp::runner runner_;
    std::map<ends, std::weak_ptr<tcp::path>> paths_;
    tcp::connection_table table_;
    std::map<std::uint16_t, stream_user*> listeners_;
    state::slot_table<stream> streams_;
    std::vector<state::handle> by_table_;        // of a stream, by index of the handle in the table
    chimney_config chimney_;
    tcp::results out_;                           // of what chimneys do
    std::map<unsigned, std::unique_ptr<shaft>> shafts_;        // by adapter
    std::map<std::pair<unsigned, ipv4_address>, std::shared_ptr<tcp::neighbor>> hops_;
    std::deque<segment> leaving_;
    std::deque<tcp::results::happened> news_;
    bool draining_ = false, telling_ = false;
    std::uint16_t next_port_;
    ps planned_ = never;
};

}  // namespace nicteam::stack
