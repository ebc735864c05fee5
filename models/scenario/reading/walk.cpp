// The strict walk: every key of every table is a row of the language, or an error.
#include <fmt/format.h>

#include "scenario/language/text_forms.h"
#include "scenario/language/values.h"
#include "scenario/reading/steps.h"

namespace nicteam::scenario {
namespace {

component make_component(const kind_info& kind) {
    component c;
    c.kind = &kind;
    for (const key_info& k : keys_of(kind)) {
        setting v;
        v.section = k.in;
        v.row = k.row;
        take_fallback(v);
        c.settings.push_back(std::move(v));
    }
    return c;
}

std::vector<std::string> names_of(const component& c, std::string_view section) {
    std::vector<std::string> keys;
    for (const setting& s : c.settings)
        if (s.section->name == section) keys.push_back(s.row->name);
    if (section.empty())
        for (const scenario::section& s : c.kind->sections)
            if (*s.name) keys.push_back(s.name);
    return keys;
}

// "; it is a key of [team.sharing]", of the same component.
std::string in_other_parts(const component& c, const std::string& section, const std::string& key) {
    for (const setting& s : c.settings)
        if (key == s.row->name) return fmt::format("; it is a key of [{}{}{}]", c.kind->name, *s.section->name ? "." : "", s.section->name);
    if (section.empty())
        for (const setting& s : c.settings)
            if (!*s.section->name && other_name(c.kind->name, s.row->name) == key)
                return fmt::format("; it is another name of {}, which is given as well", s.row->name);
    return "";
}

void walk_section(const node& table, component& c, const std::string& section, problems& found) {
    const std::string prefix = c.kind->form == shape::top ? "" : std::string(c.kind->name) + "." + (section.empty() ? "" : section + ".");
    for (const node::entry& e : table.entries) {
        const std::string key = section.empty() ? e.key : section + "." + e.key;
        if (setting* s = const_cast<setting*>(c.find(key)); s && e.key.find('.') == std::string::npos) {
            std::string why;
            if (take(*s, e.value, why)) {
                s->from = origin::file;
            } else {
                const std::string shown = e.value.kind == node::string ? quoted(e.value.text) : e.value.text.empty() ? "…" : e.value.text;
                found.add_last(e.value.at, fmt::format("{}{} = {}: {}{}", prefix, e.key, shown, why, said_elsewhere(*s, e.value.text)));
                s->from = origin::file;  // given, though wrong: not missing as well
            }
            s->at = e.value.at;
        } else if (section.empty() && c.kind->find_section(e.key) && !e.key.empty()) {
            if (e.value.kind == node::table)
                walk_section(e.value, c, e.key, found);
            else
                found.add(e.value.at,
                          fmt::format("{}{}: is {}; allowed: a table, [{}{}]", prefix, e.key, name_of(e.value.kind), prefix, e.key));
        } else {
            const auto keys = names_of(c, section);
            std::string listing;
            for (const std::string& k : keys) listing += (listing.empty() ? "" : ", ") + k;
            std::string hint = in_other_parts(c, section, e.key);
            if (hint.empty()) hint = did_you_mean(e.key, keys);
            const std::string others = key_of_others(e.key);
            found.add(e.at, fmt::format("{}{}: unknown key{}{}", prefix, e.key, !hint.empty() ? hint : "; allowed: " + listing, hint.empty() ? others : ""));
        }
    }
}

void walk_component(const node& item, const kind_info& kind, resolved& r, problems& found, std::size_t number) {
    if (item.kind != node::table) {
        found.add(item.at, fmt::format("{}: is {}; allowed: a table, {}{}{}", kind.name, name_of(item.kind),
                                       kind.form == shape::table ? "[" : "[[", kind.name, kind.form == shape::table ? "]" : "]]"));
        return;
    }
    component c = make_component(kind);
    c.at = item.at;
    walk_section(item, c, "", found);
    c.name = kind.form == shape::table ? kind.name : c.text("name");
    if (c.name.empty() && kind.form == shape::numbered) c.name = fmt::format("{}{}", kind.name, number);
    r.components.push_back(std::move(c));
}

}  // namespace

std::string key_of_others(std::string_view key) {
    std::string tables;
    for (const kind_info& k : kinds())
        for (const key_info& own : keys_of(k))
            if (own.name() == key) tables += fmt::format("{}[[{}]]", tables.empty() ? "" : " and of ", k.name);
    return tables.empty() || tables.size() > 60 ? "" : fmt::format("; {} is a key of {}", key, tables);
}

std::string label(const component& c, const setting& s) {
    std::string out = c.kind->form == shape::top ? "" : std::string(c.kind->name) + ".";
    if (*s.section->name) out += std::string(s.section->name) + ".";
    return out + s.row->name;
}

void walk(const node& tree, resolved& r, problems& found) {
    r.top = make_component(top_kind());
    node top;
    top.at = tree.at;
    for (const node::entry& e : tree.entries) {
        const kind_info* kind = find_kind(e.key);
        if (!kind) {
            if (r.top.find(e.key) && e.key.find('.') == std::string::npos) {
                top.entries.push_back(e);
                continue;
            }
            std::vector<std::string> names;
            for (const setting& s : r.top.settings) names.push_back(s.row->name);
            for (const kind_info& k : kinds())
                if (k.form != shape::top) names.push_back(k.name);
            const std::string hint = did_you_mean(e.key, names);
            std::string listing;
            for (const std::string& n : names) listing += (listing.empty() ? "" : ", ") + n;
            found.add(e.at,
                      fmt::format("{}: unknown {}{}", e.key, e.value.kind == node::table || e.value.kind == node::array ? "table" : "key",
                                  !hint.empty() ? hint : "; allowed: " + listing));
            continue;
        }
        if (kind->form == shape::table) {
            walk_component(e.value, *kind, r, found, 0);
        } else if (e.value.kind != node::array) {
            found.add(e.value.at,
                      fmt::format("{}: is {}; allowed: one or more tables, each begun with [[{}]]", e.key, name_of(e.value.kind), e.key));
        } else {
            std::size_t number = 0;
            for (const node& item : e.value.items) walk_component(item, *kind, r, found, ++number);
        }
    }
    walk_section(top, r.top, "", found);
    for (const kind_info& k : kinds()) {  // tables of which there is one are there even if not written
        if (k.form != shape::table || r.find(k.name)) continue;
        bool there = false;
        for (const component& c : r.components) there |= c.kind == &k;
        if (there) continue;
        component c = make_component(k);
        c.name = k.name;
        c.at = tree.at;
        r.components.push_back(std::move(c));
    }
}

}  // namespace nicteam::scenario
