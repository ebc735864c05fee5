// How many clocks a packet of IPsec takes in given engines: closed forms, computed once per packet, never ticked.
//
// A cipher of n blocks takes latency + (n - 1) · interval. A keyed hash starts from states that the key has left (RFC 2104), so it takes
// ⌈(a + 9) / 64⌉ blocks for a octets with their padding and length, and one for the outer hash. In series one engine waits for the other
// to be done with the packet. Chained they overlap: what goes out is hashed block by block as the cipher lets it out, what comes in is
// read by both at once. Every clock is counted from the edge at which the packet's first block may start.
#pragma once

#include <cstdint>
#include <string>

#include "nicteam/offload/choices.h"
#include "nicteam/offload/engine_cores.h"

namespace nicteam::offload {

enum class way : std::uint8_t { out, in };                // encrypting, decrypting

// `authentication` may be the cipher's own core only for AES-XCBC-MAC, which then is a second instance of it. One core, of kind
// aes_gcm, may do both. nullptr: none.
struct engines {
    const engine_core* cipher = nullptr;
    const engine_core* authentication = nullptr;
    offload::coupling coupling = coupling::chained;
};

// Why these engines cannot do that, with the names of those that can; empty when they can. `key`: octets of the cipher's key.
std::string refusal(const engines&, const ipsec::algorithms&, std::size_t key, way);

struct engine_clocks {
    std::uint64_t key_setup = 0;          // before both, when the key is another one than the last packet's
    std::uint64_t cipher = 0;             // of the cipher alone
    std::uint64_t authentication = 0;     // of the hash alone
    std::uint64_t total = 0;              // of both together, with the key set-up
};

// One ESP packet. `text`: octets between IV and ICV, a multiple of the cipher's block. `extended`: the upper half of a 64-bit
// sequence number is authenticated too, four octets behind the text. The engines are not refused.
engine_clocks esp_clocks(const engines&, const ipsec::algorithms&, way, std::size_t text, bool extended = false, bool new_key = false);

// One AH packet, or another run of octets through a hash alone.
engine_clocks hash_clocks(const engines&, const ipsec::algorithms&, std::size_t octets, bool new_key = false);

// Octets of ESP text for an inner packet or payload of `body` octets: with padding and trailer (RFC 4303, 2.4).
std::size_t esp_text(const ipsec::algorithms&, std::size_t body);

}  // namespace nicteam::offload
