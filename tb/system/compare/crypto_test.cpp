// The receive side of the crypto block, computed, against one that steps at every edge: random configurations and traffic, every
// take, start and end of work, feedback, loss equal. What falls on one instant is driven in both orders.
#include <algorithm>
#include <iostream>
#include <map>
#include <vector>

#include <catch2/catch.hpp>

#include "reference/offload/crypto_block.h"
#include "system/compare/crypto_model.h"
#include "system/compare/difference.h"

namespace {

using nicteam::test::crypto_case;

constexpr unsigned cases = 500;

std::string sorted(const std::string& text) {
    std::vector<std::pair<long long, std::string>> lines;
    std::istringstream in(text);
    for (std::string l; std::getline(in, l);) lines.emplace_back(l.empty() || !isdigit(static_cast<unsigned char>(l[0])) ? -1 : std::stoll(l), l);
    std::sort(lines.begin(), lines.end());
    std::string out;
    for (const auto& l : lines) out += l.second + '\n';
    return out;
}

std::string reference_of(const crypto_case& c) { return sorted(reference::offload::run(c)); }
std::string model_of(const crypto_case& c) { return sorted(compare::run_crypto(c)); }

crypto_case shrink(crypto_case c) {
    for (std::size_t p = c.packets.size(); p-- > 0;) {
        const auto before = c.packets;
        c.packets.erase(c.packets.begin() + static_cast<std::ptrdiff_t>(p));
        if (model_of(c) == reference_of(c)) c.packets = before;
    }
    for (std::size_t p = c.transmitted.size(); p-- > 0;) {
        const auto before = c.transmitted;
        c.transmitted.erase(c.transmitted.begin() + static_cast<std::ptrdiff_t>(p));
        if (model_of(c) == reference_of(c)) c.transmitted = before;
    }
    return c;
}

std::size_t count(const std::string& text, const std::string& word) {
    std::size_t n = 0;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++n;
    return n;
}

}  // namespace

TEST_CASE("every stamp of the crypto block's receive side equals the clocked reference") {
    const compare::selection chosen(cases);
    std::map<std::string, std::size_t> seen;
    for (unsigned i = chosen.first; i < chosen.first + chosen.count; ++i) {
        const crypto_case c = compare::random_crypto(chosen.seed, i);
        const std::string expected = reference_of(c);
        for (const char* word : {"take_130", "take_122", "start_21a", "done_21a", "take_22b", "fed_back", "lost_140", "lost_142", "held_22b", "dropped_22b", "take_past", "miss", " out ", "take_152", "take_22a", "out_16a", "aborted"}) seen[word] += count(expected, word);
        if (expected == model_of(c)) continue;
        const crypto_case small = shrink(c);
        FAIL(chosen.name(i) << '\n' << compare::difference(reference_of(small), model_of(small)) << '\n' << compare::text_of(small) << "reference\n" << reference_of(small) << "model\n" << model_of(small));
    }
    if (std::getenv("NICTEAM_COMPARE")) return;
    std::cout << cases << " crypto blocks:\n";
    for (const auto& [what, n] : seen) {
        std::cout << "  " << what << ": " << n << '\n';
        CHECK(n > cases / 10);
    }
}
