// DMA maxima (Configure bytes 4 and 5) and the transmit FIFO limit (byte 1 bits 6:4): SDM 6.4.2.3, docs/decisions/0032.
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::uint32_t at = 0x10000, block = 0x1000;

// The tenures of transmit data and of received data, in order.
std::vector<tenure_record> data_of(rig& r, pci::command c, std::uint32_t from, std::uint32_t to) {
    std::vector<tenure_record> v;
    for (const tenure_record& t : r.own())
        if (t.command == c && t.address >= from && t.address < to) v.push_back(t);
    return v;
}

struct race {
    std::vector<tenure_record> transmit, receive;
    ps first_receive_request = never;
};

// A frame of 1500 bytes is fetched while one of 1514 arrives.
race fetch_while_receiving(unsigned byte4, unsigned byte5, bool receiving = true) {
    fresh_kernel k;
    rig r;
    r.card.pci_device().registers().write(0x0D, 1, 0xF8);        // no latency timer interferes
    auto c = rig::usual();
    c[4] = static_cast<std::uint8_t>(byte4);
    c[5] = static_cast<std::uint8_t>(byte5);
    r.configure(c);
    r.ring(at, 2);
    r.scb(0, 1, at);
    r.run_until_idle();
    const bytes sent = rig::payload(1500, {2, 0, 0, 0, 0, 2}), got = rig::payload(1514);
    r.transmit_block(block, sent);
    r.log.log.clear();
    // The transmit burst of 375 words begins while received data come every 64 octets, 5.12 us apart.
    if (receiving) r.arrive(got);
    r.run(30 * microsecond);
    r.scb(1, 0, block);
    r.run_until_idle();
    race x;
    x.transmit = data_of(r, pci::command::memory_read_multiple, block + 16, block + 1600);
    x.receive = data_of(r, pci::command::memory_write, at + 16, at + 2000);
    REQUIRE(r.cable.sent.size() == 1);
    CHECK(std::equal(sent.begin(), sent.end(), r.cable.sent[0].frame->data.begin()));
    if (receiving) {
        CHECK(r.memory.read16(at) == 0xA020);
        CHECK(std::equal(got.begin(), got.end(), r.memory.at(at + 16)));
    }
    return x;
}

}  // namespace

TEST_CASE("Configure bytes 4 and 5: without bit 7 of byte 5 a transmit burst goes on whatever waits") {
    const race x = fetch_while_receiving(0, 0x01);
    REQUIRE(x.transmit.size() == 1);
    CHECK(x.transmit[0].words == 375);
}

TEST_CASE("Configure byte 5: a transmit burst that has had its maximum yields to received data") {
    for (const unsigned v : {0u, 1u, 5u, 40u, 127u}) {
        const race x = fetch_while_receiving(0, 0x80 | v);
        INFO(v);
        if (v == 127) {                                  // 508 data cycles: more than the frame
            CHECK(x.transmit.size() == 1);
            continue;
        }
        REQUIRE(x.transmit.size() >= 2);
        std::uint32_t words = 0;
        for (std::size_t i = 0; i < x.transmit.size(); ++i) {
            const tenure_record& t = x.transmit[i];
            words += t.words;
            if (i + 1 == x.transmit.size()) break;
            CHECK(t.words >= std::max(1u, 4 * v));       // it has had its maximum
            CHECK(t.why == pci::ending::limited);
            // Received data come before it goes on.
            bool between = false;
            for (const tenure_record& u : x.receive) between |= u.start > t.start && u.start < x.transmit[i + 1].start;
            CHECK(between);
        }
        CHECK(words == 375);
        // Both wanted the bus all the time from the second on: it had its maximum and no more.
        if (v && x.transmit.size() > 2) CHECK(x.transmit[2].words == std::min(4 * v, 375 - x.transmit[0].words - x.transmit[1].words));
    }
}

TEST_CASE("Configure byte 5: with nobody waiting a transmit burst goes beyond its maximum") {
    const race x = fetch_while_receiving(0, 0x80, false);
    REQUIRE(x.transmit.size() == 1);
    CHECK(x.transmit[0].words == 375);
}

