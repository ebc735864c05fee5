#include "nicteam/scenario/schema.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "nicteam/scenario/language.h"
#include "scenario/language/quantity_pattern.h"
#include "scenario/language/table_rules.h"
#include "scenario/language/text_forms.h"

namespace nicteam::scenario {
namespace {

using json = ordered_json;

constexpr const char name_pattern[] = "^[a-z][a-z0-9_]*$", name_or_none[] = "^([a-z][a-z0-9_]*)?$";
constexpr const char directory_pattern[] = "^([^/\\x00-\\x1f]*[^/.\\x00-\\x1f][^/\\x00-\\x1f]*)?$";     // of the scenario itself

std::int64_t bound(quantity q, const char* written, std::int64_t otherwise) {
    value v;
    std::string ignored;
    return written && parse_quantity(q, written, v, ignored) ? v.integer : otherwise;
}

// The ranges of quantities, each once, under a name that tells it.
class ranges {
public:
    json schema(quantity q, const char* low, const char* high) {
        std::string name = fmt::format("{} {} to {}", name_of(q), low ? low : "any", high ? high : "any");
        std::replace(name.begin(), name.end(), ' ', '_');
        if (!all_.contains(name)) {
            const std::int64_t one = bound(q, low, INT64_MIN), other = bound(q, high, INT64_MAX);
            all_[name] = {{"description", fmt::format("a number and its unit: {}", units_of(q))},
                          {"type", "string"},
                          {"pattern", quantity_pattern(q, std::min(one, other), std::max(one, other))}};
        }
        return {{"$ref", "#/definitions/" + name}};
    }
    const json& all() const { return all_; }

private:
    json all_ = json::object();
};

std::string described(const key_info& key, const char* made) {
    const parameter_info& row = *key.row;
    std::string text = row.meaning;
    if (key.reference) text += fmt::format("; names a {}", key.reference->kinds);
    if (row.low && row.high) text += fmt::format("; {} … {}", row.low, row.high);
    else if (row.low) text += fmt::format("; at least {}", row.low);
    else if (row.high) text += fmt::format("; at most {}", row.high);
    if (made) text += fmt::format("; if not given: {}", made);
    return text;
}

// A step of every path below the component: what stands there already is no name.
json name_schema(const kind_info& kind) {
    json taken = json::array();
    if (!kind.for_sweeps)
        for (const kind_info& k : kinds()) taken.push_back(k.name);
    json j{{"pattern", kind.form == shape::numbered ? name_or_none : name_pattern}, {"not", {{"enum", std::move(taken)}}}};
    std::string parts;
    const auto add = [&](std::string part) {
        if (const std::size_t star = part.find('*'); star != std::string::npos) part.replace(star, 1, ".*");
        if (!part.empty()) parts += (parts.empty() ? "" : "|") + part;
    };
    for (const reference_info& r : kind.references) {
        const kind_info* parent = r.parent ? find_kind(r.kinds) : nullptr;     // one of several kinds: only the scenario tells
        if (!parent) continue;
        for (const section& s : parent->sections) add(s.name);
        for (const section& s : parent->inside) add(s.name);
        for (const char* t : parent->taken) add(t);
    }
    if (!parts.empty()) j["allOf"] = {{{"not", {{"pattern", fmt::format("^({})$", parts)}}}}};
    return j;
}

json text_schema(const kind_info& kind, const key_info& key) {
    const parameter_info& row = *key.row;
    json j{{"type", row.choices == or_integer ? json{"string", "integer"} : json("string")}};
    const bool named = std::string_view(row.name) == "name" && kind.form != shape::top && !*key.in->name;
    const std::string or_nothing = row.fallback ? "|" : "";
    const bool scenarios_own = kind.form == shape::top && std::string_view(row.name) == "name";
    if (named) j.update(name_schema(kind));
    else if (scenarios_own) j["pattern"] = directory_pattern;
    else if (key.reference) j["pattern"] = fmt::format("^({}{})$", path_pattern_of(key.reference->kinds), or_nothing);
    else if (const text_form* form = form_of(key.name())) j["pattern"] = fmt::format("^({}{})$", form->pattern, or_nothing);
    else if (!row.fallback) j["minLength"] = 1;
    return j;
}

json value_schema(const kind_info& kind, const key_info& key, ranges& r) {
    const parameter_info& row = *key.row;
    const char* made = made_value(kind, key);
    json j{{"description", described(key, made)}};
    switch (row.kind) {
        case quantity::count:
            j["type"] = "integer";
            j["minimum"] = bound(row.kind, row.low, INT64_MIN);
            j["maximum"] = bound(row.kind, row.high, INT64_MAX);
            if (!row.low) j.erase("minimum");
            if (!row.high) j.erase("maximum");
            if (row.choices) j["enum"] = choices_of(row.choices, quantity::count);
            break;
        case quantity::flag: j["type"] = "boolean"; break;
        case quantity::choice: j["enum"] = choices_of(row.choices); break;
        case quantity::list:
            j["type"] = "array";
            j["items"] = {{"type", {"string", "integer"}}};
            break;
        case quantity::text: j.update(text_schema(kind, key)); break;
        default:
            j["type"] = "string";
            j["allOf"] = json::array({r.schema(row.kind, row.low, row.high)});
    }
    if (row.fallback && *row.fallback && !made) {
        value v;
        std::string ignored;
        if (row.kind == quantity::count || row.kind == quantity::flag) {
            if (parse_quantity(row.kind, row.fallback, v, ignored))
                j["default"] = row.kind == quantity::flag ? json(v.integer != 0) : json(v.integer);
        } else if (row.kind != quantity::list) {
            j["default"] = row.fallback;
        }
    }
    return j;
}

struct parts {
    json properties = json::object();
    json required = json::array();       // keys of the table itself
    json either = json::array();         // one name of a key, not both
};

parts parts_of(const kind_info& kind, ranges& r) {
    parts p;
    for (const key_info& key : keys_of(kind)) {
        const std::string section = key.in->name;
        if (section.empty()) {
            p.properties[key.row->name] = value_schema(kind, key, r);
            if (const std::string other{other_name(kind.name, key.row->name)}; !other.empty()) {
                p.properties[other] = p.properties[key.row->name];
                p.either.push_back({{"not", {{"required", {key.row->name, other}}}}});
            }
            const bool name = std::string_view(key.row->name) == "name";
            if (name ? kind.form == shape::named : !key.row->fallback) p.required.push_back(key.row->name);
            continue;
        }
        json& s = p.properties[section];
        if (s.is_null())
            s = {{"type", "object"},
                 {"description", key.in->info->meaning},
                 {"properties", json::object()},
                 {"additionalProperties", false}};
        s["properties"][key.row->name] = value_schema(kind, key, r);
    }
    return p;
}

json at_least_one(const char* kind) { return {{"required", {kind}}, {"properties", {{kind, {{"minItems", 1}}}}}}; }

}  // namespace

std::string json_schema() {
    json root{{"$schema", "http://json-schema.org/draft-07/schema#"},
              {"title", "A nicteam scenario"},
              {"description",
               "What `nicteam validate` says besides is of several tables, of two values that are compared, of files, and of "
               "numbers with an exponent (docs/scenario.md)"},
              {"type", "object"}};
    json definitions = json::object(), properties = json::object(), whole = json::object();
    ranges r;
    const range_schema in_range = [&](quantity q, const char* low, const char* high) { return r.schema(q, low, high); };
    for (const kind_info& kind : kinds()) {
        parts p = parts_of(kind, r);
        if (kind.form == shape::top) {
            properties = std::move(p.properties);
            continue;
        }
        table_rules rules = rules_of(kind.name, in_range);
        json& d = definitions[kind.name];
        d = {{"type", "object"}, {"description", kind.meaning()}, {"properties", std::move(p.properties)}, {"additionalProperties", false}};
        for (json& one : p.either) rules.always.push_back(std::move(one));
        if (!rules.always.empty()) d["allOf"] = std::move(rules.always);
        const json reference{{"$ref", fmt::format("#/definitions/{}", kind.name)}};
        if (kind.form == shape::table) {
            properties[kind.name] = reference;
            continue;
        }
        properties[kind.name] = {{"type", "array"}, {"items", reference}};
        json items = json::object();
        if (!p.required.empty()) items["required"] = std::move(p.required);
        if (!rules.whole.empty()) items["allOf"] = std::move(rules.whole);
        if (!items.empty()) whole[kind.name] = {{"items", std::move(items)}};
    }
    properties["extends"] = {
        {"description", "file or files, relative to this one, whose tables this scenario is merged over, named tables by name"},
        {"type", {"string", "array"}},
        {"items", {{"type", "string"}}}};
    root["properties"] = std::move(properties);
    root["additionalProperties"] = false;
    root["if"] = {{"required", {"extends"}}};
    root["else"] = {{"properties", std::move(whole)}, {"anyOf", json::array({at_least_one("host"), at_least_one("link")})}};
    for (const auto& [name, range] : r.all().items()) definitions[name] = range;
    root["definitions"] = std::move(definitions);
    return root.dump(2) + "\n";
}

}  // namespace nicteam::scenario
