// One random half-duplex network of the comparison (docs/half-duplex.md), and the text in which stamps are compared.
// Standard library only: the clocked reference may read it as well.
//
// run_medium() prints lines in order of time, then of station, then of kind:
//   <t> station <i> begin                     the first preamble octet of a transmission
//   <t> station <i> collision                 the edge that noticed it
//   <t> station <i> end whole|jam             its last octet
//   <t> station <i> carrier on|off            of the line that it hears, without breaks of no length
//   <t> station <i> receives <n>              the last octet of a whole frame of n octets, destination address … FCS
// and behind these one line a station: station <i> collisions <n> lost <n>
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace nicteam::test {

struct medium_case {
    std::int64_t octet_period = 80'000;      // all times are multiples of an eighth of it: bit times
    bool repeater = true;                    // else a cable between two stations
    std::int64_t latency = 460'000;          // of the repeater
    struct frame {
        std::int64_t offered = 0;            // ps, never falling
        unsigned octets = 64;
    };
    struct station {
        bool fifo = false;                   // a NIC's transmit path: seen two octet edges later, one frame after the other
        std::int64_t delay = 0;              // of its cable; without a repeater that of station 0 counts
        unsigned gap_octets = 12;
        bool wait_after_win = false;
        unsigned priority = 0;               // linear priority: slots behind own transmissions and back-off, besides the gap
        bool priority_after_reception = false;   // and behind those of others
        std::vector<frame> frames;
    };
    std::vector<station> stations;
};

// Uniform in [0, below) for a station's back-off.
using backoff_draw = std::function<std::uint64_t(std::size_t station, std::uint64_t below)>;

}  // namespace nicteam::test
