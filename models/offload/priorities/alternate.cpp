// The input that did not go last.
#include "offload/priorities/priorities.h"

namespace nicteam::offload {
namespace {
struct other : multiplexer_policy {
    multiplexer_input choose(multiplexer_input last) const override {
        return last == multiplexer_input::feedback_122 ? multiplexer_input::feedforward_130 : multiplexer_input::feedback_122;
    }
};
}  // namespace

const multiplexer_policy& alternate() {
    static const other p;
    return p;
}

const multiplexer_policy& policy_of(multiplexer_priority p) {
    switch (p) {
        case multiplexer_priority::feedforward_first: return feedforward_first();
        case multiplexer_priority::alternate: return alternate();
        default: return feedback_first();
    }
}

}  // namespace nicteam::offload
