// What moves beside a connection's state, as octets: what may have to be sent again or is not sent yet, what is acknowledged and not consumed
// (BufferedData of source document 002, ¶83), what came before its turn.
#pragma once

#include <optional>

#include "nicteam/tcp/connection.h"

namespace nicteam::tcp {

// Little endian: the length of each of the first two in 32 bits, then its octets; the number of pieces, of each its first sequence number, length, octets.
bytes moved_octets(const moved_connection&);
// false: octets that are none of that; the connection's queues are not to be used then.
bool read_moved(moved_connection&, const std::uint8_t* from, std::size_t n);


// What its user does while it is nobody's: more to send, octets that are consumed, no more to come. false: octets that are no such state.
bool send_while_moved(moved_connection&, packet::octets);
bool consume_while_moved(moved_connection&, std::size_t);
bool close_while_moved(moved_connection&, ps now);

// A CACHED part as connection::save writes it.
bytes cached_octets(const transport_cached&);

// What its parts say; nothing when one of them is no such part.
struct moved_facts {
    transport_constant constant;
    transport_cached cached;
    transport_delegated delegated;
};
std::optional<moved_facts> facts_of(const moved_connection&, ps now);

}  // namespace nicteam::tcp
