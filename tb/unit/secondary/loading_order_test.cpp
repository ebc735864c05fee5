// Rows: who may have a job.
#include <catch2/catch.hpp>

#include "nicteam/secondary/loading_order.h"

using namespace nicteam::secondary;

namespace {

using use = engine_use;
std::vector<bool> open(const std::vector<engine_state>& all, loading order) {
    std::vector<bool> o;
    const bool any = open_engines(all, order, o);
    CHECK(any == (std::find(o.begin(), o.end(), true) != o.end()));
    return o;
}
using flags = std::vector<bool>;

}  // namespace

TEST_CASE("in order: defective, then idle, then active, each as far as there is room") {
    std::vector<engine_state> all{{use::active, true, true}, {use::idle, true, true}, {use::idle, true, true}, {use::defective, true, true}};
    CHECK(open(all, loading::in_order) == flags{false, false, false, true});
    all[3].room = false;
    CHECK(open(all, loading::in_order) == flags{false, true, true, false});
    all[1].can = all[2].room = false;
    CHECK(open(all, loading::in_order) == flags{true, false, false, false});
    all[0].room = false;
    CHECK(open(all, loading::in_order) == flags{false, false, false, false});
}

TEST_CASE("all alike: every one with room but software") {
    const std::vector<engine_state> all{{use::active, true, true}, {use::idle, true, false}, {use::defective, true, true}, {use::last_resort, true, true}};
    CHECK(open(all, loading::all_alike) == flags{true, false, true, false});
}

TEST_CASE("software only where no other engine can do the job, busy or not") {
    std::vector<engine_state> all{{use::active, true, false}, {use::last_resort, true, true}};
    for (const loading order : {loading::in_order, loading::all_alike}) {
        CHECK(open(all, order) == flags{false, false});
        all[0].can = false;
        CHECK(open(all, order) == flags{false, true});
        all[0].can = true;
    }
}
