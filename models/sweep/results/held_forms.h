// How often the closed forms of a figure were held to, and those that never were.
#pragma once

#include <cstddef>
#include <vector>

#include "sweep/results/figures.h"

namespace nicteam::sweep {

// Of one figure: runs.
struct held_forms {
    std::size_t ended = 0;              // ran to their end
    std::size_t valued = 0;             // of these, in which the figure has a value
    std::size_t at_most = 0, at_least = 0;  // of these, in which the form has one too: the figure was held to it
    std::size_t near = 0;               // in which `within` counts, or without it any form

    void count(const worked_figure&);   // a run that ended
};

// A form that was held to in no run says nothing: a breach each. None where no run ended.
void add_held_nowhere(const figure&, const held_forms&, std::vector<breach>&);

}  // namespace nicteam::sweep
