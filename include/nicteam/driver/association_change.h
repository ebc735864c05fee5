// An association goes into a device, or comes out of it, while it runs: through the device's ring, and it costs what that costs.
#pragma once

#include "nicteam/driver/adapter.h"

namespace nicteam::driver {

// Done: the device has it, and has it anew after each bring-up; or it came home with window, counters and unused numbers, and its place is free.
// Refused or failed: nothing of that, `detail` says why. Not done: the device is not there. However it ends, one that was asked out is not put in again when
// the device is set up anew.
struct association_change final : control {
    association_change() : control("association_change") {}
    state::handle association;               // by the driver's name for it
    bool in = true;                          // else out
    // In, of one that is there: it goes in once more, and the driver forgets the first, whose place nobody gives back and whose numbers are a gap.
    bool once_more = false;
};

}  // namespace nicteam::driver
