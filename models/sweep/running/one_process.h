// One run, in the process that it is called in and takes up.
#pragma once

#include <csignal>
#include <string>

#include "sweep/running/task.h"

namespace nicteam::sweep {

struct performed {
    record what;               // also of one that did not run to its end: its exit status
    double part = 0;           // how much of its time was simulated
    std::string unwritten{};   // why some file of it was not written; "": all were
};
// `identity`: whose record and files it leaves, in `where`.
performed perform(const task&, const std::string& identity, scenario::reading&, const directory& where, const volatile std::sig_atomic_t& interrupted);

}  // namespace nicteam::sweep
