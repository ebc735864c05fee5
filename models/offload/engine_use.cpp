#include "nicteam/offload/engine_use.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "nicteam/sim/session.h"

namespace nicteam::offload {
namespace {

constexpr metric_info rows[] = {
    {"des_clocks", "clocks", "for which packets kept DES cores, all of them together", metric_info::counter},
    {"des3_clocks", "clocks", "… 3DES cores", metric_info::counter},
    {"aes_clocks", "clocks", "… AES cores", metric_info::counter},
    {"md5_clocks", "clocks", "… MD5 cores", metric_info::counter},
    {"sha1_clocks", "clocks", "… SHA-1 cores", metric_info::counter},
    {"sha256_clocks", "clocks", "… SHA-256 cores", metric_info::counter},
    {"ghash_clocks", "clocks", "… GHASH cores", metric_info::counter},
    {"aes_gcm_clocks", "clocks", "… cores that do AES and GHASH", metric_info::counter},
};

static_assert(std::size(rows) == static_cast<std::size_t>(core_kind::aes_gcm) + 1);      // in the order of core_kind

}  // namespace

const block_info engine_use_info = {"engines", "use of the engines of a crypto block or card", {}, rows, {}, {}, {}, {}, {}};

engine_use::engine_use(const sc_core::sc_object& owner, clock_domain clock, const engine_set& set) : clock_(clock) {
    for (std::size_t n = 0; n < set.groups().size(); ++n) of_group_.push_back(set.kind(n));
    for (std::size_t n = 0; n < std::size(kinds_); ++n)
        kinds_[n].clocks = &sim::session::current().bind_counter(std::string(owner.name()) + "." + rows[n].name, rows[n],
                                                                 [this, n](ps now) { kinds_[n].settle(now, clock_.period()); });
}

void engine_use::kind::settle(ps now, ps period) {
    ps all = spent;
    for (std::size_t n = 0; n < open.size();) {
        const span& s = open[n];
        all += std::max<ps>(0, std::min(now, s.to) - s.from);
        if (s.to > now) {
            ++n;
            continue;
        }
        spent += s.to - s.from;
        open[n] = open.back();
        open.pop_back();
    }
    clocks->add(static_cast<std::uint64_t>(all / period) - clocks->value());
}

void engine_use::kept(unsigned group, ps from, ps to) {
    kind& k = kinds_[static_cast<std::size_t>(of_group_.at(group))];
    constexpr std::size_t many = 64;
    if (k.open.size() >= many) k.settle(sim::now(), clock_.period());
    k.open.push_back({from, to});
}

void engine_use::stop(ps at) {
    for (kind& k : kinds_) {
        for (span& s : k.open) s = {std::min(s.from, at), std::min(s.to, at)};
        k.settle(at, clock_.period());
    }
}

}  // namespace nicteam::offload
