#include "wire/switch/group_lacp.h"

#include <algorithm>

namespace nicteam::wire {
namespace {

aggregation::lacp machines(const port_group_config& g, const packet::mac_address& system, ps now) {
    aggregation::lacp_settings s;
    s.system = system;
    s.active = g.lacp == lacp_mode::active;
    s.fast = g.fast;
    s.individual = false;
    std::vector<aggregation::lacp_port_settings> ports;
    for (const unsigned p : g.ports) {
        aggregation::lacp_port_settings one;
        one.number = static_cast<std::uint16_t>(p + 1);
        one.address = system;
        ports.push_back(one);
    }
    return {s, ports, now};
}

}  // namespace

group_lacp::group_lacp(const port_group_config& g, const packet::mac_address& system, unsigned number, ps now)
    : ports_(g.ports), number_(number), lacp_(machines(g, system, now)) {}

unsigned group_lacp::index_of(unsigned port) const { return static_cast<unsigned>(std::find(ports_.begin(), ports_.end(), port) - ports_.begin()); }

void group_lacp::link(unsigned port, bool up, std::int64_t rate, ps now) {
    if (up) {
        auto at = std::find(rates_.begin(), rates_.end(), rate);
        if (at == rates_.end()) at = rates_.insert(rates_.end(), rate);
        lacp_.set_key(index_of(port), static_cast<std::uint16_t>((number_ + 1) << 8 | static_cast<unsigned>(at - rates_.begin() + 1)), now);
    }
    lacp_.enable(index_of(port), up, now);
    choose(now);
}

bool group_lacp::received(unsigned port, packet::octets f, ps now) {
    if (!lacp_.received(index_of(port), f, now)) return false;
    choose(now);
    return true;
}

void group_lacp::due(ps now) {
    lacp_.due(now);
    choose(now);
}

// Partners may be several by a wrong cable: the aggregator in use stays as long as it has a partner, else the one with most ports is
// taken, ties by number. The others' ports wait.
void group_lacp::choose(ps now) {
    std::vector<unsigned> answered(lacp_.size());
    for (unsigned p = 0; p < lacp_.size(); ++p)
        if (const auto& port = lacp_.port(p); port.enabled && port.selected && port.has_partner()) ++answered[port.aggregator];
    const auto most = std::max_element(answered.begin(), answered.end());
    if (aggregator_ < 0 || !answered[static_cast<unsigned>(aggregator_)]) aggregator_ = *most ? static_cast<int>(most - answered.begin()) : -1;
    for (unsigned p = 0; p < lacp_.size(); ++p) {
        const auto& port = lacp_.port(p);
        lacp_.set_standby(p, port.selected && aggregator_ >= 0 && port.aggregator != static_cast<unsigned>(aggregator_), now);
    }
}

bool group_lacp::in_use(unsigned i) const {
    const aggregation::lacp_port& p = lacp_.port(i);
    return p.selected && !p.standby && p.has_partner() && aggregator_ >= 0 && p.aggregator == static_cast<unsigned>(aggregator_);
}

bool group_lacp::collects(unsigned port) const {
    const unsigned i = index_of(port);
    return in_use(i) && lacp_.port(i).collecting();
}

bool group_lacp::distributes(unsigned port) const {
    const unsigned i = index_of(port);
    return in_use(i) && lacp_.port(i).distributing();
}

std::vector<std::pair<unsigned, bytes>> group_lacp::take_frames() {
    std::vector<std::pair<unsigned, bytes>> out;
    for (auto& f : lacp_.take_frames()) out.emplace_back(ports_[f.port], std::move(f.octets));
    return out;
}

}  // namespace nicteam::wire
