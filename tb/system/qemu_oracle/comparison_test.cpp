// The model against QEMU: random driver sequences on both, equal but for the named differences.
#include <iostream>

#include <catch2/catch.hpp>

#include "model_side.h"
#include "qemu_side.h"
#include "sequence.h"
#include "unit/fresh_kernel.h"

using namespace qemu_oracle;

namespace {

// NICTEAM_QEMU_SEED=n plays one sequence only.
void play_all(std::uint64_t first, std::uint64_t count) {
    if (!qtest::installed()) {
        WARN("skipped: qemu-system-x86_64 is not installed (scripts/setup installs it)");
        return;
    }
    if (const char* one = std::getenv("NICTEAM_QEMU_SEED")) {
        first = std::stoull(one);
        count = 1;
    }
    qemu_side q;
    nicteam::test::fresh_kernel kernel;
    model_side m;
    std::vector<unsigned> hid(rule_count);
    std::size_t frames = 0, observations = 0;
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        const sequence s = make_sequence(seed);
        outcome theirs = play(q, s), ours = play(m, s);
        frames += theirs.sent.size();
        observations += theirs.scb.size();
        const std::string difference = compare(s, std::move(theirs), std::move(ours), hid);
        if (!difference.empty()) FAIL(difference);
        SUCCEED();
    }
    std::cout << count << " sequences, " << observations << " SCB words, " << frames << " frames sent: equal. Differences that rules cover:\n";
    for (unsigned r = 0; r < rule_count; ++r) std::cout << "  " << differences[r].name << ": " << hid[r] << "\n";
    if (count < 100) return;
    for (unsigned r = 0; r < rule_count; ++r) {
        INFO("a rule that hides nothing: " << differences[r].name);
        CHECK(hid[r] > 0);
    }
}

}  // namespace

TEST_CASE("the model equals QEMU on random sequences 1") { play_all(1, 1000); }
TEST_CASE("the model equals QEMU on random sequences 2") { play_all(1001, 1000); }
