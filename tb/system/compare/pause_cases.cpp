#include <sstream>

#include "system/compare/pause_model.h"
#include "system/compare/random.h"

namespace compare {

using nicteam::test::pause_case;

namespace {

constexpr unsigned left_at[] = {512, 1024, 1280, 1536, 1792, 2048, 2304, 2560};      // SDM table 30

// Small FIFOs, slow drains and long stalls, so that they fill; frames close to each other, so that PAUSE frames wait and are waited for.
void make_mac(random_source& r, pause_case::station& s, std::int64_t until) {
    s.pci_period = r.any<std::int64_t>({30'000, 30'000, 20'000, 50'000});
    s.threshold = static_cast<unsigned>(r.one_in(2) ? 0 : r.below(8));
    s.left = left_at[s.threshold];
    s.fifo_bytes = s.left + static_cast<unsigned>(r.one_in(3) ? r.between(17, 80) : r.between(100, 1200));
    s.restop = r.one_in(2);
    s.restart = r.one_in(2) || !s.restop;
    if (r.one_in(8)) s.restop = s.restart = false;
    s.ignores = r.one_in(8);
    s.delay = static_cast<unsigned>(r.any<std::int64_t>({1, 5, 31, 32, 40, 63, 64, 100, 65535}));
    s.word_clocks = static_cast<unsigned>(r.any<std::int64_t>({1, 1, 2, 8, 16}));
    for (std::int64_t n = r.below(4), t = 0; n; --n) {
        t += r.below(until / 3) / pause_case::step * pause_case::step;
        const std::int64_t for_ = r.below(until / 3) / pause_case::step * pause_case::step;
        s.stalls.push_back({t, t + for_});
        t += for_;
    }
}

}  // namespace

pause_case random_pause(std::uint64_t seed, unsigned index) {
    random_source r(seed, 11 * std::uint64_t{index} + 5);
    pause_case c;
    c.octet_period = r.any<std::int64_t>({80'000, 80'000, 80'000, 40'000, 800'000});
    const std::int64_t octets = r.between(2000, 7000);
    c.until = octets * c.octet_period;
    const std::int64_t bit = c.octet_period / 8 / pause_case::step * pause_case::step;
    c.delay = bit ? bit * r.any<std::int64_t>({0, 1, 7, 8, 60, 500}) : pause_case::step * r.below(300);
    const int peer = r.one_in(3) ? static_cast<int>(r.below(2)) : -1;
    for (int i = 0; i < 2; ++i) {
        pause_case::station& s = c.stations[i];
        s.peer = i == peer;
        if (!s.peer) make_mac(r, s, c.until);
        const bool on_edges = r.one_in(3);
        std::int64_t t = r.below(500) * c.octet_period;
        s.frames.resize(static_cast<std::size_t>(r.between(0, 14)));
        for (auto& f : s.frames) {
            if (r.one_in(3)) t += r.below(1500) * c.octet_period;
            f.offered = t / pause_case::step * pause_case::step;
            if (on_edges) f.offered = f.offered / c.octet_period * c.octet_period;
            else if (r.one_in(2)) f.offered += pause_case::step * r.below(c.octet_period / pause_case::step);
            t = f.offered;
            f.octets = static_cast<unsigned>(r.one_in(3) ? 64 : r.between(64, 700));
        }
    }
    return c;
}

std::string text_of(const pause_case& c) {
    std::ostringstream s;
    s << "octet_period " << c.octet_period << " delay " << c.delay << " until " << c.until << '\n';
    for (const auto& t : c.stations) {
        s << "  peer " << t.peer << " pci " << t.pci_period << " fifo " << t.fifo_bytes << " left " << t.left << " delay " << t.delay << " restop " << t.restop << " restart " << t.restart << " ignores "
          << t.ignores << " word_clocks " << t.word_clocks << " stalls";
        for (const auto& x : t.stalls) s << " {" << x.from << ", " << x.until << '}';
        s << " frames";
        for (const auto& f : t.frames) s << " {" << f.offered << ", " << f.octets << '}';
        s << '\n';
    }
    return s.str();
}

}  // namespace compare
