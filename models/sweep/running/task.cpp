#include "sweep/running/task.h"

#include "sweep/running/messages.h"

namespace nicteam::sweep {

task::task(const std::string& file, const scenario::read_options& reading_options, const sweep_options& o)
    : file_(file), reading_options_(reading_options), options_(o), program_(o.build.empty() ? o.version : o.version + ", build " + o.build),
      ready_(prepare(file, reading_options)) {
    if (!ready_.good()) return;
    const plan& p = described().what;
    for (std::size_t at = 0; at < points().size(); ++at)
        for (std::size_t n = 0; n < p.replicates; ++n) runs_.push_back({at, n, seed_of(p, points()[at], n), "", {}});
    common_ = lines_of(scenario::to_toml(base()));
    const directory::origin origin{file_, reading_options_.seed, reading_options_.environment, reading_options_.sets};
    directory_.emplace(options_.out, base().name(), program_, origin);
    earlier_.emplace(*directory_, described(), ready_.questions);
}

scenario::reading task::read(const one_run& r) const {
    scenario::read_options with = reading_options_;
    with.sets = described().sets;
    for (const auto& [key, value] : points()[r.point].set)
        if (!described().what.is_free(key)) with.sets.push_back(key + "=" + value);
    with.seed = std::to_string(r.seed);
    return scenario::read(file_, with);
}

std::string task::identity(const scenario::reading& one) const { return identity_of(*one.what, program_); }

void task::identify(one_run& r, const scenario::reading& one) const {
    r.identity = identity(one);
    if (options_.shards == 1) r.changes = changes_of(common_, scenario::to_toml(*one.what));
}

void task::refuse(one_run& r, const scenario::reading& one) const {
    r.identity = fmt::format("refused-{}-{}", r.point, r.replicate);
    record refused;
    refused.identity = r.identity, refused.exit = cannot_be, refused.why = first_line(one.found.to_string());
    r.found = std::move(refused);
}

std::string task::counts() const {
    const drawn& d = ready_.points;
    std::string text = counted(d.points.size(), "point") + ", " + counted(runs_.size(), "run");
    if (d.refused) text += fmt::format("; {} more refused by constraints", d.refused);
    if (d.doubled) text += fmt::format("; {} left out, the same as {}", d.doubled, d.doubled == 1 ? "another" : "others");
    return text;
}

}  // namespace nicteam::sweep
