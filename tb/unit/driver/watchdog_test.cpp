// What the base driver does when link or device let it down.
#include <catch2/catch.hpp>

#include "unit/driver/two_ends.h"

using namespace nicteam;
using namespace nicteam::driver;
using namespace nicteam::test;

namespace {
base_driver_config quick(unsigned after_timeout) {
    base_driver_config d;
    d.transmit_timeout = 2 * millisecond;
    d.block_timeout = millisecond;
    d.after_timeout = after_timeout;
    return d;
}
}  // namespace

TEST_CASE("A lost link is noticed within a link poll and a new one as well", "[driver]") {
    test::fresh_kernel k;
    base_driver_config d;
    d.link_poll = 3 * millisecond;
    pair p(d);
    time_line t("t");
    t.at(4 * millisecond, [&] { p.cable.set_link(false, sim::now()); });
    t.at(12 * millisecond, [&] { p.cable.set_link(true, sim::now()); });
    simulate(20 * millisecond);
    const auto& l = p.a.stack.links;
    REQUIRE(l.size() == 3);
    CHECK(l[0].up);
    CHECK(l[0].rate == 100'000'000);
    CHECK(l[0].full_duplex);
    CHECK_FALSE(l[1].up);
    CHECK(l[1].rate == 0);
    CHECK(l[1].since > 4 * millisecond);
    CHECK(l[1].since <= 4 * millisecond + d.link_poll + 10 * microsecond);
    CHECK(l[2].up);
    CHECK(l[2].since > 12 * millisecond);
    CHECK(l[2].since <= 12 * millisecond + d.link_poll + 10 * microsecond);
    CHECK(p.b.stack.links.size() == 1);           // looks every 2 s
}

TEST_CASE("The driver knows the rate of its link whatever it is", "[driver]") {
    const std::int64_t rate = GENERATE(as<std::int64_t>(), 10'000'000, 100'000'000, 1'000'000'000, 2'500'000, 400'000'000'000);
    const bool extended = rate != 10'000'000 && rate != 100'000'000;
    test::fresh_kernel k;
    nic::nic_config n;
    if (extended) {
        n.identity = nic::nic_identity::extended;
        n.link_rate = rate;
    }
    wire::cable_config lan;
    lan.rate = rate;
    pair p({}, {}, lan, n);
    simulate(2 * millisecond);
    CHECK(p.a.driver.able().link_rate == rate);
    REQUIRE(p.a.stack.links.size() == 1);
    CHECK(p.a.stack.links[0].rate == rate);
}

TEST_CASE("A command unit that was stopped is noticed and reset and its packets complete once", "[driver]") {
    const unsigned after = GENERATE(0u, 1u);
    test::fresh_kernel k;
    pair p(quick(after));
    std::vector<packet*> l;
    for (unsigned n = 0; n < 8; ++n) l.push_back(&p.a.make(1000, 1, static_cast<std::uint8_t>(n)));
    p.a.host.cpu().post(millisecond, [&](host::cpu& c) {
        p.a.driver.send(c, {l.begin(), l.end()});
        c.write(host::memory_window(0) + 8, 4, 2);       // PORT selective reset, behind the driver's back
    });
    set_filter f;
    f.multicast = {{1, 0, 0x5E, 0, 0, 1}};
    p.a.host.cpu().post(millisecond + 100 * microsecond, [&](host::cpu& c) { p.a.driver.request(c, f); });
    packet& later = p.a.make(300);
    p.send(6 * millisecond, {&later});
    simulate(8 * millisecond);
    CHECK(metric("a_driver.transmit_timeouts") == 1);
    CHECK(metric("a_driver.failed_resets") == 0);
    CHECK(p.a.stack.completions.size() == 9);
    for (const auto& [q, n] : p.a.stack.completions) CHECK(n == 1);
    CHECK(p.a.stack.by_status[status::done] + p.a.stack.by_status[status::not_done] == 9);
    if (after == 0) CHECK(p.a.stack.by_status[status::not_done] >= 6);
    else CHECK(p.a.stack.by_status[status::not_done] == 0);
    CHECK(metric("a_driver.resent") == (after == 0 ? 0 : metric("a_driver.resent")));
    if (after == 1) CHECK(metric("a_driver.resent") >= 6);
    CHECK(f.result == status::done);
    REQUIRE(!p.b.stack.got.empty());
    CHECK(p.b.stack.got.back() == p.a.contents.back());
    CHECK(p.a.driver.ready());
}

