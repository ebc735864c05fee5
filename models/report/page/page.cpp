#include "nicteam/report/page.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "nicteam/report/decimal.h"
#include "nicteam/report/file_writer.h"
#include "nicteam/report/stored.h"
#include "report/page/charts.h"
#include "report/page/failovers.h"
#include "nicteam/report/html.h"
#include "nicteam/report/page_style.h"
#include "report/page/work.h"

namespace nicteam::report {
namespace {

std::string percent(const bounds::fraction& f) { return report::percent(f.numerator, f.denominator); }
std::string whole(const bounds::fraction& f) {
    return f.denominator ? grouped((2 * f.numerator + f.denominator) / (2 * f.denominator)) : "-";
}
std::string mean(const distribution& d) { return d.count() ? time_text(static_cast<ps>(d.sum() / static_cast<__int128>(d.count()))) : "-"; }
std::string rate(std::uint64_t n, ps window, const char* unit) { return scaled(static_cast<__int128>(n) * second, window, unit); }

class page {
public:
    page(const stored_run& s, std::string directory, const page_additions& more) : run_(s), r_(s.result), directory_(std::move(directory)), more_(more) {}
    std::string make() {
        add("expectations", "Expectations", expectations());
        add("limit", "What limited the run", limit());
        add("charts", more_.section_name.c_str(), more_.section);
        add("throughput", "Throughput", throughput());
        add("jobs", "Jobs", jobs_section(r_));
        add("latency", "Latency", latency());
        add("packets", "Packets on their way", packets());
        add("losses", "Losses", losses());
        add("exposure", "Exposure", exposure_section(r_));
        add("faults", "Faults and errors", faults());
        add("failovers", "Failovers", failovers_section(r_));
        add("shares", "Shares", shares_section(r_));
        add("saved", "CPU cycles saved", saved_section(r_));
        add("crossings", "Crossings", crossings());
        add("utilisation", "Utilisation", utilisation());
        add("notes", "Notes", notes());
        add("metrics", "All metrics", metrics());
        add("files", "Files", files());
        const std::string name = escaped(r_.title.empty() ? r_.scenario : r_.title);
        return fmt::format(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, "
            "initial-scale=1\">\n"
            "<meta name=\"color-scheme\" content=\"light "
            "dark\">\n<title>{}</title>\n<style>{}</style>\n{}</head>\n<body>\n<main>\n{}<nav>{}</nav>\n{}{}</main>\n{}</body>\n</html>\n",
            name, page_style, more_.head, with_micro_signs(header(name)), contents_, with_micro_signs(body_), footer(), more_.end);
    }

private:
    void add(const char* id, const char* name, const std::string& content) {
        if (content.empty()) return;
        contents_ += fmt::format("<a href=\"#{}\">{}</a> ", id, name);
        body_ += fmt::format("<section id=\"{}\"><h2>{}</h2>\n{}</section>\n", id, name, content);
    }
    static std::string paragraph(const std::string& text, const char* class_name = "") {
        return *class_name ? fmt::format("<p class=\"{}\">{}</p>\n", class_name, escaped(text)) : fmt::format("<p>{}</p>\n", escaped(text));
    }

    std::string verdict() const {
        const auto failed = std::count_if(r_.verdicts.begin(), r_.verdicts.end(), [](const verdict_type& v) { return !v.held; });
        const auto broken =
            std::find_if(r_.checks.begin(), r_.checks.end(), [](const check_outcome& c) { return c.breaches && !c.counts_only; });
        const auto say = [](const char* how, const char* mark, const std::string& text) {
            return fmt::format("<p class=\"verdict {}\">{}&nbsp;{}</p>\n", how, mark, escaped(text));
        };
        if (broken != r_.checks.end()) return say("bad", "&#10007;", fmt::format("check {} stopped the run", broken->name));
        if (r_.interrupted)
            return say("open", "&#9632;", fmt::format("interrupted at {}{}", time_text(r_.end), r_.not_judged ? ": expectations were not judged" : ""));
        if (failed) return say("bad", "&#10007;", fmt::format("{} of {} expectations failed", failed, r_.verdicts.size()));
        if (r_.not_judged) return say("open", "&#9632;", fmt::format("ended at {}: expectations were not judged", time_text(r_.end)));
        if (r_.verdicts.empty()) return say("open", "&ndash;", "the scenario expects nothing");
        return say("good", "&#10003;",
                   r_.verdicts.size() == 1 ? "its expectation held" : fmt::format("all {} expectations held", r_.verdicts.size()));
    }

