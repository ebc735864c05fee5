#include "nicteam/offload/multiplexer_120.h"

#include <algorithm>

namespace nicteam::offload {

ps multiplexer_120::offered() const { return std::min(inputs_[0]->offered(), inputs_[1]->offered()); }

bool multiplexer_120::waits(multiplexer_input i, ps at) const {
    if (!input(i).ready(at)) return false;
    return i == multiplexer_input::feedback_122 || !rule_ || rule_(at);
}

item_ref multiplexer_120::take(ps at) {
    const bool forward = waits(multiplexer_input::feedforward_130, at), back = waits(multiplexer_input::feedback_122, at);
    if (forward && back) selected_ = policy_.choose(selected_);
    else selected_ = back ? multiplexer_input::feedback_122 : multiplexer_input::feedforward_130;
    return input(selected_).take(at);
}

}  // namespace nicteam::offload
