// A save file with which GTKWave opens a waveform usefully: groups, colours, hex, FIFO levels as curves, states as text.
#pragma once

#include <string>
#include <vector>

#include "nicteam/base/time.h"
#include "nicteam/report/waveform_writer.h"

namespace nicteam::report {

// What GTKWave shows first: the window, and in it `focus`, an instant worth looking at (marked), with the bus clock readable.
struct gtkw_view {
    ps from = 0, until = 0;
    ps focus = never;                    // never: the beginning of the window
};

// One group per scope, those of teams first, then those of buses and what is on them first; variables that never change are left to the tree. Names
// ending in `level`, `_bytes` or `_frames` with more than 4 bits are drawn as curves. `vcd`: name of the waveform beside the
// save file.
std::string gtkw_text(const std::string& vcd, const std::vector<waveform_writer::shown>&, const gtkw_view&);

}  // namespace nicteam::report
