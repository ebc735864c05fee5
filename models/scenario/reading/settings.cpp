#include "nicteam/scenario/settings.h"

#include <fmt/format.h>

#include "nicteam/scenario/pattern.h"
#include "scenario/language/text_forms.h"
#include "scenario/language/values.h"
#include "scenario/reading/steps.h"

namespace nicteam::scenario {

std::string full_key(const component& c, const setting& s) {
    std::string out = c.path.empty() ? "" : c.path + ".";
    if (*s.section->name) out += std::string(s.section->name) + ".";
    return out + s.row->name;
}

std::string other_key(const component& c, const setting& s) {
    const std::string_view other = *s.section->name ? "" : other_name(c.kind->name, s.row->name);
    return other.empty() ? "" : fmt::format("{}{}{}", c.path, c.path.empty() ? "" : ".", other);
}

std::vector<std::pair<std::string, const setting*>> settings_of(const std::string& pattern, const resolved& r) {
    const path_pattern wanted(pattern, r);
    std::vector<std::pair<std::string, const setting*>> all;
    const auto add = [&](const component& c, auto name_of) {
        for (const setting& s : c.settings)
            if (const std::string key = name_of(c, s); !key.empty() && wanted.matches(key)) all.emplace_back(full_key(c, s), &s);
    };
    for (const auto name_of : {full_key, other_key}) {
        add(r.top, name_of);
        for (const component& c : r.components) add(c, name_of);
        if (!all.empty()) break;
    }
    return all;
}

std::string why_no_value(const setting& s, const std::string& written) {
    setting tried = s;
    std::string why;
    return take_loosely(tried, written, {}, why) ? "" : why;
}

std::string why_no_setting(const std::string& key, const resolved& r) {
    // Which part of the key is wrong: the component or its last step?
    std::vector<std::string> keys, everything;
    for (const setting& s : r.top.settings) everything.push_back(s.row->name);
    const auto steps = split_path(key);
    for (const component& c : r.components) {
        for (const setting& s : c.settings)
            for (const std::string& full : {full_key(c, s), other_key(c, s)}) {
                if (full.empty()) continue;
                everything.push_back(full);
                const auto have = split_path(full);
                if (have.size() != steps.size()) continue;
                std::string parent = key.substr(0, key.rfind('.')), own = full.substr(0, full.rfind('.'));
                if (path_pattern(parent, r).matches(own)) keys.push_back(have.back());
            }
        if (c.kind->form == shape::named || c.kind->form == shape::numbered)
            for (const setting& s : c.settings) {
                const std::string table = std::string(c.kind->name) + "." + (*s.section->name ? std::string(s.section->name) + "." : "");
                everything.push_back(table + s.row->name);
                if (const std::string_view other = other_name(c.kind->name, s.row->name); !other.empty()) everything.push_back(table + std::string(other));
            }
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

}  // namespace nicteam::scenario
