// The results of a run, read back from its directory: what `nicteam report` and the page are made from, and nothing else.
#pragma once

#include <deque>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "nicteam/report/result.h"

namespace nicteam::report {

// The message names the file and what is wrong with it.
struct unreadable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct stored_run {
    run_result result;  // as the run had it, but for: senders, not_arrived; means of levels to six decimals
    std::vector<std::pair<std::string, std::string>> files;  // name and what it is, as run.json lists them; empty without one
    std::vector<std::pair<std::string, std::string>> not_written;  // name and why, likewise

    // What the result's metrics point to.
    std::deque<std::string> texts;
    std::deque<metric_info> infos;
};

// Throws unreadable: no directory, no results in it, not whole, or of another format.
stored_run read_results(const std::string& directory);

// A row of packets.csv.
struct stored_packet {
    std::string id, parent, from, to, outcome, fate;   // parent: "" if none
    std::uint32_t octets = 0;
    ps born = 0, ended = never;  // never: held at the end
    std::vector<ps> passed;      // one per stage; never: not passed
};
// Calls `take` for each row, in order of birth; returns the names of the stages, in order of the columns. Throws unreadable.
std::vector<std::string> read_packets(const std::string& file, const std::function<void(const stored_packet&)>& take);

// Adds a file to those that run.json lists, if it is not there yet; without a run.json nothing happens. Throws unreadable, write_error.
void list_file(const std::string& directory, const std::string& name, const std::string& what);
// Takes files away, and from that list, if they are on it; what nobody lists is somebody's own. Throws as list_file() does.
void remove_listed(const std::string& directory, const std::vector<std::string>& names);

}  // namespace nicteam::report
