#include "nicteam/report/gtkw.h"

#include <algorithm>
#include <cstdint>
#include <set>

#include <fmt/format.h>

namespace nicteam::report {
namespace {

// Trace flags of GTKWave's save files (its src/analyzer.h).
constexpr unsigned hexadecimal = 0x2, decimal_digits = 0x4, binary = 0x8, right = 0x20, blank = 0x200, ascii = 0x800, stepped = 0x8000,
                   stretch = 0x20000, full_scale = 0x80000, group_begin = 0x800000, group_end = 0x1000000;
enum colour : unsigned { red = 1, orange, yellow, green };

bool ends_with(const std::string& s, const char* end) {
    const std::string e(end);
    return s.size() >= e.size() && s.compare(s.size() - e.size(), e.size(), e) == 0;
}

struct look { unsigned flags; unsigned colour; bool curve; };

look look_of(const std::string& name, unsigned bits, bool text) {
    if (text) return {ascii | right, orange, false};
    for (const char* level : {"level", "_bytes", "_octets", "_frames", "_used", "_posted", "_free"})
        if (bits > 4 && ends_with(name, level)) return {full_scale | stepped | right | decimal_digits, yellow, true};
    if (name.rfind("REQ_n", 0) == 0) return {binary | right, orange, false};
    if (name.rfind("GNT_n", 0) == 0) return {binary | right, yellow, false};
    if (name.rfind("INT", 0) == 0 && ends_with(name, "_n")) return {binary | right, red, false};
    if (bits == 1) return {binary | right, green, false};
    if (name == "AD" || name == "CBE_n" || name == "TXD" || name == "RXD" || bits > 16) return {hexadecimal | right, green, false};
    return {decimal_digits | right, green, false};
}

std::string scope_of(const std::string& path) {
    const std::size_t dot = path.rfind('.');
    return dot == std::string::npos ? "" : path.substr(0, dot);
}
std::string name_of(const std::string& path) { return path.substr(path.rfind('.') + 1); }

// Pins first: control, then data, then who drives them; the lines that say the same in words last.
unsigned rank_of(const std::string& name) {
    static const char* const order[] = {"CLK", "REQ_n", "GNT_n", "FRAME_n", "AD", "CBE_n", "PAR", "IRDY_n", "DEVSEL_n", "TRDY_n", "STOP_n", "IDSEL", "INT"};
    unsigned rank = 0;
    for (const char* begin : order) {
        if (name.rfind(begin, 0) == 0) return rank;
        ++rank;
    }
    return rank;
}

using shown = waveform_writer::shown;

// In the order in which they are looked at: teams, who is active and usable; bus by bus with what is on it, then the rest; grants beside their requests.
std::vector<shown> in_order(const std::vector<shown>& all) {
    std::vector<std::string> buses;
    for (const shown& v : all)
        if (name_of(v.path) == "FRAME_n") buses.push_back(scope_of(v.path));
    std::set<std::string> teams;
    for (const shown& v : all)
        if (name_of(v.path) == "usable") teams.insert(scope_of(v.path));
    const auto bus_of = [&](const std::string& path) {
        if (teams.count(scope_of(path))) return std::size_t{0};
        std::size_t i = 0;
        while (i < buses.size() && path.compare(0, buses[i].size() + 1, buses[i] + ".") != 0) ++i;
        return i + 1;
    };
    std::vector<shown> some;
    for (const shown& v : all)
        if (v.changes) some.push_back(v);
    const auto pair = [](unsigned rank) { return rank == 2 ? 1u : rank; };
    std::stable_sort(some.begin(), some.end(), [&](const shown& a, const shown& b) {
        const std::size_t x = bus_of(a.path), y = bus_of(b.path);
        if (x != y) return x < y;
        if (scope_of(a.path) != scope_of(b.path) || x == 0 || x > buses.size() || scope_of(a.path) != buses[x - 1]) return false;
        return pair(rank_of(name_of(a.path))) < pair(rank_of(name_of(b.path)));
    });
    return some;
}

}  // namespace

std::string gtkw_text(const std::string& vcd, const std::vector<shown>& all, const gtkw_view& view) {
    // 200 pixels are 2^zoom ps (GTKWave's unit): some three pixels to a clock of 33 MHz, five units to a screen. A window that
    // is shorter fills it.
    unsigned zoom = 21;
    while (zoom > 0 && view.until > view.from && (view.until - view.from) >> zoom < 2) --zoom;
    const ps focus = view.focus == never ? view.from : view.focus;
    const ps start = std::max(view.from, focus - (ps{1} << zoom));
    std::string s = fmt::format("[*] open with: gtkwave {0}\n[dumpfile] \"{0}\"\n[timestart] {1}\n[size] 1600 1000\n[pos] -1 -1\n", vcd, start);
    s += fmt::format("*-{}.000000 {}", zoom, focus);
    for (int i = 0; i < 26; ++i) s += " -1";
    s += '\n';
    std::string group, seen;
    for (const shown& v : all) {
        const std::string scope = scope_of(v.path);
        for (std::size_t dot = 0; !scope.empty() && dot != std::string::npos; ++dot) {
            dot = scope.find('.', dot);
            const std::string line = "[treeopen] " + scope.substr(0, dot) + ".\n";
            if (seen.find(line) == std::string::npos) seen += line;
            if (dot == std::string::npos) break;
        }
    }
    s += seen + "[sst_width] 200\n[signals_width] 270\n[sst_expanded] 1\n[sst_vpaned_height] 300\n";
    bool open = false;
    for (const shown& v : in_order(all)) {
        const std::string scope = scope_of(v.path);
        if (!open || scope != group) {
            if (open) s += fmt::format("@{:x}\n-{}\n", group_end | blank, group);
            s += fmt::format("@{:x}\n-{}\n", group_begin | blank, scope);
            group = scope;
            open = true;
        }
        const look l = look_of(name_of(v.path), v.bits, v.text);
        s += fmt::format("@{:x}\n[color] {}\n{}", l.flags, l.colour, v.path);
        if (v.bits > 1 && !v.text) s += fmt::format("[{}:0]", v.bits - 1);
        s += '\n';
        if (l.curve) s += fmt::format("@{:x}\n-\n-\n", stretch);
    }
    if (open) s += fmt::format("@{:x}\n-{}\n", group_end | blank, group);
    return s;
}

}  // namespace nicteam::report
