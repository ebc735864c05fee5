// Tenures, units' states, frames and packets of a session into report::trace_log.
#pragma once

#include <deque>
#include <memory>
#include <string>

#include "nicteam/pci/bus.h"
#include "nicteam/report/file_writer.h"
#include "nicteam/report/trace_log.h"
#include "nicteam/sim/session.h"

namespace nicteam::check {

// Made after every other sink of probes; close() comes before theirs.
class transaction_recorder : public sim::packet_observer {
public:
    transaction_recorder(sim::session&, std::string path, report::trace_log_options);
    ~transaction_recorder() override;

    void watch(pci::bus&);  // a track of its tenures
    void attach();          // after the buses: states of units, and frames on wires

    void born(trace_id, trace_id parent, const std::string& where, std::uint32_t octets, ps) override;
    void passed(trace_id, const stage_info&, const std::string& where, ps) override;
    void ended(trace_id, const outcome_info&, const std::string& where, ps) override;
    void crossed(trace_id, const std::string&, std::uint32_t, ps) override {}

    void close(ps end);  // writes the file; throws report::write_error
    const report::trace_log& log() const { return log_; }

private:
    class tenures;
    class states;
    class frames;

    sim::session& session_;
    std::string path_;
    report::trace_log log_;
    std::deque<std::unique_ptr<tenures>> tenures_;
    std::deque<states> states_;
    std::deque<frames> frames_;
    bool open_ = true;
};

}  // namespace nicteam::check
