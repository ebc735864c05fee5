// ARP monitor of Linux bonding: targets are asked each arp_interval, and a member is good that has taken in frames lately; which frames count is arp_validate's.
// With one active member the questions leave through that one, and the others see them come by as broadcasts; when none is active the members take turns. In the
// other modes each member asks for itself.
#include "nicteam/packet/arp.h"
#include "nicteam/packet/ethernet.h"
#include "team/monitors/monitors.h"
#include "team/monitors/verdicts.h"

namespace nicteam::team {
namespace {

constexpr ps long_ago = -1'000'000 * second;

class arp : public monitor {
public:
    explicit arp(const monitor_config& c)
        : interval_(c.arp_interval), missed_max_(c.arp_missed_max), validate_(static_cast<unsigned>(c.arp_validate)), all_targets_(c.arp_all_targets == arp_all_targets::all),
          one_active_(c.mode == mode_kind::aft || c.mode == mode_kind::active_backup), own_(c.own_ip) {
        for (const std::string& t : c.arp_ip_target) targets_.push_back(*packet::parse_ipv4(t));
    }
    const char* monitor_name() const override { return "arp"; }

    void start(const members& all, ps now, actions& a) override {
        verdicts_.start(all.size());
        seen_.resize(all.size());
        for (unsigned m = 0; m < all.size(); ++m) {
            seen_[m].at.assign(all_targets_ ? targets_.size() : 1, long_ago);
            seen_[m].good_since = now;
            if (!all[m].present || !all[m].link) verdicts_.decide(m, false, now);
        }
        next_look_ = now;
        due(all, now, a);
    }
    void changed(unsigned m, const members& all, ps now, actions&) override {
        if (!all[m].present) verdicts_.decide(m, false, now);
    }

    bool takes(unsigned m, const frame_view& f, const members& all, ps now, actions&) override {
        constexpr unsigned filter = 4, of_active = 1, of_backup = 2;
        const bool is_arp = packet::is_arp(f.octets), active = !one_active_ || all[m].active || m == candidate_;
        if (!(validate_ & (active ? of_active : of_backup))) {
            if (is_arp || !(validate_ & filter)) std::fill(seen_[m].at.begin(), seen_[m].at.end(), now);
            return false;
        }
        const auto message = is_arp ? packet::arp_message::parse(f.octets.from(packet::ethernet_header)) : std::nullopt;
        if (!message) return false;
        if (active) answered(m, message->sender_ip, message->target_ip, now);
        else if (active_is_answered(all)) answered(m, message->target_ip, message->sender_ip, now);
        return false;
    }

    ps next() const override { return ask_at_ != never ? ask_at_ : next_look_; }
    void due(const members& all, ps now, actions& a) override {
        if (now >= next_look_) {
            next_look_ = now + interval_;
            ask_at_ = now;
            if (look(all, now)) return;            // first the mode may choose another member
        }
        if (now >= ask_at_) {
            ask_at_ = never;
            ask(all, a);
        }
    }
    bool good(unsigned m) const override { return verdicts_.good(m); }
    ps decided_at(unsigned m) const override { return verdicts_.decided_at(m); }

private:
    struct watched {
        std::vector<ps> at;                        // last sign of life, of each target when all count
        ps good_since = 0;
    };

    ps last(unsigned m) const { return *std::min_element(seen_[m].at.begin(), seen_[m].at.end()); }
    bool within(ps then, std::uint32_t intervals, ps now) const { return now <= then + intervals * interval_ + interval_ / 2; }

    // A sign of life is a word between a target and us.
    void answered(unsigned m, packet::ipv4_address target, packet::ipv4_address us, ps now) {
        const auto at = std::find(targets_.begin(), targets_.end(), target);
        if (at == targets_.end() || us != own_) return;
        seen_[m].at[all_targets_ ? static_cast<std::size_t>(at - targets_.begin()) : 0] = now;
    }
    // Our own questions count for the others only while the active member has had an answer since it became that; else all would keep each other alive.
    bool active_is_answered(const members& all) const {
        for (unsigned m = 0; m < all.size(); ++m)
            if (all[m].active) return last(m) > all[m].active_since;
        return false;
    }

    bool look(const members& all, ps now) {
        bool any = false;
        for (unsigned m = 0; m < all.size(); ++m) {
            watched& w = seen_[m];
            if (!verdicts_.good(m)) {
                if (all[m].present && within(last(m), 1, now)) any |= verdicts_.decide(m, true, now), w.good_since = now;
                continue;
            }
            const bool active = !one_active_ || all[m].active;
            const ps since = one_active_ && active ? std::max(w.good_since, all[m].active_since) : w.good_since;
            if (within(since, 2, now)) continue;
            if (!active && candidate_ != no_member) continue;
            if (!within(last(m), missed_max_ + !active, now)) any |= verdicts_.decide(m, false, now);
        }
        return any;
    }

    void ask(const members& all, actions& a) {
        if (!one_active_) {
            for (unsigned m = 0; m < all.size(); ++m) ask_through(m, all, a);
            return;
        }
        for (unsigned m = 0; m < all.size(); ++m)
            if (all[m].active) {
                candidate_ = no_member;
                return ask_through(m, all, a);
            }
        const unsigned from = candidate_ == no_member ? 0 : candidate_ + 1;
        candidate_ = no_member;
        for (unsigned i = 0; i < all.size() && candidate_ == no_member; ++i) {
            const unsigned m = static_cast<unsigned>((from + i) % all.size());
            if (all[m].present && all[m].link) candidate_ = m;
        }
        if (candidate_ != no_member) ask_through(candidate_, all, a);
    }
    void ask_through(unsigned m, const members& all, actions& a) {
        if (!all[m].present) return;
        for (const packet::ipv4_address t : targets_) {
            std::vector<std::uint8_t> f;
            packet::build_arp_request(f, all[m].address, own_, t);
            a.frames.push_back({m, std::move(f)});
        }
    }

    ps interval_;
    std::uint32_t missed_max_;
    unsigned validate_;                            // bits: of the active one, of the others, ARP only
    bool all_targets_, one_active_;
    packet::ipv4_address own_;
    std::vector<packet::ipv4_address> targets_;
    verdicts verdicts_;
    std::vector<watched> seen_;
    unsigned candidate_ = no_member;               // whose turn it is when none is active
    ps next_look_ = never, ask_at_ = never;
};

}  // namespace

std::unique_ptr<monitor> make_arp(const monitor_config& c) { return std::make_unique<arp>(c); }

}  // namespace nicteam::team
