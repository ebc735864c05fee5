// What stations ask each other over UDP: jobs for a pool, and what became of them. docs/remote-jobs.md. Plain octets, big endian, of our own design: nothing of
// the kind was published (source documents 000/001, paragraph 54; row A-130). Nothing here is protected by itself.
//
//   octet  octets  field
//    0      1      version  1
//    1      1      kind     1 request, 2 reply
//    2      1      work     1 encrypt, 2 decrypt, 3 CRC-32c (RFC 3720, 12.1)
//    3      1      status   of a reply: remote_status; of a request 0
//    4      4      number   the requester's own; the reply has the same
//    8      2      session  which of the server's sessions; of CRC-32c too
//   10      2      length   octets behind this header, all that there are: at least 1 of a request; of a reply that is not done 0
//   12      8      value    of a reply that is done: the packet's sequence number, or the CRC-32c; else 0
//   20      …      a packet, its IP header first, or a buffer
#pragma once

#include <cstdint>
#include <optional>

#include "nicteam/base/frame.h"
#include "nicteam/packet/octets.h"

namespace nicteam::secondary {

constexpr std::size_t remote_header = 20;
constexpr std::uint8_t remote_version = 1;

enum class remote_kind : std::uint8_t { request = 1, reply = 2 };
enum class remote_work : std::uint8_t { encrypt = 1, decrypt = 2, crc32c = 3 };
enum class remote_status : std::uint8_t { done, not_verified, refused, failed, no_room, not_done, malformed };
constexpr unsigned remote_statuses = 7;

struct remote_message {
    remote_kind kind = remote_kind::request;
    remote_work work = remote_work::encrypt;
    remote_status status = remote_status::done;
    std::uint32_t number = 0;
    std::uint16_t session = 0;
    std::uint64_t value = 0;
    packet::octets data;                     // behind the header, where the datagram lies
};

void append_remote(bytes& out, const remote_message&);
// Nothing: it is no such message, in any of its fields.
std::optional<remote_message> read_remote(packet::octets datagram);
// Of one that is none: the number that a reply to it would have; nothing: it shows none, or is no request.
std::optional<std::uint32_t> number_of_malformed(packet::octets datagram);

}  // namespace nicteam::secondary
