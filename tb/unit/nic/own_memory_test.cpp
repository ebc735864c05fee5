// A nic with memory of its own: a window that others read and write, and what its units have there without the bus.
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::uint32_t window = 0xE0400000, octets = 64 << 10;

nic::nic_config with_memory() {
    nic::nic_config c;
    c.identity = nic::nic_identity::extended;
    c.memory = octets;
    return c;
}

struct memory_rig : rig {
    memory_rig() : rig(with_memory()) { card.pci_device().registers().write(0x20, 4, window); }
    void poke(std::uint32_t at, const bytes& b) {
        for (std::size_t n = 0; n < b.size(); ++n) access(pci::command::memory_write, window + at + n, 1, b[n]);
    }
    bytes peek(std::uint32_t at, std::size_t n) {
        bytes b(n);
        for (std::size_t k = 0; k < n; ++k) b[k] = static_cast<std::uint8_t>(access(pci::command::memory_read, window + at + k, 1, 0));
        return b;
    }
    // A flexible block in memory of the host, whose buffers, one descriptor each, lie in the nic's.
    void block_of(std::uint32_t at, const bytes& d, std::uint32_t first, std::vector<std::uint32_t> sizes, unsigned threshold = 0xE0, unsigned command = 0x800C, std::uint32_t link = 0xFFFFFFFF) {
        poke(first, d);
        block(at, command, link);
        memory.write32(at + 8, at + 16);
        memory.write32(at + 12, threshold << 16 | static_cast<std::uint32_t>(sizes.size()) << 24);
        for (std::size_t n = 0; n < sizes.size(); ++n) {
            memory.write32(at + 16 + 8 * n, window + first);
            memory.write32(at + 20 + 8 * n, sizes[n]);
            first += sizes[n];
        }
    }
    const bytes& sent(std::size_t n = 0) {
        REQUIRE(cable.sent.size() > n);
        packet::ensure_fcs(*cable.sent[n].frame);
        return cable.sent[n].frame->data;
    }
};

bool starts_with(const bytes& all, const bytes& d) { return all.size() >= d.size() && std::equal(d.begin(), d.end(), all.begin()); }

}  // namespace

TEST_CASE("Own memory: a window of its size in base address register 4 - none without") {
    {
        fresh_kernel k;
        memory_rig r;
        r.access(pci::command::configuration_write, 0x20, 4, 0xFFFFFFFF);
        CHECK(r.access(pci::command::configuration_read, 0x20, 4, 0) == (0xFFFF0000u | 8u));        // prefetchable: PCI 2.2, 6.2.5.1
        r.access(pci::command::configuration_write, 0x20, 4, window);
        CHECK(nic::memory_of(r.card.pci_device()) == window);
        r.poke(3, {1, 2, 3, 4, 5});
        CHECK(r.access(pci::command::memory_read, window, 4, 0) == 0x01000000);
        CHECK(r.access(pci::command::memory_read, window + 4, 4, 0) == 0x05040302);
        CHECK(r.access(pci::command::memory_read, window + octets - 4, 4, 0) == 0);
        CHECK(r.access(pci::command::memory_read, window + octets, 4, 0) == 0xFFFFFFFF);            // nobody
        CHECK(r.read(0x1D, 1) == 7);                                                                // its registers are where they were
    }
    fresh_kernel k;
    rig r;
    r.access(pci::command::configuration_write, 0x20, 4, 0xFFFFFFFF);
    CHECK(r.access(pci::command::configuration_read, 0x20, 4, 0) == 0);
}

