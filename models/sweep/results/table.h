// Results as tables: one row a run, and one row a point.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "nicteam/sweep/table.h"
#include "sweep/points/plan.h"
#include "sweep/reading/description.h"
#include "sweep/results/record.h"

namespace nicteam::sweep {

// What a run's configuration has elsewhere than the one before all points: a line of it.
struct changed_line {
    std::size_t line;  // from 0
    std::string text;
};
std::vector<std::string> lines_of(const std::string& configuration);
std::vector<changed_line> changes_of(const std::vector<std::string>& before, const std::string& configuration);

// One run: a point, its replicate, what came of it; `found` is none when it has not run yet.
struct one_run {
    std::size_t point = 0, replicate = 0;
    std::uint64_t seed = 0;
    std::string identity;
    std::optional<record> found;
    std::vector<changed_line> changes{};  // of its configuration; none of one that was refused
};

struct results {
    table runs;
    table points;              // means over the replicates that ran to their end, half widths of their intervals
    table figures;             // a row a figure: how it is worked out, what is wanted of it, to what it is held
    table effects;             // main effects: means over all points with one value, or a third of the range, of a parameter
    table breaches;            // of closed forms: a row each
    table notes;               // figures and closed forms that have no value at some runs, and why
};
// Points and runs in order. A figure that has no value at a run has an empty cell there, and a note.
results tabulate(const description&, const scenario::resolved& base, const std::vector<point>&, const std::vector<one_run>&);

struct held_forms;

// A row a figure, from the description and from how often it was held to its closed forms; main effects of each parameter on each figure, from the points.
table table_of_figures(const description&, const table& points, const std::vector<held_forms>&);
table table_of_effects(const description&, const table& points);
// What a reader of the results has to know of the sweep: rows of key and value.
struct sweep_facts {
    std::string version, scenario;
    std::size_t refused = 0, doubled = 0;  // points that are none
};
table table_of_facts(const description&, const scenario::resolved& base, const sweep_facts&);

// Configurations of all runs: the common lines, by number, and what each run has in their place.
struct configurations {
    table common, changes;
    static const char* const view;  // SQL: table `configurations`, identity and text
};
configurations configurations_of(const std::vector<std::string>& common, const std::vector<one_run>&);

std::string to_csv(const table&);  // RFC 4180, with a heading; numbers as the shortest text that is read back as the same

// All tables, the table `units` (column, unit, meaning), in a new file; the same rows give the same octets. Throws std::runtime_error.
// `last`: statements behind them.
void write_database(const std::string& file, const std::vector<const table*>&, const std::vector<std::string>& last = {});

}  // namespace nicteam::sweep
