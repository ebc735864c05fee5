// What arrives goes first: less room is needed in front, but with hold-off on both sides the loop may lock up.
#include "offload/priorities/priorities.h"

namespace nicteam::offload {
namespace {
struct first : multiplexer_policy {
    multiplexer_input choose(multiplexer_input) const override { return multiplexer_input::feedforward_130; }
};
}  // namespace

const multiplexer_policy& feedforward_first() {
    static const first p;
    return p;
}

}  // namespace nicteam::offload
