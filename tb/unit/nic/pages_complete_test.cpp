// The pages that name a test for each bit and register leave none out: held against the tables that the code is made from.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "nic/phy/phy.h"
#include "nic/registers/configure_bytes.h"
#include "nic/registers/csr_map.h"
#include "nic/registers/interrupts.h"
#include "unit/nic/rig.h"
#include "source_dir.h"

using namespace nicteam::nic;

namespace {

// First cells of the rows of a page's tables.
std::set<std::string> first_cells(const char* page, const std::string& after = "") {
    std::ifstream in(std::filesystem::path(NICTEAM_SOURCE_DIR) / "docs" / page);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    std::set<std::string> cells;
    std::size_t at = after.empty() ? 0 : text.find(after);
    REQUIRE(at != std::string::npos);
    for (at = text.find("\n| ", at); at != std::string::npos; at = text.find("\n| ", at + 1)) cells.insert(text.substr(at + 3, text.find(" |", at + 3) - at - 3));
    return cells;
}

// The first two cells of each row between two headings.
std::vector<std::pair<std::string, std::string>> rows_of(const char* page, const std::string& until) {
    std::ifstream in(std::filesystem::path(NICTEAM_SOURCE_DIR) / "docs" / page);
    std::vector<std::pair<std::string, std::string>> rows;
    for (std::string line; std::getline(in, line) && line != until;) {
        const std::size_t second = line.find(" | "), third = line.find(" | ", second + 3);
        if (line.compare(0, 2, "| ") == 0 && third != std::string::npos) rows.emplace_back(line.substr(2, second - 2), line.substr(second + 3, third - second - 3));
    }
    REQUIRE(!rows.empty());
    return rows;
}

// "CUS 7:6, RUS 5:2": bit or high:low in decimal, up to a colon that says more about them. No bits are "13h" and "82558".
std::uint32_t bits_of(const std::string& cell) {
    std::uint32_t bits = 0;
    const std::string said = cell.substr(0, cell.find(": "));
    const std::regex item("\\b([0-9]{1,2})(?::([0-9]{1,2}))?\\b");
    for (std::sregex_iterator i(said.begin(), said.end(), item), end; i != end; ++i) {
        const unsigned high = static_cast<unsigned>(std::stoul((*i)[1])), low = (*i)[2].matched ? static_cast<unsigned>(std::stoul((*i)[2])) : high;
        REQUIRE(high < 32);
        REQUIRE(low <= high);
        for (unsigned b = low; b <= high; ++b) bits |= 1u << b;
    }
    return bits;
}

std::string all_of(const std::set<std::string>& cells) {
    std::string all;
    for (const auto& c : cells) all += " " + c + ",";
    return all;
}

}  // namespace

TEST_CASE("the page of Configure bytes has a row for every bit of every field") {
    // "6.2 and 6.5", "9.7:4, 19.0", "13, 14": byte, byte.bit or byte.high:low.
    bool there[configuration::bytes + 1][8] = {};
    const std::regex item("([0-9]+)(?:\\.([0-9])(?::([0-9]))?)?");
    for (const std::string& cell : first_cells("nic-configure.md"))
        for (std::sregex_iterator i(cell.begin(), cell.end(), item), end; i != end; ++i) {
            const unsigned byte = static_cast<unsigned>(std::stoul((*i)[1]));
            REQUIRE(byte <= configuration::bytes);
            const int high = (*i)[2].matched ? std::stoi((*i)[2]) : 7, low = (*i)[3].matched ? std::stoi((*i)[3]) : (*i)[2].matched ? high : 0;
            for (int bit = low; bit <= high; ++bit) there[byte][bit] = true;
        }
    for (unsigned n = 0; n < static_cast<unsigned>(field::count_); ++n) {
        const field_info& f = info_of(static_cast<field>(n));
        for (unsigned bit = f.low; bit < f.low + unsigned{f.bits}; ++bit) {
            INFO(f.name << ", byte " << unsigned{f.byte} << " bit " << bit);
            CHECK(there[f.byte][bit]);
        }
    }
}

TEST_CASE("the page of registers has a row for every register that is there") {
    const std::string cells = all_of(first_cells("nic-registers.md"));
    for (const csr& r : csr_map) {
        char offset[8];
        std::snprintf(offset, sizeof offset, "%02Xh", unsigned{r.offset});
        INFO(r.name);
        CHECK((r.how == access::refused || cells.find(offset) != std::string::npos));
    }
    CHECK(cells.find(" not there,") != std::string::npos);
}

TEST_CASE("the page of registers names every bit that means something and no other") {
    const auto rows = rows_of("nic-registers.md", "## Power management, flash and expansion ROM in configuration space");
    for (const csr& r : csr_map) {
        char offset[8];
        std::snprintf(offset, sizeof offset, "%02Xh", unsigned{r.offset});
        std::uint32_t there = 0;
        for (const auto& [name, bits] : rows)
            if (name.compare(0, 3, offset) == 0) there |= bits_of(bits);
        INFO(r.name << ": declared " << std::hex << r.bits << ", on the page " << there);
        CHECK(there == r.bits);
    }
}

TEST_CASE("a register's live bits are within those that are declared") {
    nicteam::test::fresh_kernel k;
    nicteam::test::rig r;
    for (const csr& c : csr_map) {
        if (c.how != access::live || c.offset == mdi) continue;
        const unsigned bytes = c.bytes;
        if (c.offset != scb_command) r.write(c.offset, bytes, 0xFFFFFFFF);
        INFO(c.name);
        CHECK((r.read(c.offset, bytes) & ~c.bits) == 0);
    }
}

TEST_CASE("the page of registers has a row for every EEPROM operation and every MDI cycle and PHY register") {
    const std::string eeprom = all_of(first_cells("nic-registers.md", "## The serial EEPROM"));
    for (const char* operation : {"READ", "WRITE", "ERASE", "EWEN", "EWDS", "ERAL", "WRAL"}) {
        INFO(operation);
        CHECK(eeprom.find(std::string(" ") + operation + ",") != std::string::npos);
    }
    std::set<unsigned> there;
    const auto cells = first_cells("nic-registers.md", "## MDI cycles");
    for (const char* cycle : {"read", "write", "another operation", "another PHY"}) CHECK(cells.count(cycle) == 1);
    const std::regex number("[0-9]+");
    for (const std::string& cell : cells)
        if (cell.compare(0, 4, "PHY ") == 0)
            for (std::sregex_iterator i(cell.begin(), cell.end(), number), end; i != end; ++i) there.insert(static_cast<unsigned>(std::stoul(i->str())));
    for (const phy_register& r : phy_registers) {
        INFO("PHY register " << unsigned{r.number});
        CHECK(there.count(r.number) == 1);
    }
}
