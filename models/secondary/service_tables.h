// What the service counts.
#pragma once

#include "nicteam/base/tables.h"

namespace nicteam::secondary {

enum service_metric : unsigned { s_waiting, s_again, s_lost, s_idle, s_soft, s_hard, s_delivered, s_looped_back };
constexpr metric_info service_metrics[] = {
    {"waiting", "jobs", "jobs that no engine may have yet", metric_info::level},
    {"reissued", "jobs", "jobs of an engine that did not do them, given to another, with a new sequence number where one is drawn"},
    {"engines_lost", "engines", "times that an engine did not do a job, and was left alone for `retry`"},
    {"idle_with_backlog", "ps", "time in which an engine that may be loaded had no job while one waited that it can do: row A-91"},
    {"soft_lifetimes", "associations", "associations of the pool that all units together took past a soft limit"},
    {"hard_lifetimes", "associations", "associations of the pool that all units together took to a hard limit: no unit works on them any more"},
    {"secondary_358", "jobs", "jobs that requesters delivered for secondary use, each with its way back (source document 000, FIG. 6: 358)"},
    {"looped_back_358", "jobs", "of these, those that went back to their requester, done or not"},
};

enum engine_metric : unsigned { e_jobs, e_octets, e_not_done, e_jobs_now, e_working };
constexpr metric_info engine_metrics[] = {
    {"jobs", "jobs", "jobs that it did"},
    {"octets", "B", "of their packets, as they came"},
    {"not_done", "jobs", "jobs that it did not do: refused, failed, or gone"},
    {"jobs_now", "jobs", "jobs with it, waiting or given to its unit", metric_info::level},
    {"working", "", "1 while its unit has a job", metric_info::level},
};

enum requester_metric : unsigned { r_submitted, r_octets, r_done, r_not_verified, r_refused, r_failed, r_not_done, r_no_room, r_time };
constexpr metric_info requester_metrics[] = {
    {"submitted", "jobs", "jobs handed to the service; each finishes once"},
    {"octets", "B", "of the packets of those that were done and found good, as they came"},
    {"done", "jobs", "of these, those that were done and found good"},
    {"not_verified", "jobs", "of these, those that an engine worked on and found bad: wrong ICV, old or repeated number, malformed"},
    {"refused", "jobs", "of these, those that no engine of the pool can do, or that it does not announce"},
    {"failed", "jobs", "of these, those that an engine tried and failed at, and no other may or can try"},
    {"not_done", "jobs", "of these, those that no engine which is there can do: removed, or left alone for `retry` after it did not answer"},
    {"no_room", "jobs", "of these, those that found too many waiting"},
    {"job_time", "ps", "from submission to loop-back, of jobs that were done", metric_info::histogram},
};

}  // namespace nicteam::secondary
