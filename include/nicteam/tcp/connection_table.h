// All connections of one owner: which of them a segment is for, listeners with their backlog, TIME-WAIT, and whose timer is next.
#pragma once

#include <deque>
#include <functional>
#include <queue>
#include <unordered_map>

#include "nicteam/packet/icmp_error.h"
#include "nicteam/tcp/connection.h"
#include "nicteam/tcp/initial_sequence.h"

namespace nicteam::tcp {

// What is to be done after a call.
struct results {
    struct outgoing {
        packet::ip_address from, to;
        bytes segment;
    };
    struct happened {
        state::handle connection;
        std::uint32_t events = 0;
    };
    std::vector<outgoing> segments;
    std::vector<happened> events;
};

class connection_table {
public:
    // The path between two addresses: one and the same for all connections over it; nullptr: there is no way.
    using path_finder = std::function<std::shared_ptr<path>(const packet::ip_address& local, const packet::ip_address& remote)>;

    // At most `most` connections, those in TIME-WAIT among them. `by` outlives the table.
    connection_table(const runner& by, path_finder, secret, std::size_t most = 65536);

    // Connections that wait for their handshake to end or for `accept`: at most `backlog`; more SYNs are dropped. false: the port is taken.
    bool listen(std::uint16_t port, std::size_t backlog);
    void stop_listening(ps now, std::uint16_t port, results&);      // what was not accepted is aborted
    // The next one that is established; an empty handle: none.
    state::handle accept(std::uint16_t port);
    // An empty handle: no way, no room, or there is such a connection.
    state::handle connect(ps now, const four_tuple&, results&);

    // Any octets of a datagram of protocol 6. fate::no_connection: answered with RST, or dropped as RFC 9293, 3.10.7.1 and 3.10.7.2 say.
    fate on_segment(ps now, const packet::ip_address& source, const packet::ip_address& destination, packet::octets segment, results&);
    // "Too big" for a datagram that we sent from `local`: believed if it quotes what is under way (RFC 5927). The path learns it, and with it all
    // connections; this one sends again at once.
    bool too_big(ps now, const packet::ip_address& local, const packet::path_told&, results&);
    ps next_deadline() const { return due_.empty() ? never : due_.top().first; }
    void on_timer(ps now, results&);

    // A call of the user's: f(connection&, actions&). false: a stale handle.
    template <class F>
    bool use(state::handle h, results& r, F&& f) {
        entry* e = find_entry(h);
        if (!e) return false;
        actions a;
        f(*e->it, a);
        settle(h, a, r);
        return true;
    }
    const connection* find(state::handle h) const { return const_cast<connection_table*>(this)->find_connection(h); }
    // The connection between these; an empty handle: there is none.
    state::handle named(const four_tuple&) const;
    // Nobody asks for it any more: what is open is closed (connection::abandon), and it goes when it may.
    void release(ps now, state::handle, results&);

    // To another owner and from one. The four-tuple is free here afterwards.
    moved_connection take_out(ps now, state::handle);
    state::handle put_in(ps now, const four_tuple&, moved_connection, results&);

    std::size_t size() const { return slots_.size(); }
    struct counters {
        std::uint64_t backlog_full = 0, table_full = 0, resets_sent = 0, bad_segments = 0, time_wait_followed = 0;
    };
    const counters& counted() const { return counted_; }

private:
    struct entry {
        std::unique_ptr<connection> it;
        four_tuple name;
        ps scheduled = never;
        bool asked_for = false;          // a user has the handle
        bool waits = false;              // in a listener's backlog
    };
    struct listener {
        std::size_t backlog = 0, waiting = 0;
        std::deque<state::handle> ready;
    };
    struct tuple_hash {
        secret key;
        std::size_t operator()(const four_tuple& t) const { return keyed_hash(key, t); }
    };
    using due = std::pair<ps, state::handle>;
    struct later_due {
        bool operator()(const due& a, const due& b) const { return a.first != b.first ? a.first > b.first : a.second.index > b.second.index; }
    };

    entry* find_entry(state::handle h) {
        auto* const e = slots_.find(h);
        return e ? e->get() : nullptr;
    }
    connection* find_connection(state::handle h) {
        entry* const e = find_entry(h);
        return e ? e->it.get() : nullptr;
    }
    state::handle make(const four_tuple&, sequence iss);
    fate on_listener(ps now, const four_tuple&, const segment_view&, sequence not_before, bool follows, results&);
    void settle(state::handle, actions&, results&);
    void schedule(state::handle, entry&);
    void forget_name(entry&);
    void erase(state::handle);
    void no_longer_waits(entry&);

    const runner* by_;
    path_finder find_path_;
    secret secret_;
    state::slot_table<std::unique_ptr<entry>> slots_;
    std::unordered_map<four_tuple, state::handle, tuple_hash> names_;
    std::unordered_map<std::uint16_t, listener> listeners_;
    std::priority_queue<due, std::vector<due>, later_due> due_;
    counters counted_;
};

}  // namespace nicteam::tcp
