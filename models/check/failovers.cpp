#include "nicteam/check/failovers.h"

#include <algorithm>
#include <utility>

#include "check/occurrences.h"
#include "check/team_traffic.h"
#include "nicteam/team/member.h"

namespace nicteam::check {
namespace {

using report::failover;
using what = team::happening::what;

// One team's time lines.
class teller {
public:
    teller(const watched_team& t, team_traffic& traffic, const std::vector<report::fault>& faults, ps end)
        : team_(t), traffic_(traffic), end_(end), occurrences_(occurrences_of(t, faults, end)) {}

    std::vector<failover> tell() {
        for (const team::happening& h : *team_.told)
            if (h.at < end_) take(h);
        unnoticed();
        std::stable_sort(rows_.begin(), rows_.end(), [](const row& a, const row& b) { return a.at() < b.at(); });
        // What a decision explains is not told again of what nobody noticed; what lies beyond the members is told of when it cost something.
        for (const auto turn : {&row::was_decided, &row::touches, &row::lies_beyond})
            for (std::size_t n = 0; n < rows_.size(); ++n)
                if ((rows_[n].*turn)()) follow(n, n + 1 < rows_.size() ? rows_[n + 1].at() : never);
        std::vector<failover> all;
        for (row& r : rows_)
            if (!r.lies_beyond() || r.cost()) all.push_back(std::move(r.told));
        return all;
    }

private:
    struct row {
        failover told;
        unsigned round = 0;
        unsigned named = 0, chosen = 0;                          // members that a detector told of or that the team ceased or began to use; active ones
        unsigned carriers = 0;                                   // who shall carry traffic now
        unsigned announcing = 0;                                 // the member that the first announcement was handed to
        unsigned standing = 0;                                   // all who do, as far as the team knows
        bool beyond = false;                                     // its fault touches no member

        ps at() const { return told.decided != never ? told.decided : told.fault_at; }
        bool was_decided() const { return told.decided != never; }
        bool touches() const { return !was_decided() && !beyond; }
        bool lies_beyond() const { return !was_decided() && beyond; }
        bool cost() const { return std::any_of(told.gaps.begin(), told.gaps.end(), [](const report::gap& g) { return g.lost != 0; }); }
    };

    std::string name(unsigned member) const { return member < team_.members.size() ? team_.members[member].name : "none"; }
    std::string names(unsigned members) const {
        std::string s;
        for (unsigned m = 0; m < team_.members.size(); ++m)
            if (members >> m & 1u) s += (s.empty() ? "" : "+") + name(m);
        return s.empty() ? "none" : s;
    }

    void take(const team::happening& h) {
        if (h.kind == what::noticed) {
            named_ |= 1u << h.member;
            return noticed_.push_back({h.by, name(h.member), h.good, h.at});
        }
        if (h.kind == what::announced) {
            const auto r = std::find_if(rows_.rbegin(), rows_.rend(), [&](const row& x) { return x.carriers >> h.member & 1u; });
            if (r == rows_.rend() || r->told.announced <= h.at) return;
            r->told.announced = h.at;
            r->told.announced_by = name(h.member);
            r->announcing = 1u << h.member;
            return;
        }
        row& r = row_of(h);
        if (h.kind == what::usable) {
            (h.good ? r.told.found : r.told.lost).push_back(name(h.member));
            r.named |= 1u << h.member;
            usable_ = h.good ? usable_ | 1u << h.member : usable_ & ~(1u << h.member);
            if (!team_.single_active) {
                r.told.after = names(usable_);
                r.carriers = r.told.lost.empty() ? r.carriers | 1u << h.member : usable_;
            }
        } else {
            active_ = h.member;
            r.told.after = name(active_);
            r.carriers = active_ < team_.members.size() ? 1u << active_ : 0;
            r.chosen |= r.carriers;
        }
        r.standing = standing();
    }

    unsigned standing() const { return !team_.single_active ? usable_ : active_ < team_.members.size() ? 1u << active_ : 0; }

    // That members come up at the beginning is no failover.
    row& row_of(const team::happening& h) {
        if (!rows_.empty() && rows_.back().round == h.round) return rows_.back();
        drop_begin();
        row r;
        r.round = h.round;
        r.told.team = team_.path;
        r.told.decided = h.at;
        r.told.before = r.told.after = team_.single_active ? name(active_) : names(usable_);
        r.told.noticed = std::move(noticed_);
        noticed_.clear();
        r.named = std::exchange(named_, 0);
        rows_.push_back(std::move(r));
        return rows_.back();
    }

