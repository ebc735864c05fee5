// Priority aware flow control of the 82558 and later (SDM 6.6.3): Configure 18 bits 6:4 and 20 bit 5. docs/pause.md, Of the low priority queue.
#include <catch2/catch.hpp>

#include "unit/nic/pause_frames.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr unsigned paused_bit = 8, paused_low_bit = 16;
constexpr unsigned near_octet = 19, far_octet = 31;

unsigned held(rig& r) { return r.read(0x1A, 1) & (paused_bit | paused_low_bit); }

std::vector<std::uint8_t> with_threshold(unsigned threshold, unsigned place = far_octet, unsigned bits = 0x80) {
    auto c = setup(bits);
    c[18] = static_cast<std::uint8_t>(0x82 | threshold << 4);
    c[20] = static_cast<std::uint8_t>(0x1F | (place == far_octet) << 5);
    return c;
}

bytes of_queue(unsigned priority, unsigned quanta, unsigned place = far_octet) {
    bytes b = control(1, quanta);
    b[place] = static_cast<std::uint8_t>(priority);
    return b;
}

// A frame arrives whole; the edge from which on the transmit side knows it.
ps take(rig& r, const bytes& b) {
    r.arrive(b);
    while (r.sender.busy()) r.run(octet);
    return mac.after(r.sender.ended.back(), 2);
}

// Transmit blocks at 1000h, 2000h …; simplified, so that the first burst behind the fetch of a block is of its data.
void send(rig& r, unsigned frames, unsigned octets = 600) {
    for (unsigned i = 0; i < frames; ++i)
        r.transmit_block(0x1000 * (i + 1), rig::payload(octets), i + 1 < frames ? 0x0004 : 0x8004, 0x1000 * (i + 2));
    r.scb(1, 0, 0x1000);
}

// From the edge at which a block is carried out to the request of its data: one clock to see it, one to ask.
ps asks(const rig& r, ps edge) { return edge + 2 * r.period(); }

// When the bus was asked for the first data of the block at this address; `never`: it has not been.
ps asked_for_data(rig& r, std::uint32_t block) {
    for (const tenure_record& t : r.own())
        if (t.address == block + 16) return t.request;
    return never;
}

}  // namespace

TEST_CASE("priority flow control: a PAUSE above the threshold is of the low priority queue - one up to it is of all") {
    for (const unsigned place : {near_octet, far_octet})
        for (unsigned threshold = 0; threshold <= 7; ++threshold)
            for (unsigned priority = 0; priority <= 7; ++priority) {
                fresh_kernel k;
                rig r;
                r.configure(with_threshold(threshold, place));
                CHECK(r.metric("refused_configuration") == 0);
                take(r, of_queue(0xF8 | priority, 1000, place));        // three bits of the octet count
                r.run(10 * octet);
                INFO(place << ' ' << threshold << ' ' << priority);
                CHECK(held(r) == (priority > threshold ? paused_low_bit : paused_bit));
                CHECK(r.metric("rx_pauses") == 1);
                CHECK(r.metric("rx_low_pauses") == (priority > threshold));
                CHECK((r.stat() & 1) == 1);
            }
}

TEST_CASE("priority flow control: the octet at the other place does not count") {
    for (const unsigned place : {near_octet, far_octet}) {
        fresh_kernel k;
        rig r;
        r.configure(with_threshold(3, place));
        take(r, of_queue(7, 1000, place == far_octet ? near_octet : far_octet));
        r.run(10 * octet);
        CHECK(held(r) == paused_bit);
    }
}

TEST_CASE("priority flow control: after a reset it is off") {
    fresh_kernel k;
    rig r;
    r.configure({8, 0x08, 0, 0, 0, 0, 0x32, 0x03});                      // MII mode is beyond
    auto c = std::vector<std::uint8_t>{9, 0x08, 0, 0, 0, 0, 0x32, 0x03, 0x01};
    r.configure(c);
    take(r, of_queue(7, 1000));
    r.run(10 * octet);
    CHECK(held(r) == paused_bit);
}

TEST_CASE("priority flow control: pause low holds back the next transmit block two PCI edges behind the MAC and for as long") {
    for (const unsigned quanta : {1u, 30u, 1000u}) {
        fresh_kernel k;
        rig r;
        r.configure(with_threshold(2));
        r.log.log.clear();
        const ps from = take(r, of_queue(5, quanta)), until = from + quanta * slot;
        send(r, 1);
        CHECK(r.cus() == 2);                                              // active all the while
        r.run_until_idle();
        INFO(quanta);
        CHECK(r.bus.clock().after(from, 2) < asked_for_data(r, 0x1000));
        CHECK(asked_for_data(r, 0x1000) == asks(r, r.bus.clock().after(until, 2)));
        CHECK(r.cable.sent.size() == 1);
        CHECK(held(r) == 0);
    }
}

TEST_CASE("priority flow control: what is in the FIFO goes out and what has begun to load goes on") {
    fresh_kernel k;
    rig r;
    r.configure(with_threshold(2));
    r.log.log.clear();
    send(r, 4, 1500);
    while (!r.cable.busy) r.run(octet);                                   // the first goes out, the second loads
    const ps until = take(r, of_queue(3, 2000)) + 2000 * slot;
    r.run(until - sim::now() - 10 * octet);
    REQUIRE(r.cable.sent.size() == 2);
    CHECK(r.cable.sent[1].octets.first() - r.cable.sent[0].octets.last() == 13 * octet);
    CHECK(asked_for_data(r, 0x3000) == never);
    CHECK(held(r) == paused_low_bit);
    CHECK(r.cus() == 2);
    r.run_until_idle();
    CHECK(r.cable.sent.size() == 4);
    CHECK(asked_for_data(r, 0x3000) == asks(r, r.bus.clock().after(until, 2)));
}

