// broadcast of Linux bonding: everything through every good member.
#include "team/modes/all_active.h"
#include "team/modes/modes.h"

namespace nicteam::team {
namespace {

class broadcast : public all_active {
public:
    broadcast() : all_active(mode_kind::broadcast) {}
    void choose(const frame_view&, const members&, ps, route& out) override {
        for (const unsigned m : usable()) out.add(m);
    }
    bool sends_copies() const override { return true; }
};

}  // namespace

std::unique_ptr<mode> make_broadcast(const mode_config&, random_stream) { return std::make_unique<broadcast>(); }

}  // namespace nicteam::team
