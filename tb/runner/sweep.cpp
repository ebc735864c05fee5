#include "sweep.h"

#include <algorithm>
#include <filesystem>
#include <thread>

#include <unistd.h>

#include <fmt/format.h>

#include "build_identity.h"
#include "end_on_signals.h"
#include "nicteam/pages/sweep_page.h"
#include "nicteam/report/file_writer.h"
#include "nicteam/sweep/stored.h"
#include "nicteam/sweep/sweep.h"
#include "output.h"
#include "places.h"
#include "run.h"

namespace nicteam::runner {
namespace {

// The tables are there: so shall the page be.
int with_page(const sweep::ended& e, const std::string& directory, bool quiet) {
    if (!e.tables) return e.status;
    output out;
    out.write(e.summary);
    try {
        pages::write_sweep_page(directory);
        if (!quiet) out.write(fmt::format("  {}/{}, {}\n", directory, pages::sweep_page_name, pages::plot_script_name));
        return out.status(e.status);
    } catch (const std::runtime_error& why) {
        report::write_message(fmt::format("nicteam: {}\n", why.what()));
        return 3;
    }
}

}  // namespace

int run_sweep(const command& c, int argc, char** argv) {
    sweep::sweep_options o;
    o.jobs = c.jobs ? c.jobs : std::max(1u, std::thread::hardware_concurrency());
    o.resume = c.resume, o.retry_failed = c.retry_failed, o.dry_run = c.dry_run;
    o.shard = c.shard, o.shards = c.shards;
    o.quiet = c.quiet;
    o.host_work = c.host_work;
    o.progress = !c.quiet && isatty(2);
    o.version = NICTEAM_VERSION;
    o.build = build_identity();
    o.interrupted = stop_flag();
    o.run = [argc, argv](scenario::reading& r, const scenario::run_options& options) { return run_here(r, options, argc, argv); };
    if (c.scenarios[0] == "merge") {
        end_on_signals();  // it runs nothing
        return with_page(sweep::merge(c.scenarios[1], o), c.scenarios[1], o.quiet);
    }
    std::string hint;
    const std::string file = find_scenario(c.scenarios[0], hint);
    if (!hint.empty()) {
        report::write_message(fmt::format("nicteam: {}: there is no such scenario{}\n", file, hint));
        return usage_error;
    }
    const std::string name = std::filesystem::path(file).stem().string();
    o.out = c.out.empty() ? (std::filesystem::path("out") / name).string() : c.out;
    return with_page(sweep::sweep(file, {from_environment(), c.sets, c.seed, c.until, c.trace}, o), o.out, o.quiet);
}

}  // namespace nicteam::runner
