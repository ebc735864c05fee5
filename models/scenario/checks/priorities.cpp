#include "scenario/language/priorities.h"

#include <fmt/format.h>

#include "scenario/checks/identities.h"
#include "scenario/language/values.h"
#include "scenario/reading/steps.h"
#include "scenario/relations/link_duplex.h"

namespace nicteam::scenario {
namespace {

// What is not off by default was asked for.
bool asked(const setting& s, const priority_key& k) { return scenario::to_toml(*s.row, s.value) != k.off; }

void refuse(const component& nic, const setting& s, const std::string& why, problems& found) {
    found.add(s.at, fmt::format("{} = {}: {}", label(nic, s), scenario::to_toml(*s.row, s.value), why));
}

// Linear priority is of half duplex (82557 SDM 6.4.2.3), PAUSE frames are of full duplex (IEEE 802.3 31B.1).
void check_link(const component& nic, const setting& s, const priority_key& k, const resolved& r, problems& found) {
    const component* link = link_of(nic, r);
    const component* other = link ? other_end(nic, *link, r) : nullptr;
    if (!other) return;
    const std::string half = half_duplex_because(*link, *other);
    if (k.of_an_82557 && half.empty())
        refuse(nic, s,
               fmt::format("linear priority is of half duplex, and {} will be full duplex; allowed: {}, or a half-duplex link", link->path, k.off),
               found);
    if (!k.of_an_82557 && !half.empty())
        refuse(nic, s, fmt::format("there are no PAUSE frames in half duplex, and {}; allowed: {}, or a full-duplex link", half, k.off), found);
}

}  // namespace

void check_priorities(const resolved& r, problems& found) {
    for (const component* nic : r.of_kind("nic"))
        for (const priority_key& k : priority_keys) {
            const setting& s = *nic->find(fmt::format("driver.{}", k.key));
            if (!asked(s, k)) continue;
            if ((nic->text("identity") == "82557") == k.of_an_82557) check_link(*nic, s, k, r, found);
            else refuse_of_identity(*nic, s, scenario::to_toml(*s.row, s.value), k.why, k.off, k.of_an_82557 ? "\"82557\"" : but_an_82557(), found);
        }
}

}  // namespace nicteam::scenario
