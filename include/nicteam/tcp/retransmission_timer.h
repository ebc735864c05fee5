// The retransmission timeout from round trips: RFC 6298. Whole picoseconds.
#pragma once

#include <algorithm>

#include "nicteam/base/time.h"

namespace nicteam::tcp {

struct timeout_limits {
    ps granularity = millisecond;        // G
    ps least = second, most = 60 * second;   // (2.4), (2.5)
    ps initial = second;                 // (2.1)
};

struct round_trips {
    ps& srtt;                            // 0: no sample yet
    ps& rtt_var;
    ps& rto;
};

inline void set_timeout(round_trips t, const timeout_limits& l) {
    t.rto = std::clamp(t.srtt + std::max(l.granularity, 4 * t.rtt_var), l.least, l.most);
}

// (2.2), (2.3): alpha 1/8, beta 1/4. A sample below 1 ps counts as 1 ps.
inline void take_sample(round_trips t, ps sample, const timeout_limits& l) {
    sample = std::max<ps>(sample, 1);
    if (t.srtt == 0) {
        t.srtt = sample;
        t.rtt_var = sample / 2;
    } else {
        const ps apart = t.srtt > sample ? t.srtt - sample : sample - t.srtt;
        t.rtt_var = (3 * t.rtt_var + apart) / 4;
        t.srtt = std::max<ps>((7 * t.srtt + sample) / 8, 1);
    }
    set_timeout(t, l);
}

// (5.5)
inline void back_off(round_trips t, const timeout_limits& l) { t.rto = std::min(2 * t.rto, std::max(l.most, l.least)); }

}  // namespace nicteam::tcp
