// Fragments back to datagrams: IPv4 (RFC 791 3.2, RFC 815), IPv6 (RFC 8200 4.5, RFC 5722, RFC 6946), ECN (RFC 3168 5.3).
// The same code serves a NIC's receiver IP logic, a host's stack and peers: it takes octets and a time and says what to do;
// what that costs in cycles is up to whoever runs it. Work per fragment is bounded by its own length, however many are held.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "nicteam/base/frame.h"
#include "nicteam/base/time.h"
#include "nicteam/packet/ip.h"

namespace nicteam::packet {

// What happens to octets that two fragments bring. The same fragment once more is a duplicate, never an overlap.
class overlap_policy {
public:
    virtual ~overlap_policy() = default;
    enum class decision : std::uint8_t { discard_all, keep_held, take_new };
    virtual decision overlap() const = 0;
};
const overlap_policy& discard_all();        // the datagram is lost, with what still comes of it (RFC 5722; Linux, DPDK)
const overlap_policy& first_wins();         // octets held stay (VPP)
const overlap_policy& last_wins();          // octets held are replaced

enum class context_policy : std::uint8_t { refuse_new, evict_oldest };

struct reassembly_limits {
    std::size_t contexts = 1'024;           // datagrams at once
    std::size_t fragments = 64;             // of one datagram
    std::size_t held = 4u << 20;            // octets over all contexts, in units of eight
    ps timeout = 30 * second;               // from the first fragment that came; RFC 1122 3.3.2: 60 to 120 s, RFC 8200: 60 s
    std::size_t least_first = 0;            // octets behind the IP header of a first fragment that is not the last; RFC 1858. 0: any
    bool refuse_tcp_at_8 = true;            // a TCP fragment at offset 8 rewrites flags; RFC 3128
    context_policy when_full = context_policy::evict_oldest;
};

enum class reassembly_step : std::uint8_t {
    whole,              // no fragment: nothing was done
    held,
    duplicate,          // held already, octet for octet
    complete,
    // Dropped: this fragment.
    malformed,          // no IP, bad IPv4 header checksum, no payload, or a length that is no multiple of 8 before the last
    tiny,               // first fragment too short, or TCP at offset 8
    no_context,
    no_memory,
    poisoned,           // of a datagram that was given up
    // Dropped: the whole datagram.
    oversize,           // ends beyond 65,535 octets
    too_many,
    overlap,
    conflict,           // two ends, or octets behind the end
    congestion,         // some fragments not capable of ECN, some marked; RFC 3168, 5.3
};
constexpr std::size_t reassembly_steps = 14;
const char* name(reassembly_step);

// Observers' books: the fragments that a datagram was made of.
using trace_ids = std::vector<trace_id>;

struct reassembled {
    bytes datagram;                         // header of the fragment at offset 0, lengths and checksum renewed
    trace_ids parts;
    std::size_t fragments = 0;
    ps first = 0;                           // when the first of them came
};

// A datagram that was given up: at its time-out, evicted for another, or for what a fragment brought.
struct expired {
    bytes first_fragment;                   // header and payload at offset 0 for an ICMP message; empty when it never came
    trace_ids parts;                        // without the fragment that was the reason
    bool timed_out = true;                  // false: evicted, or
    reassembly_step why = reassembly_step::held;   // what `add` said when it gave the datagram up
};

class reassembler {
public:
    explicit reassembler(const reassembly_limits& = {}, const overlap_policy& = discard_all());
    ~reassembler();
    reassembler(const reassembler&) = delete;
    reassembler& operator=(const reassembler&) = delete;

    // Takes one packet. On `complete`, `result()` has the datagram until the next call. Fragments of one datagram have source,
    // destination, identification and, in IPv4, protocol in common (RFC 791, 3.2; RFC 8200, 4.5), and the `scope`: 0 as they came
    // off the wire, else what they were taken out of, so that nobody outside a tunnel adds to a datagram inside it.
    reassembly_step add(octets packet, ps now, trace_id = 0, std::uint64_t scope = 0);
    reassembled& result() { return result_; }

    // What was given up since the last call, by `add` or `expire`.
    std::vector<expired> take_expired();
    void expire(ps now);                    // datagrams whose time is up at `now`
    ps next_timeout() const;                // `never` when nothing is held

    std::size_t contexts() const;
    std::size_t open_contexts() const;      // those that hold fragments: not of a datagram that was given up
    std::size_t held() const { return held_; }
    std::size_t fragments_of_fullest() const;

    // How often `add` said so, and how many datagrams were given up unfinished.
    std::uint64_t counted(reassembly_step s) const { return counted_[static_cast<std::size_t>(s)]; }
    std::uint64_t timed_out() const { return timed_out_; }
    std::uint64_t evicted() const { return evicted_; }

private:
    struct context;
    struct books;

    reassembly_step take(octets packet, ps now, trace_id, std::uint64_t scope);
    reassembly_step place(context&, const ip_view&, trace_id);
    reassembly_step give_up(context&, reassembly_step);
    void finish(context&);
    void close(context&, bool timed_out);

    reassembly_limits limits_;
    const overlap_policy& overlap_;
    std::unique_ptr<books> books_;
    std::size_t held_ = 0;
    std::array<std::uint64_t, reassembly_steps> counted_{};
    std::uint64_t timed_out_ = 0, evicted_ = 0;
    reassembled result_;
};

}  // namespace nicteam::packet
