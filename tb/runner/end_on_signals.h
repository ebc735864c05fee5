// What makes results anew from files ends at once when it is asked to: what it had begun to write goes, what was there stays.
#pragma once

namespace nicteam::runner {

void end_on_signals();  // SIGINT, SIGTERM, SIGHUP: status 130; may be called before any constructor

}  // namespace nicteam::runner
