// What the always-on checkers found. The first breach of a checker that stops the run ends it; others are counted.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "nicteam/base/tables.h"
#include "nicteam/base/time.h"
#include "nicteam/report/result.h"
#include "nicteam/sim/session.h"

namespace nicteam::check {

// One parameter per checker: check.NAME = "stop" or "count".
struct check_config {
    unsigned conservation = 0;       // choices "stop|count"
    unsigned crossings = 0;
    unsigned secrecy = 0;
    unsigned admission = 0;
    unsigned numbers = 0;
    unsigned joints = 0;
    unsigned streams = 0;
    ps after_end = 10 * millisecond; // how long a packet that ended is still watched
};
extern const block_info check_info;  // kind "check"; metrics check.conservation_breaches, …

enum class checker : std::uint8_t { conservation, crossings, secrecy, admission, numbers, joints, streams };

class breaches {
public:
    // `stop` ends the simulation; default sc_core::sc_stop.
    breaches(sim::session&, const check_config&, std::function<void()> stop = {});

    void report(checker, ps at, const std::string& what);      // `what` names the packet
    bool stopped() const { return !reason_.empty(); }           // the run ends with status 3
    const std::string& reason() const { return reason_; }       // "conservation: at 12.3 us: …"
    std::uint64_t count(checker c) const { return of_[static_cast<unsigned>(c)].count; }
    std::vector<report::check_outcome> outcomes() const;

private:
    struct books { bool counts_only; std::uint64_t count = 0; std::string first; counter* metric; };
    std::vector<books> of_;
    std::function<void()> stop_;
    std::string reason_;
};

// A trace id as people read it: "12:345", station number and running number.
std::string id_text(trace_id);

}  // namespace nicteam::check
