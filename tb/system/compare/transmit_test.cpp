// The transmit side of the crypto block, computed, against one that steps at every edge: random configurations and packets, every take,
// start and end of work equal. What falls on one instant is driven in both orders.
#include <algorithm>
#include <iostream>
#include <map>
#include <sstream>
#include <vector>

#include <catch2/catch.hpp>

#include "reference/offload/transmit_block.h"
#include "system/compare/difference.h"
#include "system/compare/random.h"
#include "system/compare/transmit_model.h"

namespace {

using nicteam::test::transmit_case;
using nicteam::test::transmit_packet;

constexpr unsigned cases = 500;

transmit_case random_transmit(std::uint64_t seed, std::uint64_t index) {
    compare::random_source r(seed, index);
    transmit_case c;
    c.block_period = r.any<std::int64_t>({30'000, 15'000, 80'000, 22'519});
    c.word_octets = r.any<unsigned>({1, 4, 4, 8, 16});
    c.crossing = static_cast<unsigned>(r.between(1, 3));
    c.package_clocks = static_cast<unsigned>(r.between(0, 9));
    c.places = static_cast<unsigned>(r.between(1, 4));
    c.cipher_engines = static_cast<unsigned>(r.between(1, 3));
    c.authentication_engines = static_cast<unsigned>(r.between(1, 3));
    c.buffer_octets = static_cast<unsigned>(r.between(500, 2'000));
    c.buffer_frames = static_cast<unsigned>(r.between(1, 4));
    const auto octets = [&r] { return static_cast<unsigned>(r.one_in(3) ? r.between(1, 80) : r.between(20, 500)); };
    const unsigned heavy = r.any<unsigned>({1, 10, 100, 400}), slow = r.any<unsigned>({1, 20, 200});
    std::int64_t at = 0;
    for (std::int64_t n = r.between(1, 25); n > 0; --n) {
        at += r.one_in(4) ? r.between(0, 40) * c.block_period : r.between(0, 60 * c.block_period);
        transmit_packet p;
        p.whole = at;
        p.octets = octets();
        p.octets_from_21a = octets();
        p.is_protected = !r.one_in(3);
        p.lookup = r.one_in(2) ? 0 : static_cast<unsigned>(r.between(1, 40));
        const auto clocks = [&] { return r.one_in(5) ? 0u : static_cast<unsigned>(r.between(1, heavy)); };
        p.job = {clocks(), clocks(), r.one_in(2) ? 0u : static_cast<unsigned>(r.between(1, 20)), !r.one_in(3)};
        p.drain = static_cast<unsigned>(r.between(1, slow));
        c.packets.push_back(p);
    }
    return c;
}

std::string text_of(const transmit_case& c) {
    std::ostringstream o;
    o << "block " << c.block_period << " word " << c.word_octets << " crossing " << c.crossing << " package " << c.package_clocks << " places " << c.places << " engines " << c.cipher_engines << '/'
      << c.authentication_engines << " buffer " << c.buffer_octets << " B, " << c.buffer_frames << " frames\n";
    for (const auto& p : c.packets) {
        o << "  whole " << p.whole << " octets " << p.octets << " -> " << p.octets_from_21a << " drain " << p.drain;
        if (p.is_protected) o << " lookup " << p.lookup << " job " << p.job.cipher << '/' << p.job.authentication << '+' << p.job.lag << (p.job.chained ? "c" : "s");
        o << '\n';
    }
    return o.str();
}

std::string sorted(const std::string& text) {
    std::vector<std::pair<long long, std::string>> lines;
    std::istringstream in(text);
    for (std::string l; std::getline(in, l);) lines.emplace_back(std::stoll(l), l);
    std::sort(lines.begin(), lines.end());
    std::string out;
    for (const auto& l : lines) out += l.second + '\n';
    return out;
}

std::string reference_of(const transmit_case& c) { return sorted(reference::offload::run(c)); }
std::string model_of(const transmit_case& c) {
    const auto [one, other] = compare::run_transmit(c);
    return sorted(one) == sorted(other) ? sorted(one) : "depends on the order of what falls on one instant\n" + sorted(one) + "\nor\n" + sorted(other);
}

transmit_case shrink(transmit_case c) {
    for (std::size_t p = c.packets.size(); p-- > 0;) {
        const auto before = c.packets;
        c.packets.erase(c.packets.begin() + static_cast<std::ptrdiff_t>(p));
        if (model_of(c) == reference_of(c)) c.packets = before;
    }
    return c;
}

}  // namespace

TEST_CASE("every stamp of the crypto block's transmit side equals the clocked reference") {
    const compare::selection chosen(cases);
    std::map<std::string, std::size_t> seen;
    for (unsigned i = chosen.first; i < chosen.first + chosen.count; ++i) {
        const transmit_case c = random_transmit(chosen.seed, i);
        const std::string expected = reference_of(c);
        std::istringstream in(expected);
        std::string at, what, packet;
        while (in >> at >> what >> packet) ++seen[what];
        if (expected == model_of(c)) continue;
        const transmit_case small = shrink(c);
        FAIL(chosen.name(i) << '\n' << compare::difference(reference_of(small), model_of(small)) << '\n' << text_of(small) << "reference\n" << reference_of(small) << "model\n" << model_of(small));
    }
    if (std::getenv("NICTEAM_COMPARE")) return;
    std::cout << cases << " transmit sides:\n";
    for (const auto& [what, n] : seen) {
        std::cout << "  " << what << ": " << n << '\n';
        CHECK(n > cases);
    }
    CHECK(seen.size() == 8);
}
