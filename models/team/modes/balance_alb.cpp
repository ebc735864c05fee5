// balance-alb of Linux bonding: as balance-tlb, and what is received is balanced too. Each client of IPv4 is answered with another member's address, and told anew by
// ARP when its member fails or comes back. Clients of IPv6 send to the receiving member.
#include <algorithm>

#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/ip.h"
#include "team/modes/adaptive.h"
#include "team/modes/modes.h"
#include "team/modes/receive_table.h"

namespace nicteam::team {
namespace {

class balance_alb : public adaptive {
public:
    using adaptive::adaptive;

    void choose(const frame_view& f, const members& all, ps now, route& out) override {
        const auto arp = ether_type_of(f) == packet::ether_type::arp ? packet::arp_message::parse(f.octets.from(packet::ethernet_header)) : std::nullopt;
        if (!arp || receiver() == no_member || arp->sender_mac != addresses().of_team()) return adaptive::choose(f, all, now, out);
        const unsigned m = clients_.choose(*arp, usable(), all, now);
        if (arp->operation == packet::arp_operation::reply) return send_through(m, f, true, out);
        clients_.asked(arp->sender_ip, receiver(), now);
        send_through(receiver(), f, false, out);
    }
    bool takes(unsigned, const frame_view& f, const members&, ps now, actions&) override {
        if (ether_type_of(f) == packet::ether_type::arp)
            if (const auto arp = packet::arp_message::parse(f.octets.from(packet::ethernet_header))) clients_.heard(*arp, now);
        return false;
    }
    ps next() const override { return std::min(adaptive::next(), clients_.next()); }
    void due(const members& all, ps now, actions& a) override {
        adaptive::due(all, now, a);
        clients_.due(addresses(), receiver(), now, a);
    }

private:
    // By the destination's address, its octets folded into one.
    int place_of(const frame_view& f) const override {
        if (is_group(f)) return -1;
        constexpr std::size_t v4_at = packet::ethernet_header + 16, v6_at = packet::ethernet_header + 24;
        const std::uint16_t type = ether_type_of(f);
        const std::size_t at = type == packet::ether_type::ipv4 ? v4_at : v6_at, octets = type == packet::ether_type::ipv4 ? 4 : 16;
        if ((type != packet::ether_type::ipv4 && type != packet::ether_type::ipv6) || f.octets.size < at + octets) return -1;
        std::uint8_t place = 0;
        for (std::size_t i = 0; i < octets; ++i) place ^= f.octets[at + i];
        return place;
    }
    bool delivers_for_others(const frame_view&) const override { return true; }
    void members_changed(const members& all, unsigned lost, bool gained, ps now) override {
        if (lost != no_member) clients_.lost(lost, usable(), all, now);
        if (gained) clients_.gained(usable(), all, now);
    }
    void addresses_swapped(unsigned a, unsigned b, ps now) override {
        clients_.moved(a, now);
        if (b != no_member) clients_.moved(b, now);
    }

    receive_table clients_;
};

}  // namespace

std::unique_ptr<mode> make_balance_alb(const mode_config& c, random_stream) { return std::make_unique<balance_alb>(c); }

}  // namespace nicteam::team
