// Transmit blocks, padding, CRC, thresholds, underrun; interrupt causes; resets.
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {
const bytes& sent(rig& r, std::size_t n = 0) {
    REQUIRE(r.cable.sent.size() > n);
    packet::ensure_fcs(*r.cable.sent[n].frame);
    return r.cable.sent[n].frame->data;
}
}  // namespace

TEST_CASE("a short frame is padded with zeros to 64 octets with FCS") {
    fresh_kernel k;
    rig r;
    r.configure(rig::usual());
    const bytes d = rig::payload(20);
    r.transmit_block(0x1000, d);
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    const bytes& out = sent(r);
    REQUIRE(out.size() == 64);
    CHECK(std::equal(d.begin(), d.end(), out.begin()));
    CHECK(std::all_of(out.begin() + 20, out.begin() + 60, [](std::uint8_t b) { return b == 0; }));
    CHECK(packet::check_fcs(*r.cable.sent[0].frame));
    CHECK(r.memory.read16(0x1000) == 0xA000);
    CHECK(r.cable.sent[0].how == wire::wire_end::good);
}

TEST_CASE("no padding when it is off and no CRC with NC") {
    fresh_kernel k;
    rig r;
    auto c = rig::usual();
    c[18] &= 0xFD;
    r.configure(c);
    r.transmit_block(0x1000, rig::payload(20), 0x0004, 0x2000);
    r.transmit_block(0x2000, rig::payload(80), 0x8014);
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    CHECK(sent(r, 0).size() == 24);
    CHECK(sent(r, 1).size() == 80);
    CHECK(r.cable.sent[1].how == wire::wire_end::bad_fcs);
}

TEST_CASE("a flexible block gathers immediate bytes and buffers of any alignment") {
    fresh_kernel k;
    rig r;
    r.configure(rig::usual());
    const bytes d = rig::payload(500);
    r.block(0x1000, 0x800C, 0);
    r.memory.write32(0x1008, 0x3000);
    r.memory.write32(0x100C, 14 | 0x03E00000);
    r.memory.poke(0x1010, d.data(), 14);
    unsigned done = 14, n = 0;
    for (const unsigned size : {101u, 200u, 185u}) {
        const std::uint32_t to = 0x5001 + n * 0x401;
        r.memory.poke(to, d.data() + done, size);
        r.memory.write32(0x3000 + 8 * n, to);
        r.memory.write32(0x3004 + 8 * n, size);
        done += size;
        ++n;
    }
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    const bytes& out = sent(r);
    REQUIRE(out.size() == 504);
    CHECK(std::equal(d.begin(), d.end(), out.begin()));
}

