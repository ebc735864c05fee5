#include "pages/settings.h"

#include <algorithm>
#include <fstream>
#include <map>

namespace nicteam::pages {
namespace {

constexpr const char* none = "not given";

struct settings {
    std::vector<std::string> keys;  // in their order
    std::map<std::string, std::string> values;
};

// What stands before a comment: a number sign outside quotation marks.
std::string without_comment(const std::string& line) {
    char quote = 0;
    std::size_t end = line.size();
    for (std::size_t at = 0; at < line.size(); ++at) {
        if (quote ? line[at] == quote : line[at] == '"' || line[at] == '\'') quote = quote ? 0 : line[at];
        else if (!quote && line[at] == '#') { end = at; break; }
    }
    while (end && line[end - 1] == ' ') --end;
    return line.substr(0, end);
}

// "[[nic]]  # server.pci0.nic0" begins a component of that path, "[nic.crypto]" a table of it.
settings settings_of(const std::vector<std::string>& lines) {
    settings all;
    std::string component, table;
    for (const std::string& line : lines) {
        if (line.rfind("[[", 0) == 0) {
            const std::size_t path = line.find("# ");
            component = path == std::string::npos ? without_comment(line) : line.substr(path + 2), table.clear();
        } else if (line.rfind('[', 0) == 0) {
            const std::string name = line.substr(1, line.find(']') - 1);
            const std::size_t dot = name.find('.');
            if (component.empty()) table = name;
            else table = dot == std::string::npos ? name : name.substr(dot + 1);
        } else if (const std::size_t equals = line.find(" = "); equals != std::string::npos && line[0] != '#') {
            std::string key = component;
            for (const std::string& part : {table, line.substr(0, equals)})
                if (!part.empty()) key += (key.empty() ? "" : ".") + part;
            if (key == "title" || key == "name" || key == "description") continue;
            if (all.values.emplace(key, without_comment(line.substr(equals + 3))).second) all.keys.push_back(key);
        }
    }
    return all;
}

}  // namespace

std::vector<setting> different_settings(const std::vector<std::string>& lines_a, const std::vector<std::string>& lines_b) {
    const settings a = settings_of(lines_a), b = settings_of(lines_b);
    const auto value = [](const settings& s, const std::string& key) {
        const auto found = s.values.find(key);
        return found == s.values.end() ? none : found->second;
    };
    std::vector<setting> all;
    for (const std::string& key : a.keys)
        if (value(a, key) != value(b, key)) all.push_back({key, value(a, key), value(b, key)});
    for (const std::string& key : b.keys)
        if (!a.values.count(key)) all.push_back({key, none, value(b, key)});
    return all;
}

std::vector<std::string> lines_of_file(const std::string& file) {
    std::ifstream in(file);
    std::vector<std::string> all;
    for (std::string line; std::getline(in, line);) all.push_back(line);
    return all;
}

}  // namespace nicteam::pages
