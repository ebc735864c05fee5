// The TLI switch 206 (source document 002, FIG. 2; 108 in FIG. 1, 306 in FIG. 3): what applications do with a connection goes through the stack or through the
// chimney; while it is on its way, it waits here (¶63), in order.
#pragma once

#include "nicteam/chimney/transport_layer_210.h"

namespace nicteam::chimney {

class switch_user {
public:
    virtual ~switch_user() = default;
    // Where a connection is now. `refused`: it stays in the host, and who said so.
    virtual void moved(ps now, std::uint64_t name, place, refusal refused) = 0;
    // The device ended an offload that an administrator had asked for (¶101).
    virtual void logged(ps now, std::uint64_t name, reason) {}
};

class tli_switch_206 {
public:
    tli_switch_206(transport_layer_210&, tcp::connection_table&, tcp::results& out, minidriver_210&, act_observer&, switch_user&);

    // From now on it is known here by this name; 0: there is no such connection.
    std::uint64_t add(state::handle in_host);
    place where(std::uint64_t name) const { return below_.where(name); }

    // One request for all. `whole`: all of them or none. `forced`: an administrator asked for it.
    void offload(ps now, const std::vector<std::uint64_t>& names, bool whole = false, bool forced = false);
    void upload(ps now, const std::vector<std::uint64_t>& names);

    void send(ps now, std::uint64_t name, packet::octets);
    void consume(ps now, std::uint64_t name, std::size_t);
    void close(ps now, std::uint64_t name);
    std::size_t waiting(std::uint64_t name) const;                              // octets, while it is on its way

private:
    struct held {                                // in the order of calls
        enum class kind : std::uint8_t { send, consume, close } what = kind::send;
        bytes octets;
        std::size_t n = 0;
    };
    struct entry {
        std::deque<held> waiting;
        bool forced = false, wanted_back = false;
    };
    void do_it(ps now, std::uint64_t name, held);
    void hand_over(ps now, std::uint64_t name);
    void done(ps now, journey_ref);              // 320
    void came_back(ps now, std::uint64_t name);

    transport_layer_210& below_;
    tcp::connection_table& table_;
    tcp::results& out_;
    minidriver_210& driver_;
    act_observer& observer_;
    switch_user& user_;
    std::unordered_map<std::uint64_t, entry> entries_;
    std::uint64_t next_ = 1;
};

}  // namespace nicteam::chimney