TEST_CASE("the first octet leaves when the threshold is in the FIFO") {
    for (const unsigned threshold : {1u, 8u, 0xE0u}) {
        fresh_kernel k;
        rig r;
        r.configure(rig::usual());
        r.transmit_block(0x1000, rig::payload(1000), 0x8004, 0, threshold);
        r.scb(1, 0, 0x1000);
        r.run_until_idle();
        const tenure_record* data = nullptr;
        const auto own = r.own();
        for (const auto& t : own)
            if (t.command == pci::command::memory_read_multiple) data = &t;
        REQUIRE(data);
        const std::uint32_t words = std::min(1000u, 8 * threshold) / 4;
        const ps filled = data->first + (words - 1) * r.period();
        CHECK(r.cable.sent[0].octets.first() == clock_domain(80'000).after(filled, 2));
    }
}

TEST_CASE("a starved bus underruns and the retry succeeds with U in the next status") {
    fresh_kernel k;
    rig r;
    r.configure(rig::usual());               // byte 7: retry once the whole frame is there
    auto c = rig::usual();
    c[7] = 0x43 | 0x02;
    r.configure(c);
    r.memory.next_wait = 15;                 // 4 bytes in 480 ns: slower than the wire
    r.transmit_block(0x1000, rig::payload(600), 0x0004, 0x2000, 1);
    r.transmit_block(0x2000, rig::payload(60), 0x8004);
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    CHECK(r.metric("tx_underruns") == 1);
    REQUIRE(r.cable.sent.size() == 3);
    CHECK(r.cable.sent[0].how == wire::wire_end::cut);
    CHECK(r.cable.sent[0].octets.units() == 8 + r.cable.sent[0].frame->data.size());
    CHECK(r.cable.sent[1].how == wire::wire_end::good);
    CHECK(((r.memory.read16(0x1000) | r.memory.read16(0x2000)) & 0x1000) != 0);
    CHECK(r.metric("tx_frames") == 2);
}

TEST_CASE("without retries an underrun gives the frame up") {
    fresh_kernel k;
    rig r;
    auto c = rig::usual();
    c[7] = 0x41;
    r.configure(c);
    r.memory.next_wait = 15;
    r.transmit_block(0x1000, rig::payload(600), 0x8004, 0, 1);
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    CHECK(r.metric("tx_given_up") == 1);
    CHECK(r.metric("tx_frames") == 0);
    CHECK((r.memory.read16(0x1000) & 0xA000) == 0xA000);
}

TEST_CASE("frames that cannot be sent complete without OK") {
    fresh_kernel k;
    rig r;
    r.transmit_block(0x1000, rig::payload(100), 0x0004, 0x2000);     // before Configure
    r.transmit_block(0x2000, {}, 0x8004);
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    r.configure(rig::usual());
    r.transmit_block(0x4000, bytes(5000, 1), 0x8004);
    r.scb(1, 0, 0x4000);
    r.run_until_idle();
    CHECK(r.metric("tx_unsendable") == 3);
    CHECK(r.memory.read16(0x1000) == 0x8000);
    CHECK(r.memory.read16(0x4000) == 0x8000);
    CHECK(r.cable.sent.empty());
}

TEST_CASE("a buffer outside memory sends ones and ends like a completion") {
    fresh_kernel k;
    rig r;
    r.configure(rig::usual());
    r.block(0x1000, 0x800C, 0);
    r.memory.write32(0x1008, 0x3000);
    r.memory.write32(0x100C, 0x01E00000);
    r.memory.write32(0x3000, 0x70000000);
    r.memory.write32(0x3004, 100);
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    CHECK(r.metric("master_aborts") == 1);
    CHECK(sent(r)[50] == 0xFF);
    CHECK(r.memory.read16(0x1000) == 0xA000);
}

TEST_CASE("a byte flipped in memory between post and DMA leaves the wire flipped") {
    fresh_kernel k;
    rig r;
    r.configure(rig::usual());
    r.transmit_block(0x1000, rig::payload(1000));
    r.write(0x04, 4, 0x1000);
    const std::uint8_t before = *r.memory.at(0x1010 + 777);
    const std::uint8_t flipped = before ^ 0x20;
    r.write(0x02, 1, 0x10);
    r.memory.poke(0x1010 + 777, &flipped, 1);
    r.run_until_idle();
    CHECK(sent(r)[777] == flipped);
}

TEST_CASE("frames follow each other at the inter-frame gap") {
    fresh_kernel k;
    rig r;
    r.configure(rig::usual());
    for (unsigned n = 0; n < 5; ++n) r.transmit_block(0x1000 + n * 0x1000, rig::payload(1514), n == 4 ? 0x8004 : 4, 0x2000 + n * 0x1000);
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    REQUIRE(r.cable.sent.size() == 5);
    for (unsigned n = 1; n < 5; ++n)
        CHECK(r.cable.sent[n].octets.first() - r.cable.sent[n - 1].octets.first() == (1518 + 20) * 80'000);
}

TEST_CASE("SWI: the SI bit sets it and M holds the pin back") {
    fresh_kernel k;
    rig r;
    r.write(0x03, 1, 0x03);
    CHECK(r.stat() == 0x04);
    CHECK_FALSE(r.interrupt);
    CHECK(r.read(0x03, 1) == 1);             // SI reads 0
    r.write(0x03, 1, 0x00);
    CHECK(r.interrupt);
    r.ack(0x04);
    CHECK_FALSE(r.interrupt);
    CHECK(r.metric("interrupts") == 1);
}

TEST_CASE("masks gate the pin and not the cause") {
    fresh_kernel k;
    rig r;
    r.write(0x03, 1, 0x20);
    r.block(0x1000, 0x8000, 0);
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    CHECK(r.stat() == 0x20);
    CHECK_FALSE(r.interrupt);
    r.write(0x03, 1, 0);
    CHECK(r.interrupt);
}

TEST_CASE("registers answer bytes words and dwords alike and reset values stay") {
    fresh_kernel k;
    rig r;
    r.write(0x04, 4, 0x12345678);
    CHECK(r.read(0x06, 2) == 0x1234);
    CHECK(r.read(0x05, 1) == 0x56);
    CHECK(r.access(pci::command::io_read, rig::io + 4, 4, 0) == 0x12345678);
    CHECK(r.read(0x1D, 1) == 7);
    CHECK(r.read(0x10, 4) == 0x10000000);
    r.write(0x20, 1, 5);
    CHECK(r.read(0x20, 1) == 0);
    CHECK(r.metric("refused_register") == 1);
}

TEST_CASE("PORT: software reset forgets all and selective reset keeps the setup") {
    fresh_kernel k;
    rig r;
    r.configure(rig::usual());
    r.scb(6, 0, 0x1000);
    r.transmit_block(0x2000, rig::payload(100));
    r.write(0x08, 4, 2);
    r.run(microsecond);
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    CHECK(r.cable.sent.size() == 1);
    r.write(0x08, 4, 0);
    r.run(microsecond);
    r.scb(1, 0, 0x2000);
    r.run_until_idle();
    CHECK(r.cable.sent.size() == 1);         // base 0 again, the MAC is off
    CHECK(r.metric("tx_unsendable") == 1);
}

TEST_CASE("a reset in the middle of a frame cuts it on the wire") {
    fresh_kernel k;
    rig r;
    r.configure(rig::usual());
    r.transmit_block(0x1000, rig::payload(1514));
    r.scb(1, 0, 0x1000);
    r.run(40 * microsecond);
    r.write(0x08, 4, 0);
    r.run_until_idle();
    REQUIRE(r.cable.sent.size() == 1);
    CHECK(r.cable.sent[0].how == wire::wire_end::cut);
    CHECK(r.cable.sent[0].frame->data.size() < 1514);
}

TEST_CASE("an identity stays within its datasheet") {
    nic::nic_config c;
    CHECK(nic::check(c).empty());
    c.link_rate = 1'000'000'000;
    c.rx_fifo = 8192;
    c.rx_burst = nic::rx_burst_mode::frame;
    const auto p = nic::check(c);
    REQUIRE(p.size() == 3);
    CHECK(p[0].message.find("extended") != std::string::npos);
    CHECK(nic::check({}, 1'000'000'000).size() == 1);
    c.identity = nic::nic_identity::extended;
    CHECK(nic::check(c).empty());
    c.mac = "02:00:00:00:01";
    CHECK(nic::check(c).size() == 1);
}

TEST_CASE("a command written on the edge at which another is accepted is refused") {
    // Whichever of the two the kernel runs first: an edge sees what happened strictly before it.
    for (unsigned accept = 1; accept <= 40; ++accept) {
        fresh_kernel kernel;
        nic::nic_config c;
        c.cu_accept = accept;
        rig r(c);
        r.write(0x02, 1, 0x60);                // load CU base
        r.write(0x02, 1, 0x60);                // as soon as the bus allows
        r.run_until_idle();
        const auto refused = r.metric("refused_scb");
        INFO("acceptance after " << accept << " clocks: " << refused << " refused");
        CHECK(refused <= 1);
        if (accept >= 20) CHECK(refused == 1);
        if (accept == 1) CHECK(refused == 0);
    }
}
