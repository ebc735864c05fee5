// What earlier sweeps into the same directory have run, and what of it counts for the sweep as it is described now.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sweep/reading/description.h"
#include "sweep/results/directory.h"

namespace nicteam::sweep {

class earlier_runs {
public:
    // All have to outlive it.
    earlier_runs(const directory& d, const description& what, const std::vector<question>& questions) : directory_(d), what_(what), questions_(questions) {}

    struct known {
        record what;
        bool added = false;  // answers that its record does not have, from its files
    };
    // Of a run of this identity that ended; none: it has not, or does not answer all that is asked now, which is counted.
    std::optional<known> find(const std::string& identity, const scenario::resolved&);
    bool answers_all(const record&) const;

    std::size_t too_short() const { return too_short_; }  // that ended and do not answer all
    // What they do not answer, and who asks: "figure delay asks for p99(client.latency), which was not kept". "": nothing.
    std::string why() const;

private:
    std::string who_asks(const question&) const;

    const directory& directory_;
    const description& what_;
    const std::vector<question>& questions_;
    std::vector<question> unanswered_;
    std::size_t too_short_ = 0;
};

}  // namespace nicteam::sweep
