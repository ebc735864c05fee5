#include "scenario/checks/link_rates.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "scenario/language/values.h"
#include "scenario/reading/steps.h"

namespace nicteam::scenario {
namespace {

// Half duplex: IEEE 802.3 4.4.2, faster ones extend their carrier (4.2.3.4). The controllers: DS 1.1.
constexpr std::int64_t rates[] = {10'000'000, 100'000'000};
constexpr const char* those = "10 and 100 Mbps";

bool half_duplex(const component& end) {
    const setting* s = end.find("duplex");
    return s && s->value.text == "half";
}

// What an end has against any other rate; "" if nothing.
std::string limit_of(const component& end) {
    if (half_duplex(end)) return fmt::format("{} is half duplex, which there is at {} only", end.path, those);
    if (std::string_view(end.kind->name) != "nic" || end.text("identity") == "extended") return "";
    return fmt::format("{} is an {}, which runs at {} only", end.path, end.text("identity"), those);
}

std::string refusal(const component& link, const resolved& r) {
    const setting& rate = *link.find("rate");
    if (!rate.given() || rate.refused || std::find(std::begin(rates), std::end(rates), rate.value.integer) != std::end(rates)) return "";
    std::string why;
    bool nic_alone = true;
    for (const char* key : {"a", "b"})
        if (const component* end = r.find(link.text(key)); end && !limit_of(*end).empty()) {
            if (half_duplex(*end) || why.empty()) why = limit_of(*end);
            nic_alone = nic_alone && !half_duplex(*end);
        }
    if (why.empty()) return "";
    return fmt::format("{}; allowed: 10 Mbps, 100 Mbps{}", why, nic_alone ? ", or any with nic.identity = \"extended\"" : "");
}

}  // namespace

bool rate_refused(const component& link, const resolved& r) { return !refusal(link, r).empty(); }

void check_link_rates(const resolved& r, problems& found) {
    struct told {
        const setting* rate;
        std::string why;
        unsigned more = 0;
    };
    std::vector<told> all;
    for (const component* link : r.of_kind("link")) {
        std::string why = refusal(*link, r);
        if (why.empty()) continue;
        const setting* rate = link->find("rate");
        const auto before = std::find_if(all.begin(), all.end(), [&](const told& t) { return t.rate->at == rate->at; });
        if (before == all.end()) all.push_back({rate, std::move(why)});
        else ++before->more;
    }
    for (const told& t : all)
        found.add(t.rate->at, fmt::format("link.rate = {}: {}{}", to_toml(*t.rate->row, t.rate->value), t.why,
                                          t.more == 0   ? ""
                                          : t.more == 1 ? " (another link is like it)"
                                                        : fmt::format(" ({} more links are like it)", t.more)));
}

}  // namespace nicteam::scenario
