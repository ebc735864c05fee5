// What crosses between a host and a device that runs connections: questions in one ring, answers in another, each an entry of 32 octets, little endian. Octets
// of a question lie where its address says; those of an answer fill the host's posted buffers, in posting order, as many as they need. Our own design.
#pragma once

#include <array>

#include "nicteam/chimney/device_port.h"

namespace nicteam::chimney {

constexpr std::size_t message_octets = 32;
using message = std::array<std::uint8_t, message_octets>;

// Numbers are never given anew.
enum class opcode : std::uint8_t {
    offload = 1,         // octets: a block list; argument bit 0: as a whole
    write = 2,           // octets: a part of a state; argument: which
    write_data = 3,      // octets: what moves beside the DELEGATED part
    update = 4,          // octets: a CACHED part
    relink = 5,          // octets: handle of the next hop
    query = 6,           // argument: which part
    upload = 7,          // octets: a block list
    send = 8,            // octets: to be sent. No answer, as the three below
    consume = 9,         // length: octets consumed; nothing lies at the address
    close = 10,
    abort = 11,
    forward = 12,        // octets: forward_header of them, then the segment
};

// Octet 0 cookie (64), 8 address (64), 16 handle (2 x 32), 24 length (32), 28 opcode, 29 argument, 30 reserved, 0.
struct question {
    ticket cookie = 0;
    std::uint64_t address = 0;
    state::handle handle;
    std::uint32_t length = 0;
    opcode what{};
    std::uint8_t argument = 0;

    std::uint32_t octets() const { return what == opcode::consume ? 0 : length; }      // that are read from `address`
};

enum class answer_kind : std::uint8_t { offloaded = 1, written = 2, updated = 3, uploaded = 4, asked = 5, sent_on = 6, indicated = 7, happened = 8 };

// Octet 0 cookie (64), 8 handle (2 x 32), 16 length (32): octets in this entry's buffer, 20 from (32), 24 acknowledged (32), 28 kind, 29 status or reason, 30
// events (bits 0 to 8); bit 14: more octets of the same answer in the entry behind; bit 15: phase, 1 on the first round through the ring, then 0, …
struct answer {
    ticket cookie = 0;
    state::handle handle;
    answer_kind kind{};
    std::uint8_t why = 0;                        // a status; of `indicated` a reason
    std::uint16_t events = 0;
    tcp::sequence from = 0, acknowledged = 0;
    bytes octets;
};

struct answer_entry {                            // one of the entries that an answer takes
    answer said;                                 // without octets
    std::uint32_t length = 0;
    bool more = false, phase = false;
};

message encode(const question&);
question decode_question(const message&);
message encode(const answer_entry&);
answer_entry decode_answer(const message&);

// The phase bit of the n-th entry, n from 0, in a ring of so many.
constexpr bool phase_of(std::uint32_t n, std::uint32_t entries) { return n / entries % 2 == 0; }

constexpr std::size_t forward_header = 36, handle_octets = 8;      // version, 3 reserved, source (16), destination (16)
bytes forward_octets(const packet::ip_address& source, const packet::ip_address& destination, packet::octets segment);
// false: too short, or no IP version.
bool read_forward(packet::octets, packet::ip_address& source, packet::ip_address& destination, packet::octets& segment);
bytes handle_as_octets(state::handle);
state::handle handle_from(packet::octets);       // empty: not 8 octets

// Says an answer to whom it is for. false: a list that is none.
bool tell(ps now, const answer&, answers&);

}  // namespace nicteam::chimney
