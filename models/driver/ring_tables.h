#pragma once

#include "nicteam/base/tables.h"

namespace nicteam::driver {

constexpr metric_info ring_metrics[] = {
    {"posted", "entries", "entries written into the command ring; each concludes once", metric_info::counter},
    {"executed", "entries", "entries concluded as executed", metric_info::counter},
    {"not_executed", "entries", "entries concluded as not executed: told so, or outstanding when the unit was gone", metric_info::counter},
    {"unknown", "entries", "entries outstanding when the unit was gone that may have had an effect", metric_info::counter},
    {"stray", "entries", "completions of nothing that was outstanding", metric_info::counter},
    {"failed_start", "starts", "units that were not there, had another format, or refused their rings", metric_info::counter},
    {"installed", "associations", "handed to the unit", metric_info::counter},
    {"install_refused", "associations", "that the unit cannot do, by its capability block or by its answer", metric_info::counter},
    {"taken_home", "associations", "frozen, read and removed: window, counters and unused numbers are the host's again", metric_info::counter},
    {"lost", "associations", "that were with a unit when it was reset or gone: their lent numbers are a gap", metric_info::counter},
    {"soft_lifetimes", "associations", "past their soft lifetime, as jobs of the ring told: they ask for successors (RFC 4301, 4.4.2.1)", metric_info::counter},
    {"hard_lifetimes", "associations", "past their hard lifetime, as jobs of the ring told", metric_info::counter},
    {"numbers_used_up", "associations", "whose last sequence number went into a job (RFC 4303, 3.3.3)", metric_info::counter},
    {"path_changes", "associations", "whose unit took a path MTU that the host learned", metric_info::counter},
    {"timeouts", "times", "that nothing outstanding concluded for the driver's time-out: the unit was told again, at the second time in a row reset", metric_info::counter},
    {"places", "associations", "associations that lie in the unit: places of its tables", metric_info::level},
    {"asked", "jobs", "jobs that its driver was asked for: driver_request for each, and for each entry posted", metric_info::counter},
    {"handled", "times", "that the handler's own instructions were spent on its completions: driver_interrupt", metric_info::counter},
    {"alone", "interrupts", "interrupts that told of its completions and of nothing else: interrupt_entry and interrupt_exit", metric_info::counter},
    {"register_wait", "ps", "time that the CPU stood still for its registers", metric_info::counter},
    {"early", "interrupts", "that came before the completion that they told of lay in memory: the driver looks again", metric_info::counter},
    {"looks", "looks", "for completions that were told of early", metric_info::counter},
};
constexpr const metric_info* ring_timeouts = ring_metrics + 14;
constexpr const metric_info* ring_early = ring_metrics + 20;
constexpr const metric_info* association_metrics = ring_metrics + 6;
constexpr const metric_info* ring_costs = ring_metrics + 16;

}  // namespace nicteam::driver
