// The NIC's own configuration header, register by register, by configuration cycles (SDM 4.1, DS 4.1).
#include <cstdio>
#include <fstream>

#include <catch2/catch.hpp>

#include "nic/eeprom/eeprom_image.h"
#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

struct header_register {
    const char* name;
    unsigned offset, size;
    std::uint32_t reset, ones;               // after reset; after all bits were written with 1
    std::uint32_t write_1_to_clear = 0;
};
constexpr header_register header[] = {
    {"vendor", 0x00, 2, 0x8086, 0x8086},
    {"device", 0x02, 2, 0x1229, 0x1229},
    {"command", 0x04, 2, 0x0000, 0x0157},
    {"status", 0x06, 2, 0x0290, 0x0290, 0xF100},
    {"revision", 0x08, 1, 0x08, 0x08},
    {"class", 0x09, 3, 0x020000, 0x020000},
    {"cache line size", 0x0C, 1, 0x00, 0x00},
    {"latency timer", 0x0D, 1, 0x00, 0xFF},
    {"header type", 0x0E, 1, 0x00, 0x00},
    {"self-test", 0x0F, 1, 0x00, 0x00},
    {"CSR in memory of 4 KiB", 0x10, 4, 0x00000008, 0xFFFFF008},
    {"CSR in I/O space of 64 bytes", 0x14, 4, 0x00000001, 0xFFFFFFC1},
    {"flash of 128 KiB", 0x18, 4, 0x00000000, 0xFFFE0000},
    {"subsystem vendor", 0x2C, 2, 0x8086, 0x8086},
    {"subsystem", 0x2E, 2, 0x0040, 0x0040},
    {"capabilities", 0x34, 1, 0xDC, 0xDC},
    {"interrupt line", 0x3C, 1, 0x00, 0xFF},
    {"interrupt pin", 0x3D, 1, 0x01, 0x01},
    {"Min_Gnt", 0x3E, 1, 0x08, 0x08},
    {"Max_Lat", 0x3F, 1, 0x18, 0x18},
    {"power management capability", 0xDC, 1, 0x01, 0x01},
    {"next capability", 0xDD, 1, 0x00, 0x00},
    {"power management capabilities", 0xDE, 2, 0x7E21, 0x7E21},
    {"power management control and status", 0xE0, 2, 0x4000, 0x1F03, 0x8000},
    {"power management data", 0xE3, 1, 58, 58},
};

struct header_rig : rig {
    header_rig() { registers().reset(); }
    pci::configuration_space& registers() { return card.pci_device().registers(); }
    std::uint32_t get(unsigned offset, unsigned size) { return access(pci::command::configuration_read, offset, size, 0); }
    void put(unsigned offset, unsigned size, std::uint32_t v) { access(pci::command::configuration_write, offset, size, v); }
};

}  // namespace

TEST_CASE("configuration header: what reads after reset and after ones were written") {
    for (const header_register& h : header) {
        fresh_kernel k;
        header_rig r;
        INFO(h.name);
        CHECK(r.get(h.offset, h.size) == h.reset);
        r.put(h.offset, h.size, 0xFFFFFFFF);
        CHECK(r.get(h.offset, h.size) == h.ones);
        r.put(h.offset, h.size, 0);
        const std::uint32_t writable = h.offset == 0xE0 ? 0x1F03 : h.reset ^ h.ones;
        CHECK(r.get(h.offset, h.size) == (h.reset & ~writable));
    }
}

TEST_CASE("configuration header: bits that hardware sets are cleared one by one by writing 1") {
    for (const header_register& h : header)
        for (std::uint32_t bit = 1; bit <= 0x8000; bit <<= 1) {
            if (h.size != 2) continue;
            fresh_kernel k;
            header_rig r;
            r.registers().set(h.offset, 2, h.write_1_to_clear | h.reset);
            INFO(h.name << " bit " << bit);
            const std::uint32_t before = h.write_1_to_clear | h.reset, writable = h.offset == 0xE0 ? 0x1F03 : h.reset ^ h.ones;
            if (writable & bit) continue;
            r.put(h.offset, 2, 0);
            CHECK(r.get(h.offset, 2) == before);
            r.put(h.offset, 2, bit);
            CHECK(r.get(h.offset, 2) == (before & ~(h.write_1_to_clear & bit)));
        }
}

TEST_CASE("configuration header: all other bytes read 0 and stay 0") {
    fresh_kernel k;
    header_rig r;
    for (unsigned at = 0; at < 0x100; at += 4)
        for (unsigned i = at; i < at + 4; ++i) {
            bool named = false;
            for (const header_register& h : header) named = named || (i >= h.offset && i < h.offset + h.size);
            if (named) continue;
            r.put(i, 1, 0xFF);
            INFO(i);
            CHECK(r.get(i, 1) == 0);
        }
}

