// [[sa]]: whose keys may be those of another.
#pragma once

#include <map>

#include "nicteam/ipsec/association_config.h"
#include "nicteam/scenario/problem.h"
#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

class key_checks {
public:
    explicit key_checks(problems& found) : found_(found) {}
    void check(const component& sa, const ipsec::association_parameters&);

private:
    problems& found_;
    std::map<bytes, const component*> counter_modes_;      // by key with its salt
};

}  // namespace nicteam::scenario
