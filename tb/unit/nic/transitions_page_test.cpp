// The pages on transitions, Configure bytes and registers name a test for each row: they exist, and every Configure field has a row.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <catch2/catch.hpp>
#include "source_dir.h"

namespace {

const std::filesystem::path root = NICTEAM_SOURCE_DIR;

std::string text_of(const std::filesystem::path& p) {
    std::ifstream in(p);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string tests() {
    std::string sources;
    for (const auto& f : std::filesystem::directory_iterator(root / "tb/unit/nic"))
        if (f.path().extension() == ".cpp") sources += text_of(f.path());
    return sources;
}

unsigned check(const char* name) {
    const std::string sources = tests(), page = text_of(root / "docs" / name);
    unsigned rows = 0;
    for (std::size_t end = page.find("` |\n"); end != std::string::npos; end = page.find("` |\n", end + 1)) {
        const std::size_t from = page.rfind("| `", end) + 3;
        const std::string test = page.substr(from, end - from);
        ++rows;
        INFO(name << ": " << test);
        CHECK(sources.find("TEST_CASE(\"" + test + "\")") != std::string::npos);
    }
    return rows;
}

}  // namespace

TEST_CASE("the page of transitions names tests that exist") { CHECK(check("nic-transitions.md") >= 50); }
TEST_CASE("the page of Configure bytes names tests that exist") { CHECK(check("nic-configure.md") >= 40); }
TEST_CASE("the page of PAUSE names tests that exist") { CHECK(check("pause.md") >= 35); }
TEST_CASE("the page of registers names tests that exist") { CHECK(check("nic-registers.md") >= 25); }
