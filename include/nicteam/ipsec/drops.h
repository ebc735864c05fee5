// Why packets end at IPsec, as counters: a row for every way, which whoever runs the code binds as its metrics.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "nicteam/base/tables.h"
#include "nicteam/ipsec/process.h"

namespace nicteam::ipsec {

// Names are those of `passage`, or of `outcome` where a packet was refused.
extern const table<metric_info> drop_metrics;
constexpr std::size_t drop_rows = 25;

// The row of what was dropped; drop_rows when nothing was.
std::size_t drop_row(const passed&);

class drop_counts {
public:
    void count(const passed&);
    std::uint64_t of(std::string_view name) const;        // 0 also for a name that is none
    std::uint64_t of(std::size_t row) const { return counts_[row]; }
    std::uint64_t audited() const { return audited_; }    // dropped, and to be audited (RFC 4303, RFC 4302, RFC 4301)
    std::uint64_t all() const;

private:
    std::array<std::uint64_t, drop_rows> counts_{};
    std::uint64_t audited_ = 0;
};

}  // namespace nicteam::ipsec