    std::string header(const std::string& name) const {
        std::string s = fmt::format("<header>\n<p class=\"kicker\">{} &middot; seed {} &middot; nicteam {}</p>\n<h1>{}</h1>\n",
                                    escaped(r_.scenario), r_.seed, escaped(r_.version), name);
        s += verdict();
        s += paragraph(fmt::format("Simulated {}, measured from {} to {}.", time_text(r_.end), time_text(r_.from), time_text(r_.until)),
                       "dim");
        return s + figures() + "</header>\n";
    }

    std::string figures() const {
        std::uint64_t packets = 0, octets = 0;
        const flow* most = nullptr;
        for (const flow& f : r_.flows) {
            packets += f.packets;
            octets += f.octets;
            if (f.packets && (!most || f.packets > most->packets)) most = &f;
        }
        std::string s = "<dl class=\"figures\">\n";
        const auto figure = [&](const std::string& what, const std::string& value, const std::string& more) {
            s += fmt::format("<div><dt>{}</dt><dd>{}<small>{}</small></dd></div>\n", escaped(what), escaped(value), escaped(more));
        };
        figure("arrived", scaled(static_cast<__int128>(octets) * 8 * second, r_.window(), "b/s"),
               fmt::format("{} packets in {} {}", grouped(packets), r_.flows.size(), r_.flows.size() == 1 ? "flow" : "flows"));
        const auto [lost, of] = r_.lost_of();
        figure("lost", lost ? report::percent(lost, of) : "none",
               lost ? fmt::format("{} of {} packets of the senders that lost any", grouped(lost), grouped(of))
                    : fmt::format("of {} packets", grouped(packets)));
        if (most)
            figure("latency, half within", time_text(most->latency.p50),
                   fmt::format("99 % within {}; {} to {}", time_text(most->latency.p99), most->from, most->to));
        if (r_.limit.by >= 0) {
            const bounds::resource& b = r_.resources[static_cast<std::size_t>(r_.limit.by)];
            figure(r_.limit.limited ? "limited by" : "busiest resource", percent(b.use()), fmt::format("of {} ({})", b.path, b.kind));
        }
        return s + "</dl>\n";
    }

    std::string expectations() const {
        const auto names = given_names(r_.verdicts);
        std::vector<std::string> heads{"", "expectation", "measured"};
        if (!names.empty()) heads.insert(heads.begin() + 1, "name");
        html_table t(names.empty() ? "<<<" : "<<<<", heads);
        for (std::size_t n = 0; n < r_.verdicts.size(); ++n) {
            const verdict_type& v = r_.verdicts[n];
            std::vector<std::string> cells{v.held ? "held" : "failed", v.text, v.measured};
            if (!names.empty()) cells.insert(cells.begin() + 1, names[n]);
            t.row(cells, v.held ? "held" : "failed");
        }
        std::string s = t.empty() ? "" : t.text();
        if (r_.not_judged)
            s += paragraph(fmt::format("{} not judged: the run ended at {}, before its time.",
                                       r_.not_judged == 1 ? "1 was" : fmt::format("{} were", r_.not_judged), time_text(r_.end)));
        for (const check_outcome& c : r_.checks)
            if (c.breaches)
                s += paragraph(
                    fmt::format("Check {}: {} {}{}. First: {}", c.name, grouped(c.breaches), c.breaches == 1 ? "breach" : "breaches",
                                c.counts_only ? ", counted only, as the scenario asks" : "", c.first),
                    "bad");
        return s;
    }

