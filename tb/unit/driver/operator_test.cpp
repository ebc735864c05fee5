// A driver that its operator resets or takes down: everything outstanding completes exactly once, and afterwards it carries on.
#include <catch2/catch.hpp>

#include "unit/driver/two_ends.h"

using namespace nicteam;
using namespace nicteam::driver;
using namespace nicteam::test;

namespace {

constexpr ps us = microsecond, begins = 4 * millisecond;

struct under_load : pair {
    under_load() {
        for (unsigned n = 0; n < packets; ++n) send(begins + n * 40 * us, {&a.make(600, 2, static_cast<std::uint8_t>(n))});
    }
    // Each once, as one or the other; what was done arrived, but for the two that may lie in the FIFO when the device is reset.
    void check() {
        CHECK(a.stack.completions.size() == packets);
        for (const auto& [what, times] : a.stack.completions) CHECK(times == 1);
        CHECK(a.stack.by_status[status::done] + a.stack.by_status[status::not_done] == static_cast<int>(packets));
        CHECK(b.stack.got.size() + 2 >= static_cast<std::size_t>(a.stack.by_status[status::done]));
        CHECK(b.stack.got.size() <= packets);
    }
    static constexpr unsigned packets = 50;
    time_line when{"when"};
};

}  // namespace

TEST_CASE("An operator's reset completes everything once, wherever it comes, and the driver carries on", "[driver]") {
    for (ps at = begins; at < begins + 200 * us; at += 7 * us) {
        test::fresh_kernel k;
        under_load p;
        p.when.at(at, [] { fault("a_driver", "reset", true, sim::now()); });
        simulate(begins + 4 * millisecond);
        INFO(at);
        p.check();
        CHECK(p.a.driver.ready());
        CHECK(metric("a_driver.operator_resets") == 1);
        CHECK(p.a.stack.by_status[status::done] > 30);
        CHECK(p.a.stack.link == std::vector<bool>{true, false, true});
    }
}

TEST_CASE("A driver that is taken down does nothing until that ends", "[driver]") {
    test::fresh_kernel k;
    under_load p;
    p.when.at(begins + 500 * us, [] { fault("a_driver", "taken_down", true, sim::now()); });
    p.when.at(begins + 600 * us, [] { fault("a_driver", "taken_down", true, sim::now()); });       // twice: both must end
    p.when.at(begins + 700 * us, [] { fault("a_driver", "taken_down", false, sim::now()); });
    p.when.at(begins + 800 * us, [] { fault("a_driver", "reset", true, sim::now()); });            // down it stays
    p.when.at(begins + 900 * us, [&] { CHECK_FALSE(p.a.driver.ready()); });
    p.when.at(begins + millisecond, [] { fault("a_driver", "taken_down", false, sim::now()); });
    simulate(begins + 4 * millisecond);
    p.check();
    CHECK(p.a.driver.ready());
    CHECK(metric("a_driver.operator_resets") == 0);
    CHECK(p.a.stack.by_status[status::not_done] >= 12);
    CHECK(p.a.stack.by_status[status::not_done] <= 15);
    CHECK(p.a.stack.link == std::vector<bool>{true, false, true});
}

TEST_CASE("What is put in while its driver is down waits, and what is taken out is not missed", "[driver]") {
    for (const bool put_in : {false, true}) {
        test::fresh_kernel k;
        under_load p;
        p.when.at(begins + 500 * us, [] { fault("a_driver", "taken_down", true, sim::now()); });
        p.when.at(begins + 600 * us, [&] { p.a.nic.pci_device().set_present(false, sim::now()); });
        if (put_in) p.when.at(begins + 700 * us, [&] { p.a.nic.pci_device().set_present(true, sim::now()); });
        p.when.at(begins + 1500 * us, [&] { CHECK_FALSE(p.a.driver.ready()); });
        p.when.at(begins + 1600 * us, [] { fault("a_driver", "taken_down", false, sim::now()); });
        simulate(begins + 4 * millisecond);
        p.check();
        CHECK(p.a.driver.ready() == put_in);
        CHECK(metric("a_driver.failed_start") == 0);
    }
}

TEST_CASE("A reset lets a driver try again whose device did not answer", "[driver]") {
    test::fresh_kernel k;
    under_load p;
    p.when.at(0, [] { fault("a_nic.pci", "master_abort", true, sim::now()); });
    p.when.at(begins - 2 * millisecond, [] { fault("a_nic.pci", "master_abort", false, sim::now()); });
    p.when.at(begins - millisecond, [] { fault("a_driver", "reset", true, sim::now()); });
    simulate(begins + 4 * millisecond);
    p.check();
    CHECK(metric("a_driver.failed_start") == 1);
    CHECK(p.a.stack.by_status[status::done] == 50);
}
