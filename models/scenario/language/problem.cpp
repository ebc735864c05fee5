#include "nicteam/scenario/problem.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace nicteam::scenario {

// A name with a line break in it does not break the message.
void problems::add(position at, std::string text) {
    std::replace_if(text.begin(), text.end(), [](unsigned char c) { return c < ' '; }, '?');
    if (std::find(closed_.begin(), closed_.end(), at) == closed_.end()) all_.push_back({at, std::move(text)});
}

void problems::add_last(position at, std::string text) {
    add(at, std::move(text));
    closed_.push_back(at);
}

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
    std::string last;
    for (const problem* p : order) {  // a base that is read by two ways says what is wrong with it once
        std::string line = fmt::format("{}: error: {}\n", where(p->at), p->text);
        if (line != last) out += line;
        last = std::move(line);
    }
    return out;
}

}  // namespace nicteam::scenario
