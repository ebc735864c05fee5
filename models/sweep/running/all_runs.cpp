#include "sweep/running/all_runs.h"

#include <chrono>
#include <csignal>

#include <fmt/format.h>

#include "sweep/running/messages.h"
#include "sweep/running/one_process.h"
#include "sweep/running/pool.h"
#include "sweep/running/progress.h"

namespace nicteam::sweep {
namespace {

class running {
public:
    explicit running(task& t) : task_(t), processes_(t.options().jobs, t.described().seconds), progress_(t.options().progress, of_mine(t)) {}

    ran all() {
        for (std::size_t n = 0; n < task_.runs().size() && !stop_asked(); ++n) {
            if (!task_.mine(n)) continue;
            while (processes_.full() && !stop_asked()) take();
            if (!stop_asked()) begin(n);
        }
        while (!processes_.empty() && !stop_asked()) take();
        if (stop_asked()) processes_.stop(std::chrono::seconds(2));
        progress_.close();
        return std::move(ran_);
    }

private:
    static std::size_t of_mine(const task& t) {
        std::size_t all = 0;
        for (std::size_t n = 0; n < t.runs().size(); ++n) all += t.mine(n);
        return all;
    }

    // Also when there is no room: what would run on could not be kept.
    bool stop_asked() const { return task_.interrupted() || !ran_.unwritten.empty(); }

    // Memory that was short, an operator, the end of a job: it says nothing about the run.
    static bool ended_from_outside(const pool::ended& e) { return !e.late && (e.exit == 128 + SIGKILL || e.exit == was_interrupted); }

    void begin(std::size_t n) {
        one_run& r = task_.runs()[n];
        scenario::reading one = task_.read(r);
        if (!one.found.none()) {
            task_.refuse(r, one);
            return tell_ended(record::failed, false);
        }
        task_.identify(r, one);
        if (const auto there = task_.earlier().find(r.identity, *one.what); there && !task_.asked_again(there->what)) {
            if (!there->added || kept(there->what)) tell_ended(there->what.status, true);
            return;
        }
        processes_.start(n, [&] { return in_its_process(r.identity, one); });
    }

    int in_its_process(const std::string& identity, scenario::reading& one) {
        static const volatile std::sig_atomic_t never = 0;
        const sweep_options& o = task_.options();
        const performed p = perform(task_, identity, one, task_.where(), o.interrupted ? *o.interrupted : never);
        if (!p.unwritten.empty()) return complain(not_kept, p.unwritten);
        if (p.what.exit != all_held && p.what.exit != one_broke) return p.what.exit;
        return kept(p.what) ? p.what.exit : complain(not_kept, ran_.unwritten);
    }

    bool kept(const record& r) {
        try {
            task_.where().keep(r);
            return true;
        } catch (const report::write_error& why) {
            ran_.unwritten = why.what();
            return false;
        }
    }

    void take() {
        const auto e = processes_.wait();
        progress_.show();
        if (!e || (ended_from_outside(*e) && task_.interrupted())) return;
        if (e->exit == not_kept) {
            ran_.unwritten = last_line(e->said);
            return;
        }
        const one_run& r = task_.runs()[e->task];
        const std::optional<record> there = task_.where().find(r.identity);  // not held on to: the directory has it, and others need the room
        if (ended_from_outside(*e)) {
            if (!there || task_.asked_again(*there) || !task_.earlier().answers_all(*there)) leave_open(e->task);
            else tell_ended(there->status, false);  // it had just been kept
        } else if (there && (e->exit == all_held || e->exit == one_broke)) {
            tell_ended(there->status, false);
        } else if (kept(failure(r, *e))) {
            tell_ended(record::failed, false);
        }
    }

    record failure(const one_run& r, const pool::ended& e) const {
        record failed;
        failed.identity = r.identity;
        failed.exit = e.exit;
        failed.why = e.late          ? fmt::format("longer than time_limit, {:g} s", *task_.described().seconds)
                     : e.exit >= 128 ? fmt::format("ended by signal {}{}{}", e.exit - 128, e.said.empty() ? "" : ": ", first_line(e.said))
                                     : first_line(e.said);
        failed.wall_seconds = e.wall_seconds;
        return failed;
    }

    void tell_ended(record::status_type status, bool before) {
        verdict& v = ran_.ended;
        ++(status == record::held ? v.held : status == record::broken ? v.broken : v.failed);
        progress_.ended(status, before);
    }

    // As if it had not begun: what goes on runs it again.
    void leave_open(std::size_t n) {
        if (!ran_.ended.missing++) ran_.first_killed = n;
        progress_.killed();
    }

    task& task_;
    pool processes_;
    sweep_progress progress_;
    ran ran_;
};

}  // namespace

ran run_all(task& t) { return running(t).all(); }

}  // namespace nicteam::sweep
