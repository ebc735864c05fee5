// A driver whose device is gone, and one that gets another.
#include <catch2/catch.hpp>

#include "unit/driver/two_ends.h"

using namespace nicteam;
using namespace nicteam::driver;
using namespace nicteam::test;

TEST_CASE("A device that is gone is asked only so often", "[driver]") {
    test::fresh_kernel k;
    base_driver_config d;
    d.absent_polls = 5;
    host::host_config h;
    h.hot_plug.notice = 5 * millisecond;          // nobody has told the driver yet
    pair p(d, {}, {}, {}, h);
    set_filter f, g;
    std::uint64_t before = 0, after = 0;
    p.a.host.cpu().post(4 * millisecond, [&](host::cpu& c) {
        p.a.nic.pci_device().set_present(false, sim::now());
        p.a.driver.request(c, f);                 // its command is written to nobody
        before = metric("a_driver.acceptance_polls");
        p.a.driver.request(c, g);
        after = metric("a_driver.acceptance_polls");
    });
    simulate(6 * millisecond);
    CHECK(after - before == 5);
    CHECK(metric("a_driver.hung_commands") == 1);
}

TEST_CASE("What a driver had under way comes back when its device is gone and the next one carries on", "[driver]") {
    test::fresh_kernel k;
    pair p;
    std::vector<packet*> l;
    for (unsigned n = 0; n < 8; ++n) l.push_back(&p.a.make(1500, 1, static_cast<std::uint8_t>(n)));
    p.a.host.cpu().post(4 * millisecond, [&](host::cpu& c) { p.a.driver.send(c, {l.begin(), l.end()}); });
    time_line t("t");
    t.at(4 * millisecond + 200 * microsecond, [&] { p.a.nic.pci_device().set_present(false, sim::now()); });
    t.at(6 * millisecond, [&] { p.a.nic.pci_device().set_present(true, sim::now()); });
    packet& later = p.a.make(300);
    p.send(8 * millisecond, {&later});
    simulate(10 * millisecond);
    CHECK(p.a.stack.completions.size() == 9);
    CHECK(metric("a_driver.not_done") >= 1);
    CHECK(metric("a_driver.failed_start") == 0);
    CHECK(p.a.driver.ready());
    REQUIRE(!p.a.stack.completions.empty());
    CHECK(metric("a_driver.sent_packets") >= 2);
    REQUIRE(p.a.stack.links.size() == 3);         // up, gone, up again
    CHECK_FALSE(p.a.stack.links[1].up);
    CHECK(p.a.stack.links[2].up);
}

TEST_CASE("A device that is taken out and put in again is set up once however soon it comes back", "[driver]") {
    test::fresh_kernel k;
    host::host_config h;
    h.hot_plug.notice = 10 * microsecond;
    h.hot_plug.power_good = 0;
    pair p({}, {}, {}, {}, h);
    time_line t("t");
    ps out = 4 * millisecond;
    unsigned times = 0;
    for (ps gap = 0; gap < 20 * microsecond; gap += 250 * nanosecond, out += 2 * millisecond, ++times) {      // also while the driver is told
        t.at(out, [&] { p.a.nic.pci_device().set_present(false, sim::now()); });
        t.at(out + gap, [&] { p.a.nic.pci_device().set_present(true, sim::now()); });
    }
    simulate(out + millisecond);
    CHECK(metric("a.hot_plug.removals") == times);
    CHECK(metric("a.hot_plug.insertions") == times);
    CHECK(metric("a_driver.failed_start") == 0);
    CHECK(p.a.driver.ready());
}

TEST_CASE("What answers in the place of a removed device is stopped before its packets are given up", "[driver]") {
    test::fresh_kernel k;
    pair p;
    std::vector<packet*> l;
    for (unsigned n = 0; n < 8; ++n) l.push_back(&p.a.make(1500, 1, static_cast<std::uint8_t>(n)));
    p.send(4 * millisecond, l);
    p.a.host.cpu().post(4 * millisecond + 200 * microsecond, [&](host::cpu& c) { p.a.driver.halt(c, halt_reason::removed); });      // another is there and was set up
    simulate(8 * millisecond);
    CHECK(p.a.stack.completions.size() == 8);
    CHECK(p.a.stack.by_status[status::not_done] >= 1);
    CHECK(p.b.stack.got.size() <= static_cast<std::size_t>(p.a.stack.by_status[status::done]));
}

TEST_CASE("A device in the place of another is asked for its revision anew", "[driver]") {
    test::fresh_kernel k;
    base_driver_config d;
    d.checksum_offload = true;
    nic::nic_config n;
    n.identity = nic::nic_identity::i82550;
    host::host_config h;
    h.hot_plug.notice = 500 * microsecond;
    pair p(d, d, {}, n, h);
    time_line t("t");
    bool before = false;
    t.at(3 * millisecond, [&] { before = p.a.driver.able().checksums; });
    t.at(4 * millisecond, [&] { p.a.nic.pci_device().set_present(false, sim::now()); });
    t.at(6 * millisecond, [&] { p.a.nic.pci_device().set_present(true, sim::now()); });
    t.at(6 * millisecond + 300 * microsecond, [&] { p.a.nic.pci_device().registers().set(0x08, 1, 8); });      // an 82559
    simulate(9 * millisecond);
    CHECK(before);
    CHECK(p.a.driver.ready());
    CHECK_FALSE(p.a.driver.able().checksums);
}
