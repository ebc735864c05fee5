#include "nicteam/report/summary.h"

#include <algorithm>

#include <fmt/format.h>

#include "nicteam/report/decimal.h"
#include "report/failover_text.h"
#include "report/summary_table.h"
#include "report/work_text.h"

namespace nicteam::report {
namespace {

class page {
public:
    page(const run_result& r, const summary_options& o) : r_(r), o_(o) {}
    std::string make() {
        top();
        throughput();
        latency();
        losses();
        exposure();
        faults();
        failovers();
        shares();
        crossings();
        use();
        limit();
        verdicts();
        notes();
        return s_;
    }

private:
    void heading(const char* text) { s_ += o_.color ? fmt::format("\n\033[1m{}\033[0m\n", text) : fmt::format("\n{}\n", text); }
    std::string marked(const std::string& text, bool good) const { return o_.color ? fmt::format("\033[{}m{}\033[0m", good ? 32 : 31, text) : text; }

    static std::string percent(const bounds::fraction& f) { return report::percent(f.numerator, f.denominator); }
    static std::string percent(__int128 part, __int128 all) { return report::percent(part, all); }
    static std::string whole(const bounds::fraction& f) {
        return f.denominator ? grouped((2 * f.numerator + f.denominator) / (2 * f.denominator)) : "-";
    }

    static bounds::fraction of_capacity(const bounds::resource& s, const bounds::resource::part& x) {
        return {x.amount.numerator * s.capacity.denominator, x.amount.denominator * s.capacity.numerator};
    }

    void top() {
        s_ += r_.title.empty() ? r_.scenario + "\n" : fmt::format("{}: {}\n", r_.scenario, r_.title);
        s_ += fmt::format("  simulated {}, measured from {} to {}, seed {}, nicteam {}{}\n", time_text(r_.end), time_text(r_.from),
                          time_text(r_.until), r_.seed, r_.version, r_.interrupted ? ", interrupted" : "");
        if (!o_.directory.empty()) s_ += fmt::format("  files in {}\n", o_.directory);
    }

    void throughput() {
        heading("Throughput");
        text_table t("<<>>>>");
        t.head({"from", "to", "packets", "rate", "frame bits", "mean size"});
        for (const flow& f : r_.flows)
            t.row({f.from, f.to, grouped(f.packets), scaled(static_cast<__int128>(f.packets) * second, r_.window(), "packets/s"),
                   scaled(static_cast<__int128>(f.octets) * 8 * second, r_.window(), "b/s"), f.packets ? grouped(f.octets, f.packets, 0) + " B" : "-"});
        const std::string jobs = jobs_text(r_);
        s_ += !t.empty() ? t.text() : jobs.empty() ? "  no packet arrived\n" : "  of jobs alone\n";
        if (!jobs.empty()) heading("Jobs"), s_ += jobs;
    }

    void exposure() {
        if (!r_.exposed) return;
        heading("Exposure");
        s_ += "  " + marked(exposure_text(*r_.exposed), r_.exposed->in_the_clear == 0) + "\n";
    }

    static std::vector<std::string> latency_row(const std::string& name, const distribution& h, __int128 all) {
        const __int128 mean = h.count() ? h.sum() / static_cast<__int128>(h.count()) : 0;
        return {name, grouped(h.count()), time_text(static_cast<ps>(mean)), time_text(h.p50), time_text(h.p90),
                time_text(h.p99), time_text(h.p999), time_text(h.greatest),
                all ? percent(h.sum(), all) : "-"};
    }

    void latency() {
        for (const flow& f : r_.flows) {
            if (!f.packets) continue;
            heading(fmt::format("Latency, {} to {}", f.from, f.to).c_str());
            text_table t("<>>>>>>>>");
            t.head({"from -> to", "packets", "mean", "p50", "p90", "p99", "p99.9", "max", "share"});
            const __int128 all = f.latency.sum();
            for (const hop& h : f.hops) t.row(latency_row(h.from + " -> " + h.to, h.time, all));
            t.row(latency_row("all", f.latency, all));
            s_ += t.text();
        }
    }

