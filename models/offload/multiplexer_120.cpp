#include "nicteam/offload/multiplexer_120.h"

#include <algorithm>

namespace nicteam::offload {

ps multiplexer_120::offered() const { return std::min(inputs_[0]->offered(), inputs_[1]->offered()); }

item_ref multiplexer_120::take(ps at) {
    const bool forward = input(multiplexer_input::feedforward_130).ready(at), back = input(multiplexer_input::feedback_122).ready(at);
    if (forward && back) selected_ = policy_.choose(selected_);
    else selected_ = back ? multiplexer_input::feedback_122 : multiplexer_input::feedforward_130;
    return input(selected_).take(at);
}

}  // namespace nicteam::offload