TEST_CASE("Memory that retries for ever: the watchdog resets until it answers and nothing is lost unseen", "[driver]") {
    const unsigned after = GENERATE(0u, 1u);
    test::fresh_kernel k;
    pair p(quick(after));
    time_line t("t");
    t.at(millisecond, [&] { fault("a.pci0.bridge", "endless_retry", true, sim::now()); });
    t.at(8 * millisecond, [&] { fault("a.pci0.bridge", "endless_retry", false, sim::now()); });
    std::vector<packet*> l;
    for (unsigned n = 0; n < 5; ++n) l.push_back(&p.a.make(700, 1, static_cast<std::uint8_t>(n)));
    p.send(millisecond + microsecond, l);
    packet &early = p.a.make(100), &late = p.a.make(200);
    p.send(6 * millisecond, {&early});            // the device does not answer
    p.send(18 * millisecond, {&late});
    simulate(20 * millisecond);
    CHECK(metric("a_driver.transmit_timeouts") == 1);
    CHECK(metric("a_driver.failed_resets") >= 1);
    CHECK(p.a.driver.ready());
    CHECK(p.a.stack.completions.size() == 7);
    for (const auto& [q, n] : p.a.stack.completions) CHECK(n == 1);
    CHECK(p.a.stack.by_status[status::no_room] == 1);
    CHECK(p.a.stack.by_status[status::not_done] == (after == 0 ? 5 : 0));
    CHECK(p.a.stack.by_status[status::done] == (after == 0 ? 1 : 6));
    CHECK(p.b.stack.got.size() == (after == 0 ? 1u : 6u));
    REQUIRE(p.a.stack.links.size() == 3);         // told that it is gone, and that it came back
    CHECK(!p.a.stack.links[1].ready);
    CHECK(p.a.stack.links[2].up);
}

TEST_CASE("Halt while the device does not answer completes everything as not done", "[driver]") {
    test::fresh_kernel k;
    pair p(quick(1));
    time_line t("t");
    t.at(millisecond, [&] { fault("a.pci0.bridge", "endless_retry", true, sim::now()); });
    p.send(millisecond + microsecond, {&p.a.make(700), &p.a.make(700)});
    p.a.host.cpu().post(6 * millisecond, [&](host::cpu& c) { p.a.driver.halt(c, halt_reason::reset); });
    simulate(9 * millisecond);
    CHECK(p.a.stack.by_status[status::not_done] == 2);
    CHECK(p.a.stack.completions.size() == 2);
    CHECK(metric("a_driver.failed_resets") >= 1);
}

TEST_CASE("A counter dump that never ends fails after its time and others follow", "[driver]") {
    test::fresh_kernel k;
    base_driver_config d = quick(0);
    d.transmit_timeout = 0;
    d.statistics_timeout = millisecond;
    pair p(d);
    time_line t("t");
    t.at(millisecond, [&] { fault("a.pci0.bridge", "endless_retry", true, sim::now()); });
    t.at(4 * millisecond, [&] { fault("a.pci0.bridge", "endless_retry", false, sim::now()); });
    read_statistics first, second;
    p.a.host.cpu().post(millisecond + microsecond, [&](host::cpu& c) { p.a.driver.request(c, first); });
    p.a.host.cpu().post(5 * millisecond, [&](host::cpu& c) { p.a.driver.request(c, second); });
    simulate(7 * millisecond);
    CHECK(first.result == status::failed);
    CHECK_FALSE(first.detail.empty());
    CHECK(second.result == status::done);
    CHECK(metric("a_driver.failed_controls") == 1);
}

