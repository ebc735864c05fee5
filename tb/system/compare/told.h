// A source at a joint of the crypto block, whose takes are told by name.
#pragma once

#include <functional>
#include <utility>

#include "nicteam/offload/stream.h"

namespace compare {

class told : public nicteam::offload::stream_source {
public:
    using teller = std::function<void(nicteam::ps, const char* what, std::uint64_t packet)>;
    told(stream_source& s, const char* what, teller t) : source_(s), what_(what), tell_(std::move(t)) {}
    nicteam::ps offered() const override { return source_.offered(); }
    bool ready(nicteam::ps at) const override { return source_.ready(at); }
    nicteam::offload::item_ref take(nicteam::ps at) override {
        nicteam::offload::item_ref p = source_.take(at);
        tell_(at, what_, p->tag);
        return p;
    }

private:
    stream_source& source_;
    const char* what_;
    teller tell_;
};

}  // namespace compare
