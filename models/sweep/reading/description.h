// A sweep as its scenario and the command line describe it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "nicteam/scenario/read.h"
#include "sweep/points/plan.h"
#include "sweep/statistics/pareto.h"

namespace nicteam::sweep {

// Where something is written, and what it is there: "figure.as".
struct place {
    scenario::position at;
    std::string label;
};

// A figure of each run, and what it is held to.
struct figure {
    std::string name, unit;
    expression as;
    std::optional<aim> wanted;
    std::optional<expression> at_most, at_least, equals, where, close_where;  // `where`: of at_most, at_least, equals alike; close_where: of `within`
    std::optional<double> within;  // of the closed form: of `equals` the mean of a point's runs with its interval, else each run
    place at{}, unit_at{};
};

// A value that somebody wrote for a parameter.
struct written_value {
    assignment set;
    place at;
    scenario::position place_of_all{};  // of all that belong together: a [[vary]], a baseline
    bool range = false, is_end = false; // one of a range; one of its ends
    bool one_of_several = false;        // parameters at that place
};

struct description {
    plan what;
    std::vector<std::string> headings;  // of the parameters: those that vary, then those that follow
    std::vector<std::pair<std::string, bool>> scales;  // of ranges, by heading: logarithmic
    std::vector<figure> figures;
    std::vector<std::string> metrics;   // "p99(client.up.delay)", "nic.rx_frames": properties of metrics, patterns allowed
    std::optional<double> seconds;      // limit of the wall clock for one run
    double confidence = 0.95;
    bool keep_files = false;
    std::vector<std::string> sets;      // of the command line, the same for every point
    std::vector<place> places{1};       // of expressions, by their mark
    std::vector<place> of_headings;
    std::vector<written_value> values;
    place of_metrics{};
    bool whole = false;                 // nothing is wrong with what varies: points can be drawn
    bool named = false;                 // parameters and variables are all there: constraints can be tried
};

// Of a sweep that names no figure: throughput and latency of all flows, the use of what limits, and where faults meet teams how long flows were silent.
std::vector<figure> usual_figures(const scenario::resolved&, const std::vector<std::string>& names_taken);

std::string heading_of(const description&, const std::string& key);  // of a parameter's column

// Which part of a scenario is wrong, if any: of a sweep's own tables only some names may be missing, and the rest can be read.
enum class wrong_part { none, figures, sweep, scenario };
wrong_part wrong_in(const scenario::reading&);

// `sets`: those of the command line; one with several values, "key=a,b", varies. Either stands instead of a [[vary]] of the same key, or of that name. What is
// wrong is added to the problems of the reading: not yet told is what needs points (running/preparation.h).
struct reading {
    scenario::reading base;             // the scenario with what is the same for every point
    std::optional<description> what;    // none: the scenario itself is wrong
};
reading read_sweep(const std::string& file, const scenario::read_options&);

// "a, b" -> {"a", "b"}; commas within brackets and quotations part nothing, and quotation marks about a whole value are none of it.
std::vector<std::string> split_values(const std::string&);

}  // namespace nicteam::sweep
