#include <fmt/format.h>

#include "nicteam/scenario/resolved.h"
#include "sweep/results/held_forms.h"
#include "sweep/results/layout.h"
#include "sweep/results/table.h"

namespace nicteam::sweep {
namespace {

constexpr const char* methods[] = {"grid", "zip", "list", "random", "latin_hypercube", "sobol"};
constexpr const char* aims[] = {"minimise", "maximise"};

cell text_of(const std::optional<expression>& e) { return e ? cell(e->text()) : cell(); }

}  // namespace

table table_of_facts(const description& d, const scenario::resolved& base, const sweep_facts& f) {
    table t{"sweep", {{column::text, "key", "", "what is told"}, {column::text, "value", "", "of the sweep"}}, {}};
    const auto add = [&](const char* key, std::string value) { t.rows.push_back({std::string(key), std::move(value)}); };
    add("format", results_format);
    add("scenario", f.scenario);
    add("title", base.top.text("title"));
    add("description", base.top.text("description"));
    add("version", f.version);
    add("method", methods[static_cast<int>(d.what.how)]);
    add("seed", fmt::format("{}", d.what.seed));
    add("replicates", fmt::format("{}", d.what.replicates));
    add("seeds", d.what.common_seeds ? "common" : "own");
    add("confidence", fmt::format("{}", d.confidence));
    std::string scales;
    for (const auto& [heading, logarithmic] : d.scales)
        scales += fmt::format("{}{} {}", scales.empty() ? "" : "\n", logarithmic ? "logarithmic" : "linear", heading);
    add("scales", scales);  // of ranges, a line each
    add("payload", base.top.text("payload"));
    add("constraints", fmt::format("{}", f.refused));
    add("doubled", fmt::format("{}", f.doubled));
    return t;
}

table table_of_figures(const description& d, const table& points, const std::vector<held_forms>& held) {
    table t{"figures",
            {{column::text, "figure", "", "its name"},
             {column::text, "unit", "", "in which it is told"},
             {column::text, "as", "", "how it is worked out of each run"},
             {column::text, "aim", "", "what is wanted of it"},
             {column::text, "at_most", "", "closed form that it never exceeds"},
             {column::text, "at_least", "", "closed form below which it never is"},
             {column::text, "equals", "", "closed form that the mean of a point's runs meets"},
             {column::text, "held_where", "", "where it is held to them"},
             {column::real, "within", "", "how close it has to come to its closed form, as a share of it"},
             {column::text, "close_where", "", "where that counts"},
             {column::integer, "ended", "runs", "that ran to their end"},
             {column::integer, "held_at_most", "runs", "of these, held to at_most"},
             {column::integer, "held_at_least", "runs", "held to at_least"},
             {column::integer, "held_near", "runs", "in which `within` counts"}},
            {}};
    for (std::size_t n = 0; n < d.figures.size(); ++n) {
        const figure& f = d.figures[n];
        const auto count = [](bool is, std::size_t runs) { return is ? cell(static_cast<std::int64_t>(runs)) : cell(); };
        std::string unit;
        for (const column& c : points.columns)
            if (c.role == column::figure && c.name == f.name) unit = c.unit;
        t.rows.push_back({f.name, unit, f.as.text(), f.wanted ? cell(std::string(aims[static_cast<int>(*f.wanted)])) : cell(), text_of(f.at_most),
                          text_of(f.at_least), text_of(f.equals), text_of(f.where), f.within ? cell(*f.within) : cell(), text_of(f.close_where),
                          count(true, held[n].ended), count(f.at_most.has_value(), held[n].at_most), count(f.at_least.has_value(), held[n].at_least),
                          count(f.within.has_value(), held[n].near)});
    }
    return t;
}

}  // namespace nicteam::sweep
