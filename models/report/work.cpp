#include "nicteam/report/work.h"

namespace nicteam::report {

std::uint64_t work_shares::count() const {
    std::uint64_t all = 0;
    for (const share& s : shares) all += s.count;
    return all;
}

std::uint64_t work_shares::octets() const {
    std::uint64_t all = 0;
    for (const share& s : shares) all += s.octets;
    return all;
}

std::uint64_t saved_cycles::sum(const std::vector<part>& parts) {
    std::uint64_t all = 0;
    for (const part& p : parts) all += p.cycles;
    return all;
}

}  // namespace nicteam::report
