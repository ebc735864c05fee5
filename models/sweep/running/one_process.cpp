#include "sweep/running/one_process.h"

#include <algorithm>
#include <chrono>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sweep/running/messages.h"

namespace nicteam::sweep {
namespace {

// All whose demand is so near to the highest that which has to grow first cannot be told, in one order whichever is ahead by a hair.
std::string limits_of(const report::run_result& result) {
    if (!result.limit.limited) return "nothing";
    std::set<std::string> all;
    const auto add = [&](int n) { all.insert(result.resources[static_cast<std::size_t>(n)].path); };
    add(result.limit.by);
    std::for_each(result.limit.as_well.begin(), result.limit.as_well.end(), add);
    return fmt::format("{}", fmt::join(all, ", "));
}

}  // namespace

performed perform(const task& t, const std::string& identity, scenario::reading& one, const directory& where, const volatile std::sig_atomic_t& interrupted) {
    const scenario::resolved& resolved = *one.what;  // whoever holds the reading while it runs
    const auto& questions = t.what().questions;
    performed done;
    record& r = done.what;
    r.identity = identity;
    const auto began = std::chrono::steady_clock::now();
    scenario::run_options o;
    if (t.described().keep_files) o.out = where.files_of(r.identity).string();
    o.quiet = true;
    o.version = t.options().version;
    o.interrupted = &interrupted;
    const bool alone = t.options().jobs <= 1 && t.options().shards <= 1;
    o.host_work = alone ? t.options().host_work : scenario::beside_others(t.options().host_work);
    for (const question& q : questions)
        if (scenario::is_flow(q.pattern)) o.flows.push_back(q.pattern);
    o.not_written = [&](const std::string& why) { done.unwritten = why; };
    o.finished = [&](const report::run_result& result) {
        done.part = result.interrupted ? static_cast<double>(result.end) / static_cast<double>(resolved.end()) : 1;
        r.answers = answers_of(result, resolved, questions);
        r.limited_by = limits_of(result);
        for (const report::verdict& v : result.verdicts)
            if (!v.held) r.why += fmt::format("{}{} (measured {})", r.why.empty() ? "" : "; ", v.name, v.measured);
    };
    r.exit = t.options().run(one, o);
    r.status = r.exit == all_held ? record::held : r.exit == one_broke ? record::broken : record::failed;
    r.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return done;
}

}  // namespace nicteam::sweep
