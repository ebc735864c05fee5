#include "nicteam/scenario/pattern.h"

#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

std::vector<std::string> split_path(std::string_view path) {
    std::vector<std::string> steps(1);
    for (char c : path) {
        if (c == '.')
            steps.emplace_back();
        else
            steps.back() += c;
    }
    return steps;
}

bool match_step(std::string_view pattern, std::string_view step) {
    std::size_t p = 0, s = 0, star = std::string_view::npos, mark = 0;
    while (s < step.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            mark = s;
        } else if (p < pattern.size() && pattern[p] == step[s]) {
            ++p;
            ++s;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            s = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

bool match_path(std::string_view pattern, std::string_view path) {
    for (;;) {
        const std::size_t a = pattern.find('.'), b = path.find('.');
        if ((a == std::string_view::npos) != (b == std::string_view::npos)) return false;
        if (!match_step(pattern.substr(0, a), path.substr(0, b))) return false;
        if (a == std::string_view::npos) return true;
        pattern.remove_prefix(a + 1);
        path.remove_prefix(b + 1);
    }
}

path_pattern::path_pattern(std::string_view pattern, const resolved& r) {
    const std::size_t dot = pattern.find('.');
    const std::string_view first = pattern.substr(0, dot);
    if (const kind_info* k = find_kind(first); k && (k->form == shape::named || k->form == shape::numbered)) {
        const std::string rest = dot == std::string_view::npos ? "" : std::string(pattern.substr(dot));
        for (const component* c : r.of_kind(first)) alternatives_.push_back(c->path + rest);
        return;
    }
    alternatives_.emplace_back(pattern);
}

bool path_pattern::matches(std::string_view path) const {
    for (const std::string& a : alternatives_)
        if (match_path(a, path)) return true;
    return false;
}

bool path_pattern::matches_beginning(std::string_view path) const {
    for (std::size_t end = 0; end != std::string_view::npos;) {
        end = path.find('.', end + 1);
        if (matches(path.substr(0, end))) return true;
    }
    return false;
}

}  // namespace nicteam::scenario
