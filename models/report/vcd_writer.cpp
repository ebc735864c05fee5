#include "nicteam/report/vcd_writer.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>

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

std::vector<std::string> scopes_of(const std::string& path) {
    std::vector<std::string> steps;
    std::size_t from = 0;
    for (std::size_t dot; (dot = path.find('.', from)) != std::string::npos; from = dot + 1) steps.push_back(path.substr(from, dot - from));
    return steps;
}
std::string name_of(const std::string& path) { return path.substr(path.rfind('.') + 1); }

// Scope by scope, so that each scope is opened once; within a scope in the order of declaration.
bool scope_before(const std::string& a, const std::string& b) {
    return scopes_of(a) < scopes_of(b);
}

}  // namespace

vcd_writer::vcd_writer(const std::string& path, vcd_options o) : options_(std::move(o)), file_(path), limit_(options_.hold) {
    held_.reserve(limit_);
}

vcd_writer::variable vcd_writer::add(const std::string& path, unsigned bits) {
    lines_.emplace_back();
    paths_.push_back(path);
    lines_.back().bits = static_cast<std::uint8_t>(bits < 1 ? 1 : bits > 64 ? 64 : bits);
    return static_cast<variable>(lines_.size() - 1);
}

vcd_writer::variable vcd_writer::add_text(const std::string& path, const char* const* states) {
    const variable v = add(path, 1);
    lines_[v].states = states;
    return v;
}

vcd_writer::variable vcd_writer::add_clock(const std::string& path, ps period, ps phase) {
    const variable v = add(path, 1);
    clocks_.push_back({v, period, phase, 0});
    return v;
}

void vcd_writer::header() {
    header_done_ = true;
    order_.resize(lines_.size());
    for (variable v = 0; v < order_.size(); ++v) order_[v] = v;
    std::stable_sort(order_.begin(), order_.end(), [this](variable a, variable b) { return scope_before(paths_[a], paths_[b]); });
    if (!options_.comment.empty()) file_.write("$comment\n  " + options_.comment + "\n$end\n");
    file_.write("$timescale 1 ps $end\n");
    std::vector<std::string> open;
    unsigned n = 0;
    for (variable v : order_) {
        line& l = lines_[v];
        l.place = n;
        const std::string id = code(n++), &path = paths_[v];
        l.id_length = static_cast<std::uint8_t>(id.copy(l.id, sizeof l.id));
        const auto scopes = scopes_of(path);
        std::size_t same = 0;
        while (same < open.size() && same < scopes.size() && open[same] == scopes[same]) ++same;
        for (; open.size() > same; open.pop_back()) file_.write("$upscope $end\n");
        for (; open.size() < scopes.size(); open.push_back(scopes[open.size()])) file_.write("$scope module " + scopes[open.size()] + " $end\n");
        if (l.states) file_.write(fmt::format("$var string 1 {} {} $end\n", id, name_of(path)));
        else if (l.bits == 1) file_.write(fmt::format("$var wire 1 {} {} $end\n", id, name_of(path)));
        else file_.write(fmt::format("$var wire {} {} {} [{}:0] $end\n", l.bits, id, name_of(path), l.bits - 1));
    }
    for (; !open.empty(); open.pop_back()) file_.write("$upscope $end\n");
    file_.write("$enddefinitions $end\n");
}

std::vector<vcd_writer::shown> vcd_writer::variables() const {
    std::vector<shown> all;
    for (variable v = 0; v < lines_.size(); ++v) {
        const line& l = lines_[header_done_ ? order_[v] : v];
        all.push_back({paths_[header_done_ ? order_[v] : v], l.bits, l.states != nullptr, l.changes});
    }
    return all;
}

void vcd_writer::full() {
    if (!options_.full) return drain();
    limit_ *= 2;                             // until it is drained
    options_.full();
}

void vcd_writer::drain() {
    limit_ = SIZE_MAX;                       // settling reports more: do not come back here
    if (!header_done_) header();
    const ps newest = held_.empty() ? 0 : held_.back().at;
    const ps safe = options_.settle ? options_.settle() : newest;
    sort();
    write_before(safe);
    if (file_.written() > options_.size_limit && cut_at_ == never) {
        options_.until = cut_at_ = std::min(safe, options_.until);
        held_.clear();
        sorted_ = 0;
    }
    limit_ = held_.size() + options_.hold;
}