    std::string limit() const {
        if (r_.limit.by < 0) return paragraph("Nothing was measured.");
        const bounds::resource& b = r_.resources[static_cast<std::size_t>(r_.limit.by)];
        const std::string how = fmt::format("{} ({}) used {} of its capacity, {} of {} {}", b.path, b.kind, percent(b.use()), whole(b.used),
                                            whole(b.capacity), b.unit);
        if (!r_.limit.limited) {
            std::string s =
                paragraph(fmt::format("No resource: none reached {} % of its capacity. The busiest, {}.", bounds::limit_percent, how));
            if (r_.limit.waited_for < 0) return s;
            const bounds::wait& w = r_.waits[static_cast<std::size_t>(r_.limit.waited_for)];
            return s +
                   paragraph(fmt::format("The run waited longest between {} and {}: {} a packet on average ({}).", w.from, w.to,
                                         time_text(static_cast<ps>(w.total / static_cast<__int128>(w.packets ? w.packets : 1))), w.flow));
        }
        std::string s = paragraph(how + ".");
        if (b.waiting)
            s += paragraph(
                fmt::format("Demand was {}, with {} packets that were lost for want of room or left waiting before they came through.",
                            percent(b.wanted()), grouped(b.waiting)));
        std::string spent;
        for (const auto& x : b.parts)
            spent += fmt::format("{}{} {}", spent.empty() ? "" : "; ", x.what,
                                 percent({x.amount.numerator * b.capacity.denominator, x.amount.denominator * b.capacity.numerator}));
        if (!spent.empty()) s += paragraph("Of it: " + spent + ".");
        s += others("As much in demand (which has to grow first cannot be told): ", r_.limit.as_well) +
             others("Full as well, with less demand: ", r_.limit.full);
        return s + paragraph(fmt::format("Bound: {}{}.", b.bound, b.source.empty() ? "" : " (" + b.source + ")"), "dim");
    }
    std::string others(const char* what, const std::vector<int>& which) const {
        std::string all;
        for (const int i : which) {
            const bounds::resource& s = r_.resources[static_cast<std::size_t>(i)];
            all += fmt::format("{}{} ({}) {}, demand {}", all.empty() ? "" : "; ", s.path, s.kind, percent(s.use()), percent(s.wanted()));
        }
        return all.empty() ? "" : paragraph(what + all + ".");
    }

    std::string throughput() const {
        html_table t("<<>>>>", {"from", "to", "packets", "rate", "frame bits", "mean size"});
        for (const flow& f : r_.flows)
            t.row({f.from, f.to, grouped(f.packets), rate(f.packets, r_.window(), "packets/s"),
                   scaled(static_cast<__int128>(f.octets) * 8 * second, r_.window(), "b/s"),
                   f.packets ? grouped(f.octets, f.packets, 0) + " B" : "-"});
        return !t.empty() ? t.text() + throughput_chart(r_) : paragraph(r_.jobs().empty() ? "No packet arrived." : "Of jobs alone.");
    }

    std::string latency() const {
        std::string s;
        html_table all("<<>>>>>>>", {"from", "to", "packets", "mean", "p50", "p90", "p99", "p99.9", "max"});
        for (const flow& f : r_.flows)
            if (f.packets) all.row(cells({f.from, f.to}, f.latency));
        if (all.empty()) return "";
        s = all.text() + latency_chart(r_);
        // Of many flows the stages are there to be opened.
        std::uint64_t most = 0, arriving = 0;
        for (const flow& f : r_.flows) {
            most = std::max(most, f.packets);
            arriving += f.packets > 0;
        }
        const bool many = arriving > 4;
        if (many) s += "<h3>By stage</h3>\n";
        for (const flow& f : r_.flows) {
            if (!f.packets) continue;
            html_table t("<<>>>>>>>#", {"from", "to", "packets", "mean", "p50", "p90", "p99", "p99.9", "max", "share"});
            const auto row = [&](std::vector<std::string> names, const distribution& d, const char* how) {
                auto c = cells(std::move(names), d);
                c.push_back(f.latency.sum() ? report::percent(d.sum(), f.latency.sum()) : "-");
                t.row(c, how);
            };
            for (const hop& h : f.hops) row({h.from, h.to}, h.time, "");
            row({"born", "end"}, f.latency, "sum");
            const std::string name = escaped(f.from) + " to " + escaped(f.to);
            s += many ? fmt::format("<details{}><summary>{}</summary>{}</details>\n", f.packets == most ? " open" : "", name, t.text())
                      : fmt::format("<h3>{}</h3>\n{}", name, t.text());
            if (f.packets == most) most = 0;  // the first of the busiest
        }
        return s;
    }
    static std::vector<std::string> cells(std::vector<std::string> c, const distribution& d) {
        for (const std::string& v :
             {grouped(d.count()), mean(d), time_text(d.p50), time_text(d.p90), time_text(d.p99), time_text(d.p999), time_text(d.greatest)})
            c.push_back(v);
        return c;
    }

