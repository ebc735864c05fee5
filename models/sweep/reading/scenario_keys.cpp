#include "sweep/reading/scenario_keys.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "nicteam/scenario/settings.h"

namespace nicteam::sweep {
namespace {

using scenario::setting;

expression_value value_of(const std::string& name, const setting& s) {
    const auto n = static_cast<double>(s.value.integer);
    if (!s.given() && s.written.empty() && s.row->kind != quantity::list) throw std::invalid_argument(fmt::format("{} has no value before a run", name));
    switch (s.row->kind) {
        case quantity::count: return number_of(n);
        case quantity::flag: return truth_of(s.value.integer != 0);
        case quantity::time: return number_of(n / 1e12, {1, 0});
        case quantity::period: return number_of(1e12 / n, {-1, 0});
        case quantity::rate: return number_of(n, {-1, 1});
        case quantity::size: return number_of(n * 8, {0, 1});
        case quantity::ratio: return number_of(n / 1e18);
        case quantity::list: return list_of(s.value.list);
        case quantity::choice: return value_of_text(s.value.text);
        default: return word_of(s.value.text);
    }
}

[[noreturn]] void unfit(const std::string& key, const expression_value& v, const char* wanted) {
    throw std::invalid_argument(fmt::format("{} is {}; it would be {}", key, wanted,
                                            v.kind == expression_value::text ? "the word \"" + v.word + "\"" : kind_of(v)));
}

std::string whole(const std::string& key, double amount, quantity q) {
    const double nearest = std::round(amount);
    if (!(std::abs(nearest) < 9e18)) throw std::invalid_argument(fmt::format("{}: {:g} is beyond what it can be", key, amount));
    if (q == quantity::count && std::abs(amount - nearest) > 1e-9 * std::max(1.0, std::abs(amount)))
        throw std::invalid_argument(fmt::format("{} is a whole number; it would be {:g}: floor, round or ceil make one", key, amount));
    return format_quantity(q, static_cast<std::int64_t>(nearest));
}

std::string text_of_setting(const std::string& key, const setting& s, const expression_value& v) {
    using kind = expression_value;
    const auto is = [&](dimension of) { return v.kind == kind::number && v.of == of; };
    switch (s.row->kind) {
        case quantity::count:
            if (!is({})) unfit(key, v, "a plain number");
            return whole(key, v.amount, quantity::count);
        case quantity::flag:
            if (v.kind != kind::truth) unfit(key, v, "true or false");
            return v.holds() ? "true" : "false";
        case quantity::time:
            if (!is({1, 0})) unfit(key, v, "a time");
            return whole(key, v.amount * 1e12, quantity::time);
        case quantity::period:
            if (is({1, 0})) return whole(key, v.amount * 1e12, quantity::time);
            if (!is({-1, 0})) unfit(key, v, "a frequency");
            return fmt::format("{:.12g} Hz", v.amount);
        case quantity::rate:
            if (!is({-1, 1})) unfit(key, v, "a rate");
            return whole(key, v.amount, quantity::rate);
        case quantity::size:
            if (!is({0, 1})) unfit(key, v, "a size");
            return whole(key, v.amount / 8, quantity::size);
        case quantity::ratio:
            if (!is({})) unfit(key, v, "a plain number");
            return fmt::format("{:.12g}", v.amount);
        case quantity::list:
            if (v.kind != kind::list) unfit(key, v, "a list");
            return text_of(v);
        case quantity::choice:  // "32|64"
            if (v.kind != kind::text && !is({})) unfit(key, v, "a word");
            return text_of(v);
        default:
            if (v.kind != kind::text) unfit(key, v, "a word");
            return v.word;
    }
}

using found_settings = std::vector<std::pair<std::string, const setting*>>;

// The scenario stays as it is: what a name stands for is looked for once, and so is what else may have been meant.
class lookup {
public:
    explicit lookup(const scenario::resolved& r) : r_(r) {}

    const found_settings& of(const std::string& name) {
        const auto [at, first] = found_.try_emplace(name);
        if (first) at->second = scenario::settings_of(name, r_);
        return at->second;
    }

    expression_value value(const std::string& name) {
        const auto [at, first] = values_.try_emplace(name);
        if (first) try {
                at->second.value = value_of(name, the_one(name));
            } catch (const std::invalid_argument& why) {
                at->second.why = why.what();
            }
        if (!at->second.value) throw std::invalid_argument(at->second.why);
        return *at->second.value;
    }

    std::string written(const std::string& key, const expression_value& v) {
        if (of(key).empty()) throw std::invalid_argument(fmt::format("derive: {}: {}", key, scenario::why_no_setting(key, r_)));
        return text_of_setting(key, *of(key)[0].second, v);
    }

    bool covers(const std::string& key, const std::string& name) {
        const found_settings &set = of(key), &meant = of(name);
        const auto is_set = [&](const auto& f) { return std::find(set.begin(), set.end(), f) != set.end(); };
        return !meant.empty() && !set.empty() && std::all_of(meant.begin(), meant.end(), is_set);
    }

    expression_value as_told(const std::string& name, expression_value v) {
        if (v.kind != expression_value::number || v.of != dimension{1, 0}) return v;
        return !of(name).empty() && of(name)[0].second->row->kind == quantity::period ? number_of(1 / v.amount, {-1, 0}) : v;
    }

    std::string same(const std::string& key, const std::string& text) {
        const found_settings& found = of(key);
        const quantity kind = found.empty() ? quantity::text : found[0].second->row->kind;
        if (kind == quantity::list || (found.empty() && !text_of(value_of_text(text)).empty())) return text_of(value_of_text(text));
        nicteam::value v;
        std::string wrong;
        if (kind == quantity::text || kind == quantity::choice || !parse_quantity(kind, text, v, wrong)) return text;
        return format_quantity(kind, v.integer);
    }

    std::string refusal(const std::string& key, const std::string& text) {
        const auto [at, first] = refusals_.try_emplace({key, text});
        if (first)
            for (const auto& [full, s] : of(key))
                if (at->second = scenario::why_no_value(*s, text); !at->second.empty()) break;
        return at->second;
    }

private:
    struct outcome {
        std::optional<expression_value> value;
        std::string why;
    };

    const setting& the_one(const std::string& name) {
        const found_settings& found = of(name);
        if (found.empty()) throw std::invalid_argument(fmt::format("{}: {}", name, scenario::why_no_setting(name, r_)));
        for (const auto& [key, s] : found)
            if (s->value.integer != found[0].second->value.integer || s->value.text != found[0].second->value.text)
                throw std::invalid_argument(fmt::format("{} stands for several values: {} and {} differ", name, found[0].first, key));
        return *found[0].second;
    }

    const scenario::resolved& r_;
    std::map<std::string, found_settings> found_;
    std::map<std::string, outcome> values_;
    std::map<std::pair<std::string, std::string>, std::string> refusals_;
};

}  // namespace

scenario_keys keys_of(const scenario::resolved& r) {
    const auto all = std::make_shared<lookup>(r);
    return {[all](const std::string& name) { return all->value(name); },
            [all](const std::string& key, const expression_value& v) { return all->written(key, v); },
            [all](const std::string& key, const std::string& name) { return all->covers(key, name); },
            [all](const std::string& name, expression_value v) { return all->as_told(name, std::move(v)); },
            [all](const std::string& key, const std::string& text) { return all->same(key, text); },
            [all](const std::string& key, const std::string& text) { return all->refusal(key, text); }};
}

}  // namespace nicteam::sweep
