#include "nicteam/scenario/explain.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "nicteam/scenario/pattern.h"
#include "nicteam/scenario/problem.h"
#include "scenario/language/catalogue.h"
#include "scenario/language/closest.h"
#include "scenario/language/words.h"

namespace nicteam::scenario {
namespace {

constexpr std::size_t most_lines = 8;  // of suggestions
constexpr std::size_t nearest_shown = 4;

using entries = std::vector<const entry*>;

std::string last_step(const std::string& path) { return path.substr(path.rfind('.') + 1); }

bool is_table(const std::string& path) {
    if (path == "scenario" || find_kind(path)) return true;
    return std::any_of(all_tables().begin(), all_tables().end(), [&](const table_entry& t) { return t.path == path; });
}

// Parts of one sort, as the two directions of a link, stand in one table.
std::string path_of(const block_info* info) {
    for (const table_entry& t : all_tables())
        if (t.info == info) return t.path;
    return "";
}

// Engines are numbered: "engine_3" is one, "engine_stuck" is a slip of "engines_stuck".
bool may_be_called(const std::string& pattern, const std::string& name) {
    constexpr std::string_view engine = "engine_";
    if (!match_step(pattern, name)) return false;
    return pattern != "engine_*" || name.find_first_not_of("0123456789", engine.size()) == std::string::npos;
}

// "driver" and "server.pci0.nic0.driver" mean the table nic.driver; "server.pci0.nic3" a nic.
std::string table_meant(const std::string& key) {
    std::string last = last_step(key);
    if (last.empty()) return "";
    if (is_table(key)) return key;
    const bool path = key.size() > last.size();
    while (true) {
        if (path && find_kind(last)) return last;
        for (const kind_info& k : kinds())
            for (const std::vector<section>* some : {&k.sections, &k.inside})
                for (const section& s : *some)
                    if (*s.name && may_be_called(s.name, last)) return path_of(s.info);
        if (last.empty() || last.back() < '0' || last.back() > '9') return "";
        while (!last.empty() && last.back() >= '0' && last.back() <= '9') last.pop_back();
        if (find_kind(last)) return last;
    }
}

// "receive_ring", "driver.receive_ring", "nic.driver.receive_ring" and "server.pci0.nic0.driver.receive_ring" mean one row.
entries meant(const std::vector<std::string>& steps) {
    // Both directions of a link are one table: lan0.b_to_a.damaged.
    std::string part;
    for (std::size_t n = 0; n + 1 < steps.size(); ++n) part += (part.empty() ? "" : ".") + steps[n];
    part = part.find('.') == std::string::npos ? "" : table_meant(part);
    entries certain, possible;  // a component's name before: any table may be meant, unless a part or kind is called so
    for (const entry& e : catalogue()) {
        if (steps.back() != e.name && steps.back() != other_name(e.table, e.name)) continue;
        const std::string before = steps.size() > 1 ? steps[steps.size() - 2] : "";
        if (before.empty() || (before == "scenario" ? e.table.empty() : match_step(last_step(e.table), before)) || (!part.empty() && e.table == part))
            certain.push_back(&e);
        else if (before != "scenario" && !e.table.empty() && !find_kind(before) && e.table.find('.') == std::string::npos)
            possible.push_back(&e);
    }
    return certain.empty() ? possible : certain;
}

std::string lines_of(const entries& all) {
    std::size_t path = 0, what = 0;
    for (const entry* e : all) {
        path = std::max(path, e->path().size());
        what = std::max(what, std::string_view(e->what).size());
    }
    std::string out;
    for (const entry* e : all) out += fmt::format("  {:<{}}  {:<{}}  {}\n", e->path(), path, e->what, what, e->meaning);
    return out;
}

std::string full(const entry& e) { return fmt::format("{}: {}\n  {}\n{}\n", e.path(), e.what, e.meaning, e.details); }

std::string heading(const std::string& path) {
    if (path == "scenario") return fmt::format("{}, before all tables of a scenario\n", top_kind().meaning());
    if (const kind_info* k = find_kind(path))
        return fmt::format(k->form == shape::table ? "[{}]: {}\n" : "[[{}]]: {}\n", path, k->meaning());
    for (const table_entry& t : all_tables())
        if (t.path == path) return fmt::format("{}: {}, in a scenario {}\n", path, t.info->meaning, example_of(path));
    return "";
}

// All that a table has; below a kind also what its parts have as keys.
std::string table(const std::string& path) {
    entries own;
    std::string parts;
    for (const entry& e : catalogue())
        if ((e.table.empty() ? "scenario" : e.table) == path && e.what != std::string_view("operation")) own.push_back(&e);
    for (const table_entry& t : all_tables())
        if (t.path.compare(0, path.size() + 1, path + ".") == 0) parts += fmt::format("  {:<24} {}\n", t.path, t.info->meaning);
    if (path == "scenario")
        for (const kind_info& k : kinds())
            if (k.form != shape::top) parts += fmt::format("  {:<24} {}\n", k.name, k.meaning());
    std::string out = heading(path) + lines_of(own);
    if (!parts.empty()) out += (path == "scenario" ? "tables\n" : "parts\n") + parts;
    return out + "\n";
}

const std::map<std::string, std::string>& sorts() {
    static const std::map<std::string, std::string> all = {
        {"parameters", "parameter"}, {"metric", "metric"},   {"metrics", "metric"},       {"probe", "probe"},
        {"probes", "probe"},         {"fault", "fault"},     {"faults", "fault"},         {"capture", "capture point"},
        {"captures", "capture point"}, {"capture point", "capture point"}, {"capture points", "capture point"}, {"stage", "stage"},
        {"stages", "stage"},         {"events", "event"},         {"outcome", "end"},     {"outcomes", "end"},         {"end", "end"},
        {"ends", "end"},             {"losses", "end"},      {"operation", "operation"},  {"operations", "operation"},
        {"costs", "operation"},
    };
    return all;
}

// "faults": every row of that sort.
std::string sort_of_rows(const std::string& key) {
    const auto it = sorts().find(key);
    if (it == sorts().end()) return "";
    std::string out;
    if (it->second == "fault") {  // where it can be is what one asks of a fault
        for (const entry& e : catalogue())
            if (e.what == it->second) out += fmt::format("  {:<32} at = \"{}\"  {}\n", e.path(), example_of(e.table), e.meaning);
    } else {
        entries all;
        for (const entry& e : catalogue())
            if (e.what == it->second) all.push_back(&e);
        out = lines_of(all);
    }
    return fmt::format("every {}\n{}\n", it->second, out);
}

std::string pattern_matches(const std::string& key) {
    if (key.find('*') == std::string::npos) return "";
    std::string parts;                     // a star stands within one step: what is below a part that matches is not shown, but the part
    for (const table_entry& t : all_tables())
        if (t.path.find('.') != std::string::npos && match_path(key, t.path)) parts += fmt::format("  {:<24} {}\n", t.path, t.info->meaning);
    entries all;
    const bool one = key.find('.') == std::string::npos;
    for (const entry& e : catalogue())
        if (match_path(key, e.path()) || (one && match_step(key, e.name))) all.push_back(&e);
    if (all.empty() && parts.empty()) return "";
    return lines_of(all) + (parts.empty() ? "" : "parts\n" + parts) + "\n";
}

// One is named; of several each is shown.
std::string spelt_alike(const std::vector<std::string>& names, const std::string& within) {
    entries all;
    for (const std::string& name : names)
        for (const entry& e : catalogue())
            if (e.name == name && (within.empty() || e.table == within)) all.push_back(&e);
    if (all.empty()) return fmt::format("; did you mean {}?\n", names.front());  // a table
    if (all.size() == 1) return fmt::format("; did you mean {}?\n", all.front()->path());
    return fmt::format("; did you mean one of these?\n{}", lines_of(all));
}

// Suggestions: by spelling, within the table that the key names if there is one; else by a word of the name or of the meaning.
std::string suggestions(const std::string& key) {
    const std::string last = last_step(key);
    const std::string before = key.size() > last.size() ? key.substr(0, key.size() - last.size() - 1) : "";
    const std::string within = before.empty() ? "" : table_meant(before);
    std::vector<std::string> names, paths;
    for (const entry& e : catalogue()) {
        paths.push_back(e.path());
        if (within.empty() || e.table == within) names.push_back(e.name);
    }
    if (within.empty()) {
        for (const kind_info& k : kinds()) names.emplace_back(k.name);
        for (const std::string& w : all_words()) names.push_back(w);
        for (const auto& sort : sorts()) names.push_back(sort.first);
    }
    std::string word = last;
    for (char& c : word)
        if (c == ' ' || c == '-') c = '_';
    const auto near = all_nearest(word, names);
    if (!near.empty() && !holds_word(near.front(), last)) return spelt_alike(near, within);
    if (within.empty() && !before.empty())
        if (const std::string path = did_you_mean(key, paths); !path.empty()) return path + "\n";
    entries in_name, in_meaning;
    for (const entry& e : catalogue())
        if (!within.empty() && e.table != within && e.name == last) in_name.push_back(&e);  // of another table
    for (const entry& e : catalogue()) {
        if (!within.empty() && e.table != within) continue;
        if (holds_word(e.name, last))
            in_name.push_back(&e);
        else if (holds_word(e.meaning, last))
            in_meaning.push_back(&e);
    }
    in_name.insert(in_name.end(), in_meaning.begin(), in_meaning.end());
    if (in_name.empty() && within.empty()) return "; `nicteam explain scenario` shows where to begin\n";
    if (in_name.empty())
        return fmt::format(": {0} has no {1}; the nearest names there are {2}; `nicteam explain {0}` lists all\n", within, last,
                           fmt::join(closest(word, names, nearest_shown), ", "));
    const std::size_t all = in_name.size();
    in_name.resize(std::min(all, most_lines));
    std::string out = fmt::format("; did you mean one of these?\n{}", lines_of(in_name));
    if (all > most_lines) out += fmt::format("  and {} more; nicteam explain '*{}*'\n", all - most_lines, last);
    return out;
}

}  // namespace

static bool explain_as_written(const std::string& key, std::string& out) {
    out.clear();
    const auto steps = split_path(key);
    if (std::any_of(steps.begin(), steps.end(), [](const std::string& s) { return s.empty(); })) {
        out = fmt::format("\"{}\" is no name; `nicteam explain scenario` shows where to begin\n", key);
        return false;
    }
    if (is_table(key)) out += table(key);
    out += sort_of_rows(key);
    for (const entry* e : meant(steps)) out += full(*e);
    out += pattern_matches(key);
    out += words_meant(key);
    if (out.empty())
        for (const std::string& meant : {table_meant(key), kind_called(key)})
            if (out.empty() && !meant.empty()) out = table(meant);
    if (out.empty()) {
        out = fmt::format("nothing is called {}{}", key, suggestions(key));
        return false;
    }
    out.pop_back();
    return true;
}

bool explain(const std::string& key, std::string& out) {
    if (explain_as_written(key, out)) return true;
    std::string reason = std::move(out);
    const std::string meant = meant_by_a_report(key);
    if (!meant.empty() && explain_as_written(meant, out)) return true;
    out = std::move(reason);
    return false;
}

std::vector<std::string> explainable() {
    std::set<std::string> all;
    for (const entry& e : catalogue()) all.insert(e.path());
    for (const table_entry& t : all_tables()) all.insert(t.path);
    for (const auto& sort : sorts()) all.insert(sort.first);
    for (const std::string& word : all_words()) all.insert(word);
    std::vector<std::string> whole;
    for (const std::string& name : all)
        if (name.find_first_of(" *'") == std::string::npos) whole.push_back(name);       // one word of a command line
    return whole;
}

}  // namespace nicteam::scenario
