#include "nicteam/report/waveform_writer.h"

#include <algorithm>
#include <cstring>

namespace nicteam::report {
namespace {

// Scope by scope, so that each scope is opened once; within a scope in the order of declaration.
bool scope_before(const std::string& a, const std::string& b) {
    return scopes_of(a) < scopes_of(b);
}

}  // namespace

std::vector<std::string> scopes_of(const std::string& path) {
    std::vector<std::string> steps;
    std::size_t from = 0;
    for (std::size_t dot; (dot = path.find('.', from)) != std::string::npos; from = dot + 1) steps.push_back(path.substr(from, dot - from));
    return steps;
}
std::string name_in_scope(const std::string& path) { return path.substr(path.rfind('.') + 1); }

waveform_writer::waveform_writer(waveform_options o) : options_(std::move(o)), limit_(options_.hold) { held_.reserve(limit_); }

waveform_writer::variable waveform_writer::add(const std::string& path, unsigned bits) {
    lines_.emplace_back();
    paths_.push_back(path);
    lines_.back().bits = static_cast<std::uint8_t>(bits < 1 ? 1 : bits > 64 ? 64 : bits);
    return static_cast<variable>(lines_.size() - 1);
}

waveform_writer::variable waveform_writer::add_text(const std::string& path, const char* const* states) {
    const variable v = add(path, 1);
    lines_[v].states = states;
    return v;
}

waveform_writer::variable waveform_writer::add_clock(const std::string& path, ps period, ps phase) {
    const variable v = add(path, 1);
    clocks_.push_back({v, period, phase, 0});
    return v;
}

void waveform_writer::header() {
    header_done_ = true;
    order_.resize(lines_.size());
    for (variable v = 0; v < order_.size(); ++v) order_[v] = v;
    std::stable_sort(order_.begin(), order_.end(), [this](variable a, variable b) { return scope_before(paths_[a], paths_[b]); });
    for (std::uint32_t n = 0; n < order_.size(); ++n) lines_[order_[n]].place = n;
    declare(order_);
}

std::vector<waveform_writer::shown> waveform_writer::variables() const {
    std::vector<shown> all;
    for (variable v = 0; v < lines_.size(); ++v) {
        const line& l = lines_[header_done_ ? order_[v] : v];
        all.push_back({paths_[header_done_ ? order_[v] : v], l.bits, l.states != nullptr, l.changes});
    }
    return all;
}

const char* waveform_writer::state_of(const line& l) {
    if (l.kind != known) return "unknown";
    std::uint64_t i = 0;
    while (i < l.value && l.states[i]) ++i;
    return l.states[i] ? l.states[i] : "unknown";
}

void waveform_writer::full() {
    if (!options_.full) return drain();
    limit_ *= 2;                             // until it is drained
    options_.full();
}

void waveform_writer::drain() {
    limit_ = SIZE_MAX;                       // settling reports more: do not come back here
    if (!header_done_) header();
    const ps newest = held_.empty() ? 0 : held_.back().at;
    const ps safe = options_.settle ? options_.settle() : newest;
    sort();
    write_before(safe);
    if (octets() > options_.size_limit && cut_at_ == never) {
        options_.until = cut_at_ = std::min(safe, options_.until);
        held_.clear();
        sorted_ = 0;
    }
    limit_ = held_.size() + options_.hold;
}

// By (time, place in the file); of one variable at one time the last report stays last. What comes is almost sorted: few
// changes belong more than some dozens of places further up, so they are moved there, unless that turns out to be too much.
void waveform_writer::sort() {
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

// The state at the beginning of the window.
void waveform_writer::dump(ps at) {
    stamp(at);
    for (clock& c : clocks_) {
        const ps into = at >= c.phase ? (at - c.phase) % c.period : -1;
        const bool high = into >= 0 && into < c.period / 2;
        lines_[c.which].kind = known;
        lines_[c.which].value = high;
        c.next = into < 0 ? c.phase : at - into + (high ? c.period / 2 : c.period);
    }
    dumping(true);
    for (variable v : order_) value(lines_[v]);
    dumping(false);
    open_ = true;
}

void waveform_writer::tick(ps until) {
    for (;;) {
        clock* first = nullptr;
        for (clock& c : clocks_)
            if (c.next <= until && (!first || c.next < first->next)) first = &c;
        if (!first) return;
        line& l = lines_[first->which];
        if (first->next != time_) stamp(first->next);
        l.value ^= 1u;
        l.changes = true;
        value(l);
        ++written_;
        first->next += l.value ? first->period / 2 : first->period - first->period / 2;
    }
}

void waveform_writer::close(ps end) {
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
    commit();
}

}  // namespace nicteam::report
