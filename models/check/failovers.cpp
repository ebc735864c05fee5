#include "nicteam/check/failovers.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "check/team_traffic.h"
#include "nicteam/team/member.h"

namespace nicteam::check {
namespace {

using report::failover;
using what = team::happening::what;

bool within(const std::string& where, const std::string& path) {
    return !path.empty() && where.compare(0, path.size(), path) == 0 && (where.size() == path.size() || where[path.size()] == '.');
}

// A fault's begin, or its end.
struct occurrence {
    ps at;
    bool ends;
    const report::fault* fault;
    unsigned members;                    // that it touches; none: it lies beyond them
    bool of_whole;                       // of a member or its link, not of a part of a member
    bool told = false;
};

std::vector<occurrence> occurrences_of(const watched_team& t, const std::vector<report::fault>& faults, ps end) {
    std::vector<occurrence> all;
    for (const report::fault& f : faults) {
        if (std::any_of(t.strangers.begin(), t.strangers.end(), [&](const std::string& host) { return within(f.where, host); })) continue;
        unsigned members = 0;
        bool whole = false;
        for (std::size_t m = 0; m < t.members.size(); ++m) {
            const bool of_link = within(f.where, t.members[m].link);
            if (of_link || within(f.where, t.members[m].path)) members |= 1u << m;
            whole |= of_link || f.where == t.members[m].path;
        }
        for (std::uint64_t n = 0; n < f.times; ++n) {
            const ps later = n ? static_cast<ps>(n) * f.every : 0;
            if (f.from + later < end) all.push_back({f.from + later, false, &f, members, whole});
            if (f.until != never && f.until + later < end) all.push_back({f.until + later, true, &f, members, whole});
        }
    }
    std::stable_sort(all.begin(), all.end(), [](const occurrence& a, const occurrence& b) { return a.at < b.at; });
    return all;
}

// One team's time lines.
class teller {
public:
    teller(const watched_team& t, const team_traffic& traffic, const std::vector<report::fault>& faults, ps end)
        : team_(t), traffic_(traffic), end_(end), occurrences_(occurrences_of(t, faults, end)) {}

    std::vector<failover> tell() {
        for (const team::happening& h : *team_.told)
            if (h.at < end_) take(h);
        unnoticed();
        std::stable_sort(rows_.begin(), rows_.end(), [](const row& a, const row& b) { return a.begins() < b.begins(); });
        std::vector<failover> all;
        for (std::size_t n = 0; n < rows_.size(); ++n) follow(rows_[n], n + 1 < rows_.size() ? rows_[n + 1].begins() : never);
        for (row& r : rows_) all.push_back(std::move(r.told));
        return all;
    }

private:
    struct row {
        failover told;
        unsigned round = 0;
        unsigned named = 0, chosen = 0;                          // members that a detector told of or that the team ceased or began to use; active ones
        unsigned carriers = 0;                                   // who shall carry traffic now
        ps begins() const { return told.fault_at != never ? told.fault_at : told.decided; }
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
    }

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

    // The nearest before, of the members that it is about rather than beyond, of the kind that explains it; of those of one instant, that of a
    // member's link or of a whole member rather than of a part of one.
    void find_fault(row& r) {
        ps since = r.told.decided;
        for (const failover::notice& n : r.told.noticed) since = std::min(since, n.at);
        const unsigned about = r.named ? r.named : r.chosen;
        occurrence* best = nullptr;
        std::tuple<int, ps, bool> best_rank;
        for (occurrence& o : occurrences_) {
            if (o.at > since) break;
            const int rank = o.members == 0 ? 1 : !(o.members & about) ? 0 : o.ends == r.told.lost.empty() ? 3 : 2;
            const std::tuple<int, ps, bool> whole{rank, o.at, o.of_whole};
            if (rank && (!best || whole >= best_rank)) best = &o, best_rank = whole;
        }
        if (best) name_fault(r.told, *best);
    }

    static void name_fault(failover& f, occurrence& o) {
        f.fault = o.fault->name, f.what = o.fault->what, f.where = o.fault->where;
        f.fault_ends = o.ends;
        f.fault_at = o.at;
        o.told = true;
    }

    // What touched a member and made no difference to anybody.
    void unnoticed() {
        drop_begin();
        for (occurrence& o : occurrences_) {
            if (o.told || o.ends || !o.members) continue;
            row r;
            r.told.team = team_.path;
            name_fault(r.told, o);
            rows_.push_back(std::move(r));
        }
    }

    // When something else happened that may explain an outage.
    ps next_event(ps behind) const {
        ps next = end_;
        for (const occurrence& o : occurrences_)
            if (!o.ends && o.at > behind) next = std::min(next, o.at);
        for (const row& r : rows_)
            if (r.told.decided != never && r.told.decided > behind) next = std::min(next, r.told.decided);
        return next;
    }

    void follow(row& r, ps next) const {
        failover& f = r.told;
        const bool decided = f.decided != never;
        ps from = r.begins();
        for (const failover::notice& n : f.noticed) from = f.fault_at == never ? std::min(from, n.at) : from;
        const ps until = decided ? std::max(f.decided, from) : next_event(from);
        f.gaps = traffic_.gaps(from, until, decided ? end_ : until, next);
        traffic_.draw(f, end_);
        if (!decided || !r.carriers) return;
        f.sent = traffic_.first_good(r.carriers, true, f.decided);
        f.received = traffic_.first_good(r.carriers, false, f.decided);
        if (f.announced != never) f.announced_on_wire = traffic_.first_good(r.carriers, true, f.announced, true).at;
    }

    const watched_team& team_;
    const team_traffic& traffic_;
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
    std::stable_sort(r.failovers.begin(), r.failovers.end(), [](const failover& a, const failover& b) {
        return std::min(a.fault_at, a.decided) < std::min(b.fault_at, b.decided);
    });
}

}  // namespace nicteam::check
