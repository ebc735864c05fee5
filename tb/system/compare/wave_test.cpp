// The pins drawn from the event-driven bus against those of the clocked reference: every change of every pin equal.
#include <catch2/catch.hpp>

#include <cstdio>
#include <fstream>
#include <map>
#include <sstream>
#include <vector>

#include "reference/pci/setup.h"
#include "system/compare/bus_model.h"
#include "system/compare/bus_setups.h"
#include "system/compare/difference.h"

namespace {

constexpr unsigned configurations = 150;

// Pin by pin the changes before `end`, as text; of several at one time the last, and none that changes nothing.
std::string changes_of(std::istream& in, std::int64_t end) {
    std::map<std::string, std::string> names;
    std::map<std::string, unsigned> bits;
    std::map<std::string, std::vector<std::pair<std::int64_t, std::string>>> pins;
    std::int64_t time = 0;
    for (std::string line; std::getline(in, line);) {
        std::istringstream words(line);
        std::string first, type, identifier, name;
        words >> first;
        if (first.empty()) continue;
        if (first == "$var") {
            unsigned width = 0;
            words >> type >> width >> identifier >> name;
            names[identifier] = name = name.substr(0, name.find('['));
            bits[name] = width;
            pins[name];
            continue;
        }
        if (first[0] == '$') continue;
        if (first[0] == '#') { time = std::stoll(first.substr(1)); continue; }
        std::string value(1, first[0]);
        identifier = first.substr(1);
        if (first[0] == 'b') {
            value = identifier;
            words >> identifier;
        }
        if (names.count(identifier) == 0) continue;                        // $comment and the like
        const std::string& pin = names[identifier];
        if (value.size() < bits[pin]) value.insert(0, bits[pin] - value.size(), value[0] == '1' ? '0' : value[0]);
        if (time >= end) continue;
        auto& changes = pins[pin];
        if (!changes.empty() && changes.back().first == time) changes.pop_back();
        if (changes.empty() || changes.back().second != value) changes.emplace_back(time, value);
    }
    std::ostringstream text;
    for (const auto& [pin, changes] : pins)
        for (const auto& [at, value] : changes) text << pin << ' ' << at << ' ' << value << '\n';
    return text.str();
}

// Whole aligned words: lanes that are not used may carry anything.
reference::pci::setup with_whole_words(reference::pci::setup s) {
    for (auto& m : s.masters)
        for (auto& i : m.items) {
            i.address &= ~3u;
            i.bytes = (i.bytes + 3) & ~3u;
        }
    return s;
}

std::int64_t last_idle(const std::string& tenures) {
    std::istringstream in(tenures);
    std::int64_t idle = 0;
    for (std::string m, c, a, w, r, at, d, done, why; in >> m >> c >> a >> w >> r >> at >> d >> idle >> done >> why;) {}
    return idle;
}

}  // namespace

TEST_CASE("every pin of the bus changes as the clocked reference says") {
    const compare::selection chosen(configurations);
    const std::string file = "compare_wave_" + std::to_string(chosen.first) + ".vcd";
    std::size_t changes = 0;
    unsigned compared = 0;
    for (unsigned i = chosen.first; i < chosen.first + chosen.count; ++i) {
        reference::pci::setup s = with_whole_words(compare::random_bus(chosen.seed, i));
        s.until *= 8;
        std::stringstream wave;
        const std::string tenures = reference::pci::run(s, &wave);
        REQUIRE(compare::run_on_model(s, file) == tenures);
        std::ifstream drawn(file);
        const std::int64_t end = last_idle(tenures);
        if (end > s.until - 1000 * s.period) continue;                     // not all work got done: what is under way is not drawn
        ++compared;
        const std::string expected = changes_of(wave, end), found = changes_of(drawn, end);
        changes += expected.size();
        if (expected != found) FAIL(chosen.name(i) << '\n' << compare::difference(expected, found) << '\n' << tenures.substr(0, 2000));
    }
    std::remove(file.c_str());
    if (std::getenv("NICTEAM_COMPARE")) return;
    CHECK(compared > configurations * 9 / 10);
    CHECK(changes > 100'000);
}
