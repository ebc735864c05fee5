// --set key=value: a path or a pattern, the last one wins.
#include <algorithm>

#include <fmt/format.h>

#include "nicteam/scenario/pattern.h"
#include "nicteam/scenario/settings.h"
#include "scenario/language/text_forms.h"
#include "scenario/language/values.h"
#include "scenario/reading/steps.h"

namespace nicteam::scenario {
namespace {

bool is_amount(quantity q) { return q != quantity::text && q != quantity::choice && q != quantity::list && q != quantity::flag; }

bool makes_the_path(const component& c, const setting& s) {
    if (c.kind->form == shape::top) return false;
    if (s.row->name == std::string_view("name")) return true;
    for (const reference_info& ref : c.kind->references)
        if (ref.parent && std::string_view(ref.key) == s.row->name && !*s.section->name) return true;
    return false;
}

void apply(const std::string& key, const std::string& written, origin from, position at, resolved& r, problems& found) {
    const path_pattern pattern(key, r);
    bool any = false;
    std::vector<std::pair<std::string, std::string>> wrong;  // the first key with a value's fault, and the fault
    std::size_t with_fault = 0;
    const auto apply_to = [&](component& c, auto name_of) {
        for (setting& s : c.settings) {
            if (const std::string name = name_of(c, s); name.empty() || !pattern.matches(name)) continue;
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
                if (written.find("..") != std::string::npos && is_amount(s.row->kind)) why += "; nicteam sweep takes ranges, as \"1 us..5 us in 5\"";
                const auto told = [&](const auto& w) { return w.second == why; };
                if (std::none_of(wrong.begin(), wrong.end(), told)) wrong.emplace_back(full_key(c, s), why);
            }
        }
    };
    for (const auto name_of : {full_key, other_key}) {
        if (any) break;
        apply_to(r.top, name_of);
        for (component& c : r.components) apply_to(c, name_of);
    }
    for (std::size_t n = 0; n < wrong.size(); ++n) {
        std::string text = fmt::format("{} = {}: {}", wrong[n].first, written.empty() ? "\"\"" : written, wrong[n].second);
        if (n == 0 && with_fault > wrong.size()) text += fmt::format(" (the same for {} more that {} stands for)", with_fault - wrong.size(), key);
        if (n + 1 < wrong.size()) found.add(at, text);
        else found.add_last(at, text);
    }
    if (!any) found.add(at, why_no_setting(key, r));
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
