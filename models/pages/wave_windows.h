// Save files for GTKWave beside wave.gtkw, each of which opens the waveform where something happened.
#pragma once

#include <string>
#include <vector>

#include "nicteam/report/result.h"
#include "pages/packet_times.h"

namespace nicteam::pages {

struct wave_window {
    std::string file, what;
    ps from, until;
};
// Where faults are, where a team decides, and the way of the slowest packet if it was drawn whole.
// None without wave.gtkw. At most `most_windows`, the earliest. Each is listed in run.json; more of an earlier report go. Throws report::write_error.
inline constexpr std::size_t most_windows = 12;
std::vector<wave_window> write_wave_windows(const std::string& directory, const report::run_result&, const packet_times::packet& slowest);

}  // namespace nicteam::pages
