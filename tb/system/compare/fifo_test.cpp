// The NIC's FIFOs and MAC, planned from spans, against the clocked reference: random configurations, every stamp equal.
#include <catch2/catch.hpp>

#include "reference/nic/fifos.h"
#include "system/compare/difference.h"
#include "system/compare/fifo_cases.h"
#include "unit/nic/fifo_harness.h"

namespace {

constexpr unsigned configurations = 1200;

// Takes frames away as long as the two still differ.
template <class Case, class Run, class Reference>
Case shrink(Case c, Run model, Reference reference) {
    for (std::size_t f = c.frames.size(); f-- > 0;) {
        Case smaller = c;
        smaller.frames.erase(smaller.frames.begin() + static_cast<std::ptrdiff_t>(f));
        if (model(smaller) != reference(smaller)) c = smaller;
    }
    return c;
}

template <class Make, class Run, class Reference>
std::string compare_all(Make make, Run model, Reference reference) {
    const compare::selection chosen(configurations);
    std::string all;
    for (unsigned i = chosen.first; i < chosen.first + chosen.count; ++i) {
        const auto c = make(chosen.seed, i);
        const std::string expected = reference(c);
        all += expected;
        if (expected == model(c)) continue;
        const auto small = shrink(c, model, reference);
        FAIL(chosen.name(i) << '\n' << compare::difference(reference(small), model(small)) << '\n' << compare::text_of(small));
    }
    return all;
}

std::size_t lines_with(const std::string& text, const std::string& word) {
    std::size_t n = 0;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++n;
    return n;
}

}  // namespace

TEST_CASE("every stamp of the transmit FIFO equals the clocked reference") {
    const std::string all = compare_all(compare::random_transmit, nicteam::test::run_transmit, reference::nic::run_transmit);
    if (std::getenv("NICTEAM_COMPARE")) return;
    // The configurations reach what they are meant to reach.
    CHECK(lines_with(all, " good") > configurations);
    CHECK(lines_with(all, " retry") > configurations / 10);
    CHECK(lines_with(all, " given_up") > configurations / 10);
}

TEST_CASE("every stamp of the receive FIFO equals the clocked reference") {
    const std::string all = compare_all(compare::random_receive, nicteam::test::run_receive, reference::nic::run_receive);
    if (std::getenv("NICTEAM_COMPARE")) return;
    CHECK(lines_with(all, "burst ") > 5 * configurations);
    CHECK(lines_with(all, " overrun ") > configurations / 10);
}
