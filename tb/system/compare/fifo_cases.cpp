#include "system/compare/fifo_cases.h"

#include <algorithm>
#include <sstream>

#include "system/compare/random.h"

namespace compare {

using nicteam::test::bus_gaps;
using nicteam::test::receive_case;
using nicteam::test::transmit_case;

namespace {

// From a bus that is always free to one that starves the FIFOs: the mean gap is `scale` clocks, a few are ten times as long.
bus_gaps random_gaps(random_source& r, std::int64_t scale) {
    bus_gaps g;
    g.grant.resize(static_cast<std::size_t>(r.between(1, 9)));
    for (unsigned& n : g.grant) n = static_cast<unsigned>(1 + r.below(r.one_in(8) ? 20 * scale : 2 * scale));
    g.wait.resize(static_cast<std::size_t>(r.between(1, 5)));
    for (unsigned& n : g.wait) n = r.one_in(3) ? static_cast<unsigned>(r.between(0, 8)) : 0;
    return g;
}

template <class Case>
void random_clocks(random_source& r, Case& c) {
    c.pci_period = r.any<std::int64_t>({30'000, 30'000, 15'000, 30'303, 40'000});
    c.pci_phase = r.one_in(3) ? r.below(c.pci_period) : 0;
    c.octet_period = r.one_in(12) ? 800'000 : 80'000;
    c.fifo_bytes = r.any<unsigned>({3072, 3072, 3072, 1536, 640});
}

unsigned random_length(random_source& r) {
    return static_cast<unsigned>(r.one_in(3) ? r.between(60, 130) : r.one_in(2) ? r.between(1, 600) : r.between(200, 1514));
}

template <class T>
std::string list(const std::vector<T>& v) {
    std::ostringstream s;
    s << '{';
    for (std::size_t i = 0; i < v.size(); ++i) s << (i ? ", " : "") << v[i];
    s << '}';
    return s.str();
}

// Configure 10 bits 5:4, and the delimiter.
unsigned random_preamble(random_source& r) { return r.one_in(2) ? 8 : r.any<unsigned>({2, 4, 16}); }

}  // namespace

transmit_case random_transmit(std::uint64_t seed, unsigned index) {
    random_source r(seed, 2 * std::uint64_t{index});
    transmit_case c;
    random_clocks(r, c);
    c.threshold = static_cast<unsigned>(r.one_in(3) ? r.between(0, 0xE0) : r.between(1, 16));
    c.limit = static_cast<unsigned>(r.one_in(2) ? 0 : r.between(0, 7));
    c.retry = static_cast<unsigned>(r.below(4));
    c.two_frames = !r.one_in(4);
    c.padding = !r.one_in(4);
    c.gap_octets = static_cast<unsigned>(r.one_in(3) ? r.between(2, 40) : 12);
    const bool tight = r.one_in(4);          // large pieces, soon after one another: bursts that the FIFO's room cuts short
    std::int64_t t = r.below(1'000'000);
    c.frames.resize(static_cast<std::size_t>(r.between(1, c.octet_period == 80'000 ? 8 : 3)));
    for (auto& f : c.frames) {
        if (!tight && !r.one_in(3)) t += r.below(2000 * c.octet_period);
        f.offered = r.one_in(3) ? c.pci_phase + t / c.pci_period * c.pci_period : t;
        t = std::max(t, f.offered);
        unsigned left = r.one_in(40) ? c.fifo_bytes + 8 - static_cast<unsigned>(r.below(16))      // about the FIFO's size
                        : tight       ? static_cast<unsigned>(r.between(c.fifo_bytes / 4, c.fifo_bytes))
                                      : random_length(r);
        const unsigned pieces = static_cast<unsigned>(r.between(1, tight ? 2 : 4));
        for (unsigned p = 1; p < pieces && left > 1; ++p) {
            const unsigned n = static_cast<unsigned>(r.between(1, left - 1));
            f.pieces.push_back(n);
            left -= n;
        }
        f.pieces.push_back(left);
    }
    for (std::size_t i = 1; i < c.frames.size(); ++i) c.frames[i].offered = std::max(c.frames[i].offered, c.frames[i - 1].offered);
    c.bus = random_gaps(r, r.any<std::int64_t>({2, 40, 150, 400, 1000}));
    c.preamble = random_preamble(r);
    return c;
}

receive_case random_receive(std::uint64_t seed, unsigned index) {
    random_source r(seed, 2 * std::uint64_t{index} + 1);
    receive_case c;
    random_clocks(r, c);
    c.limit = static_cast<unsigned>(r.one_in(2) ? 8 : r.between(0, 15));
    c.discard_short = !r.one_in(3);
    c.fcs_to_memory = r.one_in(3);
    c.checksum_word = r.one_in(4);
    c.crc16 = r.one_in(6);
    c.whole_frame = r.one_in(4);
    std::int64_t octet = r.below(200);
    c.frames.resize(static_cast<std::size_t>(r.between(1, c.octet_period == 80'000 ? 8 : 3)));
    for (auto& f : c.frames) {
        f.first = octet * c.octet_period;
        f.octets = r.one_in(6) ? static_cast<unsigned>(r.between(1, 70)) : r.one_in(20) ? c.fifo_bytes + static_cast<unsigned>(r.below(1000)) : 4 + random_length(r);
        f.match = !r.one_in(8);
        f.preamble = random_preamble(r);
        octet += f.preamble + f.octets + (r.one_in(2) ? 12 : r.below(1500));
    }
    c.bus = random_gaps(r, r.any<std::int64_t>({2, 40, 300, 1500, 4000}));
    return c;
}

std::string text_of(const transmit_case& c) {
    std::ostringstream s;
    s << "pci_period " << c.pci_period << " pci_phase " << c.pci_phase << " octet_period " << c.octet_period << " fifo_bytes " << c.fifo_bytes
      << " threshold " << c.threshold << " limit " << c.limit << " retry " << c.retry << " two_frames " << c.two_frames << " padding " << c.padding << " gap_octets "
      << c.gap_octets << " preamble " << c.preamble << " grant " << list(c.bus.grant) << " wait " << list(c.bus.wait) << '\n';
    for (const auto& f : c.frames) s << "  offered " << f.offered << " pieces " << list(f.pieces) << '\n';
    return s.str();
}

std::string text_of(const receive_case& c) {
    std::ostringstream s;
    s << "pci_period " << c.pci_period << " pci_phase " << c.pci_phase << " octet_period " << c.octet_period << " fifo_bytes " << c.fifo_bytes
      << " limit " << c.limit << " discard_short " << c.discard_short << " fcs_to_memory " << c.fcs_to_memory << " checksum_word "
      << c.checksum_word << " crc16 " << c.crc16 << " whole_frame " << c.whole_frame << " grant " << list(c.bus.grant) << " wait " << list(c.bus.wait) << '\n';
    for (const auto& f : c.frames) s << "  first " << f.first << " octets " << f.octets << " preamble " << f.preamble << " match " << f.match << '\n';
    return s.str();
}

}  // namespace compare
