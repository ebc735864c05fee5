// 802.3ad of Linux bonding: dynamic aggregation by LACP. Members of one rate that the same partner takes together form an aggregator; one aggregator is in use, and
// a hash of the flow chooses among its members. The others are held back, in standby.
#include <algorithm>
#include <optional>

#include "nicteam/packet/addresses.h"
#include "team/modes/aggregator_choice.h"
#include "team/modes/all_active.h"
#include "team/modes/modes.h"
#include "team/modes/spread.h"

namespace nicteam::team {
namespace {

std::vector<std::uint32_t> priorities_of(const mode_config& c) {
    std::vector<std::uint32_t> out(most_members, 255);
    for (std::size_t m = 0; m < std::min<std::size_t>(c.actor_port_prio.size(), most_members); ++m) out[m] = static_cast<std::uint32_t>(std::stoul(c.actor_port_prio[m]));
    return out;
}

class dynamic_aggregation : public all_active {
public:
    explicit dynamic_aggregation(const mode_config& c)
        : all_active(mode_kind::ieee_802_3ad), config_(c), priorities_(priorities_of(c)), choice_(c.ad_select, priorities_), spread_(c.xmit_hash_policy) {}

    void start(const members& all, ps now, actions& a) override {
        const mac_address system = packet::parse_mac(config_.ad_actor_system).value_or(team_address(all));
        const aggregation::lacp_settings s{static_cast<std::uint16_t>(config_.ad_actor_sys_prio), system, config_.lacp_active, config_.lacp_rate == lacp_rate::fast, true};
        std::vector<aggregation::lacp_port_settings> ports;
        for (unsigned m = 0; m < all.size(); ++m)
            ports.push_back({static_cast<std::uint16_t>(m + 1), static_cast<std::uint16_t>(priorities_[m]), key_of(all[m]), all[m].permanent});
        lacp_.emplace(s, ports, now);
        all_active::start(all, now, a);
    }
    void changed(const members& all, ps now, actions& a) override {
        all_active::changed(all, now, a);
        for (unsigned m = 0; m < all.size(); ++m) {
            lacp_->set_address(m, all[m].permanent);
            if (all[m].usable) lacp_->set_key(m, key_of(all[m]), now);
            lacp_->enable(m, all[m].usable && all[m].full_duplex, now);
        }
        follow(all, now, a);
    }

    void choose(const frame_view& f, const members& all, ps, route& out) override {
        if (!carriers_.empty()) out.add(carriers_[spread_.pick(f, carriers_, all)]);
    }
    bool takes(unsigned member, const frame_view& f, const members& all, ps now, actions& a) override {
        if (!lacp_->received(member, f.octets, now)) return false;
        follow(all, now, a);
        return true;
    }
    bool delivers(unsigned member, const frame_view&, const members&, ps, actions&) override {
        return config_.all_slaves_active || lacp_->port(member).collecting();
    }

    ps next() const override { return lacp_->next(); }
    void due(const members& all, ps now, actions& a) override {
        lacp_->due(now);
        follow(all, now, a);
    }
    bool carries(unsigned member) const override { return std::find(carriers_.begin(), carriers_.end(), member) != carriers_.end(); }

private:
    // Keys are this system's own numbers: rates are numbered as they come.
    std::uint16_t key_of(const member& m) {
        auto at = std::find(rates_.begin(), rates_.end(), m.rate);
        if (at == rates_.end()) at = rates_.insert(rates_.end(), m.rate);
        return static_cast<std::uint16_t>(config_.ad_user_port_key << 6 | static_cast<std::uint32_t>(at - rates_.begin() + 1) << 1 | m.full_duplex);
    }

    // Behind every call of LACP: which aggregator is in use, who carries, what is to be sent.
    void follow(const members& all, ps now, actions& a) {
        choice_.hold(*lacp_, all);
        for (unsigned m = 0; m < all.size(); ++m) {
            const aggregation::lacp_port& p = lacp_->port(m);
            lacp_->set_standby(m, p.selected && p.aggregator != choice_.in_use(), now);
        }
        carriers_.clear();
        for (unsigned m = 0; m < all.size(); ++m)
            if (lacp_->port(m).distributing() && all[m].usable) carriers_.push_back(m);
        if (carriers_.size() < config_.min_links) carriers_.clear();
        for (auto& f : lacp_->take_frames()) a.frames.push_back({f.port, std::move(f.octets)});
    }

    mode_config config_;
    std::vector<std::uint32_t> priorities_;
    aggregator_choice choice_;
    spread_by_hash spread_;
    std::optional<aggregation::lacp> lacp_;
    std::vector<std::int64_t> rates_;
    std::vector<unsigned> carriers_;
};

}  // namespace

std::unique_ptr<mode> make_802_3ad(const mode_config& c, random_stream) { return std::make_unique<dynamic_aggregation>(c); }

}  // namespace nicteam::team
