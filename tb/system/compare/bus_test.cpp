// The event-driven bus against the clocked reference: random configurations, every stamp equal.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdio>
#include <map>
#include <sstream>
#include <string>

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

// What the configurations and their tenures span, counted.
class coverage {
public:
    void add(const reference::pci::setup& s, const std::string& tenures) {
        seen("masters_" + std::to_string(s.masters.size()));
        seen(s.arbiter == reference::pci::arbitration::fixed ? "fixed" : "round_robin");
        for (const auto& t : s.targets) {
            seen("devsel_" + std::to_string(t.devsel));
            if (t.boundary) seen(t.boundary_with_data ? "boundary_with_data" : "boundary_without_data");
            for (unsigned w : t.first_wait) if (w) seen("first_waits");
            for (unsigned w : t.next_wait) if (w) seen("next_waits");
        }
        std::int64_t words = 0, last = 1;
        for (const auto& m : s.masters)
            for (const auto& i : m.items) {
                seen((i.arrival - s.phase) % s.period ? "arrivals_off_edges" : "arrivals_on_edges");
                if (i.address % 4 || i.bytes % 4) seen("odd_bytes");
                words += 8 + reference::pci::words_of(i.address, i.bytes);
                last = std::max(last, i.arrival);
            }
        const std::int64_t percent = 100 * words * s.period / last;      // of the clocks until the last arrival
        seen(percent < 20 ? "load_below_0.2" : percent < 100 ? "load_below_1" : percent < 200 ? "load_below_2" : "load_from_2");
        std::istringstream in(tenures);
        std::string before;
        for (std::string m, c, a, w, r, at, d, idle, done, why; in >> m >> c >> a >> w >> r >> at >> d >> idle >> done >> why;
             before = idle) {
            seen(why);
            const bool wide = c.size() > 1;
            const char command = c[0];
            if (wide) seen("wide"), seen("wide_" + why);
            if (wide && std::stoull(a, nullptr, 16) / 4 % 2) seen("wide_odd_dword");
            if (a.size() > 8) seen(wide ? "dual_wide" : "dual");
            if (at == before) seen(wide ? "back_to_back_wide" : "back_to_back");
            if (command == 'F') seen("write_and_invalidate");
        }
        for (const auto& m : s.masters)
            for (const auto& t : s.targets)
                if (s.wide && (m.wide || t.wide))
                    seen(!t.wide ? "wide_master_narrow_target" : !m.wide ? "narrow_master_wide_target" : "both_wide");
    }
    std::uint64_t of(const std::string& what) const { return counts_.count(what) ? counts_.at(what) : 0; }
    std::string text() const {
        std::string s;
        for (const auto& [what, n] : counts_) s += (s.empty() ? "" : ", ") + what + ' ' + std::to_string(n);
        return s;
    }

private:
    void seen(const std::string& what) { ++counts_[what]; }
    std::map<std::string, std::uint64_t> counts_;
};

}  // namespace

TEST_CASE("every stamp of the bus equals the clocked reference") {
    const compare::selection chosen(configurations);
    std::size_t tenures = 0;
    coverage covered;
    for (unsigned i = chosen.first; i < chosen.first + chosen.count; ++i) {
        const reference::pci::setup s = compare::random_bus(chosen.seed, i);
        const std::string expected = reference::pci::run(s), found = compare::run_on_model(s);
        for (char c : expected) tenures += c == '\n';
        covered.add(s, expected);
        if (expected == found) continue;
        const reference::pci::setup small = shrink(s);
        std::ostringstream text;
        reference::pci::write(text, small);
        FAIL(chosen.name(i) << '\n' << compare::difference(reference::pci::run(small), compare::run_on_model(small))
             << "\nsmallest workload that shows it (reference_pci runs it):\n" << text.str());
    }
    std::printf("covered: %s\n", covered.text().c_str());
    if (std::getenv("NICTEAM_COMPARE")) return;
    CHECK(tenures > 100 * configurations);
    for (const char* what :
         {"masters_1", "masters_2", "masters_3", "masters_4", "fixed", "round_robin", "devsel_1", "devsel_2", "devsel_3", "devsel_4",
          "boundary_with_data", "boundary_without_data", "first_waits", "next_waits", "arrivals_on_edges", "arrivals_off_edges",
          "odd_bytes", "load_below_0.2", "load_below_1", "load_below_2", "load_from_2", "completed", "limited", "latency_timer",
          "disconnect", "retry", "master_abort", "target_abort", "wide", "wide_odd_dword", "wide_latency_timer", "wide_limited",
          "wide_disconnect", "wide_retry", "wide_target_abort", "wide_master_narrow_target", "narrow_master_wide_target", "both_wide",
          "dual", "dual_wide", "back_to_back", "back_to_back_wide", "write_and_invalidate"}) {
        INFO(what);
        CHECK(covered.of(what) >= 20);
    }
}
