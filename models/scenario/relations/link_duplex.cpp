#include "scenario/relations/link_duplex.h"

#include <fmt/format.h>

namespace nicteam::scenario {
namespace {

constexpr std::int64_t with_half_duplex[] = {10'000'000, 100'000'000};       // rates of a link (IEEE 802.3 annex 28B)

bool is(const component& c, const char* kind) { return std::string_view(c.kind->name) == kind; }

}  // namespace

const component* link_of(const component& nic, const resolved& r) {
    for (const component* link : r.of_kind("link"))
        if (link->text("a") == nic.path || link->text("b") == nic.path) return link;
    return nullptr;
}

const component* other_end(const component& nic, const component& link, const resolved& r) {
    return r.find(link.text(link.text("a") == nic.path ? "b" : "a"));
}

std::string half_duplex_because(const component& link, const component& other) {
    bool possible = false;
    for (const std::int64_t rate : with_half_duplex) possible |= link.integer("rate") == rate;
    if (!possible) return {};
    if ((is(other, "peer") || is(other, "repeater")) && other.text("duplex") == "half") return fmt::format("{} is half duplex", other.path);
    if (is(other, "peer") && !other.integer("autonegotiation")) return fmt::format("{} does not negotiate, which leaves this end in half duplex", other.path);
    return {};
}

}  // namespace nicteam::scenario
