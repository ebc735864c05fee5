#include <catch2/catch.hpp>

#include <map>
#include <random>

#include "nicteam/report/id_table.h"

using namespace nicteam;
using report::id_table;

TEST_CASE("An id table agrees with a map over many insertions and removals") {
    std::mt19937_64 random(11);
    id_table t(4);
    std::map<trace_id, std::uint32_t> m;
    std::vector<trace_id> ids;
    for (int i = 0; i < 100'000; ++i) {
        const trace_id id = (random() % 5 + 1) << 40 | (random() % 400 + 1);
        const auto known = m.find(id);
        CHECK_FALSE((t.find(id) != (known == m.end() ? id_table::none : known->second)));
        if (known == m.end()) {
            t.insert(id, static_cast<std::uint32_t>(i));
            m[id] = static_cast<std::uint32_t>(i);
        } else if (random() % 2) {
            REQUIRE(t.erase(id));
            m.erase(known);
        }
    }
    CHECK(t.size() == m.size());
    for (const auto& [id, v] : m) CHECK_FALSE(t.find(id) != v);
    CHECK_FALSE(t.erase(77));
}
