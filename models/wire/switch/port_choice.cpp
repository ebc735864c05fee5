#include "nicteam/wire/port_choice.h"

#include "nicteam/aggregation/flow_hash.h"

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

// Of what is no IP, or too short for it, the source MAC address.
class by_ip : public port_choice {
public:
    explicit by_ip(bool destination) : destination_(destination) {}
    unsigned choose(const bytes& f, unsigned many) override {
        constexpr unsigned type_octets = 2, tag_octets = 4;
        unsigned at = 2 * address_octets;
        const auto type = [&] { return at + type_octets <= f.size() ? static_cast<unsigned>(f[at]) << 8 | f[at + 1] : 0; };
        while (type() == 0x8100 || type() == 0x88A8) at += tag_octets;         // IEEE 802.1Q
        const bool four = type() == 0x0800, six = type() == 0x86DD;
        const unsigned size = four ? 4 : 16, address = at + type_octets + (four ? 12 : 8) + (destination_ ? size : 0);     // RFC 791, RFC 8200
        if ((four || six) && address + size <= f.size()) return folded(f, address, size) % many;
        return folded(f, source_offset, address_octets) % many;
    }

private:
    bool destination_;
};

class by_flow : public port_choice {
public:
    explicit by_flow(aggregation::hash_policy p) : policy_(p) {}
    unsigned choose(const bytes& f, unsigned many) override { return aggregation::flow_hash(policy_, {f.data(), f.size()}) % many; }

private:
    aggregation::hash_policy policy_;
};

// Keeps no conversation in order; some switches offer it all the same.
struct in_turn : port_choice {
    unsigned choose(const bytes&, unsigned many) override { return next_++ % many; }
    unsigned next_ = 0;
};

}  // namespace

std::unique_ptr<port_choice> make_port_choice(port_choice_kind k) {
    using kind = port_choice_kind;
    using hash = aggregation::hash_policy;
    switch (k) {
        case kind::source_mac: return std::make_unique<by_source>();
        case kind::destination_mac: return std::make_unique<by_destination>();
        case kind::both_macs: return std::make_unique<by_both>();
        case kind::round_robin: return std::make_unique<in_turn>();
        case kind::source_ip: return std::make_unique<by_ip>(false);
        case kind::destination_ip: return std::make_unique<by_ip>(true);
        case kind::layer2: return std::make_unique<by_flow>(hash::layer2);
        case kind::layer2_3: return std::make_unique<by_flow>(hash::layer2_3);
        case kind::layer3_4: return std::make_unique<by_flow>(hash::layer3_4);
        case kind::encap2_3: return std::make_unique<by_flow>(hash::encap2_3);
        case kind::encap3_4: return std::make_unique<by_flow>(hash::encap3_4);
        case kind::vlan_srcmac: return std::make_unique<by_flow>(hash::vlan_srcmac);
    }
    return nullptr;
}

}  // namespace nicteam::wire
