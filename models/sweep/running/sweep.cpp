#include "nicteam/sweep/sweep.h"

#include <stdexcept>

#include "sweep/running/all_runs.h"
#include "sweep/running/dry_run.h"
#include "sweep/running/finish.h"
#include "sweep/running/messages.h"

namespace nicteam::sweep {

ended sweep(const std::string& file, const scenario::read_options& reading_options, const sweep_options& o) {
    task t(file, reading_options, o);
    if (!t.what().good()) {
        report::write_message(t.what().read.base.found.to_string());
        return {cannot_be};
    }
    if (o.dry_run) return {dry_run(t)};
    const bool take_up = o.resume || o.shards > 1;
    if (const std::string why = o.merge ? t.where().open_to_read() : t.where().open(take_up); !why.empty()) return {complain(cannot_be, why)};
    return finish(t, o.merge ? ran{} : run_all(t));
}

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

}  // namespace nicteam::sweep
