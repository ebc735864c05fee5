#include "scenario/language/measures.h"

#include <fmt/format.h>

#include "scenario/language/values.h"

namespace nicteam::scenario {

bool on_off(const metric_info& m) {
    return m.kind == metric_info::level && (!*m.unit || m.unit == std::string_view("ps"));
}

quantity quantity_of(const metric_info& m, const std::string& of) {
    if (of == "share") return quantity::ratio;
    const quantity q = quantity_of_unit(m.unit);
    if (m.kind == metric_info::histogram && (of == "total" || of == "rate")) return quantity::count;
    if (m.kind == metric_info::level && of == "mean" && on_off(m)) return quantity::ratio;
    if (m.kind == metric_info::level && of == "greatest" && on_off(m)) return quantity::count;
    if (of == "rate") return q == quantity::size ? quantity::rate : quantity::count;
    return q;
}

std::string unfit(const metric_info& m, const std::string& of) {
    static constexpr const char* fit[] = {"total|rate|share", "total|share|mean|greatest",
                                          "total|rate|mean|least|greatest|p50|p90|p99|p999"};
    static constexpr const char* kinds[] = {"counter", "level", "histogram"};
    std::string all = fit[m.kind];
    if (m.kind == metric_info::counter && quantity_of_unit(m.unit) != quantity::time) all = "total|rate";
    if (m.kind == metric_info::level && !on_off(m)) all = "total|mean|greatest";
    if (("|" + all + "|").find("|" + of + "|") != std::string::npos) return "";
    for (std::size_t bar; (bar = all.find('|')) != std::string::npos;) all.replace(bar, 1, ", ");
    return fmt::format("{} is a {} in {}; allowed: {}", m.name, kinds[m.kind], *m.unit ? m.unit : "no unit", all);
}

quantity quantity_of_flows(const std::string& of) { return of == "total" || of == "rate" ? quantity::count : quantity::time; }

std::string unfit_for_flows(const std::string& of) {
    return of != "share" && of != "first" && of != "last"
               ? ""
               : "of a flow there are its packets and their latency; allowed: total, rate, mean, least, greatest, p50, p90, p99, p999";
}

quantity quantity_of_events(const std::string& of) { return of == "total" ? quantity::count : quantity::time; }

std::string unfit_for_events(const std::string& of) {
    return of == "total" || of == "first" || of == "last" ? "" : "events are counted; allowed: total, first, last";
}

}  // namespace nicteam::scenario
