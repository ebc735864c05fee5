// How a team uses its members for regular traffic: one file a mode in models/team/modes/ (source documents 000/001, ¶27-28, ¶37; modes of
// Linux bonding). Protocol code: octets and a time in, decisions out; it never waits, and whoever runs it charges for it.
#pragma once

#include <array>

#include "nicteam/team/member.h"

namespace nicteam::team {

// Where a frame leaves. No member: it is dropped, and the team says so.
struct route {
    std::array<unsigned, most_members> to{};
    unsigned count = 0;
    // Addresses that the frame carries instead, the same through all members: of the source at octet 6, of ARP bodies behind it.
    struct patch { unsigned offset; mac_address mac; };
    std::array<patch, 2> patches{};
    unsigned patched = 0;

    void clear() { count = patched = 0; }
    void add(unsigned member) { to[count++] = member; }
    void write(unsigned offset, const mac_address& m) { patches[patched++] = {offset, m}; }
};

class mode {
public:
    virtual ~mode() = default;
    virtual const char* mode_name() const = 0;                // as a scenario names it: "active_backup"

    // Once, when the team begins, before any other call. All members are there; none need be usable.
    virtual void start(const members&, ps now, actions&) = 0;
    // A member became usable or unusable, came or went, or runs at another rate.
    virtual void changed(const members&, ps now, actions&) = 0;

    // A frame that the host sends. `out` is empty before the call.
    virtual void choose(const frame_view&, const members&, ps now, route& out) = 0;
    // A frame that came in through this member. True: it is the mode's own (LACPDU) and goes no further.
    virtual bool takes(unsigned member, const frame_view&, const members&, ps now, actions&) { return false; }
    // Any other: true, it is delivered; false, it is dropped (a copy that a standby member got too). It may learn from it.
    virtual bool delivers(unsigned member, const frame_view&, const members&, ps now, actions&) = 0;

    // When it wants due() next; `never`: not by itself. Asked after each call.
    virtual ps next() const { return never; }
    virtual void due(const members&, ps now, actions&) {}

    // An operator's, of modes with an active member: none is, and the mode chooses anew; or this one is, until members change. False: there is no such
    // member in this mode, or it is not usable.
    virtual bool clear_active(const members&, ps now, actions&) { return false; }
    virtual bool set_active(unsigned member, const members&, ps now, actions&) { return false; }

    // For those who share engines and for reports: whether this member is one of those that carry regular traffic now, and the
    // one that does when there is only one (AFT); else no_member.
    virtual bool carries(unsigned member) const = 0;
    virtual unsigned active() const { return no_member; }
    virtual bool single_active() const { return false; }      // FIG. 6, 366: AFT; else every member is used as in ALB (¶48)
    virtual bool sends_copies() const { return false; }       // each frame leaves by all members that carry traffic
};

}  // namespace nicteam::team
