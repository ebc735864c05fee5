#include "team/engine_rights.h"

#include <tuple>

namespace nicteam::team {
namespace {

auto all_of(const engine_rights::port& p) {
    return std::tie(p.unit, p.there, p.known, p.accepted, p.trusted, p.protects, p.lends[0], p.lends[1], p.lends[2], p.in_use[0], p.in_use[1], p.in_use[2]);
}

}  // namespace

bool engine_rights::tell(unsigned number, const port& p) {
    if (number >= ports_.size()) ports_.resize(number + 1);
    else if (all_of(ports_[number]) == all_of(p)) return false;
    ports_[number] = p;
    itself_ = of_ports_ = 0;
    for (unsigned w = 0; w < works; ++w) lenders_[w] = may_[w] = open_[w] = out_of_use_[w] = workers_[w] = 0;
    for (unsigned n = 0; n < ports_.size(); ++n) add(n, ports_[n]);
    return true;
}

void engine_rights::add(unsigned number, const port& p) {
    if (p.unit < 0) return;
    const std::uint64_t unit = std::uint64_t{1} << p.unit, mine = std::uint64_t{1} << number;
    of_ports_ |= unit;
    if (p.protects && p.accepted) itself_ |= mine;
    for (unsigned w = 0; w < works; ++w) {
        const bool lends = p.known && p.accepted && p.lends[w] && p.in_use[w];
        if (lends) lenders_[w] |= mine;
        if (lends && p.there) may_[w] |= unit, ++workers_[w];
        if (lends || (!p.known && p.trusted && p.in_use[w])) open_[w] |= unit;
        if (!p.in_use[w]) out_of_use_[w] |= unit;
    }
}

}  // namespace nicteam::team
