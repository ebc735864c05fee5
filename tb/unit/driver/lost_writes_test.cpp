// A device that does not answer for a moment: what was written to it then never came, and nobody tells the driver.
#include <catch2/catch.hpp>

#include "unit/driver/two_ends.h"

using namespace nicteam;
using namespace nicteam::driver;
using namespace nicteam::test;

namespace {

base_driver_config impatient(unsigned policy) {
    base_driver_config d;
    d.policy = policy;
    d.link_poll = 200 * microsecond;
    d.block_timeout = 300 * microsecond;
    d.transmit_timeout = 500 * microsecond;
    return d;
}

// Behind `over` frames go both ways, each once and as it was.
void goes_on(pair& p, ps over) {
    std::vector<packet*> back;
    for (unsigned n = 0; n < 10; ++n) {
        p.send(over + n * 50 * microsecond, {&p.a.make(200 + n)});
        packet& q = p.b.make(300 + n);
        std::uint8_t head[12] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};
        p.b.host.ram().write(q.pieces[0].address, head, sizeof head, 0);
        std::copy(std::begin(head), std::end(head), p.b.contents.back().begin());
        p.b.host.cpu().post(over + n * 50 * microsecond, [&p, &q](host::cpu& c) { p.b.driver.send(c, {&q}); });
    }
    simulate(over + 2 * millisecond);
    CHECK(p.a.driver.ready());
    for (end* e : {&p.a, &p.b}) {
        end& other = e == &p.a ? p.b : p.a;
        const auto& want = other.contents;
        REQUIRE(e->stack.got.size() >= 10);
        CHECK(std::equal(want.end() - 10, want.end(), e->stack.got.end() - 10));
    }
}

}  // namespace

TEST_CASE("Whatever write of a start is lost, the device comes up as its driver has it", "[driver]") {
    std::uint64_t again = 0, failed = 0;
    for (unsigned step = 0; step < 240; ++step) {
        test::fresh_kernel k;
        const base_driver_config d = impatient(step % 2);
        pair p(d, d);
        time_line t("t");
        const ps at = step * 110 * nanosecond, lasts = step % 3 ? 120 * nanosecond : 700 * nanosecond;
        t.at(at, [] { fault("a_nic.pci", "master_abort", true, sim::now()); });
        t.at(at + lasts, [] { fault("a_nic.pci", "master_abort", false, sim::now()); });
        INFO("at " << at << " ps");
        goes_on(p, 3 * millisecond);
        again += metric("a_driver.told_again");
        failed += metric("a_driver.failed_start");
    }
    CHECK(again > 10);
    CHECK(failed > 0);
}

TEST_CASE("A device that does not answer the first looks at it is asked again", "[driver]") {
    test::fresh_kernel k;
    pair p(impatient(0), impatient(0));
    time_line t("t");
    t.at(0, [] { fault("a_nic.pci", "master_abort", true, sim::now()); });
    t.at(2 * microsecond, [] { fault("a_nic.pci", "master_abort", false, sim::now()); });
    goes_on(p, 3 * millisecond);
    CHECK(metric("a_driver.failed_start") == 0);
}

TEST_CASE("A driver whose device flaps while frames come is neither deaf behind it nor asked for ever", "[driver]") {
    std::uint64_t again = 0;
    for (unsigned step = 0; step < 120; ++step) {
        test::fresh_kernel k;
        const base_driver_config d = impatient(step % 2);
        pair p(d, d);
        p.a.stack.work = 10'000;
        time_line t("t");
        const ps begins = millisecond + step * 370 * nanosecond, half = (100 + step % 7 * 90) * nanosecond;
        for (ps at = begins; at < begins + 100 * microsecond; at += 2 * half) {
            t.at(at, [] { fault("a_nic.pci", "master_abort", true, sim::now()); });
            t.at(at + half, [] { fault("a_nic.pci", "master_abort", false, sim::now()); });
        }
        for (unsigned n = 0; n < 40; ++n) {
            packet& q = p.b.make(60 + n);
            const std::uint8_t head[12] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};
            p.b.host.ram().write(q.pieces[0].address, head, sizeof head, 0);
            p.b.host.cpu().post(millisecond, [&p, &q](host::cpu& c) { p.b.driver.send(c, {&q}); });
        }
        INFO("step " << step);
        goes_on(p, 3 * millisecond);
        CHECK(metric("a.cpu0.spurious") < 400);
        again += metric("a_driver.told_again");
    }
    CHECK(again > 0);
}
