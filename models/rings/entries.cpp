#include "nicteam/rings/entries.h"

#include <algorithm>

namespace nicteam::rings {
namespace {

using o = rings::opcode;

constexpr opcode_row opcode_rows[] = {
    {o::install, "install", receives | sends, "CONST part with its keys; CACHED and DELEGATED part behind it if there are any",
     "a new association; the completion has its handle. Of a unit with inline use exactly one flag, of others none: 0 (receives) what comes in "
     "from the link is looked up in it, 1 (sends) command blocks may name it"},
    {o::change, "change", lends, "CACHED part, DELEGATED part or both; with flag 0 (lends) a lease: first 64, last 64",
     "CACHED: what the host changes. DELEGATED: gives a frozen association back what it had and more; it goes on. A lease: numbers that it may use"},
    {o::freeze_and_read, "freeze-and-read", goes_on, "room for its CACHED and DELEGATED part, which are written",
     "works for no job any more until a DELEGATED part comes back; with flag 0 (goes on) it is read only"},
    {o::remove, "remove", 0, "nothing", "the association and its keys are gone"},
    {o::process_and_return, "process-and-return", inbound | numbered | verify_only, "the block of a job",
     "one packet through one association, the result to memory. Flag 0: inbound; 1 (numbered): the job brings the sequence number; "
     "2 (verify only): inbound, the window is the host's"},
    {o::process_and_transmit, "process-and-transmit", numbered, "the block of a job",
     "the same of a frame, from its destination address on and without FCS; the result to the link, with the EtherType that it has then. "
     "Completes when the link has taken it; destination and room are not used"},
    {o::abort_all, "abort-all", 0, "nothing", "what is before it and not done completes as aborted"},
    {o::digest, "digest", 0, "the block of a job",
     "CRC-32c (RFC 3720, 12.1) of the octets at source; no association, nothing is written: the completion has the value. Destination and room are not used"},
};

constexpr reason_row reason_rows[] = {
    {"none", "executed"},
    {"unknown_opcode", "an opcode that this unit does not know"},
    {"unknown_flag", "a flag that the opcode does not know, or reserved bits that are not 0"},
    {"stale_handle", "no association of this index and generation"},
    {"bad_length", "a length that the opcode does not take"},
    {"malformed", "the octets at address are no such parts"},
    {"unsupported_algorithm", "no engine does this cipher or this authentication, with keys of this length"},
    {"unsupported_pair", "a cipher and an authentication that do not go together"},
    {"null_with_null", "no cipher and no authentication (RFC 4303, 3.2)"},
    {"wrong_key_length", "a key of another length than the algorithm takes"},
    {"weak_key", "a weak or semi-weak DES key (FIPS 74), or 3DES with equal keys side by side (RFC 2451, 2.3)"},
    {"duplicate_spi", "there is an association of this SPI, destination and protocol"},
    {"table_full", "as many associations as it holds"},
    {"bad_parameter", "another value that no association can have, or a part that would take it back"},
    {"frozen", "the association is frozen; what it had is the host's"},
    {"not_frozen", "a DELEGATED part for an association whose state is the unit's"},
    {"no_room", "the result may be longer than its room"},
    {"too_long", "longer than the longest job, before or after; of what is sent, than link or path take"},
    {"no_number", "no sequence number is lent to it"},
    {"exhausted", "the sequence numbers are used up (RFC 4303, 3.3.3)"},
    {"number_refused", "a sequence number that is not behind all that it used or was lent"},
    {"expired", "the association is past a hard lifetime"},
    {"no_transmitter", "the unit has no link"},
    {"no_such_use", "the unit has no such use, or the association is of the other direction"},
    {"bus_error", "a master or target abort while its octets were read; of an executed one, while its result was written: it is lost"},
    {"aborted", "it was not done when everything was aborted"},
    {"without_engines", "the engines are out of use"},
    {"engines_failed", "the engines failed at it: they took too long, or did not stand their test"},
};
static_assert(sizeof reason_rows / sizeof *reason_rows == reason_count);

}  // namespace

const table<opcode_row> opcodes = opcode_rows;
const table<reason_row> reasons = reason_rows;

const opcode_row* row_of(opcode code) {
    const auto* at = std::find_if(opcodes.begin(), opcodes.end(), [&](const opcode_row& r) { return r.code == code; });
    return at == opcodes.end() ? nullptr : at;
}

const char* name(reason r) { return reasons.rows[static_cast<std::size_t>(r)].name; }

entry encode(const command& c) {
    using namespace in_command;
    entry e{};
    put(in_command::cookie, e.data(), c.cookie);
    put(in_command::address, e.data(), c.address);
    put(index, e.data(), c.handle.index);
    put(generation, e.data(), c.handle.generation);
    put(in_command::length, e.data(), c.length);
    put(in_command::opcode, e.data(), static_cast<std::uint64_t>(c.opcode));
    put(in_command::flags, e.data(), c.flags);
    put(in_command::reserved, e.data(), c.reserved);
    return e;
}

command decode_command(const entry& e) {
    using namespace in_command;
    const auto u32 = [&](const field& f) { return static_cast<std::uint32_t>(get(f, e.data())); };
    command c;
    c.cookie = get(in_command::cookie, e.data());
    c.address = get(in_command::address, e.data());
    c.handle = {u32(index), u32(generation)};
    c.length = u32(in_command::length);
    c.opcode = static_cast<rings::opcode>(get(in_command::opcode, e.data()));
    c.flags = static_cast<std::uint8_t>(get(in_command::flags, e.data()));
    c.reserved = static_cast<std::uint16_t>(get(in_command::reserved, e.data()));
    return c;
}

entry encode(const job& j) {
    entry e{};
    put(in_job::source, e.data(), j.source);
    put(in_job::destination, e.data(), j.destination);
    put(in_job::sequence, e.data(), j.sequence);
    put(in_job::length, e.data(), j.length);
    put(in_job::room, e.data(), j.room);
    return e;
}

job decode_job(const entry& e) {
    return {get(in_job::source, e.data()), get(in_job::destination, e.data()), get(in_job::sequence, e.data()),
            static_cast<std::uint32_t>(get(in_job::length, e.data())), static_cast<std::uint32_t>(get(in_job::room, e.data()))};
}

entry encode(const completion& c) {
    entry e{};
    put(in_completion::cookie, e.data(), c.cookie);
    put(in_completion::index, e.data(), c.handle.index);
    put(in_completion::generation, e.data(), c.handle.generation);
    put(in_completion::sequence, e.data(), c.sequence);
    put(in_completion::length, e.data(), c.length);
    put(in_completion::opcode, e.data(), static_cast<std::uint64_t>(c.opcode));
    put(in_completion::reason, e.data(), static_cast<std::uint64_t>(c.reason));
    put(in_completion::verdict, e.data(), c.verdict);
    put(in_completion::flags, e.data(), c.flags);
    return e;
}

completion decode_completion(const entry& e) {
    const auto number = [&](const field& f) { return get(f, e.data()); };
    completion c;
    c.cookie = number(in_completion::cookie);
    c.handle = {static_cast<std::uint32_t>(number(in_completion::index)), static_cast<std::uint32_t>(number(in_completion::generation))};
    c.sequence = number(in_completion::sequence);
    c.length = static_cast<std::uint32_t>(number(in_completion::length));
    c.opcode = static_cast<rings::opcode>(number(in_completion::opcode));
    c.reason = static_cast<rings::reason>(number(in_completion::reason));
    c.verdict = static_cast<std::uint8_t>(number(in_completion::verdict));
    c.flags = static_cast<std::uint8_t>(number(in_completion::flags));
    return c;
}

}  // namespace nicteam::rings
