// What attaches to a session's probes, capture points and stations and writes files.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "nicteam/check/mii_pins.h"
#include "nicteam/check/pci_pins.h"
#include "nicteam/packet/pcapng_writer.h"
#include "nicteam/report/lifelines.h"
#include "nicteam/report/waveform_writer.h"
#include "nicteam/sim/agenda.h"
#include "nicteam/sim/session.h"

namespace nicteam::check {

using path_filter = std::function<bool(const std::string& path)>;    // empty: everything

struct wave_options {
    std::string path;                    // wave.vcd, or *.fst: in that format; the save file stands beside it as .gtkw
    std::string comment;
    path_filter in_scope;
    ps from = 0, until = never;
    bool clock = false;
    std::uint64_t size_limit = UINT64_MAX;   // octets of the file: it ends there
    ps look_at = never;                  // where the viewer opens, if the window has it; never: see focus()
    std::size_t hold = 1u << 16;         // changes in memory between two times that the file grows
};

// Probes of the session and pins of buses as one waveform. Made before the simulation starts. A probe is 0, its first state,
// until it reports otherwise.
class wave_recorder : public sim::probe_sink, private sim::agenda_user {
public:
    wave_recorder(sim::session&, const wave_options&);       // takes all probes in scope; throws report::write_error
    ~wave_recorder() override;

    pci_pins* watch(pci::bus&, std::vector<unsigned> devices);   // null when the bus is not in scope
    void watch_mii();                                         // of every NIC in scope; after the session's order is settled
    const std::vector<std::unique_ptr<mii_pins>>& mii() const { return mii_; }
    void change(const sim::probe&, ps past, std::uint64_t v) override;
    void close(ps end);                                       // the waveform is whole; throws report::write_error
    void write_view(ps end);                                  // after close(): what opens it in GTKWave; throws report::write_error
    const report::waveform_writer& wave() const { return *wave_; }

private:
    ps settle();
    ps focus() const;                    // where a viewer opens: `look_at`; a FIFO fills first, or the first tenure, or the beginning
    void due(unsigned, ps) override { wave_->drain(); }      // a full buffer, when no component is in the middle of a report

    sim::session& session_;
    wave_options options_;
    sim::agenda agenda_;
    std::unique_ptr<report::waveform_writer> wave_;
    std::vector<sim::probe*> probes_;
    std::unordered_map<const sim::probe*, report::waveform_writer::variable> variable_of_;
    std::vector<std::unique_ptr<pci_pins>> pins_;
    std::vector<std::unique_ptr<mii_pins>> mii_;
    bool closing_ = false;
    ps first_fill_ = never;              // of a FIFO in the window
};

// Frames at capture points, one file: an interface per point and direction. Frames with wrong octets carry a comment.
class capture_recorder : public sim::capture_sink {
public:
    struct point { sim::capture_point* at; std::uint64_t bits_per_second; };
    // Throws std::runtime_error naming path and reason. Time stamps: when the first octet of the destination address passed.
    // Frames are told of when they have passed whole, so stamps of several points come out of order: `hold` frames (1 or more) are
    // kept and sorted. A frame stamped before one that is written already goes into the file where it comes, and is counted.
    // From the first frame on that would make the file larger than `limit` octets none is taken.
    capture_recorder(const std::string& path, const std::string& application, const std::vector<point>&, ps from = 0, ps until = never,
                     std::size_t hold = 2048, std::uint64_t limit = UINT64_MAX);
    ~capture_recorder() override;
    void take(const sim::capture_point&, const frame_ref&, ps at, sim::direction, const char* comment) override;
    void close(ps end);                                       // throws report::write_error
    std::string error() const;                                // of what was written so far, naming the file; ""
    std::uint64_t frames() const { return frames_; }
    ps cut_at() const { return cut_at_; }                     // of the first frame beyond the limit; `never`: none
    std::uint64_t left_out() const { return left_out_; }      // frames beyond the limit
    std::uint64_t late() const { return late_; }              // written behind a frame with a later stamp

private:
    struct taken { ps at; frame_ref frame; unsigned interface; sim::direction way; const char* comment; };
    void sort();
    void write_before(ps);

    std::string path_, part_;
    std::unique_ptr<packet::pcapng_writer> file_;
    std::vector<point> points_;
    std::vector<std::uint64_t> per_point_;
    std::vector<taken> held_;
    std::size_t hold_;
    ps from_, until_, written_ = 0;      // the latest stamp in the file
    std::uint64_t frames_ = 0, late_ = 0, limit_, left_out_ = 0;
    ps cut_at_ = never;
};

// Stations' reports into report::lifelines.
class lifeline_recorder : public sim::packet_observer {
public:
    explicit lifeline_recorder(report::lifeline_options o) : lines(std::move(o)) {}
    void born(trace_id id, trace_id parent, const std::string& where, std::uint32_t octets, ps at) override { lines.born(id, parent, where, octets, at); }
    void passed(trace_id id, const stage_info& s, const std::string& where, ps at) override { lines.passed(id, s, where, at); }
    void ended(trace_id id, const outcome_info& o, const std::string& where, ps at) override { lines.ended(id, o, where, at); }
    void crossed(trace_id, const std::string&, std::uint32_t, ps) override {}

    report::lifelines lines;
};

}  // namespace nicteam::check
