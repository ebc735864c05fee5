// Row A-39: a member takes another one's address for what it sends for it, and gets its own again.
#include <catch2/catch.hpp>

#include "nicteam/base/random_stream.h"
#include "nicteam/driver/crypto_job.h"
#include "team/lent_address.h"

using namespace nicteam;
using namespace nicteam::team;
using act = lent_address::act;

namespace {

const mac_address own{2, 0, 0, 0, 0, 1}, red{2, 0, 0, 0, 0, 2}, blue{2, 0, 0, 0, 0, 3};

}  // namespace

TEST_CASE("lent address: taken once for jobs under one address, given back behind the last") {
    lent_address l;
    driver::crypto_job a, b;
    CHECK(l.next(own).what == act::none);
    l.put(a, red);
    const auto take = l.next(own);
    CHECK(take.what == act::take);
    CHECK(take.address == red);
    CHECK(l.next(own).what == act::none);
    l.put(b, red);
    l.changed(true);
    CHECK(l.borrows());
    CHECK(l.next(own).job == &a);
    CHECK(l.next(own).job == &b);
    l.ended();
    CHECK(l.next(own).what == act::none);
    l.ended();
    const auto back = l.next(own);
    CHECK(back.what == act::give_back);
    CHECK(back.address == own);
    l.changed(true);
    CHECK_FALSE(l.borrows());
    CHECK(l.next(own).what == act::none);
}

TEST_CASE("lent address: a job under the member's own address needs no change, and waits for those before it") {
    lent_address l;
    driver::crypto_job a, b, c;
    l.put(a, own);
    CHECK(l.next(own).job == &a);
    l.put(b, red);
    l.put(c, own);
    CHECK(l.next(own).what == act::none);
    l.ended();
    CHECK(l.next(own).what == act::take);
    l.changed(true);
    CHECK(l.next(own).job == &b);
    l.ended();
    CHECK(l.next(own).what == act::give_back);
    l.changed(true);
    CHECK(l.next(own).job == &c);
}

TEST_CASE("lent address: jobs of an address that cannot be taken are refused, later ones not") {
    lent_address l;
    driver::crypto_job a, b, c;
    l.put(a, red);
    CHECK(l.next(own).what == act::take);
    l.put(b, blue);
    l.changed(false);
    for (const auto* j : {&a, &b}) {
        const auto s = l.next(own);
        CHECK(s.what == act::refuse);
        CHECK(s.job == j);
    }
    CHECK(l.next(own).what == act::none);
    l.put(c, red);
    CHECK(l.next(own).what == act::take);
    l.changed(true);
    CHECK(l.next(own).job == &c);
}

TEST_CASE("lent address: a member that did not get its own address back is asked again when it is there again") {
    lent_address l;
    driver::crypto_job a;
    l.put(a, red);
    l.next(own);
    l.changed(true);
    l.next(own);
    l.ended();
    CHECK(l.next(own).what == act::give_back);
    l.changed(false);
    CHECK(l.borrows());
    CHECK(l.next(own).what == act::none);
    l.again();
    CHECK(l.next(own).what == act::give_back);
}

// Any order of jobs, ends and refusals: a job is given once, in order, and only while the member has its address.
TEST_CASE("lent address: any timeline") {
    random_stream r(1, "lent", "any");
    for (unsigned run = 0; run < 2'000; ++run) {
        lent_address l;
        std::vector<std::unique_ptr<driver::crypto_job>> jobs;
        std::vector<mac_address> as;
        mac_address has = own, asked = own;
        bool asking = false;
        unsigned next_out = 0, open = 0;
        const unsigned puts = 1 + static_cast<unsigned>(r.below(20));
        for (unsigned tick = 0; tick < 10'000 && (jobs.size() < puts || next_out < puts || open || has != own || asking); ++tick) {
            if (jobs.size() < puts && r.below(2)) {
                jobs.push_back(std::make_unique<driver::crypto_job>());
                as.push_back(r.below(3) == 0 ? own : r.below(2) ? red : blue);
                l.put(*jobs.back(), as.back());
            }
            if (open && r.below(3) == 0) --open, l.ended();
            if (asking && r.below(3) == 0) {
                asking = false;
                const bool good = r.below(8) != 0;
                if (good) has = asked;
                l.changed(good);
            }
            if (r.below(10) == 0) l.again();
            for (auto s = l.next(own); s.what != act::none; s = l.next(own)) {
                if (s.what == act::take || s.what == act::give_back) {
                    REQUIRE_FALSE(asking);
                    REQUIRE(open == 0);
                    asking = true, asked = s.address;
                    continue;
                }
                REQUIRE(s.job == jobs.at(next_out).get());
                if (s.what == act::give) {
                    REQUIRE(as.at(next_out) == has);
                    ++open;
                }
                ++next_out;
            }
        }
        REQUIRE(next_out == puts);
        REQUIRE(has == own);
    }
}