TEST_CASE("Own memory: what is sent from there needs no bus - a word a clock, seen in when the first octet leaves") {
    for (const unsigned threshold : {1u, 8u, 0xE0u})
        for (const std::uint32_t first : {0u, 0x101u}) {
            fresh_kernel k;
            memory_rig r;
            r.configure(rig::usual());
            const bytes d = rig::payload(1000);
            r.block_of(0x1000, d, first, {1000}, threshold);
            r.log.log.clear();
            r.scb(1, 0, 0x1000);
            r.run_until_idle();
            CHECK(starts_with(r.sent(), d));
            const auto own = r.own();
            REQUIRE(own.size() == 3);                                  // block, descriptor, status
            // Asked for a clock behind the descriptor's last word, which is a clock before the idle edge; its first word the clock after.
            const ps first_word = own[1].idle + r.period();
            const std::uint32_t words = (first % 4 + std::min(1000u, 8 * threshold) + 3) / 4;
            CHECK(r.cable.sent[0].octets.first() == clock_domain(80'000).after(first_word + (words - 1) * r.period(), 2));
            // Status: a clock behind the last word it asks, and REQ# is seen a clock later.
            const ps last_word = first_word + ((first % 4 + 1000 + 3) / 4 - 1) * r.period();
            CHECK(own[2].request == last_word + 2 * r.period());
        }
}

TEST_CASE("Own memory: pieces here and there, more frames than the FIFO holds") {
    fresh_kernel k;
    memory_rig r;
    r.configure(rig::usual());
    std::vector<bytes> all;
    for (unsigned n = 0; n < 5; ++n) {
        all.push_back(rig::payload(1514, {2, 0, 0, 0, 0, 1}, n));
        const bytes body(all[n].begin() + 14, all[n].end());
        const std::uint32_t at = 0x1000 + 0x100 * n;
        r.block_of(at, body, 0x800 * n + n, {700, 800}, 0x20, n == 4 ? 0x800C : 0x000C, at + 0x100);
        // In front of them the header, in memory of the host.
        r.memory.poke(0x8000 + 16 * n, all[n].data(), 14);
        for (unsigned k = 2; k-- > 0;)
            for (const unsigned half : {0u, 4u}) r.memory.write32(at + 24 + 8 * k + half, r.memory.read32(at + 16 + 8 * k + half));
        r.memory.write32(at + 16, 0x8000 + 16 * n);
        r.memory.write32(at + 20, 14);
        r.memory.write32(at + 12, 0x20u << 16 | 3u << 24);
    }
    r.log.log.clear();
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    for (unsigned n = 0; n < 5; ++n) CHECK(starts_with(r.sent(n), all[n]));
    CHECK(r.metric("tx_underruns") == 0);
    std::uint64_t words = 0;
    for (const tenure_record& t : r.own())
        if (t.command == pci::command::memory_read_multiple) words += t.words;
    CHECK(words == 5 * 4);                                             // the headers
}

TEST_CASE("Own memory: a whole list there, blocks and data") {
    fresh_kernel k;
    memory_rig r;
    r.configure(rig::usual());
    const bytes d = rig::payload(300);
    bytes block = {0, 0, 0x04, 0x80, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 300 & 255, 300 >> 8, 0xE0, 0};
    block.insert(block.end(), d.begin(), d.end());
    r.poke(0x400, block);
    r.log.log.clear();
    r.scb(1, 0, window + 0x400);
    r.run_until_idle();
    CHECK(starts_with(r.sent(), d));
    CHECK(r.own().empty());
    CHECK(r.access(pci::command::memory_read, window + 0x400, 2, 0) == 0xA000);
}

TEST_CASE("Own memory: frames received into it") {
    fresh_kernel k;
    memory_rig r;
    r.configure(rig::usual());
    const bytes d = rig::payload(1400), e = rig::payload(64, {2, 0, 0, 0, 0, 1}, 3);
    for (const std::uint32_t at : {0u, 2048u}) {
        bytes descriptor = {0, 0, 0, static_cast<std::uint8_t>(at ? 0x80 : 0), 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 1520 & 255, 1520 >> 8};
        const std::uint32_t next = window + 2048;
        for (unsigned n = 0; n < 4; ++n) descriptor[4 + n] = static_cast<std::uint8_t>(next >> 8 * n);
        r.poke(at, descriptor);
    }
    r.log.log.clear();
    r.scb(0, 1, window);
    r.arrive(d);
    r.arrive(e);
    r.run_until_idle();
    CHECK(r.own().empty());
    CHECK(r.peek(16, d.size()) == d);
    CHECK(r.peek(2048 + 16, e.size()) == e);
    CHECK((r.access(pci::command::memory_read, window, 2, 0) & 0xE000) == 0xA000);
    CHECK((r.access(pci::command::memory_read, window + 12, 2, 0) & 0x3FFF) == 1400);
    CHECK(r.metric("rx_frames") == 2);
}

TEST_CASE("Own memory: a reset forgets what was under way - power takes what it holds") {
    for (int clocks = 1; clocks < 300; clocks += clocks < 90 ? 1 : 13) {
        fresh_kernel k;
        memory_rig r;
        r.configure(rig::usual());
        const bytes d = rig::payload(1000);
        r.block_of(0x1000, d, 0, {1000}, 1);
        r.write(0x04, 4, 0x1000);
        r.write(0x02, 1, 1 << 4);
        r.run(clocks * r.period());
        r.write(0x08, 4, 0);                                           // PORT: software reset
        r.run(100 * r.period());
        r.run_until_idle();
        r.cable.sent.clear();
        r.configure(rig::usual());
        r.memory.write16(0x1000, 0);
        r.scb(1, 0, 0x1000);
        r.run_until_idle();
        CHECK(starts_with(r.sent(), d));
        REQUIRE(r.cable.sent.size() == 1);
        CHECK(r.peek(14, 4) == bytes(d.begin() + 14, d.begin() + 18));
        r.card.pci_device().set_present(false, sim::now());
        r.run(10 * r.period());
        r.card.pci_device().set_present(true, sim::now());
        r.run(10 * r.period());
        r.card.pci_device().connect(sim::now());
        r.card.pci_device().registers().write(0x20, 4, window);
        r.card.pci_device().registers().write(0x04, 2, 0x17);
        r.run(100'000 * r.period());
        CHECK(r.peek(14, 4) == bytes(4));
    }
}

TEST_CASE("Own memory: who has it, and how much") {
    nic::nic_config c = with_memory();
    CHECK(nic::check(c).empty());
    for (const std::uint32_t wrong : {1u, 2'048u, 5'000u, 12'288u}) {
        c.memory = wrong;
        REQUIRE(nic::check(c).size() == 1);
        CHECK(nic::check(c)[0].parameter == "memory");
        CHECK(nic::check(c)[0].message.find("a power of two, 4 KiB at least") != std::string::npos);
    }
    c = with_memory();
    c.identity = nic::nic_identity::i82559;
    REQUIRE(nic::check(c).size() == 1);
    CHECK(nic::check(c)[0].message.find("identity = \"extended\" is free to") != std::string::npos);
}
