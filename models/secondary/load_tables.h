#pragma once

#include "nicteam/base/tables.h"

namespace nicteam::secondary {

enum load_metric : unsigned { l_due, l_lost, l_damaged };
constexpr metric_info load_metrics[] = {
    {"due", "jobs", "jobs that fell due: of a closed loop those that were handed over"},
    {"lost", "jobs", "jobs that fell due when all places were taken"},
    {"damaged", "jobs", "jobs that were done, with a result that the session's other end does not take: another packet, a bad ICV, a number that came before; or a CRC-32c that is not that of the buffer"},
};

}  // namespace nicteam::secondary
