#include <algorithm>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "nicteam/base/random_stream.h"
#include "nicteam/scenario/problem.h"
#include "sweep/designs/design.h"
#include "sweep/points/plan.h"

namespace nicteam::sweep {
namespace {

std::unique_ptr<sample> sample_of(const plan& p) {
    if (p.how == method::random) return uniform(p.design_seed);
    if (p.how == method::latin_hypercube) return latin_hypercube(p.design_seed);
    return sobol();
}

template <class Work>
auto within(const expression& e, Work work) -> decltype(work()) {
    try {
        return work();
    } catch (const expression_error& why) {
        throw wrong_expression(e, why.column, why.what());
    }
}

std::string written(const derived& d, const expression_value& v, const scenario_keys& keys) {
    if (!d.free) return keys.written(d.key, v);
    std::string text = text_of(v);
    if (text.empty())
        throw std::invalid_argument(fmt::format("{} would be {}: a variable is a number, a time, a frequency, a size or a rate", d.key, kind_of(v)));
    return text;
}

void complete(const names_at& names, const scenario_keys& keys, const derived& d, std::vector<assignment>& set) {
    const auto named = [&](const std::string& name) { return names.value(set, name); };
    const expression_value v = within(d.as, [&] { return d.as.value(named); });
    try {
        set.emplace_back(d.key, written(d, v, keys));
    } catch (const std::invalid_argument& why) {
        throw wrong_expression(d.as, 0, why.what());
    }
}

// What follows from parameters at one point, and whether it counts. What is wrong is told; what follows from something wrong is not.
class at_one_point {
public:
    using teller = std::function<void(const wrong_expression&)>;
    at_one_point(const plan& p, const names_at& names, const scenario_keys& keys, const teller& tell) : p_(p), names_(names), keys_(keys), tell_(tell) {}

    void complete_all(std::vector<assignment>& set) {
        for (const derived& d : p_.follows)
            if (!tried(d.as, [&] { complete(names_, keys_, d, set); })) open_.insert(d.key);
    }

    // Those behind one that refuses count for nothing, unless `all`.
    bool constraints_hold(const std::vector<assignment>& set, bool all) {
        const auto named = [&](const std::string& n) { return names_.value(set, n); };
        bool hold = true;
        for (const expression& c : p_.constraints) {
            if (!hold && !all) break;
            tried(c, [&] { hold = within(c, [&] { return c.holds(named); }) && hold; });
        }
        return hold;
    }

    bool good() const { return good_; }

private:
    template <class Work>
    bool tried(const expression& e, Work work) {
        if (!open_.empty() && follows_from_wrong(e)) return false;
        try {
            work();
            return true;
        } catch (const wrong_expression& why) {
            good_ = false;
            tell_(why);
            return false;
        }
    }

    bool follows_from_wrong(const expression& e) const {
        const auto all = e.names();
        return std::any_of(all.begin(), all.end(), [&](const std::string& n) {
            const auto called = p_.called.find(n);
            const std::string& key = called == p_.called.end() ? n : called->second;
            return std::any_of(open_.begin(), open_.end(), [&](const std::string& open) { return open == key || keys_.covers(open, key); });
        });
    }

    const plan& p_;
    const names_at& names_;
    const scenario_keys& keys_;
    const teller& tell_;
    std::set<std::string> open_;  // derived ones without a value, as theirs is wrong
    bool good_ = true;
};

class drawing {
public:
    drawing(const plan& p, const scenario_keys& keys) : p_(p), keys_(keys) {
        for (const varied& v : p_.parameters)
            for (const std::string& value : v.values) spell(v.key, value);
    }

    drawn all() {
        if (!p_.baseline.empty()) take(p_.baseline, true);
        if (p_.how == method::list) listed();
        else if (p_.how == method::grid || p_.how == method::zip) enumerated();
        else sampled();
        const std::size_t of_baseline = p_.baseline.empty() ? 0 : 1;
        if (out_.refused && out_.points.size() == of_baseline && out_.wrong.empty())
            throw std::invalid_argument(fmt::format("no point is left: constraints refuse all {}", out_.refused));
        return std::move(out_);
    }

private:
    void listed() {
        if (p_.points.empty()) throw std::invalid_argument("method = \"list\" wants points: [[point]]");
        for (const listed_point& one : p_.points) take(one.set, false, one.name);
    }

    void something_varies() const {
        if (p_.parameters.empty()) throw std::invalid_argument("nothing varies: [[vary]], or --set KEY=VALUE,VALUE");
    }

