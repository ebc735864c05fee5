// docs/nic-transitions.md names a test for each row: they exist.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <catch2/catch.hpp>

namespace {
std::string text_of(const std::filesystem::path& p) {
    std::ifstream in(p);
    return {std::istreambuf_iterator<char>(in), {}};
}
}  // namespace

TEST_CASE("the page of transitions names tests that exist") {
    const std::filesystem::path root = NICTEAM_SOURCE_DIR;
    std::string sources;
    for (const auto& f : std::filesystem::directory_iterator(root / "tb/unit/nic"))
        if (f.path().extension() == ".cpp") sources += text_of(f.path());
    const std::string page = text_of(root / "docs/nic-transitions.md");
    unsigned rows = 0;
    for (std::size_t end = page.find("` |\n"); end != std::string::npos; end = page.find("` |\n", end + 1), ++rows) {
        const std::size_t from = page.rfind("| `", end) + 3;
        const std::string name = page.substr(from, end - from);
        INFO(name);
        CHECK(sources.find("TEST_CASE(\"" + name + "\")") != std::string::npos);
    }
    CHECK(rows >= 50);
}
