// The model against QEMU: random driver sequences on both, equal but for the named differences.
#include <cstdlib>
#include <iostream>
#include <memory>
#include <stdexcept>

#include <catch2/catch.hpp>

#include "model_side.h"
#include "qemu_side.h"
#include "sequence.h"
#include "tampered.h"
#include "unit/fresh_kernel.h"

using namespace qemu_oracle;

namespace {

// Four times this many. Under a sanitizer everything takes several times as long.
#if defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t share = 500;
#else
constexpr std::uint64_t share = 5'500;
#endif

bool without_qemu() {
    if (qtest::installed()) return false;
    WARN("skipped: qemu-system-x86_64 is not installed (scripts/setup installs it)");
    return true;
}

// NICTEAM_QEMU_SEED=n plays one sequence only.
void play_all(std::uint64_t part) {
    if (without_qemu()) return;
    std::uint64_t first = 1 + part * share, count = share;
    if (const char* one = std::getenv("NICTEAM_QEMU_SEED")) {
        first = std::stoull(one);
        count = 1;
    }
    qemu_side q;
    nicteam::test::fresh_kernel kernel;
    model_side m;
    std::vector<unsigned> hid(rule_count);
    std::array<std::uint64_t, feature_count> used{};
    std::size_t frames = 0, observations = 0, reads = 0;
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        const sequence s = make_sequence(seed);
        outcome theirs = play(q, s), ours = play(m, s);
        frames += theirs.sent.size();
        observations += theirs.scb.size();
        reads += theirs.reads.size();
        for (unsigned f = 0; f < feature_count; ++f) used[f] += s.used[f];
        const std::string difference = compare(s, std::move(theirs), std::move(ours), hid);
        if (!difference.empty()) FAIL(difference);
        SUCCEED();
    }
    std::cout << count << " sequences, " << observations << " SCB words, " << reads << " registers read, " << frames << " frames sent: equal. Exercised:\n";
    for (unsigned f = 0; f < feature_count; ++f) std::cout << "  " << features[f].name << ": " << used[f] << "\n";
    std::cout << "Differences that rules cover:\n";
    for (unsigned r = 0; r < rule_count; ++r) std::cout << "  " << differences[r].name << ": " << hid[r] << "\n";
    std::cout << "Resets in the middle of a frame sent: " << m.cut_sending() << ", received: " << m.cut_receiving() << "\n";
    if (count < 100) return;
    CHECK(m.cut_sending() * 50 >= count);        // a chip that was at rest would be no test of a reset
    CHECK(m.cut_receiving() * 50 >= count);
    for (unsigned r = 0; r < rule_count; ++r) {
        INFO("a rule that hides nothing: " << differences[r].name);
        CHECK(hid[r] > 0);
    }
    for (unsigned f = 0; f < feature_count; ++f) {
        INFO("hardly exercised: " << features[f].name);
        CHECK(used[f] * 1'000 >= features[f].least * count);
    }
}

}  // namespace

TEST_CASE("the model equals QEMU on random sequences 1") { play_all(0); }
TEST_CASE("the model equals QEMU on random sequences 2") { play_all(1); }
TEST_CASE("the model equals QEMU on random sequences 3") { play_all(2); }
TEST_CASE("the model equals QEMU on random sequences 4") { play_all(3); }

// What would be missed if the model were a little wrong? One step of each sequence is changed on its way to the model.
TEST_CASE("a model with one step wrong differs from QEMU") {
    if (without_qemu()) return;
    qemu_side q;
    struct simulation {
        nicteam::test::fresh_kernel kernel;
        model_side model;
    };
    auto one = std::make_unique<simulation>();
    constexpr unsigned each = 40;
    std::vector<unsigned> hid(rule_count);
    for (unsigned how = 0; how < tampering_count; ++how) {
        unsigned noticed = 0, done = 0;
        for (std::uint64_t seed = 1; done < each; ++seed) {
            const sequence s = make_sequence(seed);
            tampered wrong(one->model, static_cast<tampering>(how), seed);
            outcome theirs = play(q, s);
            try {
                outcome ours = play(wrong, s);
                if (!wrong.done()) continue;
                noticed += !compare(s, std::move(theirs), std::move(ours), hid).empty();
            } catch (const std::runtime_error&) {      // it runs in circles: noticed, and of no more use
                one.reset();
                one = std::make_unique<simulation>();
                ++noticed;
            }
            ++done;
        }
        std::cout << tamperings[how].name << ": " << noticed << " of " << done << " noticed\n";
        INFO(tamperings[how].name);
        CHECK(noticed >= done * tamperings[how].least_percent / 100);
    }
}
