// When the jobs of a load fall due, and when it is over.
#pragma once

#include "nicteam/secondary/crypto_load.h"
#include "nicteam/sim/session.h"

namespace nicteam::secondary {

class job_pace {
public:
    job_pace(const sc_core::sc_object& owner, const crypto_load_config& c) : config_(c), gaps_(sim::stream_of(owner, "gaps")) {}

    bool over(ps now, std::int64_t begun) const {
        return (config_.duration && now >= config_.start + config_.duration) || (config_.count && begun >= config_.count);
    }
    // Open: the first is due at the start, each other a gap behind the one before.
    ps next() {
        at_ = at_ < 0 ? config_.start : at_ + (config_.arrivals == 0 ? config_.gap : gaps_.exponential(config_.gap));
        return at_;
    }

private:
    crypto_load_config config_;
    random_stream gaps_;
    ps at_ = -1;
};

}  // namespace nicteam::secondary
