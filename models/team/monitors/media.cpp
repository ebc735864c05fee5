// Media sense: looks at the link of every member in equal intervals, debounced both ways. A link counts as lost when it has been down for `downdelay`, as
// restored when it has been up for `updelay`, or at once when no member is good. What a look finds may come later than the look, as the driver's word.
#include <algorithm>

#include "team/monitors/monitors.h"

namespace nicteam::team {
namespace {

class media : public monitor {
public:
    explicit media(const monitor_config& c)
        : interval_(c.miimon), updelay_(c.updelay / c.miimon * c.miimon), downdelay_(c.downdelay / c.miimon * c.miimon), use_carrier_(c.use_carrier) {}
    const char* monitor_name() const override { return "media"; }

    void start(const members& all, ps now, actions& a) override {
        watched_.resize(all.size());
        next_poll_ = now;
        due(all, now, a);
    }

    void changed(unsigned m, const members& all, ps now, actions&) override {
        if (use_carrier_ && all[m].present) return;            // the next poll sees it
        sense(m, all[m], now);
        settle(now);
    }

    ps next() const override {
        ps n = next_poll_;
        for (const watched& w : watched_) n = std::min(n, w.due);
        return n;
    }

    void due(const members& all, ps now, actions& a) override {
        if (now >= next_poll_) {
            next_poll_ = now + interval_;
            for (unsigned m = 0; m < all.size(); ++m) {
                if (!use_carrier_ && all[m].present) a.looks.push_back(m);
                sense(m, all[m], now);
            }
        }
        settle(now);
    }

    bool good(unsigned m) const override { return watched_[m].good; }
    ps decided_at(unsigned m) const override { return watched_[m].decided_at; }

private:
    struct watched {
        bool good = false, link = false;
        ps due = never;                                        // when a link that differs from the verdict has lasted
        ps decided_at = 0;
    };

    void sense(unsigned m, const member& seen, ps now) {
        watched& w = watched_[m];
        if (!seen.present && w.good) decide(w, false, now);
        w.link = seen.present && seen.link;
        if (w.link == w.good) w.due = never;
        else if (w.due == never) w.due = now + (w.good ? downdelay_ : updelay_);
    }

    void settle(ps now) {
        for (watched& w : watched_)
            if (w.due <= now) decide(w, w.link, now);
        if (std::any_of(watched_.begin(), watched_.end(), [](const watched& w) { return w.good; })) return;
        // No link is left: the one that would be next is taken now.
        watched* soonest = nullptr;
        for (watched& w : watched_)
            if (w.link && (!soonest || w.due < soonest->due)) soonest = &w;
        if (soonest) decide(*soonest, true, now);
    }

    static void decide(watched& w, bool good, ps now) {
        w.good = good;
        w.due = never;
        w.decided_at = now;
    }

    ps interval_, updelay_, downdelay_;
    bool use_carrier_;
    ps next_poll_ = never;
    std::vector<watched> watched_;
};

}  // namespace

std::unique_ptr<monitor> make_media(const monitor_config& c) { return std::make_unique<media>(c); }

}  // namespace nicteam::team
