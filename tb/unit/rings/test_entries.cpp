// Entries and registers as they lie in memory.
#include <catch2/catch.hpp>

#include <set>

#include "bench.h"

using namespace nicteam;
using namespace nicteam::rings;

namespace {

template <std::size_t N>
void fills_an_entry(const field (&all)[N]) {
    unsigned next = 0;
    for (const field& f : all) {
        INFO(f.name);
        CHECK(f.offset == next);
        next += f.octets;
    }
    CHECK(next == entry_octets);
}

}  // namespace

TEST_CASE("Entries: fields fill 32 octets without a hole") {
    fills_an_entry(in_command::all);
    fills_an_entry(in_job::all);
    fills_an_entry(in_completion::all);
    CHECK(in_completion::flags.offset == entry_octets - 1);      // the phase is written last
}

TEST_CASE("Entries: what is written is read") {
    command c;
    c.cookie = 0x1122334455667788, c.address = 0xFEDCBA9876543210, c.handle = {7, 0x80000001}, c.length = 0x89ABCDEF;
    c.opcode = opcode::process_and_return, c.flags = inbound | verify_only, c.reserved = 0x1234;
    const entry e = encode(c);
    CHECK(e[0] == 0x88);
    CHECK(e[8] == 0x10);
    CHECK(e[16] == 7);
    CHECK(e[23] == 0x80);
    CHECK(e[28] == 5);
    CHECK(encode(decode_command(e)) == e);

    const job j{0x0102030405060708, 0x1112131415161718, 0x2122232425262728, 0x31323334, 0x41424344};
    CHECK(encode(decode_job(encode(j))) == encode(j));
    CHECK(encode(j)[28] == 0x44);

    completion d;
    d.cookie = 5, d.handle = {1, 2}, d.sequence = 0x123456789A, d.length = 99, d.opcode = opcode::remove, d.reason = reason::aborted, d.verdict = 10;
    d.flags = executed | phase;
    CHECK(encode(decode_completion(encode(d))) == encode(d));
    CHECK(encode(d)[31] == 0x81);
}

TEST_CASE("Entries: the phase changes with each round through the ring") {
    std::string seen;
    for (std::uint32_t n = 0; n < 9; ++n) seen += phase_of(n, 2) ? '1' : '0';
    CHECK(seen == "110011001");
}

TEST_CASE("Registers: each has its own place and is found there") {
    std::set<unsigned> offsets;
    for (const register_row& r : registers) {
        INFO(r.name);
        CHECK(r.offset % 4 == 0);
        CHECK(r.offset + 4u <= window_octets);
        CHECK(offsets.insert(r.offset).second);
        CHECK(register_at(r.offset) == &r);
    }
    CHECK(register_at(0xFC) == nullptr);
}

TEST_CASE("Opcodes: a row each, and no two of one number") {
    std::set<unsigned> codes;
    for (const opcode_row& r : opcodes) CHECK(codes.insert(static_cast<unsigned>(r.code)).second);
    CHECK(row_of(opcode{0}) == nullptr);
    CHECK(row_of(opcode{9}) == nullptr);
    CHECK(std::string(row_of(opcode::freeze_and_read)->name) == "freeze-and-read");
    CHECK(std::string(name(reason::aborted)) == "aborted");
    CHECK(std::string(name(reason::weak_key)) == "weak_key");
}
