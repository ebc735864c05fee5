#include "nicteam/scenario/problem.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include <fmt/format.h>

namespace nicteam::scenario {
namespace {

// Edit distance with transpositions.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

}  // namespace

int problems::add_source(std::string name) {
    for (std::size_t i = 0; i < sources_.size(); ++i)
        if (sources_[i] == name) return static_cast<int>(i);
    sources_.push_back(std::move(name));
    return static_cast<int>(sources_.size()) - 1;
}

std::string problems::where(position p) const {
    if (p.file < 0) return "nicteam";
    if (p.line == 0) return source(p.file);
    return fmt::format("{}:{}:{}", source(p.file), p.line, p.column);
}

std::string problems::to_string() const {
    std::vector<const problem*> order;
    for (const problem& p : all_) order.push_back(&p);
    std::stable_sort(order.begin(), order.end(), [](const problem* a, const problem* b) {
        return std::tuple(a->at.file, a->at.line, a->at.column) < std::tuple(b->at.file, b->at.line, b->at.column);
    });
    std::string out;
    for (const problem* p : order) out += fmt::format("{}: error: {}\n", where(p->at), p->text);
    return out;
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
    std::string best;
    std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
    for (const std::string& c : candidates) {
        std::size_t d = distance(word, c);
        // A part of a long name is a likely slip as well: "threshold" for "receive_threshold".
        if (d >= least && word.size() >= 4 && c.find(word) != std::string::npos) d = least - 1;
        if (d < least) {
            least = d;
            best = c;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
    const std::string name = nearest(word, candidates);
    return name.empty() ? "" : fmt::format("; did you mean {}?", name);
}

}  // namespace nicteam::scenario
