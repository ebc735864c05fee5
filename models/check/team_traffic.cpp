#include "check/team_traffic.h"

#include <algorithm>
#include <string_view>

namespace nicteam::check {
namespace {

constexpr std::size_t steps_aside = 6, packets_a_step = 4;      // of the picture around a silence: on each side of it, in each step

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
    return flows_.emplace_back(flow{from, to, {}});
}

void team_traffic::settled(const report::settled_packet& p) {
    if (p.outcome->lost || p.passed_over) return losses_.push_back({p.end, p.sent, p.from, p.where, p.passed_over ? "passed_over" : p.outcome->name});
    arrived_.emplace_back(p.from, p.sent);
    for (const auto& pass : p.passes) {
        if (pass.at > p.end) break;
        const role r = role_of(pass.where);
        if (r.member < 0 || std::string_view(pass.stage->name) != (r.out ? "wire_begin" : "rx_first_octet")) continue;
        return flow_of(p.from, p.where).arrivals.push_back({p.end, p.sent, pass.at, p.octets, r.member, r.out});
    }
}

void team_traffic::sort() {
    for (flow& f : flows_)
        std::stable_sort(f.arrivals.begin(), f.arrivals.end(), [](const arrival& a, const arrival& b) { return a.at < b.at; });
    // A frame is lost once, and not at all when one of its copies arrived.
    std::sort(arrived_.begin(), arrived_.end());
    const auto key = [](const loss& l) { return std::pair(l.from, l.sent); };
    losses_.erase(std::remove_if(losses_.begin(), losses_.end(), [&](const loss& l) { return std::binary_search(arrived_.begin(), arrived_.end(), key(l)); }),
                  losses_.end());
    std::stable_sort(losses_.begin(), losses_.end(), [&](const loss& a, const loss& b) { return key(a) != key(b) ? key(a) < key(b) : a.at < b.at; });
    losses_.erase(std::unique(losses_.begin(), losses_.end(), [&](const loss& a, const loss& b) { return key(a) == key(b); }), losses_.end());
    std::sort(flows_.begin(), flows_.end(), [&](const flow& a, const flow& b) {
        return lines_.place_name(a.from) != lines_.place_name(b.from) ? lines_.place_name(a.from) < lines_.place_name(b.from)
                                                                      : lines_.place_name(a.to) < lines_.place_name(b.to);
    });
}

std::vector<report::gap> team_traffic::gaps(ps from, ps until, ps next) const {
    std::vector<report::gap> all;
    for (const flow& f : flows_) {
        if (of_the_team(f)) continue;
        const auto& a = f.arrivals;
        report::gap g;
        g.from = lines_.place_name(f.from), g.to = lines_.place_name(f.to);
        std::pair<ps, ps> sent;                                  // when those at the silence's ends were
        auto n = static_cast<std::size_t>(std::upper_bound(a.begin(), a.end(), from, [](ps t, const arrival& x) { return t < x.at; }) - a.begin());
        for (n -= n > 0; n < a.size() && a[n].at <= until; ++n) {
            const ps first = n + 1 < a.size() ? a[n + 1].at : never;
            if (g.last != never && first != never && first - a[n].at <= g.length()) continue;
            g.last = a[n].at, g.first = first;
            sent = {a[n].sent, first == never ? never : a[n + 1].sent};
        }
        if (g.last == never) continue;
        count_losses(g, f.from, sent.first, sent.second);
        if (!g.over() && !g.lost) continue;                      // its sender had no more to send
        ps youngest = 0;
        for (const arrival& x : a) {
            if (x.at >= g.last && x.at < next && x.sent < youngest) ++g.out_of_order;
            youngest = std::max(youngest, x.sent);
        }
        picture(g, f);
        all.push_back(std::move(g));
    }
    // Losses are known by their sender: a flow that has ended is not the one that lost when another of the same goes on.
    const auto ended = [&](const report::gap& g) {
        return !g.over() && std::any_of(all.begin(), all.end(), [&](const report::gap& o) { return o.over() && o.from == g.from; });
    };
    std::vector<report::gap> told;
    for (const report::gap& g : all)
        if (!ended(g)) told.push_back(g);
    return told;
}

void team_traffic::count_losses(report::gap& g, std::uint16_t from, ps after, ps before) const {
    for (const loss& l : losses_) {
        if (l.from != from || l.sent <= after || l.sent >= before) continue;
        ++g.lost;
        const std::string& where = lines_.place_name(l.where);
        auto c = std::find_if(g.causes.begin(), g.causes.end(), [&](const auto& x) { return x.reason == l.reason && x.where == where; });
        if (c == g.causes.end()) c = g.causes.insert(c, {l.reason, where, 0});
        ++c->packets;
    }
}

// Steps on both sides, as long as shows traffic rather than single packets; the silence stands between them as it is.
void team_traffic::picture(report::gap& g, const flow& f) const {
    const auto& a = f.arrivals;
    const auto at = [&](ps t) { return std::lower_bound(a.begin(), a.end(), t, [](const arrival& x, ps v) { return x.at < v; }); };
    std::vector<ps> spaces;
    for (std::size_t n = 1; n < a.size(); ++n) spaces.push_back(a[n].at - a[n - 1].at);
    std::nth_element(spaces.begin(), spaces.begin() + static_cast<std::ptrdiff_t>(spaces.size() / 2), spaces.end());
    const ps usual = spaces.empty() ? 0 : spaces[spaces.size() / 2];
    const ps step = std::max({static_cast<ps>(packets_a_step) * usual, g.over() ? g.length() / 8 : 0, ps{1}});
    const auto octets = [&](ps from, ps until, ps with) {        // (from, until], or [from, until) behind the silence
        std::uint64_t sum = 0;
        for (auto x = at(from + with); x != at(until + with); ++x) sum += x->octets;
        return sum;
    };
    std::size_t left = 0;
    while (left < steps_aside && g.last - static_cast<ps>(left + 1) * step >= a.front().at) ++left;
    for (std::size_t n = left; n > 0; --n) {
        const ps from = g.last - static_cast<ps>(n) * step;
        g.edges.push_back(from);
        g.octets.push_back(octets(from, from + step, 1));
    }
    g.edges.push_back(g.last);
    if (!g.over()) return;
    g.octets.push_back(0);
    g.edges.push_back(g.first);
    for (std::size_t n = 0; n < steps_aside && g.edges.back() + step <= a.back().at; ++n) {
        g.octets.push_back(octets(g.edges.back(), g.edges.back() + step, 0));
        g.edges.push_back(g.edges.back() + step);
    }
}

report::failover::good_frame team_traffic::first_good(unsigned members, bool out, ps since, bool of_team) const {
    report::failover::good_frame best;
    for (const flow& f : flows_) {
        if (of_the_team(f) != of_team) continue;
        for (const arrival& x : f.arrivals)
            if (x.out == out && (members >> x.member & 1u) && x.on_wire >= since && x.on_wire < best.at)
                best = {team_.members[static_cast<std::size_t>(x.member)].name, lines_.place_name(f.from), lines_.place_name(f.to), x.on_wire};
    }
    return best;
}

std::vector<report::reordering> team_traffic::reordered() const {
    std::vector<report::reordering> all;
    for (const flow& f : flows_) {
        if (of_the_team(f)) continue;
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
