#include <catch2/catch.hpp>

#include <map>

#include "nicteam/base/random_stream.h"
#include "nicteam/state/handle.h"

using namespace nicteam;
using namespace nicteam::state;

TEST_CASE("a handle finds its thing and nothing else however often slots are used again") {
    random_stream r(1, "slots", "test");
    slot_table<int> table(16);
    std::vector<std::pair<handle, int>> alive, dead;
    for (int n = 0; n < 20'000; ++n) {
        if (r.chance(probability_one / 2)) {
            const auto h = table.add(n);
            REQUIRE(h.has_value() == (alive.size() < 16));
            if (h) alive.emplace_back(*h, n);
        } else if (!alive.empty()) {
            const std::size_t k = r.below(alive.size());
            REQUIRE(table.remove(alive[k].first));
            dead.push_back(alive[k]);
            alive.erase(alive.begin() + static_cast<std::ptrdiff_t>(k));
        }
        REQUIRE(table.size() == alive.size());
        for (const auto& [h, v] : alive) REQUIRE(*table.find(h) == v);
        for (std::size_t k = dead.size() > 40 ? dead.size() - 40 : 0; k < dead.size(); ++k) {
            REQUIRE(table.find(dead[k].first) == nullptr);
            REQUIRE_FALSE(table.remove(dead[k].first));
        }
    }
    CHECK(table.find({}) == nullptr);
    CHECK(table.find({99, 1}) == nullptr);
    std::map<std::uint32_t, int> by_index;
    for (const auto& [h, v] : alive) by_index[h.index] = v;
    auto expected = by_index.begin();
    table.each([&](handle h, int& v) {
        CHECK(h.index == expected->first);
        CHECK(v == (expected++)->second);
    });
    CHECK(expected == by_index.end());
}
