// The table of PCI clocks per frame: host's CU resume, S bit, TCB, data, status; RFD, data, count, status.
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

TEST_CASE("a sent frame costs the clocks of the table") {
    struct row { unsigned octets; std::int64_t clocks; };
    for (const row& w : {row{60, 41}, row{252, 89}, row{508, 153}, row{1514, 405}}) {
        fresh_kernel k;
        rig r;
        auto c = rig::usual();
        c[6] &= static_cast<std::uint8_t>(~0x10);        // extended TCB: 8 dwords
        r.configure(c);
        r.block(0x1000, 0x4000, 0x2000);                 // NOP with S: suspends
        r.scb(1, 0, 0x1000);
        r.run_until_idle();
        REQUIRE(r.cus() == 1);
        // Flexible: one embedded TBD.
        const bytes data = rig::payload(w.octets);
        r.memory.poke(0x4000, data.data(), data.size());
        r.block(0x2000, 0x400C, 0x3000);
        r.memory.write32(0x2008, 0xFFFFFFFF);
        r.memory.write32(0x200C, 0x01E00000);
        r.memory.write32(0x2010, 0x4000);
        r.memory.write32(0x2014, w.octets | 1 << 16);
        r.memory.write32(0x1000, 0);                     // S clear
        r.log.log.clear();
        r.write(0x02, 1, 0x20);                          // CU resume
        r.run_until_idle();
        std::int64_t all = 0;
        for (const auto& t : r.log.log) all += t.clocks(r.period());
        INFO(w.octets);
        CHECK(all == w.clocks);
        REQUIRE(r.cable.sent.size() == 1);
        CHECK(std::equal(data.begin(), data.end(), r.cable.sent[0].frame->data.begin()));
        const auto own = r.own();
        REQUIRE(own.size() == 4);
        CHECK(own[0].command == pci::command::memory_read);
        CHECK(own[1].command == pci::command::memory_read_line);
        CHECK(own[2].command == pci::command::memory_read_multiple);
        CHECK(own[3].command == pci::command::memory_write);
    }
}

TEST_CASE("a received frame costs the clocks of the table") {
    struct row { unsigned octets; bool whole; std::int64_t clocks; };
    for (const row& w : {row{60, true, 33}, row{252, true, 81}, row{508, true, 145}, row{1514, true, 397},
                         row{60, false, 33}, row{252, false, 90}, row{508, false, 166}, row{1514, false, 466}}) {
        fresh_kernel k;
        nic::nic_config n;
        n.identity = nic::nic_identity::extended;
        n.rx_burst = w.whole ? nic::rx_burst_mode::frame : nic::rx_burst_mode::configure;
        rig r(n);
        r.configure(rig::usual());
        r.ring(0x10000, 4);
        r.scb(0, 1, 0x10000);
        r.run_until_idle();
        r.log.log.clear();
        const bytes data = rig::payload(w.octets);
        r.arrive(data);
        r.run_until_idle();
        INFO(w.octets << (w.whole ? " whole" : " threshold"));
        CHECK(r.own_clocks() == w.clocks);
        CHECK(r.memory.read16(0x10000) == 0xA020);
        CHECK(r.memory.read16(0x1000C) == (0xC000 | w.octets));
        CHECK(std::equal(data.begin(), data.end(), r.memory.at(0x10010)));
    }
}