    std::string packets() const {
        const bool listed = std::any_of(run_.files.begin(), run_.files.end(), [](const auto& f) { return f.first == "packets.csv"; });
        const std::string file = (std::filesystem::path(directory_) / "packets.csv").string();
        if (listed && std::filesystem::exists(file)) return lifelines_chart(r_, file);
        if (listed) return paragraph("packets.csv is no longer in the run\u2019s directory: no single packets.", "dim");
        return "<p class=\"dim\">This run kept no packets.csv; with <code>--trace packets,report</code> the ways of single packets stand "
               "here.</p>\n";
    }

    std::string losses() const {
        html_table t("<<<>>~", {"reason", "where", "from", "packets", "of sender\u2019s", "meaning"});
        for (const loss& l : r_.losses)
            t.row({l.reason, l.where, l.from, grouped(l.packets), report::percent(l.packets, r_.ended_from(l.from)), l.meaning});
        const auto [lost, of] = r_.lost_of();
        if (r_.losses.size() > 1) t.row({"all", "", "", grouped(lost), report::percent(lost, of), ""});
        std::string s = t.empty() ? paragraph("None.") : t.text() + losses_chart(r_);
        html_table o("<<>", {"passed over by", "from", "packets"});
        for (const passed_over& p : r_.for_others) o.row({p.where, p.from, grouped(p.packets)});
        if (!o.empty())
            s += paragraph(
                     "A repeater brings every frame to every end, a switch what it floods. These copies were for another station; of the same frame another "
                     "copy arrived, is under way, or is told as lost.",
                     "dim") +
                 o.text();
        html_table h("<>", {"held at the end", "packets"});
        for (const held& x : r_.still_held) h.row({x.where, grouped(x.packets)});
        return h.empty() ? s : s + h.text();
    }

    std::string faults() const {
        html_table f("<<<>><", {"injected", "what", "where", "from", "for", "amount"});
        for (const fault& x : r_.faults)
            f.row({x.name, x.what, x.where, time_text(x.from), x.until == never ? "to the end" : time_text(x.until - x.from) + repeated(x), x.amount});
        html_table t("<>~", {"counted", "", "meaning"});
        for (const trouble& x : r_.troubles)
            t.row({x.path, x.unit == "ps" ? time_text(static_cast<ps>(x.count)) : grouped(x.count) + " " + x.unit, x.meaning});
        if (f.empty() && t.empty()) return "";
        return (f.empty() ? "" : f.text()) + (t.empty() ? paragraph("Nothing came of it within the window.") : t.text());
    }

    std::string crossings() const {
        html_table t("<>>>", {"path", "packets", "crossings of each", "by the table"});
        for (const path_crossings& x : r_.crossings) t.row({x.path, grouped(x.packets), grouped(x.crossings, x.packets, 3), grouped(x.table)});
        if (t.empty()) return "";
        return paragraph("How often the bodies of packets, with their jobs, crossed the buses of a host that shares engines.", "dim") + t.text();
    }

    std::string utilisation() const {
        html_table t("<<##>>~", {"resource", "kind", "use", "demand", "used", "capacity", "bound"});
        for (const bounds::resource& s : r_.resources)
            t.row({s.path, s.kind, percent(s.use()), percent(s.wanted()), whole(s.used) + " " + s.unit, whole(s.capacity) + " " + s.unit,
                   s.bound});
        std::string s = t.empty() ? "" : t.text() + use_chart(r_);
        html_table b("<<#>>", {"bus", "master", "share", "tenures", "words"});
        for (const share& x : r_.shares) b.row({x.bus, x.master, report::percent(x.time, x.window), grouped(x.tenures), grouped(x.words)});
        if (!b.empty()) s += "<h3>Who had the bus</h3>\n" + b.text();
        html_table f("<>>>", {"level", "mean", "highest", "size"});
        for (const fill& x : r_.fills)
            f.row({x.path, r_.window() ? grouped(x.integral, r_.window(), 1) + " " + x.unit : "-", grouped(x.greatest) + " " + x.unit,
                   x.size ? grouped(x.size) + " " + x.unit : "-"});
        if (!f.empty()) s += "<h3>FIFOs</h3>\n" + f.text();
        html_table i("<>>", {"interrupts of", "taken", "rate"});
        for (const metric_value& m : r_.metrics) {
            const std::string owner = m.path.substr(0, m.path.rfind('.'));
            if (m.info->kind == metric_info::counter && std::string(m.info->name) == "interrupts" && m.total &&
                std::any_of(r_.resources.begin(), r_.resources.end(), [&](const auto& x) { return x.path == owner; }))
                i.row({owner, grouped(m.total), rate(m.total, r_.window(), "/s")});
        }
        return i.empty() ? s : s + "<h3>Interrupts</h3>\n" + i.text();
    }

