#include "nicteam/pages/run_page.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "nicteam/report/decimal.h"
#include "nicteam/report/file_writer.h"
#include "nicteam/report/html.h"
#include "nicteam/report/over_time.h"
#include "nicteam/report/page.h"
#include "nicteam/report/stored.h"
#include "pages/document.h"
#include "pages/embedded.h"
#include "pages/gnuplot.h"
#include "pages/packet_times.h"
#include "pages/run_plot.h"
#include "pages/tables.h"
#include "pages/wave_windows.h"

namespace nicteam::pages {
namespace {

using nlohmann::ordered_json;
using report::escaped;
using report::run_result;

constexpr std::size_t quantiles = 41;  // of a curve

double seconds(ps t) { return 1e-12 * static_cast<double>(t); }
double six_digits(double x) { return std::stod(fmt::format("{:.6g}", x)); }  // more than a picture can show

class charts_of_run {
public:
    charts_of_run(const run_result& r, const packet_times& t)
        : r_(r), times_(t), flows_(report::busiest_flows(r)), step_(report::readable_step(r, flows_)),
          kept_step_(longest_kept_step(r)), finest_(finest_step()) {
        for (const report::flow& f : r.flows) arriving_ += f.packets > 0;
    }

    // In which octets of packets.csv are counted: eighths of the steps that the run keeps.
    static ps octets_step(const run_result& r) { return longest_kept_step(r) / 8; }

    bool any() const { return !flows_.empty() && r_.window() > 0; }

    ordered_json data() const {
        ordered_json j{{"from", seconds(r_.from)}, {"until", seconds(r_.until)}, {"faults", faults()}, {"throughput", throughput()}, {"use", use()},
                {"stages", stages()}};
        j["curves"] = curves();
        if (times_.known()) j["latency"] = latency(), j["under_way"] = under_way();
        return j;
    }

    std::string section(const std::vector<wave_window>& windows, bool plotted) const {
        std::string s = without_scripts();
        s += paragraph("What is shown of one of the charts over time, all of them show; bands are faults. Numbers are in the tables of the sections below.",
                "dim");
        if (arriving_ > flows_.size()) s += paragraph(fmt::format("Of {} flows the {} with the most packets are drawn.", arriving_, flows_.size()), "dim");
        s += chart_place("chart-throughput", "throughput", fmt::format("Frame bits that arrived, in steps of {}{}.",
                report::time_text(step_), finest_ < step_ ? fmt::format(", down to {} when zoomed", report::time_text(finest_)) : ""));
        if (times_.known()) {
            const std::string step = report::time_text(times_.step);
            const std::string each = "in each " + step + ", down to an eighth of it when zoomed";
            s += chart_place("chart-latency", "latency", "Latency of the packets that ended " + each + ": mean and greatest.");
            s += chart_place("chart-queues", "queues", "Packets that were past a stage and not yet at their next, mean " + each + ": what waits, and where.");
            s += tables();
        } else {
            s += paragraph("Latency and queues over time want packets.csv: --trace packets,report.", "dim");
        }
        s += chart_place("chart-use", "use", "Use of each resource.");
        s += chart_place("chart-stages", "stages", "Where the time of a mean packet went, by flow.");
        s += chart_place("chart-curves", "curves", "Share of packets that took no longer than a time, the whole way and from one stage to the next.");
        if (plotted) s += "<p class=\"dim\"><a href=\"plot.gp\"><code>plot.gp</code></a> draws these charts with gnuplot.</p>\n";
        return s + links(windows);
    }

private:
    static ps longest_kept_step(const run_result& r) {
        ps step = 8;
        for (const report::flow* f : report::busiest_flows(r)) step = std::max(step, f->over_time.step);
        return step;
    }
    static std::string name(const report::flow& f) { return f.from + " to " + f.to; }

    ordered_json faults() const {
        ordered_json all = ordered_json::array();
        for (const report::fault& f : r_.faults) {
            const std::uint64_t times = std::min<std::uint64_t>(f.times, 50);  // more cannot be told apart
            for (std::uint64_t n = 0; n < times; ++n) {
                const ps later = n ? static_cast<ps>(n) * f.every : 0, from = f.from + later, until = f.until == never ? r_.until : f.until + later;
                if (from < r_.until && until > r_.from)
                    all.push_back({{"name", n ? f.what : f.what + " of " + f.where}, {"from", seconds(std::max(from, r_.from))},
                            {"until", seconds(std::min(until, r_.until))}});
            }
        }
        return all;
    }

