// All runs of a sweep, or of a shard: each in a process of its own, so many at a time, but for those that have ended before.
#pragma once

#include <string>

#include "nicteam/sweep/verdict.h"
#include "sweep/running/task.h"

namespace nicteam::sweep {

struct ran {
    verdict ended{};              // what ended here, or had: what a shard answers for; missing: killed from outside
    std::size_t first_killed = 0;  // one of them
    std::string unwritten{};       // a record, or a file of a run, that could not be written: it ended there
};
ran run_all(task&);

}  // namespace nicteam::sweep
