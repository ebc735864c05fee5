// A security association (RFC 4301 4.4.2), the first state object (source document 002): CONST are algorithms, keys and selectors;
// CACHED limits, path MTU and peer; DELEGATED the sequence numbers lent to it, the replay window and the counters of its lifetime.
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
#include "nicteam/state/state_object.h"

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

constexpr std::uint16_t udp_encapsulation = 4'500;        // RFC 3948

struct udp_ports {             // one of them is 4500; a translator changes the other
    std::uint16_t source = udp_encapsulation, destination = udp_encapsulation;
};

// What an association is made from. All of it is CONST but `name` and the fields that cached_parameters repeats.
struct association_parameters {
    std::string name;                                      // for people and scenarios; does not cross the bus
    std::uint32_t spi = 0;                                 // 256 … 2^32 - 1; below is reserved (RFC 4303, 2.1)
    security_protocol protocol = security_protocol::esp;
    association_mode mode = association_mode::transport;
    packet::ip_address source, destination;                // of what is on the wire: in tunnel mode the tunnel's ends
    ipsec::algorithms algorithms;
    ipsec::keys keys;
    bool extended_sequence = false;                        // 64-bit sequence numbers (RFC 4303, 2.2.1)
    std::uint64_t first_sequence = 1;                      // of one that goes on: numbers below are used; does not cross the bus
    std::uint32_t replay_window = 64;                      // numbers, at most 2^31; 0: off
    limits soft, hard;
    std::uint32_t path_mtu = 0;                            // octets, 68 (IPv6: 1,280) … 65,535; 0: not known
    tunnel_header tunnel;
    std::optional<udp_ports> udp;
    selector inner;                                        // what may come out of it (RFC 4301, 5.2 step 4)
    bool fragments_in_transport = false;                   // not conforming: transport mode over fragments (RFC 4303, 3.3.4 forbids it)
    bool cuts_before = false;                              // tunnel: what grows past the path MTU is cut before it is protected, not after
};

// What the host may change while an association lives, wherever the association is.
struct cached_parameters {
    limits soft, hard;
    std::uint32_t path_mtu = 0;                            // octets; 0: not known
    packet::ip_address peer;                               // tunnel: where the outer header goes
    std::uint16_t peer_port = 0;                           // UDP encapsulation: its destination; a translator may change it (RFC 3948)
};

// The association as its CONST part has it.
struct constant_parameters {
    association_parameters parameters;                     // no name; CACHED fields as they are by default; keys only where they go in
    ps installed = 0;
    std::uint64_t counter_start = 0;                       // IV of counter modes: this + sequence number (RFC 3686, 3.1; RFC 4106, 3.1)
};

// Why there can be no such association, with the value that is wrong; empty when there can. Never with a key.
std::string refusal(const association_parameters&);

// A part of the outbound sequence numbers, lent to whoever sends: [first, last]. With them go the IVs of counter modes.
struct lease {
    std::uint64_t first = 1, last = 0;
    bool empty() const { return first > last; }
};

enum class lifetime_state : std::uint8_t { fresh, soft_expired, hard_expired };

class association final : public state::state_object {
public:
    // Throws std::invalid_argument with `refusal`. `iv_seed`: IVs of this association, same seed same IVs. It owns all sequence
    // numbers.
    explicit association(association_parameters, ps installed = 0, std::uint64_t iv_seed = 0, payload_kind = payload_kind::real);
    // As a device has it: without a number until a lease or a DELEGATED part brings some.
    explicit association(constant_parameters, std::uint64_t iv_seed = 0, payload_kind = payload_kind::real);

    const association_parameters& parameters() const { return fixed_.parameters; }
    const constant_parameters& constants() const { return fixed_; }
    const cached_parameters& cached() const { return cached_; }
    // Why these cannot be; empty: they are in force.
    std::string change(const cached_parameters&);

    ipsec::transform& transform() { return *transform_; }

    // ---- outbound
    // The next sequence number with its IV (`iv` has algorithms.iv() octets). false: there is none. A counter-mode IV is made from
    // the number, so it is as unique, whoever owns the association.
    bool draw(std::uint64_t& sequence, std::uint8_t* iv);
    void iv_for(std::uint64_t sequence, std::uint8_t* iv);
    // No number is left and none will be: nothing may be sent any more (RFC 4303, 3.3.3).
    bool exhausted() const;
    std::uint64_t left() const { return last_ - drawn_; }
    std::uint64_t next_sequence() const { return drawn_ + 1; }   // 0 when all 2^64 are used
    void start_after(std::uint64_t sequence);                    // a gap, never a repeat

    lease lend(std::uint64_t how_many);                    // shorter when fewer are left; those are no longer its own
    // Only numbers behind all that it had. false: others, or none; nothing has changed. What it had left and is not next to the
    // new ones is given up: a gap.
    bool take(const lease&);
    // The end of what was lent last, unused, by an owner that could be read. false: a gap it stays.
    bool give_back(const lease& unused);
    lease held() const { return {drawn_ + 1, last_}; }     // empty when there is none left

    // ---- inbound
    replay_window window;

    // ---- both: lifetimes
    void count(std::size_t octets) { count(1, octets); }
    void count(std::uint64_t packets, std::uint64_t octets) { packets_ += packets, octets_ += octets; }
    lifetime_state life(ps now) const;
    std::uint64_t packets() const { return packets_; }
    std::uint64_t octets() const { return octets_; }

    // ---- the state object. Formats: association_state.h
    state::layer layer() const override { return state::layer::security; }
    void save(state::part, bytes& out) const override;
    bool load(state::part, const std::uint8_t* from, std::size_t n) override;

private:
    bool load_delegated(const std::uint8_t* from, std::size_t n);

    constant_parameters fixed_;
    cached_parameters cached_;
    std::unique_ptr<ipsec::transform> transform_;
    random_stream ivs_;
    std::uint64_t drawn_ = 0, last_ = 0;                   // owns the numbers behind `drawn_` up to `last_`
    std::uint64_t packets_ = 0, octets_ = 0;
};

}  // namespace nicteam::ipsec
