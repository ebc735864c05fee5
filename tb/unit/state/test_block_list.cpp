// FIG. 5B of source document 002: any tree there and back, and every sort of octets that is none (bad-inputs T-05).
#include <catch2/catch.hpp>

#include "nicteam/base/random_stream.h"
#include "nicteam/packet/octets.h"
#include "nicteam/state/block_list.h"

using namespace nicteam;
using namespace nicteam::state;

namespace {

block of(layer l, std::uint64_t host = 0) {
    block b;
    b.layer = l;
    b.host = host;
    return b;
}

// 530 with 535 (540, 545) and 550 (555).
block_list figure_5b() {
    block_list l;
    const auto neighbour = l.add(of(layer::neighbor, 530));
    const auto first = l.add(of(layer::path, 535), neighbour);
    l.add(of(layer::connection, 540), first);
    l.add(of(layer::connection, 545), first);
    const auto second = l.add(of(layer::path, 550), neighbour);
    l.add(of(layer::connection, 555), second);
    return l;
}

std::string why_not(const bytes& octets) {
    std::string why;
    const auto l = block_list::decode(octets.data(), octets.size(), why);
    CHECK(l.empty() == !why.empty());
    return why;
}

void put32(bytes& b, std::size_t at, std::uint32_t v) {
    for (unsigned k = 0; k < 4; ++k) b[at + k] = static_cast<std::uint8_t>(v >> 8 * k);
}

}  // namespace

TEST_CASE("FIG. 5B: Dependent 537, 542, 557 and Next 547, 560, the others NULL") {
    const auto l = figure_5b();
    const auto at = [&](std::uint64_t number) {
        for (std::uint32_t n = 0; n < l.size(); ++n)
            if (l[n].host == number) return n;
        return block::none;
    };
    CHECK(l[at(530)].dependent == at(535));
    CHECK(l[at(530)].next == block::none);
    CHECK(l[at(535)].dependent == at(540));
    CHECK(l[at(535)].next == at(550));
    CHECK(l[at(540)].next == at(545));
    CHECK(l[at(545)].next == block::none);
    CHECK(l[at(550)].dependent == at(555));
    CHECK(l[at(550)].next == block::none);
    CHECK(l[at(555)].next == block::none);
}

TEST_CASE("any tree is the same behind encode and decode") {
    random_stream random(1, "block_list", "trees");
    for (unsigned k = 0; k < 300; ++k) {
        block_list l;
        std::vector<std::uint32_t> neighbours, paths;
        for (std::uint64_t n = random.between(1, 40); n-- > 0;) {
            constexpr layer kinds[] = {layer::neighbor, layer::path, layer::connection};
            block b = of(kinds[random.below(neighbours.empty() ? 1 : paths.empty() ? 2 : 3)], random.next());
            b.status = static_cast<std::uint16_t>(random.below(65536));
            b.target = {static_cast<std::uint32_t>(random.next()), static_cast<std::uint32_t>(random.next())};
            for (bytes* p : {&b.constant, &b.cached, &b.delegated, &b.data}) p->assign(random.below(30), static_cast<std::uint8_t>(random.next()));
            const layer kind = b.layer;
            std::uint32_t beneath = block::none;
            if (kind == layer::path) beneath = neighbours[random.below(neighbours.size())];
            if (kind == layer::connection) beneath = paths[random.below(paths.size())];
            const std::uint32_t number = l.add(std::move(b), beneath);
            if (kind == layer::neighbor) neighbours.push_back(number);
            if (kind == layer::path) paths.push_back(number);
        }
        const bytes octets = l.encode();
        REQUIRE(octets.size() == l.octets());
        std::string why;
        const auto again = block_list::decode(octets.data(), octets.size(), why);
        REQUIRE(why.empty());
        REQUIRE(again.encode() == octets);
    }
}

TEST_CASE("what is no block list is refused with its place") {
    const bytes good = figure_5b().encode();
    CHECK(why_not(good).empty());
    CHECK(why_not({}) == "an empty list");
    for (std::size_t n = 1; n < good.size(); ++n) CHECK(!why_not(bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(n))).empty());
    const auto with = [&](std::size_t block, std::size_t field, std::uint32_t v) {
        bytes b = good;
        put32(b, block * block_header + field, v);
        return why_not(b);
    };
    CHECK(with(3, 4, 2 * block_header).find("is part of the list already") != std::string::npos);       // a ring of Next: 540 -> 545 -> 540
    CHECK(with(0, 4, 7).find("no block begins there") != std::string::npos);
    CHECK(with(0, 4, 100 * block_header).find("no block begins there") != std::string::npos);
    CHECK(with(5, 8, block_header).find("is part of the list already") != std::string::npos);
    CHECK(with(0, 8, 0).find("blocks that no pointer leads to") != std::string::npos);                  // NULL first
    CHECK(with(2, 28, 1000).find("its parts do not fit") != std::string::npos);
    CHECK(with(2, 44, 1).find("reserved") != std::string::npos);
    bytes layers = good;
    layers[block_header] = static_cast<std::uint8_t>(layer::neighbor);                                  // a neighbour on a neighbour
    CHECK(why_not(layers).find("not of a layer above") != std::string::npos);
    layers = good;
    layers[3 * block_header] = static_cast<std::uint8_t>(layer::path);                                  // beside a connection
    CHECK(why_not(layers).find("of another layer") != std::string::npos);
    layers = good;
    layers[0] = 99;
    CHECK(why_not(layers).find("layer 99 is none") != std::string::npos);
    std::string why;
    block_list::decode(good.data(), good.size(), why, 5);
    CHECK(why == "more than 5 blocks");
    random_stream random(1, "block_list", "any octets");
    for (unsigned k = 0; k < 20'000; ++k) {
        bytes b = good;
        for (std::uint64_t n = random.between(1, 4); n-- > 0;)
            b[random.below(b.size())] = static_cast<std::uint8_t>(random.below(4) ? random.below(8) * 48 : random.next());
        why_not(b);
    }
}

TEST_CASE("100,000 connections in one list, in time that grows with its length") {
    block_list l;
    const auto n = l.add(of(layer::neighbor));
    const auto p = l.add(of(layer::path), n);
    l.reserve(100'002);
    std::uint32_t last = l.add(of(layer::connection), p);
    for (unsigned k = 1; k < 100'000; ++k) last = l.add_beside(of(layer::connection, k), last);
    std::string why;
    const bytes octets = l.encode();
    CHECK(block_list::decode(octets.data(), octets.size(), why).size() == 100'002);
    CHECK(why.empty());
}
