#include "report/failover_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "nicteam/report/decimal.h"
#include "report/summary_table.h"

namespace nicteam::report {
namespace {

constexpr std::size_t most_in_summary = 12;                  // of a link that flaps; result.json and the page have all

std::string listed(const std::vector<std::string>& all) {
    std::string s;
    for (const std::string& one : all) s += (s.empty() ? "" : ", ") + one;
    return s;
}

}  // namespace

std::string heading_of(const failover& f) {
    std::string s = f.team + ": ";
    if (f.decided == never) s += "nothing changed";
    else if (f.before != f.after) s += f.before + " to " + f.after;
    else s += (f.lost.empty() ? listed(f.found) + " found" : listed(f.lost) + " lost") + ", " + f.after + " goes on";
    if (f.fault_at != never) s += fmt::format("; {}{} of {}", f.fault_ends ? "end of " : "", f.what, f.where);
    return s;
}

std::vector<moment> moments_of(const failover& f) {
    std::vector<moment> all;
    const auto add = [&](ps at, std::string text) {
        if (at != never) all.push_back({at, "", std::move(text)});
    };
    if (f.fault_at != never) add(f.fault_at, fmt::format("{}{} ({} of {})", f.fault, f.fault_ends ? " ends" : "", f.what, f.where));
    for (const gap& g : f.gaps) add(g.last, fmt::format("last good frame, {} to {}", g.from, g.to));
    for (const failover::notice& n : f.noticed) add(n.at, fmt::format("{}: {} is {}", n.by, n.member, n.good ? "good" : "bad"));
    if (f.decided != never)
        add(f.decided, f.before != f.after ? fmt::format("decided: {} instead of {}", f.after, f.before)
                       : f.lost.empty()    ? fmt::format("decided: {} may be used", listed(f.found))
                                           : fmt::format("decided: {} is not used", listed(f.lost)));
    add(f.announced, fmt::format("announced: handed to the driver of {}", f.announced_by));
    add(f.announced_on_wire, fmt::format("announced by {} on the wire", f.announced_by));
    for (const auto& [frame, how] : {std::pair{&f.sent, "sent"}, std::pair{&f.received, "received"}})
        add(frame->at, fmt::format("first good frame {} by {}, {} to {}", how, frame->member, frame->from, frame->to));
    for (const gap& g : f.gaps) add(g.first, fmt::format("first good frame arrived, {} to {}", g.from, g.to));
    std::stable_sort(all.begin(), all.end(), [](const moment& a, const moment& b) { return a.at < b.at; });
    const ps zero = f.fault_at != never ? f.fault_at : f.decided;
    for (moment& m : all) m.after = m.at < zero ? "-" + exact_text(zero - m.at) : "+" + exact_text(m.at - zero);
    return all;
}

std::string loss_text(const gap& g) {
    const std::string elsewhere = g.told_elsewhere ? fmt::format("{} told of another change", grouped(g.told_elsewhere)) : "";
    if (g.causes.empty()) return elsewhere.empty() ? "none" : elsewhere;
    std::string s;
    for (const gap::cause& c : g.causes) s += fmt::format("{}{} {} in {}", s.empty() ? "" : ", ", grouped(c.packets), c.reason, c.where);
    if (g.causes.size() > 1) s = fmt::format("{}: {}", grouped(g.lost), s);
    return elsewhere.empty() ? s : s + "; " + elsewhere;
}

std::string exact_text(ps t) { return grouped(t, microsecond, 6) + " us"; }
std::string usual_text(const gap& g) { return g.usual ? exact_text(g.usual) : "-"; }
std::string length_text(const gap& g) { return g.over() ? exact_text(g.length()) : "to the end of the run"; }

std::string failovers_text(const run_result& r, unsigned width) {
    std::string s;
    std::size_t left = most_in_summary;
    for (const failover& f : r.failovers) {
        if (left-- == 0) {
            s += fmt::format("  {} more are in result.json and on the page\n", r.failovers.size() - most_in_summary);
            break;
        }
        s += wrapped("  " + heading_of(f), width, 4);
        text_table t(">><");
        for (const moment& m : moments_of(f)) t.row({exact_text(m.at), m.after, m.text});
        s += t.text(4);
        text_table g("<<>><>");
        g.head({"silent", "to", "for", "usually", "lost meanwhile", "out of order"});
        for (const gap& x : f.gaps) g.row({x.from, x.to, length_text(x), usual_text(x), loss_text(x), grouped(x.out_of_order)});
        if (!g.empty()) s += g.text(4);
    }
    text_table o("<<>>>");
    o.head({"through a team from", "to", "packets", "out of order", "latest by"});
    for (const reordering& x : r.reordered)
        if (x.out_of_order) o.row({x.from, x.to, grouped(x.packets), grouped(x.out_of_order), time_text(x.latest)});
    return o.empty() ? s : s + o.text();
}

}  // namespace nicteam::report
