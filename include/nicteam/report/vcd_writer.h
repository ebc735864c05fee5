// Value change dump, IEEE 1364-2001 clause 18: changes only, 1 ps, states as text by GTKWave's `string` variables.
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

struct vcd_options {
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

class vcd_writer {
public:
    using variable = std::uint32_t;

    // Throws write_error.
    vcd_writer(const std::string& path, vcd_options);

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

    bool good() const { return file_.good(); }
    const std::string& error() const { return file_.error(); }
    std::uint64_t changes() const { return written_; }
    ps cut_at() const { return cut_at_; }               // where size_limit ended the dump; `never`: it did not
    std::uint64_t late() const { return late_; }        // settle() promised too much: drawn at the earliest possible time, an error
    struct shown { std::string path; unsigned bits; bool text; bool changes = true; };     // changes: in what was written so far
    std::vector<shown> variables() const;               // in the order of the file

private:
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
        report::vcd_writer::kind kind = unknown;
        std::uint8_t id_length = 0;
        bool changes = false;
        char id[5] = {};
    };

    struct clock { variable which; ps period, phase, next; };

    void hold(const held& h) {
        if (h.at >= options_.until) return;
        held_.push_back(h);
        if (held_.size() >= limit_) full();
    }
    void full();
    void header();
    void sort();
    void write_before(ps);
    void value_of(line&);
    char* value_to(char*, const line&);
    void stamp(ps);
    char* stamp_to(char*, ps);
    void dump(ps);
    void tick(ps until);                                // draws clocks up to and including `until`

    vcd_options options_;
    file_writer file_;
    std::vector<line> lines_;
    std::vector<std::string> paths_;
    std::vector<held> held_;
    std::vector<variable> order_;
    std::vector<clock> clocks_;
    std::size_t limit_, sorted_ = 0;                    // so many of held_ are in order already
    ps millions_ = -1;                                  // of the latest stamp, as text below
    char millions_text_[24];
    std::size_t millions_length_ = 0;
    ps time_ = -1, cut_at_ = never;
    bool header_done_ = false, open_ = false;
    std::uint64_t written_ = 0, late_ = 0;
};

}  // namespace nicteam::report
