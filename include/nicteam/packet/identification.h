// Identifications of the datagrams that a sender makes: 16 bits in IPv4 (RFC 791 3.2, RFC 6864), 32 in IPv6 when it is cut (RFC 8200
// 4.5). They are counted per path (source, destination, in IPv4 the protocol), so that each path uses all of its name space before
// one comes again, and several senders of one path share the name space in slices: the halves of source document 002 ¶86, host
// and device, or one slice per device.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <tuple>

#include "nicteam/base/time.h"
#include "nicteam/packet/ip.h"

namespace nicteam::packet {

// first, first + 1, … first + count - 1, within 16 bits. IPv6 has the same part of its 32 bits: 65,536 numbers for each.
struct identification_slice {
    std::uint16_t first = 0;
    std::uint32_t count = 65'536;
};

// `which` of `slices` equal slices. Throws std::invalid_argument: no power of two, or no such slice.
identification_slice slice(unsigned which, unsigned slices);

class identification_source {
public:
    // Throws std::invalid_argument: a slice without numbers, or beyond 16 bits. `lifetime`: how long a receiver may hold a fragment;
    // a number that comes again sooner can be mixed with the one before (RFC 4963).
    explicit identification_source(identification_slice = {}, ps lifetime = 30 * second);

    // Also of datagrams that may not be cut, whose identification nobody looks at (RFC 6864, 4.1): a path has one count.
    std::uint32_t next(const ip_address& source, const ip_address& destination, std::uint8_t protocol, ps now);

    // The count of a path as another owner goes on with it: the slice stays what it is, so that no owner comes near another's.
    std::uint64_t used(const ip_address& source, const ip_address& destination, std::uint8_t protocol) const;
    void go_on_after(const ip_address& source, const ip_address& destination, std::uint8_t protocol, std::uint64_t used, ps now);

    // Rounds through the slice that took less than the lifetime: numbers came again too soon.
    std::uint64_t short_rounds() const { return short_rounds_; }
    const identification_slice& numbers() const { return slice_; }
    std::size_t paths() const { return paths_.size(); }

private:
    using path = std::tuple<ip_address, ip_address, std::uint8_t>;
    static path path_of(const ip_address& source, const ip_address& destination, std::uint8_t protocol);
    struct count {
        std::uint64_t used = 0;       // numbers given so far
        ps round = 0;                 // when the present round through the slice began
    };

    identification_slice slice_;
    ps lifetime_;
    std::map<path, count> paths_;
    std::uint64_t short_rounds_ = 0;
};

}  // namespace nicteam::packet
