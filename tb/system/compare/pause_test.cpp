// PAUSE, planned from spans, against two MACs that are looked at step by step: random links, every begin and end of data and PAUSE frames,
// every frame stored, every loss equal.
#include <iostream>
#include <map>

#include <catch2/catch.hpp>

#include "reference/nic/pause.h"
#include "system/compare/difference.h"
#include "system/compare/pause_model.h"

namespace {

using nicteam::test::pause_case;

constexpr unsigned links = 400;

std::size_t count(const std::string& text, const std::string& word) {
    std::size_t n = 0;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++n;
    return n;
}

bool differs(const pause_case& c) { return compare::run_pause(c) != reference::nic::run_pause(c); }

pause_case shrink(pause_case c) {
    for (auto& s : c.stations) {
        for (std::size_t f = s.frames.size(); f-- > 0;) {
            const auto before = s.frames;
            s.frames.erase(s.frames.begin() + static_cast<std::ptrdiff_t>(f));
            if (!differs(c)) s.frames = before;
        }
        for (std::size_t n = s.stalls.size(); n-- > 0;) {
            const auto before = s.stalls;
            s.stalls.erase(s.stalls.begin() + static_cast<std::ptrdiff_t>(n));
            if (!differs(c)) s.stalls = before;
        }
    }
    return c;
}

}  // namespace

TEST_CASE("every stamp of a full-duplex link with PAUSE equals the clocked reference") {
    const compare::selection chosen(links);
    std::map<std::string, std::size_t> seen;
    for (unsigned i = chosen.first; i < chosen.first + chosen.count; ++i) {
        const pause_case c = compare::random_pause(chosen.seed, i);
        const std::string expected = reference::nic::run_pause(c);
        for (const char* word : {"begins data", "begins pause", "begins pause 0\n", "takes pause", "receives data", "stores", "overrun\n"}) seen[word] += count(expected, word);
        if (expected == compare::run_pause(c)) continue;
        const pause_case small = shrink(c);
        FAIL(chosen.name(i) << '\n' << compare::difference(reference::nic::run_pause(small), compare::run_pause(small)) << '\n' << compare::text_of(small));
    }
    if (std::getenv("NICTEAM_COMPARE")) return;
    std::cout << links << " full-duplex links:\n";
    for (const auto& [what, n] : seen) std::cout << "  " << what.substr(0, what.find('\n')) << ": " << n << '\n';
    CHECK(seen["begins data"] > 5 * links);
    CHECK(seen["begins pause"] > 2 * links);
    CHECK(seen["begins pause 0\n"] > links / 4);
    CHECK(seen["takes pause"] > 2 * links);
    CHECK(seen["stores"] > 3 * links);
    CHECK(seen["overrun\n"] > links / 8);
}
