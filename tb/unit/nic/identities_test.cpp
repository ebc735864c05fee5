// In what the controllers of the family differ: a test for each difference, over all identities.
#include <functional>
#include <string>

#include <catch2/catch.hpp>

#include "nic/registers/identities.h"
#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;
using nic::nic_identity;

namespace {

constexpr nic_identity all[] = {nic_identity::i82557, nic_identity::i82558, nic_identity::i82559, nic_identity::i82550, nic_identity::extended};

// Written out here once more: what SDM and DS say.
struct expected {
    const char* name;
    unsigned revision, pointer, status, cache_line, flash_mask, general, counters, threshold, pad, advertises;
    bool static_resume, early, waits;                    // early: came with the 82558
};
constexpr expected rows[] = {
    {"82557", 0x03, 0x00, 0x0280, 0, 0xFFF00000, 0, 16, 32, 0x7E, 0x01E1, false, false, false},
    {"82558", 0x05, 0xDC, 0x0290, 8, 0xFFF00000, 0, 19, 64, 0x00, 0x01E1, true, true, true},
    {"82559", 0x08, 0xDC, 0x0290, 8, 0xFFFE0000, 7, 20, 64, 0x00, 0x05E1, true, true, true},
    {"82550", 0x0C, 0xDC, 0x0290, 8, 0xFFFE0000, 7, 20, 64, 0x00, 0x05E1, true, true, true},
    {"extended", 0x08, 0xDC, 0x02B0, 8, 0xFFFE0000, 7, 20, 64, 0x00, 0x05E1, true, true, true},
};

nic::nic_config as(nic_identity i) {
    nic::nic_config c;
    c.identity = i;
    return c;
}

template <class F>
void each(F f) {
    for (const nic_identity i : all) {
        fresh_kernel k;
        rig r(as(i));
        const expected& e = rows[static_cast<unsigned>(i)];
        INFO(e.name);
        f(r, e);
    }
}

std::uint32_t get(rig& r, unsigned offset, unsigned size) { return r.access(pci::command::configuration_read, offset, size, 0); }
void put(rig& r, unsigned offset, unsigned size, std::uint32_t v) { r.access(pci::command::configuration_write, offset, size, v); }

}  // namespace

TEST_CASE("identities: the table names each once and in the order of the choices") {
    std::string names;
    for (const nic::identity_info& i : nic::identities) {
        CHECK(&i == &nic::info_of(i.which));
        names += std::string(names.empty() ? "" : "|") + i.name;
    }
    for (const parameter_info& p : nic::nic_info.parameters)
        if (std::string(p.name) == "identity") CHECK(names == p.choices);
}

TEST_CASE("identities: revision and device") {
    each([](rig& r, const expected& e) {
        CHECK(get(r, 0x00, 4) == 0x12298086);
        CHECK(get(r, 0x08, 1) == e.revision);
    });
}

TEST_CASE("identities: power management capability") {
    each([](rig& r, const expected& e) {
        CHECK(get(r, 0x34, 1) == e.pointer);
        CHECK(get(r, 0x06, 2) == e.status);
        CHECK((get(r, 0xDC, 1) == 1) == (e.pointer != 0));
        put(r, 0xE0, 2, 3);
        CHECK((get(r, 0xE0, 2) & 3) == (e.pointer ? 3 : 0));
    });
}

TEST_CASE("identities: cache line size") {
    each([](rig& r, const expected& e) {
        put(r, 0x0C, 1, 8);
        CHECK(get(r, 0x0C, 1) == e.cache_line);
    });
}

TEST_CASE("identities: flash window") {
    each([](rig& r, const expected& e) {
        put(r, 0x18, 4, 0xFFFFFFFF);
        CHECK(get(r, 0x18, 4) == e.flash_mask);
    });
}

TEST_CASE("identities: general status and early receive threshold are counted where they are not there") {
    each([](rig& r, const expected& e) {
        CHECK(r.read(0x1D, 1) == e.general);
        r.write(0x18, 1, 5);
        CHECK(r.read(0x18, 1) == (e.early ? 5 : 0));
        CHECK(r.metric("refused_register") == !e.early);
    });
}

