// The pins drawn from the event-driven bus against those of the clocked reference: the two files are the same text.
#include <catch2/catch.hpp>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "reference/pci/setup.h"
#include "system/compare/bus_model.h"
#include "system/compare/bus_setups.h"
#include "system/compare/difference.h"

namespace {

constexpr unsigned configurations = 150;

// Up to `end`: behind it the one stops earlier than the other.
std::string text_of(std::istream& in, std::int64_t end) {
    std::string text;
    for (std::string line; std::getline(in, line);) {
        if (line[0] == '#' && std::stoll(line.substr(1)) > end) break;
        text += line + '\n';
    }
    return text;
}

// How often a pin falls.
std::size_t lows(const std::string& dump, const std::string& pin) {
    const std::size_t named = dump.find(' ' + pin + ' ');
    const std::string line = "\n0" + dump.substr(dump.rfind(' ', named - 1) + 1, named - dump.rfind(' ', named - 1) - 1) + "\n";
    std::size_t n = 0;
    for (std::size_t at = 0; (at = dump.find(line, at)) != std::string::npos; ++at) ++n;
    return n;
}

std::int64_t last_idle(const std::string& tenures) {
    std::istringstream in(tenures);
    std::int64_t idle = 0;
    for (std::string m, c, a, w, r, at, d, done, why; in >> m >> c >> a >> w >> r >> at >> d >> idle >> done >> why;) {}
    return idle;
}

}  // namespace

TEST_CASE("the waveform of the bus is that of the clocked reference") {
    const compare::selection chosen(configurations);
    const std::string file = "compare_wave_" + std::to_string(chosen.first) + ".vcd";
    std::size_t octets = 0, perr = 0, serr = 0;
    unsigned compared = 0;
    for (unsigned i = chosen.first; i < chosen.first + chosen.count; ++i) {
        reference::pci::setup s = compare::random_bus(chosen.seed, i);
        s.until *= 8;
        std::stringstream wave;
        const std::string tenures = reference::pci::run(s, &wave);
        REQUIRE(compare::run_on_model(s, file) == tenures);
        std::ifstream drawn(file);
        const std::int64_t end = last_idle(tenures);
        if (end > s.until - 1000 * s.period) continue;                     // not all work got done: what is under way is not drawn
        ++compared;
        const std::string expected = text_of(wave, end + 3 * s.period), found = text_of(drawn, end + 3 * s.period);
        octets += expected.size();
        perr += lows(expected, "PERR_n");
        serr += lows(expected, "SERR_n");
        if (expected != found) FAIL(chosen.name(i) << '\n' << compare::difference(expected, found) << '\n' << tenures.substr(0, 2000));
    }
    std::remove(file.c_str());
    std::remove((file.substr(0, file.size() - 3) + "gtkw").c_str());
    if (std::getenv("NICTEAM_COMPARE")) return;
    CHECK(compared > configurations * 9 / 10);
    CHECK(octets > 10'000'000);
    CHECK(perr > 1000);
    CHECK(serr > 300);
}
