// Everything that watches a run and everything that a run leaves, behind one door:
//
//     check::outputs out(session, options);            // before or after the model is built
//     session.settle_order();
//     out.attach(buses, wires, captures, fills, cpus);  // after elaboration, before sc_start
//     sc_start(warm-up);  out.begin_window(now);        // the measuring window; left out: from power-on
//     sc_start(the rest);
//     report::run_result& r = out.finish(now);          // settles, checks, measures; traces are closed and whole
//     r.verdicts = …;                                   // expectations are the scenario's
//     out.write(machine);                               // result.json, run.json
//     for (… : out.not_written()) …;                    // a file that cannot be written is left out, all others stay
//     status = out.stopped() ? 3 : …;  print report::summary_text(r)
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "nicteam/check/breaches.h"
#include "nicteam/check/failovers.h"
#include "nicteam/check/recorders.h"
#include "nicteam/report/result.h"
#include "nicteam/report/summary.h"
#include "nicteam/wire/cable.h"

namespace nicteam::secondary {
class crypto_service;
}

namespace nicteam::check {

struct outputs_options {
    std::string directory;               // made if need be; empty: no files at all, checkers and result only
    std::string scenario, title, version;
    bool wave = false, packets = false;  // waveform + wave.gtkw; packets.csv
    std::string wave_name = "wave.vcd";  // or wave.fst: in that format
    bool transactions = false;           // trace.json
    std::size_t transaction_limit = 200'000;
    bool page = false;                   // report.html, made from what the others left
    bool mii = false;                    // the waveform has MII pins of each NIC
    path_filter in_scope;                // of the waveform
    ps wave_from = 0, wave_until = never;
    ps first_fault = never;              // there a viewer opens the waveform
    bool clock = false;
    std::uint64_t wave_limit = UINT64_MAX;       // octets
    std::size_t packet_limit = 1'000'000;
    std::uint64_t big_file = UINT64_MAX; // octets: larger ones are named in the notes
    ps window_from = 0;                  // the same instant as begin_window()
    std::vector<std::pair<std::string, std::string>> between;    // stages by name: of each flow the time from one to the other (report::flow::between)
    std::vector<const block_info*> tables;       // fixes the order of the stage columns of packets.csv
    check_config check;
};

struct watched_bus {
    pci::bus* bus;
    std::vector<unsigned> devices = {};                          // device numbers in use, for IDSEL
    std::vector<std::pair<unsigned, std::string>> masters = {};  // number and name, for the summary; 0: the bridge above
    // Masters that are bridges, each with the paths of all buses behind it.
    std::vector<std::pair<unsigned, std::vector<std::string>>> bridges = {};
};
struct watched_wire {
    const wire::cable* cable;
    std::string medium = {};             // path of the half-duplex repeater that it ends at: one collision domain with all others there
};
struct watched_capture {
    std::string file;                    // "NAME.pcapng", within the directory
    std::vector<capture_recorder::point> points;
    ps from = 0, until = never;
    std::size_t hold = 2048;             // frames kept for sorting by time; those later still are counted and noted
    std::uint64_t limit = UINT64_MAX;    // octets of the file
};
struct watched_cpu { std::string path; ps period; };
// A part of a device that is used by clocks: a lane between chips, one word each, or engines of one kind. A metric counts them.
struct watched_part { std::string metric, kind, unit; unsigned many; ps period; std::string what; };
// A resource whose capacity only its builder knows (an engine, a FIFO size).
// Size 0: it has no end; told of when something was in it.
struct watched_fill { std::string metric; std::int64_t size; };

class outputs {
public:
    // Throws report::write_error when the directory cannot be made or written; so does attach() when a file cannot be begun.
    outputs(sim::session&, outputs_options);
    ~outputs();                          // without finish(): open files vanish

    void attach(const std::vector<watched_bus>&, const std::vector<watched_wire>&, const std::vector<watched_capture>&,
                const std::vector<watched_fill>& = {}, const std::vector<watched_cpu>& = {}, const std::vector<watched_part>& = {});
    // Pins of a watched bus that others drive: INTA# … from whoever hears it; null when not drawn.
    pci_pins* pins(const pci::bus&);
    void check_writes();                 // gives up what could not be written so far; the run goes on without it
    // The checkers of IPsec; there are none until somebody asks for them.
    class security_checks& security();
    // Before the simulation starts, behind attach().
    void watch(std::vector<watched_team>);
    void watch(const std::vector<secondary::crypto_service*>&);
    // Who did which work, and what it saved these hosts; there is nothing of it until somebody asks. Before watch().
    class work_books& work();
    void begin_window(ps now);
    // For the use of resources over time: `now` is the end of an interval of `step` of the measuring window, after attach().
    void sample(ps now, ps step);
    report::run_result& finish(ps now, bool interrupted = false);
    void tell_failovers();               // behind finish(), when the result has its faults
    void write(const report::machine_facts&);

    // Files that are not there because they could not be written: name, and the reason, which names the path.
    const std::vector<std::pair<std::string, std::string>>& not_written() const;
    void leave_out(const std::string& name, const std::string& why);     // one that somebody else could not write

    bool stopped() const;                // a checker ended the run: status 3
    const std::string& reason() const;
    breaches& found();

private:
    struct machinery;
    std::unique_ptr<machinery> machinery_;
};

}  // namespace nicteam::check
