// Two runs, or two sweeps: what differs, by how much, and whether that may be chance. Decision 198.
#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "nicteam/sweep/interval.h"

namespace nicteam::pages {

struct not_comparable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct difference {
    std::string figure, unit, of;     // `of`: the point, or what it was measured of; "": of all points together
    double a = 0, b = 0;              // means
    sweep::interval interval;         // of B - A: its count of pairs, or of all values; half width unknown: too few
    sweep::interval corrected;        // the same for as many comparisons as are made
    bool paired = false;
    int wanted = 0;                   // 1 more, -1 less is better, 0 nobody said

    bool stands_out() const { return interval.excludes(0); }    // by itself
    bool differs() const { return corrected.excludes(0); }      // among all that are compared
};

struct setting {
    std::string key, a, b;  // values as the resolved scenario writes them; "not given"
};

struct comparison {
    std::string kind, a, b;                        // "sweep" or "run"; directories
    std::string title_a, title_b;                  // which scenario, version and seed
    double confidence = 0.95;
    std::vector<difference> overall, single;       // figures; figures of points, or of flows and totals
    std::vector<setting> settings;                 // that differ; of sweeps what is the same for all points of each
    std::vector<std::string> notes;                // what is not compared, and other differences
    std::size_t compared = 0;                      // that have an interval
    bool worse = false;                            // an expectation, or a closed form, that held in A does not in B, or a run failed
    std::string why_not;                           // some have none
    std::vector<std::string> hints;                // how they would

    std::size_t differing() const;
    bool differs() const { return differing() > 0; }
    std::size_t not_judged() const;                // whose values are not the same, and of which nothing says whether that is chance
};

// For scripts: 0 nothing that was judged differs, 1 they differ or B is worse, 4 values differ and none of them could be judged. Decision 211.
int status_of(const comparison&);

// Points with the same parameters, runs with the same seeds. Throws not_comparable, report::unreadable.
comparison compare(const std::string& a, const std::string& b, double confidence);

std::string to_text(const comparison&);
void write_comparison_page(const comparison&, const std::string& file);  // throws report::write_error

}  // namespace nicteam::pages
