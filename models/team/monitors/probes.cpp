// Probes between members (Intel ANS): every member sends one to all each probe_send_time, and is looked at each check_time: has it taken in any frame since? A
// member that has not, and does not in max_retries looks more, has failed. With fewer than three members nobody could tell whose fault a silence is: none is tested.
#include "nicteam/packet/ethernet.h"
#include "nicteam/team/mode_config.h"
#include "team/monitors/between_members.h"
#include "team/monitors/monitors.h"
#include "team/monitors/verdicts.h"

namespace nicteam::team {
namespace {

class probes : public monitor {
public:
    explicit probes(const monitor_config& c)
        : send_time_(c.probe_send_time), check_time_(c.check_time), retries_(c.max_retries),
          to_(c.probe_address == probe_address::broadcast ? packet::broadcast_mac : probe_group) {}
    const char* monitor_name() const override { return "probes"; }

    void start(const members& all, ps now, actions& a) override {
        verdicts_.start(all.size());
        silent_.assign(all.size(), 0);
        heard_.assign(all.size(), false);
        next_send_ = now;
        next_check_ = now + check_time_;
        due(all, now, a);
    }
    void changed(unsigned m, const members& all, ps now, actions&) override {
        if (!enough(all)) acquit(now);
        else if (!all[m].present) verdicts_.decide(m, false, now);
    }
    bool takes(unsigned m, const frame_view& f, const members& all, ps now, actions&) override {
        heard_[m] = true;
        silent_[m] = 0;
        if (enough(all)) verdicts_.decide(m, true, now);
        const auto p = between_members::parse(f.octets, probe_type);
        return p && p->team == team_address(all);
    }

    ps next() const override { return std::min(next_send_, next_check_); }
    void due(const members& all, ps now, actions& a) override {
        if (now >= next_check_) {
            next_check_ = now + check_time_;
            check(all, now);
        }
        if (now >= next_send_) {
            next_send_ = now + send_time_;
            ++sequence_;
            for (unsigned m = 0; m < all.size() && enough(all); ++m)
                if (all[m].present)
                    a.frames.push_back({m, between_members{team_address(all), static_cast<std::uint8_t>(m), sequence_}.frame(probe_type, to_, all[m].address)});
        }
    }
    bool good(unsigned m) const override { return verdicts_.good(m); }
    ps decided_at(unsigned m) const override { return verdicts_.decided_at(m); }

private:
    static bool enough(const members& all) {
        return std::count_if(all.begin(), all.end(), [](const member& m) { return m.present; }) >= 3;
    }
    void acquit(ps now) {
        for (unsigned m = 0; m < silent_.size(); ++m) {
            silent_[m] = 0;
            verdicts_.decide(m, true, now);
        }
    }
    void check(const members& all, ps now) {
        if (!enough(all)) return acquit(now);
        for (unsigned m = 0; m < all.size(); ++m) {
            if (!heard_[m] && ++silent_[m] > retries_) verdicts_.decide(m, false, now);
            heard_[m] = false;
        }
    }

    ps send_time_, check_time_;
    std::uint32_t retries_;
    mac_address to_;
    verdicts verdicts_;
    std::vector<std::uint32_t> silent_;            // looks in a row that found nothing
    std::vector<bool> heard_;
    ps next_send_ = never, next_check_ = never;
    std::uint32_t sequence_ = 0;
};

}  // namespace

std::unique_ptr<monitor> make_probes(const monitor_config& c) { return std::make_unique<probes>(c); }

}  // namespace nicteam::team
