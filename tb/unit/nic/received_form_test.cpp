// What of a received frame goes to memory: checksum word, stripped padding, FCS, CRC of 16 bits (docs/decisions/0030).
#include <catch2/catch.hpp>

#include "nic/mac/crc16.h"
#include "nic/receive/received_form.h"
#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::uint32_t at = 0x10000;
enum bits : unsigned { word = 1, fcs = 2, strip = 4, save_bad = 8, keep_short = 16, crc16 = 32, long_ok = 64 };

std::vector<std::uint8_t> with(unsigned b) {
    auto c = rig::usual();
    if (b & word) c[9] |= 0x01;
    if (b & fcs) c[18] |= 0x04;
    if (b & strip) c[18] |= 0x01;
    if (b & save_bad) c[6] |= 0x80;
    if (b & keep_short) c[7] &= 0xFE;
    if (b & crc16) c[15] |= 0x20;
    if (b & long_ok) c[18] |= 0x08;
    return c;
}

struct received {
    unsigned status, count;
    bytes data;
};
received take(rig& r, unsigned setup, const bytes& d, wire::wire_end how = wire::wire_end::good, unsigned size = 1600) {
    r.configure(with(setup));
    r.memory.write32(at, 0);
    r.ring(at, 2, size);
    r.scb(0, 1, at);
    r.arrive(d, how);
    r.run_until_idle();
    received x{r.memory.read16(at), r.memory.read16(at + 12) & 0x3FFFu, {}};
    x.data.assign(r.memory.at(at + 16), r.memory.at(at + 16) + x.count);
    return x;
}

bytes with_fcs(bytes d) {
    std::uint8_t b[4];
    packet::put_fcs(b, packet::fcs_of(d));
    d.insert(d.end(), b, b + 4);
    return d;
}

// By the definition, one octet after the other: even ones count once, odd ones 256 times, modulo 65535.
unsigned slow_sum(const bytes& d) {
    unsigned sum = 0;
    for (std::size_t i = 14; i < d.size(); ++i) {
        sum += i % 2 ? d[i] * 256u : d[i];
        if (sum > 0xFFFF) sum -= 0xFFFF;
    }
    return sum;
}

bytes with_length(unsigned length, std::size_t octets) {
    bytes d = rig::payload(octets);
    d[12] = static_cast<std::uint8_t>(length >> 8);
    d[13] = static_cast<std::uint8_t>(length);
    return d;
}

}  // namespace

TEST_CASE("checksum word: the published vector") {
    const std::uint8_t v[] = {0xF1, 0xF5, 0x54, 0x79, 0xE7, 0x9E, 0xF5};
    CHECK(nic::checksum_word(v, 7) == 0x0F23);
    CHECK(nic::checksum_word(v, 6) == 0x0E2E);
    CHECK(nic::checksum_word(v, 1) == 0x00F1);
    CHECK(nic::checksum_word(v, 0) == 0);
    const std::uint8_t ones[] = {0xFF, 0xFF, 0xFF, 0xFF};
    CHECK(nic::checksum_word(ones, 4) == 0xFFFF);
}

TEST_CASE("Configure 9.0: the checksum word stands behind the data or behind the FCS and counts") {
    for (const unsigned setup : {unsigned{word}, word | fcs})
        for (const std::size_t octets : {60u, 61u, 62u, 63u, 257u, 1000u, 1513u, 1514u}) {
            fresh_kernel k;
            rig r;
            const bytes d = rig::payload(octets), before = setup & fcs ? with_fcs(d) : d;
            const received x = take(r, setup, d);
            INFO(octets << " setup " << setup);
            CHECK(x.status == 0xA020);
            REQUIRE(x.count == before.size() + 2);
            CHECK(std::equal(before.begin(), before.end(), x.data.begin()));
            CHECK((x.data[x.count - 2] | x.data[x.count - 1] << 8) == static_cast<int>(slow_sum(d)));
            CHECK(r.metric("rx_bytes") == x.count);
            // The next frame is as good.
            r.arrive(rig::payload(64));
            r.run_until_idle();
            CHECK(r.memory.read16(at + 2048) == 0xA020);
        }
}

