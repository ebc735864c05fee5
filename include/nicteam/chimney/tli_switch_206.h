// The TLI switch 206 (source document 002, FIG. 2; 108 in FIG. 1, 306 in FIG. 3): what applications do with a connection goes through the stack or through the
// chimney; while it is on its way, it waits here (¶63), in order. What a connection that is not in the host has received and is not consumed is readable
// here, by a copy: octets that a device tells of again, or a second one does, are known by their sequence numbers.
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
    // Bits of tcp::event, of a connection that is not in the host, or has just been on its way; those of the host's come with the table's results.
    virtual void happened(ps now, std::uint64_t name, std::uint32_t events) {}
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
    void abort(ps now, std::uint64_t name);
    std::size_t waiting(std::uint64_t name) const;                              // octets, while it is on its way

    // Wherever it is. Of a connection that is gone, what it received stays readable until forget().
    packet::octets readable(std::uint64_t name) const;                          // until the next call
    std::size_t room(std::uint64_t name) const;                                 // octets that send() hands on without a wait for acknowledgements
    bool peer_closed(std::uint64_t name) const;                                 // nothing comes behind what is readable
    bool forget(std::uint64_t name);                                            // of one in the host or gone; false: of another

private:
    struct held {                                // in the order of calls
        enum class kind : std::uint8_t { send, consume, close, abort } what = kind::send;
        bytes octets;
        std::size_t n = 0;
    };
    struct entry {
        std::deque<held> waiting;
        bool forced = false, wanted_back = false;
        // Of one whose state is not in the table:
        bool away = false, peer_closed = false;
        tcp::octet_queue received;
        tcp::sequence next = 0;                  // of the first octet that has not come
        // Of what the application sends: all that it handed over lies before own_end, all that the device has before given_end.
        tcp::sequence acknowledged = 0, given_end = 0, own_end = 0;
    };
    void do_it(ps now, std::uint64_t name, held);
    void hand_over(ps now, std::uint64_t name);
    bool give(ps now, std::uint64_t name, entry&, bytes&);                      // to the device; false: `bytes` is what it has no room for
    void done(ps now, journey_ref);              // 320
    void came_back(ps now, std::uint64_t name);
    void look_again(ps now, std::uint64_t name);
    void left(ps now, std::uint64_t name, const tcp::moved_connection&);        // 318
    void told(ps now, std::uint64_t name, const happening&);                    // std::logic_error: octets are missing before it

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
