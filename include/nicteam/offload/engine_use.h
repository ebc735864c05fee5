// For how many clocks packets kept the engines of each kind of core, up to the present instant: what is planned beyond is not spent yet.
#pragma once

#include <vector>

#include <systemc>

#include "nicteam/base/clock_domain.h"
#include "nicteam/base/metrics.h"
#include "nicteam/base/tables.h"
#include "nicteam/offload/engine_set.h"

namespace nicteam::offload {

extern const block_info engine_use_info;         // rows bound under the owner's name, one for each core_kind, clocks of the engines

class engine_use {
public:
    engine_use(const sc_core::sc_object& owner, clock_domain, const engine_set&);
    engine_use(const engine_use&) = delete;

    // One engine of that group of the set; spans may lie in the future.
    void kept(unsigned group, ps from, ps to);
    void stop(ps at);                            // nothing is under way any more

private:
    struct span {
        ps from, to;
    };
    struct kind {
        counter* clocks = nullptr;
        ps spent = 0;                            // of what is over
        std::vector<span> open;
        void settle(ps now, ps period);
    };
    clock_domain clock_;
    std::vector<core_kind> of_group_;
    kind kinds_[static_cast<std::size_t>(core_kind::aes_gcm) + 1];
};

}  // namespace nicteam::offload
