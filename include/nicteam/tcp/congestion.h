// How much may be under way: a policy. One file per choice; new_reno() is RFC 5681 with RFC 6582, and with RFC 6675 when the peer sends SACK.
#pragma once

#include <cstdint>

namespace nicteam::tcp {

// Octets; in a connection's DELEGATED state.
struct congestion_window {
    std::uint32_t& cwnd;
    std::uint32_t& ssthresh;
    std::uint32_t& counted;          // acknowledged since the window last grew in congestion avoidance
};

class congestion_policy {
public:
    virtual ~congestion_policy() = default;
    virtual std::uint32_t initial_window(std::uint32_t mss) const = 0;
    // New data was acknowledged, outside of recovery.
    virtual void acknowledged(congestion_window, std::uint32_t octets, std::uint32_t mss) const = 0;
    // Fast retransmit: flight is FlightSize (RFC 5681, 2). With SACK the pipe limits what is sent in recovery; without, the window is inflated.
    virtual void loss_seen(congestion_window, std::uint32_t flight, std::uint32_t mss, bool sack) const = 0;
    virtual void duplicate_in_recovery(congestion_window, std::uint32_t mss) const = 0;                           // without SACK
    virtual void partly_acknowledged(congestion_window, std::uint32_t octets, std::uint32_t mss) const = 0;       // without SACK
    virtual void recovered(congestion_window, std::uint32_t flight, std::uint32_t mss, bool sack) const = 0;
    // The retransmission timer ran out; again: for a segment that it had run out for before.
    virtual void timed_out(congestion_window, std::uint32_t flight, std::uint32_t mss, bool again) const = 0;
    // Nothing was sent for longer than RTO (RFC 5681, 4.1).
    virtual void idle(congestion_window, std::uint32_t mss) const = 0;
};

constexpr std::uint32_t most_window = 1u << 30;      // RFC 7323, 2.3

const congestion_policy& new_reno();

}  // namespace nicteam::tcp
