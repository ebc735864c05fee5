#include "report/page/failovers.h"

#include <algorithm>

#include <fmt/format.h>

#include "nicteam/report/decimal.h"
#include "report/failover_text.h"
#include "report/page/charts.h"
#include "report/page/html.h"
#include "report/page/plot.h"

namespace nicteam::report {
namespace {

constexpr std::size_t most_pictures = 8, most_open = 4;       // of a page; a link that flaps has many failovers

std::int64_t rate_of(const gap& g, std::size_t n) {
    const ps length = g.edges[n + 1] - g.edges[n];
    return length > 0 ? static_cast<std::int64_t>(static_cast<__int128>(g.octets[n]) * 8 * second / length) : 0;
}

// What arrived around the silences, which stand as they were: the frames at their edges are on the right instants.
std::string picture(const failover& f, ps end) {
    std::vector<const gap*> chosen;
    for (const gap& g : f.gaps)
        if (!g.octets.empty() && chosen.size() < most_series) chosen.push_back(&g);
    if (chosen.empty()) return "";
    ps from = never, until = 0;
    std::int64_t highest = 1;
    for (const gap* g : chosen) {
        from = std::min(from, g->edges.front());
        until = std::max(until, g->over() ? g->edges.back() : end);
        for (std::size_t n = 0; n < g->octets.size(); ++n) highest = std::max(highest, rate_of(*g, n));
    }
    plot p("Throughput around a failover", scale::linear(scale::of::time, from, until), scale::linear(scale::of::bits_per_second, 0, highest, true));
    const gap* longest = f.longest();
    p.band(longest->last, longest->over() ? longest->first : until, "no frame for " + length_text(*longest));
    if (f.fault_at != never && f.fault_at >= from) p.instant(f.fault_at, f.what);
    if (f.decided != never && f.decided <= until) p.instant(f.decided, "decided");
    for (std::size_t s = 0; s < chosen.size(); ++s) {
        const gap& g = *chosen[s];
        std::string d = fmt::format("M{} 10000", p.x().place(g.edges.front()));
        for (std::size_t n = 0; n < g.octets.size(); ++n)
            d += fmt::format("V{}H{}", scale::whole - p.y().place(rate_of(g, n)), p.x().place(g.edges[n + 1]));
        p.series(s, g.from + " to " + g.to, d + (g.over() ? "" : "V10000H10000"));
    }
    return p.figure(f.gaps.size() > chosen.size() ? fmt::format("Frame bits that arrived around it, of {} of {} flows.", chosen.size(), f.gaps.size())
                                                  : std::string("Frame bits that arrived around it."));
}

std::string one(const failover& f, ps end, bool drawn) {
    html_table t(">><", {"at", "after", "what"});
    for (const moment& m : moments_of(f)) t.row({exact_text(m.at), m.after, m.text});
    html_table g("<<>><>", {"flow from", "to", "silent for", "last to first frame", "lost meanwhile", "out of order"});
    for (const gap& x : f.gaps)
        g.row({x.from, x.to, length_text(x), x.over() ? exact_text(x.last) + " to " + exact_text(x.first) : "from " + exact_text(x.last), loss_text(x),
               grouped(x.out_of_order)});
    return t.text() + (drawn ? picture(f, end) : "") + (g.empty() ? "" : g.text());
}

}  // namespace

std::string failovers_section(const run_result& r) {
    std::string s;
    const bool many = r.failovers.size() > most_open;
    for (std::size_t n = 0; n < r.failovers.size(); ++n) {
        const std::string name = escaped(heading_of(r.failovers[n])), text = one(r.failovers[n], r.end, n < most_pictures);
        s += many ? fmt::format("<details{}><summary>{}</summary>{}</details>\n", n < most_open ? " open" : "", name, text)
                  : fmt::format("<h3>{}</h3>\n{}", name, text);
    }
    if (r.failovers.size() > most_pictures) s += fmt::format("<p class=\"dim\">The first {} of {} are drawn.</p>\n", most_pictures, r.failovers.size());
    html_table o("<<>>>", {"through a team from", "to", "packets", "out of order", "latest by"});
    for (const reordering& x : r.reordered)
        if (x.out_of_order) o.row({x.from, x.to, grouped(x.packets), grouped(x.out_of_order), time_text(x.latest)});
    return o.empty() ? s : s + "<h3>Reordering</h3>\n" + o.text();
}

}  // namespace nicteam::report
