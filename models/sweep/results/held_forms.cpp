#include "sweep/results/held_forms.h"

#include <fmt/format.h>

namespace nicteam::sweep {

void held_forms::count(const worked_figure& w) {
    ++ended;
    if (!w.value) return;
    ++valued;
    at_most += w.at_most.has_value(), at_least += w.at_least.has_value(), near += w.counts;
}

void add_held_nowhere(const figure& f, const held_forms& held, std::vector<breach>& breaches) {
    if (!held.ended) return;
    const std::string none = held.ended == 1 ? "the one run has not" : fmt::format("none of {} runs has", held.ended);
    const std::string no_pair = !held.valued ? none + " a value of the figure"
                                : f.where ? fmt::format("where \"{}\" holds at no run that has a value of both", f.where->text())
                                          : none + " a value of both";
    const auto tell = [&](const std::string& form, const std::string& why) {
        breaches.push_back({{}, fmt::format("{}: its closed form, {}, was held to nowhere: {}", f.name, form, why)});
    };
    const auto bound = [&](const char* which, const std::optional<expression>& form, std::size_t count) {
        if (form && !count) tell(fmt::format("{} \"{}\"", which, form->text()), no_pair);
        return form && count;
    };
    const bool most = bound("at_most", f.at_most, held.at_most), least = bound("at_least", f.at_least, held.at_least);
    if (!f.within || held.near || (!f.equals && !most && !least)) return;
    const std::string where = f.close_where ? fmt::format("close_where \"{}\" holds at no run that has a value of both", f.close_where->text()) : no_pair;
    tell(f.equals ? fmt::format("equals \"{}\"", f.equals->text()) : fmt::format("within {:g} %", *f.within * 100), held.valued ? where : no_pair);
}

}  // namespace nicteam::sweep
