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

// Binary without leading zeros, at least one digit.
char* binary(char* to, std::uint64_t v) {
    char all[64];
    for (unsigned i = 0; i < 8; ++i) std::memcpy(all + 8 * i, digits.of[v >> (56 - 8 * i) & 0xFF], 8);
    const unsigned skip = v ? static_cast<unsigned>(__builtin_clzll(v)) : 63u;
    std::memcpy(to, all + skip, 64 - skip);
    return to + (64 - skip);
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
    lines_.push_back({});
    lines_.back().path = path;
    lines_.back().bits = bits < 1 ? 1 : bits > 64 ? 64 : bits;
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
    std::stable_sort(order_.begin(), order_.end(), [this](variable a, variable b) { return scope_before(lines_[a].path, lines_[b].path); });
    if (!options_.comment.empty()) file_.write("$comment\n  " + options_.comment + "\n$end\n");
    file_.write("$timescale 1 ps $end\n");
    std::vector<std::string> open;
    unsigned n = 0;
    for (variable v : order_) {
        line& l = lines_[v];
        l.place = n;
        l.id = code(n++);
        const auto scopes = scopes_of(l.path);
        std::size_t same = 0;
        while (same < open.size() && same < scopes.size() && open[same] == scopes[same]) ++same;
        for (; open.size() > same; open.pop_back()) file_.write("$upscope $end\n");
        for (; open.size() < scopes.size(); open.push_back(scopes[open.size()])) file_.write("$scope module " + scopes[open.size()] + " $end\n");
        if (l.states) file_.write(fmt::format("$var string 1 {} {} $end\n", l.id, name_of(l.path)));
        else if (l.bits == 1) file_.write(fmt::format("$var wire 1 {} {} $end\n", l.id, name_of(l.path)));
        else file_.write(fmt::format("$var wire {} {} {} [{}:0] $end\n", l.bits, l.id, name_of(l.path), l.bits - 1));
    }
    for (; !open.empty(); open.pop_back()) file_.write("$upscope $end\n");
    file_.write("$enddefinitions $end\n");
}

std::vector<vcd_writer::shown> vcd_writer::variables() const {
    std::vector<shown> all;
    if (header_done_) {
        for (variable v : order_) all.push_back({lines_[v].path, lines_[v].bits, lines_[v].states != nullptr});
    } else {
        for (const line& l : lines_) all.push_back({l.path, l.bits, l.states != nullptr});
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
    // What may be overtaken stays, but not more than half of what we may hold: the rest is written at the risk of lateness.
    const std::size_t keep = options_.hold / 2;
    ps until = safe;
    if (held_.size() > keep && held_[held_.size() - keep - 1].at >= safe) until = held_[held_.size() - keep - 1].at;
    write_before(until);
    limit_ = std::max(options_.hold, held_.size() + keep);
}

// By (time, place in the file); of one variable at one time the last report stays last. What comes is almost sorted: few
// changes belong more than some dozens of places further up, so they are moved there, unless that turns out to be too much.
void vcd_writer::sort() {
    const auto before = [this](const held& a, const held& b) { return a.at != b.at ? a.at < b.at : lines_[a.which].place < lines_[b.which].place; };
    std::size_t moves = 0;
    for (std::size_t i = 1; i < held_.size(); ++i) {
        if (!before(held_[i], held_[i - 1])) continue;
        const held h = held_[i];
        std::size_t j = i;
        do {
            held_[j] = held_[j - 1];
            ++moves;
        } while (--j > 0 && before(h, held_[j - 1]));
        held_[j] = h;
        if (moves > 8 * held_.size()) {
            std::stable_sort(held_.begin(), held_.end(), before);
            return;
        }
    }
}

void vcd_writer::stamp(ps at) {
    char* p = file_.reserve(32);
    *p++ = '#';
    p = decimal_digits(p, static_cast<std::uint64_t>(at));
    *p++ = '\n';
    file_.advance(p);
    time_ = at;
}

void vcd_writer::value_of(line& l) {
    if (l.states) {
        const char* text = "?";
        if (l.kind == line::known) {
            std::uint64_t i = 0;
            while (i < l.value && l.states[i]) ++i;
            if (l.states[i]) text = l.states[i];
        }
        file_.write(fmt::format("s{} {}\n", text, l.id));
        return;
    }
    char* p = file_.reserve(96);
    if (l.bits > 1) *p++ = 'b';
    if (l.kind != line::known) *p++ = l.kind == line::z ? 'z' : 'x';
    else if (l.bits > 1) p = binary(p, l.value);
    else *p++ = l.value & 1u ? '1' : '0';
    if (l.bits > 1) *p++ = ' ';
    std::memcpy(p, l.id.data(), l.id.size());
    p += l.id.size();
    *p++ = '\n';
    file_.advance(p);
}

// The state at the beginning of the window.
void vcd_writer::dump(ps at) {
    stamp(at);
    for (clock& c : clocks_) {
        const ps into = at >= c.phase ? (at - c.phase) % c.period : -1;
        const bool high = into >= 0 && into < c.period / 2;
        lines_[c.which].kind = line::known;
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
        value_of(l);
        ++written_;
        first->next += l.value ? first->period / 2 : first->period - first->period / 2;
    }
}

void vcd_writer::write(const held& h) {
    line& l = lines_[h.which];
    const auto kind = h.z ? line::z : line::known;
    const std::uint64_t value = l.bits < 64 && !l.states ? h.value & ((1ull << l.bits) - 1) : h.value;
    if (l.kind == kind && l.value == value) return;
    l.kind = kind;
    l.value = value;
    if (!open_) return;
    if (h.at != time_) {
        if (!clocks_.empty()) tick(h.at);
        if (h.at != time_) stamp(h.at);
    }
    value_of(l);
    ++written_;
}

void vcd_writer::write_before(ps until) {
    std::size_t i = 0;
    for (; i < held_.size() && held_[i].at < until; ++i) {
        held h = held_[i];
        // Of one variable at one time, the last.
        if (i + 1 < held_.size() && held_[i + 1].at == h.at && held_[i + 1].which == h.which) continue;
        if (h.at < time_) {
            ++late_;
            h.at = time_;
        }
        if (!open_ && h.at > options_.from) dump(options_.from);
        write(h);
    }
    held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(i));
}

void vcd_writer::close(ps end) {
    if (options_.settle) {
        limit_ = SIZE_MAX;
        options_.settle();
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