    void enumerated() {
        something_varies();
        levels of_axes;
        for (const varied& v : p_.parameters) of_axes.push_back(v.values.size());
        const auto design = p_.how == method::grid ? grid() : zip();
        if (const std::string why = design->refusal(of_axes); !why.empty()) throw std::invalid_argument(why);
        const std::uint64_t count = design->count(of_axes);
        if (count > most_points) throw std::invalid_argument(fmt::format("{} points; at most {}", count, most_points));
        for (std::uint64_t n = 0; n < count; ++n) {
            const levels at = design->point(n, of_axes);
            std::vector<assignment> set;
            for (std::size_t axis = 0; axis < at.size(); ++axis) set.emplace_back(p_.parameters[axis].key, p_.parameters[axis].values[at[axis]]);
            take(std::move(set), false);
        }
    }

    void sampled() {
        something_varies();
        if (!p_.samples) throw std::invalid_argument("random, latin_hypercube and sobol want `points`: how many");
        const auto design = sample_of(p_);
        if (const std::string why = design->refusal(p_.samples, p_.parameters.size()); !why.empty()) throw std::invalid_argument(why);
        for (const coordinates& at : design->points(p_.samples, p_.parameters.size())) {
            std::vector<assignment> set;
            for (std::size_t axis = 0; axis < at.size(); ++axis) {
                const varied& v = p_.parameters[axis];
                set.emplace_back(v.key, v.over ? v.over->at(at[axis]) : v.values[level_of(at[axis], v.values.size())]);
            }
            take(std::move(set), false);
        }
    }

    // One text for all of one value: as a [[vary]] has it, else as it was written first.
    const std::string& spell(const std::string& key, const std::string& text) {
        const auto [known, first] = spelled_.try_emplace({key, text});
        if (first) known->second = first_texts_.try_emplace({key, keys_.same(key, text)}, text).first->second;
        return known->second;
    }

    std::size_t place_of(const std::string& key) const {
        const auto at = std::find_if(p_.parameters.begin(), p_.parameters.end(), [&](const varied& v) { return v.key == key; });
        return static_cast<std::size_t>(at - p_.parameters.begin());
    }

    // Of two keys of which one sets what the other stands for, the later one counts.
    bool order_counts(const std::vector<assignment>& set) {
        const auto same_key = [](const assignment& a, const std::string& key) { return a.first == key; };
        if (!std::equal(set.begin(), set.end(), last_keys_.begin(), last_keys_.end(), same_key)) {  // nearly all points have the same ones
            last_keys_.clear();
            for (const assignment& a : set) last_keys_.push_back(a.first);
            order_counts_ = false;
            for (const std::string& a : last_keys_)
                for (const std::string& b : last_keys_) order_counts_ = order_counts_ || (&a != &b && (a == b || keys_.covers(a, b)));
        }
        return order_counts_;
    }

    // What varies first, in its order.
    std::vector<assignment> in_order(std::vector<assignment> set) {
        for (auto& [key, text] : set) text = spell(key, text);
        const auto before = [&](const assignment& a, const assignment& b) { return place_of(a.first) < place_of(b.first); };
        if (!std::is_sorted(set.begin(), set.end(), before) && !order_counts(set)) std::stable_sort(set.begin(), set.end(), before);
        return set;
    }

    // What tells points apart: also what one that was written by hand leaves as the scenario has it.
    std::vector<assignment> told_apart(const std::vector<assignment>& set, bool by_hand) {
        std::vector<assignment> all = set;
        for (const varied& v : p_.parameters) {
            if (!by_hand) break;
            const auto sets_some = [&](const assignment& a) { return keys_.covers(v.key, a.first) || keys_.covers(a.first, v.key) || a.first == v.key; };
            if (v.free || std::any_of(set.begin(), set.end(), sets_some)) continue;
            try {
                const std::string same = keys_.same(v.key, keys_.written(v.key, keys_.value(v.key)));
                if (const auto text = first_texts_.find({v.key, same}); text != first_texts_.end()) all.emplace_back(v.key, text->second);
            } catch (const std::invalid_argument&) {
                continue;  // several values, or none before a run
            }
        }
        if (!order_counts(all)) std::sort(all.begin(), all.end());
        return all;
    }

    void take(std::vector<assignment> set, bool baseline, const std::string& name = "") {
        const bool by_hand = baseline || p_.how == method::list;
        set = in_order(std::move(set));
        ++out_.tried;
        const std::size_t given = set.size();
        const at_one_point::teller tell = [&](const wrong_expression& why) {
            tell_wrong(why, {set.begin(), set.begin() + static_cast<std::ptrdiff_t>(given)});
        };
        at_one_point here(p_, names_, keys_, tell);
        here.complete_all(set);
        // The baseline is what all else is compared with: constraints are for the others.
        const bool counts = baseline || here.constraints_hold(set, false);
        if (!here.good()) return;
        if (!counts) {
            ++out_.refused;
            return;
        }
        if (!seen_.insert(told_apart(set, by_hand)).second) {
            ++out_.doubled;
            return;
        }
        out_.points.push_back({std::move(set), baseline, name});
    }

