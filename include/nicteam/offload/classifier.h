// The end of receiver IP logic 22b: a whole, clear datagram belongs to a connection that the device carries, or goes to the receive unit.
// Source document 004, 12 and 29 ("complete transport processing"). No connection is offloaded yet: the table is empty in every run.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <tuple>

#include "nicteam/packet/ip.h"
#include "nicteam/packet/transport.h"
#include "nicteam/state/handle.h"

namespace nicteam::offload {

// As the packets that come in show it: the far end is the source.
struct connection_key {
    packet::ip_address source, destination;
    std::uint8_t protocol = 0;                                 // TCP or UDP
    std::uint16_t source_port = 0, destination_port = 0;

    friend bool operator<(const connection_key& a, const connection_key& b) { return a.all() < b.all(); }

private:
    std::tuple<const packet::ip_address&, const packet::ip_address&, std::uint8_t, std::uint16_t, std::uint16_t> all() const {
        return {source, destination, protocol, source_port, destination_port};
    }
};

class connection_table {
public:
    explicit connection_table(std::size_t capacity) : slots_(capacity) {}

    std::optional<state::handle> add(const connection_key&);   // nothing: it is full, or has it
    bool remove(state::handle);                                // false: a stale handle
    state::handle find(const connection_key&) const;           // generation 0: none
    bool empty() const { return by_key_.empty(); }

private:
    state::slot_table<connection_key> slots_;
    std::map<connection_key, state::handle> by_key_;
};

// The connection of a whole datagram; generation 0: it goes to the receive unit, as does what is not TCP or UDP, whose header or checksum is
// not good, or which is too short.
state::handle classify(const connection_table&, packet::octets datagram);

}  // namespace nicteam::offload
