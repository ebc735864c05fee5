// The three channels of DMA share one master: receive, commands, reports. What an abort does to each.
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {
constexpr std::uint32_t at = 0x10000, received_target_abort = 0x1000;
}

TEST_CASE("channels: receive goes before commands and both before the dump") {
    fresh_kernel k;
    rig r;
    r.ring(at, 1);
    r.block(0x1000, 0x8000, 0);
    r.scb(4, 0, 0x6000);
    r.access(pci::command::configuration_write, 0x04, 2, 0x13);          // not a bus master: all three wait
    r.scb(5, 0);
    r.scb(1, 0, 0x1000);
    r.scb(0, 1, at);
    r.run(microsecond);
    REQUIRE(r.own().empty());
    r.access(pci::command::configuration_write, 0x04, 2, 0x17);
    r.run_until_idle();
    std::vector<std::uint64_t> order;
    for (const tenure_record& t : r.own()) order.push_back(t.address);
    CHECK(order == std::vector<std::uint64_t>{at, 0x1000, 0x1000, 0x6000});
}

TEST_CASE("aborts: a target abort is counted and told in the PCI status and not tried again") {
    struct row { const char* name; std::uint64_t where; };
    for (const row& w : {row{"block", 0x1000}, row{"dump", 0x6000}, row{"descriptor", at}, row{"data", at + 16}, row{"count", at + 12}}) {
        fresh_kernel k;
        rig r;
        r.configure(rig::usual());
        r.ring(at, 1);
        r.block(0x1000, 0x8000, 0);
        r.scb(4, 0, 0x6000);
        if (w.where != at) r.scb(0, 1, at);
        r.run_until_idle();
        r.memory.abort_at = w.where;
        r.log.log.clear();
        if (w.where == at) r.scb(0, 1, at);
        r.scb(5, 0);
        r.arrive(rig::payload(60));
        if (w.where == 0x1000) r.scb(1, 0, 0x1000);
        r.run_until_idle();
        unsigned tries = 0;
        for (const tenure_record& t : r.own()) tries += t.address == w.where && t.why == pci::ending::target_abort;
        INFO(w.name);
        CHECK(r.metric("target_aborts") == tries);
        CHECK(tries == (w.where == 0x1000 ? 2 : 1));     // the block, then its status
        CHECK((r.card.pci_device().registers().read(0x06, 2) & received_target_abort) != 0);
    }
}

TEST_CASE("aborts: a frame whose status met one is good for the counter and unknown to software") {
    fresh_kernel k;
    rig r;
    r.configure(rig::usual());
    r.ring(at, 2);
    r.scb(0, 1, at);
    r.run_until_idle();
    r.memory.abort_at = at;
    r.arrive(rig::payload(60));
    r.run_until_idle();
    CHECK(r.metric("rx_untold") == 1);
    CHECK(r.metric("rx_frames") == 0);
    CHECK(r.metric("rx_bytes") == 0);
    CHECK(r.memory.read16(at) == 0);
    CHECK(r.stat() == 0x40);                             // the write is taken for done
}
