// A save file with which GTKWave opens a waveform usefully: groups, colours, hex, FIFO levels as curves, states as text.
#pragma once

#include <string>
#include <vector>

#include "nicteam/base/time.h"
#include "nicteam/report/vcd_writer.h"

namespace nicteam::report {

// One group per scope, its variables in the order of the waveform; names ending in `level`, `_bytes` or `_frames` with more
// than 4 bits are drawn as curves. `vcd`: name of the waveform beside the save file.
std::string gtkw_text(const std::string& vcd, const std::vector<vcd_writer::shown>&, ps from, ps until);

}  // namespace nicteam::report
