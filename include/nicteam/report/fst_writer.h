// The waveform in GTKWave's compressed format (FST), where its writer was found when this was built: some 2 to 5 octets a clock of a busy bus, and many times
// smaller than a VCD. The octets depend on the changes alone.
#pragma once

#include <memory>
#include <string>

#include "nicteam/report/waveform_writer.h"

namespace nicteam::report {

// "": waveforms can be written so; else why not.
std::string why_no_fst();

// Throws write_error; std::invalid_argument when why_no_fst() says something.
std::unique_ptr<waveform_writer> make_fst_writer(const std::string& path, waveform_options);

}  // namespace nicteam::report
