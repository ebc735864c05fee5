#include "scenario/relations/flow_pattern.h"

#include <algorithm>

#include <fmt/format.h>

#include "nicteam/check/way.h"
#include "scenario/language/values.h"

namespace nicteam::scenario {
namespace {

constexpr const char *to = " to ", *from = " from ", *born = "born", *end = "end";

std::string before(const std::string& text, const std::string& word) { return text.substr(0, text.find(word)); }
std::string behind(const std::string& text, const std::string& word) {
    const std::size_t at = text.find(word);
    return at == std::string::npos ? "" : text.substr(at + word.size());
}

// What has been on a wire does not go to one again, but in a team, to a card or sent back to be decrypted; nothing is handed to a stack twice, or goes
// on behind its delivery.
bool wrong_way_round(const std::string& first, const std::string& second, const resolved& r) {
    using check::place_on_way;
    if (second == born || first == end || (second == "host_post" && first != born) || (first == "delivered" && second != end)) return true;
    const bool again = !r.of_kind("team").empty() || !r.of_kind("crypto_card").empty() || !r.of_kind("sa").empty();
    const bool sent = place_on_way(first) >= place_on_way("wire_begin") && first != "driver_reaped";
    const unsigned place = place_on_way(second);
    return !again && sent && place && place <= place_on_way("nic_tx_fetch");
}

}  // namespace

bool flow_pattern::is_one(const std::string& text) { return text.find(to) != std::string::npos; }

flow_pattern::flow_pattern(const std::string& text, const resolved& r)
    : sender_(before(text, to)), receiver_(before(behind(text, to), from)), from_(sender_, r), to_(receiver_, r) {
    const std::string flow = behind(text, to);
    if (flow.find(from) == std::string::npos) return;
    const std::string way = behind(flow, from);
    stages_ = {before(way, to), behind(way, to)};
}

const report::stretch* flow_pattern::stretch_of(const report::flow& f) const {
    for (const report::stretch& s : f.between)
        if (s.from == stages_->first && s.to == stages_->second) return &s;
    return nullptr;
}

const report::distribution* flow_pattern::times_of(const report::flow& f) const {
    static const report::distribution none;
    if (!from_.matches(f.from) || !to_.matches(f.to)) return nullptr;
    if (!stages_) return &f.latency;
    const report::stretch* s = stretch_of(f);
    return s ? &s->time : &none;
}

std::string flow_pattern::other_way(const report::flow& f) const {
    const report::stretch* s = stages_ ? stretch_of(f) : nullptr;
    return s && s->other_way ? fmt::format("they pass {} before {}", stages_->second, stages_->first) : "";
}

std::string flow_pattern::wrong_stage(const std::vector<part>& parts, const resolved& r) const {
    const auto& [first, second] = *stages_;
    if (second.empty()) return fmt::format("\"from {}\": wants two stages, as in \"from host_post to wire_begin\"", first);
    std::vector<std::string> all{born, end};
    for (const part& p : parts)
        for (const stage_info& s : p.block->stages) all.push_back(s.name);
    for (const std::string* name : {&first, &second})
        if (std::find(all.begin(), all.end(), *name) == all.end())
            return fmt::format("\"{}\" is no stage of this scenario{}", *name, did_you_mean(*name, all));
    if (wrong_way_round(first, second, r))
        return fmt::format("no packet passes {1} behind {0}; did you mean \"from {1} to {0}\"?", first, second);
    return "";
}

std::string flow_pattern::lacking(const std::vector<part>& parts, const resolved& r) const {
    const std::vector<std::string> places = places_among(parts);
    const auto none = [&](const path_pattern& wanted) {
        return std::none_of(places.begin(), places.end(), [&](const std::string& p) { return wanted.matches(p); });
    };
    for (const auto& [name, wanted] : {std::pair{&sender_, &from_}, std::pair{&receiver_, &to_}})
        if (none(*wanted)) return fmt::format("\"{}\" matches no component{}", *name, did_you_mean(*name, places));
    return stages_ ? wrong_stage(parts, r) : "";
}

}  // namespace nicteam::scenario
