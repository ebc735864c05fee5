// The Offload Target of source document 002: what a peripheral device keeps of the connections that it runs, as an inverted tree (FIG. 4: 402, 404,
// 406 …): connections over paths, paths over neighbours, each with a handle of the target's and a count of those above it. Function apart from time:
// calls say what time it is; who runs it, a NIC's microcontroller or a hard state machine, turns steps and octets into cycles.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "nicteam/state/block_list.h"
#include "nicteam/tcp/connection_table.h"

namespace nicteam::tcp {
struct moved_facts;
}

namespace nicteam::chimney {

// Of a block in a completion, and of a call.
enum class status : std::uint16_t {
    done,
    no_room,                 // all slots of its layer are taken
    not_able,                // the target lacks an ability that it needs
    stale_handle,            // no object of that handle, or another layer's
    malformed,               // octets that are no such part
    wrong_order,             // a state without the object beneath it, or one that is there already
    in_use,                  // others depend on it
    not_movable,             // a connection in a state in which it is not offloaded: nothing was established, or it is over
    refused_below,           // the block beneath was refused
    taken_back,              // in this list another block was refused, and the list was to be taken as a whole
    upload_in_progress,      // its state is on its way to the host (¶57, ¶105)
};
const char* to_text(status);

// What it can do; a host asks for it before it offloads, and again when it has changed (¶113).
struct abilities {
    std::uint32_t neighbours = 64, paths = 256, connections = 1024;      // slots
    bool ipv6 = true, sack = true, window_scaling = true, timestamps = true, keep_alive = true, urgent = true;
    std::uint32_t most_window = 1u << 30;        // octets of a receive window
    std::uint32_t send_capacity = 65535;         // octets of a connection's send queue, unacknowledged ones among them
};

// Why it wants to be rid of a connection (¶102, ¶103).
enum class reason : std::uint8_t {
    reset,                   // RST came
    urgent,                  // urgent data, which it is not able to take
    timed_out,               // nothing comes back: retransmissions are used up, or what it depends on has gone (¶101)
    closed,                  // both ends have closed
    resources,               // asked for by whoever runs it
    lost,                    // its device is dead, and its state with it (B-149)
};
const char* to_text(reason);

struct outcome {
    tcp::results out;                                          // segments to send; events by handles of the target
    struct indication {
        state::handle connection;
        chimney::reason reason;
    };
    std::vector<indication> indications;                       // "indicate" (¶103): the host decides
};

class target {
public:
    // `by` outlives it; its is_nic is set by who makes it.
    target(const tcp::runner& by, const chimney::abilities&, tcp::secret);
    ~target();

    const chimney::abilities& able() const { return abilities_; }
    void able(const chimney::abilities& a) { abilities_ = a; } // it has changed; what is there stays

    // 370 (¶68): decides and allocates. Comes back as it was, with handles and each block's status; parts that came with it (¶75) are loaded at
    // once. `whole`: all blocks or none.
    state::block_list offload(ps now, state::block_list, bool whole, outcome&);
    // 310, 314, 318: a layer writes its state. A connection runs from when its DELEGATED part and `data` (tcp/moved_octets.h) have come.
    status load(ps now, state::handle, state::part, packet::octets, outcome&);
    status load_data(state::handle, packet::octets);           // before the DELEGATED part

    // FIG. 6: a CACHED part anew. One call for all that depend on it.
    status update(ps now, state::handle, packet::octets cached, outcome&);
    // A path goes over another next hop (FIG. 4D); both are there.
    status relink(state::handle path, state::handle neighbour);
    // ¶55: a copy, of one instant. The connection goes on.
    status query(ps now, state::handle, state::part, bytes& out);

    // FIG. 7, 732 … 742: of each connection of the list the DELEGATED state and its data; of each path, if nothing depends on it any more, its next
    // IP-ID; then they are gone here. Blocks that stay only lead to others. Handles and statuses as in offload().
    state::block_list upload(ps now, state::block_list);
    // From here on what comes for it is refused, what it sends has been sent (¶105); upload() takes its state.
    status stop(ps now, state::handle connection);
    // An object goes without its state coming back: the host knows that it needs none. Connections above it run on until they time out (¶101).
    status invalidate(state::handle);

    // The user's calls, over the dispatch table (322).
    status send(ps now, state::handle, packet::octets, outcome&);
    status consume(ps now, state::handle, std::size_t, outcome&);
    status close(ps now, state::handle, outcome&);
    status abort(ps now, state::handle, outcome&);
    const tcp::connection* connection(state::handle) const;   // null: none, or it does not run

    // The connection that a segment is for and that runs here; empty: none.
    state::handle between(const packet::ip_address& source, const packet::ip_address& destination, packet::octets segment) const;
    // A segment from the wire, or one that the host forwards because it came in through another device, or had to be put together (¶57).
    // false: it is no connection's that runs here; nothing is answered to it.
    bool take(ps now, const packet::ip_address& source, const packet::ip_address& destination, packet::octets segment, outcome&);
    status forward(ps now, state::handle, const packet::ip_address& source, const packet::ip_address& destination, packet::octets segment, outcome&);

    ps next_deadline() const { return table_.next_deadline(); }
    void on_timer(ps now, outcome&);

    // What leaves over a path: where to, and under which IP-ID (¶86). nullptr: not its own.
    tcp::path* path_to(const packet::ip_address& local, const packet::ip_address& remote);

    struct usage {
        std::size_t neighbours = 0, paths = 0, connections = 0;
    };
    usage used() const { return {neighbours_.size(), paths_.size(), connections_.size()}; }
    std::size_t dependents(state::handle) const;               // of a neighbour or path; 0 too when there is none of that handle

private:
    struct neighbour_entry {
        std::shared_ptr<tcp::neighbor> it = std::make_shared<tcp::neighbor>();
        std::size_t above = 0;
    };
    struct path_entry {
        std::shared_ptr<tcp::path> it;                         // none: its CONST part has not come
        state::handle below;
        std::size_t above = 0;
    };
    enum class phase : std::uint8_t { allocated, runs, stopped, over };
    struct connection_entry {
        chimney::target::phase phase = phase::allocated;
        state::handle below, in_table;
        tcp::moved_connection coming;
    };

    status allocate(state::block&, state::handle below);
    status load_block(ps now, state::block&, outcome&);
    status load_path(ps now, state::handle, path_entry&, state::part, packet::octets);
    status load_connection(ps now, state::handle, connection_entry&, state::part, packet::octets, outcome&);
    status begin(ps now, state::handle, connection_entry&, outcome&);
    bool suits(const tcp::moved_facts&) const;
    void remove(state::handle);
    void settle(outcome&);
    void indicate(state::handle, reason, outcome&);
    connection_entry* running(state::handle, status&);

    chimney::abilities abilities_;
    state::slot_table<neighbour_entry> neighbours_;
    state::slot_table<path_entry> paths_;
    state::slot_table<connection_entry> connections_;
    std::shared_ptr<tcp::path> over_;                          // of the connection that is put in
    tcp::connection_table table_;
    std::vector<state::handle> by_table_;                      // of a connection, by the index of its handle in the table
    struct ends {
        packet::ip_address local, remote;
        bool operator<(const ends& o) const { return local != o.local ? local < o.local : remote < o.remote; }
    };
    std::map<ends, std::vector<state::handle>> by_ends_;       // paths
};

}  // namespace nicteam::chimney
