// The only file that knows the TOML library.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string_view>

#include <sys/stat.h>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "scenario/language/tree.h"

namespace nicteam::scenario {
namespace {

position place(const toml::source_region& r, int file) { return {file, static_cast<int>(r.begin.line), static_cast<int>(r.begin.column)}; }

node convert(const toml::node& from, int file) {
    node n;
    n.at = place(from.source(), file);
    switch (from.type()) {
        case toml::node_type::table:
            n.kind = node::table;
            for (auto&& [key, v] : *from.as_table())
                n.entries.push_back({std::string(key.str()), place(key.source(), file), convert(v, file)});
            // The library sorts by name; the author's order is the order of the lines.
            std::stable_sort(n.entries.begin(), n.entries.end(), [](const node::entry& a, const node::entry& b) {
                return std::pair(a.at.line, a.at.column) < std::pair(b.at.line, b.at.column);
            });
            break;
        case toml::node_type::array:
            n.kind = node::array;
            for (const toml::node& item : *from.as_array()) n.items.push_back(convert(item, file));
            break;
        case toml::node_type::string:
            n.kind = node::string;
            n.text = from.as_string()->get();
            break;
        case toml::node_type::integer:
            n.kind = node::integer;
            n.number = from.as_integer()->get();
            n.text = std::to_string(n.number);
            break;
        case toml::node_type::floating_point:
            n.kind = node::real;
            n.text = fmt::format("{}", from.as_floating_point()->get());
            break;
        case toml::node_type::boolean:
            n.kind = node::boolean;
            n.number = from.as_boolean()->get();
            n.text = n.number ? "true" : "false";
            break;
        default:
            n.kind = node::other;
            n.text = "a date or time";
    }
    return n;
}

void set_place(node& n, position at) {
    n.at = at;
    for (node& item : n.items) set_place(item, at);
    for (node::entry& e : n.entries) {
        e.at = at;
        set_place(e.value, at);
    }
}

// "cannot redefine existing string 'from'" is the library's word for what stands twice.
std::string plain(std::string_view said) {
    const std::size_t twice = said.find("cannot redefine existing "), quote = said.find('\''), end = said.rfind('\'');
    if (twice == std::string_view::npos || quote == end) return fmt::format("not TOML: {}", said);
    const std::string_view name = said.substr(quote + 1, end - quote - 1);
    const bool header = said.find("header") != std::string_view::npos;
    return header ? fmt::format("[{}] stands twice, or as something else before; allowed: a table once, and [[{}]] for each of several", name, name)
                  : fmt::format("{} stands twice in its table; allowed: once", name);
}

}  // namespace

const char* name_of(node::kind_type k) {
    static constexpr const char* names[] = {"a table",       "an array", "a string", "an integer", "a number with a fraction",
                                            "true or false", "a date"};
    return names[k];
}

bool read_toml(const std::string& file, problems& found, node& out, position from) {
    struct stat status {};
    std::ifstream in;
    if (stat(file.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) {
        found.add(from, fmt::format("cannot read {}: it is a directory", file));
        return false;
    }
    errno = 0;
    in.open(file, std::ios::binary);
    if (!in) {
        found.add(from, fmt::format("cannot read {}: {}", file, std::strerror(errno ? errno : ENOENT)));
        return false;
    }
    std::ostringstream text;
    text << in.rdbuf();
    const std::string content = text.str();
    const int source = found.add_source(file);
    try {
        out = convert(toml::parse(std::string_view{content}, std::string_view{file}), source);
        return true;
    } catch (const toml::parse_error& e) {
        found.add(place(e.source(), source), plain(e.description()));
        return false;
    }
}

node read_value(const std::string& written, position at) {
    node n;
    try {
        const std::string line = "v = " + written;
        toml::table t = toml::parse(std::string_view{line}, std::string_view{"--set"});
        if (t.size() == 1) {
            n = convert(*t.get("v"), at.file);
            set_place(n, at);
            return n;
        }
    } catch (const toml::parse_error&) {
    }
    n.kind = node::string;
    n.text = written;
    n.at = at;
    return n;
}

}  // namespace nicteam::scenario
