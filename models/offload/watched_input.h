// An input of multiplexer 120, told of what it lets through and since when that waited.
#pragma once

#include <functional>

#include "nicteam/offload/stream.h"

namespace nicteam::offload {

class watched_input : public stream_source {
public:
    using told = std::function<void(item&, ps)>;
    watched_input(stream_source& s, told t) : source_(s), told_(std::move(t)) {}

    ps offered() const override { return source_.offered(); }
    bool ready(ps at) const override { return source_.ready(at); }
    item_ref take(ps at) override {
        since_ = source_.offered();
        item_ref p = source_.take(at);
        told_(*p, at);
        return p;
    }
    ps since() const { return since_; }      // the latest

private:
    stream_source& source_;
    told told_;
    ps since_ = -1;
};

}  // namespace nicteam::offload
