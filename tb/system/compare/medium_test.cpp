// Half-duplex links, planned from spans, against a medium that is written down bit time by bit time: random networks, every
// begin, collision, jam and back-off equal.
#include <iostream>
#include <map>

#include <catch2/catch.hpp>

#include "reference/nic/medium.h"
#include "system/compare/difference.h"
#include "system/compare/medium_model.h"

namespace {

constexpr unsigned networks = 240;

std::size_t count(const std::string& text, const std::string& word) {
    std::size_t n = 0;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++n;
    return n;
}

nicteam::test::medium_case shrink(nicteam::test::medium_case c, std::uint64_t seed, bool no_backoff) {
    const auto differs = [&](const nicteam::test::medium_case& m) {
        return compare::run_medium(m, seed, no_backoff) != reference::nic::run_medium(m, compare::draws(m.stations.size(), seed, no_backoff));
    };
    for (std::size_t i = 0; i < c.stations.size(); ++i)
        for (std::size_t f = c.stations[i].frames.size(); f-- > 0;) {
            auto smaller = c;
            smaller.stations[i].frames.erase(smaller.stations[i].frames.begin() + static_cast<std::ptrdiff_t>(f));
            if (differs(smaller)) c = smaller;
        }
    return c;
}

}  // namespace

TEST_CASE("every stamp of a half-duplex network equals the clocked reference") {
    const compare::selection chosen(networks);
    std::map<std::string, std::size_t> seen;
    for (unsigned i = chosen.first; i < chosen.first + chosen.count; ++i) {
        bool no_backoff = false;
        const auto c = compare::random_medium(chosen.seed, i, no_backoff);
        const std::string expected = reference::nic::run_medium(c, compare::draws(c.stations.size(), i, no_backoff));
        for (const char* word : {"begin", "collision\n", "end whole", "end jam", "receives"}) seen[word] += count(expected, word);
        for (std::size_t at = expected.find(" lost "); at != std::string::npos; at = expected.find(" lost ", at + 1))
            seen[no_backoff ? "lost after 16 collisions" : "lost to late collisions"] += std::stoull(expected.substr(at + 6));
        const std::string model = compare::run_medium(c, i, no_backoff);
        if (expected == model) continue;
        const auto small = shrink(c, i, no_backoff);
        FAIL(chosen.name(i) << '\n' << compare::difference(reference::nic::run_medium(small, compare::draws(small.stations.size(), i, no_backoff)),
                                                         compare::run_medium(small, i, no_backoff)) << '\n' << compare::text_of(small));
    }
    if (std::getenv("NICTEAM_COMPARE")) return;
    std::cout << networks << " half-duplex networks:\n";
    for (const auto& [what, n] : seen) std::cout << "  " << what << ": " << n << '\n';
    CHECK(seen["begin"] > 10 * networks);
    CHECK(seen["collision\n"] > 5 * networks);
    CHECK(seen["receives"] > 10 * networks);
    CHECK(seen["lost after 16 collisions"] > 10);
    CHECK(seen["lost to late collisions"] > 20);
}