TEST_CASE("Configure 9.0: short and damaged and truncated frames have the word too as far as there is room") {
    fresh_kernel k;
    rig r;
    received x = take(r, word | keep_short | save_bad, rig::payload(20));
    CHECK(x.status == 0x8080 + 0x20);
    CHECK(x.count == 22);
    CHECK((x.data[20] | x.data[21] << 8) == static_cast<int>(slow_sum(rig::payload(20))));
    r.scb(0, 4);
    x = take(r, word | save_bad, rig::payload(100), wire::wire_end::bad_fcs);
    CHECK(x.status == 0x8820);
    CHECK(x.count == 102);
    r.scb(0, 4);
    x = take(r, word, rig::payload(100), wire::wire_end::good, 100);
    CHECK(x.status == 0x8220);
    CHECK(x.count == 100);
    r.scb(0, 4);
    x = take(r, word, rig::payload(100), wire::wire_end::good, 102);
    CHECK(x.status == 0xA020);
    CHECK(x.count == 102);
}

TEST_CASE("Configure 18.0: what lies behind the length of short data is stripped unless the CRC goes to memory") {
    struct row { const char* name; unsigned setup, length; std::size_t octets; unsigned count; };
    for (const row& w : {row{"off", 0, 10, 60, 60}, row{"10 of 46", strip, 10, 60, 24}, row{"nothing", strip, 0, 60, 14},
                         row{"45 of 46", strip, 45, 60, 59}, row{"46 of 46", strip, 46, 60, 60}, row{"a type", strip, 0x0800, 60, 60},
                         row{"a long frame of a short length", strip, 10, 700, 24}, row{"with the CRC", strip | fcs, 10, 60, 64},
                         row{"with the checksum word", strip | word, 10, 60, 26},
                         row{"a short frame", strip | keep_short, 45, 30, 30}}) {
        fresh_kernel k;
        rig r;
        const bytes d = with_length(w.length, w.octets);
        const received x = take(r, w.setup, d);
        INFO(w.name);
        REQUIRE(x.count == w.count);
        const std::size_t data = w.setup & word ? x.count - 2 : std::min<std::size_t>(x.count, d.size());
        CHECK(std::equal(d.begin(), d.begin() + static_cast<std::ptrdiff_t>(data), x.data.begin()));
        if (w.setup & word) CHECK((x.data[24] | x.data[25] << 8) == static_cast<int>(slow_sum(d)));    // over all that arrived
        r.arrive(rig::payload(64));
        r.run_until_idle();
        CHECK(r.memory.read16(at + 2048) == 0xA020);
    }
}

TEST_CASE("Configure 15.5: a CRC of 16 bits is sent and checked in the place of the FCS") {
    const std::uint8_t check[] = {'1', '2', '3', '4', '5', '6', '7', '8', '9'};
    CHECK(nic::crc16_of(check, 9) == 0x906E);                       // the catalogued check value of CRC-16 as HDLC has it
    for (const std::size_t octets : {30u, 62u, 63u, 1514u}) {
        fresh_kernel k;
        rig r;
        r.configure(with(crc16));
        const bytes d = rig::payload(octets);
        r.transmit_block(0x1000, d);
        r.scb(1, 0, 0x1000);
        r.run_until_idle();
        REQUIRE(r.cable.sent.size() == 1);
        const frame& f = *r.cable.sent[0].frame;
        INFO(octets);
        CHECK(f.data.size() == std::max<std::size_t>(octets, 62) + 2);
        CHECK(nic::crc16_good(f));
        CHECK(r.cable.sent[0].how == wire::wire_end::bad_fcs);      // to all others
        // It comes back as it was sent, and as others send.
        r.ring(at, 3, 1600);
        r.scb(0, 1, at);
        r.sender.jobs.push_back({r.cable.sent[0].frame, wire::wire_end::bad_fcs, 0, 0});
        r.sender.start();
        r.arrive(d);
        r.run_until_idle();
        CHECK(r.memory.read16(at) == 0xA020);
        CHECK(r.memory.read16(at + 12) == (0xC000 | std::max<std::size_t>(octets, 62)));
        CHECK(std::equal(d.begin(), d.end(), r.memory.at(at + 16)));
        CHECK(r.metric(octets < 60 ? "rx_short" : "rx_crc_errors") == 1);
    }
}

TEST_CASE("Configure 15.5: with the CRC to memory there are two octets of it") {
    fresh_kernel k;
    rig r;
    r.configure(with(crc16 | fcs));
    ref<frame> f = frame::make();
    f->data = rig::payload(102);
    nic::put_crc16(*f);
    r.ring(at, 1, 1600);
    r.scb(0, 1, at);
    r.sender.jobs.push_back({frame_ref(f), wire::wire_end::bad_fcs, 0, 0});
    r.sender.start();
    r.run_until_idle();
    CHECK(r.memory.read16(at) == 0xA020);
    CHECK(r.memory.read16(at + 12) == (0xC000 | 102));
    CHECK(std::equal(f->data.begin(), f->data.end(), r.memory.at(at + 16)));
}
