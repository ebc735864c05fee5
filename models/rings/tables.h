#pragma once

#include "nicteam/base/tables.h"

namespace nicteam::rings {

enum : unsigned { executed_entries, refused_entries, jobs_out, jobs_in, engine_failures, octets_read, octets_written, entry_time };
constexpr metric_info metrics[] = {
    {"executed", "entries", "entries of the command ring that were executed", metric_info::counter},
    {"not_executed", "entries", "entries that completed with the reason why they were not", metric_info::counter},
    {"jobs_out", "packets", "outbound jobs executed", metric_info::counter},
    {"jobs_in", "packets", "inbound jobs executed, whatever the verdict", metric_info::counter},
    {"engine_failures", "jobs", "jobs that the engines failed at: not executed, and no number or window of the unit has moved", metric_info::counter},
    {"octets_read", "B", "octets read from memory: entries, blocks, parts, packets", metric_info::counter},
    {"octets_written", "B", "octets written to memory: results and completions", metric_info::counter},
    {"entry_time", "ps", "from the edge at which an entry is asked for to the one at which its completion is known to be written",
     metric_info::histogram},
};

}  // namespace nicteam::rings
