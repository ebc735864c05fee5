// The event-driven bus against the clocked reference: random configurations, every stamp equal.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <sstream>

#include "reference/pci/setup.h"
#include "system/compare/bus_model.h"
#include "system/compare/bus_setups.h"

namespace {

constexpr std::uint64_t seed = 1;
constexpr unsigned configurations = 1200;

// The first line in which two texts differ, with the lines around it.
std::string difference(const std::string& reference, const std::string& model) {
    std::istringstream a(reference), b(model);
    std::string x, y, before;
    while (true) {
        const bool more_a = static_cast<bool>(std::getline(a, x)), more_b = static_cast<bool>(std::getline(b, y));
        if (!more_a && !more_b) return "";
        if (!more_a) x = "(nothing)";
        if (!more_b) y = "(nothing)";
        if (x != y) return "before:    " + before + "\nreference: " + x + "\nmodel:     " + y;
        before = x;
    }
}

// Takes away work as long as the two still differ.
reference::pci::setup shrink(reference::pci::setup s) {
    const auto differs = [](const reference::pci::setup& c) { return reference::pci::run(c) != compare::run_on_model(c); };
    for (bool smaller = true; smaller;) {
        smaller = false;
        for (std::size_t m = 0; m < s.masters.size(); ++m)
            for (std::size_t n = s.masters[m].items.size(); n >= 1; n /= 2)
                for (std::size_t i = 0; i + n <= s.masters[m].items.size();) {
                    reference::pci::setup c = s;
                    auto& items = c.masters[m].items;
                    items.erase(items.begin() + static_cast<std::ptrdiff_t>(i), items.begin() + static_cast<std::ptrdiff_t>(i + n));
                    if (differs(c)) { s = c; smaller = true; } else i += n;
                }
    }
    return s;
}

}  // namespace

// NICTEAM_COMPARE="seed index": only that configuration.
TEST_CASE("every stamp of the bus equals the clocked reference") {
    std::uint64_t used_seed = seed;
    unsigned first = 0, last = configurations;
    if (const char* only = std::getenv("NICTEAM_COMPARE")) {
        std::istringstream(only) >> used_seed >> first;
        last = first + 1;
    }
    std::size_t tenures = 0;
    for (unsigned i = first; i < last; ++i) {
        const reference::pci::setup s = compare::random_bus(used_seed, i);
        const std::string expected = reference::pci::run(s), found = compare::run_on_model(s);
        for (char c : expected) tenures += c == '\n';
        if (expected != found) {
            const reference::pci::setup small = shrink(s);
            std::ostringstream text;
            reference::pci::write(text, small);
            FAIL("NICTEAM_COMPARE='" << used_seed << ' ' << i << "'\n" << difference(reference::pci::run(small), compare::run_on_model(small))
                 << "\nsmallest workload that shows it (reference_pci runs it):\n" << text.str());
        }
    }
    CHECK(tenures > 20 * (last - first));
}
