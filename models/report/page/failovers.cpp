#include "report/page/failovers.h"

#include <algorithm>

#include <fmt/format.h>

#include "nicteam/report/decimal.h"
#include "report/failover_text.h"
#include "report/page/charts.h"
#include "nicteam/report/html.h"
#include "report/page/plot.h"

namespace nicteam::report {
namespace {

constexpr std::size_t most_pictures = 8, most_open = 4;       // of a page; a link that flaps has many failovers

// What arrived around the silences, in equal steps for all flows; the band tells the longest silence exactly.
std::string picture(const failover& f) {
    std::vector<const gap*> chosen;
    for (const gap& g : f.gaps)
        if (!g.octets.empty() && chosen.size() < most_series) chosen.push_back(&g);
    if (chosen.empty() || f.around.step <= 0) return "";
    const ps from = f.around.from, step = f.around.step;
    const auto rate = [&](std::uint64_t octets) { return static_cast<std::int64_t>(static_cast<__int128>(octets) * 8 * second / step); };
    const std::size_t steps = chosen.front()->octets.size();
    const ps until = from + static_cast<ps>(steps) * step;
    std::int64_t highest = 1;
    for (const gap* g : chosen) highest = std::max(highest, rate(*std::max_element(g->octets.begin(), g->octets.end())));
    plot p("Throughput around a failover", scale::linear(scale::of::time, from, until), scale::linear(scale::of::bits_per_second, 0, highest, true));
    const gap& worst = *f.costliest();
    const std::string silent = worst.over() ? time_text(worst.length()) : length_text(worst);
    p.band(worst.last, worst.over() ? worst.first : until, "no frame for " + silent + (worst.usual ? ", usually " + time_text(worst.usual) : ""));
    if (f.fault_at != never && f.fault_at >= from) p.instant(f.fault_at, (f.fault_ends ? "end of " : "") + f.what);
    if (f.decided != never && f.decided <= until) p.instant(f.decided, "decided");
    for (std::size_t s = 0; s < chosen.size(); ++s) {
        std::string d;
        for (std::size_t n = 0; n < steps; ++n) {
            const std::int64_t y = scale::whole - p.y().place(rate(chosen[s]->octets[n]));
            d += n ? fmt::format("V{}", y) : fmt::format("M0 {}", y);
            d += fmt::format("H{}", p.x().place(from + static_cast<ps>(n + 1) * step));
        }
        p.series(s, chosen[s]->from + " to " + chosen[s]->to, d);
    }
    return p.figure(fmt::format("Frame bits that arrived around it, in steps of {}{}; those of a frame count evenly over the time since the one "
                                "before it. A time without a frame, more than twice as long as usual, is drawn as one.",
                                time_text(step), f.gaps.size() > chosen.size() ? fmt::format(", of {} of {} flows", chosen.size(), f.gaps.size()) : ""));
}

std::string one(const failover& f, bool drawn) {
    html_table t(">><", {"at", "after", "what"});
    for (const moment& m : moments_of(f)) t.row({exact_text(m.at), m.after, m.text});
    html_table g("<<>>><>", {"flow from", "to", "silent for", "usually", "last to first frame", "lost meanwhile", "out of order"});
    for (const gap& x : f.gaps)
        g.row({x.from, x.to, length_text(x), usual_text(x), x.over() ? exact_text(x.last) + " to " + exact_text(x.first) : "from " + exact_text(x.last),
               loss_text(x), grouped(x.out_of_order)});
    return t.text() + (drawn ? picture(f) : "") + (g.empty() ? "" : g.text());
}

}  // namespace

std::string failovers_section(const run_result& r) {
    std::string s;
    const bool many = r.failovers.size() > most_open;
    for (std::size_t n = 0; n < r.failovers.size(); ++n) {
        const std::string name = escaped(heading_of(r.failovers[n])), text = one(r.failovers[n], n < most_pictures);
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
