// What lies in host memory: command entries, the block of a job, completion entries. 32 octets each, aligned to 32. Our own design.
#pragma once

#include <array>

#include "nicteam/packet/octets.h"
#include "nicteam/rings/fields.h"
#include "nicteam/state/handle.h"

namespace nicteam::rings {

constexpr std::size_t entry_octets = 32, lease_octets = 16;
using entry = std::array<std::uint8_t, entry_octets>;

// Numbers are never given anew: what is not in this list is refused, so that later ones are additions.
enum class opcode : std::uint8_t {
    install = 1, change = 2, freeze_and_read = 3, remove = 4, process_and_return = 5, process_and_transmit = 6, abort_all = 7, digest = 8,
};
enum command_flag : std::uint8_t {
    receives = 1,         // install
    sends = 2,
    lends = 1,            // change
    goes_on = 1,          // freeze_and_read
    inbound = 1,          // jobs
    numbered = 2,
    verify_only = 4,
};
struct opcode_row {
    rings::opcode code;
    const char* name;
    std::uint8_t flags;              // that it knows; another one set: refused
    const char* octets;              // what lies at `address`
    const char* meaning;
};
extern const table<opcode_row> opcodes;
const opcode_row* row_of(opcode);    // nullptr: unknown

// Why an entry was not executed; and, of an executed one, `none` or what befell its result.
enum class reason : std::uint8_t {
    none, unknown_opcode, unknown_flag, stale_handle, bad_length, malformed, unsupported_algorithm, unsupported_pair, null_with_null,
    wrong_key_length, weak_key, duplicate_spi, table_full, bad_parameter, frozen, not_frozen, no_room, too_long, no_number, exhausted,
    number_refused, expired, no_transmitter, no_such_use, bus_error, aborted, without_engines, engines_failed,
};
constexpr std::size_t reason_count = static_cast<std::size_t>(reason::engines_failed) + 1;
struct reason_row {
    const char* name;
    const char* meaning;
};
extern const table<reason_row> reasons;          // by number
const char* name(reason);

enum completion_flag : std::uint8_t { executed = 1, soft_expired = 2, phase = 128 };

namespace in_command {
constexpr field
    cookie{"cookie", 0, 8, "the host's own; comes back in the completion"},
    address{"address", 8, 8, "of the octets that the opcode asks for"},
    index{"handle", 16, 4, "the association"},
    generation{"generation", 20, 4, "of the handle; a stale one is refused"},
    length{"length", 24, 4, "octets at address"},
    opcode{"opcode", 28, 1, "see below"},
    flags{"flags", 29, 1, "as the opcode says; others 0"},
    reserved{"reserved", 30, 2, "0"};
constexpr field all[] = {cookie, address, index, generation, length, opcode, flags, reserved};
}  // namespace in_command

namespace in_job {
constexpr field
    source{"source", 0, 8, "address of the packet, IP header first; of process-and-transmit: of the frame"},
    destination{"destination", 8, 8, "address for the result; may be the source"},
    sequence{"sequence", 16, 8, "outbound and numbered: its sequence number; else 0"}, length{"length", 24, 4, "octets of the packet"},
    room{"room", 28, 4, "octets at destination; inbound at least as many as the packet has"};
constexpr field all[] = {source, destination, sequence, length, room};
}  // namespace in_job

namespace in_completion {
constexpr field
    cookie{"cookie", 0, 8, "of the command"},
    index{"handle", 8, 4, "the association; of install: the new one"},
    generation{"generation", 12, 4, "of the handle"},
    sequence{"sequence", 16, 8, "the packet's whole sequence number; 0: none was seen. Of digest: the value"},
    length{"length", 24, 4, "octets written, at destination or at address"},
    opcode{"opcode", 28, 1, "of the command"},
    reason{"reason", 29, 1, "why it was not executed; see below"},
    verdict{"verdict", 30, 1, "of an executed job, what became of its packet: 0 it is as asked for"},
    flags{"flags", 31, 1, "0 executed; 1 the association is past a soft lifetime; 7 phase: 1 on the first round through the ring, then 0, then 1 …"};
constexpr field all[] = {cookie, index, generation, sequence, length, opcode, reason, verdict, flags};
}  // namespace in_completion

struct command {
    std::uint64_t cookie = 0, address = 0;
    state::handle handle;
    std::uint32_t length = 0;
    rings::opcode opcode{};
    std::uint8_t flags = 0;
    std::uint16_t reserved = 0;
};
struct job {
    std::uint64_t source = 0, destination = 0, sequence = 0;
    std::uint32_t length = 0, room = 0;
};
struct completion {
    std::uint64_t cookie = 0;
    state::handle handle;
    std::uint64_t sequence = 0;
    std::uint32_t length = 0;
    rings::opcode opcode{};
    rings::reason reason = reason::none;
    std::uint8_t verdict = 0;        // an ipsec::outcome
    std::uint8_t flags = 0;

    bool was_executed() const { return flags & executed; }
};

entry encode(const command&);
entry encode(const job&);
entry encode(const completion&);
command decode_command(const entry&);
job decode_job(const entry&);
completion decode_completion(const entry&);

// The phase bit of the n-th completion, n from 0, in a ring of so many entries.
constexpr std::uint8_t phase_of(std::uint32_t n, std::uint32_t entries) { return n / entries % 2 == 0 ? phase : 0; }

inline bool is_job(opcode o) { return o == opcode::process_and_return || o == opcode::process_and_transmit || o == opcode::digest; }

}  // namespace nicteam::rings
