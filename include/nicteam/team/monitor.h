// How a team finds out which members can carry regular traffic: one file a monitor in models/team/monitors/. A team may have several: a
// member is usable when all of them say so. Protocol code, like a mode.
#pragma once

#include "nicteam/team/member.h"

namespace nicteam::team {

class monitor {
public:
    virtual ~monitor() = default;
    virtual const char* monitor_name() const = 0;             // as a scenario names it: "media", "probes", "arp", "heartbeat"

    virtual void start(const members&, ps now, actions&) = 0;
    // `link`, `present` or `rate` of this member is new.
    virtual void changed(unsigned member, const members&, ps now, actions&) = 0;
    // A frame that came in. True: it is the monitor's own (a probe, an answer) and goes no further. Others it may take as a sign of life.
    virtual bool takes(unsigned member, const frame_view&, const members&, ps now, actions&) { return false; }

    // Frames of the team's own that were made for this member by then have left it, or never will.
    virtual void left(unsigned member, ps made, ps now) {}
    // This one never will; of those before it nothing is known.
    virtual void lost(unsigned member, const frame_view&, ps now) {}

    virtual ps next() const = 0;                              // `never`: not by itself. Asked after each call
    virtual void due(const members&, ps now, actions&) = 0;

    virtual bool good(unsigned member) const = 0;             // its verdict, now
    virtual ps decided_at(unsigned member) const = 0;         // when it came to that
};

}  // namespace nicteam::team
