// A datagram that was fed back holds a place in the loop until it is through: letting it go first can never lock up.
#include "offload/priorities/priorities.h"

namespace nicteam::offload {
namespace {
struct first : multiplexer_policy {
    multiplexer_input choose(multiplexer_input) const override { return multiplexer_input::feedback_122; }
};
}  // namespace

const multiplexer_policy& feedback_first() {
    static const first p;
    return p;
}

}  // namespace nicteam::offload
