#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "sweep/expressions/functions.h"
#include "sweep/expressions/nodes.h"

namespace nicteam::sweep {
namespace {

using node = expression::node;
using value = expression_value;

class evaluation {
public:
    explicit evaluation(const expression::look_up& named) : named_(named) {}

    value of(const node& n) const {
        if (n.what == node::constant) return n.value;
        if (n.what == node::name) return of_name(n);
        if (n.what == node::function) return of_function(n);
        if (n.parts.size() == 1) return of_one(n);
        if (n.word == "?") return of_choice(n);
        if (n.word == "||" || n.word == "&&") return of_truths(n);
        return of_two(n, of(*n.parts[0]), of(*n.parts[1]));
    }

private:
    [[noreturn]] static void fail(const node& n, const std::string& why) { throw expression_error(n.column, why); }

    static const value& a_number(const node& n, const node& part, const value& v) {
        if (v.kind == value::number) return v;
        const std::string what = part.what == node::name ? part.word : part.what == node::function ? part.word + "(…)" : "that";
        fail(part, fmt::format("{} is {}{}; {} takes numbers{}", what, kind_of(v), shown(v), n.word,
                               v.kind == value::list && part.what == node::name ? fmt::format(", as count({}) is one", what) : ""));
    }
    static std::string shown(const value& v) { return v.kind == value::text ? " (\"" + v.word + "\")" : ""; }
    // Of what is not known (a mean without samples) nothing is known; else there is a number, or it is wrong.
    static bool unknown(const value& v) { return std::isnan(v.amount); }
    static value finite(const node& n, value v, bool of_unknown) {
        if (!std::isfinite(v.amount) && !of_unknown) fail(n, fmt::format("{} gives no number", n.word));
        return v;
    }

    value of_name(const node& n) const {
        try {
            return named_(n.word);
        } catch (const std::invalid_argument& why) {
            fail(n, why.what());
        }
    }

    value of_one(const node& n) const {
        const value v = of(*n.parts[0]);
        if (n.word == "-") return number_of(-a_number(n, *n.parts[0], v).amount, v.of);
        if (v.kind != value::truth) fail(n, fmt::format("! is for true and false, not for {}", kind_of(v)));
        return truth_of(!v.holds());
    }

    // The right side counts only where the left one leaves it open.
    value of_truths(const node& n) const {
        const bool either = n.word == "||";
        for (const auto& part : n.parts) {
            const value v = of(*part);
            if (v.kind != value::truth) fail(*part, fmt::format("{} is for true and false, not for {}", n.word, kind_of(v)));
            if (v.holds() == either) return truth_of(either);
        }
        return truth_of(!either);
    }

    static value of_two(const node& n, const value& a, const value& b) {
        const bool equality = n.word == "==" || n.word == "!=";
        if (equality && a.kind == b.kind && a.kind != value::number)
            return truth_of((a.word == b.word && a.holds() == b.holds() && a.items == b.items) == (n.word == "=="));
        if (equality && a.kind != b.kind) fail(n, fmt::format("{} compares {}{} with {}{}", n.word, kind_of(a), shown(a), kind_of(b), shown(b)));
        a_number(n, *n.parts[0], a), a_number(n, *n.parts[1], b);
        const bool open = unknown(a) || unknown(b);
        if (n.word == "*") return finite(n, number_of(a.amount * b.amount, {a.of.second + b.of.second, a.of.bit + b.of.bit}), open);
        if (n.word == "/") return finite(n, number_of(a.amount / b.amount, {a.of.second - b.of.second, a.of.bit - b.of.bit}), open);
        if (a.of != b.of) fail(n, fmt::format("{} takes two of one kind, and here is {} and {}", n.word, name_of(a.of), name_of(b.of)));
        if (n.word == "+") return finite(n, number_of(a.amount + b.amount, a.of), open);
        if (n.word == "-") return finite(n, number_of(a.amount - b.amount, a.of), open);
        if (n.word == "%") return finite(n, number_of(std::fmod(a.amount, b.amount), a.of), open);
        return compared(n.word, a.amount, b.amount);
    }

    // Equal within what units in decimals cost: 0.1 us and 100 ns are the same time.
    static value compared(const std::string& how, double a, double b) {
        const bool same = std::abs(a - b) <= 1e-12 * std::max(std::abs(a), std::abs(b));
        if (how == "==") return truth_of(same);
        if (how == "!=") return truth_of(!same);
        if (how == "<") return truth_of(!same && a < b);
        if (how == ">") return truth_of(!same && a > b);
        return truth_of(same || (how == "<=" ? a < b : a > b));
    }

    value of_function(const node& n) const {
        std::vector<value> arguments;
        for (const auto& part : n.parts) arguments.push_back(of(*part));
        try {
            return finite(n, find_function(n.word)->apply(n.word.c_str(), arguments), std::any_of(arguments.begin(), arguments.end(), unknown));
        } catch (const std::invalid_argument& why) {
            fail(n, why.what());
        }
    }

    // Only the side that counts has to be there.
    value of_choice(const node& n) const {
        const value which = of(*n.parts[0]);
        if (which.kind != value::truth) fail(n, fmt::format("? is for true and false, not for {}", kind_of(which)));
        return of(*n.parts[which.holds() ? 1 : 2]);
    }

    const expression::look_up& named_;
};

void collect(const node& n, std::vector<const node*>& all) {
    const auto same = [&](const node* other) { return other->word == n.word; };
    if (n.what == node::name && std::none_of(all.begin(), all.end(), same)) all.push_back(&n);
    for (const auto& part : n.parts) collect(*part, all);
}

}  // namespace

wrong_expression::wrong_expression(const expression& e, std::size_t at, const std::string& why)
    : std::invalid_argument(at ? fmt::format("\"{}\", column {}: {}", e.text(), at, why) : fmt::format("\"{}\": {}", e.text(), why)),
      mark(e.mark), column(at) {}

expression::expression(std::string text) : text_(std::move(text)), root_(parse_expression(text_)) {}
expression::expression(expression&&) noexcept = default;
expression& expression::operator=(expression&&) noexcept = default;
expression::~expression() = default;

expression_value expression::value(const look_up& named) const { return evaluation(named).of(*root_); }

bool expression::holds(const look_up& named) const {
    const expression_value v = value(named);
    if (v.kind != expression_value::truth) throw expression_error(root_->column, "is " + kind_of(v) + ", and neither true nor false");
    return v.holds();
}

std::vector<std::string> expression::names() const {
    std::vector<const node*> found;
    collect(*root_, found);
    std::vector<std::string> all;
    for (const node* n : found) all.push_back(n->word);
    return all;
}

std::size_t expression::column_of(const std::string& name) const {
    std::vector<const node*> found;
    collect(*root_, found);
    for (const node* n : found)
        if (n->word == name) return n->column;
    return 0;
}

}  // namespace nicteam::sweep