TEST_CASE("configuration header: only 8 and 16 stick in the cache line size") {
    fresh_kernel k;
    header_rig r;
    for (unsigned v = 0; v < 256; ++v) {
        r.put(0x0C, 1, 16);
        r.put(0x0C, 1, v);
        INFO(v);
        CHECK(r.get(0x0C, 1) == (v == 8 || v == 16 ? v : 0));
    }
}

TEST_CASE("configuration header: data select chooses what the power data register tells") {
    // SDM table 6: units of 10 mW by data scale 2.
    constexpr std::uint32_t power[16] = {58, 40, 40, 40, 58, 40, 40, 40, 0};
    fresh_kernel k;
    header_rig r;
    for (unsigned select = 0; select < 16; ++select) {
        r.put(0xE0, 2, select << 9);
        INFO(select);
        CHECK(r.get(0xE3, 1) == power[select]);
        CHECK(r.get(0xE0, 2) == (select << 9 | (select <= 8 ? 0x4000u : 0u)));
    }
    r.registers().reset();
    CHECK(r.get(0xE3, 1) == 58);
}

TEST_CASE("configuration header: the windows answer to their last byte if their space is enabled") {
    struct row { pci::command how; std::uint64_t first, bytes; unsigned enable; };
    for (const row& w : {row{pci::command::memory_read, rig::csr, 4096, 2}, row{pci::command::io_read, rig::io, 64, 1}, row{pci::command::memory_read, rig::flash, 0x20000, 2}})
        for (const unsigned command : {0u, 1u, 2u, 3u}) {
            fresh_kernel k;
            rig r;
            r.card.pci_device().registers().write(0x04, 2, command);
            const auto claimed = [&](std::uint64_t at) {
                r.log.log.clear();
                r.access(w.how, at, 1, 0);
                return r.log.log.at(0).why != pci::ending::master_abort;
            };
            const bool on = command & w.enable;
            INFO(w.first << ' ' << command);
            CHECK(claimed(w.first) == on);
            CHECK(claimed(w.first + w.bytes - 1) == on);
            CHECK_FALSE(claimed(w.first + w.bytes));
            CHECK_FALSE(claimed(w.first - 1));
        }
}

TEST_CASE("configuration header: the revision's lower bits come from an EEPROM that says so from the 82559 on") {
    struct row { nic::nic_identity identity; std::uint16_t id_word; unsigned revision; };
    using i = nic::nic_identity;
    for (const row& w : {row{i::i82559, 0x4D00, 0x08}, row{i::i82559, 0x6D00, 0x0D}, row{i::i82559, 0xED00, 0x08}, row{i::i82550, 0x6900, 0x09}, row{i::i82558, 0x6D00, 0x05}}) {
        fresh_kernel k;
        const std::string path = "revision_eeprom.txt";
        auto image = nic::make_eeprom({2, 0, 0, 0, 0, 1}, 64);
        image[0x0A] = w.id_word;
        std::ofstream out(path);
        for (const std::uint16_t word : image) {
            char text[8];
            std::snprintf(text, sizeof text, "%04X ", unsigned{word});
            out << text;
        }
        out.close();
        nic::nic_config c;
        c.identity = w.identity;
        c.eeprom = path;
        rig r(c);
        std::remove(path.c_str());
        INFO(w.id_word);
        CHECK(r.access(pci::command::configuration_read, 0x08, 1, 0) == w.revision);
    }
}

TEST_CASE("configuration header: another maker's identification is told as it was given, with the identity's revision if it gives none") {
    for (const auto& [text, revision] : {std::pair("10ec:8139:20", 0x20u), std::pair("10EC:8139", 0x08u)}) {
        nic::nic_config c;
        c.identity = nic::nic_identity::extended;
        c.pci_id = text;
        fresh_kernel k;
        rig r(c);
        CHECK(r.access(pci::command::configuration_read, 0x00, 2, 0) == 0x10EC);
        CHECK(r.access(pci::command::configuration_read, 0x02, 2, 0) == 0x8139);
        CHECK(r.access(pci::command::configuration_read, 0x08, 1, 0) == revision);
    }
}

TEST_CASE("configuration header: what is no identification, or all ones, which is nobody's, is refused, and a real controller has its own") {
    for (const char* bad : {"10ec", "10ec:8139:", "10ec:8139:2", "10ec8139", "10ec:813g", " 10ec:8139", "ffff:8139", "10ec:8139:20:1", "0x10:8139"}) {
        CHECK_FALSE(nic::parse_pci_id(bad));
        nic::nic_config c;
        c.identity = nic::nic_identity::extended;
        c.pci_id = bad;
        CHECK(nic::check(c).size() == 1);
    }
    nic::nic_config c;
    c.pci_id = "10ec:8139";
    REQUIRE(nic::check(c).size() == 1);
    CHECK(nic::check(c)[0].parameter == "pci_id");
}
