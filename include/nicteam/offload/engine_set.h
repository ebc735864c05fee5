// The engines that a block has, and which of them serve an association.
#pragma once

#include <string>
#include <vector>

#include "nicteam/ipsec/protect.h"
#include "nicteam/offload/engine_pool.h"
#include "nicteam/offload/engine_timing.h"

namespace nicteam::offload {

class engine_set {
public:
    // Names of rows of engine_cores, one for each engine. Throws std::invalid_argument: no such row.
    engine_set(const std::vector<std::string>& cores, coupling);

    struct choice {
        engines with;
        unsigned cipher_group = 0, authentication_group = 0;
        std::string refused;               // why none serve it; empty when they do
    };
    choice serving(const ipsec::association_parameters&, way) const;
    const std::vector<unsigned>& groups() const { return counts_; }      // engines that are alike
    core_kind kind(std::size_t group) const { return cores_.at(group)->kind; }

    // What they do for one packet that came in: `work` as unprotect() tells it.
    engine_work inbound(const choice&, const ipsec::association_parameters&, const ipsec::work&, bool new_key) const;
    // And for one that goes out: `work` as protect() tells it.
    engine_work outbound(const choice&, const ipsec::association_parameters&, const ipsec::work&, bool new_key) const;

private:
    engine_work of_hash(const choice&, const ipsec::association_parameters&, const ipsec::work&, bool new_key) const;

    coupling coupling_;
    std::vector<const engine_core*> cores_;      // by group
    std::vector<unsigned> counts_;
};

}  // namespace nicteam::offload
