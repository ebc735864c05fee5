// A span: when each unit of a burst, a frame or a stream passes.
//
// A span is a plan, not a promise. Whoever can end or delay it cuts it at an edge and may append what follows.
// It is a list of runs in rising order of time; unit numbers start at 0 and run on from run to run.
// Integer arithmetic only; tb/unit/base holds it to a tick-by-tick loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "nicteam/base/time.h"

namespace nicteam {

// `units` units, the first at `first`, each next one `stride` later. stride may be 0 only when units == 1.
struct run {
    ps first;
    ps stride;
    std::uint32_t units;

    ps last() const { return first + stride * (static_cast<ps>(units) - 1); }
    bool operator==(const run& o) const { return first == o.first && stride == o.stride && units == o.units; }
};

class span {
public:
    void clear() { runs_.clear(); units_ = 0; }

    // The run must lie later than all before it; an empty run is ignored. Throws std::logic_error otherwise.
    void append(run r);

    // Forgets the units later than `at`; the unit that passes at `at` stays.
    void cut(ps at);

    std::uint64_t units() const { return units_; }
    bool empty() const { return units_ == 0; }

    std::uint64_t passed(ps t) const;       // units strictly before t: what an edge at t sees
    std::uint64_t passed_by(ps t) const;    // units at or before t
    ps when(std::uint64_t unit) const;      // `never` if not planned
    ps first() const { return units_ ? runs_.front().first : never; }
    ps last() const { return units_ ? runs_.back().last() : never; }

    const std::vector<run>& runs() const { return runs_; }
    bool operator==(const span& o) const { return runs_ == o.runs_; }

private:
    std::vector<run> runs_;
    std::uint64_t units_ = 0;
};

// A FIFO counts nothing: what it holds follows from the span in and the span out.
// `in` brings units of `in_bytes` bytes, `out` takes units of `out_bytes`; byte b is in the FIFO strictly after the
// edge of the unit that brought it, and leaves at the edge of the unit that takes it.
//
// The first unit of `out` whose bytes are not all in the FIFO strictly before its edge; out.units() if there is none.
// Only the first `bytes` bytes count: a last unit may be partial.
std::uint64_t first_starved(const span& in, unsigned in_bytes, const span& out, unsigned out_bytes, std::uint64_t bytes);

// The edge at which the `bytes`-th byte comes in (it is there strictly after), `never` if not planned.
ps when_filled(const span& in, unsigned in_bytes, std::uint64_t bytes);

}  // namespace nicteam