TEST_CASE("Configure byte 4: a receive burst that has had its maximum yields to the command unit and goes on behind it") {
    for (const unsigned v : {0x00u, 2u, 10u, 40u, 0x7Fu})
        for (const bool on : {false, true}) {
            fresh_kernel k;
            nic::nic_config n;
            n.identity = nic::nic_identity::extended;
            n.rx_burst = nic::rx_burst_mode::frame;      // one burst of 225 words
            n.cu_accept = 600;                           // 18 us: a start is accepted while the burst is under way
            rig r(n);
            r.card.pci_device().registers().write(0x0D, 1, 0xF8);
            auto c = rig::usual();
            c[4] = static_cast<std::uint8_t>(v);
            c[5] = on ? 0x80 : 0;
            r.configure(c);
            r.ring(at, 2);
            r.scb(0, 1, at);
            r.run_until_idle();
            const bytes d = rig::payload(900);
            r.block(block, 0x8000, 0);
            r.write(0x04, 4, block);
            r.log.log.clear();
            r.arrive(d);
            r.run(58 * microsecond);
            r.access(pci::command::memory_write, rig::csr + 2, 1, 0x10);
            r.run_until_idle();
            const auto bursts = data_of(r, pci::command::memory_write, at + 16, at + 2000);
            const auto fetch = data_of(r, pci::command::memory_read_line, block, block + 1);
            INFO(v << (on ? " on" : " off"));
            REQUIRE(fetch.size() == 1);
            CHECK(r.memory.read16(at) == 0xA020);
            CHECK(std::equal(d.begin(), d.end(), r.memory.at(at + 16)));
            if (!on || v == 0x7F) {
                REQUIRE(bursts.size() == 1);
                CHECK(bursts[0].words == 225);
                CHECK(fetch[0].start > bursts[0].last);
                continue;
            }
            // The block is fetched in its middle, and its status as soon as that is known: after one more word of the burst, or its maximum.
            REQUIRE(bursts.size() >= 2);
            if (v == 40) CHECK(bursts[0].words == 160);
            else CHECK((bursts[0].words > 60 && bursts[0].words < 160));
            CHECK(bursts[0].why == pci::ending::limited);
            CHECK(fetch[0].start == bursts[0].idle + r.period());
            CHECK(bursts[1].start > fetch[0].last);
            std::uint32_t words = 0;
            for (const tenure_record& t : bursts) words += t.words;
            CHECK(words == 225);
        }
}

TEST_CASE("Configure 1 bits 6:4: a transmit burst is asked for when the dual-port FIFO has run down to four bytes a unit") {
    for (unsigned v = 0; v < 8; ++v) {
        fresh_kernel k;
        rig r;
        auto c = rig::usual();
        c[1] = static_cast<std::uint8_t>(0x08 | v << 4);
        r.configure(c);
        // 112 of 3072 bytes are free behind the first frame: 128 - 4 v from v = 4 on.
        const bytes second = rig::payload(1000, {2, 0, 0, 0, 0, 2});
        r.transmit_block(0x1000, rig::payload(2960), 0x0004, 0x4000);
        r.transmit_block(0x4000, second);
        r.log.log.clear();
        r.scb(1, 0, 0x1000);
        r.run_until_idle();
        const auto bursts = data_of(r, pci::command::memory_read_multiple, 0x4010, 0x4500);
        INFO(v);
        REQUIRE(!bursts.empty());
        CHECK(bursts.size() == (v < 4 ? 1 : 2));
        CHECK(bursts[0].words == (v < 4 ? 250 : 28));
        REQUIRE(r.cable.sent.size() == 2);
        CHECK(std::equal(second.begin(), second.end(), r.cable.sent[1].frame->data.begin()));
    }
}

TEST_CASE("Configure byte 4: an abort of the receive unit ends its burst whatever the maxima say") {
    for (int n = 0; n < 40; ++n) {
        fresh_kernel k;
        nic::nic_config i;
        i.identity = nic::nic_identity::extended;
        i.rx_burst = nic::rx_burst_mode::frame;
        i.ru_accept = 600;
        i.cu_accept = 600u + static_cast<unsigned>(n) - 20u;
        rig r(i);
        r.card.pci_device().registers().write(0x0D, 1, 0xF8);
        auto c = rig::usual();
        c[4] = 100;
        c[5] = 0x80;
        r.configure(c);
        r.ring(at, 2);
        r.scb(0, 1, at);
        r.run_until_idle();
        r.block(block, 0x8000, 0);
        r.write(0x04, 4, block);
        r.log.log.clear();
        r.arrive(rig::payload(900));
        r.run(58 * microsecond);
        r.access(pci::command::memory_write, rig::csr + 2, 1, 0x14);     // CU start and RU abort
        r.run_until_idle();
        const auto bursts = data_of(r, pci::command::memory_write, at + 16, at + 2000);
        INFO(n);
        REQUIRE(bursts.size() == 1);
        CHECK(bursts[0].words < 225);
        CHECK(r.rus() == 0);
        CHECK(r.memory.read16(block) == 0xA000);
    }
}
