#include "nicteam/report/gtkw.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

namespace nicteam::report {
namespace {

// Trace flags of GTKWave's save files (its src/analyzer.h).
constexpr unsigned hexadecimal = 0x2, decimal_digits = 0x4, binary = 0x8, right = 0x20, blank = 0x200, ascii = 0x800, stepped = 0x8000,
                   stretch = 0x20000, full_scale = 0x80000, group_begin = 0x800000, group_end = 0x1000000;
enum colour : unsigned { red = 1, orange, yellow, green, blue, indigo, violet };

bool ends_with(const std::string& s, const char* end) {
    const std::string e(end);
    return s.size() >= e.size() && s.compare(s.size() - e.size(), e.size(), e) == 0;
}

struct look { unsigned flags; unsigned colour; bool curve; };

look look_of(const std::string& name, unsigned bits, bool text) {
    if (text) return {ascii | right, orange, false};
    for (const char* level : {"level", "_bytes", "_octets", "_frames", "_used", "_posted", "_free"})
        if (bits > 4 && ends_with(name, level)) return {full_scale | stepped | right | decimal_digits, yellow, true};
    if (name.rfind("REQ_n", 0) == 0) return {binary | right, blue, false};
    if (name.rfind("GNT_n", 0) == 0) return {binary | right, indigo, false};
    if (name.rfind("INT", 0) == 0 && ends_with(name, "_n")) return {binary | right, red, false};
    if (bits == 1) return {binary | right, green, false};
    if (name == "AD" || name == "CBE_n" || bits > 16) return {hexadecimal | right, green, false};
    return {decimal_digits | right, green, false};
}

}  // namespace

std::string gtkw_text(const std::string& vcd, const std::vector<vcd_writer::shown>& all, ps from, ps until) {
    std::string s = fmt::format("[*] open with: gtkwave {0}\n[dumpfile] \"{0}\"\n[timestart] {1}\n[size] 1600 900\n[pos] -1 -1\n", vcd, from);
    // The exponent of the zoom: 2^-zoom pixels a picosecond, so that about a fiftieth of the window fills the screen.
    unsigned zoom = 0;
    const ps shown = std::max<ps>(until > from ? (until - from) / 50 : 1, 1'200'000);
    while (zoom < 40 && (shown >> zoom) > 1200) ++zoom;
    s += fmt::format("*-{}.000000 {}", zoom, from);
    for (int i = 0; i < 26; ++i) s += " -1";
    s += '\n';
    std::string group, seen;
    for (const auto& v : all) {
        const std::string scope = v.path.substr(0, v.path.rfind('.') == std::string::npos ? 0 : v.path.rfind('.'));
        for (std::size_t dot = 0; (dot = scope.find('.', dot)) != std::string::npos; ++dot) {
            const std::string line = "[treeopen] " + scope.substr(0, dot) + ".\n";
            if (seen.find(line) == std::string::npos) seen += line;
        }
        const std::string line = "[treeopen] " + scope + ".\n";
        if (!scope.empty() && seen.find(line) == std::string::npos) seen += line;
    }
    s += seen;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& v = all[i];
        const std::size_t dot = v.path.rfind('.');
        const std::string scope = dot == std::string::npos ? "" : v.path.substr(0, dot), name = dot == std::string::npos ? v.path : v.path.substr(dot + 1);
        if (i == 0 || scope != group) {
            if (i != 0) s += fmt::format("@{:x}\n-{}\n", group_end | blank, group);
            s += fmt::format("@{:x}\n-{}\n", group_begin | blank, scope);
            group = scope;
        }
        const look l = look_of(name, v.bits, v.text);
        s += fmt::format("@{:x}\n[color] {}\n{}", l.flags, l.colour, v.path);
        if (v.bits > 1 && !v.text) s += fmt::format("[{}:0]", v.bits - 1);
        s += '\n';
        if (l.curve) s += fmt::format("@{:x}\n-\n-\n", stretch);
    }
    if (!all.empty()) s += fmt::format("@{:x}\n-{}\n", group_end | blank, group);
    return s;
}

}  // namespace nicteam::report
