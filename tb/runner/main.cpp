// The `nicteam` command. What needs no model is answered without the simulation kernel.
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <string_view>

#include <fmt/format.h>
#include <systemc>

#include "cli.h"
#include "compare.h"
#include "end_on_signals.h"
#include "nicteam/pages/run_page.h"
#include "nicteam/pages/sweep_page.h"
#include "nicteam/report/file_writer.h"
#include "nicteam/report/page.h"
#include "nicteam/report/stored.h"
#include "nicteam/report/summary.h"
#include "nicteam/scenario/idle_settings.h"
#include "nicteam/scenario/idle_teams.h"
#include "nicteam/scenario/modes_and_groups.h"
#include "nicteam/scenario/explain.h"
#include "nicteam/scenario/read.h"
#include "nicteam/scenario/run.h"
#include "nicteam/scenario/schema.h"
#include "nicteam/sweep/stored.h"
#include "nicteam/sweep/sweep.h"
#include "output.h"
#include "places.h"
#include "run.h"
#include "sweep.h"

namespace nicteam::runner {
namespace {

int list(const command& c) {
    std::vector<std::string> directories = c.scenarios;
    if (directories.empty()) directories.push_back(scenario_directory());
    for (const std::string& d : directories) {
        const auto all = scenario::list(d);
        if (all.empty()) {
            report::write_message(fmt::format("nicteam: no scenarios in {}\n", d.empty() ? "scenarios" : d));
            return usage_error;
        }
        std::size_t widest = 0;
        for (const auto& l : all) widest = std::max(widest, l.file.size());
        for (const auto& l : all) report::write_output(fmt::format("{:<{}}  {}\n", l.file, widest, l.title));
    }
    return 0;
}

int explain(const command& c) {
    int status = 0;
    for (const std::string& key : c.keys) {
        std::string text;
        if (scenario::explain(key, text)) {
            report::write_output(text);
        } else {
            report::write_message(fmt::format("nicteam: {}", text));
            status = usage_error;
        }
    }
    return status;
}

int validate(const command& c) {
    int status = 0;
    for (const std::string& given : c.scenarios) {
        std::string hint;  // where it is wrong, the whole sweep says so; where the scenario is, that alone
        if (const std::string wrong = sweep::problems_of(find_scenario(given, hint), {from_environment(), c.sets, c.seed, c.until, c.trace}); !wrong.empty()) {
            report::write_message(wrong);
            status = usage_error;
            continue;
        }
        const auto r = read_scenario(c, given);
        if (!r.what) {
            status = usage_error;
            continue;
        }
        for (const std::string& note : scenario::idle_settings(*r.what, r.found)) report::write_message(fmt::format("{}\n", note));
        for (const std::string& note : scenario::modes_and_groups(*r.what, r.found)) report::write_message(fmt::format("{}\n", note));
        for (const std::string& note : scenario::idle_teams(*r.what, r.found)) report::write_message(fmt::format("{}\n", note));
        report::write_output(fmt::format("{}: no errors\n", r.what->file));
    }
    return status;
}

// That of the run itself, but for one that was interrupted: of that all there is has been told.
int status_of(const report::stored_run& run) {
    const report::run_result& r = run.result;
    if (!run.not_written.empty()) return 3;
    if (std::any_of(r.checks.begin(), r.checks.end(), [](const auto& k) { return k.breaches && !k.counts_only; })) return 3;
    return std::any_of(r.verdicts.begin(), r.verdicts.end(), [](const auto& v) { return !v.held; }) ? 1 : 0;
}

int show(const command& c) {
    int status = 0;
    output out;
    for (const std::string& directory : c.scenarios) {
        try {
            if (sweep::is_sweep(directory)) {
                int of_sweep = 0;
                out.write(pages::sweep_summary(directory, of_sweep));
                status = std::max(status, of_sweep);
                try {
                    pages::write_sweep_page(directory);
                    out.write(fmt::format("  {}/{}, {}\n", directory, pages::sweep_page_name, pages::plot_script_name));
                } catch (const report::write_error& e) {
                    report::write_message(fmt::format("nicteam: {}\n", e.what()));
                    status = 3;
                }
                continue;
            }
            const auto run = report::read_results(directory);
            try {
                c.plain ? report::write_page(directory) : pages::write_run_page(directory);
            } catch (const report::write_error& e) {
                report::write_message(fmt::format("nicteam: {}\n", e.what()));
                status = 3;
            }
            out.write(report::summary_text(run.result, {color_wanted(), directory}));
            status = std::max(status, status_of(run));
        } catch (const report::unreadable& e) {
            report::write_message(fmt::format("nicteam: {}{}\n", e.what(), sweep::is_sweep(directory) ? "" : results_meant(directory)));
            status = std::max(status, usage_error);
        }
    }
    return out.status(status);
}

command given;

}  // namespace
}  // namespace nicteam::runner

// The kernel's entry: exactly one scenario, already checked.
int sc_main(int, char**) { return nicteam::runner::simulate(nicteam::runner::given); }

int main(int argc, char** argv) {
    using namespace nicteam::runner;
    hold_standard_streams();
    const std::string_view asked = argc > 1 ? argv[1] : "";
    if (asked == "run" || asked == "sweep") listen_for_signals();
    if (asked == "report" || asked == "compare") end_on_signals();
    std::signal(SIGPIPE, SIG_IGN);  // a reader that leaves shows as a failed write
    try {
        const int status = read_command_line(argc, argv, given);
        if (status >= 0) return status;
        switch (given.what) {
            case command::list:
                return list(given);
            case command::explain:
                return explain(given);
            case command::schema:
                nicteam::report::write_output(nicteam::scenario::json_schema());
                return 0;
            case command::report:
                return show(given);
            case command::compare:
                return run_compare(given);
            case command::validate:
                return validate(given);
            case command::sweep:
                return run_sweep(given, argc, argv);
            case command::run:
                return run_all(given, argc, argv);
        }
    } catch (const nicteam::report::reader_left&) {
        return nicteam::scenario::reader_left;
    } catch (const std::exception& e) {
        nicteam::report::write_message(fmt::format("nicteam: {}\n", e.what()));
    }
    return 3;
}
