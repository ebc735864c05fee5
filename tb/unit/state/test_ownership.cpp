#include <catch2/catch.hpp>

#include "nicteam/state/ownership.h"

using namespace nicteam;
using namespace nicteam::state;

TEST_CASE("an object has one owner and only that one gives it away") {
    ownership_ledger l;
    const owner_id host = l.new_owner("host"), lan0 = l.new_owner("lan0");
    CHECK(l.name(lan0) == "lan0");
    CHECK(l.create(7, host, 1));
    CHECK_FALSE(l.create(7, lan0, 1));
    CHECK(l.move(7, lan0, host, 2) == move_result::not_the_owner);
    CHECK(l.move(8, host, lan0, 2) == move_result::unknown);
    CHECK(l.move(7, host, nobody, 3) == move_result::moved);
    CHECK(l.owner(7) == nobody);
    CHECK(l.move(7, host, lan0, 4) == move_result::not_the_owner);
    CHECK(l.move(7, nobody, lan0, 5) == move_result::moved);
    CHECK(l.owner(7) == lan0);
    CHECK(l.owned_by(lan0) == 1);
    CHECK_FALSE(l.destroy(7, host, 6));
    CHECK(l.destroy(7, lan0, 6));
    CHECK(l.objects() == 0);
    REQUIRE(l.history().size() == 4);
    CHECK(l.history()[2].at == 5);
    CHECK(l.history()[2].to == lan0);
}
