// The event-driven bus against the clocked reference: random configurations, every stamp equal.
#include <catch2/catch.hpp>

#include <sstream>

#include "reference/pci/setup.h"
#include "system/compare/bus_model.h"
#include "system/compare/bus_setups.h"
#include "system/compare/difference.h"

namespace {

constexpr unsigned configurations = 1200;

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

TEST_CASE("every stamp of the bus equals the clocked reference") {
    const compare::selection chosen(configurations);
    std::size_t tenures = 0;
    for (unsigned i = chosen.first; i < chosen.first + chosen.count; ++i) {
        const reference::pci::setup s = compare::random_bus(chosen.seed, i);
        const std::string expected = reference::pci::run(s), found = compare::run_on_model(s);
        for (char c : expected) tenures += c == '\n';
        if (expected == found) continue;
        const reference::pci::setup small = shrink(s);
        std::ostringstream text;
        reference::pci::write(text, small);
        FAIL(chosen.name(i) << '\n' << compare::difference(reference::pci::run(small), compare::run_on_model(small))
             << "\nsmallest workload that shows it (reference_pci runs it):\n" << text.str());
    }
    if (!std::getenv("NICTEAM_COMPARE")) CHECK(tenures > 100 * configurations);
}
