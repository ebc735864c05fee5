#include <algorithm>

#include "nicteam/tcp/congestion.h"

namespace nicteam::tcp {
namespace {

constexpr unsigned duplicates_seen = 3;

class new_reno_policy final : public congestion_policy {
public:
    // RFC 5681, 3.1
    std::uint32_t initial_window(std::uint32_t mss) const override { return mss > 2190 ? 2 * mss : mss > 1095 ? 3 * mss : 4 * mss; }

    // RFC 5681, 3.1: equation 2 in slow start; octets are counted in congestion avoidance, one segment more when a window's worth was acknowledged.
    void acknowledged(congestion_window w, std::uint32_t octets, std::uint32_t mss) const override {
        if (w.cwnd < w.ssthresh) {
            grow(w, std::min(octets, mss));
            return;
        }
        w.counted += octets;
        if (w.counted < w.cwnd) return;
        w.counted -= w.cwnd;
        w.counted = std::min(w.counted, w.cwnd);
        grow(w, mss);
    }

    void loss_seen(congestion_window w, std::uint32_t flight, std::uint32_t mss, bool sack) const override {
        w.ssthresh = half(flight, mss);
        w.cwnd = w.ssthresh + (sack ? 0 : duplicates_seen * mss);
        w.counted = 0;
    }

    void duplicate_in_recovery(congestion_window w, std::uint32_t mss) const override { grow(w, mss); }

    // RFC 6582, 3.2 step 3
    void partly_acknowledged(congestion_window w, std::uint32_t octets, std::uint32_t mss) const override {
        w.cwnd = w.cwnd > octets ? w.cwnd - octets : 0;
        if (octets >= mss) grow(w, mss);
        w.cwnd = std::max(w.cwnd, mss);
    }

    // RFC 6582, 3.2 step 3, option 1; RFC 6675, 5 leaves the window at ssthresh
    void recovered(congestion_window w, std::uint32_t flight, std::uint32_t mss, bool sack) const override {
        w.cwnd = sack ? w.ssthresh : std::min(w.ssthresh, std::max(flight, mss) + mss);
        w.counted = 0;
    }

    void timed_out(congestion_window w, std::uint32_t flight, std::uint32_t mss, bool again) const override {
        if (!again) w.ssthresh = half(flight, mss);
        w.cwnd = mss;
        w.counted = 0;
    }

    void idle(congestion_window w, std::uint32_t mss) const override { w.cwnd = std::min(w.cwnd, initial_window(mss)); }

private:
    static std::uint32_t half(std::uint32_t flight, std::uint32_t mss) { return std::max(flight / 2, 2 * mss); }   // RFC 5681, equation 4
    static void grow(congestion_window w, std::uint32_t by) { w.cwnd = std::min(w.cwnd + by, most_window); }
};

}  // namespace

const congestion_policy& new_reno() {
    static const new_reno_policy it;
    return it;
}

}  // namespace nicteam::tcp
