// One association applied to one packet: ESP (RFC 4303) and AH (RFC 4302), transport and tunnel mode, UDP encapsulation (RFC 3948).
// Plain functions of octets: who runs them (a CPU, the IPsec logic 21a, a peer) turns `work` into cycles.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "nicteam/ipsec/association.h"
#include "nicteam/packet/ip.h"

namespace nicteam::ipsec {

enum class outcome : std::uint8_t {
    done,
    malformed,              // no IP, or a header chain that does not end
    fragment,               // transport mode over a fragment; ESP or AH in a fragment (RFC 4303, 3.3.4 and 3.4.1; auditable)
    too_big,                // the result would not fit an IP datagram
    // inbound
    not_ours,               // another protocol than the association's
    short_packet,           // cannot hold header, IV, trailer and ICV
    misaligned,             // text no multiple of the block
    sequence_zero, replayed, too_old,
    bad_icv,                // auditable; the window has not moved
    bad_padding,            // after a good ICV
    dummy,                  // next header 59: thrown away silently (RFC 4303, 2.6)
    bad_inner,              // tunnel: not IP inside, or longer than the text
    selector_mismatch,      // not what this association carries, or through a tunnel with other ends (RFC 4301, 5.2); auditable
    congestion,             // marked outside, not capable inside: dropped (RFC 6040, 4.2)
};
const char* name(outcome);

// What it took.
struct work {
    std::uint32_t cipher_octets = 0, authentication_octets = 0, copied_octets = 0;
};

// What came out of a received packet.
struct opened {
    bytes packet;                    // the inner packet, or the same one without ESP or AH
    std::uint64_t sequence = 0;      // whole; told also when the packet is refused behind the header
    bool was_tunnel = false;
};

enum class window_use : std::uint8_t {
    full,          // look, verify, move
    // Verify and tell the number: the window has another owner, who calls look and accept. What is kept is the highest number found
    // authentic, from which the upper half of the next extended number is inferred; it refuses nothing.
    verify_only,
};

// A protected packet of which text and ICV are still being made (transform::seal_ahead): its length and all in front is right.
class sealed_later {
public:
    void expect(std::unique_ptr<sealing> s, std::size_t at) { sealing_ = std::move(s), at_ = at; }
    void shift(std::size_t octets) { at_ += octets; }             // it stands behind a header more
    // The packet is whole. Nothing happens where nothing was left open.
    void finish(bytes& packet) {
        if (sealing_) std::exchange(sealing_, nullptr)->finish(&packet[at_]);
    }

private:
    std::unique_ptr<sealing> sealing_;
    std::size_t at_ = 0;                                          // of its ESP header in the packet
};

// Writes the protected packet to `out`. `iv`: algorithms.iv() octets. `identification`: of a tunnel's outer IPv4 header, 16 bits,
// from packet/identification.h. `later`: nobody looks at text and ICV before its `finish`.
outcome protect(association&, packet::octets packet, std::uint64_t sequence, const std::uint8_t* iv, bytes& out, work&,
                std::uint32_t identification = 0, sealed_later* later = nullptr);

// Undoes it. `out.packet` is valid on `done`.
outcome unprotect(association&, packet::octets packet, opened& out, work&, window_use = window_use::full);

// ESP, `from` its header to the packet's end, that will probably be undone.
void foresee(association&, packet::octets from, std::uint8_t ip_version);

// What lengths alone tell of ESP or AH, `from` its header to the packet's end: done, short_packet or misaligned.
outcome lengths(const association_parameters&, packet::octets from, std::uint8_t ip_version);

// Where ESP or AH stands in a packet.
struct security_header {
    security_protocol protocol = security_protocol::esp;
    std::size_t at = 0;              // from the packet's beginning
    std::uint32_t spi = 0, sequence = 0;
    bool in_udp = false;
};
// Nothing when there is none, or it is cut, or it is in a fragment other than the first. `udp_port` 0: no UDP encapsulation.
std::optional<security_header> find_security_header(const packet::ip_view&, std::uint16_t udp_port = udp_encapsulation);

// How many octets a packet of `size` octets becomes, and the largest packet that stays within `mtu`; 0 when none does. `header`: in
// transport mode the octets of it that stay outside.
std::size_t protected_size(const association_parameters&, const packet::ip_view&);
std::size_t protected_size(const association_parameters&, std::size_t size, std::size_t header);
std::size_t largest_within(const association_parameters&, std::size_t mtu, std::size_t header);

}  // namespace nicteam::ipsec
