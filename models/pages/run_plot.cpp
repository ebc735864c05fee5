#include "pages/run_plot.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "pages/gnuplot.h"

namespace nicteam::pages {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t most_lines = 12;  // of many, those that are highest
constexpr std::size_t most_parts = 8;   // of a bar, each in a colour of its own

struct series {
    std::string name;
    const ordered_json* values;
    double step;
    bool dotted = false;
};

double sum_of(const ordered_json& values) {
    return std::accumulate(values.begin(), values.end(), 0.0, [](double sum, const ordered_json& v) { return v.is_null() ? sum : sum + v.get<double>(); });
}

// Eight colours, then the same dashed.
std::string look(std::size_t n, bool dotted) { return fmt::format("lc {} dt {}", n % 8 + 1, dotted ? 3 : n / 8 + 1); }

class script {
public:
    explicit script(const ordered_json& data) : data_(data), from_(data["from"].get<double>()) {}

    std::string make() {
        out_ = gnuplot_head("plot.gp", "what the charts of report.html show of the run, an SVG file a chart; its figures are in it");
        out_ += fmt::format("set xrange [{}:{}]\nset yrange [0:*]\n"
                            "set xlabel 'simulated time'\n{}", from_, data_["until"].get<double>(), gnuplot_format('x', "s"));
        faults();
        over_time("throughput", "b/s", of_each("throughput"));
        over_time("latency", "s", latencies());
        over_time("packets under way", "", highest(of_each("under_way")), "queues");
        over_time("use", "%", highest(of_each("use")));
        out_ += "unset object\nunset label\n";
        stages();
        std::size_t n = 0;
        for (const ordered_json& flow : data_["curves"]) curves(flow, ++n);
        return out_;
    }

private:
    void faults() {
        std::size_t n = 0;
        for (const ordered_json& f : data_["faults"]) {
            const double from = f["from"].get<double>(), until = f["until"].get<double>();
            ++n;
            out_ += fmt::format("set object {} rectangle from first {}, graph 0 to first {}, graph 1 behind fillcolor rgb '#7a5200' "
                                "fillstyle solid 0.15 noborder\nset label {} {} at first {}, graph 0.97 noenhanced font ',9'\n", n, from,
                                until, n, gnuplot_text(f["name"].get<std::string>()), from);
        }
    }

    std::vector<series> of_each(const char* what) const {
        std::vector<series> all;
        for (const ordered_json& s : data_.value(what, ordered_json::array()))
            all.push_back({s["name"].get<std::string>(), nullptr, s["step"].get<double>()});
        for (std::size_t n = 0; n < all.size(); ++n) all[n].values = &data_[what][n]["values"];
        return all;
    }
    static std::vector<series> highest(std::vector<series> all) {
        std::stable_sort(all.begin(), all.end(), [](const series& a, const series& b) { return sum_of(*a.values) > sum_of(*b.values); });
        all.resize(std::min(all.size(), most_lines));
        return all;
    }
    std::vector<series> latencies() const {
        std::vector<series> all;
        if (!data_.contains("latency")) return all;
        for (const ordered_json& l : data_["latency"])
            for (const char* word : {"mean", "greatest"})
                all.push_back({l["name"].get<std::string>() + ", " + word, &l[word], l["step"].get<double>(), *word == 'g'});
        return all;
    }

    void picture(const std::string& name, const std::string& title) {
        out_ += fmt::format("\nset output {}\nset title {} noenhanced\n", gnuplot_text("plot-" + name + ".svg"), gnuplot_text(title));
    }

    // Steps as lines, so that one between two of which nothing is known is seen as well.
    void over_time(const std::string& title, const std::string& unit, const std::vector<series>& all, const std::string& name = "") {
        const std::string as = name.empty() ? title : name;
        std::string parts;
        for (std::size_t n = 0; n < all.size(); ++n) {
            out_ += fmt::format("\n${}_{} << END\n", as, n + 1);
            for (std::size_t i = 0; i < all[n].values->size(); ++i) {
                const ordered_json& v = (*all[n].values)[i];
                const double begin = from_ + static_cast<double>(i) * all[n].step;
                out_ += v.is_null() ? std::string("\n") : fmt::format("{:.12g} {}\n{:.12g} {}\n", begin, v.get<double>(), begin + all[n].step, v.get<double>());
            }
            out_ += "END\n";
            const std::size_t colour = unit == "s" ? n / 2 : n;  // mean and greatest of one flow
            parts += fmt::format("{}${}_{} using 1:2 with lines {} title {} noenhanced",
                    n ? ", \\\n     " : "", as, n + 1,
                    look(colour, all[n].dotted),
                    gnuplot_text(all[n].name));
        }
        if (parts.empty()) return;
        picture(as, title);
        out_ += gnuplot_format('y', unit) + "plot " + parts + "\n";
    }

