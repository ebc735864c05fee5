// Reads a value change dump for tests: path to (time, value); values are binary without leading zeros, x, z, or text.
#pragma once

#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace nicteam::test {

using wave = std::map<std::string, std::vector<std::pair<long long, std::string>>>;

inline wave changes_of(const std::string& vcd) {
    std::map<std::string, std::string> path_of;
    std::vector<std::string> scopes;
    wave all;
    long long now = 0;
    bool header = true;
    std::istringstream in(vcd);
    std::string word;
    const auto note = [&](const std::string& id, std::string v) {
        auto& list = all[path_of.at(id)];
        if (v.size() > 1 && (v[0] == '0' || v[0] == 'z' || v[0] == 'x')) {      // shortened as the standard allows
            const char c = v[0];
            std::size_t i = 0;
            while (i + 1 < v.size() && v[i] == c && (c == '0' ? true : v[i + 1] == c)) ++i;
            v.erase(0, i);
        }
        if (list.empty() || list.back().second != v) list.push_back({now, v});
    };
    while (in >> word) {
        if (header) {
            if (word == "$scope") { std::string kind, name; in >> kind >> name; scopes.push_back(name); }
            else if (word == "$upscope") scopes.pop_back();
            else if (word == "$var") {
                std::string kind, bits, id, name;
                in >> kind >> bits >> id >> name;
                std::string path;
                for (const auto& s : scopes) path += s + ".";
                if (const auto bracket = name.find('['); bracket != std::string::npos) name.erase(bracket);
                path_of[id] = path + name;
                all[path + name];
            } else if (word == "$enddefinitions") header = false;
            continue;
        }
        if (word[0] == '$') continue;
        if (word[0] == '#') now = std::stoll(word.substr(1));
        else if (word[0] == 'b') { std::string id; in >> id; note(id, word.substr(1)); }
        else if (word[0] == 's') { std::string id; in >> id; note(id, word.substr(1)); }
        else note(word.substr(1), word.substr(0, 1));
    }
    return all;
}

}  // namespace nicteam::test
