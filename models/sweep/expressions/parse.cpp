// Recursive descent; one function a rank of operators.
#include <algorithm>
#include <cctype>
#include <charconv>

#include <fmt/format.h>

#include "sweep/expressions/functions.h"
#include "sweep/expressions/measures.h"
#include "sweep/expressions/nodes.h"

namespace nicteam::sweep {
namespace {

using node = expression::node;
using tree = std::unique_ptr<node>;

constexpr std::size_t deepest = 100;

template <std::size_t N>
bool among(const char* const (&all)[N], const std::string& word) {
    for (const char* one : all)
        if (word == one) return true;
    return false;
}

template <std::size_t N>
std::string listed(const char* const (&all)[N]) {
    std::string out;
    for (const char* one : all) out += (out.empty() ? "" : ", ") + std::string(one);
    return out;
}

class parser {
public:
    explicit parser(const std::string& text) : text_(text) {}

    tree whole() {
        tree t = choice();
        blanks();
        if (at_ < text_.size()) fail(at_, fmt::format("what is \"{}\" to do here? An operator or the end was expected", rest()));
        return t;
    }

private:
    [[noreturn]] static void fail(std::size_t at, const std::string& why) { throw expression_error(at + 1, why); }
    std::string rest() const { return text_.substr(at_, 12); }
    void blanks() {
        while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    }
    bool starts(std::string_view s) const { return text_.compare(at_, s.size(), s) == 0; }

    // The longest operator of a rank that stands here; "" if none does.
    std::string operator_of(std::size_t of_rank) const {
        static const std::vector<std::vector<std::string>> ranks{{"||"}, {"&&"}, {"==", "!="}, {"<=", ">=", "<", ">"}, {"+", "-"}, {"*", "/", "%"}};
        for (const std::string& s : ranks[of_rank])
            if (starts(s)) return s;
        return "";
    }

    // a ? b : c, where c may be another one.
    tree choice() {
        tree which = rank(0);
        blanks();
        if (!starts("?")) return which;
        if (++depth_ > deepest) fail(at_, fmt::format("is nested deeper than {} levels", deepest));
        auto t = std::make_unique<node>();
        t->what = node::operation, t->column = at_ + 1, t->word = "?";
        const std::size_t mark = at_++;
        t->parts.push_back(std::move(which));
        t->parts.push_back(choice());
        blanks();
        if (!starts(":")) fail(mark, "has no \":\"");
        ++at_;
        t->parts.push_back(choice());
        --depth_;
        return t;
    }

    tree rank(std::size_t r) {
        if (r == 6) return unary();
        tree left = rank(r + 1);
        for (;;) {
            blanks();
            const std::string found = operator_of(r);
            if (found.empty()) {
                if (r == 2 && starts("=")) fail(at_, "\"=\" compares nothing; use \"==\"");
                return left;
            }
            auto t = std::make_unique<node>();
            t->what = node::operation, t->column = at_ + 1, t->word = found;
            at_ += found.size();
            t->parts.push_back(std::move(left));
            t->parts.push_back(rank(r + 1));
            left = std::move(t);
        }
    }

    tree unary() {
        blanks();
        if (at_ >= text_.size()) fail(at_, text_.empty() ? "is empty" : "ends where a value was expected");
        if (++depth_ > deepest) fail(at_, fmt::format("is nested deeper than {} levels", deepest));
        tree t;
        if (starts("!") || starts("-")) {
            t = std::make_unique<node>();
            t->what = node::operation, t->column = at_ + 1, t->word = text_.substr(at_++, 1);
            t->parts.push_back(unary());
        } else {
            t = primary();
        }
        --depth_;
        return t;
    }

    tree primary() {
        const char c = text_[at_];
        if (c == '(') {
            const std::size_t open = at_++;
            tree t = choice();
            blanks();
            if (!starts(")")) fail(open, "has no \")\"");
            ++at_;
            return t;
        }
        if (c == '"' || c == '\'') return quoted(c);
        if (std::isdigit(static_cast<unsigned char>(c)) || c == '.') return number();
        if (std::isalpha(static_cast<unsigned char>(c))) return name();
        fail(at_, fmt::format("\"{}\" is no value", rest()));
    }

