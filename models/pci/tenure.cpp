#include "tenure.h"

#include <algorithm>

namespace nicteam::pci {
namespace {

// Edges of the data phases: those that pass, and beyond a stop those that would have.
struct phases {
    std::uint32_t base;
    std::int64_t before, first, stride;

    std::int64_t edge(std::uint32_t k) const { return k < base ? before : first + static_cast<std::int64_t>(k - base) * stride; }
    std::uint32_t at_or_after(std::int64_t n) const {
        return n <= first ? base : base + static_cast<std::uint32_t>((n - first + stride - 1) / stride);
    }
};

// The master's own end: the last word it would take, and FRAME# high by then.
struct master_end {
    std::uint32_t last;
    std::int64_t frame_high;
    ending why;
    std::int64_t decided = -1;

    // It decides at edge n that no word later than the one under way shall pass.
    void stop_at(std::int64_t n, ending cause, const phases& e, const tenure_input& in) {
        if (n == no_edge) return;
        n = std::max<std::int64_t>(n, 0);
        std::uint32_t k = e.at_or_after(n + 1);
        if (in.line_words) k += in.line_words - 1 - (in.line_offset + k) % in.line_words;
        if (k + 1 >= in.words) return;
        const std::int64_t high = std::max(n + 1, k ? e.edge(k - 1) + 1 : 1);
        if (k < last) {
            last = k;
            decided = n;
            frame_high = high;
            why = cause;
        } else if (k == last) {
            // At the same word the first cause stays, unless FRAME# was high by the time it came.
            if (decided >= high) why = cause;
            frame_high = std::min(frame_high, high);
        }
    }
};

// The target's end: STOP# sampled low at `edge`, after `words` words. No DEVSEL# is the master's own stop at +5.
struct target_end {
    std::int64_t edge = no_edge;
    std::uint32_t words = UINT32_MAX;
    bool with_data = false;
    ending why = ending::disconnect;
};

target_end end_of(const tenure_input& in, phases& e) {
    const answer& a = in.reply;
    const auto d = static_cast<std::int64_t>(a.select);
    target_end t;
    if (a.select == devsel::none) return {e.first = 5, 0, false, ending::master_abort};
    if (a.how == stop::none) return t;
    t.words = a.how == stop::retry ? 0 : a.words;
    t.why = a.how == stop::abort ? ending::target_abort : t.words == 0 ? ending::retry : ending::disconnect;
    t.with_data = a.how == stop::with_data && t.words > 0;
    if (t.words == 0) e.first = t.edge = d + a.first_wait + (a.how == stop::abort ? 1 : 0);
    else t.edge = e.edge(t.with_data ? t.words - 1 : t.words);
    return t;
}

}  // namespace

tenure_plan plan_tenure(const tenure_input& in) {
    const answer& a = in.reply;
    const auto d = static_cast<std::int64_t>(a.select);
    phases e{in.base, in.before_base, in.base_edge, 1 + static_cast<std::int64_t>(a.next_wait)};
    if (in.base == 0) e.first = (in.write ? d : std::max<std::int64_t>(2, d)) + a.first_wait;
    const target_end target = end_of(in, e);

    master_end master{in.words - 1, in.words == 1 ? 1 : e.edge(in.words - 2) + 1, ending::completed};
    master.stop_at(in.timer, ending::latency_timer, e, in);
    master.stop_at(in.limit, ending::limited, e, in);

    tenure_plan p;
    p.first = e.first;
    p.stride = e.stride;
    p.frame_high = master.frame_high;
    const std::uint64_t needed = static_cast<std::uint64_t>(target.words) + (target.with_data ? 0 : 1);
    if (target.edge == no_edge || needed > master.last + std::uint64_t{1} || (target.with_data && target.words == master.last + 1)) {
        p.done = master.last + 1;
        p.idle = e.edge(master.last) + 1;
        p.why = master.why;
        if (target.with_data && target.words == master.last + 1) p.stop = target.edge;
        return p;
    }
    p.done = target.words;
    p.why = target.why;
    if (a.select != devsel::none) p.stop = target.edge;
    const bool high = master.frame_high <= target.edge;
    if (!high) p.frame_high = target.edge + 1;
    p.idle = target.edge + (high ? 1 : 2);
    return p;
}

}  // namespace nicteam::pci
