#include "scenario/checks/identities.h"

#include <vector>

#include <fmt/format.h>

#include "nicteam/nic/nic.h"
#include "scenario/relations/contradiction.h"
#include "scenario/reading/steps.h"

namespace nicteam::scenario {

std::string but_an_82557() {
    std::vector<std::string> all(1);
    for (const parameter_info& row : nic::nic_info.parameters)
        for (const char* c = std::string_view(row.name) == "identity" ? row.choices : ""; *c; ++c) {
            if (*c == '|') all.emplace_back();
            else all.back() += *c;
        }
    std::string out;
    for (std::size_t n = 0; n < all.size(); ++n)
        if (all[n] != "82557") out += fmt::format("{}\"{}\"", out.empty() ? "" : n + 1 == all.size() ? " or " : ", ", all[n]);
    return out;
}

void refuse_of_identity(const component& nic, const setting& s, const std::string& value, const std::string& why, const std::string& only,
                        const std::string& identities, problems& found) {
    const setting& identity = *nic.find("identity");
    found.add(blamed(s, identity), fmt::format("{} = {}{}: {}; allowed: {}, or nic.identity = {}", label(nic, s), value,
                                               and_where(s, identity, found), why, only, identities));
}

}  // namespace nicteam::scenario