// By (time, place in the file); of one variable at one time the last report stays last. What comes is almost sorted: few
// changes belong more than some dozens of places further up, so they are moved there, unless that turns out to be too much.
void vcd_writer::sort() {
    const line* const lines = lines_.data();
    const auto before = [lines](const held& a, const held& b) { return a.at != b.at ? a.at < b.at : lines[a.which].place < lines[b.which].place; };
    held* const all = held_.data();
    const std::size_t n = held_.size();
    std::size_t moves = 0;
    for (std::size_t i = sorted_ ? sorted_ : 1; i < n; ++i) {
        if (!before(all[i], all[i - 1])) continue;
        // Its place: doubling steps back, then halving them.
        const held h = all[i];
        std::size_t low = 0, high = i, back = 1;
        while (back <= i && before(h, all[i - back])) {
            high = i - back;
            back *= 2;
        }
        if (back <= i) low = i - back + 1;
        const std::size_t j = static_cast<std::size_t>(std::upper_bound(all + low, all + high, h, before) - all);
        std::memmove(static_cast<void*>(all + j + 1), all + j, (i - j) * sizeof(held));
        all[j] = h;
        moves += i - j;
        if (moves > 64 * n) {
            std::stable_sort(all, all + n, before);
            break;
        }
    }
    sorted_ = n;
}

// The digits above the millionth picosecond change seldom: they are kept as text. At most 40 characters.
inline char* vcd_writer::stamp_to(char* p, ps at) {
    constexpr ps million = 1'000'000;
    *p++ = '#';
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

void vcd_writer::value_of(line& l) {
    if (l.states) {
        const char* text = "unknown";
        if (l.kind == known) {
            std::uint64_t i = 0;
            while (i < l.value && l.states[i]) ++i;
            if (l.states[i]) text = l.states[i];
        }
        file_.write(fmt::format("s{} {}\n", text, std::string_view(l.id, l.id_length)));
        return;
    }
    file_.advance(value_to(file_.reserve(96), l));
}

// The state at the beginning of the window.
void vcd_writer::dump(ps at) {
    stamp(at);
    for (clock& c : clocks_) {
        const ps into = at >= c.phase ? (at - c.phase) % c.period : -1;
        const bool high = into >= 0 && into < c.period / 2;
        lines_[c.which].kind = known;
        lines_[c.which].value = high;
        c.next = into < 0 ? c.phase : at - into + (high ? c.period / 2 : c.period);
    }
    file_.write("$dumpvars\n");
    for (variable v : order_) value_of(lines_[v]);
    file_.write("$end\n");
    open_ = true;
}

void vcd_writer::tick(ps until) {
    for (;;) {
        clock* first = nullptr;
        for (clock& c : clocks_)
            if (c.next <= until && (!first || c.next < first->next)) first = &c;
        if (!first) return;
        line& l = lines_[first->which];
        if (first->next != time_) stamp(first->next);
        l.value ^= 1u;
        l.changes = true;
        value_of(l);
        ++written_;
        first->next += l.value ? first->period / 2 : first->period - first->period / 2;
    }
}

void vcd_writer::write_before(ps until) {
    constexpr std::size_t piece = 4096, most = 160;      // characters: asked for at once; of one change with its stamp
    std::size_t i = 0;
    const std::size_t n = held_.size();
    const held* const all = held_.data();
    line* const lines = lines_.data();
    char *p = file_.reserve(piece), *end = p + piece - most;
    for (; i < n && all[i].at < until; ++i) {
        const held& h = all[i];
        // Of one variable at one time, the last.
        if (i + 1 < n && all[i + 1].at == h.at && all[i + 1].which == h.which) continue;
        if (!open_ && h.at > options_.from) {
            file_.advance(p);
            dump(options_.from);
            p = file_.reserve(piece), end = p + piece - most;
        }
        line& l = lines[h.which];
        const kind now = h.z ? z : known;
        const std::uint64_t value = l.bits < 64 && !l.states ? h.value & ((1ull << l.bits) - 1) : h.value;
        if (l.kind == now && l.value == value) continue;
        l.kind = now;
        l.value = value;
        if (!open_) continue;
        ++written_;
        l.changes = true;
        const bool late = h.at < time_;
        late_ += late;
        if (p > end || l.states || !clocks_.empty()) {
            file_.advance(p);
            if (h.at > time_ && !clocks_.empty()) tick(h.at);
            if (h.at > time_) stamp(h.at);
            value_of(l);
            p = file_.reserve(piece), end = p + piece - most;
            continue;
        }
        if (h.at > time_) p = stamp_to(p, h.at);
        p = value_to(p, l);
    }
    file_.advance(p);
    held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(i));
    sorted_ -= std::min(sorted_, i);
}

void vcd_writer::close(ps end) {
    if (options_.settle) {
        limit_ = SIZE_MAX;
        end = std::min(end, options_.settle());
    }
    if (!header_done_) header();
    sort();
    const ps last = std::min(end, options_.until);
    while (!held_.empty() && held_.back().at > last) held_.pop_back();
    write_before(never);
    if (!open_) dump(std::min(options_.from, last));
    tick(last);
    if (time_ < last) stamp(last);
    file_.commit();
}

}  // namespace nicteam::report
