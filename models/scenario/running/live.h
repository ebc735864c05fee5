// What a run with external ports does that others do not: sockets, records, and step with the wall clock.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "nicteam/report/result.h"
#include "nicteam/sim/pacing.h"
#include "scenario/building/system.h"

namespace nicteam::scenario {

// Where in the results the record of a live port lies; "" for one that replays.
std::string record_of(const component& port);

class live_ports {
public:
    // Opens the sockets of all ports that have one; throws build_error. Who waits is told of on stderr, unless `quiet`.
    live_ports(const resolved&, system&, bool quiet);

    bool any() const { return pacer_ != nullptr; }
    // Returns when all that the run waits for are attached, or `stop` says so.
    void begin(const std::function<bool()>& stop);
    void record_in(const std::string& directory);          // throws report::write_error
    void step(ps until) { pacer_->step(until); }
    // Who came and who left since it was last told, on stderr; not if `quiet`.
    bool any_news() const { return !news_.empty(); }
    void tell_news();
    // Of a record that cannot be written it hears the name in the results, and why.
    using left_out = std::function<void(const std::string& name, const std::string& why)>;
    void check_records(const left_out&);                   // gives up what could not be written so far; the run goes on without it
    void close(const left_out&);                           // sockets go, records are whole
    void describe(report::machine_facts&) const;

private:
    void watch_connections();

    std::vector<std::pair<const component*, wire::external_port*>> ports_;
    std::unique_ptr<sim::pacer> pacer_;
    std::vector<std::string> news_;
    bool quiet_;
};

}  // namespace nicteam::scenario