TEST_CASE("identities: an 82557 has no masks of single causes") {
    each([](rig& r, const expected& e) {
        r.write(0x03, 1, 0xFC);
        CHECK(r.read(0x03, 1) == (e.early ? 0xFC : 0));
        r.block(0x2000, 0x8000, 0);
        r.scb(1, 0, 0x2000);
        r.run_until_idle();
        CHECK(r.stat() == 0x20);                         // CNA
        CHECK(r.interrupt == !e.early);
        r.write(0x03, 1, 0xFD);
        CHECK(r.read(0x03, 1) == (e.early ? 0xFD : 1));
        CHECK_FALSE(r.interrupt);
    });
}

TEST_CASE("identities: RX DMA redirect came with the 82558") {
    each([](rig& r, const expected& e) {
        auto c = rig::usual();
        c[6] &= 0xFD;                                    // what is behind a header waits; reserved in an 82557
        r.configure(c);
        r.scb(0, 5, 64);
        r.descriptor(0x10000, 0x10, 0x11000, 512);
        r.scb(0, 1, 0x10000);
        r.arrive(rig::payload(300));
        r.run_until_idle();
        r.scb(0, 3, 0xFFFFFFFF);
        CHECK(r.metric("refused_scb") == !e.early);
    });
}

TEST_CASE("identities: an 82557 and an 82558 tell that a received frame met a collision") {
    for (const unsigned octets : {40u, 300u})
        each([&](rig& r, const expected& e) {
            const bool tells = std::string(e.name) == "82557" || std::string(e.name) == "82558";
            auto c = rig::usual();
            c[6] |= 0x80;                                // bad frames are saved
            c[7] &= 0xFE;
            r.configure(c);
            r.ring(0x10000, 4);
            r.scb(0, 1, 0x10000);
            r.arrive(rig::payload(octets), wire::wire_end::collided);
            r.arrive(rig::payload(octets), wire::wire_end::bad_fcs);
            r.arrive(rig::payload(octets, {2, 0, 0, 0, 0, 9}), wire::wire_end::collided);      // not for us
            r.run_until_idle();
            CHECK((r.memory.read16(0x10000) & 0xA001) == (0x8000 | tells));
            std::vector<unsigned> status;
            for (std::uint32_t at = 0x10000; at != 0x10000 + 4 * 0x1000 && r.memory.read32(at + 4); at = r.memory.read32(at + 4)) {
                status.push_back(r.memory.read16(at) & 0xA001);
                if (status.size() == 2) break;
            }
            CHECK(status == std::vector<unsigned>{0x8000u | tells, 0x8000});
            r.scb(4, 0, 0x8000);
            r.scb(5, 0);
            r.run_until_idle();
            CHECK(r.memory.read32(0x8000 + 4 * 14) == tells);
        });
}

TEST_CASE("identities: counters in a dump") {
    each([](rig& r, const expected& e) {
        auto c = rig::usual();
        c[6] = 0x16;                                     // as many as there are
        r.configure(c);
        r.scb(4, 0, 0x8000);
        r.scb(5, 0);
        r.run_until_idle();
        CHECK(r.memory.read32(0x8000 + 4 * e.counters) == 0xA005);
    });
}

