#include "nicteam/peer/router.h"

#include <utility>

#include "nicteam/packet/fragment.h"

namespace nicteam::peer {
namespace {

using c = router_config;

constexpr parameter_info parameters[] = {
    {"peer", quantity::text, nullptr, nullptr, nullptr, nullptr, "The peer whose way it stands on: behind its route_mtu, several in the order of the file, the nearest first.", "scenario",
     store<&c::peer>},
    {"ip", quantity::text, "", nullptr, nullptr, nullptr, "Its IPv4 address, an end of its tunnels; left out: its peer's, as of a bump in the wire.", "RFC 4301, 3.3", store<&c::ip>},
    {"mtu", quantity::size, "1500 B", "68 B", "1500 B", nullptr, "MTU of its link on the side away from the peer: what is longer it fragments, or drops when DF is set.",
     "RFC 791, 3.2; IEEE 802.3 3.2.7", store<&c::mtu>},
};

#define PEER_GATEWAY_METRIC(name, meaning) {name, "packets", meaning},
constexpr metric_info metric_rows[] = {
#include "peer/gateway_metrics.def"
    {"fragments", "fragments", "pieces that it cut packets into"},
    {"too_big", "packets", "dropped: too long for its next link, and not to be cut; their source is told"},
    {"too_far", "packets", "dropped: their time to live was over"},
};
#undef PEER_GATEWAY_METRIC
enum own_row : unsigned { fragments_row = gateway::metrics, too_big_row, too_far_row };

counter& bind(const std::string& path, own_row r) { return sim::session::current().bind_counter(path + "." + metric_rows[r].name, metric_rows[r]); }

}  // namespace

const block_info router_info = {"router", "A router between a peer and its link, or a security gateway: fragments, tunnels, at no time of its own.", parameters, metric_rows, {}, {}, {}, {}, {}};

packet::ipv4_address told_from(packet::ipv4_address router, packet::ipv4_address peer) {
    constexpr packet::ipv4_address dummy = 0xC000'0008;      // RFC 7600, 4.8: the IPv4 dummy address
    return router == peer ? dummy : router;
}

router::router(std::size_t mtu, const packet::ip_address& ip, const books& b) : mtu_(mtu), ip_(ip), books_(b) {}

router::router(const std::string& path, const router_config& k, const packet::ip_address& ip)
    : mtu_(static_cast<std::size_t>(k.mtu)), ip_(ip), books_{&bind(path, fragments_row), &bind(path, too_big_row), &bind(path, too_far_row)},
      security_(std::make_unique<gateway>(path, ip)) {}

// One hop: RFC 1812, 5.3.1; RFC 8200, 3. The checksum is renewed with the length, which stays. false: it goes no further.
bool router::count_down(bytes& p) {
    constexpr std::size_t ttl_at = 8, hop_limit_at = 7;
    std::uint8_t& left = p[p[0] >> 4 == 6 ? hop_limit_at : ttl_at];
    if (left <= 1) {
        books_.too_far->add();
        return false;
    }
    --left;
    packet::finish_ip(p);
    return true;
}

void router::forward(bytes p, std::size_t mtu, std::vector<bytes>& behind, std::vector<gateway::too_long>& refused) {
    const packet::octets o{p.data(), p.size()};
    if (p.size() <= mtu) return behind.push_back(std::move(p));
    const std::size_t before = behind.size();
    if (p[0] >> 4 == 4 && packet::fragment(o, mtu, 0, behind) == packet::fragment_result::fragmented) {
        if (books_.fragments) books_.fragments->add(behind.size() - before);
        return;
    }
    books_.too_big->add();
    refused.push_back({std::move(p), mtu});
}

void router::out(bytes p, ps now, std::vector<bytes>& behind, std::vector<gateway::too_long>& refused) {
    if (!count_down(p)) return;
    std::vector<bytes> protected_ones;
    if (security_) security_->out({p.data(), p.size()}, now, protected_ones, refused);
    else protected_ones.push_back(std::move(p));
    for (bytes& one : protected_ones) forward(std::move(one), mtu_, behind, refused);
}

gateway::refusal router::in(bytes p, ps now, std::size_t near_mtu, std::vector<bytes>& behind, std::vector<gateway::too_long>& refused) {
    std::vector<bytes> opened;
    gateway::refusal why = gateway::refusal::none;
    if (security_) why = security_->in({p.data(), p.size()}, now, opened);
    else opened.push_back(std::move(p));
    for (bytes& one : opened)
        if (count_down(one)) forward(std::move(one), near_mtu, behind, refused);
    return why;
}

}  // namespace nicteam::peer
