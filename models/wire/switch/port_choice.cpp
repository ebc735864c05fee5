#include "nicteam/wire/port_choice.h"

namespace nicteam::wire {
namespace {

constexpr unsigned address_octets = 6, source_offset = 6;

// Every octet counts, so that stations numbered in any of them are spread.
unsigned folded(const bytes& f, unsigned from, unsigned octets) {
    unsigned all = 0;
    for (unsigned i = from; i < from + octets; ++i) all ^= f[i];
    return all;
}

struct by_source : port_choice {
    unsigned choose(const bytes& f, unsigned many) override { return folded(f, source_offset, address_octets) % many; }
};

struct by_destination : port_choice {
    unsigned choose(const bytes& f, unsigned many) override { return folded(f, 0, address_octets) % many; }
};

struct by_both : port_choice {
    unsigned choose(const bytes& f, unsigned many) override { return folded(f, 0, 2 * address_octets) % many; }
};

// Keeps no conversation in order; some switches offer it all the same.
struct in_turn : port_choice {
    unsigned choose(const bytes&, unsigned many) override { return next_++ % many; }
    unsigned next_ = 0;
};

}  // namespace

std::unique_ptr<port_choice> make_port_choice(port_choice_kind k) {
    switch (k) {
        case port_choice_kind::source_mac: return std::make_unique<by_source>();
        case port_choice_kind::destination_mac: return std::make_unique<by_destination>();
        case port_choice_kind::both_macs: return std::make_unique<by_both>();
        case port_choice_kind::round_robin: return std::make_unique<in_turn>();
    }
    return nullptr;
}

}  // namespace nicteam::wire
