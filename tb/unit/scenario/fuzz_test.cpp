// Any bytes: a scenario is without errors, or every line of what is said names a place and an error. Never a crash.
#include <sstream>

#include <catch2/catch.hpp>

#include "unit/scenario/mutants.h"

using namespace nicteam::test;

TEST_CASE("scenarios changed at random are read or refused with a message") {
    text_scenario s;
    mutants all(20261121);
    unsigned good = 0, bad = 0;
    for (int n = 0; n < 3000; ++n) {
        const std::string text = all.next();
        CAPTURE(n, text);
        const auto r = s.read(text);
        const std::string said = r.found.to_string();
        REQUIRE(r.found.none() == said.empty());
        ++(said.empty() ? good : bad);
        std::istringstream lines(said);
        for (std::string line; std::getline(lines, line);) {
            CAPTURE(line);
            REQUIRE(line.find(": error: ") != std::string::npos);
            REQUIRE(line.size() > line.find(": error: ") + 12);
        }
    }
    CHECK(good > 10);
    CHECK(bad > 1000);
}

TEST_CASE("no place is told twice in the same words") {
    text_scenario s;
    mutants all(7);
    for (int n = 0; n < 1000; ++n) {
        const std::string text = all.next_words();
        CAPTURE(n, text);
        const std::string said = s.read(text).found.to_string();
        std::istringstream lines(said);
        std::string before;
        for (std::string line; std::getline(lines, line); before = line) REQUIRE(line != before);
    }
}
