#include "sweep/running/earlier_runs.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "sweep/results/answers_of_files.h"

namespace nicteam::sweep {

bool earlier_runs::answers_all(const record& r) const {
    return r.status == record::failed || std::all_of(questions_.begin(), questions_.end(), [&](const question& q) { return r.find(q) != nullptr; });
}

std::optional<earlier_runs::known> earlier_runs::find(const std::string& identity, const scenario::resolved& resolved) {
    std::optional<record> there = directory_.find(identity);
    if (!there) return {};
    if (answers_all(*there)) return known{std::move(*there)};
    std::vector<question> open;
    std::copy_if(questions_.begin(), questions_.end(), std::back_inserter(open), [&](const question& q) { return !there->find(q); });
    if (auto more = answers_of_files(directory_.files_of(identity).string(), resolved, open)) {
        std::move(more->begin(), more->end(), std::back_inserter(there->answers));
        return known{std::move(*there), true};
    }
    ++too_short_;
    for (const question& q : open)
        if (std::find(unanswered_.begin(), unanswered_.end(), q) == unanswered_.end()) unanswered_.push_back(q);
    return {};
}

std::string earlier_runs::who_asks(const question& q) const {
    const auto asks = [&](const expression& e) {
        const auto names = e.names();
        return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return question_of(name) == q; });
    };
    for (const figure& f : what_.figures)
        if (asks(f.as) || (f.at_most && asks(*f.at_most)) || (f.at_least && asks(*f.at_least)) || (f.equals && asks(*f.equals)) ||
            (f.where && asks(*f.where)) || (f.close_where && asks(*f.close_where)))
            return "figure " + f.name + " asks for " + to_string(q);
    for (const std::string& m : what_.metrics)
        if (question_of_metrics(m) == q) return "sweep.metrics asks for " + m;
    return to_string(q) + " is asked for";
}

std::string earlier_runs::why() const {
    constexpr std::size_t most = 3;
    std::string text;
    for (std::size_t n = 0; n < std::min(most, unanswered_.size()); ++n) text += (n ? ", " : "") + who_asks(unanswered_[n]);
    if (text.empty()) return "";
    if (unanswered_.size() > most) text += fmt::format(" and {} more are asked for", unanswered_.size() - most);
    return text + (unanswered_.size() > 1 ? ", which were not kept" : ", which was not kept");
}

}  // namespace nicteam::sweep