TEST_CASE("Masking and polling takes fewer interrupts for the same frames", "[driver]") {
    const auto interrupts = [](unsigned policy) {
        test::fresh_kernel k;
        base_driver_config d;
        d.policy = policy;
        pair p({}, d);
        std::vector<packet*> l;
        for (unsigned n = 0; n < 60; ++n) l.push_back(&p.a.make(60, 1, static_cast<std::uint8_t>(n)));
        p.b.stack.work = 20'000;                  // cycles a frame: the CPU falls behind
        p.send(millisecond, l);
        simulate(10 * millisecond);
        CHECK(p.b.stack.got.size() == 60);
        return metric("b_driver.interrupts");
    };
    const auto acknowledge = interrupts(0), poll = interrupts(1);
    CHECK(acknowledge > 20);
    CHECK(poll < acknowledge / 4);
}

// The CPU falls behind, so that one piece of polling follows the other and some of their reads are aborted.
TEST_CASE("A status that an abort hides is no status: nothing is acknowledged or restarted for it", "[driver]") {
    const std::string what = GENERATE("master_abort", "target_abort");
    test::fresh_kernel k;
    base_driver_config d;
    d.policy = 1;
    d.budget = 1;
    pair p({}, d);
    p.b.stack.work = 20'000;
    std::vector<packet*> l;
    for (unsigned n = 0; n < 60; ++n) l.push_back(&p.a.make(60 + n, 1, static_cast<std::uint8_t>(n)));
    p.send(millisecond, l);
    time_line t("t");
    for (ps at = millisecond + 50 * microsecond; at < 1900 * microsecond; at += 97 * microsecond) {
        t.at(at, [&] { fault("b_nic.pci", what, true, sim::now()); });
        t.at(at + 43 * microsecond, [&] { fault("b_nic.pci", what, false, sim::now()); });
    }
    simulate(8 * millisecond);
    CHECK(metric("b_driver.receiver_restarts") == 0);
    REQUIRE(p.b.stack.got.size() == 60);
    for (unsigned n = 0; n < 60; ++n) CHECK(p.b.stack.got[n] == p.a.contents[n]);
}

TEST_CASE("Without a link a driver asks the PHY only where there is no general status: before the 82559 A", "[driver]") {
    for (const unsigned revision : {5u, 6u}) {
        test::fresh_kernel k;
        base_driver_config d;
        d.link_poll = millisecond;
        pair p(d);
        p.a.nic.pci_device().registers().set(0x08, 1, revision);
        time_line t("t");
        std::uint64_t before = 0;
        t.at(0, [&] { p.cable.set_link(false, sim::now()); });
        t.at(4 * millisecond, [&] { before = metric("a.cpu0.reads"); });
        simulate(9 * millisecond + 500 * microsecond);
        INFO(revision);
        if (revision == 6) CHECK(metric("a.cpu0.reads") - before <= 12);       // two a look: units and link
        else CHECK(metric("a.cpu0.reads") - before > 15);                      // three cycles of the MDI besides
    }
}

TEST_CASE("A PHY whose link was lost for a while between two looks says so once and is looked at again", "[driver]") {
    test::fresh_kernel k;
    base_driver_config d;
    d.link_poll = 3 * millisecond;
    nic::nic_config n;
    n.identity = nic::nic_identity::i82558;       // no general status: link status of the PHY stays low until it is read
    pair p(d, {}, {}, n);
    time_line t("t");
    t.at(4 * millisecond, [&] { p.cable.set_link(false, sim::now()); });
    t.at(4 * millisecond + 100 * microsecond, [&] { p.cable.set_link(true, sim::now()); });
    simulate(20 * millisecond);
    REQUIRE(p.a.stack.links.size() == 1);
    CHECK(p.a.stack.links[0].up);
}
