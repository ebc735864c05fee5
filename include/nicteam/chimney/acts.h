// The numbered acts and signals of FIG. 3, 6 and 7 of source document 002, as they happen: for tests of their order, for ladders, and for costs.
#pragma once

#include <cstdint>

#include "nicteam/base/tables.h"

namespace nicteam::chimney {

enum class act : std::uint8_t {
    // FIG. 3
    request_330, request_332, request_334, request_336, decision_370, completion_308, state_310, completion_312, state_314, completion_316, state_318,
    completion_320, buffers_322,
    // FIG. 6
    update_610, update_620, update_630, update_640, updated_645, updated_635, updated_625, updated_615,
    // FIG. 7
    indicate_702, indicate_704, terminate_728, terminate_726, terminate_724, terminate_722, in_progress_732, in_progress_734, completion_742, completion_744,
    completion_746, completion_748,
};
constexpr std::size_t act_kinds = static_cast<std::size_t>(act::completion_748) + 1;

struct act_info {
    unsigned number;             // in the figures
    const char *from, *to;       // who signals whom; alike: an act of its own
    const char* meaning;
};
table<act_info> acts();          // in the order of enum class act

class act_observer {
public:
    virtual ~act_observer() = default;
    // `of`: how many objects it is about.
    virtual void acted(act, std::size_t of) = 0;
};

}  // namespace nicteam::chimney