    std::string notes() const {
        std::string s;
        for (const std::string& n : r_.notes) s += paragraph(n);
        return s;
    }

    std::string metrics() const {
        html_table t("<>>~", {"metric", "value", "highest", "meaning"});
        const auto value = [](const metric_value& m, __int128 v) {
            return std::string(m.info->unit) == "ps" ? time_text(static_cast<ps>(v))
                                                     : grouped(v) + (*m.info->unit ? std::string(" ") + m.info->unit : "");
        };
        for (const metric_value& m : r_.metrics) {
            const std::string unit = *m.info->unit ? std::string(" ") + m.info->unit : "";
            if (m.info->kind == metric_info::counter)
                t.row({m.path, value(m, m.total), "", m.info->meaning});
            else if (m.info->kind == metric_info::level)
                t.row({m.path, r_.window() ? "mean " + grouped(m.sum, r_.window(), 3) + (unit == " ps" ? "" : unit) : "-",
                       value(m, m.greatest), m.info->meaning});
            else
                t.row({m.path,
                       m.total ? "mean " + value(m, m.sum / static_cast<__int128>(m.total)) + " of " + grouped(m.total) : "no samples",
                       m.total ? value(m, m.greatest) : "", m.info->meaning});
        }
        return t.empty() ? ""
                         : fmt::format("<details><summary>{} metrics over the measuring window</summary>{}</details>\n", r_.metrics.size(),
                                       t.text());
    }

    std::string size_of(const std::string& file) const {
        std::error_code none;
        const std::uintmax_t octets = std::filesystem::file_size(std::filesystem::path(directory_) / file, none);
        return none ? "no longer there" : scaled(static_cast<__int128>(octets), 1, "B");
    }

    std::string files() const {
        std::string rows;
        for (const auto& [name, what] : run_.files)
            if (name != page_name)
                rows += fmt::format("<tr><td><a href=\"{0}\"><code>{0}</code></a></td><td>{2}</td><td>{1}</td></tr>\n", escaped(name), escaped(what),
                                    size_of(name));
        for (const auto& [name, why] : run_.not_written)
            if (name != page_name)
                rows += fmt::format("<tr class=\"failed\"><td><code>{}</code></td><td></td><td>not written: {}</td></tr>\n", escaped(name),
                                    escaped(why));
        if (rows.empty()) return paragraph("There is no run.json that lists them.");
        return "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">file</th><th scope=\"col\">size</th><th scope=\"col\">what it "
               "is</th></tr></thead><tbody>\n" +
               rows + "</tbody></table></div>\n";
    }

    static std::string footer() {
        return "<footer>Percentiles: " + escaped(histogram::accuracy) +
               ". A frame\u2019s bits are those from destination address to frame check sequence. "
               "<code>nicteam explain NAME</code> says what a name means.</footer>\n";
    }

    using verdict_type = report::verdict;
    const stored_run& run_;
    const run_result& r_;
    std::string directory_, contents_, body_;
    const page_additions& more_;
};

}  // namespace

std::string page_text(const std::string& directory, const page_additions& more) {
    const stored_run run = read_results(directory);
    return page(run, directory, more).make();
}

void write_page(const std::string& directory) {
    write_file((std::filesystem::path(directory) / page_name).string(), page_text(directory));
    list_file(directory, page_name, page_meaning);
}

}  // namespace nicteam::report
