#include "nicteam/scenario/canonical.h"

#include <fmt/format.h>

#include "scenario/language/values.h"
#include "scenario/relations/inputs.h"

namespace nicteam::scenario {
namespace {

bool decides_nothing(const component& c, const setting& s) {
    if (c.kind->form != shape::top) return false;
    const std::string_view key = s.row->name;
    return key == "name" || key == "title" || key == "description" || key == "extends";
}

}  // namespace

std::string canonical_text(const resolved& r, const std::function<std::string(const std::string& file)>& content) {
    std::string out;
    const auto add = [&](const component& c) {
        if (c.kind->for_sweeps || std::string_view(c.kind->name) == "trace") return;
        out += fmt::format("[{}]\n", c.kind->form == shape::top ? "" : c.path);
        const setting* file = input_of(c);
        for (const setting& s : c.settings) {
            if (decides_nothing(c, s) || (!s.given() && s.written.empty())) continue;
            out += fmt::format("{}{}{} = {}\n", s.section->name, *s.section->name ? "." : "", s.row->name,
                               &s == file ? content(s.value.text) : to_toml(*s.row, s.value));
        }
    };
    add(r.top);
    for (const component& c : r.components) add(c);
    return out;
}

}  // namespace nicteam::scenario