    void tell_wrong(const wrong_expression& why, std::vector<assignment> set) {
        const auto same = [&](const wrong_at& w) { return w.why.mark == why.mark; };
        const auto known = std::find_if(out_.wrong.begin(), out_.wrong.end(), same);
        if (known != out_.wrong.end()) ++known->points;
        else out_.wrong.push_back({why, std::move(set), 1});
    }

    const plan& p_;
    const scenario_keys& keys_;
    names_at names_{p_, keys_};
    std::set<std::vector<assignment>> seen_;
    std::map<assignment, std::string> spelled_, first_texts_;  // by key and text as written; by key and the value's one text
    std::vector<std::string> last_keys_;
    bool order_counts_ = false;
    drawn out_;
};

}  // namespace

const assignment* names_at::find(const std::vector<assignment>& set, const std::string& name) const {
    for (auto a = set.rbegin(); a != set.rend(); ++a) {
        if (a->first == name) return &*a;
        const auto [known, first] = covers_.try_emplace({a->first, name}, false);
        if (first) known->second = keys_.covers(a->first, name);
        if (known->second) return &*a;
    }
    return nullptr;
}

expression_value names_at::value(const std::vector<assignment>& set, const std::string& said) const {
    const auto called = plan_.called.find(said);
    const std::string& name = called == plan_.called.end() ? said : called->second;
    if (const assignment* own = find(set, name)) return keys_.as_told(name, value_of_text(own->second));
    const auto derived_later = [&](const derived& d) { return d.free && d.key == name; };
    if (std::any_of(plan_.follows.begin(), plan_.follows.end(), derived_later))
        throw std::invalid_argument(fmt::format("{} has no value yet: a [[derive]] knows those before it, and not itself", name));
    if (plan_.is_free(name)) throw std::invalid_argument(fmt::format("{}, a variable of the sweep, has no value at this point", name));
    try {
        return keys_.value(name);
    } catch (const std::invalid_argument&) {
        const std::string hint = scenario::did_you_mean(said, plan_.own_names());
        if (hint.empty()) throw;
        throw std::invalid_argument(fmt::format("{}: is no parameter and no variable of the sweep{}", said, hint));
    }
}

std::vector<std::string> plan::own_names() const {
    std::vector<std::string> all;
    for (const auto& [name, key] : called) all.push_back(name);
    for (const varied& v : parameters)
        if (v.free) all.push_back(v.key);
    for (const derived& d : follows)
        if (d.free) all.push_back(d.key);
    return all;
}

std::vector<assignment> completed(const plan& p, const scenario_keys& keys, std::vector<assignment> set) {
    const names_at names(p, keys);
    for (const derived& d : p.follows) complete(names, keys, d, set);
    return set;
}

std::vector<assignment> first_values(const plan& p) {
    if (p.how == method::list) return p.points.empty() ? std::vector<assignment>{} : p.points.front().set;
    std::vector<assignment> set;
    for (const varied& v : p.parameters) set.emplace_back(v.key, v.over ? v.over->at(0) : v.values.front());
    return set;
}

void check_expressions(const plan& p, const scenario_keys& keys, std::vector<assignment> set, const std::function<void(const wrong_expression&)>& tell) {
    const names_at names(p, keys);
    at_one_point here(p, names, keys, tell);
    here.complete_all(set);
    here.constraints_hold(set, true);
}

bool plan::is_free(const std::string& key) const {
    const auto named = [&](const auto& v) { return v.free && v.key == key; };
    return std::any_of(parameters.begin(), parameters.end(), named) || std::any_of(follows.begin(), follows.end(), named);
}

drawn points_of(const plan& p, const scenario_keys& keys) { return drawing(p, keys).all(); }

std::uint64_t seed_of(const plan& p, const point& at, std::size_t replicate) {
    if (p.common_seeds && replicate == 0) return p.seed;
    std::string whose;
    if (!p.common_seeds)
        for (const auto& [key, value] : at.set) whose += key + "=" + value + "\n";
    random_stream random(p.seed, whose, fmt::format("replicate {}", replicate));
    return random.next() >> 1;  // seeds are integers of a scenario: below 2^63
}

}  // namespace nicteam::sweep
