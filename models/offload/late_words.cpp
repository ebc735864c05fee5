#include "offload/late_words.h"

#include <algorithm>

namespace nicteam::offload {

void plan_late_words(span& words, const clock_domain& clock, ps at, const span& octets, unsigned word_octets, ps last, unsigned crossing) {
    words.clear();
    std::uint64_t left = word_octets;             // octets until the word at hand has all
    const std::uint64_t all = (octets.units() + word_octets - 1) / word_octets;
    ps passed = at;
    for (const run& r : octets.runs()) {
        std::uint64_t octet = 0;
        for (; octet + left <= r.units && words.units() + 1 < all; octet += left, left = word_octets) {
            passed = std::max(clock.after(passed), clock.after(r.first + r.stride * static_cast<ps>(octet + left - 1), crossing + 1));
            words.append({passed, 0, 1});
        }
        left -= std::min(left, r.units - octet);
    }
    words.append({std::max(clock.after(passed), last), 0, 1});
}

}  // namespace nicteam::offload
