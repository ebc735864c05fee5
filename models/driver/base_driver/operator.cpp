// What an operator does to a driver: resets it, or takes it down for a time (docs/decisions/0156).
#include "driver/base_driver/machinery.h"

namespace nicteam::driver {

const fault_info operator_fault_rows[operator_faults] = {
    {"reset", "", "an operator resets the driver: it halts, all that is outstanding completes as done or not done, and it sets its device up again"},
    {"taken_down", "", "an operator takes the driver down: it halts, and sets its device up again when this ends"},
};

void base_driver::machinery::bind_operator() {
    sim::bind_fault(driver, operator_fault_rows[0], [this](bool begin, std::int64_t, ps at) {
        if (begin) home().post(at, [this](host::cpu& c) { operator_reset(c); });
    });
    sim::bind_fault(driver, operator_fault_rows[1], [this, n = sim::fault_count()](bool begin, std::int64_t, ps at) mutable {
        if (n.change(begin)) home().post(at, [this, begin](host::cpu& c) { take_down(c, begin); });
    });
}

// One that is down stays down; one whose device has failed it tries again.
void base_driver::machinery::operator_reset(host::cpu& c) {
    if (down) return;
    count(driver_metric::operator_resets);
    halt(c, halt_reason::reset);
    start_again(c);
}

void base_driver::machinery::take_down(host::cpu& c, bool begin) {
    down = begin;
    if (begin) halt(c, halt_reason::shutdown);
    else start_again(c);
}

}  // namespace nicteam::driver