    tree constant(std::size_t at, expression_value v) {
        auto t = std::make_unique<node>();
        t->column = at + 1, t->value = std::move(v);
        return t;
    }

    tree quoted(char mark) {
        const std::size_t from = at_, end = text_.find(mark, at_ + 1);
        if (end == std::string::npos) fail(from, "a quotation has no end");
        at_ = end + 1;
        return constant(from, value_of_text(std::string_view(text_).substr(from + 1, end - from - 1)));
    }

    tree number() {
        const std::size_t from = at_;
        double amount = 0;
        const auto end = std::from_chars(text_.data() + at_, text_.data() + text_.size(), amount);
        if (end.ec != std::errc{}) fail(from, fmt::format("\"{}\" is no number", rest()));
        at_ = static_cast<std::size_t>(end.ptr - text_.data());
        const std::size_t behind = at_;
        blanks();
        std::size_t stop = at_;
        if (starts("%")) ++stop;  // a percentage when nothing follows that it could divide by
        else while (stop < text_.size() && std::isalpha(static_cast<unsigned char>(text_[stop]))) ++stop;
        const std::string unit = text_.substr(at_, stop - at_);
        double factor = 1;
        dimension of;
        if (unit.empty() || (unit == "%" && divides(stop))) {
            at_ = behind;
            return constant(from, number_of(amount));
        }
        if (!find_unit(unit, factor, of))
            fail(at_, fmt::format("\"{}\" is no unit; there are ps ns us ms s, Hz kHz MHz GHz, bps kbps Mbps Gbps, B KiB MiB GiB, %", unit));
        at_ = stop;
        return constant(from, number_of(amount_in(amount, factor, of), of));
    }

    bool divides(std::size_t from) const {
        while (from < text_.size() && std::isspace(static_cast<unsigned char>(text_[from]))) ++from;
        return from < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[from])) || text_[from] == '(' || text_[from] == '.');
    }

    tree name() {
        auto t = std::make_unique<node>();
        const std::size_t from = at_;
        const auto part_of_name = [&](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.'; };
        while (at_ < text_.size() && part_of_name(text_[at_])) ++at_;
        t->word = text_.substr(from, at_ - from), t->column = from + 1;
        if (t->word == "true" || t->word == "false") return constant(from, truth_of(t->word == "true"));
        t->what = node::name;
        blanks();
        if (starts("(") && among(measures, t->word)) of_metric(*t);
        else if (starts("(")) arguments(*t);
        return t;
    }

    // A pattern may have stars in it, which are no products there.
    void of_metric(node& t) {
        const std::size_t end = text_.find(')', at_);
        if (end == std::string::npos) fail(at_, "has no \")\"");
        std::string pattern = text_.substr(at_ + 1, end - at_ - 1);
        while (!pattern.empty() && pattern.back() == ' ') pattern.pop_back();
        pattern.erase(0, std::min(pattern.size(), pattern.find_first_not_of(' ')));
        if (pattern.empty()) fail(at_, fmt::format("{} wants a metric", t.word));
        t.word += "(" + pattern + ")";
        at_ = end + 1;
    }

    void arguments(node& t) {
        const function_info* f = find_function(t.word);
        if (!f) fail(t.column - 1, fmt::format("there is no function {}; there are {}, and of metrics {}", t.word, function_names(), listed(measures)));
        t.what = node::function;
        const std::size_t open = at_++;
        for (;;) {
            t.parts.push_back(choice());
            blanks();
            if (starts(",")) {
                ++at_;
                continue;
            }
            if (!starts(")")) fail(open, "has no \")\"");
            ++at_;
            break;
        }
        if (t.parts.size() < f->least || t.parts.size() > f->most)
            fail(t.column - 1, fmt::format("{} takes {} value{}, not {}", t.word, f->least, f->least > 1 ? "s" : "", t.parts.size()));
    }

    const std::string& text_;
    std::size_t at_ = 0, depth_ = 0;
};

}  // namespace

std::unique_ptr<node> parse_expression(const std::string& text) { return parser(text).whole(); }

}  // namespace nicteam::sweep
