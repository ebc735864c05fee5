// Initial sequence numbers that nobody outside can guess: RFC 6528. Also the table's hash: who does not know the secret cannot fill one bucket.
#pragma once

#include "nicteam/base/time.h"
#include "nicteam/packet/ip.h"
#include "nicteam/tcp/sequence.h"

namespace nicteam::tcp {

struct four_tuple {
    packet::ip_address local, remote;
    std::uint16_t local_port = 0, remote_port = 0;
    friend bool operator==(const four_tuple& a, const four_tuple& b) {
        return a.local_port == b.local_port && a.remote_port == b.remote_port && a.remote == b.remote && a.local == b.local;
    }
};

// 128 bits, of a random stream of whoever makes connections.
struct secret {
    std::uint64_t first = 0, second = 0;
};

// SipHash-2-4 (J.-P. Aumasson, D. J. Bernstein) of any octets.
std::uint64_t keyed_hash(const secret&, const std::uint8_t* from, std::size_t n);
std::uint64_t keyed_hash(const secret&, const four_tuple&);

// ISN = M + F(connection, secret): M counts every 4 us.
sequence initial_sequence(const secret&, const four_tuple&, ps now);
// RFC 7323, 5.4: another offset for each connection.
std::uint32_t timestamp_offset(const secret&, const four_tuple&);

}  // namespace nicteam::tcp
