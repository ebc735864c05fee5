#include "sweep/running/finish.h"

#include <stdexcept>

#include <fmt/format.h>

#include "nicteam/sweep/whole_file.h"
#include "sweep/running/messages.h"

namespace nicteam::sweep {
namespace {

void tell_killed(const task& t, const ran& all) {
    const std::size_t n = all.ended.missing;
    if (!n) return;
    const one_run& r = t.runs()[all.first_killed];
    const char* them = n == 1 ? "it" : "them";
    complain(0, fmt::format("{} killed from outside ({}point {}, replicate {}), as where memory is short; nothing of {} is kept, and --resume runs {} again",
                            n == 1 ? "1 run was" : fmt::format("{} runs were", n), n == 1 ? "" : "first ", r.point, r.replicate, them, them));
}

void tell_too_short(const earlier_runs& earlier, const char* so) {
    if (const std::size_t n = earlier.too_short()) complain(0, fmt::format("{} had ended before: {}; {}", counted(n, "run"), earlier.why(), so));
}

// For the tables: the records; of runs that others made their identities once more.
void look_up(task& t) {
    for (one_run& r : t.runs()) {
        if (!r.identity.empty()) {
            if (!r.found) r.found = t.where().find(r.identity);
            if (r.found && !t.earlier().answers_all(*r.found)) r.found.reset();  // what was to replace it was killed
            continue;
        }
        const scenario::reading one = t.read(r);
        if (!one.found.none()) {
            t.refuse(r, one);
            continue;
        }
        t.identify(r, one);
        if (auto there = t.earlier().find(r.identity, *one.what)) r.found = std::move(there->what);
    }
}

// Throws std::invalid_argument where the sweep cannot be, std::runtime_error where they cannot be written.
results write_tables(task& t) {
    const drawn& d = t.what().points;
    results tables = tabulate(t.described(), t.base(), d.points, t.runs());
    const auto& where = t.where().where();
    write_whole(where / "runs.csv", to_csv(tables.runs));
    write_whole(where / "points.csv", to_csv(tables.points));
    const table facts = table_of_facts(t.described(), t.base(), {t.options().version, t.base().name(), d.refused, d.doubled});
    const configurations all = configurations_of(t.common(), t.runs());
    write_database((where / "results.sqlite").string(),
                   {&tables.runs, &tables.points, &tables.figures, &tables.effects, &tables.breaches, &tables.notes, &facts, &all.common, &all.changes},
                   {configurations::view});
    return tables;
}

// Which runs, and what they say.
std::string first_of(const task& t, record::status_type status, std::size_t all) {
    constexpr std::size_t most = 5;
    std::string text;
    std::size_t told = 0;
    for (const one_run& r : t.runs()) {
        if (!r.found || r.found->status != status || told == most) continue;
        ++told;
        const std::string& name = t.points()[r.point].name;
        text += fmt::format("\n  {}: point {}{}, replicate {}: {}", status == record::broken ? "broken" : "failed", r.point,
                            name.empty() ? "" : " (" + name + ")", r.replicate, r.found->why);
    }
    return all > told ? text + fmt::format("\n  and {} more: column `why` of runs.csv", all - told) : text;
}

std::string summary(const task& t, const verdict& v) {
    std::string text = fmt::format("{}: {}\n  {} held", t.base().name(), t.counts(), v.held);
    if (v.broken) text += fmt::format(", {} broken: an expectation did not hold", v.broken);
    if (v.failed) text += fmt::format(", {} failed: did not run to {} end", v.failed, v.failed == 1 ? "its" : "their");
    if (v.missing) text += fmt::format(", {} not run yet", v.missing);
    if (v.beyond) text += fmt::format("; {} beyond a closed form", v.beyond);
    if (v.nowhere) text += fmt::format("; {} held to nowhere", counted(v.nowhere, "closed form"));
    text += first_of(t, record::broken, v.broken) + first_of(t, record::failed, v.failed);
    return text + fmt::format("\n  {}/runs.csv, points.csv, results.sqlite\n", t.options().out);
}

}  // namespace

ended finish(task& t, const ran& all) {
    const sweep_options& o = t.options();
    if (!all.unwritten.empty())
        return {complain(not_written, fmt::format("{}; what had ended is kept, and --resume goes on when it can be written", all.unwritten))};
    if (t.interrupted()) return {complain(was_interrupted, fmt::format("interrupted; {} goes on with --resume", o.out))};
    tell_killed(t, all);
    if (!o.merge) tell_too_short(t.earlier(), "they were run again");
    if (o.shards > 1 && !o.merge) return {all.ended.status()};
    look_up(t);
    results tables;
    try {
        tables = write_tables(t);
    } catch (const std::invalid_argument& why) {
        return {complain(cannot_be, why.what())};
    } catch (const std::runtime_error& why) {
        return {complain(not_written, why.what())};
    }
    for (const auto& b : tables.breaches.rows) report::write_message(fmt::format("nicteam: {}\n", std::get<std::string>(b[0])));
    for (const auto& n : tables.notes.rows) report::write_message(fmt::format("note: {}\n", std::get<std::string>(n[0])));
    const verdict v = verdict_of(tables.runs, tables.breaches);
    if (v.missing) complain(0, fmt::format("{} of {} runs have not run yet", v.missing, v.runs()));
    if (o.merge) tell_too_short(t.earlier(), "--resume runs them again");
    return {v.status(), true, o.quiet ? "" : summary(t, v)};
}

}  // namespace nicteam::sweep