    // Bars of flows, the stages that take most one behind the other, and the rest.
    void stages() {
        const ordered_json& flows = data_["stages"];
        std::vector<std::pair<double, std::string>> took;
        for (const ordered_json& f : flows)
            for (const ordered_json& p : f["parts"]) {
                const std::string name = p["name"].get<std::string>();
                auto found = std::find_if(took.begin(), took.end(), [&](const auto& t) { return t.second == name; });
                if (found == took.end()) found = took.insert(found, {0.0, name});
                found->first += p["mean"].get<double>();
            }
        std::stable_sort(took.begin(), took.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
        const std::size_t shown = took.size() > most_parts ? most_parts - 1 : took.size();
        if (!shown) return;
        out_ += "\n$stages << END\n";
        for (std::size_t n = 0; n < flows.size(); ++n) {
            std::vector<double> parts(shown + 1);
            for (const ordered_json& p : flows[n]["parts"]) {
                const auto found = std::find_if(took.begin(), took.end(), [&](const auto& t) { return t.second == p["name"].get<std::string>(); });
                parts[std::min(static_cast<std::size_t>(found - took.begin()), shown)] += p["mean"].get<double>();
            }
            out_ += fmt::format("{}\n", fmt::join(parts, " "));
        }
        out_ += "END\n";
        picture("stages", "Where the time of a mean packet went");
        out_ += "set xlabel ''\nset style data histograms\nset style histogram rowstacked\nset style fill solid 0.8\nset boxwidth 0.6\nset xtics noenhanced (";
        for (std::size_t n = 0; n < flows.size(); ++n) out_ += fmt::format("{}{} {}", n ? ", " : "", gnuplot_text(flows[n]["name"].get<std::string>()), n);
        out_ += fmt::format(")\nset xrange [-1:{}]\n{}plot ", flows.size(), gnuplot_format('y', "s"));
        for (std::size_t n = 0; n < shown; ++n)
            out_ += fmt::format("{}$stages using {} lc {} title {} noenhanced", n ? ", \\\n     " : "", n + 1, n + 1, gnuplot_text(took[n].second));
        if (shown < took.size()) out_ += fmt::format(", \\\n     $stages using {} lc {} title '{} more'", shown + 1, shown + 1, took.size() - shown);
        out_ += "\n";
    }

    void curves(const ordered_json& flow, std::size_t number) {
        std::string parts;
        double least = 0, most = 0;
        std::size_t n = 0;
        for (const ordered_json& s : flow["stages"]) {
            const ordered_json& values = s["values"];
            out_ += fmt::format("\n$curves_{}_{} << END\n", number, ++n);
            for (std::size_t q = 0; q < values.size(); ++q) {
                const double time = values[q].get<double>();
                if (time > 0) least = least > 0 ? std::min(least, time) : time;
                most = std::max(most, time);
                const double share = s.contains("shares") ? s["shares"][q].get<double>()
                                                          : 100.0 * static_cast<double>(q) / static_cast<double>(std::max<std::size_t>(values.size() - 1, 1));
                out_ += fmt::format("{} {}\n", std::max(time, 1e-12), share);
            }
            out_ += "END\n";
            parts += fmt::format("{}$curves_{}_{} using 1:2 with steps {} title {} noenhanced", n > 1 ? ", \\\n     " : "", number, n, look(n - 1, false),
                                 gnuplot_text(s["name"].get<std::string>()));
        }
        if (parts.empty() || most <= 0) return;
        picture(fmt::format("curves-{}", number), "Share of packets within a time: " + flow["name"].get<std::string>());
        out_ += fmt::format("set logscale x\nset xtics auto\nset xlabel 'from one stage to the next'\nset xrange [{}:{}]\nset yrange [0:100]\n{}{}plot {}\n",
                            std::max(least, most / 1e7) / 2, 2 * most, gnuplot_format('x', "s"), gnuplot_format('y', "%"), parts);
    }

    const ordered_json& data_;
    double from_;
    std::string out_;
};

}  // namespace

std::string run_plot_script(const ordered_json& data) { return script(data).make(); }

}  // namespace nicteam::pages
