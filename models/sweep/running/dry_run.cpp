#include "sweep/running/dry_run.h"

#include <fmt/format.h>

#include "sweep/running/messages.h"
#include "sweep/running/one_process.h"
#include "sweep/running/trial.h"

namespace nicteam::sweep {
namespace {

bool has_run(task& t, const one_run& r) {
    const scenario::reading one = t.read(r);
    if (!one.found.none()) return false;
    const auto there = t.earlier().find(t.identity(one), *one.what);
    return there && !t.asked_again(there->what);
}

trial try_it(const task& t, std::size_t n) {
    scenario::reading one = t.read(t.runs()[n]);
    if (!one.found.none()) return {n, 0, 0, 0, first_line(one.found.to_string())};
    return try_run(n, [&](const std::string& where, const volatile std::sig_atomic_t& cut) {
        const directory passing(where, "", "", {});
        const performed p = perform(t, t.identity(one), one, passing, cut);
        if (p.what.exit != all_held && p.what.exit != one_broke && !(cut && p.what.exit == was_interrupted)) return tried{p.what.exit, p.part};
        passing.keep(p.what);
        return tried{0, p.part};
    });
}

std::vector<std::size_t> runs_left(task& t) {
    std::vector<std::size_t> left;
    const bool resumes = t.where().holds_something();
    for (std::size_t n = 0; n < t.runs().size() && !t.interrupted(); ++n)
        if (t.mine(n) && !(resumes && has_run(t, t.runs()[n]))) left.push_back(n);
    return left;
}

// Some of the runs that are left are begun, and nothing of them is kept.
void tell_outlook(task& t) {
    const std::vector<std::size_t> left = runs_left(t);
    const std::size_t too_short = t.earlier().too_short();
    const char* of_whom = t.options().shards > 1 ? " for this shard" : "";
    if (left.size() < t.runs().size() || too_short)
        report::write_output(fmt::format("{} {} left to do{}\n", left.size(), left.size() == 1 ? "run is" : "runs are", of_whom));
    const std::string of_them = too_short < left.size() ? std::to_string(too_short) : "all";
    if (too_short) report::write_output(fmt::format("{} of them had ended: {}\n", of_them, t.earlier().why()));
    std::vector<trial> trials;
    for (const std::size_t n : some_of(left.size())) {
        if (t.interrupted()) return;
        trials.push_back(try_it(t, left[n]));
        if (!trials.back().why.empty()) complain(0, fmt::format("run {} fails: {}", left[n], without_name(trials.back().why)));
    }
    if (!t.interrupted() && !left.empty()) report::write_output(outlook(trials, left.size(), t.options().jobs, t.options().out) + "\n");
}

}  // namespace

int dry_run(task& t) {
    if (const std::string why = t.where().in_the_way(); !why.empty()) return complain(cannot_be, why);
    for (std::size_t n = 0; n < t.points().size(); ++n) {
        const point& at = t.points()[n];
        std::string text;
        for (const auto& [key, value] : at.set) text += fmt::format("{}{}={}", text.empty() ? "" : "  ", heading_of(t.described(), key), value);
        report::write_output(fmt::format("{:>6}{}{}  {}\n", n, at.baseline ? " baseline" : "", at.name.empty() ? "" : " " + at.name, text));
    }
    report::write_output(t.counts() + "\n");
    if (!t.options().quiet) tell_outlook(t);
    return t.interrupted() ? was_interrupted : all_held;
}

}  // namespace nicteam::sweep
