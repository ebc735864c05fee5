// trace.json: what happened when, for trace viewers (Perfetto, chrome://tracing): Trace Event Format, JSON object form.
//
// A process per component, a thread per track: tenures of a bus, states of a unit, frames of a wire direction: complete events (X).
// Packets overlap: nested asynchronous events (b, e) by packet id, a stage within its packet. Slices of one packet are joined by
// flow events (s, t, f). Times are in microseconds with six decimals, hence exact; the same in picoseconds are among the arguments.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "nicteam/base/frame.h"
#include "nicteam/base/time.h"

namespace nicteam::report {

struct trace_log_options {
    std::string version, scenario;
    std::uint64_t seed = 1;
    ps from = 0, until = never;   // slices that touch the window, packets that are born in it
    std::size_t limit = 200'000;  // reports kept: of the instant at which one more comes, and of later ones, none is
};

class trace_log {
public:
    using track = std::uint32_t;
    using name = std::uint32_t;

    explicit trace_log(trace_log_options o) : options_(std::move(o)) {}

    track add_track(const std::string& process, const std::string& thread);  // any order; the file has them by name
    name intern(const std::string&);

    struct tenure_facts {
        std::uint64_t address;
        std::uint32_t words, octets;
        ps request, first, last;
        name master, command, why;
    };
    // `told`: the simulated time of the call, never less than before.
    void tenure(track, ps from, ps until, trace_id packet, const tenure_facts&, ps told);
    void frame(track, ps from, ps until, trace_id packet, std::uint32_t octets, name comment, ps told);
    void state(track, ps from, ps until, name, ps told);

    void born(trace_id, trace_id parent, name where, std::uint32_t octets, ps at, ps told);
    void passed(trace_id, name stage, name where, ps at, ps told);
    void ended(trace_id, name outcome, name where, ps at, ps told);

    // Throws write_error. `end`: what is still under way ends here.
    void write(const std::string& path, ps end);
    std::uint64_t left_out() const { return left_out_; }
    ps complete_until() const { return full_at_; }  // `never`: all that was reported is there

private:
    enum class kind : std::uint8_t { tenure, frame, state, born, passed, ended };
    struct entry {
        ps from, until, told;
        trace_id packet;
        kind what;
        std::uint32_t track, title;
        std::array<std::uint64_t, 9> more;
    };
    bool take(entry);
    void slice(std::string& out, const entry&) const;
    void packets(std::string& out, ps end) const;
    void flows(std::string& out, const std::vector<const entry*>&) const;
    std::string quoted(std::uint64_t n) const;
    void place(std::string& out, track) const;

    trace_log_options options_;
    std::vector<std::pair<std::string, std::string>> tracks_;
    std::vector<std::pair<unsigned, unsigned>> numbers_;  // process and thread of each track
    std::vector<std::string> names_;
    std::map<std::string, name> name_of_;
    std::vector<entry> entries_;
    std::uint64_t left_out_ = 0;
    ps full_at_ = never;
};

}  // namespace nicteam::report
