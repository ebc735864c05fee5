#include "check/team_traffic.h"

#include <algorithm>
#include <string_view>

#include "check/around.h"

namespace nicteam::check {
namespace {

ps median(std::vector<ps> all) {
    if (all.empty()) return 0;
    const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
    std::nth_element(all.begin(), middle, all.end());
    return *middle;
}

}  // namespace

team_traffic::team_traffic(const watched_team& t, report::lifelines& lines) : team_(t), lines_(lines) {}

team_traffic::role team_traffic::role_of(std::uint16_t place) {
    if (place >= roles_.size()) roles_.resize(place + 1u);
    role& r = roles_[place];
    if (r.known) return r;
    r.known = true;
    const std::string& name = lines_.place_name(place);
    for (std::size_t m = 0; m < team_.members.size(); ++m) {
        if (name != team_.members[m].out && name != team_.members[m].path) continue;
        r.member = static_cast<std::int8_t>(m);
        r.out = name == team_.members[m].out;
    }
    return r;
}

team_traffic::flow& team_traffic::flow_of(std::uint16_t from, std::uint16_t to) {
    for (flow& f : flows_)
        if (f.from == from && f.to == to) return f;
    return flows_.emplace_back(flow{from, to, {}, 0});
}

void team_traffic::settled(const report::settled_packet& p) {
    if (p.lost) return losses_.push_back({p.sent, p.octets, p.from, p.where, p.outcome->name});
    for (const auto& pass : p.passes) {
        if (pass.at > p.end) break;
        const role r = role_of(pass.where);
        if (r.member < 0 || std::string_view(pass.stage->name) != (r.out ? "wire_begin" : "rx_first_octet")) continue;
        return flow_of(p.from, p.where).arrivals.push_back({p.end, p.sent, pass.at, p.octets, r.member, r.out});
    }
}

void team_traffic::sort() {
    for (flow& f : flows_) {
        std::stable_sort(f.arrivals.begin(), f.arrivals.end(), [](const arrival& a, const arrival& b) { return a.at < b.at; });
        std::vector<ps> spaces;
        for (std::size_t n = 1; n < f.arrivals.size(); ++n) spaces.push_back(f.arrivals[n].at - f.arrivals[n - 1].at);
        f.usual = median(std::move(spaces));
    }
    std::sort(flows_.begin(), flows_.end(), [&](const flow& a, const flow& b) {
        return lines_.place_name(a.from) != lines_.place_name(b.from) ? lines_.place_name(a.from) < lines_.place_name(b.from)
                                                                      : lines_.place_name(a.to) < lines_.place_name(b.to);
    });
    for (loss& l : losses_) l.of = flow_that_lost(l);
}

// A lost frame tells whose it was, not where it was going: of the flows of its sender, that which has frames as long as it, or else, or of several
// such, the one with the most frames.
const team_traffic::flow* team_traffic::flow_that_lost(const loss& l) const {
    const flow* best = nullptr;
    bool best_fits = false;
    for (const flow& f : flows_) {
        if (f.from != l.from || f.arrivals.empty()) continue;
        const bool fits = std::any_of(f.arrivals.begin(), f.arrivals.end(), [&](const arrival& a) { return a.octets == l.octets; });
        if (best && std::pair(fits, f.arrivals.size()) <= std::pair(best_fits, best->arrivals.size())) continue;
        best = &f, best_fits = fits;
    }
    return best;
}

// Between two frames, or behind the last one when frames were lost there: else its sender had no more to send.
std::vector<report::gap> team_traffic::gaps(ps from, ps until, bool decided, ps upto, ps next) {
    std::vector<report::gap> all;
    for (const flow& f : flows_) {
        if (is_control(f) || f.arrivals.empty()) continue;
        const auto& a = f.arrivals;
        auto n = static_cast<std::size_t>(std::upper_bound(a.begin(), a.end(), from, [](ps t, const arrival& x) { return t < x.at; }) - a.begin());
        n -= n > 0;
        if (a[n].at > until) continue;
        std::vector<ps> lost;                                    // when they were sent, in order
        for (const loss& l : losses_)
            if (l.of == &f && l.sent > a[n].sent) lost.push_back(l.sent);
        std::sort(lost.begin(), lost.end());
        report::gap longest;
        longest.from = lines_.place_name(f.from), longest.to = lines_.place_name(f.to);
        longest.usual = f.usual;
        std::pair<bool, ps> best{false, -1};
        const ps after = a[n].sent;
        ps before = after;
        auto l = lost.begin();
        for (; n < a.size() && (a[n].at <= until || (decided && l != lost.end() && *l <= until)); ++n) {
            const bool over = n + 1 < a.size();
            before = std::max(before, over ? a[n + 1].sent : never);
            const auto here = std::find_if(l, lost.end(), [before](ps t) { return t >= before; });
            const bool loses = here != l;
            l = here;
            const std::pair<bool, ps> silent{loses, std::min(over ? a[n + 1].at : never, upto) - a[n].at};
            if (silent <= best || (!over && !loses)) continue;
            best = silent;
            longest.last = a[n].at, longest.first = over ? a[n + 1].at : never;
        }
        if (best.second < 0) continue;
        count_losses(longest, f, after, before);
        ps youngest = 0;
        for (const arrival& x : a) {
            if (x.at >= longest.last && x.at < next && x.sent < youngest) ++longest.out_of_order;
            youngest = std::max(youngest, x.sent);
        }
        all.push_back(std::move(longest));
    }
    return all;
}

void team_traffic::count_losses(report::gap& g, const flow& f, ps after, ps before) {
    for (loss& l : losses_) {
        if (l.of != &f || l.sent <= after || l.sent >= before) continue;
        if (std::exchange(l.told, true)) {
            ++g.told_elsewhere;
            continue;
        }
        ++g.lost;
        const std::string& where = lines_.place_name(l.where);
        auto c = std::find_if(g.causes.begin(), g.causes.end(), [&](const auto& x) { return x.reason == l.reason && x.where == where; });
        if (c == g.causes.end()) c = g.causes.insert(c, {l.reason, where, 0});
        ++c->packets;
    }
}

void team_traffic::draw(report::failover& f, ps end) const {
    std::vector<std::vector<arrived>> all;
    ps begin = never;
    for (const report::gap& g : f.gaps)
        for (const flow& x : flows_) {
            if (lines_.place_name(x.from) != g.from || lines_.place_name(x.to) != g.to) continue;
            all.emplace_back();
            for (const arrival& a : x.arrivals) all.back().push_back({a.at, a.octets});
            begin = std::min(begin, x.arrivals.front().at);
        }
    const stretch s = stretch_around(f.gaps, f.fault_at, f.decided, begin, end);
    if (!s.count) return;
    f.around = s.steps;
    for (std::size_t n = 0; n < all.size(); ++n) f.gaps[n].octets = octets_in(s, all[n], f.gaps[n].usual);
}

report::failover::good_frame team_traffic::first_good(unsigned members, bool out, ps since, ps until) const {
    report::failover::good_frame best;
    for (const flow& f : flows_) {
        if (is_control(f)) continue;
        for (const arrival& x : f.arrivals)
            if (x.out == out && (members >> x.member & 1u) && x.on_wire >= since && x.on_wire < std::min(until, best.at))
                best = {team_.members[static_cast<std::size_t>(x.member)].name, lines_.place_name(f.from), lines_.place_name(f.to), x.on_wire};
    }
    return best;
}

ps team_traffic::announced(unsigned member, ps at) const {
    ps first = never;
    for (const flow& f : flows_) {
        if (!of_the_team(f)) continue;
        for (const arrival& x : f.arrivals)
            if (x.out && (member >> x.member & 1u) && x.sent == at) first = std::min(first, x.on_wire);
    }
    return first;
}

std::vector<report::reordering> team_traffic::reordered() const {
    std::vector<report::reordering> all;
    for (const flow& f : flows_) {
        if (is_control(f)) continue;
        report::reordering r{lines_.place_name(f.from), lines_.place_name(f.to), f.arrivals.size(), 0, 0};
        ps youngest = 0;
        for (const arrival& x : f.arrivals) {
            r.out_of_order += x.sent < youngest;
            r.latest = std::max(r.latest, youngest - x.sent);
            youngest = std::max(youngest, x.sent);
        }
        all.push_back(std::move(r));
    }
    return all;
}

}  // namespace nicteam::check
