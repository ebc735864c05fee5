#include "nicteam/sweep/sweep.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <set>

#include <unistd.h>

#include <fmt/format.h>

#include "nicteam/report/file_writer.h"
#include "sweep/reading/description.h"
#include "sweep/results/directory.h"
#include "sweep/results/table.h"
#include "nicteam/sweep/verdict.h"
#include "nicteam/sweep/whole_file.h"
#include "sweep/running/earlier_runs.h"
#include "sweep/running/pool.h"
#include "sweep/running/preparation.h"
#include "sweep/running/progress.h"
#include "sweep/running/trial.h"

namespace nicteam::sweep {
namespace {

constexpr int all_held = 0, one_broke = 1, cannot_be = 2, not_written = 3, was_interrupted = 130;
constexpr int not_kept = 73;  // of a run whose record, or a file of it, could not be written (EX_CANTCREAT): no status of a scenario

std::string counted(std::size_t n, const char* what) { return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s"); }

int complain(int status, const std::string& text) {
    report::write_message(fmt::format("nicteam: {}\n", text));
    return status;
}

class sweeping {
public:
    sweeping(const std::string& file, const scenario::read_options& reading_options, const sweep_options& o)
        : file_(file), reading_options_(reading_options), options_(o), ready_(prepare(file, reading_options)) {}

    ended run() {
        if (!ready_.good()) {
            report::write_message(read_.base.found.to_string());
            return {cannot_be};
        }
        number_runs();
        common_ = lines_of(scenario::to_toml(*read_.base.what));
        const directory::origin origin{file_, reading_options_.seed, reading_options_.environment, reading_options_.sets};
        directory_.emplace(options_.out, read_.base.what->name(), program_, origin);
        earlier_.emplace(*directory_, *read_.what, questions_);
        if (options_.dry_run) return {dry_run()};
        const bool take_up = options_.resume || options_.shards > 1;
        if (const std::string why = options_.merge ? directory_->open_to_read() : directory_->open(take_up); !why.empty()) return {complain(cannot_be, why)};
        if (!options_.merge) run_all();
        return finish();
    }

private:
    void number_runs() {
        for (std::size_t p = 0; p < drawn_.points.size(); ++p)
            for (std::size_t n = 0; n < read_.what->what.replicates; ++n) runs_.push_back({p, n, seed_of(read_.what->what, drawn_.points[p], n), "", {}});
    }

    scenario::reading read_run(const one_run& r) const {
        scenario::read_options with = reading_options_;
        with.sets = read_.what->sets;
        for (const auto& [key, value] : drawn_.points[r.point].set)
            if (!read_.what->what.is_free(key)) with.sets.push_back(key + "=" + value);
        with.seed = std::to_string(r.seed);
        return scenario::read(file_, with);
    }

    void identify(one_run& r, const scenario::reading& one) const {
        r.identity = identity_of(*one.what, program_);
        if (options_.shards == 1) r.changes = changes_of(common_, scenario::to_toml(*one.what));
    }

    int dry_run() {
        if (const std::string why = directory_->in_the_way(); !why.empty()) return complain(cannot_be, why);
        for (std::size_t p = 0; p < drawn_.points.size(); ++p) {
            std::string text;
            for (const auto& [key, value] : drawn_.points[p].set) text += fmt::format("{}{}={}", text.empty() ? "" : "  ", heading_of(*read_.what, key), value);
            const point& at = drawn_.points[p];
            report::write_output(fmt::format("{:>6}{}{}  {}\n", p, at.baseline ? " baseline" : "", at.name.empty() ? "" : " " + at.name, text));
        }
        report::write_output(counts() + "\n");
        if (!options_.quiet) tell_outlook();
        return interrupted() ? was_interrupted : all_held;
    }

    // Some of the runs that are left are begun, and nothing of them is kept.
    void tell_outlook() {
        std::vector<std::size_t> left;
        const bool resumes = directory_->holds_something();
        for (std::size_t n = 0; n < runs_.size() && !interrupted(); ++n)
            if (mine(n) && !(resumes && has_run(n))) left.push_back(n);
        const char* of_whom = options_.shards > 1 ? " for this shard" : "";
        if (left.size() < runs_.size() || earlier_->too_short())
            report::write_output(fmt::format("{} {} left to do{}\n", left.size(), left.size() == 1 ? "run is" : "runs are", of_whom));
        if (!earlier_->why().empty())
            report::write_output(fmt::format("{} of them had ended: {}\n", earlier_->too_short() < left.size() ? std::to_string(earlier_->too_short()) : "all",
                                             earlier_->why()));
        std::vector<trial> trials;
        for (const std::size_t n : some_of(left.size())) {
            if (interrupted()) return;
            trials.push_back(try_it(left[n]));
            if (!trials.back().why.empty()) complain(0, fmt::format("run {} fails: {}", left[n], without_name(trials.back().why)));
        }
        if (!interrupted() && !left.empty()) report::write_output(outlook(trials, left.size(), options_.jobs, options_.out) + "\n");
    }

    bool has_run(std::size_t n) {
        const scenario::reading one = read_run(runs_[n]);
        if (!one.found.none()) return false;
        const auto there = earlier_->find(identity_of(*one.what, program_), *one.what);
        return there && !asked_again(there->what);
    }

    trial try_it(std::size_t n) {
        scenario::reading one = read_run(runs_[n]);
        if (!one.found.none()) return {n, 0, 0, 0, first_line(one.found.to_string())};
        runs_[n].identity = identity_of(*one.what, program_);
        return try_run(n, [&](const std::string& where, const volatile std::sig_atomic_t& cut) {
            const directory passing(where, "", "", {});
            tried t;
            const record r = perform(n, one, passing, cut, t.part);
            if (r.exit == all_held || r.exit == one_broke || (cut && r.exit == was_interrupted)) passing.keep(r);
            else t.exit = r.exit;
            return t;
        });
    }

    std::string counts() const {
        std::string text = counted(drawn_.points.size(), "point") + ", " + counted(runs_.size(), "run");
        if (drawn_.refused) text += fmt::format("; {} more refused by constraints", drawn_.refused);
        if (drawn_.doubled) text += fmt::format("; {} left out, the same as {}", drawn_.doubled, drawn_.doubled == 1 ? "another" : "others");
        return text;
    }

    bool mine(std::size_t n) const { return n % options_.shards == options_.shard; }
    // Also when there is no room: what would run on could not be kept.
    bool stop_asked() const { return interrupted() || !unwritten_.empty(); }
    bool interrupted() const { return options_.interrupted && *options_.interrupted; }

    bool asked_again(const record& r) const { return r.status == record::failed && options_.retry_failed; }

    void run_all() {
        pool processes(options_.jobs, read_.what->seconds);
        std::size_t of_mine = 0;
        for (std::size_t n = 0; n < runs_.size(); ++n) of_mine += mine(n);
        sweep_progress progress(options_.progress, of_mine);
        std::set<std::string> under_way;
        for (std::size_t n = 0; n < runs_.size() && !stop_asked(); ++n) {
            if (!mine(n)) continue;
            while (processes.full() && !stop_asked()) take(processes, progress);
            if (stop_asked()) break;
            scenario::reading one = read_run(runs_[n]);
            if (!one.found.none()) {
                runs_[n].identity = fmt::format("refused-{}-{}", runs_[n].point, runs_[n].replicate);
                refuse(n, one.found.to_string());
                tell_ended(progress, record::failed, false);
                continue;
            }
            identify(runs_[n], one);
            if (const auto there = earlier_->find(runs_[n].identity, *one.what); there && !asked_again(there->what)) {
                if (there->added && !kept(there->what)) break;
                tell_ended(progress, there->what.status, true);
                continue;
            }
            start(processes, n, one);
        }
        while (!processes.empty() && !stop_asked()) take(processes, progress);
        if (stop_asked()) processes.stop(std::chrono::seconds(2));
        progress.close();
    }

    bool kept(const record& r) {
        try {
            directory_->keep(r);
            return true;
        } catch (const report::write_error& why) {
            unwritten_ = why.what();
            return false;
        }
    }

    void tell_ended(sweep_progress& progress, record::status_type status, bool before) {
        ++(status == record::held ? ended_.held : status == record::broken ? ended_.broken : ended_.failed);
        progress.ended(status, before);
    }

    void refuse(std::size_t n, const std::string& why) {
        record r;
        r.identity = runs_[n].identity;
        r.exit = cannot_be;
        r.why = first_line(why);
        runs_[n].found = std::move(r);
    }

    void start(pool& processes, std::size_t n, scenario::reading& one) {
        processes.start(n, [&] {
            double part = 0;
            static const volatile std::sig_atomic_t never = 0;
            std::string unwritten;
            const record r = perform(n, one, *directory_, options_.interrupted ? *options_.interrupted : never, part, &unwritten);
            if (!unwritten.empty()) return complain(not_kept, unwritten);
            if (r.exit != all_held && r.exit != one_broke) return r.exit;
            try {
                directory_->keep(r);
            } catch (const report::write_error& why) {
                complain(0, why.what());
                return not_kept;
            }
            return r.exit;
        });
    }

    // Runs it in this process, which it takes up. `part`: how much of its time was simulated; `unwritten`: why some file of it was not.
    record perform(std::size_t n, scenario::reading& one, const directory& where, const volatile std::sig_atomic_t& interrupted, double& part,
                   std::string* unwritten = nullptr) const {
        const scenario::resolved& resolved = *one.what;  // whoever holds the reading while it runs
        record r;
        r.identity = runs_[n].identity;
        const auto began = std::chrono::steady_clock::now();
        scenario::run_options o;
        if (read_.what->keep_files) o.out = where.files_of(r.identity).string();
        o.quiet = true;
        o.version = options_.version;
        o.interrupted = &interrupted;
        const bool alone = options_.jobs <= 1 && options_.shards <= 1;
        o.host_work = alone ? options_.host_work : scenario::beside_others(options_.host_work);
        for (const question& q : questions_)
            if (scenario::is_flow(q.pattern)) o.flows.push_back(q.pattern);
        if (unwritten) o.not_written = [unwritten](const std::string& why) { *unwritten = why; };
        o.finished = [&](const report::run_result& result) {
            part = result.interrupted ? static_cast<double>(result.end) / static_cast<double>(resolved.end()) : 1;
            r.answers = answers_of(result, resolved, questions_);
            r.limited_by = limits_of(result);
            for (const report::verdict& v : result.verdicts)
                if (!v.held) r.why += fmt::format("{}{} (measured {})", r.why.empty() ? "" : "; ", v.name, v.measured);
        };
        r.exit = options_.run(one, o);
        r.status = r.exit == all_held ? record::held : r.exit == one_broke ? record::broken : record::failed;
        r.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
        return r;
    }

    // All whose demand is so near to the highest that which has to grow first cannot be told, in one order whichever is ahead by a hair.
    static std::string limits_of(const report::run_result& result) {
        if (!result.limit.limited) return "nothing";
        std::set<std::string> all;
        const auto add = [&](int n) { all.insert(result.resources[static_cast<std::size_t>(n)].path); };
        add(result.limit.by);
        std::for_each(result.limit.as_well.begin(), result.limit.as_well.end(), add);
        return fmt::format("{}", fmt::join(all, ", "));
    }

    static std::string without_name(std::string text) {
        if (text.rfind("nicteam: ", 0) == 0) text.erase(0, 9);
        return text;
    }
    static std::string first_line(const std::string& text) { return without_name(text.substr(0, text.find('\n'))); }
    static std::string last_line(std::string text) {
        if (!text.empty() && text.back() == '\n') text.pop_back();
        return without_name(text.substr(text.rfind('\n') + 1));
    }

    void take(pool& processes, sweep_progress& progress) {
        const auto e = processes.wait();
        progress.show();
        if (!e || (ended_from_outside(*e) && interrupted())) return;
        if (e->exit == not_kept) {
            unwritten_ = last_line(e->said);
            return;
        }
        one_run& r = runs_[e->task];
        r.found = directory_->find(r.identity);
        if (ended_from_outside(*e)) {
            if (!r.found || asked_again(*r.found) || !earlier_->answers_all(*r.found)) return leave_open(e->task, progress);  // else it had just been kept
        } else if (!r.found || (e->exit != all_held && e->exit != one_broke)) {
            record failed;
            failed.identity = r.identity;
            failed.exit = e->exit;
            failed.why = e->late ? fmt::format("longer than time_limit, {:g} s", *read_.what->seconds)
                         : e->exit >= 128 ? fmt::format("ended by signal {}{}{}", e->exit - 128, e->said.empty() ? "" : ": ", first_line(e->said))
                                          : first_line(e->said);
            failed.wall_seconds = e->wall_seconds;
            if (!kept(failed)) return;
            r.found = std::move(failed);
        }
        tell_ended(progress, r.found->status, false);
        r.found.reset();  // what others run needs no room for it: the directory has it
    }

    // Memory that was short, an operator, the end of a job: it says nothing about the run.
    static bool ended_from_outside(const pool::ended& e) { return !e.late && (e.exit == 128 + SIGKILL || e.exit == was_interrupted); }

    // As if it had not begun: what goes on runs it again.
    void leave_open(std::size_t n, sweep_progress& progress) {
        if (!open_++) first_open_ = n;
        ++ended_.missing;
        runs_[n].found.reset();
        progress.killed();
    }

    void tell_open() const {
        if (!open_) return;
        const one_run& r = runs_[first_open_];
        const std::string which = fmt::format("{}point {}, replicate {}", open_ == 1 ? "" : "first ", r.point, r.replicate);
        complain(0, fmt::format("{} killed from outside ({}), as where memory is short; nothing of {} is kept, and --resume runs {} again",
                                open_ == 1 ? "1 run was" : fmt::format("{} runs were", open_), which, open_ == 1 ? "it" : "them", open_ == 1 ? "it" : "them"));
    }

    void tell_too_short(const char* so) const {
        if (const std::size_t n = earlier_->too_short())
            complain(0, fmt::format("{} had ended before: {}; {}", counted(n, "run"), earlier_->why(), so));
    }

    // For the tables: the records; of runs that others made their identities once more.
    void look_up() {
        for (one_run& r : runs_) {
            if (!r.identity.empty()) {
                if (!r.found) r.found = directory_->find(r.identity);
                if (r.found && !earlier_->answers_all(*r.found)) r.found.reset();  // what was to replace it was killed
                continue;
            }
            const scenario::reading one = read_run(r);
            if (!one.found.none()) {
                r.identity = fmt::format("refused-{}-{}", r.point, r.replicate);
                record refused;
                refused.identity = r.identity, refused.exit = cannot_be, refused.why = first_line(one.found.to_string());
                r.found = std::move(refused);
                continue;
            }
            identify(r, one);
            if (auto there = earlier_->find(r.identity, *one.what)) r.found = std::move(there->what);
        }
    }

    ended finish() {
        if (!unwritten_.empty())
            return {complain(not_written, fmt::format("{}; what had ended is kept, and --resume goes on when it can be written", unwritten_))};
        if (interrupted()) return {complain(was_interrupted, fmt::format("interrupted; {} goes on with --resume", options_.out))};
        tell_open();
        if (!options_.merge) tell_too_short("they were run again");
        if (options_.shards > 1 && !options_.merge) return {ended_.status()};
        look_up();
        results tables;
        try {
            tables = tabulate(*read_.what, *read_.base.what, drawn_.points, runs_);
            write_whole(directory_->where() / "runs.csv", to_csv(tables.runs));
            write_whole(directory_->where() / "points.csv", to_csv(tables.points));
            const table facts = table_of_facts(*read_.what, *read_.base.what, {options_.version, read_.base.what->name(), drawn_.refused, drawn_.doubled});
            const configurations all = configurations_of(common_, runs_);
            write_database((directory_->where() / "results.sqlite").string(),
                           {&tables.runs, &tables.points, &tables.figures, &tables.effects, &tables.breaches, &tables.notes, &facts,
                            &all.common, &all.changes},
                           {configurations::view});
        } catch (const std::invalid_argument& why) {
            return {complain(cannot_be, why.what())};
        } catch (const std::runtime_error& why) {
            return {complain(not_written, why.what())};
        }
        for (const auto& b : tables.breaches.rows) report::write_message(fmt::format("nicteam: {}\n", std::get<std::string>(b[0])));
        for (const auto& n : tables.notes.rows) report::write_message(fmt::format("note: {}\n", std::get<std::string>(n[0])));
        const verdict v = verdict_of(tables.runs, tables.breaches);
        if (v.missing) complain(0, fmt::format("{} of {} runs have not run yet", v.missing, v.runs()));
        if (options_.merge) tell_too_short("--resume runs them again");
        return {v.status(), true, options_.quiet ? "" : summary(v)};
    }

    std::string summary(const verdict& v) const {
        std::string text = fmt::format("{}: {}\n  {} held", read_.base.what->name(), counts(), v.held);
        if (v.broken) text += fmt::format(", {} broken: an expectation did not hold", v.broken);
        if (v.failed) text += fmt::format(", {} failed: did not run to {} end", v.failed, v.failed == 1 ? "its" : "their");
        if (v.missing) text += fmt::format(", {} not run yet", v.missing);
        if (v.beyond) text += fmt::format("; {} beyond a closed form", v.beyond);
        if (v.nowhere) text += fmt::format("; {} held to nowhere", counted(v.nowhere, "closed form"));
        text += first_of(record::broken, v.broken) + first_of(record::failed, v.failed);
        return text + fmt::format("\n  {}/runs.csv, points.csv, results.sqlite\n", options_.out);
    }

    // Which runs, and what they say.
    std::string first_of(record::status_type status, std::size_t all) const {
        constexpr std::size_t most = 5;
        std::string text;
        std::size_t told = 0;
        for (const one_run& r : runs_) {
            if (!r.found || r.found->status != status || told == most) continue;
            ++told;
            const std::string& name = drawn_.points[r.point].name;
            text += fmt::format("\n  {}: point {}{}, replicate {}: {}", status == record::broken ? "broken" : "failed", r.point,
                                name.empty() ? "" : " (" + name + ")", r.replicate, r.found->why);
        }
        return all > told ? text + fmt::format("\n  and {} more: column `why` of runs.csv", all - told) : text;
    }

    const std::string& file_;
    const scenario::read_options& reading_options_;
    const sweep_options& options_;
    prepared ready_;
    const reading& read_ = ready_.read;
    const drawn& drawn_ = ready_.points;
    const std::vector<question>& questions_ = ready_.questions;
    const std::string program_ = options_.build.empty() ? options_.version : options_.version + ", build " + options_.build;  // what made a run
    std::vector<one_run> runs_;
    std::vector<std::string> common_;  // lines of the scenario before all points
    std::optional<directory> directory_;
    std::optional<earlier_runs> earlier_;
    std::string unwritten_;
    verdict ended_;  // of the runs that ended here, or had: what a shard answers for
    std::size_t open_ = 0, first_open_ = 0;  // runs that were killed from outside: how many, and one of them
};

}  // namespace

ended merge(const std::string& where, const sweep_options& o) {
    directory::origin from;
    try {
        from = directory::origin_of(where);
    } catch (const std::runtime_error& why) {
        return {complain(cannot_be, why.what())};
    }
    scenario::read_options reading_options;
    reading_options.environment = from.environment;
    reading_options.sets = from.sets;
    reading_options.seed = from.seed;
    sweep_options merging = o;
    merging.out = where;
    merging.merge = true;
    return sweep(from.file, reading_options, merging);
}

ended sweep(const std::string& file, const scenario::read_options& reading_options, const sweep_options& o) {
    return sweeping(file, reading_options, o).run();
}

}  // namespace nicteam::sweep