// Byte and bit, those that do what it says (5: 82557, 8, 9, 0, e: extended), and the value that the others keep.
TEST_CASE("identities: a bit of Configure that a controller has not stays as it is there and is refused and counted") {
    const struct { unsigned byte, bit; const char* there; bool kept; } bits[] = {
        {3, 0, "890e", false}, {3, 1, "890e", false}, {3, 2, "890e", false}, {3, 3, "890e", false},      // write and invalidate; type; read align; to the line's end
        {6, 0, "5", false}, {6, 1, "890e", true}, {6, 2, "590e", false}, {6, 4, "890e", true},             // late SCB; RX DMA redirect; TCO; extended blocks
        {6, 5, "890e", true}, {7, 5, "0", false}, {7, 6, "890e", false}, {7, 7, "890e", false},          // counters; long descriptors; two frames; dynamic TBDs
        {8, 7, "890e", false}, {9, 0, "90e", false}, {9, 4, "", false}, {9, 5, "890e", false},           // no CSMA; checksum word; VLAN filter; wake on link
        {9, 6, "", false}, {9, 7, "", false}, {11, 0, "5", false}, {11, 2, "5", false},                  // wake on ARP and multicast; linear priority
        {15, 2, "890e", false}, {15, 4, "890e", false}, {15, 5, "90e", false},                           // wait after win; U/L bit; CRC of 16 bits
        {18, 3, "890e", false}, {18, 4, "890e", true}, {18, 6, "890e", true}, {19, 0, "", false},             // long frames; priority PAUSE; wake on the address
        {19, 2, "890e", false}, {19, 3, "890e", false}, {19, 4, "890e", false}, {19, 5, "890e", false}}; // PAUSE
    each([&](rig& r, const expected& e) {
        const char self = "5890e"[&e - rows];
        unsigned refused = 0;
        for (const auto& n : bits) {
            auto c = rig::usual();
            c[3] = 0;                                    // as an 82557 knows it
            c[7] &= 0xBF;
            r.configure(c);
            CHECK(r.metric("refused_configuration") == refused);
            c[n.byte] = static_cast<std::uint8_t>(n.kept ? c[n.byte] & ~(1u << n.bit) : c[n.byte] | 1u << n.bit);
            INFO("byte " << n.byte << " bit " << n.bit);
            r.configure(c);
            const bool there = std::string(n.there).find(self) != std::string::npos;
            CHECK(r.memory.read16(0x100) == (there ? 0xA000 : 0x8000));
            CHECK(r.metric("refused_configuration") == (there ? refused : ++refused));
            if (n.byte < 8) continue;                    // not in a dump
            r.write(0x08, 4, 0x6000 | 3);
            r.run_until_idle();
            CHECK((*r.memory.at(0x6000 + 24 + n.byte - 8) >> n.bit & 1) == (there != n.kept));
        }
    });
}

TEST_CASE("identities: an 82557 takes every transmit block for a standard one") {
    each([](rig& r, const expected& e) {
        auto c = rig::usual();
        c[6] &= 0xEF;                                    // extended blocks
        r.configure(c);
        const bytes inside = rig::payload(100), array = rig::payload(120);
        r.memory.poke(0x4000, inside.data(), inside.size());
        r.memory.poke(0x5000, array.data(), array.size());
        const auto buffer = [&](std::uint32_t at, std::uint32_t from, std::size_t size) {
            r.memory.write32(at, from);
            r.memory.write32(at + 4, 0x10000 | static_cast<std::uint32_t>(size));
        };
        r.block(0x2000, 0x800C, 0);                      // flexible
        r.memory.write32(0x2008, 0x3000);
        r.memory.write32(0x200C, 1u << 24 | 0xE0u << 16);
        buffer(0x2010, 0x4000, inside.size());           // a descriptor in the block itself
        buffer(0x3000, 0x5000, array.size());            // and one in the array
        r.log.log.clear();
        r.scb(1, 0, 0x2000);
        r.run_until_idle();
        REQUIRE(r.cable.sent.size() == 1);
        CHECK(r.cable.sent[0].frame->data.size() == 4 + (e.early ? inside : array).size());
        for (const tenure_record& t : r.own())
            if (t.address == 0x2000 && t.command != pci::command::memory_write) CHECK(t.words == (e.early ? 8 : 4));
    });
}

TEST_CASE("identities: a receive burst is asked for at units of the dual-port FIFO") {
    each([](rig& r, const expected& e) {
        auto c = rig::usual();
        c[7] &= 0xFE;                                    // short frames too: nothing waits for 64 octets
        r.configure(c);
        r.ring(0x10000, 2);
        r.scb(0, 1, 0x10000);
        r.log.log.clear();
        r.arrive(rig::payload(1000));
        r.run_until_idle();
        ps first = never;
        for (const tenure_record& t : r.own())
            if (t.address == 0x10010) first = std::min(first, t.start);
        const ps arrived = r.sender.begun[0] + static_cast<ps>(8 + e.threshold) * 80 * nanosecond;
        CHECK(first > arrived);
        CHECK(first < arrived + microsecond);
    });
}