TEST_CASE("priority flow control: other blocks than transmit are carried out meanwhile") {
    fresh_kernel k;
    rig r;
    r.configure(with_threshold(0));
    take(r, of_queue(1, 1000));
    r.block(0x3000, 0x0000, 0x3100);                                      // NOP
    r.block(0x3100, 0x0003, 0x1000);                                      // multicast setup, of none
    r.memory.write32(0x3108, 0);
    r.transmit_block(0x1000, rig::payload(60));
    r.scb(1, 0, 0x3000);
    r.run(100 * octet);
    CHECK(r.memory.read16(0x3000) == 0xA000);
    CHECK(r.memory.read16(0x3100) == 0xA000);
    CHECK(r.memory.read16(0x1000) == 0);
    r.run_until_idle();
    CHECK(r.memory.read16(0x1000) == 0xA000);
    CHECK(r.cable.sent.size() == 1);
}

TEST_CASE("priority flow control: each flow control frame overrides the one before") {
    struct row { unsigned first, quanta, second, then; unsigned held; };
    constexpr unsigned low = 7, all = 0;
    for (const row& w : {row{all, 5000, low, 4000, paused_low_bit}, row{low, 5000, all, 4000, paused_bit}, row{low, 5000, low, 0, 0}, row{low, 5000, all, 0, 0},
                         row{all, 5000, low, 0, 0}, row{low, 100, low, 4000, paused_low_bit}, row{low, 4000, low, 100, paused_low_bit}}) {
        fresh_kernel k;
        rig r;
        r.configure(with_threshold(3));
        r.log.log.clear();
        take(r, of_queue(w.first, w.quanta));
        send(r, 1);
        const ps from = take(r, of_queue(w.second, w.then)), until = from + w.then * slot;
        r.run(3 * octet);
        INFO(w.first << ' ' << w.quanta << ' ' << w.second << ' ' << w.then);
        CHECK(held(r) == w.held);
        r.run_until_idle();
        REQUIRE(r.cable.sent.size() == 1);
        const ps asked = asked_for_data(r, 0x1000), begun = r.cable.sent[0].octets.first();
        if (w.first == low) CHECK(asked == asks(r, r.bus.clock().after(w.second == low ? until : from, 2)));
        else CHECK(asked < from);                                         // it lay in the FIFO
        if (w.first == all && w.second == low) CHECK(begun == from);      // a pause low lets it out
        if (w.second == all && w.then) CHECK(begun == until);
        CHECK(dumped(r, nic::statistic::rx_pause) == 2);
    }
}

TEST_CASE("priority flow control: transmit flow control disable and another address and an 82557 take no pause low") {
    {
        fresh_kernel k;
        rig r;
        r.configure(with_threshold(0, far_octet, 0x84));
        take(r, of_queue(7, 1000));
        CHECK(held(r) == 0);
        CHECK(r.metric("rx_low_pauses") == 1);                            // counted, not taken
    }
    {
        fresh_kernel k;
        rig r;
        r.configure(with_threshold(0));
        bytes b = of_queue(7, 1000);
        b[5] = 9;
        take(r, b);
        CHECK(held(r) == 0);
        CHECK(r.metric("rx_pauses") == 0);
    }
    fresh_kernel k;
    nic::nic_config c;
    c.identity = nic::nic_identity::i82557;
    rig r(c);
    auto b = rig::usual();
    b[3] = 0;
    b[7] &= 0xBF;
    b[18] = 0xB2;                                                         // threshold 3
    r.configure(b);
    CHECK(r.metric("refused_configuration") == 1);
    take(r, of_queue(7, 1000));
    CHECK(r.metric("rx_pauses") == 0);
}

TEST_CASE("priority flow control: resets and half duplex end a pause low") {
    for (const char* how : {"selective reset", "software reset", "D3", "half duplex"}) {
        fresh_kernel k;
        rig r;
        r.configure(with_threshold(0));
        take(r, of_queue(7, 60'000));
        send(r, 1);
        r.run(100 * octet);
        INFO(how);
        CHECK(held(r) == paused_low_bit);
        CHECK(r.cable.sent.empty());
        const std::string what = how;
        const ps before = sim::now();
        if (what == "selective reset") r.write(0x08, 4, 2);
        if (what == "software reset") r.write(0x08, 4, 0);
        if (what == "D3") {
            for (const unsigned state : {3u, 0u}) r.access(pci::command::configuration_write, 0xE0, 2, state);
            auto& header = r.card.pci_device().registers();
            header.write(0x10, 4, rig::csr);
            header.write(0x14, 4, rig::io);
            header.write(0x18, 4, rig::flash);
            header.write(0x04, 2, 0x17);
        }
        if (what == "half duplex") {
            r.cable.full_duplex = false;
            bounce(r);
            r.run_until_idle();
            CHECK(r.cable.sent.size() == 1);                              // what was held goes
            CHECK(sim::now() - before < 2000 * octet);
            CHECK(held(r) == 0);
            continue;
        }
        r.run(10 * millisecond);                                          // D3 ends in a reset that reads the EEPROM
        CHECK(held(r) == 0);
        CHECK(r.cus() == 0);
        r.configure(with_threshold(0));
        send(r, 1);
        r.run_until_idle();
        CHECK(r.cable.sent.size() == 1);
        CHECK(sim::now() - before < ps{60'000} * slot);
    }
}
