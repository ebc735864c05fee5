// --set key=value: a path or a pattern, the last one wins.
#include <algorithm>

#include <fmt/format.h>

#include "nicteam/scenario/later.h"
#include "nicteam/scenario/pattern.h"
#include "scenario/language/text_forms.h"
#include "scenario/language/values.h"
#include "scenario/reading/steps.h"

namespace nicteam::scenario {
namespace {

std::string full_key(const component& c, const setting& s) {
    std::string out = c.path.empty() ? "" : c.path + ".";
    if (*s.section->name) out += std::string(s.section->name) + ".";
    return out + s.row->name;
}

bool makes_the_path(const component& c, const setting& s) {
    if (c.kind->form == shape::top) return false;
    if (s.row->name == std::string_view("name")) return true;
    for (const reference_info& ref : c.kind->references)
        if (ref.parent && std::string_view(ref.key) == s.row->name && !*s.section->name) return true;
    return false;
}

std::string nothing_matches(const std::string& key, const resolved& r) {
    if (const std::string first = key.substr(0, key.find('.')); is_for_later(first)) return fmt::format("{}: {}", first, for_later);
    // Which part of the key is wrong: the component or its last step?
    std::vector<std::string> keys, everything;
    for (const setting& s : r.top.settings) everything.push_back(s.row->name);
    const auto steps = split_path(key);
    for (const component& c : r.components) {
        for (const setting& s : c.settings) {
            const std::string full = full_key(c, s);
            everything.push_back(full);
            const auto have = split_path(full);
            if (have.size() != steps.size()) continue;
            std::string parent = key.substr(0, key.rfind('.')), own = full.substr(0, full.rfind('.'));
            if (path_pattern(parent, r).matches(own)) keys.push_back(have.back());
        }
        if (c.kind->form == shape::named || c.kind->form == shape::numbered)
            for (const setting& s : c.settings)
                everything.push_back(std::string(c.kind->name) + "." + (*s.section->name ? std::string(s.section->name) + "." : "") +
                                     s.row->name);
    }
    // The key is right, and somewhere else: a star stands for one step, never for two.
    std::string elsewhere;
    for (const std::string& full : everything)
        if (key.find('*') != std::string::npos && split_path(full).back() == steps.back() && split_path(full).size() != steps.size() &&
            !find_kind(full.substr(0, full.find('.'))))
            elsewhere += (elsewhere.empty() ? "" : ", ") + full;
    if (!elsewhere.empty()) return fmt::format("matches nothing in this scenario; there is {}", elsewhere);
    // The beginning of the path was left out: "down.frame_size" of client.down.
    std::string whole;
    for (const std::string& full : everything)
        if (full.size() > key.size() && full.compare(full.size() - key.size() - 1, std::string::npos, "." + key) == 0 &&
            !find_kind(full.substr(0, full.find('.'))))
            whole += (whole.empty() ? "" : ", ") + full;
    if (!whole.empty()) return fmt::format("matches nothing in this scenario: a path begins at the top; there is {}", whole);
    if (!keys.empty()) {
        const std::string hint = did_you_mean(steps.back(), keys);
        std::string listing;
        for (const std::string& k : keys)
            if (("; " + listing + ",").find(" " + k + ",") == std::string::npos) listing += (listing.empty() ? "" : ", ") + k;
        return fmt::format("unknown key {}{}", steps.back(), hint.empty() ? "; allowed: " + listing : hint);
    }
    const std::string hint = did_you_mean(key, everything);
    return fmt::format("matches nothing in this scenario{}", hint.empty() ? key_of_others(key.substr(key.find('.') + 1)) : hint);
}

void apply(const std::string& key, const std::string& written, origin from, position at, resolved& r, problems& found) {
    const path_pattern pattern(key, r);
    bool any = false;
    std::vector<std::pair<std::string, std::string>> wrong;  // the first key with a value's fault, and the fault
    std::size_t with_fault = 0;
    const auto apply_to = [&](component& c) {
        for (setting& s : c.settings) {
            if (!pattern.matches(full_key(c, s))) continue;
            any = true;
            std::string why;
            if (&c == &r.top && std::string_view(s.row->name) == "extends") {
                found.add(at, "extends: is read before everything else and cannot be set from outside; write it in a file");
            } else if (makes_the_path(c, s)) {
                found.add(at, fmt::format("{}: makes the component's path and cannot be set from outside", full_key(c, s)));
            } else if (take_loosely(s, written, at, why)) {
                s.from = from;
                s.at = at;
            } else {
                s.from = from;
                s.at = at;
                ++with_fault;
                why += said_elsewhere(s, written);
                const auto told = [&](const auto& w) { return w.second == why; };
                if (std::none_of(wrong.begin(), wrong.end(), told)) wrong.emplace_back(full_key(c, s), why);
            }
        }
    };
    apply_to(r.top);
    for (component& c : r.components) apply_to(c);
    for (std::size_t n = 0; n < wrong.size(); ++n) {
        std::string text = fmt::format("{} = {}: {}", wrong[n].first, written.empty() ? "\"\"" : written, wrong[n].second);
        if (n == 0 && with_fault > wrong.size()) text += fmt::format(" (the same for {} more that {} stands for)", with_fault - wrong.size(), key);
        if (n + 1 < wrong.size()) found.add(at, text);
        else found.add_last(at, text);
    }
    if (!any) found.add(at, nothing_matches(key, r));
}

}  // namespace

void apply_sets(const std::vector<std::string>& sets, origin from, resolved& r, problems& found) {
    for (const std::string& set : sets) {
        const position at{found.add_source((from == origin::environment ? "NICTEAM_SET " : "--set ") + set), 0, 0};
        const std::size_t equals = set.find('=');
        if (equals == std::string::npos || equals == 0) {
            found.add(at, "is no key=value");
            continue;
        }
        std::string key = set.substr(0, equals), written = set.substr(equals + 1);
        while (!key.empty() && key.back() == ' ') key.pop_back();
        while (!written.empty() && written.front() == ' ') written.erase(written.begin());
        apply(key, written, from, at, r, found);
    }
}

void apply_options(const read_options& o, resolved& r, problems& found) {
    const auto take = [&](const std::string& key, const std::string& written, const std::string& option) {
        apply(key, written, origin::command_line, {found.add_source(option), 0, 0}, r, found);
    };
    if (!o.seed.empty()) take("seed", o.seed, "--seed " + o.seed);
    if (!o.until.empty()) take("until", o.until, "--until " + o.until);
    if (!o.trace) return;
    for (const char* part : {"wave", "pcap", "txn", "packets", "report"}) {
        const bool wanted = std::find(o.trace->begin(), o.trace->end(), part) != o.trace->end();
        take(std::string("trace.") + part, wanted ? "true" : "false", "--trace");
    }
}

}  // namespace nicteam::scenario
