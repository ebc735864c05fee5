// Files that are being written under temporary names: a signal that ends the process at once removes them.
#pragma once

#include <string>

namespace nicteam::report {

// From before it is there until it has its name or is gone. Of more than 16 at a time, or with a path longer than 4095 octets, one is not remembered.
void begin_temporary(const std::string& path);
void end_temporary(const std::string& path);

void remove_temporaries() noexcept;  // may be called by a handler of signals (async-signal-safe)

}  // namespace nicteam::report
