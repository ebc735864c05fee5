// What a connection does, counted: one state machine runs on a host's CPU, a NIC's microcontroller, a hard state machine and at peers; what
// differs is what each step costs there. Who runs it gives a counter and turns counts into cycles.
#pragma once

#include <array>
#include <cstdint>

#include "nicteam/base/tables.h"

namespace nicteam::tcp {

enum class step : std::uint8_t {
    segment_in, checksum_octet, demultiplex, option_read, acceptance, acknowledgement, sack_block, octet_taken, out_of_order, urgent,
    rtt_sample, congestion, timer_set, timer_fired, segment_out, option_written, octet_sent, retransmission, state_change, connection_made,
    octet_moved, path_read,
};

struct step_info {
    const char* name;        // a cost of this name is what a later table charges
    const char* unit;        // what is counted
    const char* meaning;
};
table<step_info> steps();    // in the order of enum class step
constexpr std::size_t step_kinds = static_cast<std::size_t>(step::path_read) + 1;

class step_counter {
public:
    virtual ~step_counter() = default;
    virtual void count(step, std::uint64_t times) = 0;
};

class step_sums final : public step_counter {
public:
    void count(step s, std::uint64_t times) override { sums_[static_cast<std::size_t>(s)] += times; }
    std::uint64_t operator[](step s) const { return sums_[static_cast<std::size_t>(s)]; }

private:
    std::array<std::uint64_t, step_kinds> sums_{};
};

}  // namespace nicteam::tcp
