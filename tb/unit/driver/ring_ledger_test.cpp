// The ledger: every entry concludes once, whatever is told or not told of it.
#include <catch2/catch.hpp>

#include "nicteam/driver/ring_ledger.h"

using namespace nicteam;
using driver::conclusion;
using rings::opcode;

namespace {

rings::command command(opcode o, unsigned flags = 0) {
    rings::command c;
    c.opcode = o;
    c.flags = static_cast<std::uint8_t>(flags);
    return c;
}
rings::completion told(std::uint64_t cookie, bool executed, std::uint64_t sequence = 0, unsigned verdict = 0) {
    rings::completion c;
    c.cookie = cookie;
    c.handle = {3, 1};
    c.flags = executed ? rings::executed : std::uint8_t{0};
    c.reason = executed ? rings::reason::none : rings::reason::aborted;
    c.sequence = sequence;
    c.verdict = static_cast<std::uint8_t>(verdict);
    return c;
}

}  // namespace

TEST_CASE("Ledger: what is told concludes in order and once") {
    driver::ring_ledger l;
    const auto a = l.post(command(opcode::install)), b = l.post(command(opcode::process_and_return));
    CHECK(a != 0);
    CHECK(a != b);
    CHECK_FALSE(l.completed(told(b, true)));     // not the oldest
    const auto first = l.completed(told(a, true));
    REQUIRE(first);
    CHECK(first->how == conclusion::executed);
    CHECK(first->told);
    CHECK_FALSE(l.completed(told(a, true)));     // again
    CHECK(l.completed(told(b, false))->how == conclusion::not_executed);
    CHECK(l.outstanding() == 0);
    CHECK_FALSE(l.completed(told(b, false)));
}

TEST_CASE("Ledger: of a unit that is gone only a transmission may have had an effect") {
    driver::ring_ledger l;
    std::vector<std::uint64_t> cookies;
    for (const opcode o : {opcode::install, opcode::process_and_transmit, opcode::process_and_return, opcode::remove})
        cookies.push_back(l.post(command(o)));
    const auto left = l.gone();
    REQUIRE(left.size() == 4);
    for (unsigned i = 0; i < 4; ++i) {
        CHECK(left[i].cookie == cookies[i]);
        CHECK_FALSE(left[i].told);
        CHECK(left[i].how == (left[i].opcode == opcode::process_and_transmit ? conclusion::unknown : conclusion::not_executed));
    }
    CHECK(l.gone().empty());
    CHECK(l.post(command(opcode::install)) > cookies.back());
    CHECK(std::string(driver::name(conclusion::unknown)) == "unknown");
}

TEST_CASE("Ledger: the highest number of a good packet is kept for a window that nobody can read") {
    driver::ring_ledger l;
    const auto in = [&](std::uint64_t sequence, unsigned verdict, unsigned flags = rings::inbound) {
        l.completed(told(l.post(command(opcode::process_and_return, flags)), true, sequence, verdict));
    };
    CHECK(l.highest_received({3, 1}) == 0);
    in(7, 0);
    in(5, 0);
    in(9, 10);                                   // a bad one
    in(30, 0, 0);                                // that went out
    CHECK(l.highest_received({3, 1}) == 7);
    CHECK(l.highest_received({3, 2}) == 0);
    l.gone();
    CHECK(l.highest_received({3, 1}) == 7);
}
