#include "scenario/notes/all_notes.h"

#include <iterator>

#include "scenario/notes/clock_notes.h"
#include "scenario/notes/crypto_notes.h"
#include "scenario/notes/descriptor_notes.h"
#include "scenario/notes/detector_notes.h"
#include "scenario/notes/device_notes.h"
#include "scenario/notes/end_notes.h"
#include "scenario/notes/engine_notes.h"
#include "scenario/notes/fault_notes.h"
#include "scenario/notes/feedback_saved.h"
#include "scenario/notes/flow_control.h"
#include "scenario/notes/half_duplex.h"
#include "scenario/notes/interrupt_notes.h"
#include "scenario/notes/interrupt_storms.h"
#include "scenario/notes/replay_notes.h"
#include "scenario/notes/stack_notes.h"
#include "scenario/notes/start_notes.h"
#include "scenario/notes/team_notes.h"

namespace nicteam::scenario {

void add_notes(const resolved& r, sim::session& session, system& built, report::run_result& result) {
    const auto add = [&result](std::vector<std::string> some) {
        result.notes.insert(result.notes.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
    };
    add(end_notes(r));
    add(replay_notes(r, session, built.replays()));
    add(clock_notes(r));
    add(doubt_notes(r, session));
    add(detector_notes(r));
    add(device_notes(r));
    add(fault_notes(r));
    add(interrupt_storms(r, result));
    add(start_notes(r, session));
    add(interrupt_notes(r, session));
    add(flow_control_notes(r, session));
    add(crypto_notes(r, session));
    add(engine_notes(r, session, built));
    add(device_refusal_notes(r, built));
    add(feedback_saved(r, result));
    add(audit_notes(r, built));
    add(team_notes(r, session));
    add(stack_notes(r, session));
    const auto controller = [&built](const std::string& nic) { return built.controller(nic); };
    add(descriptor_notes(r, session, controller));
    add(half_duplex_notes(r, [&built](const std::string& link) { return built.cable(link); }));
}

}  // namespace nicteam::scenario
