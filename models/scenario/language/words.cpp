#include "scenario/language/words.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "nicteam/scenario/language.h"
#include "scenario/language/catalogue.h"
#include "scenario/language/cores.h"
#include "scenario/language/glossary.h"

namespace nicteam::scenario {
namespace {

// "Half-Duplex" and "half_duplex" are one.
std::string plain(std::string s) {
    for (char& c : s) c = c == ' ' || c == '-' || c == '/' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return s;
}

std::vector<std::string> parts_of(const char* text) {
    std::vector<std::string> all(1);
    for (; text && *text; ++text) {
        if (*text == '|') all.emplace_back();
        else all.back() += *text;
    }
    if (all.back().empty()) all.pop_back();
    return all;
}

bool is_called(const word& w, const std::string& key) {
    const auto others = parts_of(w.others);
    return plain(w.name) == key || std::any_of(others.begin(), others.end(), [&](const std::string& o) { return plain(o) == key; });
}

// Parameters that may have this value.
std::string choices_called(const std::string& key) {
    std::string out;
    for (const kind_info& kind : kinds())
        for (const key_info& k : keys_of(kind)) {
            if (k.row->kind != quantity::choice) continue;
            const auto all = parts_of(k.row->choices);
            if (std::find(all.begin(), all.end(), key) == all.end()) continue;
            out += fmt::format("  {}{} = \"{}\"  {}\n", kind.form == shape::top ? "" : std::string(kind.name) + ".", k.name(), key, k.row->meaning);
        }
    return out.empty() ? out : fmt::format("{}: value\n{}\n", key, out);
}

}  // namespace

std::string words_meant(const std::string& key) {
    std::string out;
    for (const word& w : glossary())
        if (is_called(w, plain(key))) out += fmt::format("{}: word\n  {}\n  used in  {}\n\n", w.name, w.meaning, w.where);
    out += core_called(key);
    out += choices_called(key);
    return out;
}

std::string meant_by_a_report(const std::string& key) {
    for (const std::string_view joint : {" after ", " -> "})
        if (const std::size_t at = key.find(joint); at != std::string::npos) return key.substr(at + joint.size());
    if (const std::size_t comma = key.find(", "); comma != std::string::npos) return key.substr(comma + 2);
    constexpr std::string_view time = "_ps";
    if (key.size() > time.size() && key.compare(key.size() - time.size(), time.size(), time) == 0) return key.substr(0, key.size() - time.size());
    return key.find(" to ") != std::string::npos ? "flow" : "";
}

std::string kind_called(const std::string& key) {
    const auto without_number = [](std::string s) {
        while (!s.empty() && s.back() >= '0' && s.back() <= '9') s.pop_back();
        return s;
    };
    const std::string name = without_number(key.substr(key.rfind('.') + 1));
    for (const kind_info& k : kinds()) {
        const std::string usual = example_of(k.name);
        if (usual != k.name && without_number(usual.substr(usual.rfind('.') + 1)) == name) return k.name;
    }
    return "";
}

std::vector<std::string> all_words() {
    std::vector<std::string> all;
    for (const word& w : glossary()) {
        all.emplace_back(w.name);
        for (std::string& other : parts_of(w.others)) all.push_back(std::move(other));
    }
    for (std::string& core : all_cores()) all.push_back(std::move(core));
    for (const kind_info& kind : kinds())
        for (const key_info& k : keys_of(kind))
            if (k.row->kind == quantity::choice)
                for (std::string& choice : parts_of(k.row->choices)) all.push_back(std::move(choice));
    return all;
}

}  // namespace nicteam::scenario
