#include "nicteam/check/joints.h"

#include <fmt/format.h>

#include "nicteam/report/decimal.h"

namespace nicteam::check {
namespace {

const char* name(offload::multiplexer_input i) { return i == offload::multiplexer_input::feedback_122 ? "122" : "130"; }

}  // namespace

void joints::passes(unsigned joint, offload::multiplexer_input from, trace_id id, const span& words) {
    const auto it = passing_.find(joint);
    if (it != passing_.end() && words.first() <= it->second.last)
        breaches_.report(checker::joints, words.first(),
                         fmt::format("packet {} from input {} passes into input {} of {} before the last word of packet {} from input {}, at {}", id_text(id),
                                     name(from), joint, block_, id_text(it->second.id), name(it->second.from), report::time_text(it->second.last)));
    passing_[joint] = {from, id, words.last()};
}

void joints::ends(unsigned joint, trace_id id, ps at) {
    const auto it = passing_.find(joint);
    if (it != passing_.end() && it->second.id == id) it->second.last = at;
}

}  // namespace nicteam::check
