// The bubble rule in front of input 130: what comes from buffer 142 is let through at an edge only if a free place remains in 21a and
// buffer 140 together afterwards. docs/decisions/0070.
#pragma once

#include <functional>
#include <utility>

#include "nicteam/offload/stream.h"

namespace nicteam::offload {

class bubble_gate : public stream_source {
public:
    using rule = std::function<bool(ps)>;
    explicit bubble_gate(stream_source& s) : source_(s) {}
    void ask(rule r) { rule_ = std::move(r); }      // never asked: all may pass

    ps offered() const override { return source_.offered(); }
    bool ready(ps at) const override { return source_.ready(at) && (!rule_ || rule_(at)); }
    item_ref take(ps at) override { return source_.take(at); }

private:
    stream_source& source_;
    rule rule_;
};

}  // namespace nicteam::offload
