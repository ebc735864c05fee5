// The switch against one that was written down plainly: each departure at its picosecond, each octet, each count.
#include <catch2/catch.hpp>

#include "system/compare/switch_cases.h"

namespace {

constexpr unsigned cases_a_part = 5000;

void compare_part(unsigned part) {
    unsigned long departures = 0, flooded = 0, moved = 0, aged = 0, full = 0, dead = 0;
    for (unsigned i = part * cases_a_part; i < (part + 1) * cases_a_part; ++i) {
        const auto c = compare::random_switch(2026, i);
        auto expected = reference::wire::run(c);
        for (auto n = expected.counts.begin(); n != expected.counts.end();) n = n->second ? std::next(n) : expected.counts.erase(n);
        const auto found = compare::run_model(c, i % 2);
        if (found.out != expected.out || found.counts != expected.counts)
            FAIL("case " << i << ": " << compare::text_of(c) << "model\n" << compare::text_of(found) << "reference\n" << compare::text_of(expected));
        for (const auto& p : found.out) departures += p.size();
        flooded += expected.counts["unknown"], moved += expected.counts["moves"], aged += expected.counts["aged"], full += expected.counts["full"];
        dead += expected.counts["tx_path_dead"] + expected.counts["rx_path_dead"] + expected.counts["link_down"];
    }
    CHECK(departures > 10 * cases_a_part);
    for (const auto n : {flooded, moved, aged, full, dead}) CHECK(n > cases_a_part / 10);
}

}  // namespace

TEST_CASE("a switch under random loads is the plain one, part 1") { compare_part(0); }
TEST_CASE("a switch under random loads is the plain one, part 2") { compare_part(1); }
TEST_CASE("a switch under random loads is the plain one, part 3") { compare_part(2); }
TEST_CASE("a switch under random loads is the plain one, part 4") { compare_part(3); }
