// No key without a test: each row of each parameter table is named by a test's source or by a scenario. That the effect is
// tested is for people to see; that nobody thought of the key is seen here.
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include <catch2/catch.hpp>

#include "scenario/language/catalogue.h"
#include "source_dir.h"

namespace fs = std::filesystem;

namespace {

// Words as keys are written.
void add_words(std::set<std::string>& to, const fs::path& file) {
    std::ifstream in(file);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    std::string word;
    for (const char c : text + " ") {
        if (std::isalnum(static_cast<unsigned char>(c)) || c == '_') {
            word += c;
        } else if (!word.empty()) {
            to.insert(word);
            word.clear();
        }
    }
}

std::set<std::string> words_of_tests() {
    const fs::path source = NICTEAM_SOURCE_DIR;
    const std::set<std::string> kinds{".cpp", ".h", ".py", ".toml"};
    std::set<std::string> words;
    for (const char* part : {"tb/unit", "tb/system", "scenarios"})
        for (const auto& e : fs::recursive_directory_iterator(source / part))
            if (e.is_regular_file() && e.path().filename() != "every_key_test.cpp" && kinds.count(e.path().extension().string())) add_words(words, e.path());
    return words;
}

}  // namespace

TEST_CASE("every key of every table is named by a test or a scenario") {
    const auto words = words_of_tests();
    REQUIRE(words.size() > 1000);
    // Not yet: how long an ended packet is still watched shows only where something is reported later than that.
    const std::set<std::string> owed{"after_end"};
    std::size_t keys = 0;
    for (const auto& e : nicteam::scenario::catalogue()) {
        if (std::string(e.what) != "parameter" || owed.count(e.name)) continue;
        ++keys;
        INFO(e.path() << " is in no test: write one that fails without its effect");
        // The CPU's costs are also seen in the cycles that they took.
        const bool cost = e.name.rfind("cost_", 0) == 0;
        CHECK((words.count(e.name) == 1 || (cost && words.count("cycles_" + e.name.substr(5)) == 1)));
    }
    CHECK(keys > 150);
}
