// A security association (RFC 4301 4.4.2): what is fixed when it is made, and what it counts.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "nicteam/base/random_stream.h"
#include "nicteam/base/time.h"
#include "nicteam/ipsec/algorithms.h"
#include "nicteam/ipsec/replay_window.h"
#include "nicteam/ipsec/selector.h"
#include "nicteam/ipsec/transform.h"
#include "nicteam/packet/ip.h"

namespace nicteam::ipsec {

enum class security_protocol : std::uint8_t { esp = 50, ah = 51 };
enum class association_mode : std::uint8_t { transport, tunnel };
enum class fragment_bit : std::uint8_t { copy, set, clear };

// How the outer header of a tunnel comes about (RFC 4301 5.1.2; ECN: RFC 6040).
struct tunnel_header {
    packet::ip_address source, destination;
    std::uint8_t hop_limit = 64;
    fragment_bit dont_fragment = fragment_bit::copy;       // IPv4 outside; from IPv6 inside `copy` sets it
    std::optional<std::uint8_t> dscp;                      // none: the inner one
    bool copies_congestion = true;                         // RFC 6040 normal mode; false: compatibility mode, never capable
};

struct limits {                // of a lifetime; 0: none
    std::uint64_t packets = 0, octets = 0;
    ps time = 0;
};

struct udp_ports {             // RFC 3948
    std::uint16_t source = 4500, destination = 4500;
};

struct association_parameters {
    std::string name;
    std::uint32_t spi = 0;                                 // 256 … 2^32 - 1; below is reserved (RFC 4303, 2.1)
    security_protocol protocol = security_protocol::esp;
    association_mode mode = association_mode::transport;
    packet::ip_address source, destination;                // of what is on the wire: in tunnel mode the tunnel's ends
    ipsec::algorithms algorithms;
    ipsec::keys keys;
    bool extended_sequence = false;
    std::uint32_t replay_window = 64;                      // 0: off
    limits soft, hard;
    tunnel_header tunnel;
    std::optional<udp_ports> udp;
    selector inner;                                        // what may come out of it (RFC 4301, 5.2 step 4)
    bool fragments_in_transport = false;                   // not conforming: transport mode over fragments (RFC 4303, 3.3.4 forbids it)
};

// Why there can be no such association; empty when there can.
std::string refusal(const association_parameters&);

// A part of the outbound sequence numbers, lent to whoever sends: [first, last].
struct lease {
    std::uint64_t first = 1, last = 0;
    bool empty() const { return first > last; }
};

enum class lifetime_state : std::uint8_t { fresh, soft_expired, hard_expired };

class association {
public:
    // Throws std::invalid_argument with `refusal`. `iv_seed`: IVs of this association, same seed same IVs.
    explicit association(association_parameters, ps installed = 0, std::uint64_t iv_seed = 0, payload_kind = payload_kind::real);

    const association_parameters& parameters() const { return fixed_; }
    ipsec::transform& transform() { return *transform_; }

    // ---- outbound
    // The next sequence number with its IV (`iv` has algorithms.iv() octets). false: the numbers are used up, nothing may be sent
    // any more (RFC 4303, 3.3.3). A counter-mode IV is made from the number, so it is as unique.
    bool draw(std::uint64_t& sequence, std::uint8_t* iv);
    void iv_for(std::uint64_t sequence, std::uint8_t* iv);
    lease lend(std::uint64_t how_many);                    // shorter when fewer are left
    std::uint64_t next_sequence() const { return next_; }
    void start_after(std::uint64_t sequence);              // a gap, never a repeat

    // ---- inbound
    replay_window window;

    // ---- both: lifetimes
    void count(std::size_t octets) { ++packets_, octets_ += octets; }
    lifetime_state life(ps now) const;
    std::uint64_t packets() const { return packets_; }
    std::uint64_t octets() const { return octets_; }

private:
    association_parameters fixed_;
    std::unique_ptr<ipsec::transform> transform_;
    random_stream ivs_;
    std::uint64_t iv_base_;                                // counter modes: IV = base + sequence number
    std::uint64_t next_ = 1, packets_ = 0, octets_ = 0;
    ps installed_;
};

}  // namespace nicteam::ipsec
