// Control requests and jobs on their whole way: stack, intermediary, pass-through, base driver, and back.
#include <catch2/catch.hpp>

#include "unit/stack/machine.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {
struct asker : stack::service_user {
    void completed(host::cpu&, driver::control& r) override { requests.push_back(&r); }
    void finished(host::cpu&, driver::job& j) override { jobs.push_back(&j); }
    std::vector<driver::control*> requests;
    std::vector<driver::job*> jobs;
};
}  // namespace

TEST_CASE("A stack's requests and jobs come back once with a status and unknown ones are refused cleanly", "[stack]") {
    const std::int64_t pass_through = GENERATE(-1, 0);
    fresh_kernel k;
    machine_config c = numbered(1);
    c.pass_through = pass_through;
    machine a("a", c), b("b", numbered(2));
    wire::cable cable("lan", {}, a.nic, b.nic);
    asker one, two;
    driver::control unknown("colour"), late("late");
    driver::job work("cipher"), late_work("late");
    driver::read_statistics counters;
    driver::set_filter filter;
    filter.multicast = {{1, 0, 0x5E, 0, 0, 1}};
    a.host.cpu().post(millisecond, [&](host::cpu& p) {
        a.stack->request(p, one, 0, unknown);
        a.stack->submit(p, two, 0, work);
        a.stack->request(p, two, 0, counters);
        a.stack->request(p, one, 0, filter);
    });
    simulate(2 * millisecond);
    CHECK(one.requests == std::vector<driver::control*>{&unknown, &filter});
    CHECK(two.requests == std::vector<driver::control*>{&counters});
    CHECK(two.jobs == std::vector<driver::job*>{&work});
    CHECK(one.jobs.empty());
    CHECK(unknown.result == driver::status::refused);
    CHECK_FALSE(unknown.detail.empty());
    CHECK(work.result == driver::status::refused);
    CHECK_FALSE(work.detail.empty());
    CHECK(counters.result == driver::status::done);
    CHECK(filter.result == driver::status::done);
    CHECK(metric("a_driver.refused") == 2);
    CHECK(metric("a.cpu0.cycles_driver_request") == 4 * host::of(host::cost::driver_request).cycles);
    CHECK(metric("a_intermediary.requests") == 3);
    CHECK(metric("a_intermediary.jobs") == 1);
    CHECK(metric("a_intermediary.refused") == 2);
    a.host.cpu().post(2 * millisecond, [&](host::cpu& p) {
        a.stack->request(p, two, 0, counters);        // under way when the adapter is halted
        a.intermediary.halt(p, 0, driver::halt_reason::shutdown);
        a.stack->request(p, one, 0, late);
        a.stack->submit(p, one, 0, late_work);
    });
    simulate(3 * millisecond);
    CHECK(counters.result == driver::status::not_done);
    CHECK(two.requests.size() == 2);
    CHECK(late.result == driver::status::not_done);
    CHECK(late_work.result == driver::status::not_done);
    CHECK(one.requests.size() == 3);
    CHECK(one.jobs.size() == 1);
}
