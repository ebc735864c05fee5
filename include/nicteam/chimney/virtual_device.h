// The virtual peripheral device of source document 002 (¶107-116, FIG. 9, 10): to the host's layers one offload device, below it several. It has handles
// of its own, so that an object may move from one member to another without anybody above knowing; it keeps CONST and CACHED parts as they pass,
// DELEGATED ones only while it moves them.
//
// One member at a time works. When it fails, by media sense, heartbeat or an administrator, who watches calls fail().
#pragma once

#include <deque>
#include <map>

#include "nicteam/chimney/device_port.h"

namespace nicteam::chimney {

enum class recovery : std::uint8_t {
    by_host,         // ¶111: the host takes everything back, asks what the next one can do, and offloads again
    direct,          // ¶114: the virtual device moves the state itself; requests wait meanwhile
};
enum class fault_class : std::uint8_t {
    readable,        // its link is gone: its state can be read
    dead,            // nothing of it can be read: its connections are lost, and no others (B-149)
};

struct virtual_device_options {
    chimney::recovery recovery = recovery::direct;
    std::uint32_t batch = 1024;                  // connections that are moved in one list
    bytes inserted;                              // opaque data in a block of its own under each next hop (¶116): a VLAN, a vendor's; empty: no such block
};

class virtual_device {
public:
    // `up` gets what members answer to the host's layers; members' answers go to answers_of().
    virtual_device(std::vector<dispatch_table> members, answers& up, virtual_device_options);
    ~virtual_device();

    dispatch_table table();                      // for who is above
    answers& answers_of(std::size_t member);

    std::size_t active() const { return active_; }
    // The member fails; another one works from now on. false: no other is well, and all connections go to the host.
    bool fail(ps now, std::size_t member, fault_class);
    void restore(std::size_t member);            // it may be chosen again
    // by_host: all connections are to come back; the host does that, and calls enable() then (¶112).
    std::function<void(ps)> wants_all_back;
    void enable(ps now);
    // What the host may reckon with has changed (¶113).
    std::function<void(ps)> abilities_changed;

    struct counts {
        std::size_t moved = 0, lost = 0, parked = 0;                 // connections; parked: no member took it, it went to the host
        std::size_t stalled = 0, most_stalled = 0;                   // requests that waited, in all and at once (¶114)
    };
    const counts& counted() const { return counts_; }
    bool moving() const { return moving_; }
    std::size_t objects() const { return objects_.size(); }

private:
    struct object;
    struct member;
    struct operation;
    using heard = std::function<void(ps, status, state::block_list, bytes)>;

    void offload(ps now, ticket, state::block_list, bool whole);
    void upload(ps now, ticket, state::block_list);
    void write(ps now, ticket, state::handle, state::part, bytes, bool update);
    void write_data(ps now, ticket, state::handle, bytes);
    void relink(ps now, ticket, state::handle path, state::handle neighbour);
    void query(ps now, ticket, state::handle, state::part);
    void operate(ps now, state::handle, operation);
    void carry_out(ps now, object&, operation);
    bool stall(std::function<void(ps)>);

    // That list as a member knows its objects; place: where each block stands in it, none: it does not.
    state::block_list translated(const state::block_list&, std::size_t member, bool up, std::vector<std::uint32_t>& place);
    state::block_list list_of(const std::vector<state::handle>& connections);
    object* find(state::handle);
    void forget(state::handle);
    bool apply_waiting(ps now, object&);

    std::vector<state::handle> connections_at(std::size_t member);
    void drained(ps now, std::size_t member);    // nothing is asked of it any more
    void move_away(ps now, fault_class);
    void fetch(ps now, std::vector<state::handle>);
    void settle_in(ps now);
    void park(ps now, state::handle);
    void done_moving(ps now);
    ticket ask(std::size_t member, heard);
    std::size_t next_well(std::size_t behind) const;

    virtual_device_options options_;
    answers& up_;
    std::vector<std::unique_ptr<member>> members_;
    state::slot_table<std::unique_ptr<object>> objects_;
    std::size_t active_ = 0, next_ = 0;
    bool moving_ = false, draining_ = false, enabled_ = true;
    std::deque<std::function<void(ps)>> stalled_;
    std::vector<state::handle> homeless_;        // connections that are to be placed
    std::size_t fetching_ = 0;                   // lists that have not come
    counts counts_;
};

}  // namespace nicteam::chimney
