#include "nicteam/scenario/schema.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "nicteam/scenario/language.h"

namespace nicteam::scenario {
namespace {

using json = nlohmann::ordered_json;

constexpr const char number[] = R"(([0-9][0-9_]*(\.[0-9_]*)?|\.[0-9][0-9_]*)([eE][+-]?[0-9]+)?)";      // as units.cpp reads it
constexpr const char name_pattern[] = "^[a-z][a-z0-9_]*$", name_or_none[] = "^([a-z][a-z0-9_]*)?$";

const char* unit_pattern(quantity q) {
    switch (q) {
        case quantity::time: return "(ps|ns|us|ms|s)";
        case quantity::period: return "(Hz|kHz|MHz|GHz|ps|ns|us|ms|s)";
        case quantity::rate: return "(bps|kbps|Mbps|Gbps)";
        case quantity::size: return "(B|KiB|MiB|GiB)";
        case quantity::ratio: return "%?";
        default: return nullptr;
    }
}

json choices(const parameter_info& row) {
    json all = json::array();
    std::string_view rest = row.choices;
    for (std::size_t bar; (bar = rest.find('|')) != std::string_view::npos; rest.remove_prefix(bar + 1)) all.push_back(rest.substr(0, bar));
    all.push_back(rest);
    return all;
}

void add_bound(json& j, const char* keyword, const parameter_info& row, const char* bound) {
    value v;
    std::string ignored;
    if (bound && parse_quantity(row.kind, bound, v, ignored)) j[keyword] = v.integer;
}

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

json value_schema(const kind_info& kind, const key_info& key) {
    const parameter_info& row = *key.row;
    const char* made = made_value(kind, key);
    json j{{"description", described(key, made)}};
    switch (row.kind) {
        case quantity::count:
            j["type"] = "integer";
            add_bound(j, "minimum", row, row.low);
            add_bound(j, "maximum", row, row.high);
            break;
        case quantity::flag: j["type"] = "boolean"; break;
        case quantity::choice: j["enum"] = choices(row); break;
        case quantity::list:
            j["type"] = "array";
            j["items"] = {{"type", "string"}};
            break;
        case quantity::text:
            j["type"] = row.choices == or_integer ? json{"string", "integer"} : json("string");
            if (std::string_view(row.name) == "name" && kind.form != shape::top && !*key.in->name) j["pattern"] = kind.form == shape::numbered ? name_or_none : name_pattern;
            break;
        default:
            j["type"] = "string";
            j["pattern"] = fmt::format("^ *[+-]?{} *{} *$", number, unit_pattern(row.kind));
    }
    if (row.fallback && *row.fallback && !made) {
        value v;
        std::string ignored;
        if (row.kind == quantity::count || row.kind == quantity::flag) {
            if (parse_quantity(row.kind, row.fallback, v, ignored)) j["default"] = row.kind == quantity::flag ? json(v.integer != 0) : json(v.integer);
        } else if (row.kind != quantity::list) {
            j["default"] = row.fallback;
        }
    }
    return j;
}

struct parts {
    json properties = json::object();
    json required = json::array();       // keys of the table itself
};

parts parts_of(const kind_info& kind) {
    parts p;
    for (const key_info& key : keys_of(kind)) {
        const std::string section = key.in->name;
        if (section.empty()) {
            p.properties[key.row->name] = value_schema(kind, key);
            const bool name = std::string_view(key.row->name) == "name";
            if (name ? kind.form == shape::named : !key.row->fallback) p.required.push_back(key.row->name);
            continue;
        }
        json& s = p.properties[section];
        if (s.is_null()) s = {{"type", "object"}, {"description", key.in->info->meaning}, {"properties", json::object()}, {"additionalProperties", false}};
        s["properties"][key.row->name] = value_schema(kind, key);
    }
    return p;
}

}  // namespace

std::string json_schema() {
    json root{{"$schema", "http://json-schema.org/draft-07/schema#"},
              {"title", "A nicteam scenario"},
              {"type", "object"}};
    json definitions = json::object(), properties = json::object(), whole = json::object();
    for (const kind_info& kind : kinds()) {
        parts p = parts_of(kind);
        if (kind.form == shape::top) {
            properties = std::move(p.properties);
            continue;
        }
        definitions[kind.name] = {{"type", "object"}, {"description", kind.meaning()}, {"properties", std::move(p.properties)}, {"additionalProperties", false}};
        const json reference{{"$ref", fmt::format("#/definitions/{}", kind.name)}};
        if (kind.form == shape::table) {
            properties[kind.name] = reference;
            continue;
        }
        properties[kind.name] = {{"type", "array"}, {"items", reference}};
        if (!p.required.empty()) whole[kind.name] = {{"items", {{"required", std::move(p.required)}}}};
    }
    properties["extends"] = {{"description", "file or files, relative to this one, whose tables this scenario is merged over, named tables by name"},
                             {"type", {"string", "array"}}, {"items", {{"type", "string"}}}};
    root["properties"] = std::move(properties);
    root["additionalProperties"] = false;
    root["if"] = {{"required", {"extends"}}};
    root["else"] = {{"properties", std::move(whole)}};
    root["definitions"] = std::move(definitions);
    return root.dump(2) + "\n";
}

}  // namespace nicteam::scenario
