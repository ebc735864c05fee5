// What a sweep would take, from a few of its runs that are begun for real.
#pragma once

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace nicteam::sweep {

// How far one run came in its time.
struct trial {
    std::size_t run = 0;
    double part = 0;           // of its simulated time; 1: it ended
    double seconds = 0;        // of CPU
    std::uint64_t octets = 0;  // on disk: its record, and its files where they are kept
    std::string why{};         // it fails: its first message
};

// Of so many runs the first, the middle and the last.
std::vector<std::size_t> some_of(std::size_t runs);

// In a process of its own, which `cut` asks to end after a second; `work` says how much of the run is done then, and leaves its files in the directory
// that it is given, which goes with the trial. Throws std::system_error.
struct tried {
    int exit = 0;
    double part = 0;
};
trial try_run(std::size_t run, const std::function<tried(const std::string& directory, const volatile std::sig_atomic_t& cut)>& work);

// One line: what `runs` of the kind take, and from which runs that is concluded.
std::string outlook(const std::vector<trial>&, std::size_t runs, unsigned at_a_time, const std::string& where);

}  // namespace nicteam::sweep
