// I-7: from the first word of a packet to its last, an input of 21a listens to one source. Told of by the sources on either side of multiplexer 120, not by it.
#pragma once

#include <map>
#include <string>

#include "nicteam/check/breaches.h"
#include "nicteam/offload/joint_observer.h"

namespace nicteam::check {

class joints : public offload::joint_observer {
public:
    joints(breaches& b, std::string block) : breaches_(b), block_(std::move(block)) {}
    void passes(unsigned joint, offload::multiplexer_input from, trace_id, const span& words) override;
    void ends(unsigned joint, trace_id, ps at) override;
    void stopped() override { passing_.clear(); }

private:
    struct passing {
        offload::multiplexer_input from;
        trace_id id;
        ps last;                         // its last word
    };
    breaches& breaches_;
    std::string block_;
    std::map<unsigned, passing> passing_;
};

}  // namespace nicteam::check