    // Rates in whole steps: in a part of one a packet more or less would be a jump.
    ordered_json rates(const std::vector<std::uint64_t>& octets, ps step) const {
        ordered_json values = ordered_json::array();
        for (std::size_t n = 0; r_.from + static_cast<ps>(n) * step < r_.until; ++n) {
            const ps length = std::min(step, r_.until - r_.from - static_cast<ps>(n) * step);
            if (length < step && n) break;
            values.push_back(six_digits(static_cast<double>(n < octets.size() ? octets[n] : 0) * 8 / seconds(length)));
        }
        return values;
    }
    static std::vector<std::uint64_t> octets_of(report::time_series s, ps step) {
        s.widen_to(step);
        std::vector<std::uint64_t> all;
        for (const auto& i : s.intervals) all.push_back(i.octets);
        return all;
    }
    // Of packets.csv, where it tells of the same octets as the run: the recorder may have met its limit.
    const std::vector<std::uint64_t>* finer_octets(const report::flow& f) const {
        const auto found = times_.octets.find({f.from, f.to});
        if (found == times_.octets.end()) return nullptr;
        std::vector<std::uint64_t> kept = octets_of(f.over_time, kept_step_), counted(kept.size());
        for (std::size_t n = 0; n < found->second.size(); ++n) {
            const std::size_t at = n * static_cast<std::size_t>(times_.octets_step) / static_cast<std::size_t>(kept_step_);
            if (at < counted.size()) counted[at] += found->second[n];
            else if (found->second[n]) return nullptr;
        }
        return kept == counted ? &found->second : nullptr;
    }
    std::vector<std::uint64_t> octets_in(const report::flow& f, ps step) const {
        if (step >= kept_step_) return octets_of(f.over_time, step);
        std::vector<std::uint64_t> all;
        if (const std::vector<std::uint64_t>* finer = finer_octets(f))
            for (std::size_t n = 0; n < finer->size(); ++n) {
                const std::size_t at = n * static_cast<std::size_t>(times_.octets_step) / static_cast<std::size_t>(step);
                if (at >= all.size()) all.resize(at + 1);
                all[at] += (*finer)[n];
            }
        return all;
    }
    // For who looks closer: the shortest that is known of all flows in which none arrives faster than any wire is. A frame counts where it ends, and
    // in steps as short as it is itself it would be faster.
    ps finest_step() const {
        double fastest = 0;
        for (const auto& r : r_.resources)
            if (r.unit == "octets") fastest = std::max(fastest, 8 * static_cast<double>(r.capacity.numerator)
                    / static_cast<double>(r.capacity.denominator) / seconds(r_.window()));
        const bool all_known = times_.known() && std::all_of(flows_.begin(), flows_.end(), [&](const report::flow* f) { return finer_octets(*f); });
        for (ps step = all_known ? times_.octets_step : kept_step_; step < step_; step *= 2) {
            const auto slow = [&](const report::flow* f) {
                const auto octets = octets_in(*f, step);
                return octets.empty() || static_cast<double>(*std::max_element(octets.begin(), octets.end())) * 8 <= fastest * seconds(step);
            };
            if (std::all_of(flows_.begin(), flows_.end(), slow)) return step;
        }
        return step_;
    }
    ordered_json throughput() const {
        ordered_json all = ordered_json::array();
        for (const report::flow* f : flows_) {
            all.push_back({{"name", name(*f)}, {"step", seconds(step_)}, {"values", rates(octets_in(*f, step_), step_)}});
            if (finest_ < step_) all.back()["finer"] = {{"parts", step_ / finest_}, {"values", rates(octets_in(*f, finest_), finest_)}};
        }
        return all;
    }

    ordered_json use() const {
        ordered_json all = ordered_json::array();
        for (const report::use_series& u : r_.use_over_time) {
            if (u.step <= 0 || std::all_of(u.use.begin(), u.use.end(), [](auto x) { return x == 0; })) continue;
            ordered_json values = ordered_json::array();
            for (const std::uint32_t x : u.use) values.push_back(100.0 * x / report::use_series::whole);
            all.push_back({{"name", u.path}, {"step", seconds(u.step)}, {"values", std::move(values)}});
        }
        return all;
    }