    void losses() {
        heading("Losses");
        text_table t("<<<>>");
        t.head({"reason", "where", "from", "packets", "of sender's"});
        for (const loss& l : r_.losses) t.row({l.reason, l.where, l.from, grouped(l.packets), percent(l.packets, r_.ended_from(l.from))});
        const auto [lost, of] = r_.lost_of();
        if (r_.losses.size() > 1) t.row({"all", "", "", grouped(lost), percent(lost, of)});
        s_ += t.empty() ? "  none\n" : t.text();
        std::vector<std::string> shown;
        for (const loss& l : r_.losses) {
            if (std::find(shown.begin(), shown.end(), l.reason) != shown.end()) continue;
            shown.push_back(l.reason);
            s_ += wrapped(fmt::format("  {}: {}", l.reason, l.meaning), o_.width, 4);
        }
        text_table o("<<>");
        o.head({"passed over by", "from", "packets"});
        for (const passed_over& p : r_.for_others) o.row({p.where, p.from, grouped(p.packets)});
        const char* const over = "  passed over: a repeater's or switch's copies for another station, beside one that arrived or is told as lost";
        if (!o.empty()) s_ += o.text() + wrapped(over, o_.width, 4);
        if (r_.still_held.empty()) return;
        text_table h("<>");
        for (const held& x : r_.still_held) h.row({"held at the end in " + x.where, grouped(x.packets)});
        s_ += h.text();
    }

    void faults() {
        if (r_.faults.empty() && r_.troubles.empty()) return;
        heading("Faults and errors");
        text_table f("<<<<<");
        if (!r_.faults.empty()) f.head({"injected", "what", "where", "when", "amount"});
        for (const fault& x : r_.faults) {
            const std::string lasts = x.until == never ? " to the end" : " for " + time_text(x.until - x.from);
            f.row({x.name, x.what, x.where, time_text(x.from) + lasts + repeated(x), x.amount});
        }
        s_ += f.empty() ? "" : f.text();
        text_table t("<><");
        if (!r_.troubles.empty()) t.head({"counted", "", "meaning"});
        for (const trouble& x : r_.troubles) t.row({x.path, x.unit == "ps" ? time_text(static_cast<ps>(x.count)) : grouped(x.count) + " " + x.unit, x.meaning});
        s_ += !t.empty()        ? t.text()
              : r_.losses.empty() ? "  nothing came of it within the window\n"
                                  : "  no component counted an error within the window; what was lost stands under Losses\n";
    }

    void failovers() {
        const std::string text = failovers_text(r_, o_.width);
        if (text.empty()) return;
        heading("Failovers");
        s_ += text;
    }

    void shares() {
        if (const std::string text = shares_text(r_); !text.empty()) heading("Shares of work"), s_ += text;
        if (const std::string text = saved_text(r_, o_.width); !text.empty()) heading("CPU cycles saved against software"), s_ += text;
    }

    void crossings() {
        text_table t("<>>>");
        t.head({"path", "packets", "crossings each", "by the table"});
        for (const path_crossings& x : r_.crossings) t.row({x.path, grouped(x.packets), grouped(x.crossings, x.packets, 3), grouped(x.table)});
        if (t.empty()) return;
        heading("Crossings of host buses by packets and their jobs");
        s_ += t.text();
    }

    void use() {
        heading("Utilisation");
        text_table t("<<>>>><");
        t.head({"resource", "kind", "use", "demand", "used", "capacity", ""});
        for (const bounds::resource& s : r_.resources)
            t.row({s.path, s.kind, percent(s.use()), percent(s.wanted()), whole(s.used) + " " + s.unit, whole(s.capacity) + " " + s.unit, s.bound});
        if (!t.empty()) s_ += t.text();
        text_table m("<<>>");
        m.head({"medium", "spent on", "amount", "share"});
        for (const bounds::resource& s : r_.resources)
            for (const auto& x : s.parts) m.row({s.path, x.what, whole(x.amount) + " " + s.unit, percent(of_capacity(s, x))});
        if (!m.empty()) s_ += m.text();
        text_table w("<>>");
        w.head({"waited for the medium", "time", "of the window"});
        for (const report::metric_value* x : waits_for_medium(r_))
            w.row({x->path.substr(0, x->path.rfind('.')), time_text(static_cast<ps>(x->total)), percent(x->total, r_.window())});
        if (!w.empty()) s_ += w.text();
        text_table b("<<>>>");
        b.head({"share of bus", "master", "use", "tenures", "words"});
        for (const share& x : r_.shares) b.row({x.bus, x.master, percent(x.time, x.window), grouped(x.tenures), grouped(x.words)});
        if (!b.empty()) s_ += b.text();
        text_table f("<>>>");
        f.head({"level", "mean", "highest", "size"});
        for (const fill& x : r_.fills)
            f.row({x.path, r_.window() ? grouped(x.integral, r_.window(), 1) + " " + x.unit : "-", grouped(x.greatest) + " " + x.unit,
                   x.size ? grouped(x.size) + " " + x.unit : "-"});
        if (!f.empty()) s_ += f.text();
        text_table i("<>>");
        i.head({"interrupts", "taken", "rate"});
        for (const metric_value& m : r_.metrics) {
            if (m.info->kind != metric_info::counter || std::string(m.info->name) != "interrupts" || m.total == 0) continue;
            const std::string owner = m.path.substr(0, m.path.rfind('.'));
            if (std::none_of(r_.resources.begin(), r_.resources.end(), [&](const auto& s) { return s.path == owner; })) continue;   // of CPUs
            i.row({owner, grouped(m.total), scaled(static_cast<__int128>(m.total) * second, r_.window(), "/s")});
        }
        if (!i.empty()) s_ += i.text();
    }

