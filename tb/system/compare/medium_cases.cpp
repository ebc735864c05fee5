#include <algorithm>
#include <sstream>

#include "system/compare/medium_model.h"
#include "system/compare/random.h"

namespace compare {

using nicteam::test::medium_case;

// Offers come close together, so that stations meet; cables are short, or long enough for collisions behind the first slot.
medium_case random_medium(std::uint64_t seed, unsigned index, bool& no_backoff) {
    random_source r(seed, 7 * std::uint64_t{index} + 3);
    medium_case c;
    c.octet_period = r.one_in(6) ? 800'000 : 80'000;
    const std::int64_t bit = c.octet_period / 8;
    c.repeater = !r.one_in(3);
    c.latency = bit * (r.one_in(2) ? 46 : r.between(1, 90));
    no_backoff = r.one_in(8);
    c.stations.resize(c.repeater ? static_cast<std::size_t>(r.between(2, 5)) : 2);
    const std::int64_t longest = r.any<std::int64_t>({3, 60, 120, 120, 700});
    const std::int64_t spread = r.any<std::int64_t>({100, 1000, 4000}) * bit;
    const bool on_edges = r.one_in(3);
    for (auto& s : c.stations) {
        s.fifo = no_backoff || r.one_in(2);
        s.delay = bit * r.between(0, longest);
        if (s.fifo) {
            s.gap_octets = static_cast<unsigned>(r.one_in(3) ? r.between(2, 40) : 12);
            s.wait_after_win = r.one_in(3);
            if (!no_backoff && r.one_in(3)) s.priority = static_cast<unsigned>(r.between(1, 7));
            s.priority_after_reception = r.one_in(2);
        }
        std::int64_t t = r.below(spread);
        s.frames.resize(static_cast<std::size_t>(r.between(0, no_backoff ? 2 : 6)));
        for (auto& f : s.frames) {
            if (r.one_in(2)) t += r.below(2 * spread);
            f.offered = on_edges ? t / c.octet_period * c.octet_period : t / bit * bit;
            f.octets = static_cast<unsigned>(r.one_in(3) ? r.between(64, 400) : 64);
        }
    }
    return c;
}

std::string text_of(const medium_case& c) {
    std::ostringstream s;
    s << "octet_period " << c.octet_period << " repeater " << c.repeater << " latency " << c.latency << '\n';
    for (const auto& t : c.stations) {
        s << "  fifo " << t.fifo << " delay " << t.delay << " gap " << t.gap_octets << " wait_after_win " << t.wait_after_win << " priority " << t.priority << (t.priority_after_reception ? " after both" : " after own") << " frames";
        for (const auto& f : t.frames) s << " {" << f.offered << ", " << f.octets << '}';
        s << '\n';
    }
    return s.str();
}

}  // namespace compare