    ordered_json stages() const {
        ordered_json all = ordered_json::array();
        for (const report::flow* f : flows_) {
            ordered_json parts = ordered_json::array();
            for (const report::hop& h : f->hops)
                parts.push_back({{"name", h.from + " -> " + h.to}, {"mean",
                        six_digits(1e-12 * static_cast<double>(h.time.sum()) / static_cast<double>(f->packets))}});
            all.push_back({{"name", name(*f)}, {"parts", std::move(parts)}});
        }
        return all;
    }

    const packet_times::latency* latency_of(const report::flow& f) const {
        const auto found = times_.latencies.find({f.from, f.to});
        return found == times_.latencies.end() ? nullptr : &found->second;
    }
    static ordered_json latencies(const packet_times::latency& l) {
        ordered_json mean = ordered_json::array(), greatest = ordered_json::array();
        for (std::size_t n = 0; n < l.packets.size(); ++n) {
            mean.push_back(l.packets[n] ? ordered_json(six_digits(l.sum[n] / static_cast<double>(l.packets[n]))) : ordered_json(nullptr));
            greatest.push_back(l.packets[n] ? ordered_json(six_digits(l.greatest[n])) : ordered_json(nullptr));
        }
        return {{"mean", std::move(mean)}, {"greatest", std::move(greatest)}};
    }
    ordered_json latency() const {
        ordered_json all = ordered_json::array();
        for (const report::flow* f : flows_) {
            const packet_times::latency* l = latency_of(*f);
            if (!l) continue;
            const packet_times::latency& of_parts = times_.of_parts.at({f->from, f->to});
            ordered_json one{{"name", name(*f)}, {"step", seconds(times_.step)}}, finer{{"parts", packet_times::parts}, {"packets", of_parts.packets}};
            one.update(latencies(*l)), finer.update(latencies(of_parts));
            one["finer"] = std::move(finer);
            all.push_back(std::move(one));
        }
        return all;
    }
    static ordered_json short_numbers(const std::vector<double>& all) {
        ordered_json values = ordered_json::array();
        for (const double x : all) values.push_back(six_digits(x));
        return values;
    }
    ordered_json under_way() const {
        ordered_json all = ordered_json::array();
        for (const packet_times::stage_load& s : times_.under_way)
            all.push_back({{"name", s.stage}, {"step", seconds(times_.step)}, {"values", short_numbers(s.mean)},
                           {"finer", {{"parts", packet_times::parts}, {"values", short_numbers(s.of_parts)}}}});
        return all;
    }
    // Each packet's own time where packets.csv tells it of the same packets as the run; else what the run keeps of them, some percentiles.
    ordered_json curves() const {
        ordered_json all = ordered_json::array();
        for (const report::flow* f : flows_) {
            const auto found = times_.stages.find({f->from, f->to});
            ordered_json of = ordered_json::array();
            if (!f->latency.curve.empty())
                of.push_back(curve("whole way", f->latency.count(), f->latency.curve,
                                   {std::begin(report::distribution::shares), std::end(report::distribution::shares)}));
            for (const report::hop& h : f->hops) {
                if (h.time.greatest == 0) continue;
                const std::string between = h.from + " -> " + h.to;
                const report::distribution& d = h.time;
                if (const std::vector<double>* each = found == times_.stages.end() ? nullptr : the_same(found->second, between, d)) {
                    ordered_json values = ordered_json::array();
                    for (std::size_t n = 0; n < quantiles; ++n) values.push_back(six_digits((*each)[(each->size() - 1) * n / (quantiles - 1)]));
                    of.push_back({{"name", between}, {"packets", each->size()}, {"values", std::move(values)}});
                } else {
                    of.push_back(curve(between, d.count(), {d.least, d.p50, d.p90, d.p99, d.p999, d.greatest}, {0, 5000, 9000, 9900, 9990, 10'000}));
                }
            }
            all.push_back({{"name", name(*f)}, {"stages", std::move(of)}});
        }
        return all;
    }
    static ordered_json curve(const std::string& name, std::uint64_t packets, const std::vector<std::int64_t>& times, const std::vector<unsigned>& hundredths) {
        ordered_json values = ordered_json::array(), shares = ordered_json::array();
        for (const std::int64_t t : times) values.push_back(six_digits(seconds(t)));
        for (const unsigned h : hundredths) shares.push_back(h / 100.0);
        return {{"name", name}, {"packets", packets}, {"values", std::move(values)}, {"shares", std::move(shares)}};
    }
    using times_of_stages = std::map<std::string, std::vector<double>>;
    static const std::vector<double>* the_same(const times_of_stages& all, const std::string& between, const report::distribution& d) {
        const auto found = all.find(between);
        if (found == all.end() || found->second.size() != d.count()) return nullptr;
        double sum = 0;
        for (const double t : found->second) sum += t;
        return std::abs(sum - 1e-12 * static_cast<double>(d.sum())) <= 1e-9 * sum ? &found->second : nullptr;
    }

    // The same over time, for who reads no charts.
    std::string tables() const {
        std::vector<std::string> heads{"from"};
        std::string columns = ">";
        for (const report::flow* f : flows_)
            if (latency_of(*f)) heads.push_back("mean latency, " + name(*f)), columns += '>';
        for (const auto& s : times_.under_way) heads.push_back("past " + s.stage), columns += '>';
        report::html_table t(columns.c_str(), heads);
        for (std::size_t n = 0; n < packet_times::bins; ++n) {
            std::vector<std::string> row{report::time_text(times_.from + static_cast<ps>(n) * times_.step)};
            for (const report::flow* f : flows_)
                if (const auto* l = latency_of(*f)) row.push_back(l->packets[n] ? shown(l->sum[n] / static_cast<double>(l->packets[n]), "s") : "");
            for (const auto& s : times_.under_way) row.push_back(shown(s.mean[n], ""));
            t.row(row);
        }
        return "<details><summary>latency and packets under way over time, as a table</summary>" + t.text() + "</details>\n";
    }

    static std::string links(const std::vector<wave_window>& windows) {
        if (windows.empty()) return "";
        std::string rows;
        for (const wave_window& w : windows)
            rows += fmt::format("<tr><td><a href=\"{0}\" type=\"application/x-gtkwave\"><code>{0}</code></a></td><td>{1}</td><td>{2}</td></tr>\n", w.file,
                    escaped(report::time_text(w.from)), escaped(w.what));
        return "<h3>Windows of the waveform</h3>\n" + paragraph("Each opens the waveform beside this page where something happened: "
                                                            "gtkwave window-1.gtkw, in this directory.", "dim") +
               "<div class=\"scroll\"><table id=\"table-windows\"><thead><tr>"
               "<th scope=\"col\">save file</th><th scope=\"col\">from</th><th scope=\"col\">what</th></tr></thead>\n<tbody>" + rows +
               "</tbody></table></div>\n";
    }

    const run_result& r_;
    const packet_times& times_;
    std::vector<const report::flow*> flows_;  // that are drawn
    ps step_, kept_step_, finest_;            // of throughput: at first; as the run keeps it; when zoomed
    std::size_t arriving_ = 0;
};

}  // namespace

void write_run_page(const std::string& directory) {
    const report::stored_run run = report::read_results(directory);
    const packet_times times = read_packet_times(directory, run.result.from, run.result.until, charts_of_run::octets_step(run.result));
    const std::vector<wave_window> windows = write_wave_windows(directory, run.result, times.slowest);
    const charts_of_run charts(run.result, times);
    if (!charts.any()) return report::write_page(directory);
    const ordered_json data = charts.data();
    const std::string script = (std::filesystem::path(directory) / "plot.gp").string();
    const bool plotted = is_ours_or_none(script);
    const report::page_additions more{charts_head(), "Over time and by stage", charts.section(windows, plotted),
                                      charts_end(data.dump(-1, ' ', false, ordered_json::error_handler_t::replace), run_script)};
    report::write_file((std::filesystem::path(directory) / report::page_name).string(), report::page_text(directory, more));
    report::list_file(directory, report::page_name, report::page_meaning);
    if (!plotted) return;
    report::write_file(script, run_plot_script(data));
    report::list_file(directory, "plot.gp", "draws the charts of the page with gnuplot");
}

}  // namespace nicteam::pages
