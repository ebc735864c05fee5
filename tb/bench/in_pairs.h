// Two ways to do the same, measured in turn in a process each, so that what else the host does meets both.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace nicteam::bench {

// What `work` returns, in a process of its own that begins as this one is now.
template <class Work>
double apart(Work work) {
    int ends[2];
    if (pipe(ends) != 0) std::exit(1);
    const pid_t child = fork();
    if (child == 0) {
        const double v = work();
        const bool told = write(ends[1], &v, sizeof v) == sizeof v;
        _exit(told ? 0 : 1);
    }
    close(ends[1]);                      // or a child that ends without a word would leave this one waiting
    double v = 0;
    const bool heard = child > 0 && read(ends[0], &v, sizeof v) == sizeof v;
    int status = 0;
    waitpid(child, &status, 0);
    close(ends[0]);
    if (!heard || status) std::exit(1);
    return v;
}

// How many times as long the first takes: the median of some pairs.
template <class Before, class After>
double times_as_fast(Before before, After after, unsigned pairs) {
    std::vector<double> all;
    for (unsigned n = 0; n < pairs; ++n) {
        const double first = apart(before);
        all.push_back(first / apart(after));
    }
    std::sort(all.begin(), all.end());
    return all[all.size() / 2];
}

inline double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace nicteam::bench
