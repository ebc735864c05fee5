#include "nicteam/report/vcd_writer.h"

#include <cstring>

#include <fmt/format.h>

#include "report/write_changes.h"

namespace nicteam::report {
namespace {

// Identifier codes: printable characters 33 … 126, shortest first.
std::string code(unsigned n) {
    std::string s;
    do {
        s += static_cast<char>('!' + n % 94);
        n /= 94;
    } while (n-- > 0);
    return s;
}

struct octet_digits {
    char of[256][8];
    octet_digits() {
        for (unsigned v = 0; v < 256; ++v)
            for (unsigned b = 0; b < 8; ++b) of[v][b] = static_cast<char>('0' + (v >> (7 - b) & 1u));
    }
};
const octet_digits digits;

struct decimal_pairs {
    char of[100][2];
    decimal_pairs() {
        for (unsigned v = 0; v < 100; ++v) of[v][0] = static_cast<char>('0' + v / 10), of[v][1] = static_cast<char>('0' + v % 10);
    }
};
const decimal_pairs pairs;

// Binary without leading zeros, at least one digit. Writes up to 8 characters beyond what it returns.
char* binary(char* to, std::uint64_t v) {
    unsigned octet = v ? (63u - static_cast<unsigned>(__builtin_clzll(v))) / 8 : 0;
    const std::uint64_t top = v >> 8 * octet;
    const unsigned skip = top ? static_cast<unsigned>(__builtin_clzll(top)) - 56 : 7u;
    char first[16];
    std::memcpy(first, digits.of[top], 8);
    std::memcpy(to, first + skip, 8);
    to += 8 - skip;
    while (octet-- > 0) {
        std::memcpy(to, digits.of[v >> 8 * octet & 0xFF], 8);
        to += 8;
    }
    return to;
}

char* decimal_digits(char* to, std::uint64_t v) {
    const fmt::format_int f(v);
    std::memcpy(to, f.data(), f.size());
    return to + f.size();
}

}  // namespace

vcd_writer::vcd_writer(const std::string& path, waveform_options o) : waveform_writer(std::move(o)), file_(path) {}

void vcd_writer::declare(const std::vector<variable>& order) {
    if (!options_.comment.empty()) file_.write("$comment\n  " + options_.comment + "\n$end\n");
    file_.write("$timescale 1 ps $end\n");
    std::vector<std::string> paths;
    for (variable v : order) paths.push_back(path_of(v));
    const auto show = [&](std::size_t n) {
        line& l = lines_[order[n]];
        const std::string id = code(static_cast<unsigned>(n)), name = name_in_scope(paths[n]);
        l.id_length = static_cast<std::uint8_t>(id.copy(l.id, sizeof l.id));
        if (l.states) file_.write(fmt::format("$var string 1 {} {} $end\n", id, name));
        else if (l.bits == 1) file_.write(fmt::format("$var wire 1 {} {} $end\n", id, name));
        else file_.write(fmt::format("$var wire {} {} {} [{}:0] $end\n", l.bits, id, name, l.bits - 1));
    };
    walk_scopes(paths, [&](const std::string& scope) { file_.write("$scope module " + scope + " $end\n"); }, [&] { file_.write("$upscope $end\n"); }, show);
    file_.write("$enddefinitions $end\n");
}

// The digits above the millionth picosecond change seldom: they are kept as text. At most 40 characters.
inline char* vcd_writer::stamp_to(char* p, ps at) {
    *p++ = '#';
    constexpr ps million = 1'000'000;
    const ps millions = at / million;
    if (millions != millions_) {
        millions_ = millions;
        millions_length_ = static_cast<std::size_t>(decimal_digits(millions_text_, static_cast<std::uint64_t>(millions)) - millions_text_);
    }
    const auto rest = static_cast<std::uint32_t>(at - millions * million);
    if (millions == 0) {
        p = decimal_digits(p, rest);
    } else {
        std::memcpy(p, millions_text_, sizeof millions_text_);
        p += millions_length_;
        const std::uint32_t upper = rest / 10'000, lower = rest % 10'000;
        std::memcpy(p, pairs.of[upper], 2);
        std::memcpy(p + 2, pairs.of[lower / 100], 2);
        std::memcpy(p + 4, pairs.of[lower % 100], 2);
        p += 6;
    }
    *p++ = '\n';
    time_ = at;
    return p;
}

void vcd_writer::stamp(ps at) { file_.advance(stamp_to(file_.reserve(40), at)); }

// A number or a level, no text. At most 80 characters.
inline char* vcd_writer::value_to(char* p, const line& l) {
    if (l.bits > 1) *p++ = 'b';
    if (l.kind != known) *p++ = l.kind == z ? 'z' : 'x';
    else if (l.bits > 1) p = binary(p, l.value);
    else *p++ = static_cast<char>('0' + (l.value & 1u));
    if (l.bits > 1) *p++ = ' ';
    std::memcpy(p, l.id, sizeof l.id);
    p += l.id_length;
    *p++ = '\n';
    return p;
}

void vcd_writer::value(const line& l) {
    if (l.states) file_.write(fmt::format("s{} {}\n", state_of(l), std::string_view(l.id, l.id_length)));
    else file_.advance(value_to(file_.reserve(96), l));
}

inline void vcd_writer::stamp_and_value(ps at, const line& l) {
    if (l.states) return stamp(at), value(l);
    file_.advance(value_to(stamp_to(file_.reserve(160), at), l));
}

void vcd_writer::write_before(ps until) { write_changes(*this, until); }

}  // namespace nicteam::report
