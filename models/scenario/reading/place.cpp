// Names, parents and with them the path of each component.
#include <algorithm>

#include <fmt/format.h>

#include "nicteam/scenario/pattern.h"
#include "scenario/language/values.h"
#include "scenario/reading/steps.h"

namespace nicteam::scenario {
namespace {

bool well_formed(const std::string& name) {
    if (name.empty() || name[0] < 'a' || name[0] > 'z') return false;
    for (const char c : name)
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
    return true;
}

bool one_of(std::string_view kind, std::string_view kinds) {
    while (true) {
        const std::size_t bar = kinds.find('|');
        if (kinds.substr(0, bar) == kind) return true;
        if (bar == std::string_view::npos) return false;
        kinds.remove_prefix(bar + 1);
    }
}

// Whether what is named is there and only has no place, itself or what it is in being wrong: that has been told.
bool told_already(const std::string& named, const reference_info& ref, const resolved& r) {
    const std::string last = named.substr(named.rfind('.') + 1);
    for (const component& c : r.components)
        if (c.path.empty() && one_of(c.kind->name, ref.kinds) && (c.name.empty() || c.name == last || nearest(last, {c.name}) == c.name))
            return true;
    return false;
}

const reference_info* parent_key(const component& c) {
    for (const reference_info& r : c.kind->references)
        if (r.parent) return &r;
    return nullptr;
}

void check_name(component& c, problems& found) {
    if (c.kind->form == shape::table) return;
    setting* s = const_cast<setting*>(c.find("name"));
    const position at = s->given() ? s->at : c.at;
    if (s->given() && !well_formed(c.name)) {
        found.add(at, fmt::format("{}.name = {}: is no name; allowed: a letter a-z, then a-z, 0-9 or _", c.kind->name, quoted(c.name)));
    } else if (s->given() && !c.kind->for_sweeps && (find_kind(c.name) || c.name == "scenario")) {
        found.add(at, fmt::format("{}.name = \"{}\": is the name of a table; choose another, {}0", c.kind->name, c.name, c.name));
    } else if (c.name.empty()) {
        found.add(at, fmt::format("{}.name: is missing: name of the component, a step of every path below it", c.kind->name));
    }
    if (s->value.text.empty()) {
        s->value.text = c.name;
        s->written = c.name;
        s->from = origin::made;
    }
}

// The second of a name in one file that lies over another one: it has no base, and nothing says whose it is.
bool lies_beside(const component& c, const component& other) {
    const reference_info* key = parent_key(c);
    return c.kind->form == shape::named && key && !c.given(key->key) && other.kind == c.kind && other.name == c.name && other.at.file == c.at.file;
}

}  // namespace

std::vector<std::string> paths_of(const resolved& r, std::string_view kinds) {
    std::vector<std::string> all;
    for (const component& c : r.components)
        if (!c.path.empty() && one_of(c.kind->name, kinds)) all.push_back(c.path);
    return all;
}

// Below a component there are parts already: the driver of a nic, the bridge of a bus.
const char* part_called(const kind_info& parent, const std::string& name) {
    for (const std::vector<section>* some : {&parent.sections, &parent.inside})
        for (const section& s : *some)
            if (*s.name && match_step(s.name, name)) return s.info->meaning;
    for (const char* taken : parent.taken)
        if (match_step(taken, name)) return "a part of it";
    return nullptr;
}

void place(resolved& r, problems& found) {
    for (component& c : r.components) check_name(c, found);
    // Parents first; at most as many rounds as paths have steps.
    for (int round = 0; round < 4; ++round) {
        for (component& c : r.components) {
            if (!c.path.empty() || !well_formed(c.name)) continue;
            const reference_info* key = parent_key(c);
            if (!key) {  // a sweep's figure may be called as a table is: nothing lies below it
                c.path = c.kind->for_sweeps && find_kind(c.name) && c.kind->form != shape::table ? std::string(c.kind->name) + "." + c.name : c.name;
                continue;
            }
            for (const component& p : r.components) {
                if (p.path.empty() || p.path != c.text(key->key) || !one_of(p.kind->name, key->kinds)) continue;
                c.parent = &p;
                c.path = p.path + "." + c.name;
            }
        }
    }
    for (std::size_t i = 0; i < r.components.size(); ++i) {
        const component& c = r.components[i];
        if (const char* part = c.parent ? part_called(*c.parent->kind, c.name) : nullptr)
            found.add(c.find("name")->at,
                      fmt::format("{}.name = \"{}\": is taken in {}: {}; choose another", c.kind->name, c.name, c.parent->path, part));
        for (std::size_t j = 0; j < i; ++j) {
            const component& other = r.components[j];
            if (c.path.empty() ? !lies_beside(c, other) : other.path != c.path) continue;
            if (c.path.empty()) {
                found.add_last(c.at, fmt::format("{}.name = \"{}\": stands in this file already, {}; allowed: each name once", c.kind->name,
                                                 c.name, found.where(other.at)));
                break;
            }
            const setting* s = c.find("name");
            found.add(s && s->given() ? s->at : c.at, fmt::format("{}.name = \"{}\": there is a {} at {} already, {}", c.kind->name, c.name,
                                                                  other.kind->name, c.path, found.where(other.at)));
            break;
        }
    }
}

void require(resolved& r, problems& found) {
    const auto refers = [](const component& c, const setting& s) {
        return std::any_of(c.kind->references.begin(), c.kind->references.end(), [&](const reference_info& ref) { return &s == c.find(ref.key); });
    };
    const auto missing = [&](const component& c) {
        for (const setting& s : c.settings) {
            if (s.row->fallback) continue;
            if (!s.given())
                found.add(c.at, fmt::format("{}{}: is missing: {}", label(c, s), c.name.empty() ? "" : " of " + c.name, s.row->meaning));
            else if (s.row->kind == quantity::text && s.written.empty() && !s.refused && !refers(c, s))   // of a reference more is told
                found.add(s.at, fmt::format("{} = \"\": is empty", label(c, s)));
        }
    };
    missing(r.top);
    for (const component& c : r.components) missing(c);
}

void check_references(const resolved& r, problems& found) {
    for (const component& c : r.components) {
        for (const reference_info& ref : c.kind->references) {
            const setting* s = c.find(ref.key);
            if (!s || !s->given()) continue;
            std::vector<std::string> names = s->value.list;
            if (s->row->kind != quantity::list) names = {s->value.text};
            for (const std::string& name : names) {
                if (name.empty() && s->row->fallback && !*s->row->fallback) continue;   // may be left open
                const component* target = name.empty() ? nullptr : r.find(name);   // "" is where the unplaced are
                if (target ? one_of(target->kind->name, ref.kinds) : told_already(name, ref, r)) continue;
                std::string kinds = ref.kinds;
                for (std::size_t bar; (bar = kinds.find('|')) != std::string::npos;) kinds.replace(bar, 1, ", ");
                const auto there = paths_of(r, ref.kinds);
                std::string listing;
                for (const std::string& t : there) listing += (listing.empty() ? "" : ", ") + t;
                std::string hint = did_you_mean(name, there);
                if (hint.empty()) hint = there.empty() ? fmt::format("; the scenario has no {}", kinds) : "; allowed: " + listing;
                if (target)
                    found.add(s->at, fmt::format("{} = \"{}\": is a {}, not a {}{}", label(c, *s), name, target->kind->name, kinds, hint));
                else
                    found.add(s->at, fmt::format("{} = \"{}\": there is no such {}{}", label(c, *s), name, kinds, hint));
            }
        }
    }
}

}  // namespace nicteam::scenario
