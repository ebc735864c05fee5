#include "nicteam/scenario/idle_associations.h"

#include <algorithm>

#include <fmt/format.h>

#include "scenario/relations/security.h"

namespace nicteam::scenario {
namespace {

constexpr const char* ends[] = {"from", "to", "held_by", "ip_version"};

bool names(const component& policy, const component& sa) {
    const auto& bundle = policy.list("bundle");
    return std::find(bundle.begin(), bundle.end(), sa.path) != bundle.end();
}

// Everything that a policy selects, one before it has selected already: neither looks at anything but its two ends.
bool selects_all(const component& policy) {
    static constexpr const char* selectors[] = {"protocol", "source_prefix", "destination_prefix", "source_port", "destination_port"};
    return std::none_of(std::begin(selectors), std::end(selectors), [&](const char* key) { return policy.find(key) && policy.given(key); });
}

}  // namespace

std::vector<std::string> idle_associations(const resolved& r, const problems& sources) {
    std::vector<std::string> notes;
    const auto policies = r.of_kind("policy");
    const bool from_outside = !r.of_kind("replay").empty() || !r.of_kind("port").empty();
    for (const component* sa : r.of_kind("sa")) {
        const component* by = nullptr;
        for (const component* p : policies)
            if (names(*p, *sa)) by = p;
        if (!by && !(from_outside && receiver_of(*sa, r)))
            notes.push_back(fmt::format("{}: note: sa {}: no [[policy]] names it in its bundle: nothing that {} sends to {} is protected by it",
                                        sources.where(sa->at), sa->path, sa->text("from"), sa->text("to")));
    }
    for (std::size_t n = 0; n < policies.size(); ++n)
        for (std::size_t before = 0; before < n; ++before) {
            const component &first = *policies[before], &later = *policies[n];
            if (std::any_of(std::begin(ends), std::end(ends), [&](const char* key) { return first.text(key) != later.text(key); })) continue;
            if (!selects_all(first)) continue;
            notes.push_back(fmt::format("{}: note: policy {}: {} stands before it and selects all that {} sends to {}: the first that selects decides",
                                        sources.where(later.at), later.path, first.path, later.text("from"), later.text("to")));
            break;
        }
    return notes;
}

}  // namespace nicteam::scenario
