// Every shipped scenario, from its own description, or its heading, and its tables.
#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

#include "nicteam/scenario/explain.h"
#include "nicteam/scenario/read.h"
#include "pages.h"

namespace nicteam::docs {
namespace {

// The comment at the top of a file.
std::string heading_of(const std::string& file) {
    std::ifstream in(file);
    std::string out, line;
    while (std::getline(in, line) && !line.empty() && line[0] == '#') out += line.substr(line.size() > 1 && line[1] == ' ' ? 2 : 1) + '\n';
    return out;
}

// As Markdown: what is indented stays as it is, but for lists of stars.
std::string markdown_of(const std::string& text) {
    std::istringstream in(text);
    std::string out, line;
    bool code = false, list = false, blank = false;
    while (std::getline(in, line)) {
        if (line.empty()) {
            blank = true;
            continue;
        }
        const std::size_t indent = line.find_first_not_of(' ');
        list = indent > 0 && (list || line[indent] == '*');
        const bool now_code = indent > 0 && !list;
        if (code && !now_code) out += "```\n";
        if (blank || now_code != code || (list && line[indent] == '*' && indent <= 2)) out += '\n';
        if (now_code && !code) out += "```text\n";
        code = now_code;
        blank = false;
        if (list) {
            out += line.substr(std::min<std::size_t>(indent, 2)) + '\n';
            continue;
        }
        for (const char c : line) out += !code && (c == '*' || c == '<' || c == '|') ? std::string("\\") + c : std::string(1, c);
        out += '\n';
    }
    return out + (code ? "```\n" : "");
}

std::string spoken(std::string name) {
    for (char& c : name)
        if (c == '_') c = ' ';
    return name;
}

std::string files_of(const scenario::resolved& r) {
    const scenario::component& trace = *r.find("trace");
    std::string out = "`result.json`, `config.resolved.toml`, `run.json`";
    if (trace.integer("pcap"))
        for (const auto* c : r.of_kind("capture")) out += fmt::format(", `{}.pcapng`", c->name);
    for (const auto& [key, file] :
         {std::pair{"wave", "`wave.vcd`, `wave.gtkw`"}, {"txn", "`trace.json`"}, {"packets", "`packets.csv`"}, {"report", "`report.html`"}})
        if (trace.integer(key)) out += fmt::format(", {}", file);
    return out;
}

std::string named(const scenario::resolved& r, const char* kind) {
    std::string out;
    for (const auto* c : r.of_kind(kind))
        if (!c->name.empty()) out += (out.empty() ? "" : "; ") + spoken(c->name);
    return out;
}

}  // namespace

std::string scenarios(const std::string& directory) {
    std::string contents = "\n| scenario | |\n|---|---|\n", out;
    for (const auto& l : scenario::list(directory)) {
        const auto read = scenario::read(l.file);
        if (!read.what || !read.found.none()) throw std::runtime_error(read.found.to_string());
        const scenario::resolved& r = *read.what;
        contents += fmt::format("| [{0}](#{0}) | {1} |\n", r.name(), l.title);
        const std::string& described = r.top.text("description");
        const bool swept = !r.of_kind("vary").empty();
        out += fmt::format("\n## {0}\n\n**{1}**\n\n{2}\n    nicteam {3} {0}\n\n", r.name(), l.title, markdown_of(described.empty() ? heading_of(l.file) : described), swept ? "sweep" : "run");
        out += fmt::format("Simulates {}", r.top.text("duration").empty() ? r.top.find("duration")->written : r.top.text("duration"));
        if (r.top.given("warm_up")) out += fmt::format(", measured from {}", r.top.find("warm_up")->written);
        out += fmt::format(". Leaves {}, in `out/{}`.\n", swept ? "`points.csv`, `runs.csv`, `results.sqlite`, `report.html`, `plot.gp`" : files_of(r), r.name());
        if (const std::string all = named(r, "fault"); !all.empty()) out += fmt::format("Faults: {}.\n", all);
        if (const std::string all = named(r, "expect"); !all.empty()) out += fmt::format("Expects: {}.\n", all);
    }
    return contents + out;
}

}  // namespace nicteam::docs