    void limit() {
        heading("What limited the run");
        if (r_.limit.by < 0) {
            s_ += "  nothing was measured\n";
            return;
        }
        const bounds::resource& s = r_.resources[static_cast<std::size_t>(r_.limit.by)];
        const std::string how = fmt::format("{} ({}): {} of its capacity, {} of {} {}", s.path, s.kind, percent(s.use()), whole(s.used),
                                            whole(s.capacity), s.unit);
        if (r_.limit.limited) {
            s_ += wrapped("  " + how, o_.width, 4);
            if (s.waiting)
                s_ += wrapped(fmt::format("  demand: {}, with {} packets that were lost for want of room or left waiting before they came through",
                                          percent(s.wanted()), grouped(s.waiting)), o_.width, 4);
            std::string spent;
            for (const auto& x : s.parts) spent += fmt::format("{}{} {}", spent.empty() ? "" : "; ", x.what, percent(of_capacity(s, x)));
            if (!spent.empty()) s_ += wrapped("  of it: " + spent, o_.width, 4);
            others("as much in demand (which has to grow first cannot be told)", r_.limit.as_well);
            others("full as well, with less demand", r_.limit.full);
            s_ += wrapped(fmt::format("  bound: {}{}", s.bound, s.source.empty() ? "" : " (" + s.source + ")"), o_.width, 4);
            return;
        }
        s_ += wrapped(fmt::format("  no resource: none reached {} % of its capacity; the highest was {}", bounds::limit_percent, how), o_.width, 4);
        if (r_.limit.waited_for < 0) return;
        const bounds::wait& w = r_.waits[static_cast<std::size_t>(r_.limit.waited_for)];
        s_ += wrapped(fmt::format("  it waited for: {} -> {}, {} a packet on average ({})", w.from, w.to,
                                  time_text(static_cast<ps>(w.total / static_cast<__int128>(w.packets ? w.packets : 1))), w.flow),
                      o_.width, 4);
    }

    void others(const char* what, const std::vector<int>& which) {
        std::string all;
        for (const int i : which) {
            const bounds::resource& s = r_.resources[static_cast<std::size_t>(i)];
            all += fmt::format("{}{} ({}) {}, demand {}", all.empty() ? "" : "; ", s.path, s.kind, percent(s.use()), percent(s.wanted()));
        }
        if (!all.empty()) s_ += wrapped(fmt::format("  {}: {}", what, all), o_.width, 4);
    }

    void verdicts() {
        if (!r_.verdicts.empty()) {
            heading("Expectations");
            const auto names = given_names(r_.verdicts);
            text_table t(names.empty() ? "<<<" : "<<<<");
            for (std::size_t n = 0; n < r_.verdicts.size(); ++n) {
                const verdict& v = r_.verdicts[n];
                std::vector<std::string> cells{marked(v.held ? "held" : "FAILED", v.held), v.text, "measured " + v.measured};
                if (!names.empty()) cells.insert(cells.begin() + 1, names[n]);
                t.row(std::move(cells));
            }
            s_ += t.text();
        }
        if (r_.not_judged) {
            heading("Expectations");
            s_ += fmt::format("  {} not judged: the run ended at {}, before its time\n", r_.not_judged == 1 ? "1 was" : fmt::format("{} were", r_.not_judged),
                              time_text(r_.end));
        }
        for (const check_outcome& c : r_.checks) {
            if (c.breaches == 0) continue;
            heading(fmt::format("Check {}: {} {}", c.name, grouped(c.breaches), c.breaches == 1 ? "breach" : "breaches").c_str());
            if (c.counts_only) s_ += "  counted only, as the scenario asks\n";
            s_ += wrapped("  first: " + c.first, o_.width, 4);
        }
    }

    void notes() {
        if (r_.notes.empty()) return;
        heading("Notes");
        for (const std::string& n : r_.notes) s_ += wrapped("  " + n, o_.width, 4);
    }

    const run_result& r_;
    const summary_options& o_;
    std::string s_;
};

}  // namespace

std::string summary_text(const run_result& r, const summary_options& o) { return page(r, o).make(); }

}  // namespace nicteam::report
