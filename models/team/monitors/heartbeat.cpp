// Heartbeat (path validation of HP's teams): every member sends a beat to all each interval; heartbeat_wait after it left it has been heard by another member, or
// it is missed. One that waits behind packets in its member's own ring is not missed as long as that ring moves, and no other is sent meanwhile. So many missed in a row, and the member's path is dead. When no beat at all is heard the silent ones cannot be told from those that nobody answers:
// then a member has failed that took in no frame in as many intervals while another did.
#include "nicteam/team/mode_config.h"
#include "team/monitors/between_members.h"
#include "team/monitors/monitors.h"
#include "team/monitors/verdicts.h"

namespace nicteam::team {
namespace {

class heartbeat : public monitor {
public:
    explicit heartbeat(const monitor_config& c) : interval_(c.heartbeat_interval), wait_(c.heartbeat_wait), stall_(c.heartbeat_stall), misses_(c.heartbeat_misses) {}
    const char* monitor_name() const override { return "heartbeat"; }

    void start(const members& all, ps now, actions& a) override {
        verdicts_.start(all.size());
        seen_.resize(all.size());
        next_beat_ = now;
        due(all, now, a);
    }
    void changed(unsigned m, const members& all, ps now, actions&) override {
        if (!all[m].present) verdicts_.decide(m, false, now);
    }
    bool takes(unsigned m, const frame_view& f, const members& all, ps now, actions&) override {
        seen_[m].took_in = true;
        const auto b = between_members::parse(f.octets, heartbeat_type);
        if (!b || b->team != team_address(all)) return false;
        if (b->member != m && b->member < seen_.size() && b->sequence == seen_[b->member].sequence) {
            seen_[b->member].heard = true;
            verdicts_.decide(b->member, true, now);
        }
        return true;
    }

    void left(unsigned m, ps made, ps now) override {
        watched& w = seen_[m];
        if (!w.pending || w.left != never || made < w.made) return;
        w.left = now;
        if (judge_at_ != never) judge_at_ = std::min(next_beat_, std::max(judge_at_, now + wait_));
    }
    void lost(unsigned m, const frame_view& f, ps now) override {
        const auto b = between_members::parse(f.octets, heartbeat_type);
        if (b && b->member == m && b->sequence == seen_[m].sequence) left(m, seen_[m].made, now);
    }

    ps next() const override { return std::min(next_beat_, judge_at_); }
    void due(const members& all, ps now, actions& a) override {
        if (now >= judge_at_) {
            judge_at_ = never;
            judge(all, now);
        }
        if (now < next_beat_) return;
        next_beat_ = now + interval_;
        judge_at_ = now + wait_;
        ++sequence_;
        for (unsigned m = 0; m < all.size(); ++m) {
            watched& w = seen_[m];
            if (w.pending) continue;                       // the one before is on its way yet
            w.heard = false;
            if (!all[m].present) continue;
            w.pending = true;
            w.sequence = sequence_;
            w.made = now;
            w.left = never;
            a.frames.push_back({m, between_members{team_address(all), static_cast<std::uint8_t>(m), sequence_}.frame(heartbeat_type, heartbeat_group, all[m].address)});
        }
    }
    bool good(unsigned m) const override { return verdicts_.good(m); }
    ps decided_at(unsigned m) const override { return verdicts_.decided_at(m); }

private:
    struct watched {
        bool heard = false, took_in = false;
        std::uint32_t missed = 0, quiet = 0;       // beats, and intervals without any frame, in a row
        bool pending = false, open = false;        // a beat was sent, and not judged yet; nor can it be now
        std::uint32_t sequence = 0;                // … its own
        ps made = 0, left = never;
    };

    bool on_its_way(const watched& w, const member& m, ps now) const {
        return w.pending && (w.left == never ? m.present && now - m.told_sent < stall_ : now < w.left + wait_);
    }

    void judge(const members& all, ps now) {
        bool any_heard = false, any_lively = false;
        for (unsigned m = 0; m < seen_.size(); ++m) {
            watched& w = seen_[m];
            w.open = !w.heard && on_its_way(w, all[m], now);
            if (!w.open) {
                w.missed = w.heard ? 0 : w.missed + 1;
                w.pending &= !w.heard && w.left == never;
            }
            w.quiet = w.took_in ? 0 : w.quiet + 1;
            w.took_in = false;
            any_heard |= w.heard;
            any_lively |= w.quiet == 0;
        }
        for (unsigned m = 0; m < seen_.size(); ++m) {
            const watched& w = seen_[m];
            if (w.open) continue;
            if (any_heard ? w.missed >= misses_ : any_lively && w.quiet >= misses_) verdicts_.decide(m, false, now);
            else if (!any_heard && w.quiet == 0) verdicts_.decide(m, true, now);
        }
    }

    ps interval_, wait_, stall_;
    std::uint32_t misses_;
    verdicts verdicts_;
    std::vector<watched> seen_;
    ps next_beat_ = never, judge_at_ = never;
    std::uint32_t sequence_ = 0;
};

}  // namespace

std::unique_ptr<monitor> make_heartbeat(const monitor_config& c) { return std::make_unique<heartbeat>(c); }

}  // namespace nicteam::team
