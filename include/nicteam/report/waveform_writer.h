// A waveform: changes of variables in order of time, whatever the file that keeps them (vcd_writer.h, fst_writer.h).
//
// Sources may report late and out of order among each other; each variable in order of time. The writer keeps what may still
// be overtaken, sorts by (time, variable), drops what changes nothing. The bytes depend on the changes alone.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "nicteam/base/time.h"
#include "nicteam/report/file_writer.h"

namespace nicteam::report {

struct waveform_options {
    std::string comment;                 // goes into the header; no machine, no date
    ps from = 0, until = never;          // window: changes in [from, until); the state at `from` is dumped there
    std::uint64_t size_limit = UINT64_MAX;   // in octets: the dump ends with the drain that passes it
    // Asked by drain() and close() to bring every source up to date; returns an instant before which nothing more will be
    // reported. Empty: sources report in order of time.
    std::function<ps()> settle;
    // Told when the buffer is full: call drain() soon, when no source is in the middle of a report. Empty: drained at once.
    std::function<void()> full;
    std::size_t hold = 1u << 16;         // changes taken between two times that settle() is asked
};

class waveform_writer {
public:
    using variable = std::uint32_t;

    virtual ~waveform_writer() = default;
    waveform_writer(const waveform_writer&) = delete;
    waveform_writer& operator=(const waveform_writer&) = delete;

    // Before the first change. `path`: dotted, the last step is the name; bits 1 … 64; every value is unknown (x) until changed.
    variable add(const std::string& path, unsigned bits);
    // A text variable: value v shows states[v]; `states` ends with nullptr and outlives the writer.
    variable add_text(const std::string& path, const char* const* states);

    // A clock, high from each edge for half a period; drawn by itself.
    variable add_clock(const std::string& path, ps period, ps phase);

    void change(variable v, ps at, std::uint64_t value) { hold({at, value, v, false}); }
    void change_z(variable v, ps at) { hold({at, 0, v, true}); }

    // Writes what settle() allows.
    void drain();
    // Writes all, ends the dump at `end`, or earlier where settle() allows no more; commits the file. Throws write_error.
    void close(ps end);

    virtual bool good() const = 0;
    virtual const std::string& error() const = 0;       // names the file and the system's reason
    std::uint64_t changes() const { return written_; }
    ps cut_at() const { return cut_at_; }               // where size_limit ended the dump; `never`: it did not
    std::uint64_t late() const { return late_; }        // settle() promised too much: drawn at the earliest possible time, an error
    struct shown { std::string path; unsigned bits; bool text; bool changes = true; };     // changes: in what was written so far
    std::vector<shown> variables() const;               // in the order of the file

protected:
    explicit waveform_writer(waveform_options);

    struct held {
        ps at;
        std::uint64_t value;
        variable which;
        bool z;
    };
    enum kind : std::uint8_t { unknown, z, known };
    struct line {                                       // small: looked at for every change
        std::uint64_t value = 0;
        const char* const* states = nullptr;
        std::uint32_t place = 0;                        // in the file
        std::uint8_t bits = 1;
        report::waveform_writer::kind kind = unknown;
        bool changes = false;
        std::uint8_t id_length = 0;                     // of VCD's identifier code
        char id[5] = {};
    };

    struct clock { variable which; ps period, phase, next; };

    // The file. Times rise; a value is that of the latest time.
    virtual void declare(const std::vector<variable>& order) = 0;     // once, before the rest
    virtual void stamp(ps) = 0;                         // sets time_
    virtual void value(const line&) = 0;
    virtual void dumping(bool begins) = 0;              // around the values of all at the beginning of the window
    virtual void write_before(ps) = 0;                  // write_changes(*this, …), whose calls are then of one class
    virtual std::uint64_t octets() const = 0;           // of the file so far
    virtual void commit() = 0;                          // throws write_error

    template <class File>
    void write_changes(File&, ps until);                // models/report/write_changes.h
    const std::string& path_of(variable v) const { return paths_[v]; }
    static const char* state_of(const line&);           // of a text variable; "unknown": none of its states

    waveform_options options_;
    std::vector<line> lines_;
    ps time_ = -1;                                      // of the latest stamp

private:
    void hold(const held& h) {
        if (h.at >= options_.until) return;
        held_.push_back(h);
        if (held_.size() >= limit_) full();
    }
    void full();
    void header();
    void sort();
    void dump(ps);
    void tick(ps until);                                // draws clocks up to and including `until`

    std::vector<std::string> paths_;
    std::vector<held> held_;
    std::vector<variable> order_;
    std::vector<clock> clocks_;
    std::size_t limit_, sorted_ = 0;                    // so many of held_ are in order already
    ps cut_at_ = never;
    bool header_done_ = false, open_ = false;
    std::uint64_t written_ = 0, late_ = 0;
};

// "server.pci0.nic0.tx" is "tx" in the scopes "server", "pci0", "nic0".
std::vector<std::string> scopes_of(const std::string& path);
std::string name_in_scope(const std::string& path);

// Calls open(scope), close() and variable(v) so that each scope is opened once. `order`: by scope.
template <class Open, class Close, class Variable>
void walk_scopes(const std::vector<std::string>& paths, Open open, Close close, Variable variable) {
    std::vector<std::string> now;
    for (std::size_t v = 0; v < paths.size(); ++v) {
        const auto scopes = scopes_of(paths[v]);
        std::size_t same = 0;
        while (same < now.size() && same < scopes.size() && now[same] == scopes[same]) ++same;
        for (; now.size() > same; now.pop_back()) close();
        for (; now.size() < scopes.size(); now.push_back(scopes[now.size()])) open(scopes[now.size()]);
        variable(v);
    }
    for (; !now.empty(); now.pop_back()) close();
}

}  // namespace nicteam::report