    // The row at the back is whole.
    void drop_begin() {
        if (rows_.empty()) return;
        find_fault(rows_.back());
        if (rows_.size() == 1 && rows_.back().told.lost.empty() && rows_.back().told.fault_at == never) rows_.clear();
    }

    void find_fault(row& r) {
        ps since = r.told.decided;
        for (const failover::notice& n : r.told.noticed) since = std::min(since, n.at);
        const bool choice = !r.named;
        const change c{since, !r.told.lost.empty(), r.told.lost.empty() && !r.told.found.empty(), !r.told.noticed.empty(), choice ? r.chosen : r.named, choice};
        if (const occurrence* o = explanation(occurrences_, c)) name_fault(r.told, *o);
    }

    static void name_fault(failover& f, const occurrence& o) {
        f.fault = o.fault->name, f.what = o.fault->what, f.where = o.fault->where;
        f.fault_ends = o.ends;
        f.fault_at = o.at;
    }

    // What the team never knew of.
    void unnoticed() {
        drop_begin();
        for (const occurrence& o : occurrences_) {
            if (o.told() || o.order || (o.ends && o.mends())) continue;
            row r;
            r.told.team = team_.path;
            r.beyond = !o.members;
            name_fault(r.told, o);
            rows_.push_back(std::move(r));
        }
    }

    // When something else happened that may explain an outage.
    ps next_event(ps behind) const {
        ps next = end_;
        for (const occurrence& o : occurrences_)
            if (!(o.ends && o.mends()) && (o.members || o.told()) && o.at > behind) next = std::min(next, o.at);
        for (const row& r : rows_)
            if (r.told.decided != never && r.told.decided > behind) next = std::min(next, r.told.decided);
        return next;
    }

    void follow(std::size_t n, ps next) {
        row& r = rows_[n];
        failover& f = r.told;
        const bool decided = r.was_decided();
        ps from = f.fault_at != never ? f.fault_at : f.decided;
        for (const failover::notice& x : f.noticed) from = f.fault_at == never ? std::min(from, x.at) : from;
        const ps until = decided ? std::max(f.decided, from) : next_event(from);
        f.gaps = traffic_.gaps(from, until, decided, decided ? end_ : until, next);
        traffic_.draw(f, end_);
        if (!decided || !r.carriers) return;
        f.sent = first_good(n, true);
        f.received = first_good(n, false);
        if (r.announcing) f.announced_on_wire = traffic_.announced(r.announcing, f.announced);
    }

    // Up to the decision that takes the last of its members away again.
    failover::good_frame first_good(std::size_t n, bool out) const {
        failover::good_frame first;
        unsigned members = rows_[n].carriers;
        ps since = rows_[n].told.decided;
        for (std::size_t k = n + 1; k <= rows_.size() && members && first.at == never; ++k) {
            if (k < rows_.size() && !rows_[k].was_decided()) continue;
            const ps until = k < rows_.size() ? rows_[k].told.decided : never;
            first = traffic_.first_good(members, out, since, until);
            if (k < rows_.size()) members &= rows_[k].standing;
            since = until;
        }
        return first;
    }

    const watched_team& team_;
    team_traffic& traffic_;
    ps end_;
    std::vector<occurrence> occurrences_;
    std::vector<failover::notice> noticed_;
    unsigned named_ = 0;                 // members that these are about
    std::vector<row> rows_;
    unsigned usable_ = 0, active_ = team::no_member;
};

}  // namespace

failovers::failovers(std::vector<watched_team> teams, report::lifelines& lines) : teams_(std::move(teams)) {
    for (const watched_team& t : teams_) traffic_.push_back(std::make_unique<team_traffic>(t, lines));
    lines.on_settled = [this](const report::settled_packet& p) {
        for (const auto& t : traffic_) t->settled(p);
    };
}
failovers::~failovers() = default;

void failovers::tell(report::run_result& r) const {
    for (std::size_t n = 0; n < teams_.size(); ++n) {
        traffic_[n]->sort();
        for (failover& f : teller(teams_[n], *traffic_[n], r.faults, r.end).tell()) r.failovers.push_back(std::move(f));
        for (report::reordering& o : traffic_[n]->reordered()) r.reordered.push_back(std::move(o));
    }
    const auto at = [](const failover& f) { return f.decided != never ? f.decided : f.fault_at; };
    std::stable_sort(r.failovers.begin(), r.failovers.end(), [&](const failover& a, const failover& b) { return at(a) < at(b); });
}

}  // namespace nicteam::check