TEST_CASE("identities: what short frames are padded with") {
    each([](rig& r, const expected& e) {
        r.configure(rig::usual());
        r.transmit_block(0x2000, rig::payload(20));
        r.scb(1, 0, 0x2000);
        r.run_until_idle();
        REQUIRE(r.cable.sent.size() == 1);
        const bytes& b = r.cable.sent[0].frame->data;
        REQUIRE(b.size() == 64);
        for (unsigned i = 20; i < 60; ++i) CHECK(b[i] == e.pad);
        CHECK(packet::check_fcs(*r.cable.sent[0].frame));
    });
}

TEST_CASE("identities: pause is advertised from the 82559 on") {
    each([](rig& r, const expected& e) {
        r.write(0x10, 4, 2u << 26 | 1u << 21 | 4u << 16);
        r.run_until_idle();
        CHECK((r.read(0x10, 4) & 0xFFFF) == e.advertises);
    });
}

TEST_CASE("identities: CU static resume") {
    each([](rig& r, const expected& e) {
        r.configure(rig::usual());
        r.block(0x2000, 0x4000, 0x2010);                 // NOP, suspend
        r.block(0x2010, 0x8000, 0);
        r.scb(1, 0, 0x2000);
        r.run_until_idle();
        r.memory.write32(0x2000, 0);
        r.scb(10, 0);
        r.run_until_idle();
        CHECK(r.metric("refused_scb") == !e.static_resume);
        CHECK((r.memory.read16(0x2010) == 0xA000) == e.static_resume);
    });
}

TEST_CASE("identities: frames that find the receive unit idle wait in the FIFO or are discarded at once") {
    each([](rig& r, const expected& e) {
        r.configure(rig::usual());
        r.arrive(rig::payload(100));
        r.arrive(rig::payload(100, {2, 0, 0, 0, 0, 9}));
        r.run_until_idle();
        r.ring(0x10000, 2);
        r.scb(0, 1, 0x10000);
        r.run_until_idle();
        CHECK(r.metric("rx_frames") == e.waits);
        CHECK(r.metric("rx_idle_drops") == !e.waits);
        CHECK(r.metric("rx_unmatched") == 1);
    });
}

TEST_CASE("identities: without descriptors an 82557 counts a resource error at once") {
    each([](rig& r, const expected& e) {
        r.configure(rig::usual());
        r.ring(0x10000, 1);
        r.scb(0, 1, 0x10000);
        r.arrive(rig::payload(100));
        r.arrive(rig::payload(100));
        r.run_until_idle();
        CHECK(r.metric("rx_frames") == 1);
        CHECK(r.metric("rx_no_resources") == !e.waits);
    });
}

TEST_CASE("identities: IPCB and the wake-up filter are refused by every one of them") {
    each([](rig& r, const expected&) {
        r.configure(rig::usual());
        for (const unsigned code : {8u, 9u}) {
            r.block(0x2000, 0x8000 | code, 0);
            r.scb(1, 0, 0x2000);
            r.run_until_idle();
            CHECK(r.memory.read16(0x2000) == 0x8000);
        }
        CHECK(r.metric("refused_command") == 2);
    });
}

TEST_CASE("identities: a real one stays within its datasheet and names the one that is free to") {
    for (const nic_identity i : all) {
        const expected& e = rows[static_cast<unsigned>(i)];
        const bool bounded = i != nic_identity::extended;
        INFO(e.name);
        for (const auto& change : std::vector<std::pair<const char*, std::function<void(nic::nic_config&)>>>{
                 {"link_rate", [](nic::nic_config& c) { c.link_rate = 1'000'000'000; }},
                 {"tx_fifo", [](nic::nic_config& c) { c.tx_fifo = 8192; }},
                 {"rx_fifo", [](nic::nic_config& c) { c.rx_fifo = 8192; }},
                 {"bus_width", [](nic::nic_config& c) { c.bus_width = 1; }},
                 {"rx_burst", [](nic::nic_config& c) { c.rx_burst = nic::rx_burst_mode::frame; }}}) {
            nic::nic_config c = as(i);
            CHECK(nic::check(c).empty());
            change.second(c);
            const auto problems = nic::check(c);
            REQUIRE(problems.size() == bounded);
            if (!bounded) continue;
            CHECK(problems[0].parameter == change.first);
            CHECK(problems[0].message.find(e.name) != std::string::npos);
            CHECK(problems[0].message.find("extended") != std::string::npos);
        }
    }
}
